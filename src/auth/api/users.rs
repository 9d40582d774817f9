//! `/v1/users`.

use actix_web::{delete, get, patch, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    auth::{
        Role,
        users::{self, Changes, User},
    },
    db::Tx,
    http::{Answer, Call, Reply},
    kernel::{
        clock::Timestamp,
        id::{MemberId, UserId, kind},
        page::Listing,
        text::{Email, Name},
    },
};

/// A staff user to be invited.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    #[schema(value_type = String, example = "einar@shop.example.com")]
    email: Email,
    #[schema(value_type = String, example = "Einar")]
    name: Name,
    role: Role,
}

/// What is to change; the rest stays.
#[derive(Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChanges {
    #[schema(value_type = Option<String>, example = "Einar")]
    name: Option<Name>,
    role: Option<Role>,
}

/// A staff user.
#[derive(Serialize, ToSchema)]
#[schema(example = json!({
    "id": "usr_01m7zr0b7ee0tt0vrz3kxj2q8d", "email": "einar@shop.example.com", "name": "Einar",
    "role": "staff", "created_at": "2026-11-21T18:51:00Z"
}))]
pub struct UserBody {
    #[schema(value_type = String)]
    id: UserId,
    email: String,
    name: String,
    role: Role,
    #[schema(value_type = String)]
    created_at: Timestamp,
}

impl Reply for UserBody {
    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}

impl From<User> for UserBody {
    fn from(user: User) -> Self {
        let User { id, email, name, role, created_at, .. } = user;
        Self { id, email, name, role, created_at }
    }
}

/// Invite a staff user, who sets a password by the link in the letter.
///
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `email_taken`.
#[utoipa::path(
    tag = "Users",
    request_body(
        content = NewUser,
        example = json!({"email": "einar@shop.example.com", "name": "Einar", "role": "staff"})
    ),
    responses((status = 201, body = UserBody))
)]
#[post("/v1/users")]
pub async fn create(call: Call) -> Answer {
    let ask: NewUser = call.body()?;
    call.post_created(move |tx| {
        users::invite(tx, &ask.email, &ask.name, ask.role).map(UserBody::from)
    })
    .await
}

/// List the staff users, newest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    tag = "Users",
    params(
        ("limit" = Option<i64>, Query, description = "1 to 100, default 20"),
        ("cursor" = Option<String>, Query, description = "The next_cursor of the page before"),
    ),
    responses((status = 200, body = Listing<UserBody>))
)]
#[get("/v1/users")]
pub async fn list(call: Call) -> Answer {
    let page = call.query(&["limit", "cursor"])?.page()?;
    let after: Option<UserId> = page.after()?;
    call.get(move |tx| {
        let rows = users::list(tx, after, page.rows())?;
        Ok(page.cut(rows, |user| user.id.to_string(), UserBody::from))
    })
    .await
}

/// Read one staff user.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    tag = "Users",
    params(("id" = String, Path, description = "The user", example = "usr_01m7zr0b7ee0tt0vrz3kxj2q8d")),
    responses((status = 200, body = UserBody))
)]
#[get("/v1/users/{id}")]
pub async fn read(call: Call) -> Answer {
    let id = call.id::<kind::User>("user")?;
    call.get_versioned(move |tx| users::get(tx, id).map(with_version)).await
}

/// Change a staff user's name or role.
///
/// Needs `If-Match` with the `ETag` that `GET` gave. A new role acts at once on this server,
/// within 5 seconds on others. The last admin stays one.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `limit_reached`,
/// `precondition_required`, `precondition_failed`.
#[utoipa::path(
    tag = "Users",
    params(("id" = String, Path, description = "The user", example = "usr_01m7zr0b7ee0tt0vrz3kxj2q8d")),
    request_body(content = UserChanges, example = json!({"role": "admin"})),
    responses((status = 200, body = UserBody))
)]
#[patch("/v1/users/{id}")]
pub async fn change(call: Call) -> Answer {
    let id = call.id::<kind::User>("user")?;
    let seen = call.if_match()?;
    let UserChanges { name, role } = call.body()?;
    let changes = Changes { name, role };
    let change = move |tx: &mut Tx<'_>| users::change(tx, id, &changes, &seen).map(with_version);
    call.patch_versioned(change).await
}

/// Delete a staff user, with its password and sessions.
///
/// Access tokens that are out end at once on this server, within 5 seconds on others. The last
/// admin stays.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `limit_reached`.
#[utoipa::path(
    tag = "Users",
    params(("id" = String, Path, description = "The user", example = "usr_01m7zr0b7ee0tt0vrz3kxj2q8d")),
    responses((status = 204, description = "Deleted"))
)]
#[delete("/v1/users/{id}")]
pub async fn remove(call: Call) -> Answer {
    let id = call.id::<kind::User>("user")?;
    call.delete(move |tx| users::delete(tx, id)).await
}

fn with_version(user: User) -> (UserBody, i64) {
    let version = user.version;
    (user.into(), version)
}
