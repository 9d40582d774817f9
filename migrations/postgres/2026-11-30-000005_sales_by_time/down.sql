DROP INDEX orders_by_time;
CREATE INDEX orders_by_time ON orders (placed_at, id);
