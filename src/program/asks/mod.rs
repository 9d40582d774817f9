//! Asks: every time that the shop wants something of a member, an answer, a review, a visit. One
//! [`governor`] decides over all of them, the shop's own pop-ups and its till included: whether now,
//! not before when, or not at all, and always why.

pub mod api;
mod body;
pub mod governor;
pub mod personal;
pub mod service;
mod store;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use body::{AskBody, NextAsk};

use platform::{
    db::{schema::asks, types::Json},
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{AskId, LetterId, MemberId, OrderId, SurveyId},
    },
    words,
};

words! {
    /// What is asked for.
    pub enum AskKind {
        Survey = "survey",
        Review = "review",
        Testimonial = "testimonial",
        CaseStudy = "case_study",
        Photo = "photo",
        Referral = "referral",
        Gathering = "gathering",
        Mailing = "mailing",
    }
}

words! {
    /// Where an ask stands.
    pub enum AskState {
        /// It goes out when its time comes.
        Planned = "planned",
        /// It waits for longer than it was planned to; `reasons` say why.
        Postponed = "postponed",
        Sent = "sent",
        Answered = "answered",
        /// Nobody answered in time.
        Expired = "expired",
        /// It never goes out; `reasons` say why.
        Dropped = "dropped",
    }
}

words! {
    /// How somebody is asked.
    pub enum AskChannel {
        Letter = "letter",
        /// On a page of the shop.
        Page = "page",
        /// By a person in the shop.
        Till = "till",
    }
}

words! {
    /// Why nobody is asked, or not yet.
    pub enum ReasonCode {
        /// No consent to marketing, which letters that ask need.
        NoConsent = "no_consent",
        /// The member switched asks of this kind off.
        SwitchedOff = "switched_off",
        /// No mail goes to the member's address, or there is none.
        Suppressed = "suppressed",
        Suspended = "suspended",
        /// Somebody asked for something a short while ago.
        QuietAny = "quiet_any",
        /// The same was asked for not long ago.
        QuietKind = "quiet_kind",
        /// It was asked for enough within a year.
        YearFull = "year_full",
        NewMember = "new_member",
        /// Something of the member's is not mended yet: once there is a care desk.
        OpenCase = "open_case",
        /// The draw passed the member by.
        NotSampled = "not_sampled",
        /// The survey's number of a day is reached.
        DayFull = "day_full",
        /// Of a group that is left alone to compare with: once there are experiments.
        Holdout = "holdout",
        QuietHours = "quiet_hours",
        /// Another ask that is due goes first.
        OtherFirst = "other_first",
        /// The order was cancelled, or all of it refunded.
        OrderUndone = "order_undone",
        /// The survey ended.
        SurveyClosed = "survey_closed",
        /// It could not go out for so long that nobody would remember what it is about.
        TooLate = "too_late",
    }
}

/// Why nobody is asked, or not before when.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, ToSchema)]
#[schema(as = AskReason)]
pub struct Reason {
    pub code: ReasonCode,
    /// Exclusive; left out where it does not pass by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub until: Option<Timestamp>,
}

impl Reason {
    #[must_use]
    pub const fn for_good(code: ReasonCode) -> Self {
        Self { code, until: None }
    }

    #[must_use]
    pub const fn until(code: ReasonCode, until: Timestamp) -> Self {
        Self { code, until: Some(until) }
    }
}

/// Which of two that are due goes first: the lower. By the order of the contract.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Rank(i64);

impl Rank {
    /// A survey on what just happened: an order, its arrival, a redemption.
    pub const SURVEY_ON_ORDER: Self = Self(1);
    /// A survey on how things are between the member and the shop.
    pub const RELATIONAL_SURVEY: Self = Self(3);

    /// That of an ask which no survey of ours makes.
    #[must_use]
    pub const fn of(kind: AskKind) -> Self {
        Self(match kind {
            AskKind::Survey => Self::SURVEY_ON_ORDER.0,
            AskKind::Review => 2,
            AskKind::Gathering => 4,
            AskKind::Testimonial => 5,
            AskKind::Photo => 6,
            AskKind::CaseStudy => 7,
            AskKind::Referral => 8,
            AskKind::Mailing => 9,
        })
    }

    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// An ask, as kept.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = asks, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct Ask {
    #[diesel(skip_update)]
    pub id: AskId,
    pub member_id: MemberId,
    pub kind: AskKind,
    /// What it is about: a survey's id, or what the shop calls it.
    pub reference: String,
    pub survey_id: Option<SurveyId>,
    /// What caused it; the second for one is not made.
    pub occurrence: String,
    pub rank: i64,
    pub channel: AskChannel,
    pub state: AskState,
    pub reasons: Json,
    pub order_id: Option<OrderId>,
    /// What an answer brings.
    pub points: Option<i64>,
    pub planned_at: Timestamp,
    /// When it was to go out at first.
    pub due_at: Timestamp,
    /// When it is tried; none once it is sent or dropped.
    pub send_at: Option<Timestamp>,
    pub sent_at: Option<Timestamp>,
    pub answered_at: Option<Timestamp>,
    /// Exclusive.
    pub answer_until: Option<Timestamp>,
    pub remind_at: Option<Timestamp>,
    pub letter_id: Option<LetterId>,
}

impl Ask {
    /// Why it waits, or never went.
    ///
    /// # Errors
    /// A row that was not written by us.
    pub fn reasons(&self) -> Result<Vec<Reason>> {
        self.reasons.clone().read()
    }

    /// Whether it may still go out.
    #[must_use]
    pub const fn is_waiting(&self) -> bool {
        matches!(self.state, AskState::Planned | AskState::Postponed)
    }
}
