//! A connection's socket, read no further than its requests want, and let go where the other end
//! keeps us waiting.

use std::{
    future::Future,
    io,
    mem::MaybeUninit,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
};

use actix_web::{rt::net::TcpStream, web::Bytes};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Sleep, sleep_until},
};

use super::{
    connection::{Allowed, Connection},
    pace::Patience,
};

/// How much is read at once, in bytes.
const AT_ONCE: usize = 8 * 1024;

/// The socket.
pub struct Paced {
    io: TcpStream,
    connection: Rc<Connection>,
    /// What was read and has to wait: it may hold a request behind the first one.
    kept: Bytes,
    /// With one who reads what we write.
    patience: Patience,
    idle: Alarm,
    blocked: Alarm,
}

impl Paced {
    #[must_use]
    pub fn new(io: TcpStream, connection: Connection) -> Self {
        let patience = Patience::new(connection.pace);
        let connection = Rc::new(connection);
        let (idle, blocked) = (Alarm::default(), Alarm::default());
        Self { io, connection, kept: Bytes::new(), patience, idle, blocked }
    }

    #[must_use]
    pub const fn connection(&self) -> &Rc<Connection> {
        &self.connection
    }

    fn first_piece(&self, data: &[u8]) -> (usize, bool) {
        if self.connection.reads_a_body() { (data.len(), false) } else { one_head(data) }
    }

    /// A last word, where it can stand by itself.
    fn let_go(&self, why: &'static str, status: &str) -> io::Error {
        metrics::counter!("vildar_http_connections_cut_total", "why" => why).increment(1);
        if !self.patience.waits() && self.connection.has_begun_a_head() {
            let word =
                format!("HTTP/1.1 {status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
            // who does not take it at once goes without
            drop(self.io.try_write(word.as_bytes()));
        }
        io::Error::new(io::ErrorKind::TimedOut, why)
    }

    /// Nothing came: that is all right for a while.
    fn wait_for_more(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // while we wait for it to read, that is measured
        if self.patience.waits() {
            return Poll::Pending;
        }
        if let Some(since) = self.connection.idle_since()
            && self.idle.is_over(since + self.connection.pace.patience, cx)
        {
            return Poll::Ready(Err(self.let_go("silent", "408 Request Timeout")));
        }
        Poll::Pending
    }
}

impl AsyncRead for Paced {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.connection.is_read_by(cx);
        let bytes = match this.connection.allowed() {
            Allowed::UpTo(bytes) => bytes.min(buf.remaining()),
            Allowed::AfterALook => {
                // where nothing is here, its coming wakes us anyway
                if !this.kept.is_empty() || this.io.poll_read_ready(cx).is_ready() {
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
                return this.wait_for_more(cx);
            }
            Allowed::Later => {
                if !this.kept.is_empty() || this.io.poll_read_ready(cx).is_ready() {
                    this.connection.put_off();
                }
                return Poll::Pending;
            }
            Allowed::Nothing => {
                let error = this.let_go("head", "431 Request Header Fields Too Large");
                return Poll::Ready(Err(error));
            }
        };
        if !this.kept.is_empty() {
            let (piece, ends) = this.first_piece(&this.kept[..bytes.min(this.kept.len())]);
            buf.put_slice(&this.kept.split_to(piece));
            this.connection.read(piece, ends);
            return Poll::Ready(Ok(()));
        }
        // not at once into its buffer, which would be filled with zeros first: of most, memory that is
        // never used
        let mut place = [MaybeUninit::uninit(); AT_ONCE];
        let mut part = ReadBuf::uninit(&mut place[..bytes.min(AT_ONCE)]);
        match Pin::new(&mut this.io).poll_read(cx, &mut part) {
            Poll::Ready(Ok(())) => {
                let read = part.filled();
                let (piece, ends) = this.first_piece(read);
                if piece < read.len() {
                    this.kept = Bytes::copy_from_slice(&read[piece..]);
                }
                buf.put_slice(&read[..piece]);
                this.connection.read(piece, ends);
                Poll::Ready(Ok(()))
            }
            Poll::Pending => this.wait_for_more(cx),
            failed @ Poll::Ready(Err(_)) => failed,
        }
    }
}

/// How much of this holds one head at most, and whether one may end in it. A request waiting
/// behind another takes a hundred times what was sent for it: so one comes after the other.
fn one_head(data: &[u8]) -> (usize, bool) {
    let mut ends = (0..data.len()).filter_map(|place| match data[place..] {
        [b'\n', b'\n', ..] => Some(place + 2),
        [b'\n', b'\r', b'\n', ..] => Some(place + 3),
        _ => None,
    });
    match (ends.next(), ends.next()) {
        (Some(first), Some(_)) => (first, true),
        (first, _) => (data.len(), first.is_some()),
    }
}

impl AsyncWrite for Paced {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        match Pin::new(&mut this.io).poll_write(cx, data) {
            Poll::Ready(Ok(bytes)) => {
                this.patience.moved(bytes);
                Poll::Ready(Ok(bytes))
            }
            Poll::Pending => {
                let ends = this.patience.ends(Instant::now());
                if this.blocked.is_over(ends, cx) {
                    // the system forgets what it would go on offering
                    drop(this.io.set_zero_linger());
                    return Poll::Ready(Err(this.let_go("slow reader", "")));
                }
                Poll::Pending
            }
            failed @ Poll::Ready(Err(_)) => failed,
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }
}

/// Wakes at a moment that moves on and on: it is set anew when it rings early, not each time.
#[derive(Default)]
struct Alarm(Option<Pin<Box<Sleep>>>);

impl Alarm {
    /// Whether `end` is over; wakes when it is.
    fn is_over(&mut self, end: Instant, cx: &mut Context<'_>) -> bool {
        let sleep = self.0.get_or_insert_with(|| Box::pin(sleep_until(end)));
        if sleep.deadline() > end {
            sleep.as_mut().reset(end);
        }
        while sleep.as_mut().poll(cx).is_ready() {
            if Instant::now() >= end {
                return true;
            }
            sleep.as_mut().reset(end);
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_come_one_after_the_other() {
        let two = b"GET / HTTP/1.1\r\nhost: a\r\n\r\nGET / HTTP/1.1\r\nhost: a\r\n\r\n";
        assert_eq!(one_head(two), (two.len() / 2, true));
        assert_eq!(one_head(&two[..two.len() - 1]), (two.len() - 1, true));
        assert_eq!(one_head(b"GET / HTTP/1.1\nhost: a\n\nGET / HTTP/1.1\n\nx"), (24, true));
        assert_eq!(one_head(b"POST / HTTP/1.1\r\n\r\n{\"a\":\r\n 1}"), (29, true));
        assert_eq!(one_head(b"GET / HTTP/1.1\r\nhost: a\r\n"), (25, false));
        assert_eq!(one_head(b""), (0, false));
    }
}
