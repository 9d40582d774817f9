//! What pictures keep of a member: nothing.

use platform::db::personal::{Fate, Part};

pub const PART: Part = Part {
    tables: &[("pictures", &[("name", Fate::NO_MEMBERS), ("bytes", Fate::NO_MEMBERS)])],
    ..Part::EMPTY
};
