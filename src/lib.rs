//! Vildar: loyalty and referral rewards.
pub mod app;
pub mod auth;
pub mod chores;
pub mod cli;
pub mod db;
pub mod demo_clock;
pub mod http;
pub mod kernel;
pub mod messaging;
pub mod program;
pub mod routes;
pub mod web;
