-- Days on which members are greeted, how far greeting is, and whose day may be another now.
CREATE TABLE occasions (
    id BLOB PRIMARY KEY,
    fields TEXT NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    since INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE TABLE occasion_progress (
    occasion_id BLOB PRIMARY KEY REFERENCES occasions (id),
    done_until INTEGER NOT NULL,
    working_until INTEGER,
    place INTEGER NOT NULL,
    after_member BLOB,
    queued INTEGER NOT NULL
) STRICT;
CREATE TABLE greeting_checks (
    member_id BLOB PRIMARY KEY REFERENCES members (id)
) STRICT;
CREATE INDEX members_by_birthday ON members (substr(birthday, length(birthday) - 4), id)
    WHERE status = 'active' AND marketing_consent;
CREATE INDEX members_by_enrolment ON members (enrolled_at, id)
    WHERE status = 'active' AND marketing_consent;
CREATE INDEX members_by_zone ON members (time_zone, id)
    WHERE status = 'active' AND marketing_consent;
