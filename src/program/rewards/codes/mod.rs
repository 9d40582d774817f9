//! Codes that the shop uploads for a reward, from whoever sells the thing: each is handed out once,
//! as the code of a voucher, and never again, even where its redemption is cancelled. They are
//! money: no log and no answer names one.

pub mod api;
mod reading;
pub mod service;
mod store;

use serde::Serialize;
use utoipa::ToSchema;

pub use reading::{Line, List, read};

use platform::{http::Reply, kernel::id::MemberId, words};

words! {
    /// Why a line of a list was not taken.
    pub enum Flaw {
        Blank = "blank",
        NotUtf8 = "not_utf8",
        SeveralColumns = "several_columns",
        NotACode = "not_a_code",
        Ambiguous = "ambiguous",
        Duplicate = "duplicate",
        AlreadyThere = "already_there",
        Taken = "taken",
    }
}

impl Flaw {
    /// In words, for whoever made the list.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Blank => "is blank",
            Self::NotUtf8 => "is not UTF-8: save the file as UTF-8, not as Latin-1 or Windows-1252",
            Self::SeveralColumns => "has more than one column: a line is one code",
            Self::NotACode => {
                "must have 4 to 64 letters A-Z and digits; hyphens, dots and spaces may part them"
            }
            Self::Ambiguous => {
                "is as long as the program's own codes and would be told to be mistyped"
            }
            Self::Duplicate => "reads like a code further up in this list",
            Self::AlreadyThere => "is in this reward's list already",
            Self::Taken => "reads like another reward's code, or a voucher's",
        }
    }
}

/// How many codes a reward has.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = CodeCounts)]
pub struct Counts {
    /// Of all lists that were uploaded.
    #[schema(example = 1000)]
    pub uploaded: i64,
    #[schema(example = 12)]
    pub handed_out: i64,
    #[schema(example = 988)]
    pub left: i64,
}

/// A line that was not taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CodeError {
    /// Counted from 1, the header too; in JSON the place in `codes`.
    pub line: usize,
    pub code: Flaw,
    pub message: &'static str,
}

/// What became of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UploadedCodes {
    /// How many codes were added.
    pub taken: usize,
    /// How many lines were not, for whatever reason.
    pub not_taken: usize,
    /// The first thousand of those.
    pub errors: Vec<CodeError>,
    /// What the reward has now.
    #[serde(flatten)]
    pub counts: Counts,
}

impl Reply for UploadedCodes {
    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}
