//! What pictures keep of a member: nothing.

use crate::db::personal::{Fate, Part};

pub const PART: Part = Part {
    tables: &[("pictures", &[("name", Fate::NO_MEMBERS), ("bytes", Fate::NO_MEMBERS)])],
    ..Part::EMPTY
};
