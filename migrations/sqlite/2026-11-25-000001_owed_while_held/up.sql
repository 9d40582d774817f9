-- Where what is not found is forgiven, held points are owed while they are held, and no longer.
ALTER TABLE debts ADD COLUMN while_held INTEGER NOT NULL DEFAULT 0 CHECK (while_held IN (0, 1));
