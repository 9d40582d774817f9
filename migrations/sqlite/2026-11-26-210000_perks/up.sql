-- A gift is a redemption that cost nothing: no entry of the ledger paid for it. SQLite changes no
-- column's checks, so the two are made anew, at the end on both databases.
ALTER TABLE redemptions ADD COLUMN points_spent INTEGER NOT NULL DEFAULT 0 CHECK (points_spent >= 0);
ALTER TABLE redemptions ADD COLUMN paid_seq INTEGER;
UPDATE redemptions SET points_spent = points, paid_seq = entry_seq;
ALTER TABLE redemptions DROP COLUMN points;
ALTER TABLE redemptions DROP COLUMN entry_seq;
ALTER TABLE redemptions RENAME COLUMN points_spent TO points;
ALTER TABLE redemptions RENAME COLUMN paid_seq TO entry_seq;

-- What staff give a member: points, a reward, or words. Erasure empties what people wrote in it.
CREATE TABLE perks (
    id BLOB PRIMARY KEY,
    member_id BLOB NOT NULL REFERENCES members (id),
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    points INTEGER CHECK (points > 0),
    reward_id BLOB REFERENCES rewards (id),
    title TEXT,
    reason TEXT,
    message TEXT,
    send_letter INTEGER NOT NULL CHECK (send_letter IN (0, 1)),
    -- what it counts for on a budget
    cost_points INTEGER NOT NULL CHECK (cost_points >= 0),
    proposed_by TEXT NOT NULL,
    proposed_at INTEGER NOT NULL,
    granted_by TEXT,
    granted_at INTEGER,
    -- whose budget it counts on; nobody's where an admin gave it
    budget_user_id BLOB,
    entry_seq INTEGER,
    redemption_id BLOB UNIQUE REFERENCES redemptions (id),
    ended_by TEXT,
    ended_at INTEGER,
    ended_reason TEXT,
    taken_back_points INTEGER CHECK (taken_back_points >= 0),
    kept_points INTEGER CHECK (kept_points >= 0)
) STRICT;
CREATE INDEX perks_by_member ON perks (member_id, id);
CREATE INDEX perks_by_state ON perks (state, id);
CREATE INDEX perks_by_budget ON perks (budget_user_id, granted_at) WHERE budget_user_id IS NOT NULL;
