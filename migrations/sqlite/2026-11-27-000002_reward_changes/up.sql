-- What was changed of a reward, when, and by whom.
CREATE TABLE reward_changes (
    reward_id BLOB NOT NULL REFERENCES rewards (id),
    version INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    changes TEXT NOT NULL,
    PRIMARY KEY (reward_id, version)
) STRICT, WITHOUT ROWID;
