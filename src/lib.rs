//! Vildar
pub mod auth;
pub mod db;
pub mod http;
pub mod kernel;
pub mod messaging;
pub mod program;
pub mod web;
