-- Vildar's tables. PostgreSQL's twin of this file has the same tables and columns;
-- a test holds both against src/db/schema.rs.

-- What the program knows of itself: the demo's mark, keys for links.
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT;

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE TABLE members (
    id BLOB PRIMARY KEY,
    email TEXT,
    email_key TEXT UNIQUE,
    given_name TEXT,
    family_name TEXT,
    locale TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    country TEXT,
    birthday TEXT,
    birthday_set_at INTEGER,
    external_id TEXT UNIQUE,
    tier TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'erased')),
    referral_code TEXT NOT NULL UNIQUE,
    marketing_consent INTEGER NOT NULL,
    enrolled_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE preferences (
    member_id BLOB NOT NULL REFERENCES members (id),
    name TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    PRIMARY KEY (member_id, name)
) STRICT;

CREATE TABLE users (
    id BLOB PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('staff', 'admin')),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;

-- realm: member or staff; subject_id: a member's or a user's id.
CREATE TABLE passwords (
    realm TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    hash TEXT NOT NULL,
    set_at INTEGER NOT NULL,
    PRIMARY KEY (realm, subject_id)
) STRICT;

CREATE TABLE sessions (
    id BLOB PRIMARY KEY,
    realm TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    started_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER
) STRICT;
CREATE INDEX sessions_by_subject ON sessions (realm, subject_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Refresh tokens by their hash; a used one that comes again ends its session.
CREATE TABLE refresh_tokens (
    hash BLOB PRIMARY KEY,
    session_id BLOB NOT NULL REFERENCES sessions (id),
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- Mailed one-time tokens by their hash; content is what the token will do.
CREATE TABLE one_time_tokens (
    hash BLOB PRIMARY KEY,
    purpose TEXT NOT NULL,
    content TEXT NOT NULL,
    expires_at INTEGER NOT NULL,
    used_at INTEGER
) STRICT;
CREATE INDEX one_time_tokens_by_end ON one_time_tokens (expires_at);

CREATE TABLE api_keys (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER,
    revoked_at INTEGER
) STRICT;

-- Keys that sign access tokens; several servers share them.
CREATE TABLE signing_keys (
    id TEXT PRIMARY KEY,
    private_der BLOB NOT NULL,
    public_key BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- One answer for each idempotency key, committed with its effect.
CREATE TABLE idempotency_keys (
    fingerprint BLOB PRIMARY KEY,
    request_hash BLOB NOT NULL,
    member_id BLOB,
    status INTEGER NOT NULL,
    body BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
CREATE INDEX idempotency_keys_by_member ON idempotency_keys (member_id) WHERE member_id IS NOT NULL;

-- The ledger. An account row is the lock of its member's points, and gives each entry its seq.
CREATE TABLE accounts (
    member_id BLOB PRIMARY KEY REFERENCES members (id),
    seq INTEGER NOT NULL,
    available INTEGER NOT NULL CHECK (available >= 0),
    pending INTEGER NOT NULL CHECK (pending >= 0),
    held INTEGER NOT NULL CHECK (held >= 0),
    debt INTEGER NOT NULL CHECK (debt >= 0),
    lifetime_earned INTEGER NOT NULL,
    lifetime_redeemed INTEGER NOT NULL,
    lifetime_expired INTEGER NOT NULL,
    next_change_at INTEGER
) STRICT;
CREATE INDEX accounts_by_next_change ON accounts (next_change_at) WHERE next_change_at IS NOT NULL;

-- The journal: only ever added to.
CREATE TABLE entries (
    member_id BLOB NOT NULL REFERENCES accounts (member_id),
    seq INTEGER NOT NULL,
    id BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    points INTEGER NOT NULL,
    balance_after INTEGER NOT NULL,
    available_at INTEGER,
    expires_at INTEGER,
    source_type TEXT,
    source_id TEXT,
    part TEXT NOT NULL,
    actor TEXT NOT NULL,
    channel TEXT,
    rule TEXT NOT NULL,
    occurred_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    PRIMARY KEY (member_id, seq)
) STRICT;
CREATE UNIQUE INDEX entries_by_source ON entries (member_id, source_id, source_type, kind, part)
    WHERE source_type IS NOT NULL;
CREATE INDEX entries_adjusted_by ON entries (actor, recorded_at) WHERE kind = 'adjust';

-- What people wrote about an entry; erasure empties it.
CREATE TABLE entry_notes (
    member_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (member_id, seq),
    FOREIGN KEY (member_id, seq) REFERENCES entries (member_id, seq)
) STRICT;

-- What a credit opened and debits consume; seq is the entry that opened it.
CREATE TABLE lots (
    member_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    points INTEGER NOT NULL CHECK (points > 0),
    remaining INTEGER NOT NULL CHECK (remaining BETWEEN 0 AND points),
    available_at INTEGER NOT NULL,
    expires_at INTEGER,
    matured INTEGER NOT NULL,
    PRIMARY KEY (member_id, seq),
    FOREIGN KEY (member_id, seq) REFERENCES entries (member_id, seq)
) STRICT;
CREATE INDEX lots_open ON lots (member_id, expires_at, seq) WHERE remaining > 0;

-- What a clawback could not find; paid by later credits. seq is the clawback's entry.
CREATE TABLE debts (
    member_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    points INTEGER NOT NULL CHECK (points > 0),
    remaining INTEGER NOT NULL CHECK (remaining BETWEEN 0 AND points),
    PRIMARY KEY (member_id, seq),
    FOREIGN KEY (member_id, seq) REFERENCES entries (member_id, seq)
) STRICT;

-- Which debit took how much from which lot; negative where a reversal gave back.
-- cause_seq is the entry in whose posting it happened (a later credit, where it paid a debt).
CREATE TABLE allocations (
    member_id BLOB NOT NULL,
    debit_seq INTEGER NOT NULL,
    lot_seq INTEGER NOT NULL,
    cause_seq INTEGER NOT NULL,
    points INTEGER NOT NULL CHECK (points <> 0),
    PRIMARY KEY (member_id, debit_seq, lot_seq, cause_seq),
    FOREIGN KEY (member_id, debit_seq) REFERENCES entries (member_id, seq),
    FOREIGN KEY (member_id, lot_seq) REFERENCES lots (member_id, seq)
) STRICT;
CREATE INDEX allocations_by_lot ON allocations (member_id, lot_seq);

CREATE TABLE orders (
    id BLOB PRIMARY KEY,
    external_id TEXT NOT NULL UNIQUE,
    member_id BLOB NOT NULL REFERENCES members (id),
    amount INTEGER NOT NULL CHECK (amount >= 0),
    currency TEXT NOT NULL,
    channel TEXT,
    content_hash BLOB NOT NULL,
    cancelled_at INTEGER,
    entry_seq INTEGER,
    earned_points INTEGER NOT NULL,
    available_at INTEGER,
    expires_at INTEGER,
    refunded_amount INTEGER NOT NULL CHECK (refunded_amount BETWEEN 0 AND amount),
    clawed_points INTEGER NOT NULL CHECK (clawed_points BETWEEN 0 AND earned_points),
    excused_points INTEGER NOT NULL,
    placed_at INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX orders_by_member ON orders (member_id, id);

CREATE TABLE order_lines (
    order_id BLOB PRIMARY KEY REFERENCES orders (id),
    lines TEXT NOT NULL
) STRICT;

CREATE TABLE refunds (
    id BLOB PRIMARY KEY,
    order_id BLOB NOT NULL REFERENCES orders (id),
    external_id TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    clawed_points INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    UNIQUE (order_id, external_id)
) STRICT;

CREATE TABLE rewards (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    kind TEXT NOT NULL,
    cost_points INTEGER NOT NULL CHECK (cost_points > 0),
    value_amount INTEGER,
    value_currency TEXT,
    stock INTEGER CHECK (stock >= 0),
    per_member_limit INTEGER CHECK (per_member_limit > 0),
    tiers TEXT NOT NULL,
    starts_at INTEGER,
    ends_at INTEGER,
    state TEXT NOT NULL,
    terms TEXT,
    image_url TEXT,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE redemptions (
    id BLOB PRIMARY KEY,
    member_id BLOB NOT NULL REFERENCES members (id),
    reward_id BLOB NOT NULL REFERENCES rewards (id),
    quantity INTEGER NOT NULL CHECK (quantity > 0),
    points INTEGER NOT NULL CHECK (points > 0),
    state TEXT NOT NULL,
    order_ref TEXT,
    channel TEXT,
    entry_seq INTEGER NOT NULL,
    placed_by TEXT NOT NULL,
    placed_at INTEGER NOT NULL,
    expires_at INTEGER,
    fulfilled_at INTEGER,
    cancelled_at INTEGER,
    used_at INTEGER
) STRICT;
CREATE INDEX redemptions_by_member ON redemptions (member_id, id);
CREATE UNIQUE INDEX redemptions_by_order ON redemptions (member_id, order_ref, reward_id)
    WHERE order_ref IS NOT NULL;
CREATE INDEX redemptions_by_expiry ON redemptions (expires_at) WHERE state = 'placed';

CREATE TABLE vouchers (
    code TEXT PRIMARY KEY,
    redemption_id BLOB NOT NULL UNIQUE REFERENCES redemptions (id),
    expires_at INTEGER NOT NULL,
    voided_at INTEGER,
    used_at INTEGER,
    channel TEXT,
    location TEXT
) STRICT;

CREATE TABLE referrals (
    id BLOB PRIMARY KEY,
    referrer_id BLOB NOT NULL REFERENCES members (id),
    referee_id BLOB NOT NULL UNIQUE REFERENCES members (id),
    code TEXT NOT NULL,
    state TEXT NOT NULL,
    joined_at INTEGER NOT NULL,
    qualified_at INTEGER,
    rewarded_at INTEGER
) STRICT;
CREATE INDEX referrals_by_referrer ON referrals (referrer_id, id);

-- The outbox: a letter is queued in the transaction that caused it.
CREATE TABLE letters (
    id BLOB PRIMARY KEY,
    member_id BLOB REFERENCES members (id),
    to_address TEXT NOT NULL,
    to_name TEXT,
    template TEXT NOT NULL,
    locale TEXT NOT NULL,
    context TEXT NOT NULL,
    preference TEXT,
    dedupe_key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'suppressed')),
    attempts INTEGER NOT NULL,
    next_attempt_at INTEGER NOT NULL,
    lease_until INTEGER,
    lease_token BLOB,
    queued_at INTEGER NOT NULL,
    sent_at INTEGER,
    last_error TEXT
) STRICT;
CREATE INDEX letters_due ON letters (next_attempt_at) WHERE state IN ('queued', 'sending');
CREATE INDEX letters_by_member ON letters (member_id, id);

-- The journal and its allocations are only ever added to.
CREATE TRIGGER entries_stand_updates BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to: UPDATE on entries refused'); END;
CREATE TRIGGER entries_stand_deletes BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to: DELETE on entries refused'); END;
CREATE TRIGGER allocations_stand_updates BEFORE UPDATE ON allocations
BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to: UPDATE on allocations refused'); END;
CREATE TRIGGER allocations_stand_deletes BEFORE DELETE ON allocations
BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to: DELETE on allocations refused'); END;
