//! Vildar
pub mod db;
pub mod kernel;
pub mod messaging;
