ALTER TABLE rewards DROP COLUMN per_member_year_limit;
ALTER TABLE rewards DROP COLUMN per_member_month_limit;
