//! Points that one member sends another: off unless the program allows it, and so many a day.

pub mod api;
pub mod audit;
pub mod service;
