//! Load over HTTP: as little work for the client as can be, since it shares the cores. One thread,
//! a keep-alive connection for each client, one request at a time on each (no pipelining), requests
//! that are ready before the clock starts. Any answer but the expected one ends the run.

use std::{
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// How long each load runs before it counts: caches fill, connections open.
pub const WARM_UP: Duration = Duration::from_millis(300);
/// Stands in a request for a number that never comes twice.
pub const UNIQUE: &str = "fresh-number";

/// A request as it goes over the wire, ready to be sent.
pub struct Request {
    bytes: Vec<u8>,
    /// Where a fresh number is written before each sending.
    unique: Vec<usize>,
    /// How the answer is to begin.
    good: &'static [u8],
}

impl Request {
    /// Reads something.
    pub fn get(path: &str, token: &str) -> Self {
        Self { good: b"HTTP/1.1 200 ", ..Self::new("GET", path, token, "", "") }
    }

    /// Makes something: answered by 201, and never by the 200 of a repeat.
    pub fn post(path: &str, token: &str, body: &serde_json::Value) -> Self {
        let new = Self::new("POST", path, token, "", &body.to_string());
        Self { good: b"HTTP/1.1 201 ", ..new }
    }

    /// As [`Self::post`], under an idempotency key that never comes twice.
    pub fn post_keyed(path: &str, token: &str, body: &serde_json::Value) -> Self {
        let key = format!("idempotency-key: {UNIQUE}\r\n");
        let new = Self::new("POST", path, token, &key, &body.to_string());
        Self { good: b"HTTP/1.1 201 ", ..new }
    }

    fn new(method: &str, path: &str, token: &str, headers: &str, body: &str) -> Self {
        let text = format!(
            "{method} {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\
             {headers}content-length: {}\r\n\r\n{body}",
            body.len()
        );
        let unique = text.match_indices(UNIQUE).map(|(at, _)| at).collect();
        Self { bytes: text.into_bytes(), unique, good: b"" }
    }
}

/// Requests that are sent in turn.
#[derive(Clone)]
pub struct Load {
    requests: Arc<[Request]>,
    next: Arc<AtomicUsize>,
}

/// What came of a load.
pub struct Outcome {
    pub per_second: f64,
    /// Each answer's time in microseconds, in order of size.
    latencies: Vec<u32>,
}

impl Outcome {
    /// The time in microseconds that so many of a thousand answers did not take longer than.
    pub fn quantile(&self, of_thousand: usize) -> f64 {
        let at = (self.latencies.len() * of_thousand / 1000).min(self.latencies.len() - 1);
        f64::from(self.latencies[at])
    }

    pub fn median(&self) -> f64 {
        self.quantile(500)
    }
}

/// How a load is sent.
#[derive(Clone)]
pub struct Pace {
    pub connections: u32,
    pub time: Duration,
    /// Requests a second in all; as many as can be where there is none.
    pub per_second: Option<u32>,
    /// Ends it before its time.
    pub until: Option<Arc<AtomicBool>>,
}

impl Pace {
    /// As fast as these many can, for no time yet.
    pub const fn of(connections: u32) -> Self {
        Self { connections, time: Duration::ZERO, per_second: None, until: None }
    }
}

impl Load {
    pub fn new(requests: impl IntoIterator<Item = Request>) -> Self {
        Self { requests: requests.into_iter().collect(), next: Arc::default() }
    }

    /// Sends as fast as can be.
    pub fn run(&self, address: &str, connections: u32, time: Duration) -> Outcome {
        self.at(&[address], &Pace { time, ..Pace::of(connections) })
    }

    /// Sends so many, one after another.
    pub fn send(&self, address: &str, count: u32) {
        for _ in 0..count {
            self.run(address, 1, Duration::ZERO);
        }
    }

    /// Sends at a pace, to each of these in turn, all on the thread that calls.
    pub fn at(&self, addresses: &[&str], pace: &Pace) -> Outcome {
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let local = tokio::task::LocalSet::new();
        local.block_on(&runtime, self.clients(addresses, pace))
    }

    async fn clients(&self, addresses: &[&str], pace: &Pace) -> Outcome {
        let begin = Instant::now() + WARM_UP.min(pace.time);
        let mut clients = Vec::new();
        for (number, address) in (0..pace.connections).zip(addresses.iter().cycle()) {
            let stream = TcpStream::connect(address).await.expect("the server is there");
            stream.set_nodelay(true).expect("no delay");
            let pause = pace.per_second.map(|all| Duration::from_secs(1) * pace.connections / all);
            let first = pause.unwrap_or_default() * number / pace.connections;
            let client = Client {
                load: self.clone(),
                stream,
                buffer: vec![0; 64 * 1024],
                pause,
                due: Instant::now() + first,
                begin,
                end: begin + pace.time,
                until: pace.until.clone(),
            };
            clients.push(tokio::task::spawn_local(client.run()));
        }
        let (mut answered, mut latencies) = (0, Vec::new());
        for client in clients {
            let (of_client, mut times) = client.await.expect("a client ends well");
            answered += of_client;
            latencies.append(&mut times);
        }
        latencies.sort_unstable();
        Outcome { per_second: f64::from(answered) / pace.time.as_secs_f64(), latencies }
    }
}

struct Client {
    load: Load,
    stream: TcpStream,
    buffer: Vec<u8>,
    pause: Option<Duration>,
    /// When the next request is to go out, where there is a pace.
    due: Instant,
    begin: Instant,
    end: Instant,
    until: Option<Arc<AtomicBool>>,
}

impl Client {
    /// How many answers came in time, and the times of all that came since it counts, in
    /// microseconds: what was slow is not left out because it was late.
    async fn run(mut self) -> (u32, Vec<u32>) {
        let mut answered = 0;
        let mut latencies = Vec::with_capacity(16 * 1024);
        let mut request = Vec::with_capacity(1024);
        let mut now = Instant::now();
        loop {
            if let Some(pause) = self.pause {
                tokio::time::sleep_until(self.due.into()).await;
                // what had to wait for its turn counts from when that was: no gap hides a stall
                now = self.due;
                self.due += pause;
            }
            let sent = now;
            let good = self.load.next_request(&mut request);
            self.stream.write_all(&request).await.expect("the request goes out");
            self.read_answer(&request, good).await;
            now = Instant::now();
            if now >= self.begin {
                answered += u32::from(now < self.end);
                latencies.push(u32::try_from((now - sent).as_micros()).unwrap_or(u32::MAX));
            }
            let stop = self.until.as_ref().is_some_and(|until| until.load(Ordering::Relaxed));
            if stop || now >= self.end {
                return (answered, latencies);
            }
        }
    }

    /// Reads one answer, and insists that it is a good one.
    async fn read_answer(&mut self, request: &[u8], good: &[u8]) {
        let mut filled = 0;
        loop {
            let read = self.stream.read(&mut self.buffer[filled..]).await.expect("an answer");
            assert!(read > 0, "the server hung up");
            filled += read;
            let answer = &self.buffer[..filled];
            let Some(end) = find(answer, b"\r\n\r\n") else { continue };
            assert!(
                answer.starts_with(good),
                "{}\n\nanswered by\n\n{}",
                String::from_utf8_lossy(request),
                String::from_utf8_lossy(answer)
            );
            if filled >= end + 4 + length(&answer[..end]) {
                return;
            }
        }
    }
}

impl Load {
    /// Writes the next request; answers how its answer is to begin.
    fn next_request(&self, into: &mut Vec<u8>) -> &'static [u8] {
        static UNIQUE_SO_FAR: AtomicU64 = AtomicU64::new(1);
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        // a stride that is prime to the count visits all, far from the one before
        let request = &self.requests[turn.wrapping_mul(7919) % self.requests.len()];
        into.clear();
        into.extend_from_slice(&request.bytes);
        for at in &request.unique {
            let number = UNIQUE_SO_FAR.fetch_add(1, Ordering::Relaxed);
            write!(&mut into[*at..at + UNIQUE.len()], "{number:012}").expect("twelve digits");
        }
        request.good
    }
}

fn length(head: &[u8]) -> usize {
    const NAME: &[u8] = b"\r\ncontent-length: ";
    let at = find(head, NAME).expect("a content-length") + NAME.len();
    let digits = head[at..].iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
}

fn find(text: &[u8], what: &[u8]) -> Option<usize> {
    text.windows(what.len()).position(|window| window == what)
}
