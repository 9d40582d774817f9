ALTER TABLE redemptions DROP COLUMN cancelled_quantity;
