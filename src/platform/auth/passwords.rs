//! Passwords: argon2id with a salt each. Hashing is slow on purpose, so it happens outside of any
//! transaction; what comes of it is written by [`set`].

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use diesel::prelude::*;
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::Realm;
use crate::{
    db::{Tx, bulk::Bulk, lock::for_update, schema::passwords, types::RawId},
    kernel::{
        chance::Chance,
        error::{Error, Result},
        text::Password,
    },
};

/// Verified where there is no account, or it has no password: costs the same and never matches.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA\
                       $AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// So many at once: each takes 19 MiB and a core.
static TURNS: Semaphore = Semaphore::const_new(4);

/// The hash of a password, as a PHC string; computed on this thread.
///
/// # Errors
/// Where the memory for it is not to be had.
pub fn hash_here(password: &Password, chance: &Chance) -> Result<String> {
    let hash: PasswordHash = Argon2::default()
        .hash_password_with_salt(password.as_str().as_bytes(), &chance.bytes::<16>())
        .map_err(Error::internal)?;
    Ok(hash.to_string())
}

/// The hash of a password, as a PHC string; computed where it keeps nobody waiting.
///
/// # Errors
/// As [`hash_here`].
pub async fn hash(password: Password, chance: &Chance) -> Result<String> {
    let chance = chance.clone();
    slowly(move || hash_here(&password, &chance)).await?
}

/// Whether a password is the one of `hash`. Takes like time without a password or a hash.
///
/// # Errors
/// A stored hash that is none.
pub async fn matches(password: Option<Password>, hash: Option<String>) -> Result<bool> {
    slowly(move || {
        let both = password.is_some() && hash.is_some();
        let hash = hash.as_deref().unwrap_or(NOBODYS);
        let hash = PasswordHash::new(hash).map_err(Error::internal)?;
        let typed = password.as_ref().map_or("", Password::as_str);
        Ok(Argon2::default().verify_password(typed.as_bytes(), &hash).is_ok() && both)
    })
    .await?
}

async fn slowly<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    let _turn = TURNS.acquire().await.map_err(Error::internal)?;
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)
}

/// Keeps the hash of a subject's password, in place of the one before.
pub fn set(tx: &mut Tx<'_>, realm: Realm, subject: Uuid, hash: &str) -> Result<()> {
    Bulk::into("passwords")
        .column("realm", [realm.as_str().to_owned()])
        .column("subject_id", [RawId(subject)])
        .column("hash", [hash.to_owned()])
        .column("set_at", [tx.wall])
        .tail(
            "ON CONFLICT (realm, subject_id) DO UPDATE SET hash = excluded.hash, \
             set_at = excluded.set_at",
        )
        .execute(tx.conn)?;
    Ok(())
}

/// The hash of a subject's password; `None` where it has none.
pub fn find(tx: &mut Tx<'_>, realm: Realm, subject: Uuid) -> Result<Option<String>> {
    Ok(passwords::table
        .filter(passwords::realm.eq(realm))
        .filter(passwords::subject_id.eq(RawId(subject)))
        .select(passwords::hash)
        .first(tx.conn)
        .optional()?)
}

/// The same, locked until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, realm: Realm, subject: Uuid) -> Result<Option<String>> {
    let row = passwords::table
        .filter(passwords::realm.eq(realm))
        .filter(passwords::subject_id.eq(RawId(subject)))
        .select(passwords::hash);
    Ok(for_update(row).load(tx.conn)?.pop())
}

/// Takes a subject's password away.
pub fn forget(tx: &mut Tx<'_>, realm: Realm, subject: Uuid) -> Result<()> {
    diesel::delete(
        passwords::table
            .filter(passwords::realm.eq(realm))
            .filter(passwords::subject_id.eq(RawId(subject))),
    )
    .execute(tx.conn)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobodys_hash_costs_what_any_other_does() {
        let password = "correct horse".parse().expect("a password");
        let real = hash_here(&password, &Chance::seeded(7)).expect("hashes");
        let cost = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(cost(NOBODYS), cost(&real));
        assert!(PasswordHash::new(NOBODYS).is_ok());
    }

    #[tokio::test]
    async fn only_the_right_password_matches() {
        let password = |text: &str| text.parse::<Password>().ok();
        let right = password("correct horse");
        let hash = hash_here(right.as_ref().expect("a password"), &Chance::seeded(7)).ok();
        assert!(matches(right.clone(), hash.clone()).await.expect("verifies"));
        assert!(!matches(password("battery staple"), hash.clone()).await.expect("verifies"));
        assert!(!matches(None, hash).await.expect("verifies"));
        assert!(!matches(right, None).await.expect("verifies"));
    }
}
