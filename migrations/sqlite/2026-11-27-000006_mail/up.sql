-- Addresses that get no mail any more, and what members said to marketing and when.
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
