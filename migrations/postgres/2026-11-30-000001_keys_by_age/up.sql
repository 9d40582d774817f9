-- Whose answers are to be forgotten is asked when somebody is erased: rarely, and of two days. An index by
-- member cost every request with a key a page somewhere; the one by age, which grows at its end, can tell.
DROP INDEX idempotency_keys_by_member;
DROP INDEX idempotency_keys_by_age;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at, member_id, fingerprint);
