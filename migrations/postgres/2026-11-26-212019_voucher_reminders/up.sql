-- A member is reminded of a voucher once, before it ends.
ALTER TABLE vouchers ADD COLUMN reminded_at TIMESTAMPTZ;
CREATE INDEX vouchers_to_remind ON vouchers (expires_at)
    WHERE reminded_at IS NULL AND used_at IS NULL AND voided_at IS NULL;
