//! Vildar
pub mod kernel;
