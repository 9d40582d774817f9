-- Perks for many: what is given, and to whom; worked off some members at a time.
CREATE TABLE perk_lists (
    id BLOB PRIMARY KEY,
    user_id BLOB NOT NULL,
    budgeted INTEGER NOT NULL CHECK (budgeted IN (0, 1)),
    cost_points INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    finished_at INTEGER,
    perk TEXT
) STRICT;
CREATE INDEX perk_lists_open ON perk_lists (id) WHERE finished_at IS NULL;
CREATE INDEX perk_lists_by_user ON perk_lists (user_id, id);
CREATE TABLE perk_list_lines (
    list_id BLOB NOT NULL REFERENCES perk_lists (id),
    line INTEGER NOT NULL,
    member_id BLOB REFERENCES members (id),
    state TEXT NOT NULL,
    fault TEXT,
    perk_id BLOB REFERENCES perks (id),
    PRIMARY KEY (list_id, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX perk_list_lines_waiting ON perk_list_lines (list_id, member_id) WHERE state = 'waiting';
