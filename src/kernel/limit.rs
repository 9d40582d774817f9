//! How often something may be tried.

use std::time::Duration;

/// So many tries in so long.
#[derive(Clone, Copy, Debug)]
pub struct Limit {
    pub name: &'static str,
    pub tries: u32,
    pub per: Duration,
}
