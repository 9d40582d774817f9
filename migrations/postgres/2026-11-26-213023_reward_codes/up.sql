-- Codes that the shop uploaded for a reward: each is handed out once.
CREATE TABLE reward_codes (
    key TEXT PRIMARY KEY,
    reward_id UUID NOT NULL REFERENCES rewards (id),
    seq BIGINT NOT NULL,
    code TEXT NOT NULL,
    uploaded_at TIMESTAMPTZ NOT NULL,
    redemption_id UUID UNIQUE REFERENCES redemptions (id),
    handed_out_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX reward_codes_by_reward ON reward_codes (reward_id, seq);
CREATE INDEX reward_codes_left ON reward_codes (reward_id, seq) WHERE redemption_id IS NULL;
ALTER TABLE rewards ADD COLUMN has_codes BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE vouchers ADD COLUMN uploaded TEXT;
