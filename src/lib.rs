//! Vildar
pub mod kernel;
pub mod messaging;
