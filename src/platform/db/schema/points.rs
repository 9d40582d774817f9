//! The ledger, holds, and the orders that earn.

tables! {
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

    entry_notes (entry_id) {
        entry_id -> UuidSql,
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
        fulfilled_at -> Nullable<InstantSql>,
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
}
