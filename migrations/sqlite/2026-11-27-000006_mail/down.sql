ALTER TABLE letters DROP COLUMN lost;
DROP INDEX statements_wanted;
DROP INDEX orders_by_time;
DROP INDEX expiries_by_end;
DROP TABLE reminder_progress;
DROP TABLE known_devices;
DROP TABLE consents;
DROP TABLE suppressions;
