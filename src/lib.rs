//! Vildar
