//! Connections, byte by byte: what is too slow or too large ends, what is only unusual is served.

use std::{io::Write as _, net::TcpListener, time::Duration};

use actix_web::{dev::ServerHandle, rt::net::TcpStream};
use flate2::{Compression, write::GzEncoder};
use platform::http::server::Pace;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::{Instant, sleep, timeout},
};

use crate::support::{app::TestApp, both::Which};

/// Short, so that tests need not wait for long.
const PACE: Pace = Pace { patience: Duration::from_millis(600), bytes_per_second: 4096 };
/// How long a test waits for what must happen.
const SOON: Duration = Duration::from_secs(10);

/// The application on a port where nobody is waited for for long.
struct Hasty {
    app: TestApp,
    address: String,
    server: ServerHandle,
}

impl Hasty {
    async fn start() -> Self {
        let app = TestApp::on(Which::Sqlite).await.expect("SQLite is always there");
        let mut hasty = app.app.clone();
        hasty.pace = PACE;
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address").to_string();
        let server = hasty.listen(listener).expect("it listens");
        let handle = server.handle();
        actix_web::rt::spawn(server);
        Self { app, address, server: handle }
    }

    async fn connect(&self) -> Socket {
        Socket(TcpStream::connect(&self.address).await.expect("a connection"))
    }

    async fn end(self) {
        self.server.stop(false).await;
        self.app.finish().await;
    }
}

struct Socket(TcpStream);

impl Socket {
    async fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.0.write_all(bytes.as_ref()).await.expect("it takes it");
        self
    }

    /// All that comes until the other side closes, which must be soon.
    async fn rest(&mut self) -> String {
        let mut all = Vec::new();
        let read = async {
            let mut some = [0; 8192];
            // a reset is an end as well
            while let Ok(bytes @ 1..) = self.0.read(&mut some).await {
                all.extend_from_slice(&some[..bytes]);
            }
        };
        timeout(SOON, read).await.expect("it ends");
        String::from_utf8_lossy(&all).into_owned()
    }

    /// What comes next, up to and with `end`.
    async fn until(&mut self, end: &str) -> String {
        let mut all = String::new();
        while !all.ends_with(end) {
            let byte = timeout(SOON, self.0.read_u8()).await.expect("soon");
            all.push(char::from(byte.unwrap_or_else(|why| panic!("{why}: {all}"))));
        }
        all
    }
}

fn head(start: &str, more: &str) -> String {
    format!("{start} HTTP/1.1\r\nhost: a\r\n{more}\r\n")
}

#[actix_web::test]
async fn a_body_that_stops_or_dribbles_is_given_up() {
    let hasty = Hasty::start().await;
    let chunked = "transfer-encoding: chunked\r\n";
    for (more, part) in [
        ("content-length: 100\r\n", "{"),
        ("content-length: 100\r\n", ""),
        (chunked, "1\r\n{\r\n"),
        (chunked, ""),
        ("content-length: 100\r\ncontent-encoding: gzip\r\n", "\x1f"),
        ("content-length: 100\r\nexpect: 100-continue\r\n", ""),
    ] {
        let mut socket = hasty.connect().await;
        let began = Instant::now();
        socket.send(head("POST /v1/sessions", more)).await.send(part).await;
        let told = socket.rest().await;
        assert!(told.contains("HTTP/1.1 408 Request Timeout\r\n"), "{more}: {told}");
        assert!(told.contains("\r\nconnection: close\r\n"), "{more}: {told}");
        assert!(told.contains("\"code\":\"body_too_slow\""), "{more}: {told}");
        assert!(began.elapsed() >= PACE.patience, "{more}: {:?}", began.elapsed());
    }
    // a form of a page, a byte each 100 ms
    let mut socket = hasty.connect().await;
    socket.send(head("POST /password", "content-length: 1000\r\n")).await;
    let began = Instant::now();
    while socket.0.write_all(b"x").await.is_ok() && began.elapsed() < SOON {
        if timeout(Duration::from_millis(100), socket.0.readable()).await.is_ok() {
            break;
        }
    }
    assert!(socket.rest().await.contains("HTTP/1.1 408 Request Timeout\r\n"));
    assert!(began.elapsed() < SOON);
    hasty.end().await;
}

#[actix_web::test]
async fn a_slow_body_that_is_fast_enough_is_taken() {
    let hasty = Hasty::start().await;
    let body = json!({"email": "a@example.com", "password": "x".repeat(1000), "realm": "member"});
    let body = format!("{body}{}", "\n\n".repeat(5000));
    let length = format!("content-length: {}\r\n", body.len());
    let mut socket = hasty.connect().await;
    socket.send(head("POST /v1/sessions", &length)).await;
    for part in body.as_bytes().chunks(500) {
        socket.send(part).await;
        sleep(Duration::from_millis(50)).await;
    }
    let told = socket.until("}").await;
    assert!(told.starts_with("HTTP/1.1 4"), "{told}");
    assert!(!told.contains("408") && told.contains("\"code\":"), "{told}");
    // and the connection is still there
    socket.send(head("GET /livez", "")).await;
    assert!(socket.until("\"live\"}").await.contains("HTTP/1.1 200 OK"));
    hasty.end().await;
}

#[actix_web::test]
async fn bodies_come_whole_however_they_are_sent() {
    let hasty = Hasty::start().await;
    let shop = hasty.app.storefront().await;
    let bearer = format!("authorization: Bearer {}\r\n", shop.token.expect("a key"));
    let mut members = 0;
    for size in [10, 1900, 2048, 5000, 100_000] {
        for way in ["plain", "chunked", "packed"] {
            members += 1;
            let member = json!({"email": format!("m{members}@example.com"), "given_name": "Anna"});
            let body = format!("{member}{}", "\r\n\r\n".repeat(size / 4));
            let mut packer = GzEncoder::new(Vec::new(), Compression::default());
            packer.write_all(body.as_bytes()).expect("packed");
            let packed = packer.finish().expect("packed");
            let (more, body) = match way {
                "plain" => (format!("content-length: {}\r\n", body.len()), body.into_bytes()),
                "chunked" => {
                    let chunk = |part: &[u8]| {
                        [format!("{:x}\r\n", part.len()).as_bytes(), part, b"\r\n"].concat()
                    };
                    let chunks: Vec<u8> = body.as_bytes().chunks(700).flat_map(chunk).collect();
                    let whole = [chunks, b"0\r\n\r\n".to_vec()].concat();
                    ("transfer-encoding: chunked\r\n".to_owned(), whole)
                }
                _ => {
                    let length = packed.len();
                    (format!("content-length: {length}\r\ncontent-encoding: gzip\r\n"), packed)
                }
            };
            // with another request right behind it
            let post = head("POST /v1/members", &format!("{bearer}{more}"));
            let next = head("GET /livez", "");
            let all = [post.as_bytes(), &body, next.as_bytes(), next.as_bytes()].concat();
            let mut socket = hasty.connect().await;
            socket.send(all).await;
            let told = socket.until("\"live\"}").await;
            assert!(told.starts_with("HTTP/1.1 201 Created\r\n"), "{way} {size}: {told}");
            assert!(socket.until("\"live\"}").await.contains("HTTP/1.1 200 OK"), "{way} {size}");
        }
    }
    hasty.end().await;
}

#[actix_web::test]
async fn a_bomb_is_too_large_and_stays_small() {
    let hasty = Hasty::start().await;
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(&vec![b' '; 50_000_000]).expect("packed");
    let bomb = packer.finish().expect("packed");
    let more = format!("content-length: {}\r\ncontent-encoding: gzip\r\n", bomb.len());
    let mut socket = hasty.connect().await;
    socket.send(head("POST /v1/sessions", &more)).await;
    let _ = socket.0.write_all(&bomb).await;
    assert!(socket.rest().await.contains("HTTP/1.1 413 Payload Too Large\r\n"));
    hasty.end().await;
}

#[actix_web::test]
async fn large_bodies_of_strangers_wait_for_room_and_customers_do_not() {
    let hasty = Hasty::start().await;
    let post = head("POST /v1/sessions", "content-length: 1048576\r\n");
    let most = vec![b' '; 1_048_000];
    let mut strangers = Vec::new();
    for _ in 0..2 {
        let mut socket = hasty.connect().await;
        socket.send(&post).await.send(&most).await;
        strangers.push(socket);
    }
    sleep(Duration::from_millis(200)).await;
    let mut late = hasty.connect().await;
    late.send(&post).await;
    let _ = late.0.write_all(&most).await;
    let told = late.rest().await;
    assert!(told.contains("HTTP/1.1 503 Service Unavailable\r\n"), "{told}");
    assert!(told.contains("\r\nretry-after: 2\r\n"), "{told}");
    // small ones are always taken
    let mut small = hasty.connect().await;
    small.send(head("POST /v1/sessions", "content-length: 2\r\n")).await.send("{}").await;
    assert!(small.until("}").await.starts_with("HTTP/1.1 422 "));
    // and a storefront's large ones
    let shop = hasty.app.storefront().await;
    let shop = shop.at(&format!("http://{}", hasty.address));
    let large =
        json!({"email": "a@example.com", "given_name": "A", "family_name": "x".repeat(900_000)});
    shop.post("/v1/members", large).await.refused(422, "invalid_request");
    for socket in &mut strangers {
        assert!(socket.rest().await.contains("HTTP/1.1 408 Request Timeout\r\n"));
    }
    hasty.end().await;
}

#[actix_web::test]
async fn who_does_not_read_gets_no_more() {
    let hasty = Hasty::start().await;
    let whole = {
        let mut socket = hasty.connect().await;
        socket.send(head("GET /openapi.json", "connection: close\r\n")).await;
        socket.rest().await.len()
    };
    let asked = 200;
    let mut socket = hasty.connect().await;
    socket.send(head("GET /openapi.json", "").repeat(asked)).await;
    sleep(PACE.patience * 3).await;
    let got = socket.rest().await.len();
    assert!(got < whole * asked, "{got} of {}", whole * asked);
    hasty.end().await;
}

#[actix_web::test]
async fn a_head_has_an_end() {
    let hasty = Hasty::start().await;
    // the second head of a connection is waited for no longer than the first
    let mut socket = hasty.connect().await;
    socket.send(head("GET /livez", "")).await.until("\"live\"}").await;
    let began = Instant::now();
    socket.send("GET /livez HTTP/1.1\r\nhost:").await;
    let told = socket.rest().await;
    assert!(told.starts_with("HTTP/1.1 408 Request Timeout\r\n"), "{told}");
    assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
    // silence, after empty lines that look like ends
    let mut socket = hasty.connect().await;
    socket.send("\r\n\r\n\r\n\r\n").await;
    socket.rest().await;

    let large = |bytes: usize| head("GET /livez", &format!("x: {}\r\n", "x".repeat(bytes)));
    let mut socket = hasty.connect().await;
    socket.send(large(8000)).await;
    assert!(socket.until("\"live\"}").await.starts_with("HTTP/1.1 200 OK"));
    let mut socket = hasty.connect().await;
    let _ = socket.0.write_all(large(20_000).as_bytes()).await;
    let told = socket.rest().await;
    assert!(told.is_empty() || told.starts_with("HTTP/1.1 431 "), "{told}");
    hasty.end().await;
}

#[actix_web::test]
async fn a_body_that_nobody_wants_does_not_keep_the_connection() {
    let hasty = Hasty::start().await;
    for more in ["transfer-encoding: chunked\r\n", "content-length: 100000\r\n"] {
        let mut socket = hasty.connect().await;
        socket.send(head("POST /nowhere", more)).await.send("5\r\nabcde\r\n").await;
        let told = socket.rest().await;
        assert!(told.starts_with("HTTP/1.1 404 Not Found\r\n"), "{told}");
        assert!(told.contains("\r\nconnection: close\r\n"), "{told}");
    }
    // one that is refused before it is read, and came anyway
    let mut socket = hasty.connect().await;
    let post = head("POST /v1/members", "authorization: Bearer vk_x\r\ncontent-length: 30000\r\n");
    socket.send(post).await.send("x".repeat(30_000)).await;
    let told = socket.rest().await;
    assert!(told.starts_with("HTTP/1.1 401 Unauthorized\r\n"), "{told}");
    hasty.end().await;
}
