//! Letters: how many a second the courier renders and sends, and how many a second are rendered at
//! all, which is most of the work. They go to a mail server beside it that takes everything at
//! once, so that ours is what is measured; it shares the machine's cores too.

use std::{
    hint::black_box,
    io::{self, BufRead, BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use platform::{
    db::tx::Env,
    kernel::{chance::Chance, clock::Clock, locale::Language},
    messaging::{
        letters::{Greeting, Letter, Recipient, Sender, render},
        outbox::{self, Queued},
        transport::{CONNECTIONS, Transport},
    },
};
use vildar::app::{App, Config};

use super::{
    Options, members,
    place::{self, Place},
    support::both::Which,
    table::{Figures, Goal, Row},
};

/// Letters of a round, each to a member of its own.
const LETTERS: u32 = 3000;
/// How many one transaction queues.
const PART: usize = 500;

const SENT: &str = "letters sent a second";
const RENDERED: &str = "the same, rendered a second by one thread";
const SAMPLES: &str = "letters of every kind, rendered by one thread";

fn rows() -> Vec<Row> {
    vec![
        Row::Group("Letters: birthday greetings by SMTP to a server that takes everything"),
        Row::Figure(SENT, Goal::AtLeast(500.0)),
        Row::Figure(RENDERED, Goal::None),
        Row::Ratio("sent, of that", SENT, RENDERED, [Goal::None; 2]),
        Row::Figure(SAMPLES, Goal::None),
    ]
}

pub fn measure(options: &Options, on: &[Which], figures: &mut Figures) -> Vec<Row> {
    let sink = Sink::start();
    for _ in 0..options.rounds.min(3) {
        for which in on {
            let place = Place::new(*which).expect("the database is there");
            members::enrol_to_greet(&place, &(1..=LETTERS));
            place.settle_down();
            let took = place::block_on(deliver(&place, &sink));
            figures.note(*which, SENT, f64::from(LETTERS) / took.as_secs_f64());
            let greetings: Vec<Letter> = (1..=LETTERS).map(greeting).collect();
            figures.note(*which, RENDERED, rendered(&greetings, options.time));
            figures.note(*which, SAMPLES, rendered(&Letter::samples(), options.time));
        }
    }
    rows()
}

/// Queues the letters, and has the courier deliver them on the runtime that `serve` has; answers
/// how long that took.
async fn deliver(place: &Place, sink: &Sink) -> Duration {
    let app = App::build(Config {
        database: place.url.parse().expect("a URL"),
        env: Env { clock: Clock::system(), chance: Chance::system() },
        connections: 16,
        workers: thread::available_parallelism().map_or(2, usize::from),
        transport: Transport::smtp(&sink.url(), CONNECTIONS).expect("an SMTP URL"),
        signer: None,
        report_secret: None,
        demo_mailbox: None,
        behind_proxy: false,
    })
    .expect("the application builds");
    let letters: Vec<Queued> = (1..=LETTERS).map(queued).collect();
    for part in letters.chunks(PART) {
        let part = part.to_vec();
        let queue = app.store().write(move |tx| outbox::push_all(tx, part.clone()));
        queue.await.expect("the letters are queued");
    }
    let before = sink.taken();
    let started = Instant::now();
    let delivered = app.deliver_due().await.expect("the letters are delivered");
    let took = started.elapsed();
    // each of them went out, and none twice
    assert_eq!(delivered.sent, u64::from(LETTERS), "sent: {delivered:?}");
    assert_eq!(sink.taken() - before, u64::from(LETTERS), "taken");
    took
}

fn queued(number: u32) -> Queued {
    let address = format!("m{number}@example.com");
    let locale = if number.is_multiple_of(2) { "en" } else { "is" };
    Queued {
        to: Recipient {
            member_id: Some(members::id(number)),
            email: address.parse().expect("an address"),
            name: Some("Member".to_owned()),
            locale: locale.parse().expect("a locale"),
        },
        letter: greeting(number),
        dedupe_key: format!("birthday:{number}"),
        not_before: None,
    }
}

/// With a gift and a few words, as shops like it.
fn greeting(number: u32) -> Letter {
    Letter::Birthday(Greeting {
        given_name: format!("Þórdís {number}"),
        message: Some("Come by and have a slice of our cake with your coffee.".to_owned()),
        points: Some(100),
        page_url: Some("https://shop.example/".to_owned()),
        ..Greeting::default()
    })
}

/// How many of these letters a second one thread renders, in both languages by turns.
fn rendered(letters: &[Letter], time: Duration) -> f64 {
    let sender = Sender::sample();
    let mut count = 0_u32;
    let mut started = Instant::now();
    let languages = [Language::En, Language::Is].into_iter().cycle();
    for (letter, language) in letters.iter().cycle().zip(languages) {
        let made = render(letter, language, &sender).expect("a letter");
        black_box(made);
        count += 1;
        if count == 1 {
            // the first one reads all templates
            started = Instant::now();
        }
        if count > 1 && started.elapsed() >= time {
            break;
        }
    }
    f64::from(count - 1) / started.elapsed().as_secs_f64()
}

/// A mail server that takes everything and keeps nothing but their number. It reads no more of a
/// letter than where its lines end.
struct Sink {
    address: SocketAddr,
    taken: Arc<AtomicU64>,
}

impl Sink {
    /// It ends with the process.
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        let taken = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&taken);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let counted = Arc::clone(&counted);
                // a conversation that breaks off is the sender's business to notice
                thread::spawn(move || drop(converse(&stream, &counted)));
            }
        });
        Self { address, taken }
    }

    fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    fn taken(&self) -> u64 {
        self.taken.load(Ordering::Relaxed)
    }
}

fn converse(mut stream: &TcpStream, taken: &AtomicU64) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut lines = BufReader::with_capacity(1 << 16, stream);
    stream.write_all(b"220 sink.test ESMTP\r\n")?;
    let mut line = Vec::new();
    let mut in_letter = false;
    while lines.read_until(b'\n', &mut line)? > 0 {
        let answer: &[u8] = match (in_letter, line.get(..4)) {
            (true, _) if line == b".\r\n" => {
                in_letter = false;
                taken.fetch_add(1, Ordering::Relaxed);
                b"250 2.0.0 taken\r\n"
            }
            (true, _) => b"",
            (false, Some(b"DATA")) => {
                in_letter = true;
                b"354 end with a dot\r\n"
            }
            (false, Some(b"EHLO")) => b"250-sink.test\r\n250-PIPELINING\r\n250 8BITMIME\r\n",
            (false, Some(b"QUIT")) => b"221 2.0.0 bye\r\n",
            (false, _) => b"250 2.0.0 ok\r\n",
        };
        if !answer.is_empty() {
            stream.write_all(answer)?;
        }
        line.clear();
    }
    Ok(())
}
