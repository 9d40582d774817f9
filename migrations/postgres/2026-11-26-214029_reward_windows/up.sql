-- Units that one member can have in a calendar month, and in a year.
ALTER TABLE rewards ADD COLUMN per_member_month_limit BIGINT;
ALTER TABLE rewards ADD COLUMN per_member_year_limit BIGINT;
