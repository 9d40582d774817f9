//! The catalogue: what points buy, and when a member can have it.

pub mod api;
pub mod audit;
mod draft;
pub mod personal;
pub mod service;
mod store;

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, de};
use utoipa::ToSchema;

pub use draft::{Changes, NewReward};

use crate::{
    http::Reply,
    kernel::{
        clock::Timestamp,
        error::{Refusal, Unavailable},
        id::{MemberId, RewardId},
        money::Money,
    },
    program::members::{Member, MemberStatus},
    words,
};

words! {
    /// What a reward is; a voucher comes as a code at once, the others are handed over.
    pub enum RewardKind {
        Voucher = "voucher",
        Product = "product",
        Experience = "experience",
        Upgrade = "upgrade",
        EarlyAccess = "early_access",
        Donation = "donation",
    }
}

words! {
    /// Where a reward stands: live ones can be seen and redeemed; retired is final.
    pub enum RewardState { Draft = "draft", Live = "live", Paused = "paused", Retired = "retired" }
}

impl RewardState {
    /// The states that it can become.
    #[must_use]
    pub const fn allowed(self) -> &'static [&'static str] {
        match self {
            Self::Draft => &["live", "paused", "retired"],
            Self::Live => &["draft", "paused", "retired"],
            Self::Paused => &["draft", "live", "retired"],
            Self::Retired => &[],
        }
    }
}

/// A reward of the catalogue.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reward {
    #[schema(value_type = String, example = "rwd_01m7zr4g2tfw1b4ww8pvq0tkz1")]
    pub id: RewardId,
    #[schema(example = "Coffee for two")]
    pub name: String,
    #[schema(example = "Two cups of what you like, with a slice of cake.")]
    pub description: String,
    pub kind: RewardKind,
    #[schema(example = 250)]
    pub cost_points: i64,
    /// What it is worth.
    #[schema(value_type = Option<Object>, example = json!({"amount": 1200, "currency": "EUR"}))]
    pub value: Option<Money>,
    /// Units left; null: as many as are asked for.
    #[schema(example = 40)]
    pub stock: Option<i64>,
    /// Units that one member can have in all; null: no limit.
    #[schema(example = 2)]
    pub per_member_limit: Option<i64>,
    /// The tiers that can have it; empty: all.
    #[schema(value_type = Vec<String>, example = json!(["gold"]))]
    pub tiers: Vec<Tier>,
    #[schema(value_type = Option<String>, example = "2026-11-21T18:51:00Z")]
    pub starts_at: Option<Timestamp>,
    /// Exclusive.
    #[schema(value_type = Option<String>, example = "2027-01-01T00:00:00Z")]
    pub ends_at: Option<Timestamp>,
    pub state: RewardState,
    pub terms: Option<String>,
    #[schema(example = "https://shop.example.com/pictures/coffee.jpg")]
    pub image_url: Option<String>,
    #[serde(skip)]
    pub version: i64,
}

impl Reply for Reward {
    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}

impl Reward {
    /// Why this member can't have `quantity` units at `now`, all reasons at once; empty: they can.
    /// `available`: the member's points to spend; `redeemed`: units the member has had already.
    #[must_use]
    pub fn availability(
        &self,
        member: &Member,
        available: i64,
        redeemed: i64,
        now: Timestamp,
        quantity: i64,
    ) -> Vec<Unavailable> {
        let mut reasons = Vec::new();
        let shortfall = self.cost_points.saturating_mul(quantity).saturating_sub(available);
        if shortfall > 0 {
            reasons.push(Unavailable::InsufficientPoints { shortfall });
        }
        if self.stock.is_some_and(|stock| stock < quantity) {
            reasons.push(Unavailable::OutOfStock);
        }
        reasons.extend(self.hindrances(member, redeemed, now, quantity));
        reasons
    }

    /// The reasons that lie neither in stock nor in points: those two are decided by the guarded
    /// statements that take them.
    #[must_use]
    pub fn hindrances(
        &self,
        member: &Member,
        redeemed: i64,
        now: Timestamp,
        quantity: i64,
    ) -> Vec<Unavailable> {
        let limit = self.per_member_limit;
        let not_started = self.starts_at.is_some_and(|starts_at| now < starts_at);
        let ended = self.ends_at.is_some_and(|ends_at| now >= ends_at);
        let withdrawn = matches!(self.state, RewardState::Paused | RewardState::Retired);
        let wrong_tier =
            !self.tiers.is_empty() && !self.tiers.iter().any(|tier| tier.as_str() == member.tier);
        [
            (
                limit.is_some_and(|limit| redeemed.saturating_add(quantity) > limit),
                Unavailable::LimitReached,
            ),
            (wrong_tier, Unavailable::TierRequired),
            (not_started || self.state == RewardState::Draft, Unavailable::NotStarted),
            (ended || withdrawn, Unavailable::Ended),
            (member.status != MemberStatus::Active, Unavailable::MemberSuspended),
        ]
        .into_iter()
        .filter_map(|(applies, reason)| applies.then_some(reason))
        .collect()
    }

    /// What no single field can tell.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with the field at fault.
    pub fn check(&self) -> Result<(), Refusal> {
        if self.value.is_some_and(|value| value.amount == 0) {
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

/// The name of a tier: 1 … 40 of `a`–`z`, `0`–`9`, `_` and `-`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct Tier(String);

impl Tier {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a text is no tier.
#[derive(Debug, thiserror::Error)]
#[error("must be a tier's name: 1 to 40 of a-z, 0-9, _ and -")]
pub struct NotATier;

impl FromStr for Tier {
    type Err = NotATier;

    fn from_str(text: &str) -> Result<Self, NotATier> {
        let slug = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-';
        let fits = (1..=40).contains(&text.len()) && text.bytes().all(slug);
        if fits { Ok(Self(text.to_owned())) } else { Err(NotATier) }
    }
}

impl<'de> Deserialize<'de> for Tier {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

/// The address of a picture: https, at most 1000 characters.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(transparent)]
pub struct ImageUrl(String);

/// Why a text is no address of a picture.
#[derive(Debug, thiserror::Error)]
#[error("must be an https address such as https://shop.example.com/coffee.jpg")]
pub struct NotAnImageUrl;

impl FromStr for ImageUrl {
    type Err = NotAnImageUrl;

    fn from_str(text: &str) -> Result<Self, NotAnImageUrl> {
        let uri: actix_web::http::Uri = text.parse().map_err(|_| NotAnImageUrl)?;
        let plain = text.len() <= 1000
            && uri.scheme_str() == Some("https")
            && uri.authority().is_some_and(|a| !a.host().is_empty() && !a.as_str().contains('@'))
            && !text.contains(['"', '\'', '<', '>', '\\', '`']);
        if plain { Ok(Self(text.to_owned())) } else { Err(NotAnImageUrl) }
    }
}

impl fmt::Display for ImageUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ImageUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests;
