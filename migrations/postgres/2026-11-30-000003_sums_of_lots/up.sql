-- As what else is written beside an entry: an account's sums are looked up again by no foreign key, which
-- took a half of the time that each of them takes. `vildar verify` tells those that stand alone.
-- in the order in which servers that still run lock them
LOCK TABLE accounts, expiries IN ACCESS EXCLUSIVE MODE;
ALTER TABLE expiries DROP CONSTRAINT expiries_member_id_fkey;
