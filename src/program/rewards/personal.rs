//! What the catalogue keeps of a person: nothing.

use crate::db::personal::{Fate, Part};

pub const PART: Part = Part {
    tables: &[(
        "rewards",
        &[
            ("name", Fate::NO_MEMBERS),
            ("description", Fate::NO_MEMBERS),
            ("kind", Fate::NO_MEMBERS),
            ("value_currency", Fate::NO_MEMBERS),
            ("tiers", Fate::NO_MEMBERS),
            ("state", Fate::NO_MEMBERS),
            ("terms", Fate::NO_MEMBERS),
            ("image_url", Fate::NO_MEMBERS),
        ],
    )],
    ..Part::EMPTY
};
