//! Letters as staff look them up, and what mail providers report of them.

pub mod api;
pub mod providers;
pub mod reports;
pub mod suppressed;
