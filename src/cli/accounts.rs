//! `vildar admin` and `vildar keys`: where the first credentials come from, and how lost ones end.

use std::fmt;

use serde_json::json;

use super::{Failure, Outcome, say};
use platform::{
    auth::{
        Realm, Scope, accounts,
        keys::{self, ApiKey, NewKey},
        passwords, resets,
        tokens::Subject,
        users,
    },
    db::{Store, Tx},
    kernel::{
        code,
        error::Result,
        id::{KeyId, UserId},
        page::{Listing, Page},
        text::{Email, Name, Password},
    },
};

/// Creates an admin, and prints the password, which nobody can read again.
pub async fn create_admin(store: &Store, email: Email, name: Name, as_json: bool) -> Outcome {
    let (secret, hash) = fresh_password(store).await?;
    let user = store.write(move |tx| users::create_admin(tx, &email, &name, &hash)).await?;
    say_password(user.id, &user.email, "is an admin", &secret, as_json)
}

/// Gives a staff user another password, which ends what the old one opened, and prints it.
pub async fn reset_password(store: &Store, email: Email, as_json: bool) -> Outcome {
    let (secret, hash) = fresh_password(store).await?;
    let asked = email.clone();
    let found = store.write(move |tx| set_password(tx, &asked, &hash)).await?;
    match found {
        Some(id) => say_password(
            id,
            email.as_str(),
            "has a new password, and is signed out everywhere",
            &secret,
            as_json,
        ),
        None => Err(Failure::Refused(format!(
            "there is no staff user {email}; `vildar admin create` makes one"
        ))),
    }
}

fn set_password(tx: &mut Tx<'_>, email: &Email, hash: &str) -> Result<Option<UserId>> {
    let account = accounts::find(tx, Realm::Staff, email)?;
    let Some(Subject::User(id, _)) = account.map(|account| account.subject) else {
        return Ok(None);
    };
    resets::set_password(tx, Realm::Staff, id.uuid(), hash)?;
    Ok(Some(id))
}

/// A password and its hash.
async fn fresh_password(store: &Store) -> Result<(String, String), Failure> {
    // 80 bits, in a form that can be typed
    let secret = code::random(store.chance(), 16).to_lowercase();
    let password: Password =
        secret.parse().map_err(|why| Failure::Refused(format!("the password {why}")))?;
    let hash = passwords::hash(password, store.chance()).await?;
    Ok((secret, hash))
}

fn say_password(id: UserId, email: &str, what: &str, secret: &str, as_json: bool) -> Outcome {
    if as_json {
        return say(json!({"id": id, "email": email, "password": secret}));
    }
    say(format_args!("{email} {what}.\nThe password, shown this once: {secret}"))
}

/// Creates an API key, and prints its secret, which nobody can read again.
pub async fn create_key(store: &Store, name: Name, scopes: Vec<Scope>, as_json: bool) -> Outcome {
    let new = NewKey::lasting(name, &scopes);
    let (key, secret) = store.write(move |tx| keys::create(tx, new.clone())).await?;
    if as_json {
        return say(json!({"id": key.id, "secret": secret, "scopes": key.scopes}));
    }
    let may = key.scopes.to_string().replace(' ', ", ");
    say(format_args!("{} may {may}.\nThe secret, shown this once: {secret}", key.name))
}

/// Lists all keys, newest first.
pub async fn list_keys(store: &Store, as_json: bool) -> Outcome {
    let keys = store.read(all_keys).await?;
    if as_json {
        return say(json!(keys));
    }
    keys.iter().try_for_each(|key| say(Line(key)))
}

fn all_keys(tx: &mut Tx<'_>) -> Result<Vec<ApiKey>> {
    let (mut all, mut page) = (Vec::new(), Page::first(100));
    loop {
        let Listing { data, next_cursor } = keys::list(tx, &page, |all| all)?;
        all.extend(data);
        match next_cursor {
            Some(cursor) => page = Page::new(page.limit, Some(&cursor))?,
            None => return Ok(all),
        }
    }
}

/// Ends a key.
pub async fn revoke_key(store: &Store, id: KeyId, as_json: bool) -> Outcome {
    let revoked = move |tx: &mut Tx<'_>| {
        keys::revoke(tx, id)?;
        keys::get(tx, id)
    };
    let key = store.write(revoked).await?;
    if as_json { say(json!(key)) } else { say(Line(&key)) }
}

/// A key as it is shown to a person.
struct Line<'a>(&'a ApiKey);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ApiKey { id, name, scopes, created_at, expires_at, revoked_at } = self.0;
        write!(f, "{id}  {name}  {}  since {created_at}", scopes.to_string().replace(' ', ","))?;
        match (revoked_at, expires_at) {
            (Some(at), _) => write!(f, ", revoked {at}"),
            (None, Some(at)) => write!(f, ", until {at}"),
            (None, None) => Ok(()),
        }
    }
}
