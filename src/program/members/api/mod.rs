//! `/v1/members`: profiles, their states, and preferences. (Enrolment is another room.)

pub mod address;
pub mod preferences;
pub mod profile;
pub mod states;
