ALTER TABLE entries ADD FOREIGN KEY (member_id) REFERENCES accounts (member_id);
ALTER TABLE debts ADD FOREIGN KEY (member_id, seq) REFERENCES entries (member_id, seq);

CREATE TABLE notes_by_place (
    member_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (member_id, seq),
    FOREIGN KEY (member_id, seq) REFERENCES entries (member_id, seq)
);
INSERT INTO notes_by_place SELECT member_id, seq, reason FROM entry_notes JOIN entries ON entries.id = entry_id;
DROP TABLE entry_notes;
ALTER TABLE notes_by_place RENAME TO entry_notes;
ALTER INDEX notes_by_place_pkey RENAME TO entry_notes_pkey;
ALTER TABLE entry_notes RENAME CONSTRAINT notes_by_place_member_id_seq_fkey TO entry_notes_member_id_seq_fkey;

DROP INDEX lots_open;
DROP INDEX lots_pending;
CREATE INDEX lots_open ON lots (member_id, expires_at, seq) WHERE remaining > 0;
CREATE INDEX lots_pending ON lots (member_id, available_at) WHERE remaining > 0 AND NOT matured;
ALTER TABLE lots ADD FOREIGN KEY (member_id, seq) REFERENCES entries (member_id, seq);
ALTER TABLE hold_parts ADD FOREIGN KEY (member_id, lot_seq) REFERENCES lots (member_id, seq);

DROP INDEX allocations_by_cause;
CREATE INDEX allocations_by_cause ON allocations (member_id, cause_seq);
CREATE INDEX allocations_by_lot ON allocations (member_id, lot_seq);
ALTER TABLE allocations ADD FOREIGN KEY (member_id, debit_seq) REFERENCES entries (member_id, seq);
ALTER TABLE allocations ADD FOREIGN KEY (member_id, lot_seq) REFERENCES lots (member_id, seq);
