//! What segments keep of a person: nothing. Who is in one is found out when it is asked.

use platform::db::personal::{Fate, Part};

pub const PART: Part = Part {
    tables: &[("segments", &[("name", Fate::NO_MEMBERS), ("definition", Fate::NO_MEMBERS)])],
    ..Part::EMPTY
};
