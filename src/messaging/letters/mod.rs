//! The letters: what each one says, as data. [`render()`] makes html and text of it.
//!
//! A [`Letter`] is what the outbox keeps, as JSON, so its fields are part of the database: add
//! fields with `#[serde(default)]`, and rename none.

mod address;
mod greeting;
mod render;
mod samples;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};

pub use address::{NotAPreference, Preference, Recipient};
pub use greeting::Greeting;
pub use render::{Inline, RenderError, Rendered, Sender, render, subject};

use crate::kernel::clock::Timestamp;

/// A code that is shown at a till or typed into a shop.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Voucher {
    pub code: String,
    /// Exclusive: the first instant at which the code is no longer taken.
    pub expires_at: Timestamp,
}

/// A letter to one person, with all that it says. Points are whole numbers.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "template", rename_all = "snake_case")]
pub enum Letter {
    /// To a new member, with the code to share.
    Welcome {
        given_name: String,
        referral_code: String,
        share_url: String,
    },
    /// To somebody who signed up by themselves. `existing`: the address has a member already, and
    /// the link sets a password.
    SignUpConfirmation {
        given_name: String,
        url: String,
        expires_at: Timestamp,
        existing: bool,
    },
    /// Thanks for a redemption; with the voucher where it came at once.
    RewardRedeemed {
        given_name: String,
        reward: String,
        quantity: i64,
        points: i64,
        balance_after: i64,
        placed_at: Timestamp,
        voucher: Option<Voucher>,
        /// Where the shop shows it: `storefront_url` with `?redemption=`; none without a storefront.
        page_url: Option<String>,
    },
    /// A voucher that was not used ends soon.
    VoucherEnding {
        given_name: String,
        reward: String,
        quantity: i64,
        voucher: Voucher,
        /// Where the shop shows it, as of [`Letter::RewardRedeemed`].
        page_url: Option<String>,
    },
    /// A redemption was cancelled and its points came back.
    RedemptionCancelled {
        given_name: String,
        reward: String,
        quantity: i64,
        points_returned: i64,
        balance_after: i64,
        reason: Option<String>,
        /// Units that were not cancelled, and for which a code stays good.
        #[serde(default)]
        left: i64,
    },
    /// Staff gave something: points, a reward, or words alone.
    PerkGranted {
        given_name: String,
        title: String,
        /// A person's own words.
        message: Option<String>,
        points: Option<i64>,
        /// Of points, exclusive; none where they never expire.
        expires_at: Option<Timestamp>,
        reward: Option<String>,
        voucher: Option<Voucher>,
        /// As with [`Letter::RewardRedeemed`].
        page_url: Option<String>,
    },
    Birthday(Greeting),
    /// Of having joined.
    Anniversary(Greeting),
    Holiday(Greeting),
    /// A day of the shop's own.
    Date(Greeting),
    /// Somebody asked for a new password.
    PasswordReset {
        given_name: String,
        url: String,
        expires_at: Timestamp,
    },
    /// To a new staff user, who sets a password by the link.
    StaffInvitation {
        name: String,
        url: String,
        expires_at: Timestamp,
    },
}

impl Letter {
    /// The stable name, the same as the JSON tag and the template's file.
    #[must_use]
    pub const fn template(&self) -> &'static str {
        match self {
            Self::Welcome { .. } => "welcome",
            Self::SignUpConfirmation { .. } => "sign_up_confirmation",
            Self::RewardRedeemed { .. } => "reward_redeemed",
            Self::VoucherEnding { .. } => "voucher_ending",
            Self::RedemptionCancelled { .. } => "redemption_cancelled",
            Self::PerkGranted { .. } => "perk_granted",
            Self::Birthday(_) => "birthday",
            Self::Anniversary(_) => "anniversary",
            Self::Holiday(_) => "holiday",
            Self::Date(_) => "date",
            Self::PasswordReset { .. } => "password_reset",
            Self::StaffInvitation { .. } => "staff_invitation",
        }
    }

    /// The switch that turns letters like this one off; `None` for service letters.
    #[must_use]
    pub const fn preference(&self) -> Option<Preference> {
        match self {
            Self::Welcome { .. } | Self::PerkGranted { .. } | Self::VoucherEnding { .. } => {
                Some(Preference::ThankYou)
            }
            Self::Birthday(_) | Self::Anniversary(_) | Self::Holiday(_) | Self::Date(_) => {
                Some(Preference::Occasions)
            }
            Self::SignUpConfirmation { .. }
            | Self::RewardRedeemed { .. }
            | Self::RedemptionCancelled { .. }
            | Self::PasswordReset { .. }
            | Self::StaffInvitation { .. } => None,
        }
    }

    /// What gives power to whoever reads it: voucher codes and links with tokens.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        match self {
            Self::SignUpConfirmation { url, .. }
            | Self::PasswordReset { url, .. }
            | Self::StaffInvitation { url, .. } => vec![url.clone()],
            _ => self.voucher().map(|voucher| voucher.code.clone()).into_iter().collect(),
        }
    }

    /// The code that it brings.
    #[must_use]
    pub const fn voucher(&self) -> Option<&Voucher> {
        match self {
            Self::RewardRedeemed { voucher, .. }
            | Self::PerkGranted { voucher, .. }
            | Self::Birthday(Greeting { voucher, .. })
            | Self::Anniversary(Greeting { voucher, .. })
            | Self::Holiday(Greeting { voucher, .. })
            | Self::Date(Greeting { voucher, .. }) => voucher.as_ref(),
            Self::VoucherEnding { voucher, .. } => Some(voucher),
            Self::Welcome { .. }
            | Self::SignUpConfirmation { .. }
            | Self::RedemptionCancelled { .. }
            | Self::PasswordReset { .. }
            | Self::StaffInvitation { .. } => None,
        }
    }

    /// The holiday that its reader may say no to.
    #[must_use]
    pub fn holiday(&self) -> Option<&str> {
        match self {
            Self::Holiday(greeting) | Self::Date(greeting) => greeting.holiday.as_deref(),
            _ => None,
        }
    }

    /// Whether its [`secrets`](Self::secrets) can be asked for anew: then it need not keep them
    /// once it failed. A voucher's code is in its letter alone, which may be tried again.
    #[must_use]
    pub const fn can_be_asked_for_anew(&self) -> bool {
        matches!(
            self,
            Self::SignUpConfirmation { .. }
                | Self::PasswordReset { .. }
                | Self::StaffInvitation { .. }
        )
    }

    /// The same letter with its [`secrets`](Self::secrets) blotted out, QR code included: for
    /// previews that people other than the reader may see.
    #[must_use]
    pub fn masked(mut self) -> Self {
        const BLOT: &str = "••••••••";
        match &mut self {
            Self::SignUpConfirmation { url, .. }
            | Self::PasswordReset { url, .. }
            | Self::StaffInvitation { url, .. } => BLOT.clone_into(url),
            Self::VoucherEnding { voucher, .. } => BLOT.clone_into(&mut voucher.code),
            Self::RewardRedeemed { voucher, .. }
            | Self::PerkGranted { voucher, .. }
            | Self::Birthday(Greeting { voucher, .. })
            | Self::Anniversary(Greeting { voucher, .. })
            | Self::Holiday(Greeting { voucher, .. })
            | Self::Date(Greeting { voucher, .. }) => {
                if let Some(voucher) = voucher {
                    BLOT.clone_into(&mut voucher.code);
                }
            }
            Self::Welcome { .. } | Self::RedemptionCancelled { .. } => {}
        }
        self
    }
}
