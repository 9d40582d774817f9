//! Staff users: who works here, as staff or admin. There is always an admin.

use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    Realm, Role,
    one_time::{self, Purpose},
    passwords, sessions,
};
use crate::{
    db::{Tx, bulk::Bulk, lock::for_update, schema::users, types::RawId},
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::UserId,
        text::{Email, Name},
        version::Versions,
    },
    messaging::{
        letters::{Letter, Recipient},
        outbox,
    },
    rows, settings,
};

/// A staff user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema, Queryable, Selectable)]
#[diesel(table_name = users)]
#[schema(example = json!({
    "id": "usr_01m7zr0b7ee0tt0vrz3kxj2q8d", "email": "einar@shop.example.com", "name": "Einar",
    "role": "staff", "created_at": "2026-11-21T18:51:00Z"
}))]
pub struct User {
    pub id: UserId,
    pub email: String,
    pub name: Name,
    pub role: Role,
    pub created_at: Timestamp,
    #[serde(skip)]
    pub version: i64,
}

/// A staff user to be invited.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUser {
    pub email: Email,
    pub name: Name,
    pub role: Role,
}

/// What is to change of a staff user; the rest stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UserChanges {
    pub name: Option<Name>,
    pub role: Option<Role>,
}

rows! { users, User, UserId, "user" }

impl User {
    /// With its version, for the `ETag`.
    pub(super) fn versioned(self) -> (Self, i64) {
        let version = self.version;
        (self, version)
    }
}

/// What an invitation's or a password reset's token will do: set the password of `subject`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct ForAccount {
    pub realm: Realm,
    /// A typed id; `None` in a token that was made for nobody.
    pub subject: Option<String>,
}

/// What all staff users are called.
pub fn names(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    Ok(users::table.select(users::name).load(tx.conn)?)
}

/// Makes a user, who is invited by mail to set a password.
///
/// # Errors
/// [`Refusal::EmailTaken`].
pub fn invite(tx: &mut Tx<'_>, new: &NewUser) -> Result<User> {
    let user = insert(tx, &new.email, &new.name, new.role)?;
    let content = ForAccount { realm: Realm::Staff, subject: Some(user.id.to_string()) };
    let token = one_time::issue(tx, Purpose::StaffInvitation, &content)?;
    let settings = settings::service::get(tx)?;
    let to = Recipient {
        member_id: None,
        email: new.email.clone(),
        name: Some(user.name.to_string()),
        locale: settings.locale.clone(),
    };
    let letter = Letter::StaffInvitation {
        name: user.name.to_string(),
        url: settings.link(&format!("/invitation?token={}", token.token)),
        expires_at: token.expires_at,
    };
    outbox::push(tx, to, &letter, &format!("staff_invitation:{}", user.id))?;
    Ok(user)
}

/// Makes an admin with a password: for the command line, where the first one comes from.
///
/// # Errors
/// [`Refusal::EmailTaken`].
pub fn create_admin(
    tx: &mut Tx<'_>,
    email: &Email,
    name: &Name,
    password_hash: &str,
) -> Result<User> {
    create(tx, email, name, Role::Admin, password_hash)
}

/// Makes a user with a password, and writes to nobody.
///
/// # Errors
/// [`Refusal::EmailTaken`].
pub fn create(
    tx: &mut Tx<'_>,
    email: &Email,
    name: &Name,
    role: Role,
    password_hash: &str,
) -> Result<User> {
    let user = insert(tx, email, name, role)?;
    passwords::set(tx, Realm::Staff, user.id.uuid(), password_hash)?;
    Ok(user)
}

fn insert(tx: &mut Tx<'_>, email: &Email, name: &Name, role: Role) -> Result<User> {
    let user = User {
        id: tx.new_id(),
        email: email.as_str().to_owned(),
        name: name.clone(),
        role,
        created_at: tx.now,
        version: 1,
    };
    let inserted = Bulk::into("users")
        .column("id", [RawId::from(user.id)])
        .column("email", [user.email.clone()])
        .column("email_key", [email.key().to_owned()])
        .column("name", [user.name.to_string()])
        .column("role", [role.to_string()])
        .column("created_at", [user.created_at])
        .column("version", [user.version])
        .tail("ON CONFLICT (email_key) DO NOTHING")
        .execute(tx.conn)?;
    let taken = || Refusal::EmailTaken { whose: "staff user" };
    if inserted == 0 { Err(taken().into()) } else { Ok(user) }
}

/// Changes a user, if it is still of one of these versions.
///
/// # Errors
/// An unknown user, a stale version, or the last admin, who stays one.
pub fn change(tx: &mut Tx<'_>, id: UserId, changes: &UserChanges, seen: &Versions) -> Result<User> {
    let user = lock_with_admins(tx, id)?;
    seen.check(user.version)?;
    let role = changes.role.unwrap_or(user.role);
    if role != Role::Admin {
        keep_an_admin(tx, &user)?;
    }
    let name = changes.name.clone().unwrap_or_else(|| user.name.clone());
    if role != user.role {
        tx.standing_changed();
    }
    let user = User { name, role, version: user.version + 1, ..user };
    diesel::update(users::table.find(id))
        .set((
            users::name.eq(&user.name),
            users::role.eq(user.role),
            users::version.eq(user.version),
        ))
        .execute(tx.conn)?;
    Ok(user)
}

/// Deletes a user, who can't sign in or refresh a session any more.
///
/// # Errors
/// An unknown user, or the last admin.
pub fn delete(tx: &mut Tx<'_>, id: UserId) -> Result<()> {
    let user = lock_with_admins(tx, id)?;
    keep_an_admin(tx, &user)?;
    passwords::forget(tx, Realm::Staff, id.uuid())?;
    sessions::forget(tx, Realm::Staff, id.uuid())?;
    one_time::forget(tx, &id.to_string(), None)?;
    diesel::delete(users::table.find(id)).execute(tx.conn)?;
    Ok(())
}

/// Locks all admins and the user, in the order of their ids, so that two admins can't each take
/// away the other.
fn lock_with_admins(tx: &mut Tx<'_>, id: UserId) -> Result<User> {
    let rows: Vec<User> = for_update(
        users::table
            .filter(users::role.eq(Role::Admin).or(users::id.eq(id)))
            .order(users::id)
            .select(User::as_select()),
    )
    .load(tx.conn)?;
    let user = rows.into_iter().find(|user| user.id == id);
    user.ok_or_else(|| Refusal::not_found("user").into())
}

fn keep_an_admin(tx: &mut Tx<'_>, user: &User) -> Result<()> {
    if user.role != Role::Admin {
        return Ok(());
    }
    let others: i64 = users::table
        .filter(users::role.eq(Role::Admin))
        .filter(users::id.ne(user.id))
        .count()
        .get_result(tx.conn)?;
    if others == 0 {
        let why = "this is the last admin: make another one first".to_owned();
        return Err(Refusal::LimitReached(why).into());
    }
    Ok(())
}
