//! The catalogue, redemptions, perks, and the days on which members are greeted.

tables! {
    rewards (id) {
        id -> UuidSql,
        name -> Text,
        description -> Text,
        kind -> Text,
        cost_points -> BigInt,
        value_amount -> Nullable<BigInt>,
        value_currency -> Nullable<Text>,
        stock -> Nullable<BigInt>,
        per_member_limit -> Nullable<BigInt>,
        tiers -> Text,
        starts_at -> Nullable<InstantSql>,
        ends_at -> Nullable<InstantSql>,
        state -> Text,
        terms -> Nullable<Text>,
        image_url -> Nullable<Text>,
        created_at -> InstantSql,
        version -> BigInt,
        has_codes -> Bool,
        per_member_month_limit -> Nullable<BigInt>,
        per_member_year_limit -> Nullable<BigInt>,
    }

    pictures (name) {
        name -> Text,
        bytes -> Binary,
        created_at -> InstantSql,
    }

    reward_changes (reward_id, version) {
        reward_id -> UuidSql,
        version -> BigInt,
        changed_at -> InstantSql,
        actor -> Text,
        changes -> JsonSql,
    }

    reward_codes (key) {
        key -> Text,
        reward_id -> UuidSql,
        seq -> BigInt,
        code -> Text,
        uploaded_at -> InstantSql,
        redemption_id -> Nullable<UuidSql>,
        handed_out_at -> Nullable<InstantSql>,
    }

    redemptions (id) {
        id -> UuidSql,
        member_id -> UuidSql,
        reward_id -> UuidSql,
        quantity -> BigInt,
        state -> Text,
        order_ref -> Nullable<Text>,
        channel -> Nullable<Text>,
        placed_by -> Text,
        placed_at -> InstantSql,
        expires_at -> Nullable<InstantSql>,
        fulfilled_at -> Nullable<InstantSql>,
        cancelled_at -> Nullable<InstantSql>,
        used_at -> Nullable<InstantSql>,
        points -> BigInt,
        entry_seq -> Nullable<BigInt>,
        cancelled_quantity -> BigInt,
    }

    vouchers (code) {
        code -> Text,
        redemption_id -> UuidSql,
        expires_at -> InstantSql,
        voided_at -> Nullable<InstantSql>,
        used_at -> Nullable<InstantSql>,
        channel -> Nullable<Text>,
        location -> Nullable<Text>,
        reminded_at -> Nullable<InstantSql>,
        uploaded -> Nullable<Text>,
    }

    perk_lists (id) {
        id -> UuidSql,
        user_id -> UuidSql,
        budgeted -> Bool,
        cost_points -> BigInt,
        created_at -> InstantSql,
        finished_at -> Nullable<InstantSql>,
        perk -> Nullable<JsonSql>,
    }

    perk_list_lines (list_id, line) {
        list_id -> UuidSql,
        line -> BigInt,
        member_id -> Nullable<UuidSql>,
        state -> Text,
        fault -> Nullable<Text>,
        perk_id -> Nullable<UuidSql>,
    }

    occasions (id) {
        id -> UuidSql,
        fields -> JsonSql,
        active -> Bool,
        since -> InstantSql,
        version -> BigInt,
    }

    occasion_progress (occasion_id) {
        occasion_id -> UuidSql,
        done_until -> InstantSql,
        working_until -> Nullable<InstantSql>,
        place -> BigInt,
        after_member -> Nullable<UuidSql>,
        queued -> BigInt,
    }

    greeting_checks (member_id) {
        member_id -> UuidSql,
    }

    perks (id) {
        id -> UuidSql,
        member_id -> UuidSql,
        kind -> Text,
        state -> Text,
        points -> Nullable<BigInt>,
        reward_id -> Nullable<UuidSql>,
        title -> Nullable<Text>,
        reason -> Nullable<Text>,
        message -> Nullable<Text>,
        send_letter -> Bool,
        cost_points -> BigInt,
        proposed_by -> Text,
        proposed_at -> InstantSql,
        granted_by -> Nullable<Text>,
        granted_at -> Nullable<InstantSql>,
        budget_user_id -> Nullable<UuidSql>,
        entry_seq -> Nullable<BigInt>,
        redemption_id -> Nullable<UuidSql>,
        ended_by -> Nullable<Text>,
        ended_at -> Nullable<InstantSql>,
        ended_reason -> Nullable<Text>,
        taken_back_points -> Nullable<BigInt>,
        kept_points -> Nullable<BigInt>,
    }
}
