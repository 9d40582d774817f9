//! An admin's rooms: settings, users, keys.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use super::{
    desk::{Desk, Sent, refused},
    frame::Frame,
    sheet::{self, cell},
};
use crate::{
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
    program::settings::service,
    web::{posted::Nothing, visit::see_other},
};

#[derive(Serialize)]
struct SettingsPage {
    #[serde(flatten)]
    frame: Frame,
    version: i64,
    settings: Vec<Setting>,
}

#[derive(Serialize)]
struct Setting {
    key: String,
    value: String,
    /// `text`, `lines`, `number` or `switch`.
    kind: &'static str,
}

/// `GET /console/settings`
pub async fn settings(desk: Desk) -> Answer {
    desk.admin()?;
    settings_page(&desk, None, BTreeMap::new()).await
}

async fn settings_page(
    desk: &Desk,
    fault: Option<&Refusal>,
    typed: BTreeMap<String, String>,
) -> Answer {
    let (settings, version) = desk.store().read(service::versioned).await?;
    let setting = |(key, value): (String, Value)| {
        let kind = match value {
            Value::Bool(_) => "switch",
            Value::Number(_) => "number",
            _ if key == "postal_address" => "lines",
            _ => "text",
        };
        let value = typed.get(&key).cloned().unwrap_or_else(|| match value {
            Value::Null => String::new(),
            Value::String(text) => text,
            Value::Array(words) => {
                words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
            }
            other => other.to_string(),
        });
        Setting { key, value, kind }
    };
    let settings = service::as_map(&settings)?.into_iter().map(setting).collect();
    let page = SettingsPage { frame: desk.frame("settings", fault), version, settings };
    desk.page("settings", fault, &page)
}

/// `POST /console/settings`: what was changed, and no more.
pub async fn set(Sent { desk, form: typed }: Sent<BTreeMap<String, String>>) -> Answer {
    desk.admin()?;
    let version = typed.get("version").and_then(|text| text.parse().ok()).unwrap_or_default();
    let present = desk.store().read(service::versioned).await?.0;
    let mut changes = Map::new();
    for (key, value) in service::as_map(&present)? {
        let Some(text) = typed.get(&key).map(|text| text.trim().replace("\r\n", "\n")) else {
            continue;
        };
        // the one that is a number or a word
        let is_number = matches!(value, Value::Number(_)) || key == "expiry_months";
        let wanted = match (&value, text.parse::<i64>()) {
            (Value::Bool(_), _) => json!(text == "true"),
            (Value::Array(_), _) => json!(text.split_whitespace().collect::<Vec<_>>()),
            (_, Ok(number)) if is_number => json!(number),
            _ if text.is_empty() => Value::Null,
            _ => json!(text),
        };
        if wanted != value {
            changes.insert(key, wanted);
        }
    }
    let seen = Versions::These(vec![version]);
    let change = move |tx: &mut Tx<'_>| service::change(tx, changes.clone(), Some(&seen));
    match refused(desk.store().write(change).await)? {
        Ok(_) => Ok(see_other("/console/settings?done=saved")),
        Err(refusal) => settings_page(&desk, Some(&refusal), typed).await,
    }
}

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
