//! What an operation costs in processor time, of the server and the database: on a machine that others use
//! too, it varies less than how many there are in a second.

use std::fs;

use super::{
    place::Server,
    support::{both::Which, postgres},
};

/// Processor time so far, in microseconds, to the hundredth of a second; `None` where there is no `/proc`.
pub fn spent(which: Which, server: Option<&Server>) -> Option<f64> {
    let own = match server {
        Some(server) => of(server.process())?.own,
        // the loop is this process
        None if which == Which::Sqlite => of(std::process::id())?.own,
        None => 0.0,
    };
    match which {
        Which::Sqlite => Some(own),
        Which::Postgres => Some(own + family(postgres::cluster()?.process())?),
    }
}

/// A process, those it made, and those that ended.
fn family(parent: u32) -> Option<f64> {
    loop {
        let Times { own, ended, .. } = of(parent)?;
        let children = fs::read_dir("/proc").ok()?.filter_map(|entry| {
            let id: u32 = entry.ok()?.file_name().to_str()?.parse().ok()?;
            of(id).filter(|times| times.parent == parent)
        });
        let living: f64 = children.map(|times| times.own + times.ended).sum();
        // one that ended meanwhile may be counted twice, or not at all
        if of(parent)?.ended.total_cmp(&ended).is_eq() {
            return Some(own + ended + living);
        }
    }
}

struct Times {
    parent: u32,
    own: f64,
    /// Of children that are no more.
    ended: f64,
}

fn of(process: u32) -> Option<Times> {
    /// `getconf CLK_TCK` is 100 wherever there is Linux.
    const TICK: f64 = 10_000.0;
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // the name before may hold anything
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let ticks = |at: usize| -> Option<f64> { fields.get(at)?.parse().ok() };
    Some(Times {
        parent: fields.get(1)?.parse().ok()?,
        own: (ticks(11)? + ticks(12)?) * TICK,
        ended: (ticks(13)? + ticks(14)?) * TICK,
    })
}
