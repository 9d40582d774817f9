//! `vildar admin create` and `vildar keys create`: where the first credentials come from.

use serde_json::json;

use super::{Failure, Outcome, say};
use crate::{
    auth::{
        Scope,
        keys::{self, NewKey},
        passwords, users,
    },
    db::Store,
    kernel::{
        code,
        text::{Email, Name, Password},
    },
};

/// Creates an admin, and prints the password, which nobody can read again.
pub async fn create_admin(store: &Store, email: Email, name: Name, as_json: bool) -> Outcome {
    // 80 bits, in a form that can be typed
    let secret = code::random(store.chance(), 16).to_lowercase();
    let password: Password =
        secret.parse().map_err(|why| Failure::Refused(format!("the password {why}")))?;
    let hash = passwords::hash(password, store.chance()).await?;
    let user = store.write(move |tx| users::create_admin(tx, &email, &name, &hash)).await?;
    if as_json {
        return say(json!({"id": user.id, "email": user.email, "password": secret}));
    }
    say(format_args!("{} is an admin.\nThe password, shown this once: {secret}", user.email))
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
