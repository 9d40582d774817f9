//! What reminders keep of a person: nothing but how far they came.

use platform::db::personal::{Fate, Part};

pub const PART: Part = Part {
    tables: &[("reminder_progress", &[("name", Fate::NO_MEMBERS), ("after_id", Fate::ID)])],
    ..Part::EMPTY
};
