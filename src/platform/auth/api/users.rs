//! `/v1/users`.

use actix_web::{delete, get, patch, post};

use crate::{
    auth::users::{self, NewUser, User, UserChanges},
    http::{Answer, Call, Reply, query::Paging},
    kernel::{
        id::{MemberId, UserId, kind},
        page::Listing,
    },
};

impl Reply for User {
    fn members(&self) -> Vec<MemberId> {
        Vec::new()
    }
}

/// Invite a staff user, who sets a password by the link in the letter.
///
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`, `email_taken`.
#[utoipa::path(
    operation_id = "createUser",
    tag = "Users",
    request_body(
        content = NewUser,
        example = json!({"email": "einar@shop.example.com", "name": "Einar", "role": "staff"})
    ),
    responses((status = 201, body = User))
)]
#[post("/v1/users")]
pub async fn create(call: Call) -> Answer {
    let new: NewUser = call.body()?;
    call.post_created(move |tx| users::invite(tx, &new)).await
}

/// List the staff users, newest first.
///
/// Refusals: `unauthenticated`, `forbidden`, `invalid_request`.
#[utoipa::path(
    operation_id = "listUsers",
    tag = "Users",
    params(Paging),
    responses((status = 200, body = Listing<User>))
)]
#[get("/v1/users")]
pub async fn list(call: Call) -> Answer {
    let page = call.query()?.page()?;
    call.get(move |tx| users::list(tx, &page, |all| all)).await
}

/// Read one staff user.
///
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "getUser",
    tag = "Users",
    params(("id" = UserId, Path)),
    responses((status = 200, body = User))
)]
#[get("/v1/users/{id}")]
pub async fn read(call: Call) -> Answer {
    let id = call.id::<kind::User>("user")?;
    call.get_versioned(move |tx| users::get(tx, id).map(User::versioned)).await
}

/// Change a staff user's name or role.
///
/// Needs `If-Match` with the `ETag` that `GET` gave. A new role acts at once on this server,
/// within 5 seconds on others. The last admin stays one.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `invalid_request`, `limit_reached`,
/// `precondition_required`, `precondition_failed`.
#[utoipa::path(
    operation_id = "updateUser",
    tag = "Users",
    params(("id" = UserId, Path)),
    request_body(content = UserChanges, example = json!({"role": "admin"})),
    responses((status = 200, body = User))
)]
#[patch("/v1/users/{id}")]
pub async fn change(call: Call) -> Answer {
    let id = call.id::<kind::User>("user")?;
    let seen = call.if_match()?;
    let changes: UserChanges = call.body()?;
    call.patch_versioned(move |tx| users::change(tx, id, &changes, &seen).map(User::versioned))
        .await
}

/// Delete a staff user, with its password and sessions.
///
/// Access tokens that are out end at once on this server, within 5 seconds on others. The last
/// admin stays.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`, `limit_reached`.
#[utoipa::path(
    operation_id = "deleteUser",
    tag = "Users",
    params(("id" = UserId, Path)),
    responses((status = 204, description = "Deleted"))
)]
#[delete("/v1/users/{id}")]
pub async fn remove(call: Call) -> Answer {
    let id = call.id::<kind::User>("user")?;
    call.delete(move |tx| users::delete(tx, id)).await
}
