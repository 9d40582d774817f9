-- Counts a member's holds.
ALTER TABLE accounts ADD COLUMN hold_seq INTEGER NOT NULL DEFAULT 0;

-- What of a debt went away because its clawback was undone.
ALTER TABLE debts ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0;

-- Points set aside for an order. seq counts the member's holds: an allocation whose cause_seq is
-- negative paid a debt with points that the hold of that seq gave back.
CREATE TABLE holds (
    id BLOB PRIMARY KEY,
    member_id BLOB NOT NULL REFERENCES accounts (member_id),
    seq INTEGER NOT NULL,
    order_ref TEXT NOT NULL,
    points INTEGER NOT NULL CHECK (points > 0),
    captured_points INTEGER NOT NULL CHECK (captured_points BETWEEN 0 AND points),
    state TEXT NOT NULL,
    entry_seq INTEGER,
    placed_by TEXT NOT NULL,
    placed_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    ended_at INTEGER,
    UNIQUE (member_id, seq)
) STRICT;
CREATE UNIQUE INDEX holds_live ON holds (member_id, order_ref) WHERE state = 'live';

-- The lots that a hold took its points from.
CREATE TABLE hold_parts (
    hold_id BLOB NOT NULL REFERENCES holds (id),
    lot_seq INTEGER NOT NULL,
    member_id BLOB NOT NULL,
    points INTEGER NOT NULL CHECK (points > 0),
    PRIMARY KEY (hold_id, lot_seq),
    FOREIGN KEY (member_id, lot_seq) REFERENCES lots (member_id, seq)
) STRICT;
CREATE INDEX hold_parts_by_lot ON hold_parts (member_id, lot_seq);

-- What of a member's open lots ends when, kept as balances are.
CREATE TABLE expiries (
    member_id BLOB NOT NULL REFERENCES accounts (member_id),
    expires_at INTEGER NOT NULL,
    points INTEGER NOT NULL,
    PRIMARY KEY (member_id, expires_at)
) STRICT;
INSERT INTO expiries SELECT member_id, expires_at, SUM(remaining) FROM lots
    WHERE remaining > 0 AND expires_at IS NOT NULL GROUP BY member_id, expires_at;

CREATE INDEX lots_pending ON lots (member_id, available_at) WHERE remaining > 0 AND NOT matured;

-- What an entry did to which lots.
CREATE INDEX allocations_by_cause ON allocations (member_id, cause_seq);

-- Whom a kept answer tells about beside its first member: erasing one of them deletes it.
CREATE TABLE idempotency_members (
    member_id BLOB NOT NULL,
    fingerprint BLOB NOT NULL REFERENCES idempotency_keys (fingerprint) ON DELETE CASCADE,
    PRIMARY KEY (member_id, fingerprint)
) STRICT;
CREATE INDEX idempotency_members_by_key ON idempotency_members (fingerprint);

-- A member's redemptions that may fall due, without the history.
CREATE INDEX redemptions_placed ON redemptions (member_id, expires_at) WHERE state = 'placed';

-- What a member sent others in a day.
CREATE INDEX entries_transferred ON entries (member_id, recorded_at) WHERE kind = 'transfer';
