CREATE TABLE notes_by_place (
    member_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (member_id, seq),
    FOREIGN KEY (member_id, seq) REFERENCES entries (member_id, seq)
) STRICT;
INSERT INTO notes_by_place SELECT member_id, seq, reason FROM entry_notes JOIN entries ON entries.id = entry_id;
DROP TABLE entry_notes;
ALTER TABLE notes_by_place RENAME TO entry_notes;

DROP INDEX lots_open;
DROP INDEX lots_pending;
CREATE INDEX lots_open ON lots (member_id, expires_at, seq) WHERE remaining > 0;
CREATE INDEX lots_pending ON lots (member_id, available_at) WHERE remaining > 0 AND NOT matured;

DROP INDEX allocations_by_cause;
CREATE INDEX allocations_by_cause ON allocations (member_id, cause_seq);
CREATE INDEX allocations_by_lot ON allocations (member_id, lot_seq);
