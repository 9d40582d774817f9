//! What an admin writes of a reward: a new one, or changes to one.

use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::{ImageUrl, Reward, RewardKind, RewardState, Tier};
use crate::{
    http::json::present,
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::RewardId,
        money::Money,
        points::Amount,
        text::{Name, Prose},
    },
    program::settings::Whole,
};

/// Units in stock: 0 … 1,000,000,000.
type Stock = Whole<0, 1_000_000_000>;
/// Units for one member: 1 … 1,000,000.
type Limit = Whole<1, 1_000_000>;
/// A description, or terms.
type Text = Prose<5000>;

/// The most tiers that one reward names.
const MOST_TIERS: usize = 20;

/// A reward to be added.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReward {
    #[schema(value_type = String)]
    pub name: Name,
    #[schema(value_type = Option<String>)]
    pub description: Option<Text>,
    pub kind: RewardKind,
    #[schema(value_type = i64, minimum = 1, maximum = 1_000_000_000)]
    pub cost_points: Amount,
    #[schema(value_type = Option<Object>)]
    pub value: Option<Money>,
    #[schema(value_type = Option<i64>, minimum = 0)]
    pub stock: Option<Stock>,
    #[schema(value_type = Option<i64>, minimum = 1)]
    pub per_member_limit: Option<Limit>,
    #[serde(default)]
    #[schema(value_type = Vec<String>)]
    pub tiers: Vec<Tier>,
    #[schema(value_type = Option<String>)]
    pub starts_at: Option<Timestamp>,
    #[schema(value_type = Option<String>)]
    pub ends_at: Option<Timestamp>,
    /// `draft` unless given.
    pub state: Option<RewardState>,
    #[schema(value_type = Option<String>)]
    pub terms: Option<Text>,
    #[schema(value_type = Option<String>)]
    pub image_url: Option<ImageUrl>,
}

impl NewReward {
    pub(super) fn into_reward(self, id: RewardId) -> Result<Reward> {
        let reward = Reward {
            id,
            name: self.name.into_string(),
            description: self.description.map(Text::into_string).unwrap_or_default(),
            kind: self.kind,
            cost_points: self.cost_points.get(),
            value: self.value,
            stock: self.stock.map(Stock::get),
            per_member_limit: self.per_member_limit.map(Limit::get),
            tiers: few(self.tiers)?,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            state: self.state.unwrap_or(RewardState::Draft),
            terms: self.terms.map(Text::into_string),
            image_url: self.image_url.map(|url| url.to_string()),
            version: 1,
        };
        reward.check()?;
        Ok(reward)
    }
}

/// Changes to a reward: what is absent stays; null clears what can be empty.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[schema(as = RewardChanges)]
#[serde(deny_unknown_fields, default)]
pub struct Changes {
    #[serde(deserialize_with = "given")]
    #[schema(value_type = String, required = false)]
    pub name: Option<Name>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub description: Option<Option<Text>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = RewardKind, required = false)]
    pub kind: Option<RewardKind>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = i64, required = false)]
    pub cost_points: Option<Amount>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<Object>)]
    pub value: Option<Option<Money>>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<i64>)]
    pub stock: Option<Option<Stock>>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<i64>)]
    pub per_member_limit: Option<Option<Limit>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = Vec<String>, required = false)]
    pub tiers: Option<Vec<Tier>>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub starts_at: Option<Option<Timestamp>>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub ends_at: Option<Option<Timestamp>>,
    #[serde(deserialize_with = "given")]
    #[schema(value_type = RewardState, required = false)]
    pub state: Option<RewardState>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub terms: Option<Option<Text>>,
    #[serde(deserialize_with = "present")]
    #[schema(value_type = Option<String>)]
    pub image_url: Option<Option<ImageUrl>>,
}

/// A field that may be absent, but not null.
fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(d: D) -> Result<Option<T>, D::Error> {
    T::deserialize(d).map(Some)
}

impl Changes {
    pub(super) fn apply(self, reward: Reward) -> Result<Reward> {
        let state = self.state.unwrap_or(reward.state);
        if state != reward.state && !reward.state.allowed().contains(&state.as_str()) {
            return Err(Refusal::InvalidTransition {
                what: "the reward",
                from: reward.state.as_str(),
                to: state.as_str(),
                allowed: reward.state.allowed(),
            }
            .into());
        }
        let text = |text: Option<Text>| text.map(Text::into_string);
        let changed = Reward {
            name: self.name.map_or(reward.name, Name::into_string),
            description: self
                .description
                .map_or(reward.description, |given| text(given).unwrap_or_default()),
            kind: self.kind.unwrap_or(reward.kind),
            cost_points: self.cost_points.map_or(reward.cost_points, Amount::get),
            value: self.value.unwrap_or(reward.value),
            stock: self.stock.map_or(reward.stock, |stock| stock.map(Stock::get)),
            per_member_limit: self
                .per_member_limit
                .map_or(reward.per_member_limit, |limit| limit.map(Limit::get)),
            tiers: self.tiers.map_or(Ok(reward.tiers), few)?,
            starts_at: self.starts_at.unwrap_or(reward.starts_at),
            ends_at: self.ends_at.unwrap_or(reward.ends_at),
            state,
            terms: self.terms.map_or(reward.terms, text),
            image_url: self
                .image_url
                .map_or(reward.image_url, |url| url.map(|url| url.to_string())),
            id: reward.id,
            version: reward.version + 1,
        };
        changed.check()?;
        Ok(changed)
    }
}

fn few(tiers: Vec<Tier>) -> Result<Vec<Tier>, Refusal> {
    if tiers.len() > MOST_TIERS {
        return Err(Refusal::field("/tiers", format!("must be at most {MOST_TIERS}")));
    }
    Ok(tiers)
}
