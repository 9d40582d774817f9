//! What the catalogue keeps of a person: nothing.

use platform::db::personal::{
    Fate::{self, Stays},
    Part,
};

pub const PART: Part = Part {
    tables: &[
        (
            "reward_codes",
            &[
                ("key", Stays("a code of the shop's, and whoever has it may use it")),
                ("reward_id", Fate::ID),
                ("code", Stays("a code of the shop's, and whoever has it may use it")),
                ("redemption_id", Fate::ID),
            ],
        ),
        (
            "reward_changes",
            &[("reward_id", Fate::ID), ("actor", Fate::ACTOR), ("changes", Fate::NO_MEMBERS)],
        ),
        (
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
        ),
    ],
    ..Part::EMPTY
};
