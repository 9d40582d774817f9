//! Load over HTTP: as little work for the client as can be, since it shares the cores.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// A request as it goes over the wire.
pub fn request(method: &str, path: &str, token: &str, body: &str) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {token}\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Requests that are sent in turn.
pub struct Load {
    address: String,
    requests: Arc<Vec<Vec<u8>>>,
}

impl Load {
    pub fn new(url: &str, requests: Vec<Vec<u8>>) -> Self {
        let address = url.trim_start_matches("http://").to_owned();
        Self { address, requests: Arc::new(requests) }
    }

    /// Sends for so long on so many connections; answers how many were answered a second.
    pub async fn run(&self, connections: usize, time: Duration) -> f64 {
        let stop = Arc::new(AtomicBool::new(false));
        let next = Arc::new(AtomicUsize::new(0));
        let started = Instant::now();
        let clients: Vec<_> = (0..connections)
            .map(|_| {
                let requests = Arc::clone(&self.requests);
                let client = Client { stop: Arc::clone(&stop), next: Arc::clone(&next), requests };
                tokio::spawn(client.run(self.address.clone()))
            })
            .collect();
        tokio::time::sleep(time).await;
        stop.store(true, Ordering::Relaxed);
        let mut answered = 0;
        for client in clients {
            answered += client.await.expect("a client ends well");
        }
        f64::from(answered) / started.elapsed().as_secs_f64()
    }
}

struct Client {
    stop: Arc<AtomicBool>,
    next: Arc<AtomicUsize>,
    requests: Arc<Vec<Vec<u8>>>,
}

impl Client {
    async fn run(self, address: String) -> u32 {
        let mut stream = TcpStream::connect(address).await.expect("the server is there");
        stream.set_nodelay(true).expect("no delay");
        let mut buffer = vec![0; 16 * 1024];
        let mut answered = 0;
        while !self.stop.load(Ordering::Relaxed) {
            let turn = self.next.fetch_add(1, Ordering::Relaxed);
            // a stride that is prime to the count visits all, far from the one before
            let request = &self.requests[turn.wrapping_mul(7919) % self.requests.len()];
            stream.write_all(request).await.expect("the request goes out");
            read_answer(&mut stream, &mut buffer).await;
            answered += 1;
        }
        answered
    }
}

/// Reads one answer, and insists that it is a good one.
async fn read_answer(stream: &mut TcpStream, buffer: &mut [u8]) {
    let mut filled = 0;
    loop {
        let read = stream.read(&mut buffer[filled..]).await.expect("an answer");
        assert!(read > 0, "the server hung up");
        filled += read;
        let text = &buffer[..filled];
        let Some(end) = text.windows(4).position(|four| four == b"\r\n\r\n") else { continue };
        let head = std::str::from_utf8(&text[..end]).expect("a head of ASCII");
        assert!(head.starts_with("HTTP/1.1 20"), "{}", String::from_utf8_lossy(text));
        let length: usize = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "))
            .and_then(|length| length.parse().ok())
            .expect("a length");
        if filled >= end + 4 + length {
            return;
        }
    }
}
