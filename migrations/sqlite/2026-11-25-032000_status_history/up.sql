-- Who suspended, reinstated or erased a member, and when. version is the member's that it made.
CREATE TABLE status_changes (
    member_id BLOB NOT NULL REFERENCES members (id),
    version INTEGER NOT NULL,
    old_status TEXT NOT NULL,
    new_status TEXT NOT NULL,
    actor TEXT NOT NULL,
    changed_at INTEGER NOT NULL,
    PRIMARY KEY (member_id, version)
) STRICT;

-- Why they did; erasure empties it.
CREATE TABLE status_notes (
    member_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (member_id, version),
    FOREIGN KEY (member_id, version) REFERENCES status_changes (member_id, version)
) STRICT;
