//! The letters: what each one says, as data. [`render()`] makes html and text of it.
//!
//! A [`Letter`] is what the outbox keeps, as JSON, so its fields are part of the database: add
//! fields with `#[serde(default)]`, and rename none.

mod address;
mod depth;
mod greeting;
mod own;
mod render;
mod samples;
mod secrets;
mod stationery;
mod survey;
#[cfg(test)]
mod tests;
mod thanked;
mod told;
mod trial;

use serde::{Deserialize, Serialize};

pub use address::{NotAPreference, Preference, Recipient};
pub use greeting::Greeting;
pub use own::Flaw;
pub use render::{Inline, RenderError, Rendered, Sender, render, subject};
pub use stationery::Stationery;
pub use survey::SurveyLetter;
pub use thanked::{Overdue, ThanksCategory};
pub use told::Told;

use crate::kernel::{clock::Timestamp, money::Money};

/// A code that is shown at a till or typed into a shop.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Voucher {
    pub code: String,
    /// Exclusive: the first instant at which the code is no longer taken.
    pub expires_at: Timestamp,
}

/// So many points that end then (exclusive).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Ending {
    pub points: i64,
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
    /// the link sets a password. Whoever asked for it may be a stranger to the reader: it has no
    /// words of theirs, not even a name.
    SignUpConfirmation {
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
    /// Somebody came by the reader's code.
    FriendJoined {
        given_name: String,
        /// The friend's given name.
        friend: String,
        /// What the reader gets once the friend has bought.
        points: i64,
        page_url: Option<String>,
    },
    /// A friend's joining is looked at by a person first.
    ReferralChecked {
        given_name: String,
        page_url: Option<String>,
    },
    /// What was promised for a friend is here, for the one who brought or for the one who came.
    ReferralRewarded {
        given_name: String,
        /// Who was brought; none where that is the reader.
        friend: Option<String>,
        points: i64,
        /// Exclusive; none where they never expire.
        expires_at: Option<Timestamp>,
        reward: Option<String>,
        voucher: Option<Voucher>,
        page_url: Option<String>,
    },
    /// What a friend was promised ends soon.
    ReferralLapsing {
        given_name: String,
        points: i64,
        /// The least that an order has to come to.
        least: Money,
        /// Exclusive.
        until: Timestamp,
        page_url: Option<String>,
    },
    /// Something changed, or will, that the reader had said something about.
    TopicChanged(Told),
    /// It will not change, and why.
    TopicDeclined(Told),
    Birthday(Greeting),
    /// Of having joined.
    Anniversary(Greeting),
    Holiday(Greeting),
    /// A day of the shop's own.
    Date(Greeting),
    /// One question.
    Survey(SurveyLetter),
    /// Thanks for an order.
    OrderThanks {
        given_name: String,
        /// The shop's own number.
        order: String,
        total: Money,
        points: i64,
        /// When the points can be used; none: now.
        available_at: Option<Timestamp>,
        page_url: Option<String>,
    },
    /// Thanks for an answer, a story, a recommendation …
    Thanks {
        given_name: String,
        category: ThanksCategory,
    },
    /// Thanks of one of the staff, in their own words.
    PersonalThanks {
        given_name: String,
        message: String,
        /// Who thanks.
        from: Option<String>,
        /// What came with it.
        points: Option<i64>,
        /// Of the points, exclusive; none where they never expire.
        expires_at: Option<Timestamp>,
    },
    /// To an admin: thanks that are overdue. Names nobody.
    ThanksOverdue {
        name: String,
        count: i64,
        by_category: Vec<Overdue>,
        /// Of the one that is overdue longest.
        oldest_due_at: Timestamp,
        url: String,
    },
    /// Some points end soon.
    PointsExpiring {
        given_name: String,
        /// What ends, and when (exclusive), soonest first; one at least.
        ending: Vec<Ending>,
        /// What can be spent now.
        available: i64,
        /// What that would buy.
        rewards: Vec<String>,
        page_url: Option<String>,
    },
    /// Somebody has not bought anything for long.
    MissYou {
        given_name: String,
        available: i64,
        rewards: Vec<String>,
        page_url: Option<String>,
    },
    /// How a month went.
    PointsStatement {
        given_name: String,
        from: Timestamp,
        /// Exclusive.
        to: Timestamp,
        opening: i64,
        received: i64,
        used: i64,
        expired: i64,
        closing: i64,
        /// What ends next.
        ending: Option<Ending>,
        page_url: Option<String>,
    },
    /// To a new address, which is asked: it may be somebody else's, and has no words of the asker.
    EmailChange {
        url: String,
        expires_at: Timestamp,
    },
    /// To the old one, which is told.
    EmailChanged {
        given_name: String,
        /// The new one, not in full.
        hint: String,
    },
    /// Somebody signed in from a device that was not seen before.
    NewSignIn {
        name: String,
        device: String,
        at: Timestamp,
    },
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
            Self::FriendJoined { .. } => "friend_joined",
            Self::ReferralChecked { .. } => "referral_checked",
            Self::ReferralRewarded { .. } => "referral_rewarded",
            Self::ReferralLapsing { .. } => "referral_lapsing",
            Self::TopicChanged(_) => "topic_changed",
            Self::TopicDeclined(_) => "topic_declined",
            Self::Birthday(_) => "birthday",
            Self::Anniversary(_) => "anniversary",
            Self::Holiday(_) => "holiday",
            Self::Date(_) => "date",
            Self::Survey(_) => "survey",
            Self::OrderThanks { .. } => "order_thanks",
            Self::Thanks { .. } => "thanks",
            Self::PersonalThanks { .. } => "personal_thanks",
            Self::ThanksOverdue { .. } => "thanks_overdue",
            Self::PointsExpiring { .. } => "points_expiring",
            Self::MissYou { .. } => "miss_you",
            Self::PointsStatement { .. } => "points_statement",
            Self::EmailChange { .. } => "email_change",
            Self::EmailChanged { .. } => "email_changed",
            Self::NewSignIn { .. } => "new_sign_in",
            Self::PasswordReset { .. } => "password_reset",
            Self::StaffInvitation { .. } => "staff_invitation",
        }
    }

    /// The switch that turns letters like this one off; `None` for service letters.
    #[must_use]
    pub const fn preference(&self) -> Option<Preference> {
        match self {
            Self::Welcome { .. }
            | Self::PerkGranted { .. }
            | Self::FriendJoined { .. }
            | Self::ReferralChecked { .. }
            | Self::ReferralRewarded { .. }
            | Self::ReferralLapsing { .. }
            | Self::VoucherEnding { .. }
            | Self::TopicChanged(_)
            | Self::TopicDeclined(_)
            | Self::OrderThanks { .. }
            | Self::Thanks { .. }
            | Self::PersonalThanks { .. }
            | Self::PointsExpiring { .. } => Some(Preference::ThankYou),
            Self::Survey(_) => Some(Preference::Surveys),
            Self::MissYou { .. } => Some(Preference::Marketing),
            Self::PointsStatement { .. } => Some(Preference::Statements),
            Self::Birthday(_) | Self::Anniversary(_) | Self::Holiday(_) | Self::Date(_) => {
                Some(Preference::Occasions)
            }
            Self::SignUpConfirmation { .. }
            | Self::RewardRedeemed { .. }
            | Self::RedemptionCancelled { .. }
            | Self::EmailChange { .. }
            | Self::EmailChanged { .. }
            | Self::NewSignIn { .. }
            | Self::PasswordReset { .. }
            | Self::ThanksOverdue { .. }
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
}
