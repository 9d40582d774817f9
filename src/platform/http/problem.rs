//! Problems as RFC 9457 `application/problem+json`.

use std::fmt;

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use serde_json::{Map, Value, json};

use super::request_id;
use crate::kernel::error::{Error, INTERNAL, Listed, Refusal};

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

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self::new(&refusal, &request_id::current())
    }
}

impl Problem {
    /// The problem of a refusal, for the request of this id.
    #[must_use]
    pub fn new(refusal: &Refusal, request_id: &str) -> Self {
        let Listed { status, code, title, .. } = refusal.listed();
        let mut body = told(status, code, title, &refusal.to_string(), request_id);
        if let Ok(Value::Object(more)) = serde_json::to_value(refusal) {
            body.extend(more);
        }
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
                let Listed { status, code, title, .. } = INTERNAL;
                let detail = "something went wrong on our side; whether it was done, the same \
                              request with the same Idempotency-Key tells";
                Self {
                    status: StatusCode::INTERNAL_SERVER_ERROR,
                    refused_by_use_case: false,
                    retry_after: None,
                    allow: None,
                    body: Value::Object(told(status, code, title, detail, &request_id)),
                }
            }
        }
    }
}

/// What every problem tells.
fn told(
    status: u16,
    code: &str,
    title: &str,
    detail: &str,
    request_id: &str,
) -> Map<String, Value> {
    let type_url = format!("/docs/problems#{code}");
    let fields = [
        ("type", json!(type_url)),
        ("title", json!(title)),
        ("status", json!(status)),
        ("detail", json!(detail)),
        ("code", json!(code)),
        ("request_id", json!(request_id)),
    ];
    fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
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
