//! Points set aside for an order while it is paid elsewhere: held, then captured or released, or
//! back by the clock. The ledger keeps them; this room says who may ask for what.

pub mod api;
pub mod audit;
pub mod personal;
mod service;

pub use service::{Capture, NewHold, capture_all, place, release};
