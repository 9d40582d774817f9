//! The demo answers whoever asks for it on this machine, and nobody else: a page of another site
//! may lead its own name to 127.0.0.1 and ask with our visitor's browser.

use std::net::IpAddr;

use actix_web::{
    Error,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{header, uri::Authority},
    middleware::Next,
};

use super::Problem;
use crate::kernel::error::Refusal;

/// The middleware: a `Host` that is not loopback's is refused.
///
/// # Errors
/// What the handler answers.
pub async fn only(
    request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    if host.is_some_and(is_loopback) {
        return next.call(request).await;
    }
    let why = "the demo is there for this machine alone: ask for 127.0.0.1 or localhost";
    let problem = Problem::from(Refusal::Forbidden(why.to_owned()));
    Ok(request.into_response(problem.answer()))
}

/// Whether `Host` names this machine.
fn is_loopback(host: &str) -> bool {
    let Ok(authority) = host.parse::<Authority>() else { return false };
    if host.contains('@') {
        return false;
    }
    let name = authority.host();
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_few_names() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.8.0.1:1", "[::1]:8080"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "evil.example@127.0.0.1",
            "127.0.0.1@evil.example",
            "192.168.1.7:8080",
            "[::2]",
            "0.0.0.0",
        ] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
