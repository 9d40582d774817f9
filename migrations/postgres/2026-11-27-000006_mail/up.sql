-- Addresses that get no mail any more, and what members said to marketing and when.
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
