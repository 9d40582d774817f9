//! Vildar
pub mod db;
pub mod kernel;
