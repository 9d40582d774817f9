DROP INDEX members_by_zone;
DROP INDEX members_by_enrolment;
DROP INDEX members_by_birthday;
DROP TABLE greeting_checks;
DROP TABLE occasion_progress;
DROP TABLE occasions;
