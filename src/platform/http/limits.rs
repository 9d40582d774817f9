//! What callers may try how often.

use std::time::Duration;

use crate::kernel::limit::Limit;

/// Sign-in, for each account and for each address.
pub const SIGN_IN: Limit = Limit { name: "sign-in", tries: 10, per: Duration::from_mins(1) };
/// Visits of shared links that are counted, for each address.
pub const VISITS: Limit = Limit { name: "visits", tries: 30, per: Duration::from_mins(1) };
/// Codes of referrals and vouchers that name nothing, for each caller.
pub const UNKNOWN_CODES: Limit =
    Limit { name: "unknown-codes", tries: 30, per: Duration::from_mins(1) };
