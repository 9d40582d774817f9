-- What was changed of a reward, when, and by whom.
CREATE TABLE reward_changes (
    reward_id UUID NOT NULL REFERENCES rewards (id),
    version BIGINT NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    actor TEXT NOT NULL,
    changes JSONB NOT NULL,
    PRIMARY KEY (reward_id, version)
);
