ALTER TABLE vouchers DROP COLUMN uploaded;
ALTER TABLE rewards DROP COLUMN has_codes;
DROP TABLE reward_codes;
