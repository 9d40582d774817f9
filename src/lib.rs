//! Vildar

pub mod web;
