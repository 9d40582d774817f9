//! What surveys keep of a person: nothing. What people said lies with [`super::answers`].

use platform::db::personal::{Fate, Part};

pub const PART: Part = Part {
    tables: &[(
        "surveys",
        &[
            ("kind", Fate::WORD),
            ("fields", Fate::NO_MEMBERS),
            ("state", Fate::WORD),
            ("planned_on", Fate::WORD),
            ("planned_after", Fate::ID),
            ("asked_on", Fate::WORD),
            ("asked_after", Fate::ID),
        ],
    )],
    ..Part::EMPTY
};
