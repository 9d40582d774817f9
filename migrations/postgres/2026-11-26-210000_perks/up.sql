-- A gift is a redemption that cost nothing: no entry of the ledger paid for it. SQLite changes no
-- column's checks, so the two are made anew, at the end on both databases.
ALTER TABLE redemptions ADD COLUMN points_spent BIGINT NOT NULL DEFAULT 0 CHECK (points_spent >= 0);
ALTER TABLE redemptions ADD COLUMN paid_seq BIGINT;
UPDATE redemptions SET points_spent = points, paid_seq = entry_seq;
ALTER TABLE redemptions DROP COLUMN points;
ALTER TABLE redemptions DROP COLUMN entry_seq;
ALTER TABLE redemptions RENAME COLUMN points_spent TO points;
ALTER TABLE redemptions RENAME COLUMN paid_seq TO entry_seq;

-- What staff give a member: points, a reward, or words. Erasure empties what people wrote in it.
CREATE TABLE perks (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL REFERENCES members (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    points BIGINT CHECK (points > 0),
    reward_id UUID REFERENCES rewards (id),
    title TEXT,
    reason TEXT,
    message TEXT,
    send_letter BOOLEAN NOT NULL,
    -- what it counts for on a budget
    cost_points BIGINT NOT NULL CHECK (cost_points >= 0),
    proposed_by TEXT NOT NULL,
    proposed_at TIMESTAMPTZ NOT NULL,
    granted_by TEXT,
    granted_at TIMESTAMPTZ,
    -- whose budget it counts on; nobody's where an admin gave it
    budget_user_id UUID,
    entry_seq BIGINT,
    redemption_id UUID UNIQUE REFERENCES redemptions (id),
    ended_by TEXT,
    ended_at TIMESTAMPTZ,
    ended_reason TEXT,
    taken_back_points BIGINT CHECK (taken_back_points >= 0),
    kept_points BIGINT CHECK (kept_points >= 0)
);
CREATE INDEX perks_by_member ON perks (member_id, id);
CREATE INDEX perks_by_state ON perks (state, id);
CREATE INDEX perks_by_budget ON perks (budget_user_id, granted_at) WHERE budget_user_id IS NOT NULL;
