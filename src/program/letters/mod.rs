//! Letters as staff look them up; how they are written and sent is [`crate::messaging`]'s.

pub mod api;
