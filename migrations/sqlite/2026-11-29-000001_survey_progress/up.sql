-- Since when a survey asks without a break: what happened before is not asked about.
ALTER TABLE surveys ADD COLUMN live_since INTEGER;
UPDATE surveys SET live_since = published_at WHERE state = 'live';

-- How far asking by hand is, apart from how far the survey's own trigger is.
ALTER TABLE surveys ADD COLUMN asked_on TEXT;
ALTER TABLE surveys ADD COLUMN asked_after BLOB;
UPDATE surveys SET asked_on = date('now'), asked_after = planned_after, planned_on = NULL, planned_after = NULL
WHERE planned_on = 'by hand';

-- nothing looks an ask up by its letter
DROP INDEX asks_by_letter;
