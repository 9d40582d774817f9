//! Posting by hand, and undoing what was posted so.

pub mod grant;
pub mod reversal;
