//! The process itself: how long it takes to start, and what it has in memory under load.

use super::{
    Options, http,
    place::{Place, Server, binary},
    support::both::Which,
    table::{Figures, Goal, Row},
};

fn rows() -> Vec<Row> {
    vec![
        Row::Group("The process"),
        Row::Figure("start to the first good answer of /readyz, s", Goal::AtMost(0.1)),
        Row::Figure("memory under load, MiB", Goal::AtMost(100.0)),
        Row::Figure("memory at most, MiB", Goal::None),
        Row::Figure("the binary, MiB", Goal::AtMost(30.0)),
    ]
}

pub fn measure(options: &Options, on: &[Which], figures: &mut Figures) -> Vec<Row> {
    let new = |which: &Which| Place::new(*which).expect("the database is there");
    let places: Vec<Place> = on.iter().map(new).collect();
    places.iter().for_each(http::enrol);
    for _ in 0..options.rounds {
        for place in &places {
            let server = Server::start(place);
            let started = server.took_to_start.as_secs_f64();
            figures.note(place.which, "start to the first good answer of /readyz, s", started);
            let mut resident: f64 = 0.0;
            for load in http::loads(place) {
                load.run(&server.address, http::CONNECTIONS, options.time);
                resident = resident.max(server.memory().map_or(f64::NAN, |(now, _)| now));
            }
            let Some((_, most)) = server.memory() else { continue };
            figures.note(place.which, "memory under load, MiB", resident);
            figures.note(place.which, "memory at most, MiB", most);
            let kib = std::fs::metadata(binary()).map_or(0, |file| file.len() / 1024);
            let kib = u32::try_from(kib).map_or(f64::NAN, f64::from);
            figures.note(place.which, "the binary, MiB", kib / 1024.0);
        }
    }
    rows()
}
