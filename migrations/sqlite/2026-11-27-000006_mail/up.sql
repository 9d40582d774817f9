-- Addresses that get no mail any more, what members said to marketing and when, from which devices
-- people signed in, and how far reminders are.
CREATE TABLE suppressions (
    id BLOB PRIMARY KEY,
    email_key TEXT NOT NULL UNIQUE,
    reason TEXT NOT NULL,
    detail TEXT,
    created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE consents (
    id BLOB PRIMARY KEY,
    member_id BLOB NOT NULL REFERENCES members (id),
    given INTEGER NOT NULL CHECK (given IN (0, 1)),
    wording TEXT,
    place TEXT NOT NULL,
    actor TEXT NOT NULL,
    recorded_at INTEGER NOT NULL
) STRICT;
CREATE INDEX consents_of_member ON consents (member_id, id);
CREATE TABLE known_devices (
    realm TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    fingerprint BLOB NOT NULL,
    seen_at INTEGER NOT NULL,
    PRIMARY KEY (realm, subject_id, fingerprint)
) STRICT;
CREATE TABLE reminder_progress (
    name TEXT PRIMARY KEY,
    at INTEGER NOT NULL,
    after_id BLOB
) STRICT;
CREATE INDEX expiries_by_end ON expiries (expires_at, member_id);
CREATE INDEX orders_by_time ON orders (placed_at, id);
CREATE INDEX statements_wanted ON preferences (member_id)
    WHERE name = 'statements' AND enabled = 1;
-- How often a letter's courier was lost with it in hand.
ALTER TABLE letters ADD COLUMN lost INTEGER NOT NULL DEFAULT 0;
-- Whose birthday it is where it is nine o'clock now: of those born that day, not all are.
DROP INDEX members_by_birthday;
CREATE INDEX members_by_birthday ON members (substr(birthday, length(birthday) - 4), time_zone, id)
    WHERE status = 'active' AND marketing_consent;
