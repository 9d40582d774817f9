//! A request id for every request: in the logs, in a header, and in every problem's body.

use std::future::Future;

use crate::kernel::{chance::Chance, code};

tokio::task_local! {
    static CURRENT: String;
}

/// The header that carries it.
pub const HEADER: &str = "x-request-id";

/// A new id, such as `req_7K2M9QXT4C1B`.
#[must_use]
pub fn new(chance: &Chance) -> String {
    format!("req_{}", code::random(chance, 12))
}

/// Runs `work` under `id`.
pub async fn within<F: Future>(id: String, work: F) -> F::Output {
    CURRENT.scope(id, work).await
}

/// The id of the request that is being answered; empty outside of one.
#[must_use]
pub fn current() -> String {
    CURRENT.try_with(Clone::clone).unwrap_or_default()
}
