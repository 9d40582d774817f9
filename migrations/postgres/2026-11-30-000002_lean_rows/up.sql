-- A change of points costs the pages and indexes it touches. What is read with an entry lies by the entry's
-- id, and so at the end; indexes hold what nothing else finds. What one function writes in one go, entries
-- and what stands beside them, is not looked up again by foreign keys: `vildar verify` tells each row that
-- stands alone.

CREATE TABLE lean_notes (
    entry_id UUID NOT NULL,
    reason TEXT NOT NULL
);
INSERT INTO lean_notes SELECT entries.id, entry_notes.reason
    FROM entry_notes JOIN entries USING (member_id, seq) ORDER BY entries.id;
DROP TABLE entry_notes;
ALTER TABLE lean_notes RENAME TO entry_notes;
ALTER TABLE entry_notes ADD CONSTRAINT entry_notes_pkey PRIMARY KEY (entry_id);

ALTER TABLE allocations DROP CONSTRAINT allocations_member_id_debit_seq_fkey;
ALTER TABLE allocations DROP CONSTRAINT allocations_member_id_lot_seq_fkey;
DROP INDEX allocations_by_lot;
DROP INDEX allocations_by_cause;
-- most are caused by the debit itself
CREATE INDEX allocations_by_cause ON allocations (member_id, cause_seq) WHERE cause_seq <> debit_seq;

ALTER TABLE hold_parts DROP CONSTRAINT hold_parts_member_id_lot_seq_fkey;

ALTER TABLE lots DROP CONSTRAINT lots_member_id_seq_fkey;
DROP INDEX lots_open;
DROP INDEX lots_pending;
-- a member's first entries are found by member: see `ledger/store/lots.rs`
CREATE INDEX lots_open ON lots (member_id, expires_at, seq) WHERE remaining > 0 AND NOT seq <= 64;
CREATE INDEX lots_pending ON lots (member_id, available_at)
    WHERE remaining > 0 AND NOT matured AND NOT seq <= 64;

ALTER TABLE debts DROP CONSTRAINT debts_member_id_seq_fkey;
ALTER TABLE entries DROP CONSTRAINT entries_member_id_fkey;
