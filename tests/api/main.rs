//! The API as its callers meet it, over HTTP, on both databases.

#[path = "../support/mod.rs"]
mod support;

mod letters;
mod main_job;
mod shop;
mod shop_orders;
mod shop_points;
mod shop_races;
mod shop_redemptions;
mod shop_refunds;
mod shop_repeats;
mod shop_rewards;
mod shop_vouchers;
mod snapshots;
