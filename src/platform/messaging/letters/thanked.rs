//! What people are thanked for.

use serde::{Deserialize, Serialize};

use crate::words;

words! {
    /// What somebody is thanked for: an answer by what it says, a story, a mention, a referral, word
    /// of mouth, coming to a gathering.
    pub enum ThanksCategory {
        /// Recommends, or is satisfied, or found it easy.
        Promoter = "promoter",
        Passive = "passive",
        /// Does not recommend, or is not satisfied, or found it hard.
        Detractor = "detractor",
        Story = "story",
        Mention = "mention",
        Referral = "referral",
        Word = "word",
        Gathering = "gathering",
    }
}

/// How many thanks of a category are overdue.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Overdue {
    pub category: ThanksCategory,
    pub count: i64,
}
