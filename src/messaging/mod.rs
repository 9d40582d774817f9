//! What Vildar writes to people: the letters, and what each of them may be switched off by.

pub mod letters;
pub mod preferences;
