//! An admin's rooms: users, keys.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    desk::{Desk, Sent, refused},
    frame::Frame,
    sheet::{self, cell},
};
use crate::web::{posted::Nothing, visit::see_other};
use platform::{
    auth::{
        Role, Scope,
        keys::{self, ApiKey, NewKey},
        users::{self, NewUser, User, UserChanges},
    },
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{KeyId, UserId},
        json,
        version::Versions,
    },
};

#[derive(Serialize)]
struct UsersPage {
    #[serde(flatten)]
    frame: Frame,
    users: Vec<User>,
    next_cursor: Option<String>,
    typed: BTreeMap<String, String>,
}

/// `GET /console/users`
pub async fn users(desk: Desk) -> Answer {
    desk.admin()?;
    users_page(&desk, None, BTreeMap::new()).await
}

async fn users_page(
    desk: &Desk,
    fault: Option<&Refusal>,
    mut typed: BTreeMap<String, String>,
) -> Answer {
    for name in ["name", "email", "role"] {
        typed.entry(name.to_owned()).or_default();
    }
    let page = Query::parse(desk.visit.query(), &["cursor", "done"])?.page()?;
    let listing = desk.store().read(move |tx| users::list(tx, &page, |all| all)).await?;
    let frame = desk.frame("users", fault);
    let page = UsersPage { frame, users: listing.data, next_cursor: listing.next_cursor, typed };
    desk.page("users", fault, &page)
}

/// `GET /console/users.csv`
pub async fn users_csv(desk: Desk) -> Answer {
    desk.admin()?;
    let columns = ["id", "name", "email", "role", "created_at"];
    sheet::file(&desk, "users", columns, |tx, page| {
        Ok(users::list(tx, page, |all| all)?.map(|user| {
            let (name, role, at) = (user.name.to_string(), user.role, user.created_at);
            [user.id.to_string(), name, user.email, role.to_string(), at.to_string()]
        }))
    })
}

/// `POST /console/users`: as `POST /v1/users`.
pub async fn invite(Sent { desk, form: typed }: Sent<BTreeMap<String, String>>) -> Answer {
    desk.admin()?;
    let invited = async {
        let new: NewUser = json::parse(json!(typed).to_string().as_bytes())?;
        desk.store().write(move |tx| users::invite(tx, &new)).await
    };
    match refused(invited.await)? {
        Ok(_) => Ok(see_other("/console/users?done=invited")),
        Err(refusal) => users_page(&desk, Some(&refusal), typed).await,
    }
}

/// What a user may do from now on.
#[derive(Deserialize)]
pub struct SetRole {
    role: Role,
}

fn user(desk: &Desk) -> Result<UserId, Refusal> {
    desk.visit.path("id").parse().map_err(|_| Refusal::not_found("user"))
}

/// `POST /console/users/{id}/role`
pub async fn set_role(Sent { desk, form }: Sent<SetRole>) -> Answer {
    desk.admin()?;
    let id = user(&desk)?;
    let changes = UserChanges { name: None, role: Some(form.role) };
    let change = move |tx: &mut Tx<'_>| users::change(tx, id, &changes, &Versions::Any);
    let done = desk.store().write(change).await.map(drop);
    after_users(&desk, done).await
}

/// `POST /console/users/{id}/remove`
pub async fn remove(Sent { desk, .. }: Sent<Nothing>) -> Answer {
    desk.admin()?;
    let id = user(&desk)?;
    let done = desk.store().write(move |tx| users::delete(tx, id)).await;
    after_users(&desk, done).await
}

async fn after_users(desk: &Desk, done: Result<()>) -> Answer {
    match refused(done)? {
        Ok(()) => Ok(see_other("/console/users?done=saved")),
        Err(refusal) => users_page(desk, Some(&refusal), BTreeMap::new()).await,
    }
}

#[derive(Serialize)]
struct KeysPage {
    #[serde(flatten)]
    frame: Frame,
    now: Timestamp,
    keys: Vec<ApiKey>,
    next_cursor: Option<String>,
    scopes: Vec<&'static str>,
    name: String,
    /// A new key's, shown this once.
    secret: Option<String>,
}

/// `GET /console/keys`
pub async fn keys(desk: Desk) -> Answer {
    desk.admin()?;
    keys_page(&desk, None, String::new(), None).await
}

async fn keys_page(
    desk: &Desk,
    fault: Option<&Refusal>,
    name: String,
    secret: Option<String>,
) -> Answer {
    let page = Query::parse(desk.visit.query(), &["cursor", "done"])?.page()?;
    let listing = desk.store().read(move |tx| keys::list(tx, &page, |all| all)).await?;
    let page = KeysPage {
        frame: desk.frame("keys", fault),
        now: desk.store().clock().wall(),
        keys: listing.data,
        next_cursor: listing.next_cursor,
        scopes: Scope::ALL.iter().map(|scope| scope.as_str()).collect(),
        name,
        secret,
    };
    desk.page("keys", fault, &page)
}

/// `GET /console/keys.csv`
pub async fn keys_csv(desk: Desk) -> Answer {
    desk.admin()?;
    let columns = ["id", "name", "scopes", "created_at", "expires_at", "revoked_at"];
    sheet::file(&desk, "keys", columns, |tx, page| {
        Ok(keys::list(tx, page, |all| all)?.map(|key| {
            let (name, scopes, made) =
                (key.name.to_string(), key.scopes.to_string(), key.created_at);
            let ends = [cell(key.expires_at), cell(key.revoked_at)];
            let [expires_at, revoked_at] = ends;
            [key.id.to_string(), name, scopes, made.to_string(), expires_at, revoked_at]
        }))
    })
}

/// `POST /console/keys`: as `POST /v1/api-keys`; the page that answers shows the secret.
pub async fn make_key(Sent { desk, form }: Sent<Vec<(String, String)>>) -> Answer {
    desk.admin()?;
    let of = |wanted: &str| -> Vec<String> {
        let those = form.iter().filter(|(name, _)| name == wanted);
        those.map(|(_, value)| value.clone()).collect()
    };
    let name = of("name").pop().unwrap_or_default();
    let new = json!({"name": name, "scopes": of("scope")});
    let made = async {
        let new: NewKey = json::parse(new.to_string().as_bytes())?;
        desk.store().write(move |tx| keys::create(tx, new.clone())).await
    };
    match refused(made.await)? {
        Ok((_, secret)) => keys_page(&desk, None, String::new(), Some(secret)).await,
        Err(refusal) => keys_page(&desk, Some(&refusal), name, None).await,
    }
}

/// `POST /console/keys/{id}/revoke`
pub async fn revoke(Sent { desk, .. }: Sent<Nothing>) -> Answer {
    desk.admin()?;
    let id: KeyId = desk.visit.path("id").parse().map_err(|_| Refusal::not_found("API key"))?;
    match refused(desk.store().write(move |tx| keys::revoke(tx, id)).await)? {
        Ok(()) => Ok(see_other("/console/keys?done=saved")),
        Err(refusal) => keys_page(&desk, Some(&refusal), String::new(), None).await,
    }
}
