-- Words by which the shop groups its members; in lower case.
CREATE TABLE member_tags (
    member_id UUID NOT NULL REFERENCES members (id),
    tag TEXT NOT NULL,
    PRIMARY KEY (member_id, tag)
);
CREATE INDEX member_tags_by_tag ON member_tags (tag, member_id);
