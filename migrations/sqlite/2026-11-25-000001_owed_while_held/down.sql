ALTER TABLE debts DROP COLUMN while_held;
