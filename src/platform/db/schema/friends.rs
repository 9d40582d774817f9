//! Referrals.

tables! {
    referrals (id) {
        id -> UuidSql,
        referrer_id -> UuidSql,
        referee_id -> UuidSql,
        code -> Text,
        state -> Text,
        joined_at -> InstantSql,
        qualified_at -> Nullable<InstantSql>,
        rewarded_at -> Nullable<InstantSql>,
        attribution -> Text,
        terms -> JsonSql,
        lapses_at -> InstantSql,
        order_id -> Nullable<UuidSql>,
        payable_at -> Nullable<InstantSql>,
        waits_for -> Nullable<Text>,
        came_from -> Nullable<Text>,
        case_id -> Nullable<UuidSql>,
        decided_by -> Nullable<Text>,
        decided_at -> Nullable<InstantSql>,
        decision_reason -> Nullable<Text>,
        appealed_at -> Nullable<InstantSql>,
        appeal_reason -> Nullable<Text>,
        ended_at -> Nullable<InstantSql>,
        due_at -> Nullable<InstantSql>,
    }

    referral_flags (referral_id, code, link) {
        referral_id -> UuidSql,
        code -> Text,
        link -> Text,
        other_id -> Nullable<UuidSql>,
        weight -> BigInt,
        found_at -> InstantSql,
        cleared_at -> Nullable<InstantSql>,
    }

    referral_payouts (id) {
        id -> UuidSql,
        referral_id -> UuidSql,
        member_id -> UuidSql,
        part -> Text,
        step -> Nullable<BigInt>,
        points -> BigInt,
        entry_seq -> Nullable<BigInt>,
        perk_id -> Nullable<UuidSql>,
        paid_at -> InstantSql,
        reversed_at -> Nullable<InstantSql>,
    }

    referral_touches (id) {
        id -> UuidSql,
        member_id -> UuidSql,
        kind -> Text,
        channel -> Nullable<Text>,
        touched_at -> InstantSql,
    }

    vanity_codes (skeleton) {
        skeleton -> Text,
        member_id -> UuidSql,
        code -> Text,
        set_at -> InstantSql,
        retired_at -> Nullable<InstantSql>,
    }

    referral_sharers (member_id) {
        member_id -> UuidSql,
        on_leaderboard -> Bool,
    }
}
