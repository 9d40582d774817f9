//! Words by which the shop groups its members. They are set as a whole.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    str::FromStr,
};

use diesel::prelude::*;
use serde::{Deserialize, Deserializer, de};

use platform::{
    db::{Tx, bulk::Bulk, schema::member_tags, types::RawId},
    kernel::{
        error::Result,
        id::MemberId,
        text::{BadText, Line},
        wire,
    },
    wire_text,
};

/// How many a member has at most.
const MOST: usize = 50;

/// A word or a few, in lower case: 1 to 50 characters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tag(String);

impl Tag {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Tag {
    type Err = BadText;

    fn from_str(text: &str) -> Result<Self, BadText> {
        // what grows in lower case is measured as it is kept
        let lower = text.parse::<Line<50>>()?.as_str().to_lowercase();
        Ok(Self(lower.parse::<Line<50>>()?.into_string()))
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

wire_text! { [] Tag, "Tag", wire::text_of(1, 50).examples(["wholesale"]) }

/// All tags of a member: at most 50, each once.
#[derive(Clone, Debug, Default)]
pub struct Tags(BTreeSet<Tag>);

impl<'de> Deserialize<'de> for Tags {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let tags = BTreeSet::deserialize(from)?;
        if tags.len() > MOST {
            let message = format!("must be at most {MOST} tags; here are {}", tags.len());
            return Err(de::Error::custom(message));
        }
        Ok(Self(tags))
    }
}

/// Sets a member's tags to these and no others.
pub fn set(tx: &mut Tx<'_>, member: MemberId, tags: &Tags) -> Result<()> {
    forget(tx, member)?;
    if tags.0.is_empty() {
        return Ok(());
    }
    Bulk::into("member_tags")
        .column("member_id", tags.0.iter().map(|_| RawId::from(member)))
        .column("tag", tags.0.iter().map(|tag| tag.as_str().to_owned()))
        .execute(tx.conn)?;
    Ok(())
}

/// The tags of these members, in order.
pub fn of(tx: &mut Tx<'_>, members: &[MemberId]) -> Result<HashMap<MemberId, Vec<String>>> {
    let rows: Vec<(MemberId, String)> = member_tags::table
        .filter(member_tags::member_id.eq_any(members))
        .order((member_tags::member_id, member_tags::tag))
        .load(tx.conn)?;
    let mut tags: HashMap<MemberId, Vec<String>> = HashMap::new();
    for (member, tag) in rows {
        tags.entry(member).or_default().push(tag);
    }
    // each database sorts in its own way
    for tags in tags.values_mut() {
        tags.sort_unstable();
    }
    Ok(tags)
}

/// Deletes a member's tags.
pub fn forget(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    diesel::delete(member_tags::table.filter(member_tags::member_id.eq(member)))
        .execute(tx.conn)?;
    Ok(())
}
