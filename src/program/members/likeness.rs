//! What tells members alike: how an address looks, and what storefronts say of where a parcel went
//! and which device was used. Kept as hashes, told to nobody, gone with the person.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use diesel::prelude::*;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use platform::{
    db::{
        Tx,
        bulk::Bulk,
        schema::{member_hints, members},
        types::RawId,
    },
    kernel::{error::Result, id::MemberId, text::Line},
    words,
};

words! {
    /// In what two members are alike.
    pub enum Likeness {
        /// Their addresses look the same.
        Email = "email",
        /// A parcel went to the same place.
        Address = "address",
        /// The same device was used.
        Device = "device",
    }
}

/// What a storefront knows of a person that may tell who is who. Opaque to us, and kept as a hash.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Hints {
    /// Of the postal address, written the same way each time; best a hash of it.
    pub address: Option<Line<200>>,
    /// Of the device, such as an id that the storefront keeps in a cookie of its own.
    pub device: Option<Line<200>>,
}

impl Hints {
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.address.is_none() && self.device.is_none()
    }

    fn hashed(&self) -> Vec<(Likeness, Vec<u8>)> {
        let of = |kind: Likeness, text: &Option<Line<200>>| {
            let text = text.as_ref()?.as_str();
            Some((kind, Sha256::digest(format!("{kind}:{text}").as_bytes()).to_vec()))
        };
        let both = [of(Likeness::Address, &self.address), of(Likeness::Device, &self.device)];
        both.into_iter().flatten().collect()
    }
}

/// Keeps what a storefront said of members.
pub fn note<'a>(
    tx: &mut Tx<'_>,
    said: impl IntoIterator<Item = (MemberId, &'a Hints)>,
) -> Result<()> {
    let rows: Vec<(MemberId, Likeness, Vec<u8>)> = said
        .into_iter()
        .flat_map(|(id, hints)| {
            hints.hashed().into_iter().map(move |(kind, hash)| (id, kind, hash))
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    let now = tx.now;
    Bulk::into("member_hints")
        .column("member_id", rows.iter().map(|(id, ..)| RawId::from(*id)))
        .column("kind", rows.iter().map(|(_, kind, _)| kind.as_str().to_owned()))
        .column("hash", rows.iter().map(|(.., hash)| hash.clone()))
        .column("seen_at", rows.iter().map(|_| now))
        .tail("ON CONFLICT DO NOTHING")
        .execute(tx.conn)?;
    Ok(())
}

/// Something in which a member is like others.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Alike {
    pub kind: Likeness,
    /// Names what they share, and tells nothing of it.
    pub link: String,
    /// Those who share it, the first of them by their ids; few, where there are many.
    pub others: Vec<MemberId>,
}

/// How many of those who share something are named.
const NAMED: i64 = 20;

/// What a member has that others may have too, and who those are; nobody, mostly. Those who were
/// erased are not known any more.
pub fn of(tx: &mut Tx<'_>, member: MemberId) -> Result<Vec<Alike>> {
    let mut all = Vec::new();
    let address: Option<Option<String>> =
        members::table.find(member).select(members::email_alike).first(tx.conn).optional()?;
    if let Some(address) = address.flatten() {
        let others = members::table
            .filter(members::email_alike.eq(&address))
            .filter(members::id.ne(member))
            .order(members::id)
            .limit(NAMED)
            .select(members::id)
            .load(tx.conn)?;
        let hash = Sha256::digest(address.as_bytes());
        all.push(Alike { kind: Likeness::Email, link: link(Likeness::Email, &hash), others });
    }
    let hints: Vec<(Likeness, Vec<u8>)> = member_hints::table
        .filter(member_hints::member_id.eq(member))
        .select((member_hints::kind, member_hints::hash))
        .load(tx.conn)?;
    for (kind, hash) in hints {
        let others = member_hints::table
            .filter(member_hints::kind.eq(kind))
            .filter(member_hints::hash.eq(&hash))
            .filter(member_hints::member_id.ne(member))
            .order(member_hints::member_id)
            .limit(NAMED)
            .select(member_hints::member_id)
            .load(tx.conn)?;
        all.push(Alike { kind, link: link(kind, &hash), others });
    }
    Ok(all)
}

fn link(kind: Likeness, hash: &[u8]) -> String {
    format!("{kind}:{}", BASE64_URL_SAFE_NO_PAD.encode(&hash[..hash.len().min(12)]))
}

/// Forgets what was said of a member.
pub fn forget(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    diesel::delete(member_hints::table.filter(member_hints::member_id.eq(member)))
        .execute(tx.conn)?;
    Ok(())
}
