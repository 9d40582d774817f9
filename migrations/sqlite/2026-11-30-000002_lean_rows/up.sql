-- A change of points costs the pages it touches, 4 KiB each, in the journal and again in the file. What is
-- read by member lies by member, without a second tree beside; what is read with an entry lies by the
-- entry's id, and so at the end; indexes hold what nothing else finds. What one function writes in one go,
-- entries and what stands beside them, is not looked up again by foreign keys: `vildar verify` tells each
-- row that stands alone. (And a statement that can't fail halfway needs no copy of the pages it changes.)

-- with a tree of its own: where one tree has both, pages that split keep bytes of what was erased
CREATE TABLE lean_notes (
    entry_id BLOB PRIMARY KEY,
    reason TEXT NOT NULL
) STRICT;
INSERT INTO lean_notes SELECT entries.id, entry_notes.reason
    FROM entry_notes JOIN entries USING (member_id, seq) ORDER BY entries.id;
DROP TABLE entry_notes;
ALTER TABLE lean_notes RENAME TO entry_notes;

CREATE TABLE lean_allocations (
    member_id BLOB NOT NULL,
    debit_seq INTEGER NOT NULL,
    lot_seq INTEGER NOT NULL,
    cause_seq INTEGER NOT NULL,
    points INTEGER NOT NULL CHECK (points <> 0),
    PRIMARY KEY (member_id, debit_seq, lot_seq, cause_seq)
) STRICT, WITHOUT ROWID;
INSERT INTO lean_allocations SELECT member_id, debit_seq, lot_seq, cause_seq, points
    FROM allocations ORDER BY member_id, debit_seq, lot_seq, cause_seq;
DROP TABLE allocations;
ALTER TABLE lean_allocations RENAME TO allocations;
-- most are caused by the debit itself; points are there for SQLite to take this way and not the table's
CREATE INDEX allocations_by_cause ON allocations (member_id, cause_seq, points) WHERE cause_seq <> debit_seq;
CREATE TRIGGER allocations_stand_updates BEFORE UPDATE ON allocations
BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to: UPDATE on allocations refused'); END;
CREATE TRIGGER allocations_stand_deletes BEFORE DELETE ON allocations
BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to: DELETE on allocations refused'); END;

CREATE TABLE lean_hold_parts (
    hold_id BLOB NOT NULL REFERENCES holds (id),
    lot_seq INTEGER NOT NULL,
    member_id BLOB NOT NULL,
    points INTEGER NOT NULL CHECK (points > 0),
    PRIMARY KEY (hold_id, lot_seq)
) STRICT, WITHOUT ROWID;
INSERT INTO lean_hold_parts SELECT hold_id, lot_seq, member_id, points FROM hold_parts;
DROP TABLE hold_parts;
ALTER TABLE lean_hold_parts RENAME TO hold_parts;
CREATE INDEX hold_parts_by_lot ON hold_parts (member_id, lot_seq);

CREATE TABLE lean_lots (
    member_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    points INTEGER NOT NULL CHECK (points > 0),
    remaining INTEGER NOT NULL CHECK (remaining BETWEEN 0 AND points),
    available_at INTEGER NOT NULL,
    expires_at INTEGER,
    matured INTEGER NOT NULL,
    PRIMARY KEY (member_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO lean_lots SELECT member_id, seq, points, remaining, available_at, expires_at, matured
    FROM lots ORDER BY member_id, seq;
DROP TABLE lots;
ALTER TABLE lean_lots RENAME TO lots;
-- a member's first entries are found by member: see `ledger/store/lots.rs`. A range of seq, or an index that
-- lacks a column, would have SQLite read all lots of the member instead.
CREATE INDEX lots_open ON lots (member_id, expires_at, seq, points, remaining, available_at, matured)
    WHERE remaining > 0 AND NOT seq <= 64;
CREATE INDEX lots_pending ON lots (member_id, available_at)
    WHERE remaining > 0 AND NOT matured AND NOT seq <= 64;

CREATE TABLE lean_expiries (
    member_id BLOB NOT NULL REFERENCES accounts (member_id),
    expires_at INTEGER NOT NULL,
    points INTEGER NOT NULL,
    PRIMARY KEY (member_id, expires_at)
) STRICT, WITHOUT ROWID;
INSERT INTO lean_expiries SELECT member_id, expires_at, points FROM expiries ORDER BY member_id, expires_at;
DROP TABLE expiries;
ALTER TABLE lean_expiries RENAME TO expiries;
CREATE INDEX expiries_by_end ON expiries (expires_at, member_id);

CREATE TABLE lean_debts (
    member_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    points INTEGER NOT NULL CHECK (points > 0),
    remaining INTEGER NOT NULL CHECK (remaining BETWEEN 0 AND points),
    cancelled INTEGER NOT NULL DEFAULT 0,
    while_held INTEGER NOT NULL DEFAULT 0 CHECK (while_held IN (0, 1)),
    PRIMARY KEY (member_id, seq)
) STRICT, WITHOUT ROWID;
INSERT INTO lean_debts SELECT member_id, seq, points, remaining, cancelled, while_held FROM debts;
DROP TABLE debts;
ALTER TABLE lean_debts RENAME TO debts;

CREATE TABLE lean_entries (
    member_id BLOB NOT NULL,
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
INSERT INTO lean_entries SELECT member_id, seq, id, kind, points, balance_after, available_at, expires_at,
    source_type, source_id, part, actor, channel, rule, occurred_at, recorded_at FROM entries ORDER BY rowid;
DROP TABLE entries;
ALTER TABLE lean_entries RENAME TO entries;
CREATE UNIQUE INDEX entries_by_source ON entries (member_id, source_id, source_type, kind, part)
    WHERE source_type IS NOT NULL;
CREATE INDEX entries_adjusted_by ON entries (actor, recorded_at) WHERE kind = 'adjust';
CREATE INDEX entries_transferred ON entries (member_id, recorded_at) WHERE kind = 'transfer';
CREATE TRIGGER entries_stand_updates BEFORE UPDATE ON entries
BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to: UPDATE on entries refused'); END;
CREATE TRIGGER entries_stand_deletes BEFORE DELETE ON entries
BEGIN SELECT RAISE(ABORT, 'the journal is only ever added to: DELETE on entries refused'); END;
