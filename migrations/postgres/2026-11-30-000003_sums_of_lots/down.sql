ALTER TABLE expiries ADD CONSTRAINT expiries_member_id_fkey
    FOREIGN KEY (member_id) REFERENCES accounts (member_id);
