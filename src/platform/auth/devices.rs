//! From which devices people signed in by password: who signs in from another one is told.

use diesel::prelude::*;

use super::{accounts, tokens::Subject};
use crate::{
    auth::secret,
    db::{Tx, bulk::Bulk, schema::known_devices, types::RawId},
    kernel::{error::Result, id::SessionId},
    messaging::{
        letters::{Letter, Recipient},
        outbox,
    },
};

/// How many devices of one person are known; of more, those not seen for longest are forgotten.
const MOST: i64 = 20;

/// What a browser or a program calls itself.
#[derive(Clone, Debug, Default)]
pub struct Device(String);

impl Device {
    /// By the header `User-Agent`.
    #[must_use]
    pub fn new(user_agent: &str) -> Self {
        Self(user_agent.chars().take(500).collect())
    }

    /// What stays the same when it is updated.
    fn fingerprint(&self) -> Vec<u8> {
        let lasting: String =
            self.0.chars().filter(|c| !c.is_ascii_digit() && !matches!(c, '.' | '_')).collect();
        secret::hash(&lasting)
    }

    /// In words that people know it by; empty where it is none of these.
    fn words(&self) -> String {
        const BROWSERS: [(&str, &str); 5] = [
            ("Edg", "Edge"),
            ("OPR/", "Opera"),
            ("Firefox/", "Firefox"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ];
        const SYSTEMS: [(&str, &str); 6] = [
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Android", "Android"),
            ("Windows", "Windows"),
            ("Mac OS X", "macOS"),
            ("Linux", "Linux"),
        ];
        let named = |names: &[(&str, &'static str)]| {
            names.iter().find(|(mark, _)| self.0.contains(mark)).map(|(_, name)| *name)
        };
        let words: Vec<&str> = [named(&BROWSERS), named(&SYSTEMS)].into_iter().flatten().collect();
        words.join(", ")
    }
}

/// Remembers the device, and writes to its owner where others are known and this one is not. A
/// person's first device is no news.
pub fn notice(
    tx: &mut Tx<'_>,
    subject: Subject,
    device: &Device,
    session: SessionId,
) -> Result<()> {
    let (realm, id) = (subject.realm(), subject.uuid());
    let theirs = known_devices::table
        .filter(known_devices::realm.eq(realm.as_str()))
        .filter(known_devices::subject_id.eq(RawId(id)));
    let known: Vec<Vec<u8>> = theirs
        .order(known_devices::seen_at.desc())
        .select(known_devices::fingerprint)
        .load(tx.conn)?;
    let fingerprint = device.fingerprint();
    let is_known = known.contains(&fingerprint);
    Bulk::into("known_devices")
        .column("realm", [realm.as_str().to_owned()])
        .column("subject_id", [RawId(id)])
        .column("fingerprint", [fingerprint])
        .column("seen_at", [tx.now])
        .tail(
            "ON CONFLICT (realm, subject_id, fingerprint) DO UPDATE SET seen_at = excluded.seen_at",
        )
        .execute(tx.conn)?;
    if is_known || known.is_empty() {
        return Ok(());
    }
    let most = usize::try_from(MOST).unwrap_or(usize::MAX) - 1;
    let forgotten: Vec<&Vec<u8>> = known.iter().skip(most).collect();
    if !forgotten.is_empty() {
        diesel::delete(theirs.filter(known_devices::fingerprint.eq_any(forgotten)))
            .execute(tx.conn)?;
    }
    let Some(account) = accounts::of(tx, subject)? else { return Ok(()) };
    let member_id = match subject {
        Subject::Member(id) => Some(id),
        Subject::User(..) => None,
    };
    let to = Recipient {
        member_id,
        email: account.email,
        name: Some(account.full_name),
        locale: account.locale,
    };
    let letter = Letter::NewSignIn { name: account.name, device: device.words(), at: tx.now };
    outbox::push(tx, to, &letter, &format!("new_sign_in:{session}"))?;
    Ok(())
}

/// Forgets all devices of a subject.
pub fn forget(tx: &mut Tx<'_>, realm: super::Realm, subject: uuid::Uuid) -> Result<()> {
    let theirs = known_devices::table
        .filter(known_devices::realm.eq(realm.as_str()))
        .filter(known_devices::subject_id.eq(RawId(subject)));
    diesel::delete(theirs).execute(tx.conn)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIREFOX: &str =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0";

    #[test]
    fn an_update_is_no_new_device() {
        let device = Device::new(FIREFOX);
        assert_eq!(device.words(), "Firefox, Windows");
        let updated = Device::new(&FIREFOX.replace("128", "131"));
        assert_eq!(device.fingerprint(), updated.fingerprint());
        assert_ne!(device.fingerprint(), Device::new("curl/8.5.0").fingerprint());
        assert_eq!(Device::new("curl/8.5.0").words(), "");
    }
}
