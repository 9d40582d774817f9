-- Days on which members are greeted, how far greeting is, and whose day may be another now.
CREATE TABLE occasions (
    id UUID PRIMARY KEY,
    fields JSONB NOT NULL,
    active BOOLEAN NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE TABLE occasion_progress (
    occasion_id UUID PRIMARY KEY REFERENCES occasions (id),
    done_until TIMESTAMPTZ NOT NULL,
    working_until TIMESTAMPTZ,
    place BIGINT NOT NULL,
    after_member UUID,
    queued BIGINT NOT NULL
);
CREATE TABLE greeting_checks (
    member_id UUID PRIMARY KEY REFERENCES members (id)
);
CREATE INDEX members_by_birthday ON members (substr(birthday, length(birthday) - 4), id)
    WHERE status = 'active' AND marketing_consent;
CREATE INDEX members_by_enrolment ON members (enrolled_at, id)
    WHERE status = 'active' AND marketing_consent;
CREATE INDEX members_by_zone ON members (time_zone, id)
    WHERE status = 'active' AND marketing_consent;
