//! Problems as RFC 9457 `application/problem+json`: one table from refusals to statuses and codes.

use std::fmt;

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde_json::{Map, Value, json};

use super::{
    problems::{INTERNAL, listed},
    request_id,
};
use crate::kernel::error::{Error, Refusal};

/// A refusal or a failure, on its way out.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    /// A refusal of the use case itself (not of the request around it): kept by idempotency.
    pub refused_by_use_case: bool,
    retry_after: Option<u64>,
    /// The methods of the path, where it has others than the one that was asked for.
    allow: Option<String>,
    body: Value,
}

/// The code of a refusal; [`PROBLEMS`] has the rest.
const fn code_of(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::MalformedJson(_) => "malformed_json",
        Refusal::Invalid(_) => "invalid_request",
        Refusal::Unauthenticated(_) => "unauthenticated",
        Refusal::Forbidden(_) => "forbidden",
        Refusal::NotFound { .. } => "not_found",
        Refusal::PreconditionRequired => "precondition_required",
        Refusal::PreconditionFailed => "precondition_failed",
        Refusal::EmailTaken => "email_taken",
        Refusal::InsufficientPoints { .. } => "insufficient_points",
        Refusal::OutOfStock => "out_of_stock",
        Refusal::RewardUnavailable(_) => "reward_unavailable",
        Refusal::LimitReached(_) => "limit_reached",
        Refusal::SourceConflict(_) => "source_conflict",
        Refusal::ExternalIdConflict(_) => "external_id_conflict",
        Refusal::ReverseAtSource { .. } => "reverse_at_source",
        Refusal::VoucherUsed { .. } => "voucher_used",
        Refusal::InvalidTransition { .. } => "invalid_transition",
        Refusal::IdempotencyKeyReused => "idempotency_key_reused",
        Refusal::IdempotencyKeyInFlight => "idempotency_key_in_flight",
        Refusal::TooLarge => "body_too_large",
        Refusal::TooSlow => "body_too_slow",
        Refusal::MethodNotAllowed { .. } => "method_not_allowed",
        Refusal::TooManyRequests { .. } => "too_many_requests",
        Refusal::Overloaded { .. } => "overloaded",
        Refusal::OutcomeUnknown => "outcome_unknown",
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
        let (status, code, title, _) = listed(code_of(refusal));
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
            Refusal::IdempotencyKeyInFlight | Refusal::OutcomeUnknown => Some(1),
            _ => None,
        };
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            refused_by_use_case: matches!(status, 404 | 409)
                && *refusal != Refusal::IdempotencyKeyInFlight,
            retry_after,
            allow: match refusal {
                Refusal::MethodNotAllowed { allow } => Some(allow.clone()),
                _ => None,
            },
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
                let (status, code, title, _) = listed(INTERNAL);
                Self {
                    status: StatusCode::INTERNAL_SERVER_ERROR,
                    refused_by_use_case: false,
                    retry_after: None,
                    allow: None,
                    body: json!({
                        "type": format!("/docs/problems#{code}"),
                        "title": title,
                        "status": status,
                        "detail": "something went wrong on our side; whether it was done, the \
                                   same request with the same Idempotency-Key tells",
                        "code": code,
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
        if let Some(allow) = &self.allow {
            answer.insert_header(("allow", allow.as_str()));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            answer.insert_header(("www-authenticate", "Bearer"));
        }
        answer.body(self.bytes())
    }
}
