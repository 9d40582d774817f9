//! What occasions keep of a person: nothing. Their greetings lie among the letters, their gifts
//! among the perks.

use platform::db::personal::{Fate, Part};

pub const PART: Part = Part {
    tables: &[
        ("occasions", &[("fields", Fate::NO_MEMBERS)]),
        ("occasion_progress", &[("occasion_id", Fate::ID), ("after_member", Fate::ID)]),
    ],
    ..Part::EMPTY
};
