DROP INDEX members_by_birthday;
CREATE INDEX members_by_birthday ON members (substr(birthday, length(birthday) - 4), id)
    WHERE status = 'active' AND marketing_consent;
ALTER TABLE letters DROP COLUMN lost;
DROP INDEX statements_wanted;
DROP INDEX orders_by_time;
DROP INDEX expiries_by_end;
DROP TABLE reminder_progress;
DROP TABLE known_devices;
DROP TABLE consents;
DROP TABLE suppressions;
