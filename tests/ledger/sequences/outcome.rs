//! What comes of a posting, as far as the model tells it.

use platform::kernel::error::Refusal;
use program::ledger::{Answer, HoldState};

/// What the model says comes of a posting.
#[derive(Debug, PartialEq)]
pub enum Expected {
    Done(Done),
    Short {
        shortfall: i64,
    },
    Conflict,
    NotFound,
    /// It can't become that.
    Over,
    /// More than is held.
    TooMuch,
}

#[derive(Debug, Default, PartialEq)]
pub struct Done {
    pub entry: Option<i64>,
    pub repeated: bool,
    pub excused: i64,
    /// Its number, state, and what was captured.
    pub hold: Option<(usize, HoldState, i64)>,
}

impl Expected {
    pub fn entry(seq: i64) -> Self {
        Self::Done(Done { entry: Some(seq), ..Done::default() })
    }

    pub fn again(seq: i64) -> Self {
        Self::Done(Done { entry: Some(seq), repeated: true, ..Done::default() })
    }
}

impl From<&Answer> for Expected {
    fn from(answer: &Answer) -> Self {
        match answer {
            Ok(posted) => Self::Done(Done {
                entry: posted.entry.as_ref().map(|entry| entry.seq),
                repeated: posted.repeated,
                excused: posted.excused,
                hold: posted.hold.as_ref().map(|hold| {
                    (usize::try_from(hold.seq).unwrap(), hold.state, hold.captured_points)
                }),
            }),
            Err(Refusal::InsufficientPoints { shortfall }) => Self::Short { shortfall: *shortfall },
            Err(Refusal::SourceConflict(_)) => Self::Conflict,
            Err(Refusal::NotFound { .. }) => Self::NotFound,
            Err(Refusal::InvalidTransition { .. }) => Self::Over,
            Err(Refusal::Invalid { .. }) => Self::TooMuch,
            Err(other) => panic!("{other}"),
        }
    }
}
