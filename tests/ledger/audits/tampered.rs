//! What is done to a good ledger.

/// What is done to a good ledger, and what the audit must say among other things.
pub const TAMPERED: &[(&str, &str)] = &[
    ("UPDATE accounts SET available = available + 1", "available"),
    ("UPDATE accounts SET pending = pending + 1", "pending"),
    ("UPDATE accounts SET debt = debt + 1", "debt"),
    ("UPDATE accounts SET held = held + 1", "available + pending + held - debt"),
    ("UPDATE accounts SET seq = seq + 1", "seq of the account"),
    ("UPDATE accounts SET lifetime_earned = lifetime_earned + 1", "lifetime_earned"),
    ("UPDATE accounts SET lifetime_redeemed = lifetime_redeemed + 1", "lifetime_redeemed"),
    ("UPDATE accounts SET lifetime_expired = lifetime_expired + 1", "lifetime_expired"),
    ("UPDATE accounts SET next_change_at = NULL", "next_change_at"),
    ("UPDATE lots SET remaining = remaining - 1 WHERE remaining > 0", "remaining of lot 1"),
    ("UPDATE lots SET points = points + 1", "points of lot 1"),
    ("UPDATE lots SET expires_at = available_at WHERE seq = 1", "expires_at of lot 1"),
    ("UPDATE debts SET remaining = remaining - 1", "remaining of debt 2"),
    ("UPDATE debts SET points = points + 1", "taken by entry 2"),
    ("DELETE FROM debts", "taken by entry 2"),
    ("INSERT INTO allocations SELECT member_id, 2, 1, 3, 5 FROM debts", "remaining of debt 2"),
    (
        "INSERT INTO allocations SELECT member_id, 3, 1, 2, -80 FROM debts",
        "given back to lot 1 beyond what 3 took",
    ),
    (
        "INSERT INTO allocations SELECT member_id, 3, 1, 77, 1 FROM debts",
        "allocation 3, 1, 77 has its rows",
    ),
    (
        "INSERT INTO entries (member_id, seq, id, kind, points, balance_after, part, actor, rule, \
         occurred_at, recorded_at) SELECT member_id, 99, member_id, 'earn', 1, 1, '', '', rule, \
         occurred_at, recorded_at FROM entries WHERE seq = 2",
        "the entry after 3",
    ),
    (
        "INSERT INTO members (id, locale, time_zone, tier, status, referral_code, \
         marketing_consent, enrolled_at, version) SELECT id, 'en', 'UTC', 'member', 'active', \
         'x', FALSE, recorded_at, 1 FROM entries WHERE seq = 4",
        "the account of members",
    ),
];

/// The same for holds, what expires when, and debts that are owed no more.
pub const HOLDS_TAMPERED: &[(&str, &str)] = &[
    ("UPDATE accounts SET held = held + 1, available = available - 1 WHERE held > 0", "held"),
    ("UPDATE accounts SET hold_seq = hold_seq + 1", "hold_seq of the account"),
    ("UPDATE holds SET points = points + 1 WHERE state = 'live'", "held"),
    ("UPDATE holds SET points = points + 1 WHERE state = 'released'", "points of hld_"),
    ("UPDATE holds SET state = 'released' WHERE state = 'live'", "held"),
    ("UPDATE holds SET state = 'live' WHERE state = 'released'", "held"),
    ("UPDATE holds SET state = 'live' WHERE state = 'captured'", "the state of hld_"),
    ("UPDATE holds SET state = 'released' WHERE state = 'captured'", "the state of hld_"),
    ("UPDATE holds SET state = 'captured' WHERE state = 'released'", "the state of hld_"),
    ("UPDATE holds SET state = 'expired' WHERE state = 'released'", "the end of hld_"),
    ("UPDATE holds SET state = 'released' WHERE state = 'expired'", "the end of hld_"),
    ("UPDATE holds SET ended_at = NULL WHERE state = 'captured'", "the end of hld_"),
    ("UPDATE holds SET ended_at = placed_at WHERE state = 'live'", "the end of hld_"),
    (
        "UPDATE holds SET captured_points = captured_points + 1 WHERE state = 'captured'",
        "captured of hld_",
    ),
    (
        "UPDATE holds SET captured_points = captured_points - 1 WHERE state = 'captured'",
        "captured of hld_",
    ),
    ("UPDATE holds SET entry_seq = NULL WHERE state = 'captured'", "captured of hld_"),
    ("UPDATE holds SET entry_seq = 1 WHERE state = 'released'", "the state of hld_"),
    ("UPDATE holds SET expires_at = placed_at WHERE state = 'live'", "next_change_at"),
    ("UPDATE holds SET seq = seq + 9 WHERE seq = 4", "hold_seq of the account"),
    ("UPDATE holds SET seq = -seq WHERE state = 'captured'", "the hold after 0"),
    ("UPDATE hold_parts SET points = points + 1", "points of hld_"),
    ("DELETE FROM hold_parts", "points of hld_"),
    ("DELETE FROM hold_parts; DELETE FROM holds", "hold_seq of the account"),
    ("UPDATE expiries SET points = points + 1", "what expires at"),
    ("DELETE FROM expiries", "what expires at"),
    (
        "INSERT INTO expiries SELECT member_id, occurred_at, 7 FROM entries WHERE seq = 1",
        "what expires at",
    ),
    (
        "INSERT INTO expiries SELECT member_id, occurred_at, 0 FROM entries WHERE seq = 1",
        "rows of what expires at",
    ),
    ("UPDATE debts SET cancelled = cancelled - 1 WHERE cancelled > 0", "remaining of debt 3"),
    ("UPDATE debts SET cancelled = cancelled + 1", "remaining of debt"),
    (
        "UPDATE debts SET cancelled = cancelled - 1, remaining = 1 WHERE cancelled > 0",
        "debts that were undone",
    ),
    (
        "UPDATE debts SET cancelled = cancelled + 1, points = points + 1 WHERE cancelled > 0",
        "taken by entry 3",
    ),
    // a payment by a hold that there is not
    (
        "INSERT INTO allocations SELECT member_id, 2, 1, -9, 1 FROM debts WHERE cancelled = 0",
        "allocation 2, 1, -9 has its rows",
    ),
];

/// The same for what entries say of themselves, and what can't be read.
pub const ENTRIES_TAMPERED: &[(&str, &str)] = &[
    ("UPDATE entries SET kind = 'nonsense' WHERE seq = 2", "kind of entry 2"),
    ("UPDATE entries SET rule = '\"nonsense\"' WHERE seq = 1", "rule of entry 1"),
    ("UPDATE entries SET rule = '{\"rule\": \"earn\", \"given\": 7}'", "rule of entry 1"),
    ("UPDATE entries SET occurred_at = occurred_at{later}", "occurred_at of entry 1"),
    ("UPDATE entries SET recorded_at = recorded_at{a second later}", "recorded_at of entry 1"),
    ("UPDATE entries SET recorded_at = occurred_at{a second earlier}", "recorded_at of entry 1"),
    (
        "UPDATE entries SET available_at = occurred_at WHERE seq = 2",
        "dates of the points of entry 2",
    ),
    ("UPDATE entries SET expires_at = occurred_at WHERE seq = 2", "dates of the points of entry 2"),
    (
        "UPDATE entries SET occurred_at = occurred_at{earlier} WHERE kind = 'expire'",
        "occurred_at of expiry 3",
    ),
    (
        "UPDATE entries SET occurred_at = occurred_at{earlier} WHERE kind = 'expire'",
        "occurred_at of expiry 2",
    ),
    (
        "UPDATE entries SET rule = '{\"rule\": \"expiry\", \"lot_seq\": 2}' WHERE kind = 'expire'",
        "the lot of expiry 3",
    ),
    (
        "UPDATE entries SET rule = '{\"rule\": \"expiry\", \"lot_seq\": 1}' WHERE kind = 'redeem'",
        "the kind of entry 2, by its rule",
    ),
    (
        "UPDATE entries SET rule = '{\"rule\": \"refund\", \"order\": \"o\", \"due\": 51, \
         \"excused\": 0, \"forgiven\": 0, \"debt\": 50}' WHERE kind = 'clawback'",
        "what clawback 3 took, by its rule",
    ),
    (
        "UPDATE entries SET rule = '{\"rule\": \"refund\", \"order\": \"o\", \"due\": 50, \
         \"excused\": 0, \"forgiven\": 0, \"debt\": 49}' WHERE kind = 'clawback'",
        "the debt of clawback 3, by its rule",
    ),
    (
        "UPDATE entries SET rule = '{\"rule\": \"refund\", \"order\": \"o\", \"due\": 49, \
         \"excused\": -1, \"forgiven\": 0, \"debt\": 50}' WHERE kind = 'clawback'",
        "the numbers of rule 3",
    ),
    (
        "UPDATE entries SET kind = 'adjust' WHERE kind = 'clawback'",
        "the kind of entry 3, by its rule",
    ),
    ("UPDATE entries SET source_id = NULL WHERE kind = 'expire'", "the source of entry 3"),
    ("UPDATE entries SET points = 9223372036854775807", "balance_after of entry 1"),
    ("UPDATE entries SET seq = 9223372036854775807 WHERE seq = 3", "the entry after 2"),
    ("UPDATE holds SET state = 'nonsense'", "state of hld_"),
    ("UPDATE holds SET ended_at = ended_at{later} WHERE state = 'captured'", "ended_at of hld_"),
    ("UPDATE holds SET ended_at = {never} WHERE state = 'captured'", "ended_at of hld_"),
    ("UPDATE lots SET available_at = {never}", "available_at of lot 1"),
    ("UPDATE accounts SET next_change_at = {never}", "next_change_at"),
];

/// What PostgreSQL's columns can't hold.
pub const ON_SQLITE: &[(&str, &str)] = &[
    ("UPDATE lots SET matured = 2", "matured of lot 1"),
    ("UPDATE lots SET matured = -1 WHERE remaining = 0", "matured of lot 1"),
    ("UPDATE entries SET rule = 'no JSON' WHERE seq = 2", "rule of entry 2"),
    ("UPDATE entries SET id = x'00' WHERE kind = 'clawback'", "the rows"),
];
