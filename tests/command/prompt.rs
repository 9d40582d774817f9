//! Answers come at once, the end of a long one too.

use std::{
    io::{Read, Write},
    net::TcpStream,
    time::{Duration, Instant},
};

use crate::{
    database::{Db, on_both},
    run::Server,
};

/// How long the system of a reader waits before it confirms what came, at least: until then, the
/// system of a writer may hold the end back (Nagle's algorithm).
const CONFIRMS_AFTER: Duration = Duration::from_millis(40);
const ASKED: usize = 21;

on_both!(the_end_of_an_answer_waits_for_nothing);
async fn the_end_of_an_answer_waits_for_nothing(db: Db) {
    let server = Server::serve(&db, &[]);
    let mut stream =
        TcpStream::connect(server.url.trim_start_matches("http://")).expect("a connection");
    stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a limit");
    let mut took = Vec::new();
    for path in ["/docs/problems", "/assets/pico/pico.min.css"].into_iter().cycle().take(ASKED) {
        let asked = Instant::now();
        // in one piece: the system of this end holds back as well
        let ask = format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n");
        stream.write_all(ask.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        let (mut length, mut some) = (None, [0; 8 * 1024]);
        while length.is_none_or(|length| answer.len() < length) {
            let read = stream.read(&mut some).expect("an answer");
            assert!(read > 0, "the server hung up");
            answer.extend_from_slice(&some[..read]);
            length = length.or_else(|| whole(&answer));
        }
        assert!(answer.starts_with(b"HTTP/1.1 200 ") && answer.len() > 8000);
        took.push(asked.elapsed());
    }
    took.sort_unstable();
    // on a machine that is busy with other tests, some come late anyway; held back, nearly all are late
    assert!(took[ASKED / 3] < CONFIRMS_AFTER, "{took:?}");
    server.stop().await;
}

/// How long an answer is in all, once its head is there.
fn whole(answer: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(answer);
    let (head, _) = text.split_once("\r\n\r\n")?;
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.expect("a content-length").parse().expect("a number");
    Some(head.len() + 4 + length)
}
