-- Vildar's tables. SQLite's twin of this file has the same tables and columns;
-- a test holds both against src/db/schema.rs.

-- What the program knows of itself: the demo's mark, keys for links.
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value JSONB NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE members (
    id UUID PRIMARY KEY,
    email TEXT,
    email_key TEXT UNIQUE,
    given_name TEXT,
    family_name TEXT,
    locale TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    country TEXT,
    birthday TEXT,
    birthday_set_at TIMESTAMPTZ,
    external_id TEXT UNIQUE,
    tier TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'suspended', 'erased')),
    referral_code TEXT NOT NULL UNIQUE,
    marketing_consent BOOLEAN NOT NULL,
    enrolled_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE preferences (
    member_id UUID NOT NULL REFERENCES members (id),
    name TEXT NOT NULL,
    enabled BOOLEAN NOT NULL,
    PRIMARY KEY (member_id, name)
);

CREATE TABLE users (
    id UUID PRIMARY KEY,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('staff', 'admin')),
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);

-- realm: member or staff; subject_id: a member's or a user's id.
CREATE TABLE passwords (
    realm TEXT NOT NULL,
    subject_id UUID NOT NULL,
    hash TEXT NOT NULL,
    set_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (realm, subject_id)
);

CREATE TABLE sessions (
    id UUID PRIMARY KEY,
    realm TEXT NOT NULL,
    subject_id UUID NOT NULL,
    started_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ
);
CREATE INDEX sessions_by_subject ON sessions (realm, subject_id);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Refresh tokens by their hash; a used one that comes again ends its session.
CREATE TABLE refresh_tokens (
    hash BYTEA PRIMARY KEY,
    session_id UUID NOT NULL REFERENCES sessions (id),
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- Mailed one-time tokens by their hash; content is what the token will do.
CREATE TABLE one_time_tokens (
    hash BYTEA PRIMARY KEY,
    purpose TEXT NOT NULL,
    content JSONB NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);
CREATE INDEX one_time_tokens_by_end ON one_time_tokens (expires_at);

CREATE TABLE api_keys (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    hash BYTEA NOT NULL UNIQUE,
    scopes TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ
);

-- Keys that sign access tokens; several servers share them.
CREATE TABLE signing_keys (
    id TEXT PRIMARY KEY,
    private_der BYTEA NOT NULL,
    public_key BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

-- One answer for each idempotency key, committed with its effect.
CREATE TABLE idempotency_keys (
    fingerprint BYTEA PRIMARY KEY,
    request_hash BYTEA NOT NULL,
    member_id UUID,
    status SMALLINT NOT NULL,
    body BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
CREATE INDEX idempotency_keys_by_member ON idempotency_keys (member_id) WHERE member_id IS NOT NULL;

-- The ledger. An account row is the lock of its member's points, and gives each entry its seq.
CREATE TABLE accounts (
    member_id UUID PRIMARY KEY REFERENCES members (id),
    seq BIGINT NOT NULL,
    available BIGINT NOT NULL CHECK (available >= 0),
    pending BIGINT NOT NULL CHECK (pending >= 0),
    held BIGINT NOT NULL CHECK (held >= 0),
    debt BIGINT NOT NULL CHECK (debt >= 0),
    lifetime_earned BIGINT NOT NULL,
    lifetime_redeemed BIGINT NOT NULL,
    lifetime_expired BIGINT NOT NULL,
    next_change_at TIMESTAMPTZ
);
CREATE INDEX accounts_by_next_change ON accounts (next_change_at) WHERE next_change_at IS NOT NULL;

-- The journal: only ever added to.
CREATE TABLE entries (
    member_id UUID NOT NULL REFERENCES accounts (member_id),
    seq BIGINT NOT NULL,
    id UUID NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    points BIGINT NOT NULL,
    balance_after BIGINT NOT NULL,
    available_at TIMESTAMPTZ,
    expires_at TIMESTAMPTZ,
    source_type TEXT,
    source_id TEXT,
    part TEXT NOT NULL,
    actor TEXT NOT NULL,
    channel TEXT,
    rule JSONB NOT NULL,
    occurred_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (member_id, seq)
);
CREATE UNIQUE INDEX entries_by_source ON entries (member_id, source_id, source_type, kind, part)
    WHERE source_type IS NOT NULL;
CREATE INDEX entries_adjusted_by ON entries (actor, recorded_at) WHERE kind = 'adjust';

-- What people wrote about an entry; erasure empties it.
CREATE TABLE entry_notes (
    member_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (member_id, seq),
    FOREIGN KEY (member_id, seq) REFERENCES entries (member_id, seq)
);

-- What a credit opened and debits consume; seq is the entry that opened it.
CREATE TABLE lots (
    member_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    points BIGINT NOT NULL CHECK (points > 0),
    remaining BIGINT NOT NULL CHECK (remaining BETWEEN 0 AND points),
    available_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    matured BOOLEAN NOT NULL,
    PRIMARY KEY (member_id, seq),
    FOREIGN KEY (member_id, seq) REFERENCES entries (member_id, seq)
);
CREATE INDEX lots_open ON lots (member_id, expires_at, seq) WHERE remaining > 0;

-- What a clawback could not find; paid by later credits. seq is the clawback's entry.
CREATE TABLE debts (
    member_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    points BIGINT NOT NULL CHECK (points > 0),
    remaining BIGINT NOT NULL CHECK (remaining BETWEEN 0 AND points),
    PRIMARY KEY (member_id, seq),
    FOREIGN KEY (member_id, seq) REFERENCES entries (member_id, seq)
);

-- Which debit took how much from which lot; negative where a reversal gave back.
-- cause_seq is the entry in whose posting it happened (a later credit, where it paid a debt).
CREATE TABLE allocations (
    member_id UUID NOT NULL,
    debit_seq BIGINT NOT NULL,
    lot_seq BIGINT NOT NULL,
    cause_seq BIGINT NOT NULL,
    points BIGINT NOT NULL CHECK (points <> 0),
    PRIMARY KEY (member_id, debit_seq, lot_seq, cause_seq),
    FOREIGN KEY (member_id, debit_seq) REFERENCES entries (member_id, seq),
    FOREIGN KEY (member_id, lot_seq) REFERENCES lots (member_id, seq)
);
CREATE INDEX allocations_by_lot ON allocations (member_id, lot_seq);

CREATE TABLE orders (
    id UUID PRIMARY KEY,
    external_id TEXT NOT NULL UNIQUE,
    member_id UUID NOT NULL REFERENCES members (id),
    amount BIGINT NOT NULL CHECK (amount >= 0),
    currency TEXT NOT NULL,
    channel TEXT,
    content_hash BYTEA NOT NULL,
    cancelled_at TIMESTAMPTZ,
    entry_seq BIGINT,
    earned_points BIGINT NOT NULL,
    available_at TIMESTAMPTZ,
    expires_at TIMESTAMPTZ,
    refunded_amount BIGINT NOT NULL CHECK (refunded_amount BETWEEN 0 AND amount),
    clawed_points BIGINT NOT NULL CHECK (clawed_points BETWEEN 0 AND earned_points),
    excused_points BIGINT NOT NULL,
    placed_at TIMESTAMPTZ NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX orders_by_member ON orders (member_id, id);

CREATE TABLE order_lines (
    order_id UUID PRIMARY KEY REFERENCES orders (id),
    lines JSONB NOT NULL
);

CREATE TABLE refunds (
    id UUID PRIMARY KEY,
    order_id UUID NOT NULL REFERENCES orders (id),
    external_id TEXT NOT NULL,
    amount BIGINT NOT NULL CHECK (amount > 0),
    clawed_points BIGINT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL,
    UNIQUE (order_id, external_id)
);

CREATE TABLE rewards (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    kind TEXT NOT NULL,
    cost_points BIGINT NOT NULL CHECK (cost_points > 0),
    value_amount BIGINT,
    value_currency TEXT,
    stock BIGINT CHECK (stock >= 0),
    per_member_limit BIGINT CHECK (per_member_limit > 0),
    tiers TEXT NOT NULL,
    starts_at TIMESTAMPTZ,
    ends_at TIMESTAMPTZ,
    state TEXT NOT NULL,
    terms TEXT,
    image_url TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE redemptions (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL REFERENCES members (id),
    reward_id UUID NOT NULL REFERENCES rewards (id),
    quantity BIGINT NOT NULL CHECK (quantity > 0),
    points BIGINT NOT NULL CHECK (points > 0),
    state TEXT NOT NULL,
    order_ref TEXT,
    channel TEXT,
    entry_seq BIGINT NOT NULL,
    placed_by TEXT NOT NULL,
    placed_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ,
    fulfilled_at TIMESTAMPTZ,
    cancelled_at TIMESTAMPTZ,
    used_at TIMESTAMPTZ
);
CREATE INDEX redemptions_by_member ON redemptions (member_id, id);
CREATE UNIQUE INDEX redemptions_by_order ON redemptions (member_id, order_ref, reward_id)
    WHERE order_ref IS NOT NULL;
CREATE INDEX redemptions_by_expiry ON redemptions (expires_at) WHERE state = 'placed';

CREATE TABLE vouchers (
    code TEXT PRIMARY KEY,
    redemption_id UUID NOT NULL UNIQUE REFERENCES redemptions (id),
    expires_at TIMESTAMPTZ NOT NULL,
    voided_at TIMESTAMPTZ,
    used_at TIMESTAMPTZ,
    channel TEXT,
    location TEXT
);

CREATE TABLE referrals (
    id UUID PRIMARY KEY,
    referrer_id UUID NOT NULL REFERENCES members (id),
    referee_id UUID NOT NULL UNIQUE REFERENCES members (id),
    code TEXT NOT NULL,
    state TEXT NOT NULL,
    joined_at TIMESTAMPTZ NOT NULL,
    qualified_at TIMESTAMPTZ,
    rewarded_at TIMESTAMPTZ
);
CREATE INDEX referrals_by_referrer ON referrals (referrer_id, id);

-- The outbox: a letter is queued in the transaction that caused it.
CREATE TABLE letters (
    id UUID PRIMARY KEY,
    member_id UUID REFERENCES members (id),
    to_address TEXT NOT NULL,
    to_name TEXT,
    template TEXT NOT NULL,
    locale TEXT NOT NULL,
    context JSONB NOT NULL,
    preference TEXT,
    dedupe_key TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'suppressed')),
    attempts BIGINT NOT NULL,
    next_attempt_at TIMESTAMPTZ NOT NULL,
    lease_until TIMESTAMPTZ,
    lease_token UUID,
    queued_at TIMESTAMPTZ NOT NULL,
    sent_at TIMESTAMPTZ,
    last_error TEXT
);
CREATE INDEX letters_due ON letters (next_attempt_at) WHERE state IN ('queued', 'sending');
CREATE INDEX letters_by_member ON letters (member_id, id);

-- The journal and its allocations are only ever added to.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the journal is only ever added to: % on % refused', TG_OP, TG_TABLE_NAME;
END
$$;
CREATE TRIGGER entries_stand BEFORE UPDATE OR DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER allocations_stand BEFORE UPDATE OR DELETE ON allocations
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entries_stand_whole BEFORE TRUNCATE ON entries
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER allocations_stand_whole BEFORE TRUNCATE ON allocations
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
