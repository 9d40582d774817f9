//! The catalogue: what points buy, and when a member can have it.

pub mod api;
pub mod audit;
mod body;
pub mod codes;
pub mod history;
pub mod personal;
pub mod service;
mod store;
mod values;

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use body::{RewardBody, Showing};
pub use values::{ImageUrl, Limit, RewardKind, RewardState, Stock, Tiers, Worth};

use crate::members::{Member, MemberStatus};
use platform::{
    db::schema::rewards,
    kernel::{
        changes::Changes,
        clock::Timestamp,
        error::{Refusal, Unavailable, Window},
        id::RewardId,
        locale::{Locale, Reader},
        money::Money,
        points::Amount,
        text::{Name, Prose, Remark},
        texts::Texts,
    },
    settings::Settings,
};

// utoipa wants names without arguments
type Names = Texts<Name>;
type Descriptions = Texts<Remark<5000>>;
type Terms = Texts<Prose<5000>>;

/// A reward to be added; of one that is there, what can be changed.
#[derive(
    Clone, Debug, Serialize, Deserialize, ToSchema, Queryable, Selectable, Insertable, AsChangeset,
)]
#[diesel(table_name = rewards, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(deny_unknown_fields)]
pub struct NewReward {
    pub name: Names,
    #[serde(default)]
    pub description: Descriptions,
    pub kind: RewardKind,
    pub cost_points: Amount,
    /// What it is worth.
    #[serde(default)]
    #[diesel(embed)]
    #[schema(value_type = Option<Money>)]
    pub value: Worth,
    /// Units left; null: as many as are asked for.
    pub stock: Option<Stock>,
    /// Units that one member can have in all; null: no limit.
    pub per_member_limit: Option<Limit>,
    /// Units that one member can have in a calendar month of the program's time zone.
    pub per_member_month_limit: Option<Limit>,
    /// Units that one member can have in a calendar year of the program's time zone.
    pub per_member_year_limit: Option<Limit>,
    /// The tiers that can have it; empty: all.
    #[serde(default)]
    pub tiers: Tiers,
    pub starts_at: Option<Timestamp>,
    /// Exclusive.
    pub ends_at: Option<Timestamp>,
    #[serde(default = "draft")]
    pub state: RewardState,
    pub terms: Option<Terms>,
    pub image_url: Option<ImageUrl>,
}

const fn draft() -> RewardState {
    RewardState::Draft
}

/// Changes to a reward.
pub type RewardChanges = Changes<NewReward>;

/// A reward of the catalogue.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = rewards)]
pub struct Reward {
    pub id: RewardId,
    #[diesel(embed)]
    pub fields: NewReward,
    /// Whether it hands out the codes of an uploaded list: then `stock` is how many are left.
    pub has_codes: bool,
    pub version: i64,
}

impl Reward {
    /// What it is called, as `reader` reads it.
    #[must_use]
    pub fn name(&self, reader: &Reader) -> String {
        self.fields.name.read_by(reader).map(ToString::to_string).unwrap_or_default()
    }

    /// What is said of it, as `reader` reads it; may be empty.
    #[must_use]
    pub fn description(&self, reader: &Reader) -> String {
        self.fields.description.read_by(reader).map(ToString::to_string).unwrap_or_default()
    }

    /// Why this member can't have `quantity` units at `now`, all reasons at once; empty: they can.
    /// `available`: the member's points to spend; `had`: units the member has had already.
    #[must_use]
    pub fn availability(
        &self,
        member: &Member,
        available: i64,
        had: Had,
        now: Timestamp,
        quantity: i64,
    ) -> Vec<Unavailable> {
        let mut reasons = Vec::new();
        let fields = &self.fields;
        let shortfall = fields.cost_points.get().saturating_mul(quantity).saturating_sub(available);
        if shortfall > 0 {
            reasons.push(Unavailable::InsufficientPoints { shortfall });
        }
        if fields.stock.is_some_and(|stock| stock.get() < quantity) {
            reasons.push(Unavailable::OutOfStock);
        }
        reasons.extend(self.hindrances(member, had, now, quantity));
        reasons
    }

    /// The reasons that lie neither in stock nor in points: where those two alone are in the way,
    /// they have refusals of their own.
    #[must_use]
    pub fn hindrances(
        &self,
        member: &Member,
        had: Had,
        now: Timestamp,
        quantity: i64,
    ) -> Vec<Unavailable> {
        let fields = &self.fields;
        let limits = [
            (fields.per_member_limit, had.ever, None),
            (fields.per_member_year_limit, had.year, Some(Window::Year)),
            (fields.per_member_month_limit, had.month, Some(Window::Month)),
        ];
        let reached = limits.into_iter().filter_map(|(limit, had, window)| {
            let over = had.saturating_add(quantity) > limit?.get();
            over.then_some(Unavailable::LimitReached { limit: window })
        });
        let not_started = fields.starts_at.is_some_and(|starts_at| now < starts_at);
        let ended = fields.ends_at.is_some_and(|ends_at| now >= ends_at);
        let withdrawn = matches!(fields.state, RewardState::Paused | RewardState::Retired);
        let wrong_tier = !fields.tiers.is_empty()
            && !fields.tiers.iter().any(|tier| tier.as_str() == member.tier);
        let others = [
            (wrong_tier, Unavailable::TierRequired),
            (not_started || fields.state == RewardState::Draft, Unavailable::NotStarted),
            (ended || withdrawn, Unavailable::Ended),
            (member.status != MemberStatus::Active, Unavailable::MemberSuspended),
        ]
        .into_iter()
        .filter_map(|(applies, reason)| applies.then_some(reason));
        reached.chain(others).collect()
    }
}

/// Units of a reward that a member has had: ever, and in the calendar month and year of the program's
/// time zone.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Had {
    pub ever: i64,
    pub month: i64,
    pub year: i64,
}

impl NewReward {
    /// The window's limit for one member.
    #[must_use]
    pub const fn limit_in(&self, window: Window) -> Option<Limit> {
        match window {
            Window::Month => self.per_member_month_limit,
            Window::Year => self.per_member_year_limit,
        }
    }

    /// The same with its texts each in their language: those that came without one are in the
    /// program's.
    #[must_use]
    pub fn named(self, program: &Locale) -> Self {
        Self {
            name: self.name.named(program),
            description: self.description.named(program),
            terms: self.terms.map(|terms| terms.named(program)),
            ..self
        }
    }

    /// What is to be kept: texts are in the program's language, and a picture of ours is named
    /// without our address. What stays as it was `before` is not judged again: the program may have
    /// got another language since.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with the field at fault.
    pub fn settled(self, settings: &Settings, before: Option<&Self>) -> Result<Self, Refusal> {
        let program = &settings.locale;
        let mut this = self.named(program);
        let invalid = |pointer: &str, why: String| Refusal::field(pointer, why);
        if before.is_none_or(|before| before.name != this.name) {
            this.name.require(program).map_err(|why| invalid("/name", why.to_string()))?;
        }
        if before.is_none_or(|before| before.description != this.description) {
            let required = this.description.require(program);
            required.map_err(|why| invalid("/description", why.to_string()))?;
        }
        if let Some(terms) = &this.terms
            && before.is_none_or(|before| before.terms != this.terms)
        {
            terms.require(program).map_err(|why| invalid("/terms", why.to_string()))?;
        }
        let url = this.image_url.map(|url| url.relative(settings)).transpose();
        this.image_url = url.map_err(|why| invalid("/image_url", why.to_string()))?;
        Ok(this)
    }

    /// What no single field can tell.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with the field at fault.
    pub fn check(&self) -> Result<(), Refusal> {
        if Option::<Money>::from(self.value).is_some_and(|value| value.amount == 0) {
            return Err(Refusal::field("/value/amount", "must be more than 0"));
        }
        match (self.starts_at, self.ends_at) {
            (Some(starts_at), Some(ends_at)) if ends_at <= starts_at => {
                Err(Refusal::field("/ends_at", "must be after starts_at"))
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests;
