-- Listening: whom to ask and when, what they answered, what is owed for it, and what changed.
CREATE TABLE segments (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE surveys (
    id BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    fields TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    published_at INTEGER,
    -- how far planning is: of those that recur, on which local date; and the row seen last
    planned_on TEXT,
    planned_after BLOB,
    version INTEGER NOT NULL
) STRICT;

CREATE TABLE asks (
    id BLOB PRIMARY KEY,
    member_id BLOB NOT NULL REFERENCES members (id),
    kind TEXT NOT NULL,
    reference TEXT NOT NULL,
    survey_id BLOB REFERENCES surveys (id),
    occurrence TEXT NOT NULL,
    rank INTEGER NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL,
    reasons TEXT NOT NULL,
    order_id BLOB REFERENCES orders (id),
    points INTEGER,
    planned_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    send_at INTEGER,
    sent_at INTEGER,
    answered_at INTEGER,
    answer_until INTEGER,
    remind_at INTEGER,
    letter_id BLOB
) STRICT;
CREATE UNIQUE INDEX asks_once ON asks (member_id, reference, occurrence);
CREATE INDEX asks_sent ON asks (member_id, sent_at) WHERE sent_at IS NOT NULL;
CREATE INDEX asks_due ON asks (send_at, id) WHERE send_at IS NOT NULL;
CREATE INDEX asks_of_survey ON asks (survey_id, sent_at) WHERE survey_id IS NOT NULL;
CREATE INDEX asks_of_order ON asks (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX asks_open ON asks (answer_until) WHERE state = 'sent' AND answer_until IS NOT NULL;
CREATE INDEX asks_to_remind ON asks (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX asks_by_letter ON asks (letter_id) WHERE letter_id IS NOT NULL;

CREATE TABLE answers (
    id BLOB PRIMARY KEY,
    survey_id BLOB NOT NULL REFERENCES surveys (id),
    member_id BLOB NOT NULL REFERENCES members (id),
    ask_id BLOB UNIQUE REFERENCES asks (id),
    external_id TEXT UNIQUE,
    kind TEXT NOT NULL,
    score INTEGER NOT NULL,
    category TEXT NOT NULL,
    channel TEXT NOT NULL,
    order_id BLOB REFERENCES orders (id),
    tier TEXT NOT NULL,
    country TEXT,
    locale TEXT NOT NULL,
    state TEXT NOT NULL,
    versions INTEGER NOT NULL,
    recorded_by TEXT NOT NULL,
    answered_at INTEGER NOT NULL,
    edited_at INTEGER,
    void_reason TEXT,
    voided_by TEXT
) STRICT;
CREATE INDEX answers_of_survey ON answers (survey_id, answered_at);
CREATE INDEX answers_of_member ON answers (member_id, id);
CREATE TABLE answer_versions (
    answer_id BLOB NOT NULL REFERENCES answers (id),
    version INTEGER NOT NULL,
    score INTEGER NOT NULL,
    comment TEXT,
    said_at INTEGER NOT NULL,
    PRIMARY KEY (answer_id, version)
) STRICT;

CREATE TABLE thanks (
    id BLOB PRIMARY KEY,
    member_id BLOB NOT NULL REFERENCES members (id),
    for_type TEXT NOT NULL,
    for_id BLOB NOT NULL,
    category TEXT NOT NULL,
    state TEXT NOT NULL,
    way TEXT NOT NULL,
    owner_id BLOB,
    owed_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL,
    given_at INTEGER,
    given_by TEXT,
    perk_id BLOB,
    message TEXT,
    waived_at INTEGER,
    waived_by TEXT,
    waive_reason TEXT,
    digested_at INTEGER,
    UNIQUE (for_type, for_id)
) STRICT;
CREATE INDEX thanks_by_state ON thanks (state, due_at);
CREATE INDEX thanks_of_member ON thanks (member_id, id);

CREATE TABLE topics (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    parent_id BLOB REFERENCES topics (id),
    words TEXT NOT NULL,
    owner_id BLOB,
    state TEXT NOT NULL,
    merged_into BLOB REFERENCES topics (id),
    created_at INTEGER NOT NULL,
    version INTEGER NOT NULL
) STRICT;
CREATE TABLE topic_links (
    subject_id BLOB NOT NULL,
    topic_id BLOB NOT NULL REFERENCES topics (id),
    subject TEXT NOT NULL,
    member_id BLOB NOT NULL REFERENCES members (id),
    raised_at INTEGER NOT NULL,
    suggested INTEGER NOT NULL CHECK (suggested IN (0, 1)),
    confirmed_by TEXT,
    PRIMARY KEY (subject_id, topic_id)
) STRICT;
CREATE INDEX topic_links_by_topic ON topic_links (topic_id, raised_at);
CREATE INDEX topic_links_of_member ON topic_links (member_id);

CREATE TABLE announcements (
    id BLOB PRIMARY KEY,
    fields TEXT NOT NULL,
    state TEXT NOT NULL,
    written_by TEXT NOT NULL,
    approved_by TEXT,
    created_at INTEGER NOT NULL,
    approved_at INTEGER,
    sent_at INTEGER,
    version INTEGER NOT NULL
) STRICT;
CREATE TABLE announcement_topics (
    announcement_id BLOB NOT NULL REFERENCES announcements (id),
    topic_id BLOB NOT NULL REFERENCES topics (id),
    topic_state TEXT,
    PRIMARY KEY (announcement_id, topic_id)
) STRICT;
-- Who was told what: one letter for each of an announcement, and one for each state of a topic.
CREATE TABLE announcement_letters (
    announcement_id BLOB NOT NULL REFERENCES announcements (id),
    member_id BLOB NOT NULL REFERENCES members (id),
    left_out TEXT,
    decided_at INTEGER NOT NULL,
    PRIMARY KEY (announcement_id, member_id)
) STRICT;
CREATE TABLE topic_told (
    topic_id BLOB NOT NULL REFERENCES topics (id),
    topic_state TEXT NOT NULL,
    member_id BLOB NOT NULL REFERENCES members (id),
    announcement_id BLOB NOT NULL REFERENCES announcements (id),
    PRIMARY KEY (topic_id, topic_state, member_id)
) STRICT;

ALTER TABLE orders ADD COLUMN fulfilled_at INTEGER;
