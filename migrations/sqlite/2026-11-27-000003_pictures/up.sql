-- Pictures that the shop uploaded, drawn anew.
CREATE TABLE pictures (
    name TEXT PRIMARY KEY,
    bytes BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
