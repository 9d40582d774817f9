//! The register of what is known of a person. A domain that keeps anything brings its own
//! [`Part`]; this is the one place that names them all, and erasing and exporting walk it. A test
//! walks the tables of both databases, and fails where a column is nobody's.

pub mod api;
pub mod erasure;
pub mod export;

use super::{
    announcements, asks, holds, ledger, members, occasions, orders, perks, pictures, redemptions,
    referrals, reminders, rewards, segments, surveys, thanks, topics,
};
use platform::{
    auth,
    db::{
        meta,
        personal::{Fact, List, Part},
    },
    http::idempotency,
    messaging, settings,
};

/// In the order in which an export tells of them.
pub const PARTS: &[Part] = &[
    auth::personal::PART,
    members::personal::PART,
    messaging::personal::PREFERENCES,
    ledger::personal::PART,
    holds::personal::PART,
    orders::personal::PART,
    redemptions::personal::PART,
    occasions::personal::PART,
    perks::personal::PART,
    referrals::personal::PART,
    asks::personal::PART,
    surveys::personal::PART,
    surveys::answers::personal::PART,
    topics::personal::PART,
    announcements::personal::PART,
    thanks::personal::PART,
    LETTERS,
    messaging::personal::SUPPRESSIONS,
    idempotency::PART,
    rewards::personal::PART,
    pictures::personal::PART,
    reminders::personal::PART,
    segments::personal::PART,
    settings::personal::PART,
    meta::PART,
];

/// A letter's subject is rendered as it would be now, for which its floor lacks the settings.
const LETTERS: Part = Part {
    lists: &[List {
        name: "letters",
        about: None,
        page: |tx, of, after| {
            let sender = settings::service::get(tx)?.sender();
            messaging::personal::letters(tx, of, after, &sender)
        },
    }],
    ..messaging::personal::LETTERS
};

fn facts() -> impl Iterator<Item = Fact> {
    PARTS.iter().flat_map(|part| part.facts).copied()
}

fn lists() -> impl Iterator<Item = List> {
    PARTS.iter().flat_map(|part| part.lists).copied()
}
