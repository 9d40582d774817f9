//! The throttle of sign-in: every try counts for its account; for its address only those that
//! failed, so that the many customers of one shop can sign in from behind one address.

use actix_web::{HttpResponse, ResponseError, http::header::HeaderValue};

use crate::{
    auth::Realm,
    http::{AppState, Call, Problem, limits::SIGN_IN},
    kernel::{
        clock::Timestamp,
        error::Refusal,
        limit::{Limit, Throttle},
        text::Email,
    },
};

/// What an account's tries are counted under.
pub fn account(realm: Realm, email: &Email) -> String {
    format!("{realm} {}", email.key())
}

/// Counts a try of `account`, unless it or its address had too many.
pub fn admit(app: &AppState, address: &str, account: &str) -> Result<(), Refusal> {
    let wall = app.store.clock().wall();
    app.throttle.check(SIGN_IN, address, wall)?;
    app.throttle.count(SIGN_IN, account, wall)
}

/// Counts a failure for its address.
pub fn failed(app: &AppState, address: &str) {
    // where this was one too many, the next one is told
    drop(app.throttle.count(SIGN_IN, address, app.store.clock().wall()));
}

/// The answer with its `RateLimit` headers.
pub fn answer(call: &Call, account: &str, outcome: Result<HttpResponse, Problem>) -> HttpResponse {
    let wall = call.store().clock().wall();
    let mut answer = outcome.unwrap_or_else(|problem| problem.error_response());
    let left = match answer.status().as_u16() {
        429 => 0,
        _ => left(&call.app.throttle, SIGN_IN, account, wall),
    };
    let policy = format!("\"{}\";q={};w={}", SIGN_IN.name, SIGN_IN.tries, SIGN_IN.per.as_secs());
    let limit = format!("\"{}\";r={left}", SIGN_IN.name);
    for (name, value) in [("ratelimit-policy", policy), ("ratelimit", limit)] {
        if let Ok(value) = HeaderValue::from_str(&value) {
            answer
                .headers_mut()
                .insert(actix_web::http::header::HeaderName::from_static(name), value);
        }
    }
    answer
}

/// How many more tries `who` has at once: asked of the same throttle under smaller limits.
fn left(throttle: &Throttle, limit: Limit, who: &str, wall: Timestamp) -> u32 {
    let step = limit.per / limit.tries;
    let room =
        |tries: u32| throttle.check(Limit { tries, per: step * tries, ..limit }, who, wall).is_ok();
    (1..=limit.tries).find(|&tries| room(tries)).map_or(0, |used| limit.tries + 1 - used)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_goes_down_with_each_try() {
        let throttle = Throttle::default();
        let wall = Timestamp::UNIX_EPOCH;
        for used in 0..SIGN_IN.tries {
            assert_eq!(left(&throttle, SIGN_IN, "anna", wall), SIGN_IN.tries - used);
            throttle.count(SIGN_IN, "anna", wall).expect("there is room");
        }
        assert_eq!(left(&throttle, SIGN_IN, "anna", wall), 0);
    }
}
