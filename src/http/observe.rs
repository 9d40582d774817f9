//! Around every request: its id, one line in the log, its place in the metrics.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Instant,
};

use actix_web::{
    Error,
    body::{BodySize, BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{HeaderName, HeaderValue},
    },
    middleware::Next,
    web::{self, Bytes},
};

use super::{AppState, request_id};

/// The middleware.
///
/// # Errors
/// What the handler answers.
pub async fn observe(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id = request
        .app_data::<web::Data<AppState>>()
        .map(|state| request_id::new(state.store.chance()))
        .unwrap_or_default();
    let method = request.method().to_string();
    // HEAD is GET without the body (RFC 9110, 9.3.2), for every route at once
    let head_only = request.method() == Method::HEAD;
    if head_only {
        request.head_mut().method = Method::GET;
    }
    let mut response = request_id::within(id.clone(), next.call(request)).await?;
    // the pattern, never the path: paths hold codes and tokens
    let route = response.request().match_pattern().unwrap_or_else(|| "unknown".to_owned());
    let status = response.status().as_u16();
    let took = started.elapsed();
    metrics::counter!(
        "vildar_http_requests_total",
        "method" => method.clone(), "route" => route.clone(), "status" => status.to_string()
    )
    .increment(1);
    metrics::histogram!("vildar_http_request_seconds", "method" => method.clone(), "route" => route.clone())
        .record(took.as_secs_f64());
    tracing::info!(
        request_id = %id, %method, %route, status, micros = took.as_micros(), "answered"
    );
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(HeaderName::from_static(request_id::HEADER), value);
    }
    Ok(response.map_body(|_, body| {
        if head_only { BoxBody::new(Headless(body.size())) } else { body.boxed() }
    }))
}

/// The body of an answer to HEAD: its size, and nothing of it.
struct Headless(BodySize);

impl MessageBody for Headless {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        self.0
    }

    fn poll_next(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        Poll::Ready(None)
    }
}
