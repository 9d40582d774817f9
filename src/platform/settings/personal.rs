//! What the settings keep of a person: nothing.

use crate::db::personal::{Fate, Part};

pub const PART: Part = Part {
    tables: &[("settings", &[("key", Fate::NO_MEMBERS), ("value", Fate::NO_MEMBERS)])],
    ..Part::EMPTY
};
