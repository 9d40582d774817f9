-- Units of a redemption that were cancelled while the rest stays good.
ALTER TABLE redemptions ADD COLUMN cancelled_quantity INTEGER NOT NULL DEFAULT 0
    CHECK (cancelled_quantity >= 0 AND cancelled_quantity <= quantity);
UPDATE redemptions SET cancelled_quantity = quantity WHERE state = 'cancelled';
