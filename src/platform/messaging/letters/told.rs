//! What became of something that the reader had said.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What such a letter says.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Told {
    pub given_name: String,
    /// When the reader said it first, where they live.
    pub said_on: Date,
    /// The reader's own words of then, and nobody else's.
    pub quote: Option<String>,
    /// What it is about, in the shop's words.
    pub title: String,
    pub body: String,
    /// Whether it is still to come.
    pub planned: bool,
    /// Where the shop is; none without a storefront.
    pub page_url: Option<String>,
}
