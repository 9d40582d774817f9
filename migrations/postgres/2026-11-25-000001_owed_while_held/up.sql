-- Where what is not found is forgiven, held points are owed while they are held, and no longer.
ALTER TABLE debts ADD COLUMN while_held BOOLEAN NOT NULL DEFAULT FALSE;
