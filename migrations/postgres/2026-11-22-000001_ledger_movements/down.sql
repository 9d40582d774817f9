DROP INDEX redemptions_placed;
DROP TABLE idempotency_members;
DROP INDEX allocations_by_cause;
DROP INDEX lots_pending;
DROP TABLE expiries;
DROP TABLE hold_parts;
DROP TABLE holds;
ALTER TABLE debts DROP COLUMN cancelled;
ALTER TABLE accounts DROP COLUMN hold_seq;
