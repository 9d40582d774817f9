//! A greeting on somebody's day.

use serde::{Deserialize, Serialize};

use super::Voucher;
use crate::kernel::clock::Timestamp;

/// What a greeting says.
#[derive(Clone, Default, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Greeting {
    pub given_name: String,
    /// What the day is called, in the reader's language; empty for what needs no name.
    pub day: String,
    /// Of an anniversary: since so many years.
    pub years: i64,
    /// Of a holiday: its key, by which its reader may say no to it alone.
    pub holiday: Option<String>,
    /// Whether the day is over.
    pub late: bool,
    /// The shop's own words.
    pub message: Option<String>,
    /// A gift.
    pub points: Option<i64>,
    /// Of the points, exclusive; none where they never expire.
    pub expires_at: Option<Timestamp>,
    /// A gift.
    pub reward: Option<String>,
    pub voucher: Option<Voucher>,
    /// Where the shop shows its member what they have; none without a storefront.
    pub page_url: Option<String>,
}
