//! The tables, as diesel sees them on both databases. Kept by hand: `print_schema` names types
//! differently on each; a test holds this file against both.

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

    members (id) {
        id -> UuidSql,
        email -> Nullable<Text>,
        email_key -> Nullable<Text>,
        given_name -> Nullable<Text>,
        family_name -> Nullable<Text>,
        locale -> Text,
        time_zone -> Text,
        country -> Nullable<Text>,
        birthday -> Nullable<Text>,
        birthday_set_at -> Nullable<InstantSql>,
        external_id -> Nullable<Text>,
        tier -> Text,
        status -> Text,
        referral_code -> Text,
        marketing_consent -> Bool,
        enrolled_at -> InstantSql,
        version -> BigInt,
        email_alike -> Nullable<Text>,
    }

    member_hints (kind, hash, member_id) {
        member_id -> UuidSql,
        kind -> Text,
        hash -> Binary,
        seen_at -> InstantSql,
    }

    status_changes (member_id, version) {
        member_id -> UuidSql,
        version -> BigInt,
        old_status -> Text,
        new_status -> Text,
        actor -> Text,
        changed_at -> InstantSql,
    }

    status_notes (member_id, version) {
        member_id -> UuidSql,
        version -> BigInt,
        reason -> Text,
    }

    member_tags (member_id, tag) {
        member_id -> UuidSql,
        tag -> Text,
    }

    consents (id) {
        id -> UuidSql,
        member_id -> UuidSql,
        given -> Bool,
        wording -> Nullable<Text>,
        place -> Text,
        actor -> Text,
        recorded_at -> InstantSql,
    }

    suppressions (id) {
        id -> UuidSql,
        email_key -> Text,
        reason -> Text,
        detail -> Nullable<Text>,
        created_at -> InstantSql,
    }

    preferences (member_id, name) {
        member_id -> UuidSql,
        name -> Text,
        enabled -> Bool,
    }

    users (id) {
        id -> UuidSql,
        email -> Text,
        email_key -> Text,
        name -> Text,
        role -> Text,
        created_at -> InstantSql,
        version -> BigInt,
    }

    passwords (realm, subject_id) {
        realm -> Text,
        subject_id -> UuidSql,
        hash -> Text,
        set_at -> InstantSql,
    }

    known_devices (realm, subject_id, fingerprint) {
        realm -> Text,
        subject_id -> UuidSql,
        fingerprint -> Binary,
        seen_at -> InstantSql,
    }

    reminder_progress (name) {
        name -> Text,
        at -> InstantSql,
        after_id -> Nullable<UuidSql>,
    }

    sessions (id) {
        id -> UuidSql,
        realm -> Text,
        subject_id -> UuidSql,
        started_at -> InstantSql,
        expires_at -> InstantSql,
        ended_at -> Nullable<InstantSql>,
    }

    refresh_tokens (hash) {
        hash -> Binary,
        session_id -> UuidSql,
        expires_at -> InstantSql,
        used_at -> Nullable<InstantSql>,
    }

    one_time_tokens (hash) {
        hash -> Binary,
        purpose -> Text,
        content -> JsonSql,
        expires_at -> InstantSql,
        used_at -> Nullable<InstantSql>,
    }

    api_keys (id) {
        id -> UuidSql,
        name -> Text,
        hash -> Binary,
        scopes -> Text,
        created_at -> InstantSql,
        expires_at -> Nullable<InstantSql>,
        revoked_at -> Nullable<InstantSql>,
    }

    signing_keys (id) {
        id -> Text,
        private_der -> Binary,
        public_key -> Binary,
        created_at -> InstantSql,
    }

    idempotency_keys (fingerprint) {
        fingerprint -> Binary,
        request_hash -> Binary,
        member_id -> Nullable<UuidSql>,
        status -> SmallInt,
        body -> Binary,
        created_at -> InstantSql,
    }

    idempotency_members (member_id, fingerprint) {
        member_id -> UuidSql,
        fingerprint -> Binary,
    }

    accounts (member_id) {
        member_id -> UuidSql,
        seq -> BigInt,
        available -> BigInt,
        pending -> BigInt,
        held -> BigInt,
        debt -> BigInt,
        lifetime_earned -> BigInt,
        lifetime_redeemed -> BigInt,
        lifetime_expired -> BigInt,
        next_change_at -> Nullable<InstantSql>,
        hold_seq -> BigInt,
    }

    entries (member_id, seq) {
        member_id -> UuidSql,
        seq -> BigInt,
        id -> UuidSql,
        kind -> Text,
        points -> BigInt,
        balance_after -> BigInt,
        available_at -> Nullable<InstantSql>,
        expires_at -> Nullable<InstantSql>,
        source_type -> Nullable<Text>,
        source_id -> Nullable<Text>,
        part -> Text,
        actor -> Text,
        channel -> Nullable<Text>,
        rule -> JsonSql,
        occurred_at -> InstantSql,
        recorded_at -> InstantSql,
    }

    entry_notes (member_id, seq) {
        member_id -> UuidSql,
        seq -> BigInt,
        reason -> Text,
    }

    lots (member_id, seq) {
        member_id -> UuidSql,
        seq -> BigInt,
        points -> BigInt,
        remaining -> BigInt,
        available_at -> InstantSql,
        expires_at -> Nullable<InstantSql>,
        matured -> Bool,
    }

    debts (member_id, seq) {
        member_id -> UuidSql,
        seq -> BigInt,
        points -> BigInt,
        remaining -> BigInt,
        cancelled -> BigInt,
        while_held -> Bool,
    }

    allocations (member_id, debit_seq, lot_seq, cause_seq) {
        member_id -> UuidSql,
        debit_seq -> BigInt,
        lot_seq -> BigInt,
        cause_seq -> BigInt,
        points -> BigInt,
    }

    holds (id) {
        id -> UuidSql,
        member_id -> UuidSql,
        seq -> BigInt,
        order_ref -> Text,
        points -> BigInt,
        captured_points -> BigInt,
        state -> Text,
        entry_seq -> Nullable<BigInt>,
        placed_by -> Text,
        placed_at -> InstantSql,
        expires_at -> InstantSql,
        ended_at -> Nullable<InstantSql>,
    }

    hold_parts (hold_id, lot_seq) {
        hold_id -> UuidSql,
        lot_seq -> BigInt,
        member_id -> UuidSql,
        points -> BigInt,
    }

    expiries (member_id, expires_at) {
        member_id -> UuidSql,
        expires_at -> InstantSql,
        points -> BigInt,
    }

    orders (id) {
        id -> UuidSql,
        external_id -> Text,
        member_id -> UuidSql,
        amount -> BigInt,
        currency -> Text,
        channel -> Nullable<Text>,
        content_hash -> Binary,
        cancelled_at -> Nullable<InstantSql>,
        entry_seq -> Nullable<BigInt>,
        earned_points -> BigInt,
        available_at -> Nullable<InstantSql>,
        expires_at -> Nullable<InstantSql>,
        refunded_amount -> BigInt,
        clawed_points -> BigInt,
        excused_points -> BigInt,
        placed_at -> InstantSql,
        recorded_at -> InstantSql,
    }

    order_lines (order_id) {
        order_id -> UuidSql,
        lines -> JsonSql,
    }

    refunds (id) {
        id -> UuidSql,
        order_id -> UuidSql,
        external_id -> Text,
        amount -> BigInt,
        clawed_points -> BigInt,
        recorded_at -> InstantSql,
    }

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
    letters,
);
