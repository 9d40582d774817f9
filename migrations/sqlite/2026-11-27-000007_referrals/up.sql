-- Referrals that pay: where each stands, why it is doubted, and what it paid.
ALTER TABLE referrals ADD COLUMN attribution TEXT NOT NULL DEFAULT 'code';
ALTER TABLE referrals ADD COLUMN terms TEXT NOT NULL DEFAULT '{"referrer_points":500,"referrer_reward_id":null,"referee_points":200,"referee_reward_id":null,"min_order_minor_units":2000,"hold_days":14}';
ALTER TABLE referrals ADD COLUMN lapses_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE referrals ADD COLUMN order_id BLOB REFERENCES orders (id);
ALTER TABLE referrals ADD COLUMN payable_at INTEGER;
ALTER TABLE referrals ADD COLUMN waits_for TEXT;
ALTER TABLE referrals ADD COLUMN came_from TEXT;
ALTER TABLE referrals ADD COLUMN case_id BLOB;
ALTER TABLE referrals ADD COLUMN decided_by TEXT;
ALTER TABLE referrals ADD COLUMN decided_at INTEGER;
ALTER TABLE referrals ADD COLUMN decision_reason TEXT;
ALTER TABLE referrals ADD COLUMN appealed_at INTEGER;
ALTER TABLE referrals ADD COLUMN appeal_reason TEXT;
ALTER TABLE referrals ADD COLUMN ended_at INTEGER;
ALTER TABLE referrals ADD COLUMN due_at INTEGER;
UPDATE referrals SET lapses_at = joined_at + 7776000000000, due_at = joined_at;
CREATE INDEX referrals_due ON referrals (due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX referrals_by_state ON referrals (state, id);
CREATE INDEX referrals_by_case ON referrals (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX referrals_by_order ON referrals (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX referrals_by_time ON referrals (joined_at);

CREATE TABLE referral_flags (
    referral_id BLOB NOT NULL REFERENCES referrals (id),
    code TEXT NOT NULL,
    link TEXT NOT NULL,
    other_id BLOB,
    weight INTEGER NOT NULL,
    found_at INTEGER NOT NULL,
    cleared_at INTEGER,
    PRIMARY KEY (referral_id, code, link)
) STRICT;
CREATE INDEX referral_flags_by_link ON referral_flags (link, referral_id);

CREATE TABLE referral_payouts (
    id BLOB PRIMARY KEY,
    referral_id BLOB NOT NULL REFERENCES referrals (id),
    member_id BLOB NOT NULL REFERENCES members (id),
    part TEXT NOT NULL,
    step INTEGER,
    points INTEGER NOT NULL,
    entry_seq INTEGER,
    perk_id BLOB,
    paid_at INTEGER NOT NULL,
    reversed_at INTEGER,
    UNIQUE (referral_id, part)
) STRICT;
CREATE INDEX referral_payouts_by_member ON referral_payouts (member_id, id);
CREATE UNIQUE INDEX referral_steps_once ON referral_payouts (member_id, step)
    WHERE step IS NOT NULL AND reversed_at IS NULL;

-- That somebody followed a member's link, or that a member shared it; nothing of who followed.
CREATE TABLE referral_touches (
    id BLOB PRIMARY KEY,
    member_id BLOB NOT NULL REFERENCES members (id),
    kind TEXT NOT NULL,
    channel TEXT,
    touched_at INTEGER NOT NULL
) STRICT;
CREATE INDEX referral_touches_by_time ON referral_touches (touched_at, member_id);

-- Codes of members' own choosing: one is in use, and those before it lead on.
CREATE TABLE vanity_codes (
    skeleton TEXT PRIMARY KEY,
    member_id BLOB NOT NULL REFERENCES members (id),
    code TEXT NOT NULL,
    set_at INTEGER NOT NULL,
    retired_at INTEGER
) STRICT;
CREATE UNIQUE INDEX vanity_codes_in_use ON vanity_codes (member_id) WHERE retired_at IS NULL;
CREATE INDEX vanity_codes_of_member ON vanity_codes (member_id);
CREATE TABLE referral_sharers (
    member_id BLOB PRIMARY KEY REFERENCES members (id),
    on_leaderboard INTEGER NOT NULL CHECK (on_leaderboard IN (0, 1))
) STRICT;

-- What tells members alike: what an address looks like, and what storefronts say of where a parcel
-- went and which device was used, as hashes.
ALTER TABLE members ADD COLUMN email_alike TEXT;
UPDATE members SET email_alike = replace(replace(replace(replace(replace(replace(replace(replace(CASE WHEN instr(substr(email_key, 1, instr(email_key, '@') - 1), '+') > 1 THEN substr(substr(email_key, 1, instr(email_key, '@') - 1), 1, instr(substr(email_key, 1, instr(email_key, '@') - 1), '+') - 1) ELSE substr(email_key, 1, instr(email_key, '@') - 1) END, '.', ''), '-', ''), '_', ''), '0', 'o'), '1', 'l'), '5', 's'), 'rn', 'm'), 'vv', 'w') || '@' || replace(replace(replace(replace(replace(CASE substr(email_key, instr(email_key, '@') + 1) WHEN 'googlemail.com' THEN 'gmail.com' ELSE substr(email_key, instr(email_key, '@') + 1) END, '0', 'o'), '1', 'l'), '5', 's'), 'rn', 'm'), 'vv', 'w')
    WHERE email_key IS NOT NULL;
CREATE INDEX members_alike ON members (email_alike) WHERE email_alike IS NOT NULL;
CREATE TABLE member_hints (
    member_id BLOB NOT NULL REFERENCES members (id),
    kind TEXT NOT NULL,
    hash BLOB NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (kind, hash, member_id)
) STRICT;
CREATE INDEX member_hints_of_member ON member_hints (member_id);
