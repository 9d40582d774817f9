//! Some of the members, by what is known of them.

use diesel::{prelude::*, sql_types::Bool};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Member, Tier, tags::Tag};
use platform::{
    db::{
        connection::MultiBackend,
        prepared::condition,
        schema::{member_tags, members},
    },
    kernel::{error::Refusal, locale::Locale, text::Country},
};

/// How many countries, languages, tiers or tags an audience names at most.
const MOST: usize = 50;

/// Some of the members: who is in each of the lists that are there. Without a list, everybody.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Audience {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub countries: Vec<Country>,
    /// Languages, such as `is`, in whichever country.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub locales: Vec<Locale>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub tiers: Vec<Tier>,
    /// Who has any of these.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 50)]
    pub tags: Vec<Tag>,
}

/// A condition on members.
pub(super) type Condition =
    Box<dyn BoxableExpression<members::table, MultiBackend, SqlType = Bool>>;

impl Audience {
    #[must_use]
    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }

    /// # Errors
    /// [`Refusal::Invalid`] with a list that is too long.
    pub fn check(&self) -> Result<(), Refusal> {
        let lists = [
            ("countries", self.countries.len()),
            ("locales", self.locales.len()),
            ("tiers", self.tiers.len()),
            ("tags", self.tags.len()),
        ];
        match lists.iter().find(|(_, length)| *length > MOST) {
            Some((list, _)) => {
                let why = format!("must have at most {MOST} of them");
                Err(Refusal::field(format!("/audience/{list}"), why))
            }
            None => Ok(()),
        }
    }

    /// Whether a member with these tags is one of them.
    #[must_use]
    pub fn has(&self, member: &Member, tags: &[String]) -> bool {
        let country = |wanted: &Country| member.country.as_deref() == Some(wanted.as_str());
        let tag = |wanted: &Tag| tags.iter().any(|tag| tag == wanted.as_str());
        (self.countries.is_empty() || self.countries.iter().any(country))
            && (self.locales.is_empty() || self.locales.iter().any(|l| l.is_like(&member.locale)))
            && (self.tiers.is_empty() || self.tiers.iter().any(|t| t.as_str() == member.tier))
            && (self.tags.is_empty() || self.tags.iter().any(tag))
    }

    /// The same as a condition.
    pub(super) fn condition(&self) -> Condition {
        let mut all: Condition = Box::new(condition("1 = 1"));
        if !self.countries.is_empty() {
            let countries: Vec<String> = self.countries.iter().map(ToString::to_string).collect();
            all = Box::new(all.and(members::country.eq_any(countries).assume_not_null()));
        }
        if !self.tiers.is_empty() {
            let tiers: Vec<String> = self.tiers.iter().map(ToString::to_string).collect();
            all = Box::new(all.and(members::tier.eq_any(tiers)));
        }
        let mut languages: Option<Condition> = None;
        for locale in &self.locales {
            let language = locale.language_tag();
            // a tag begins with its language, and a country or more may follow
            let own = members::locale.eq(language.to_owned());
            let one = own.or(members::locale.like(format!("{language}-%")));
            languages = Some(match languages {
                Some(others) => Box::new(others.or(one)),
                None => Box::new(one),
            });
        }
        if let Some(languages) = languages {
            all = Box::new(all.and(languages));
        }
        if !self.tags.is_empty() {
            let tags: Vec<String> = self.tags.iter().map(|tag| tag.as_str().to_owned()).collect();
            let tagged = member_tags::table.filter(member_tags::tag.eq_any(tags));
            all = Box::new(all.and(members::id.eq_any(tagged.select(member_tags::member_id))));
        }
        all
    }
}
