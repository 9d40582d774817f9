//! The tables, as diesel sees them on both databases. Kept by hand: `print_schema` names types
//! differently on each; a test holds these files against both.

/// Each table with the SQL types in reach.
macro_rules! tables {
    ($($name:ident ($($key:ident),+) { $($column:ident -> $sql_type:ty,)+ })+) => {$(
        diesel::table! {
            use diesel::sql_types::{BigInt, Binary, Bool, Nullable, SmallInt, Text};
            use crate::db::types::{InstantSql, JsonSql, UuidSql};

            $name ($($key),+) { $($column -> $sql_type,)+ }
        }
    )+};
}

mod access;
mod catalogue;
mod friends;
mod listening;
mod people;
mod points;

pub use access::*;
pub use catalogue::*;
pub use friends::*;
pub use listening::*;
pub use people::*;
pub use points::*;

tables! {
    meta (name) {
        name -> Text,
        value -> Binary,
    }

    settings (key) {
        key -> Text,
        value -> JsonSql,
        updated_at -> InstantSql,
    }

    letters (id) {
        id -> UuidSql,
        member_id -> Nullable<UuidSql>,
        to_address -> Text,
        to_name -> Nullable<Text>,
        template -> Text,
        locale -> Text,
        context -> JsonSql,
        preference -> Nullable<Text>,
        dedupe_key -> Text,
        state -> Text,
        attempts -> BigInt,
        next_attempt_at -> InstantSql,
        lease_until -> Nullable<InstantSql>,
        lease_token -> Nullable<UuidSql>,
        queued_at -> InstantSql,
        sent_at -> Nullable<InstantSql>,
        last_error -> Nullable<Text>,
        lost -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(
    meta,
    settings,
    members,
    status_changes,
    status_notes,
    member_tags,
    member_words,
    preferences,
    users,
    passwords,
    sessions,
    refresh_tokens,
    one_time_tokens,
    api_keys,
    signing_keys,
    idempotency_keys,
    idempotency_members,
    accounts,
    entries,
    entry_notes,
    lots,
    debts,
    allocations,
    holds,
    hold_parts,
    expiries,
    orders,
    order_lines,
    refunds,
    rewards,
    pictures,
    reward_changes,
    reward_codes,
    redemptions,
    perk_lists,
    perk_list_lines,
    occasions,
    occasion_progress,
    greeting_checks,
    consents,
    known_devices,
    reminder_progress,
    suppressions,
    perks,
    vouchers,
    referrals,
    referral_flags,
    referral_payouts,
    referral_touches,
    referral_sharers,
    vanity_codes,
    member_hints,
    segments,
    surveys,
    asks,
    answers,
    answer_versions,
    thanks,
    topics,
    topic_links,
    announcements,
    announcement_topics,
    announcement_letters,
    topic_told,
    letters,
);
