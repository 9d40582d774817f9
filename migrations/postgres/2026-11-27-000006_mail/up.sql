-- Addresses that get no mail any more, what members said to marketing and when, from which devices
-- people signed in, and how far reminders are.
CREATE TABLE suppressions (
    id UUID PRIMARY KEY,
    email_key TEXT NOT NULL UNIQUE,
    reason TEXT NOT NULL,
    detail TEXT,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE consents (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL REFERENCES members (id),
    given BOOLEAN NOT NULL,
    wording TEXT,
    place TEXT NOT NULL,
    actor TEXT NOT NULL,
    recorded_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX consents_of_member ON consents (member_id, id);
CREATE TABLE known_devices (
    realm TEXT NOT NULL,
    subject_id UUID NOT NULL,
    fingerprint BYTEA NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (realm, subject_id, fingerprint)
);
CREATE TABLE reminder_progress (
    name TEXT PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    after_id UUID
);
CREATE INDEX expiries_by_end ON expiries (expires_at, member_id);
CREATE INDEX orders_by_time ON orders (placed_at, id);
CREATE INDEX statements_wanted ON preferences (member_id)
    WHERE name = 'statements' AND enabled;
-- How often a letter's courier was lost with it in hand.
ALTER TABLE letters ADD COLUMN lost BIGINT NOT NULL DEFAULT 0;
-- Whose birthday it is where it is nine o'clock now: of those born that day, not all are.
DROP INDEX members_by_birthday;
CREATE INDEX members_by_birthday ON members (substr(birthday, length(birthday) - 4), time_zone, id)
    WHERE status = 'active' AND marketing_consent;
