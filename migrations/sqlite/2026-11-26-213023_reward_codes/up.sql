-- Codes that the shop uploaded for a reward: each is handed out once.
CREATE TABLE reward_codes (
    key TEXT PRIMARY KEY,
    reward_id BLOB NOT NULL REFERENCES rewards (id),
    seq INTEGER NOT NULL,
    code TEXT NOT NULL,
    uploaded_at INTEGER NOT NULL,
    redemption_id BLOB REFERENCES redemptions (id),
    handed_out_at INTEGER
) STRICT;
CREATE UNIQUE INDEX reward_codes_by_reward ON reward_codes (reward_id, seq);
-- of those that were handed out alone: else SQLite would look for the others here
CREATE UNIQUE INDEX reward_codes_by_redemption ON reward_codes (redemption_id)
    WHERE redemption_id IS NOT NULL;
CREATE INDEX reward_codes_left ON reward_codes (reward_id, seq) WHERE redemption_id IS NULL;
ALTER TABLE rewards ADD COLUMN has_codes INTEGER NOT NULL DEFAULT 0 CHECK (has_codes IN (0, 1));
ALTER TABLE vouchers ADD COLUMN uploaded TEXT;
