-- Perks for many: what is given, and to whom; worked off some members at a time.
CREATE TABLE perk_lists (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL,
    budgeted BOOLEAN NOT NULL,
    cost_points BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    finished_at TIMESTAMPTZ,
    perk JSONB
);
CREATE INDEX perk_lists_open ON perk_lists (id) WHERE finished_at IS NULL;
CREATE INDEX perk_lists_by_user ON perk_lists (user_id, id);
CREATE TABLE perk_list_lines (
    list_id UUID NOT NULL REFERENCES perk_lists (id),
    line BIGINT NOT NULL,
    member_id UUID REFERENCES members (id),
    state TEXT NOT NULL,
    fault TEXT,
    perk_id UUID REFERENCES perks (id),
    PRIMARY KEY (list_id, line)
);
CREATE INDEX perk_list_lines_waiting ON perk_list_lines (list_id, member_id) WHERE state = 'waiting';
