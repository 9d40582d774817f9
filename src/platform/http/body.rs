//! The body of a request: read at the pace that is asked of those who send, and counted, so that
//! all of them together take no more memory than there is room for.

use std::{
    future::poll_fn,
    ops::Deref,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
};

use actix_web::{
    HttpRequest,
    dev::{Decompress, Payload},
    error::PayloadError,
    http::header::{self, HeaderMap},
    web::Bytes,
};
use futures_core::Stream;
use tokio::time::{Instant, timeout_at};

pub use super::server::room::Whose;
use super::server::{
    Connection, Patience,
    room::{FREE, Share},
};
use crate::kernel::error::{Error, Refusal, Result};

/// The largest body that is taken, in bytes, packed or not.
const LARGEST: usize = 1024 * 1024;
/// What unpacking a body takes besides.
const UNPACKING: usize = 96 * 1024;
/// How much is unpacked at once: it may become a thousand times as much.
const UNPACKED_AT_ONCE: usize = 512;

/// A body; while it is kept, it counts.
#[derive(Debug, Default)]
pub struct Body {
    bytes: Vec<u8>,
    _share: Share,
}

impl Deref for Body {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.bytes
    }
}

/// Whether a request has a body, or says so.
#[must_use]
pub fn announced(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH);
    length.is_some_and(|length| length != "0") || headers.contains_key(header::TRANSFER_ENCODING)
}

/// Reads the body of a request.
///
/// # Errors
/// [`Refusal::TooLarge`]; [`Refusal::TooSlow`]; [`Refusal::Overloaded`] where there is no room for
/// it now; [`Refusal::MalformedJson`] where it does not come whole.
pub async fn read(request: &HttpRequest, payload: Payload, whose: Whose) -> Result<Body> {
    let headers = request.headers();
    if !announced(headers) {
        return Ok(Body::default());
    }
    let connection = request
        .conn_data::<Rc<Connection>>()
        .ok_or_else(|| Error::internal("a request without a connection"))?;
    let length = headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok());
    let length = length.and_then(|length| length.parse().ok());
    if length.is_some_and(|length| length > LARGEST) {
        return Err(Refusal::TooLarge.into());
    }
    let body = if headers.contains_key(header::CONTENT_ENCODING) {
        let mut unpacking = Share::default();
        unpacking.grow(&connection.room, whose, UNPACKING)?;
        let packed = Slices { payload, rest: Bytes::new() };
        collect(connection, Decompress::from_headers(packed, headers), whose, None).await?
    } else {
        collect(connection, payload, whose, length).await?
    };
    connection.body_is_read();
    Ok(body)
}

async fn collect<S>(
    connection: &Connection,
    mut stream: S,
    whose: Whose,
    length: Option<usize>,
) -> Result<Body, Refusal>
where
    S: Stream<Item = Result<Bytes, PayloadError>> + Unpin,
{
    let mut patience = Patience::new(connection.pace);
    let mut body = Growing { bytes: Vec::new(), share: Share::default(), free: FREE };
    loop {
        let left = length.map(|length| length.saturating_sub(body.bytes.len()));
        let next = poll_fn(|cx| {
            let next = Pin::new(&mut stream).poll_next(cx);
            if next.is_pending() {
                connection.want_body(left);
            }
            next
        });
        let chunk = match timeout_at(patience.ends(Instant::now()), next).await {
            Err(_) => return Err(Refusal::TooSlow),
            Ok(None) => return Ok(Body { bytes: body.bytes, _share: body.share }),
            Ok(Some(Err(_))) => {
                return Err(Refusal::MalformedJson("the body did not arrive whole".to_owned()));
            }
            Ok(Some(Ok(chunk))) => chunk,
        };
        patience.moved(chunk.len());
        body.make_room(connection, whose, chunk.len(), length)?;
        body.bytes.extend_from_slice(&chunk);
    }
}

struct Growing {
    bytes: Vec<u8>,
    share: Share,
    /// What it may take without asking.
    free: usize,
}

impl Growing {
    /// Makes room for more; by doubling, where it is not known how much will come.
    fn make_room(
        &mut self,
        connection: &Connection,
        whose: Whose,
        more: usize,
        length: Option<usize>,
    ) -> Result<(), Refusal> {
        let needed = self.bytes.len() + more;
        if needed > LARGEST {
            return Err(Refusal::TooLarge);
        }
        let before = self.bytes.capacity();
        if needed <= before {
            return Ok(());
        }
        let wanted = length.unwrap_or(LARGEST).min(before * 2).max(needed);
        let beyond = (wanted - before).saturating_sub(self.free);
        self.free = self.free.saturating_sub(wanted - before);
        if beyond > 0 {
            self.share.grow(&connection.room, whose, beyond)?;
        }
        self.bytes.reserve_exact(wanted - self.bytes.len());
        Ok(())
    }
}

/// A payload in slices, so that what is unpacked at once stays small.
struct Slices {
    payload: Payload,
    rest: Bytes,
}

impl Stream for Slices {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.rest.is_empty() {
            match ready!(Pin::new(&mut self.payload).poll_next(cx)) {
                Some(Ok(chunk)) => self.rest = chunk,
                other => return Poll::Ready(other),
            }
        }
        let bytes = self.rest.len().min(UNPACKED_AT_ONCE);
        Poll::Ready(Some(Ok(self.rest.split_to(bytes))))
    }
}
