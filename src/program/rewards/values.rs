//! What a reward's fields may be.

use std::{fmt, str::FromStr};

use diesel::{deserialize::FromSqlRow, expression::AsExpression, prelude::*, sql_types::Text};
use serde::{Deserialize, Serialize};
use utoipa::openapi::SchemaFormat;

use crate::{members::Tier, pictures};
use platform::{
    db::{schema::rewards, word_list::Words},
    kernel::{
        money::{Currency, Money},
        whole::Whole,
        wire,
    },
    settings::Settings,
    text_column, wire_text, words,
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

/// Units in stock.
pub type Stock = Whole<0, 1_000_000_000>;
/// Units for one member.
pub type Limit = Whole<1, 1_000_000>;

/// What a reward is worth, where the shop says so; money on the wire.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    Queryable,
    Selectable,
    Insertable,
    AsChangeset,
)]
#[diesel(table_name = rewards, treat_none_as_null = true, treat_none_as_default_value = false)]
#[serde(from = "Option<Money>", into = "Option<Money>")]
pub struct Worth {
    value_amount: Option<i64>,
    value_currency: Option<Currency>,
}

impl From<Option<Money>> for Worth {
    fn from(money: Option<Money>) -> Self {
        Self {
            value_amount: money.map(|money| money.amount),
            value_currency: money.map(|money| money.currency),
        }
    }
}

impl From<Worth> for Option<Money> {
    fn from(worth: Worth) -> Self {
        let Worth { value_amount, value_currency } = worth;
        value_amount.zip(value_currency).map(|(amount, currency)| Money { amount, currency })
    }
}

/// The tiers that can have a reward.
pub type Tiers = Words<Tier, 20>;

/// The address of a picture: https, or one that was uploaded here; at most 1000 characters.
#[derive(Clone, PartialEq, Eq, Debug, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct ImageUrl(String);

/// Why a text is no address of a picture.
#[derive(Debug, thiserror::Error)]
#[error(
    "must be an https address such as https://shop.example.com/coffee.jpg, or the image_url of an \
     uploaded picture"
)]
pub struct NotAnImageUrl;

impl ImageUrl {
    /// Whether it is `/pictures/` and the name of one: 32 hexadecimal digits, `.jpg` or `.png`.
    fn is_uploaded(text: &str) -> bool {
        let name = text.strip_prefix(pictures::service::FOLDER).unwrap_or_default();
        let hex = name.strip_suffix(".jpg").or_else(|| name.strip_suffix(".png"));
        hex.is_some_and(|hex| hex.len() == 32 && hex.bytes().all(|b| b.is_ascii_hexdigit()))
    }

    /// The name of the uploaded picture that this is, where it is one.
    #[must_use]
    pub fn uploaded(&self) -> Option<&str> {
        let name = self.0.strip_prefix(pictures::service::FOLDER);
        name.filter(|_| Self::is_uploaded(&self.0))
    }

    /// The same without our own address before it: as [`ImageUrl::absolute`] gave it, it may come
    /// back.
    ///
    /// # Errors
    /// [`NotAnImageUrl`] for an http address of somebody else.
    pub fn relative(self, settings: &Settings) -> Result<Self, NotAnImageUrl> {
        let own = settings.link("");
        let path = self.0.strip_prefix(&own).filter(|path| Self::is_uploaded(path));
        match path.map(str::to_owned) {
            Some(path) => Ok(Self(path)),
            None if self.0.starts_with("http:") => Err(NotAnImageUrl),
            None => Ok(self),
        }
    }

    /// The same with our own address before it, where it is uploaded.
    #[must_use]
    pub fn absolute(self, settings: &Settings) -> Self {
        if Self::is_uploaded(&self.0) { Self(settings.link(&self.0)) } else { self }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ImageUrl {
    type Err = NotAnImageUrl;

    fn from_str(text: &str) -> Result<Self, NotAnImageUrl> {
        if ImageUrl::is_uploaded(text) {
            return Ok(Self(text.to_owned()));
        }
        let uri: actix_web::http::Uri = text.parse().map_err(|_| NotAnImageUrl)?;
        // a program of which the own address has no TLS has uploaded pictures too
        let secure = uri.scheme_str() == Some("https")
            || uri.scheme_str() == Some("http") && Self::is_uploaded(uri.path());
        let plain = text.len() <= 1000
            && secure
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

wire_text! { [] ImageUrl, "ImageUrl", wire::text_of(1, 1000)
.format(Some(SchemaFormat::Custom("uri-reference".to_owned())))
.examples(["https://shop.example.com/pictures/coffee.jpg"]) }
text_column! { [] ImageUrl, |text| Ok(ImageUrl(text)) }
