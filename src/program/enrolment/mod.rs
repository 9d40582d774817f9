//! Enrolment: how somebody becomes a member, by a storefront, by staff, by an import, or by
//! themselves ([`service::sign_up`]).

pub mod api;
pub mod service;

use crate::members::likeness::Hints;
use platform::kernel::{
    clock::Timestamp,
    locale::Locale,
    text::{Birthday, Country, Email, ExternalId, Name},
    zone::Zone,
};

/// Who is to become a member.
#[derive(Clone, Debug)]
pub struct Enrolment {
    pub email: Email,
    pub given_name: Name,
    pub family_name: Option<Name>,
    /// The program's where it is `None`.
    pub locale: Option<Locale>,
    /// The program's where it is `None`.
    pub time_zone: Option<Zone>,
    pub country: Option<Country>,
    pub birthday: Option<Birthday>,
    pub external_id: Option<ExternalId>,
    /// As typed.
    pub referral_code: Option<String>,
    /// What may tell who is who.
    pub hints: Hints,
    pub marketing_consent: bool,
    /// Now where it is `None`.
    pub enrolled_at: Option<Timestamp>,
    pub password_hash: Option<String>,
}

/// Whether the new member is written to: imports write to nobody.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Letters {
    Send,
    None,
}
