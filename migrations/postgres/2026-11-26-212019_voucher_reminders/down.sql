DROP INDEX vouchers_to_remind;
ALTER TABLE vouchers DROP COLUMN reminded_at;
