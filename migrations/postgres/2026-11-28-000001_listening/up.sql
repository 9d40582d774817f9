-- Listening: whom to ask and when, what they answered, what is owed for it, and what changed.
CREATE TABLE segments (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    definition JSONB NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE surveys (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL,
    fields JSONB NOT NULL,
    state TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    published_at TIMESTAMPTZ,
    -- how far planning is: of those that recur, on which local date; and the row seen last
    planned_on TEXT,
    planned_after UUID,
    version BIGINT NOT NULL
);

CREATE TABLE asks (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL REFERENCES members (id),
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    survey_id UUID REFERENCES surveys (id),
    occurrence TEXT NOT NULL,
    rank BIGINT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    reasons JSONB NOT NULL,
    order_id UUID REFERENCES orders (id),
    points BIGINT,
    planned_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    send_at TIMESTAMPTZ,
    sent_at TIMESTAMPTZ,
    answered_at TIMESTAMPTZ,
    answer_until TIMESTAMPTZ,
    remind_at TIMESTAMPTZ,
    letter_id UUID
);
CREATE UNIQUE INDEX asks_once ON asks (member_id, reference, occurrence);
CREATE INDEX asks_sent ON asks (member_id, sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX asks_due ON asks (send_at, id) WHERE send_at IS NOT NULL;
CREATE INDEX asks_of_survey ON asks (survey_id, sent_at) WHERE survey_id IS NOT NULL;
CREATE INDEX asks_of_order ON asks (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX asks_open ON asks (answer_until) WHERE state = 'sent' AND answer_until IS NOT NULL;
CREATE INDEX asks_to_remind ON asks (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX asks_by_letter ON asks (letter_id) WHERE letter_id IS NOT NULL;

CREATE TABLE answers (
    id UUID PRIMARY KEY,
    survey_id UUID NOT NULL REFERENCES surveys (id),
    member_id UUID NOT NULL REFERENCES members (id),
    ask_id UUID UNIQUE REFERENCES asks (id),
    external_id TEXT UNIQUE,
    kind TEXT NOT NULL,
    score BIGINT NOT NULL,
    category TEXT NOT NULL,
    channel TEXT NOT NULL,
    order_id UUID REFERENCES orders (id),
    tier TEXT NOT NULL,
    country TEXT,
    locale TEXT NOT NULL,
    state TEXT NOT NULL,
    versions BIGINT NOT NULL,
    recorded_by TEXT NOT NULL,
    answered_at TIMESTAMPTZ NOT NULL,
    edited_at TIMESTAMPTZ,
    void_reason TEXT,
    voided_by TEXT
);
CREATE INDEX answers_of_survey ON answers (survey_id, answered_at);
CREATE INDEX answers_of_member ON answers (member_id, id);
CREATE TABLE answer_versions (
    answer_id UUID NOT NULL REFERENCES answers (id),
    version BIGINT NOT NULL,
    score BIGINT NOT NULL,
    comment TEXT,
    said_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (answer_id, version)
);

CREATE TABLE thanks (
    id UUID PRIMARY KEY,
    member_id UUID NOT NULL REFERENCES members (id),
    for_type TEXT NOT NULL,
    for_id UUID NOT NULL,
    category TEXT NOT NULL,
    state TEXT NOT NULL,
    way TEXT NOT NULL,
    owner_id UUID,
    owed_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    given_at TIMESTAMPTZ,
    given_by TEXT,
    perk_id UUID,
    message TEXT,
    waived_at TIMESTAMPTZ,
    waived_by TEXT,
    waive_reason TEXT,
    digested_at TIMESTAMPTZ,
    UNIQUE (for_type, for_id)
);
CREATE INDEX thanks_by_state ON thanks (state, due_at);
CREATE INDEX thanks_of_member ON thanks (member_id, id);

CREATE TABLE topics (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    parent_id UUID REFERENCES topics (id),
    words JSONB NOT NULL,
    owner_id UUID,
    state TEXT NOT NULL,
    merged_into UUID REFERENCES topics (id),
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);
CREATE TABLE topic_links (
    subject_id UUID NOT NULL,
    topic_id UUID NOT NULL REFERENCES topics (id),
    subject TEXT NOT NULL,
    member_id UUID NOT NULL REFERENCES members (id),
    raised_at TIMESTAMPTZ NOT NULL,
    suggested BOOLEAN NOT NULL,
    confirmed_by TEXT,
    PRIMARY KEY (subject_id, topic_id)
);
CREATE INDEX topic_links_by_topic ON topic_links (topic_id, raised_at);
CREATE INDEX topic_links_of_member ON topic_links (member_id);

CREATE TABLE announcements (
    id UUID PRIMARY KEY,
    fields JSONB NOT NULL,
    state TEXT NOT NULL,
    written_by TEXT NOT NULL,
    approved_by TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    approved_at TIMESTAMPTZ,
    sent_at TIMESTAMPTZ,
    version BIGINT NOT NULL
);
CREATE TABLE announcement_topics (
    announcement_id UUID NOT NULL REFERENCES announcements (id),
    topic_id UUID NOT NULL REFERENCES topics (id),
    topic_state TEXT,
    PRIMARY KEY (announcement_id, topic_id)
);
-- Who was told what: one letter for each of an announcement, and one for each state of a topic.
CREATE TABLE announcement_letters (
    announcement_id UUID NOT NULL REFERENCES announcements (id),
    member_id UUID NOT NULL REFERENCES members (id),
    left_out TEXT,
    decided_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (announcement_id, member_id)
);
CREATE TABLE topic_told (
    topic_id UUID NOT NULL REFERENCES topics (id),
    topic_state TEXT NOT NULL,
    member_id UUID NOT NULL REFERENCES members (id),
    announcement_id UUID NOT NULL REFERENCES announcements (id),
    PRIMARY KEY (topic_id, topic_state, member_id)
);

ALTER TABLE orders ADD COLUMN fulfilled_at TIMESTAMPTZ;
