//! Members: who they are to the program.

pub mod api;
pub mod audience;
pub mod audit;
mod body;
pub mod celebrating;
pub mod consents;
pub mod likeness;
pub mod personal;
mod search;
pub mod service;
mod store;
pub mod tags;
mod tier;
pub mod words;

pub use audience::Audience;
pub use body::MemberBody;
pub use tier::Tier;

use platform::{
    kernel::{
        clock::Timestamp,
        id::MemberId,
        locale::{Locale, Reader},
        text::full_name,
        zone::Zone,
    },
    messaging::letters::Recipient,
    words,
};

words! {
    pub enum MemberStatus { Active = "active", Suspended = "suspended", Erased = "erased" }
}

/// The tier that everyone begins in.
pub const FIRST_TIER: &str = "member";

/// A member, as kept. What names the person is `None` once they are erased.
#[derive(Clone, Debug)]
pub struct Member {
    pub id: MemberId,
    pub email: Option<String>,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub locale: Locale,
    pub time_zone: Zone,
    pub country: Option<String>,
    pub birthday: Option<String>,
    pub birthday_set_at: Option<Timestamp>,
    pub external_id: Option<String>,
    pub tier: String,
    pub status: MemberStatus,
    pub referral_code: String,
    pub marketing_consent: bool,
    pub enrolled_at: Timestamp,
    pub version: i64,
}

impl Member {
    /// Given and family name as one, for letters' `To`.
    #[must_use]
    pub fn full_name(&self) -> Option<String> {
        Some(full_name(self.given_name.as_deref()?, self.family_name.as_deref()))
    }

    /// To whom a letter goes, and how it calls them; an erased member has no address.
    #[must_use]
    pub fn addressee(&self) -> Option<(Recipient, String)> {
        let to = Recipient {
            member_id: Some(self.id),
            email: self.email.as_deref()?.parse().ok()?,
            name: self.full_name(),
            locale: self.locale.clone(),
        };
        Some((to, self.given_name.clone()?))
    }

    /// As a reader of what the program says in several languages.
    #[must_use]
    pub fn reader(&self, program: &Locale) -> Reader {
        Reader { wanted: vec![self.locale.clone()], program: program.clone() }
    }
}
