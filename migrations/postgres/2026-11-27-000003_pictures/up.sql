-- Pictures that the shop uploaded, drawn anew.
CREATE TABLE pictures (
    name TEXT PRIMARY KEY,
    bytes BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
