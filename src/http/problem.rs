//! Problems as RFC 9457 `application/problem+json`: one table from refusals to statuses and codes.

use std::fmt;

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde_json::{Map, Value, json};

use super::request_id;
use crate::kernel::error::{Error, Refusal};

/// A refusal or a failure, on its way out.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    /// A refusal of the use case itself (not of the request around it): kept by idempotency.
    pub refused_by_use_case: bool,
    retry_after: Option<u64>,
    body: Value,
}

/// Status, code and title of every refusal.
fn table(refusal: &Refusal) -> (u16, &'static str, &'static str) {
    match refusal {
        Refusal::MalformedJson(_) => (400, "malformed_json", "Malformed JSON"),
        Refusal::Invalid(_) => (422, "invalid_request", "Invalid request"),
        Refusal::Unauthenticated(_) => (401, "unauthenticated", "Not signed in"),
        Refusal::Forbidden(_) => (403, "forbidden", "Not allowed"),
        Refusal::NotFound { .. } => (404, "not_found", "Not found"),
        Refusal::PreconditionRequired => (428, "precondition_required", "If-Match is missing"),
        Refusal::PreconditionFailed => (412, "precondition_failed", "Changed in the meantime"),
        Refusal::EmailTaken => (409, "email_taken", "E-mail address taken"),
        Refusal::InsufficientPoints { .. } => (409, "insufficient_points", "Not enough points"),
        Refusal::OutOfStock => (409, "out_of_stock", "Out of stock"),
        Refusal::RewardUnavailable(_) => (409, "reward_unavailable", "Reward not available"),
        Refusal::LimitReached(_) => (409, "limit_reached", "Limit reached"),
        Refusal::SourceConflict(_) => (409, "source_conflict", "Conflicts with an earlier one"),
        Refusal::ExternalIdConflict(_) => (409, "external_id_conflict", "External id taken"),
        Refusal::ReverseAtSource { .. } => (409, "reverse_at_source", "Undo it at its source"),
        Refusal::VoucherUsed { .. } => (409, "voucher_used", "Voucher used already"),
        Refusal::InvalidTransition { .. } => (409, "invalid_transition", "Not possible now"),
        Refusal::IdempotencyKeyReused => {
            (422, "idempotency_key_reused", "Idempotency key used for another request")
        }
        Refusal::IdempotencyKeyInFlight => {
            (409, "idempotency_key_in_flight", "First request still running")
        }
        Refusal::TooLarge => (413, "body_too_large", "Body too large"),
        Refusal::TooManyRequests { .. } => (429, "too_many_requests", "Too many requests"),
        Refusal::Overloaded { .. } => (503, "overloaded", "Busy"),
    }
}

/// What a client needs beyond the code.
fn details(refusal: &Refusal, body: &mut Map<String, Value>) {
    let mut put = |name: &str, value: Value| {
        body.insert(name.to_owned(), value);
    };
    match refusal {
        Refusal::Invalid(errors) => put(
            "errors",
            errors
                .iter()
                .map(|e| json!({"pointer": e.pointer, "code": e.code, "message": e.message}))
                .collect(),
        ),
        Refusal::NotFound { what, pointer: Some(pointer) } => put(
            "errors",
            json!([{"pointer": pointer, "code": "not_found", "message": format!("names no {what}")}]),
        ),
        Refusal::InsufficientPoints { shortfall } => put("shortfall", json!(shortfall)),
        Refusal::RewardUnavailable(reasons) => {
            put("reasons", reasons.iter().map(|reason| reason_json(*reason)).collect());
        }
        Refusal::ReverseAtSource { kind, id } => put("source", json!({"type": kind, "id": id})),
        Refusal::VoucherUsed { used_at, channel, location } => {
            put("used_at", json!(used_at));
            put("channel", json!(channel));
            put("location", json!(location));
        }
        Refusal::InvalidTransition { from, to, allowed, .. } => {
            put("from", json!(from));
            put("to", json!(to));
            put("allowed", json!(allowed));
        }
        _ => {}
    }
}

/// One reason why a reward can't be had.
#[must_use]
pub fn reason_json(reason: crate::kernel::error::Unavailable) -> Value {
    use crate::kernel::error::Unavailable;
    match reason {
        Unavailable::InsufficientPoints { shortfall } => {
            json!({"code": reason.code(), "shortfall": shortfall})
        }
        _ => json!({"code": reason.code()}),
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::new(&refusal, &request_id::current())
    }
}

impl Problem {
    /// The problem of a refusal, for the request of this id.
    #[must_use]
    pub fn new(refusal: &Refusal, request_id: &str) -> Self {
        let (status, code, title) = table(refusal);
        let mut body = Map::new();
        body.insert("type".into(), json!(format!("/docs/problems#{code}")));
        body.insert("title".into(), json!(title));
        body.insert("status".into(), json!(status));
        body.insert("detail".into(), json!(refusal.to_string()));
        body.insert("code".into(), json!(code));
        body.insert("request_id".into(), json!(request_id));
        details(refusal, &mut body);
        let retry_after = match *refusal {
            Refusal::TooManyRequests { retry_after_seconds }
            | Refusal::Overloaded { retry_after_seconds } => Some(retry_after_seconds),
            Refusal::IdempotencyKeyInFlight => Some(1),
            _ => None,
        };
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            refused_by_use_case: matches!(status, 404 | 409)
                && *refusal != Refusal::IdempotencyKeyInFlight,
            retry_after,
            body: Value::Object(body),
        }
    }
}

impl From<Error> for Problem {
    /// The boundary: an internal error is logged here, once, and says nothing outside.
    fn from(error: Error) -> Self {
        match error {
            Error::Refused(refusal) => refusal.into(),
            Error::Internal(error) => {
                let request_id = request_id::current();
                tracing::error!(%request_id, %error, "internal error");
                Self {
                    status: StatusCode::INTERNAL_SERVER_ERROR,
                    refused_by_use_case: false,
                    retry_after: None,
                    body: json!({
                        "type": "/docs/problems#internal",
                        "title": "Internal error",
                        "status": 500,
                        "detail": "something went wrong on our side; nothing was changed",
                        "code": "internal",
                        "request_id": request_id,
                    }),
                }
            }
        }
    }
}

impl Problem {
    #[must_use]
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// The body as it goes out.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        self.body.to_string().into_bytes()
    }

    /// The stable code.
    #[must_use]
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// What happened, in words.
    #[must_use]
    pub fn detail(&self) -> &str {
        self.body["detail"].as_str().unwrap_or_default()
    }

    /// The answer that carries it.
    #[must_use]
    pub fn answer(&self) -> HttpResponse {
        self.error_response()
    }

    /// The whole as JSON.
    #[must_use]
    pub const fn json(&self) -> &Value {
        &self.body
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.status.as_u16(), self.code())
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut answer = HttpResponse::build(self.status);
        answer.content_type("application/problem+json");
        if let Some(seconds) = self.retry_after {
            answer.insert_header(("retry-after", seconds.to_string()));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            answer.insert_header(("www-authenticate", "Bearer"));
        }
        answer.body(self.bytes())
    }
}
