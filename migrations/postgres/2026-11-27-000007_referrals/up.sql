-- Referrals that pay: where each stands, why it is doubted, and what it paid.
ALTER TABLE referrals ADD COLUMN attribution TEXT NOT NULL DEFAULT 'code';
ALTER TABLE referrals ADD COLUMN terms JSONB NOT NULL DEFAULT '{"referrer_points":500,"referrer_reward_id":null,"referee_points":200,"referee_reward_id":null,"min_order_minor_units":2000,"hold_days":14}';
ALTER TABLE referrals ADD COLUMN lapses_at TIMESTAMPTZ NOT NULL DEFAULT 'epoch';
ALTER TABLE referrals ADD COLUMN order_id UUID REFERENCES orders (id);
ALTER TABLE referrals ADD COLUMN payable_at TIMESTAMPTZ;
ALTER TABLE referrals ADD COLUMN waits_for TEXT;
ALTER TABLE referrals ADD COLUMN came_from TEXT;
ALTER TABLE referrals ADD COLUMN case_id UUID;
ALTER TABLE referrals ADD COLUMN decided_by TEXT;
ALTER TABLE referrals ADD COLUMN decided_at TIMESTAMPTZ;
ALTER TABLE referrals ADD COLUMN decision_reason TEXT;
ALTER TABLE referrals ADD COLUMN appealed_at TIMESTAMPTZ;
ALTER TABLE referrals ADD COLUMN appeal_reason TEXT;
ALTER TABLE referrals ADD COLUMN ended_at TIMESTAMPTZ;
ALTER TABLE referrals ADD COLUMN due_at TIMESTAMPTZ;
UPDATE referrals SET lapses_at = joined_at + INTERVAL '90 days', due_at = joined_at;
CREATE INDEX referrals_due ON referrals (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX referrals_by_state ON referrals (state, id);
CREATE INDEX referrals_by_case ON referrals (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX referrals_by_order ON referrals (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX referrals_by_time ON referrals (joined_at);

CREATE TABLE referral_flags (
    referral_id UUID NOT NULL REFERENCES referrals (id),
    code TEXT NOT NULL,
    link TEXT NOT NULL,
    other_id UUID,
    weight BIGINT NOT NULL,
    found_at TIMESTAMPTZ NOT NULL,
    cleared_at TIMESTAMPTZ,
    PRIMARY KEY (referral_id, code, link)
);
CREATE INDEX referral_flags_by_link ON referral_flags (link, referral_id);

CREATE TABLE referral_payouts (
    id UUID PRIMARY KEY,
    referral_id UUID NOT NULL REFERENCES referrals (id),
    member_id UUID NOT NULL REFERENCES members (id),
    part TEXT NOT NULL,
    step BIGINT,
    points BIGINT NOT NULL,
    entry_seq BIGINT,
    perk_id UUID,
    paid_at TIMESTAMPTZ NOT NULL,
    reversed_at TIMESTAMPTZ,
    UNIQUE (referral_id, part)
);
CREATE INDEX referral_payouts_by_member ON referral_payouts (member_id, id);
CREATE UNIQUE INDEX referral_steps_once ON referral_payouts (member_id, step)
    WHERE step IS NOT NULL AND reversed_at IS NULL;

-- That somebody followed a member's link, or that a member shared it; nothing of who followed.
CREATE TABLE referral_touches (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL REFERENCES members (id),
    kind TEXT NOT NULL,
    channel TEXT,
    touched_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX referral_touches_by_time ON referral_touches (touched_at, member_id);

-- Codes of members' own choosing: one is in use, and those before it lead on.
CREATE TABLE vanity_codes (
    skeleton TEXT PRIMARY KEY,
    member_id UUID NOT NULL REFERENCES members (id),
    code TEXT NOT NULL,
    set_at TIMESTAMPTZ NOT NULL,
    retired_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX vanity_codes_in_use ON vanity_codes (member_id) WHERE retired_at IS NULL;
CREATE INDEX vanity_codes_of_member ON vanity_codes (member_id);
CREATE TABLE referral_sharers (
    member_id UUID PRIMARY KEY REFERENCES members (id),
    on_leaderboard BOOLEAN NOT NULL
);

-- What tells members alike: what an address looks like, and what storefronts say of where a parcel
-- went and which device was used, as hashes.
ALTER TABLE members ADD COLUMN email_alike TEXT;
UPDATE members SET email_alike = replace(replace(replace(replace(replace(replace(replace(replace(CASE WHEN position('+' IN substr(email_key, 1, position('@' IN email_key) - 1)) > 1 THEN substr(substr(email_key, 1, position('@' IN email_key) - 1), 1, position('+' IN substr(email_key, 1, position('@' IN email_key) - 1)) - 1) ELSE substr(email_key, 1, position('@' IN email_key) - 1) END, '.', ''), '-', ''), '_', ''), '0', 'o'), '1', 'l'), '5', 's'), 'rn', 'm'), 'vv', 'w') || '@' || replace(replace(replace(replace(replace(CASE substr(email_key, position('@' IN email_key) + 1) WHEN 'googlemail.com' THEN 'gmail.com' ELSE substr(email_key, position('@' IN email_key) + 1) END, '0', 'o'), '1', 'l'), '5', 's'), 'rn', 'm'), 'vv', 'w')
    WHERE email_key IS NOT NULL;
CREATE INDEX members_alike ON members (email_alike) WHERE email_alike IS NOT NULL;
CREATE TABLE member_hints (
    member_id UUID NOT NULL REFERENCES members (id),
    kind TEXT NOT NULL,
    hash BYTEA NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (kind, hash, member_id)
);
CREATE INDEX member_hints_of_member ON member_hints (member_id);
