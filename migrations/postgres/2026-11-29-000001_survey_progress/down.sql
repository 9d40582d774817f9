CREATE INDEX asks_by_letter ON asks (letter_id) WHERE letter_id IS NOT NULL;
ALTER TABLE surveys DROP COLUMN asked_after;
ALTER TABLE surveys DROP COLUMN asked_on;
ALTER TABLE surveys DROP COLUMN live_since;
