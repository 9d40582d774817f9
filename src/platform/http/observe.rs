//! Around every request: its id, one line in the log, its place in the metrics, the headers that
//! every answer has; and how the answer goes.

use std::{
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
    time::Instant,
};

use actix_http::ConnectionType;
use actix_web::{
    Error, HttpMessage,
    body::{BodySize, BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::{self, Bytes},
};

use super::{
    AppState, body, operations, request_id,
    server::{CHUNK, Connection, InHand},
};

/// The middleware.
///
/// # Errors
/// What the handler answers.
pub async fn observe(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<Sent>, Error> {
    let started = Instant::now();
    let has_body = body::announced(request.headers());
    let connection = request.conn_data::<Rc<Connection>>();
    let in_hand = connection.map(|connection| InHand::begin(connection, has_body));
    let id = request
        .app_data::<web::Data<AppState>>()
        .map(|state| request_id::new(state.store.chance()))
        .unwrap_or_default();
    let method = known(request.method());
    // HEAD is GET without the body (RFC 9110, 9.3.2), for every route at once
    let head_only = request.method() == Method::HEAD;
    if head_only {
        request.head_mut().method = Method::GET;
        request.extensions_mut().insert(HeadOnly);
    }
    let private = request.path().starts_with("/v1/");
    let mut response = request_id::within(id.clone(), next.call(request)).await?;
    // the pattern, never the path: paths hold codes and tokens
    let route = operations::pattern(response.request()).unwrap_or_else(|| "unknown".to_owned());
    let status = response.status().as_u16();
    let took = started.elapsed();
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(
        request_id = %id, method, %route, status, micros, "answered"
    );
    metrics::counter!(
        "vildar_http_requests_total",
        "method" => method, "route" => route.clone(), "status" => status.to_string()
    )
    .increment(1);
    metrics::histogram!("vildar_http_request_seconds", "method" => method, "route" => route)
        .record(took.as_secs_f64());
    add_headers(response.headers_mut(), &id, private);
    if in_hand.as_ref().is_some_and(InHand::has_body_left) {
        // the rest of the body may be on its way: what comes after it is not worth waiting for
        response.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    Ok(response.map_body(|_, body| Sent::new(body.boxed(), head_only, in_hand)))
}

/// Marks a request for the head of an answer alone, which is served as GET.
#[derive(Clone, Copy, Debug)]
pub struct HeadOnly;

/// A method by its name. Others than these are nobody's, and everybody may make up new ones: they
/// share a word, in the log and in the metrics.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

/// What every answer says, where it does not say otherwise: nobody guesses types, and nobody keeps
/// what the API tells.
fn add_headers(headers: &mut HeaderMap, id: &str, private: bool) {
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static(request_id::HEADER), id);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if private && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
}

/// The body of an answer on its way, a chunk at a time; until its end the request is in hand.
#[derive(Debug)]
pub struct Sent {
    size: BodySize,
    body: BoxBody,
    /// What is left of the piece that came last.
    rest: Bytes,
    _in_hand: Option<InHand>,
}

impl Sent {
    fn new(body: BoxBody, head_only: bool, in_hand: Option<InHand>) -> Self {
        let size = body.size();
        // the body of an answer to HEAD has its size, and nothing of it
        let body = if head_only { BoxBody::new(()) } else { body };
        Self { size, body, rest: Bytes::new(), _in_hand: in_hand }
    }
}

impl MessageBody for Sent {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.size
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        // an empty chunk would end an answer of unknown length
        while self.rest.is_empty() {
            match Pin::new(&mut self.body).poll_next(cx) {
                Poll::Ready(Some(Ok(piece))) => self.rest = piece,
                other => return other,
            }
        }
        let bytes = self.rest.len().min(CHUNK);
        Poll::Ready(Some(Ok(self.rest.split_to(bytes))))
    }
}
