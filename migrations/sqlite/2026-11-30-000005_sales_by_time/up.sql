-- What was sold in a period is added up from the index alone: a look at each order's own row took
-- fifty times as long.
DROP INDEX orders_by_time;
CREATE INDEX orders_by_time ON orders (placed_at, id, amount, refunded_amount, cancelled_at);
