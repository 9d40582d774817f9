DROP INDEX idempotency_keys_by_age;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
CREATE INDEX idempotency_keys_by_member ON idempotency_keys (member_id) WHERE member_id IS NOT NULL;
