//! Sessions: a family of refresh tokens, each good for one rotation. One that comes twice was
//! stolen, from us or from its owner: the whole session ends.

use std::time::Duration;

use diesel::prelude::*;
use uuid::Uuid;

use super::{
    Realm, accounts,
    devices::{self, Device},
    passwords, secret,
    tokens::{ACCESS_SECONDS, Subject},
};
use crate::{
    db::{
        Tx,
        bulk::Bulk,
        schema::{refresh_tokens, sessions},
        types::RawId,
    },
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::SessionId,
    },
};

/// What every refresh token begins with.
pub const PREFIX: &str = "vr_";
/// How long a refresh token is good for.
pub const LASTS: Duration = Duration::from_hours(30 * 24);

/// A session and the token that goes on with it.
#[derive(Clone, Debug)]
pub struct Started {
    pub session: SessionId,
    pub refresh_token: String,
}

/// Who may act by this session, as things stand: with the role that a user has now; `None` where
/// the session is not found, has ended or is past its end, or where its owner was suspended, erased
/// or deleted. The one answer to that question, for every realm.
pub fn standing(tx: &mut Tx<'_>, session: SessionId) -> Result<Option<Subject>> {
    match live(tx, session)? {
        Some((realm, RawId(subject))) => accounts::subject(tx, realm, subject),
        None => Ok(None),
    }
}

/// Whose session this is, while it lives.
fn live(tx: &mut Tx<'_>, session: SessionId) -> Result<Option<(Realm, RawId)>> {
    Ok(sessions::table
        .find(session)
        .filter(sessions::ended_at.is_null())
        .filter(sessions::expires_at.gt(tx.wall))
        .select((sessions::realm, sessions::subject_id))
        .first(tx.conn)
        .optional()?)
}

/// Opens a session, with a token to refresh it, for the one whose password matched `hash`.
///
/// # Errors
/// As [`begin_by_password`].
pub fn start(tx: &mut Tx<'_>, subject: Subject, hash: &str, device: &Device) -> Result<Started> {
    let session = begin_by_password(tx, subject, hash, LASTS, device)?;
    Ok(Started { session, refresh_token: add_token(tx, session)? })
}

/// Opens a session for the one whose password matched `hash`; it ends after so long, unless it is
/// kept up.
///
/// # Errors
/// [`Refusal::Unauthenticated`] where the password is another by now: it ended all sessions, and
/// must end this one too; [`Refusal::Forbidden`] as [`begin`].
pub fn begin_by_password(
    tx: &mut Tx<'_>,
    subject: Subject,
    hash: &str,
    lasts: Duration,
    device: &Device,
) -> Result<SessionId> {
    if passwords::lock(tx, subject.realm(), subject.uuid())?.as_deref() != Some(hash) {
        return Err(Refusal::Unauthenticated("the e-mail or the password is wrong").into());
    }
    let session = begin(tx, subject, lasts)?;
    devices::notice(tx, subject, device, session)?;
    Ok(session)
}

/// Opens a session that can't be refreshed: it ends with its one access token.
///
/// # Errors
/// As [`begin`].
pub fn start_brief(tx: &mut Tx<'_>, subject: Subject) -> Result<SessionId> {
    begin(tx, subject, Duration::from_secs(ACCESS_SECONDS.unsigned_abs()))
}

/// Opens a session that ends after so long, unless it is kept up.
///
/// # Errors
/// [`Refusal::Forbidden`] for a subject that may not act.
pub fn begin(tx: &mut Tx<'_>, subject: Subject, lasts: Duration) -> Result<SessionId> {
    if accounts::subject(tx, subject.realm(), subject.uuid())?.is_none() {
        let why = "this membership is suspended: the shop knows why, and can reinstate it";
        return Err(Refusal::Forbidden(why.to_owned()).into());
    }
    let session: SessionId = tx.new_id();
    Bulk::into("sessions")
        .column("id", [RawId::from(session)])
        .column("realm", [subject.realm().as_str().to_owned()])
        .column("subject_id", [RawId(subject.uuid())])
        .column("started_at", [tx.wall])
        .column("expires_at", [tx.wall.plus(lasts)])
        .execute(tx.conn)?;
    Ok(session)
}

fn add_token(tx: &mut Tx<'_>, session: SessionId) -> Result<String> {
    let token = secret::new(PREFIX, tx.chance());
    Bulk::into("refresh_tokens")
        .column("hash", [secret::hash(&token)])
        .column("session_id", [RawId::from(session)])
        .column("expires_at", [tx.wall.plus(LASTS)])
        .execute(tx.conn)?;
    Ok(token)
}

/// Takes a refresh token for the next one. `None` where it is unknown, past its end, or was used
/// before (which ends its session: commit that), or where its owner is gone.
pub fn rotate(tx: &mut Tx<'_>, token: &str) -> Result<Option<(Subject, Started)>> {
    let hash = secret::hash(token);
    let found: Option<(SessionId, Timestamp)> = refresh_tokens::table
        .find(&hash)
        .select((refresh_tokens::session_id, refresh_tokens::expires_at))
        .first(tx.conn)
        .optional()?;
    let Some((session, expires_at)) = found else { return Ok(None) };
    let fresh =
        diesel::update(refresh_tokens::table.find(&hash).filter(refresh_tokens::used_at.is_null()))
            .set(refresh_tokens::used_at.eq(tx.wall))
            .execute(tx.conn)?;
    if fresh == 0 {
        end(tx, session)?;
        return Ok(None);
    }
    if expires_at <= tx.wall {
        return Ok(None);
    }
    let Some((realm, RawId(subject))) = live(tx, session)? else { return Ok(None) };
    let Some(subject) = accounts::subject(tx, realm, subject)? else {
        end(tx, session)?;
        return Ok(None);
    };
    diesel::update(sessions::table.find(session))
        .set(sessions::expires_at.eq(tx.wall.plus(LASTS)))
        .execute(tx.conn)?;
    let refresh_token = add_token(tx, session)?;
    Ok(Some((subject, Started { session, refresh_token })))
}

/// Ends a session: its refresh tokens are good for nothing any more.
pub fn end(tx: &mut Tx<'_>, session: SessionId) -> Result<()> {
    tx.standing_changed();
    diesel::update(sessions::table.find(session).filter(sessions::ended_at.is_null()))
        .set(sessions::ended_at.eq(tx.wall))
        .execute(tx.conn)?;
    Ok(())
}

/// Ends every session of a subject.
pub fn end_all(tx: &mut Tx<'_>, realm: Realm, subject: Uuid) -> Result<()> {
    tx.standing_changed();
    diesel::update(
        sessions::table
            .filter(sessions::realm.eq(realm))
            .filter(sessions::subject_id.eq(RawId(subject)))
            .filter(sessions::ended_at.is_null()),
    )
    .set(sessions::ended_at.eq(tx.wall))
    .execute(tx.conn)?;
    Ok(())
}

/// Deletes every session of a subject, who is leaving.
pub fn forget(tx: &mut Tx<'_>, realm: Realm, subject: Uuid) -> Result<()> {
    tx.standing_changed();
    let sessions: Vec<SessionId> = sessions::table
        .filter(sessions::realm.eq(realm))
        .filter(sessions::subject_id.eq(RawId(subject)))
        .select(sessions::id)
        .load(tx.conn)?;
    for session in sessions {
        diesel::delete(refresh_tokens::table.filter(refresh_tokens::session_id.eq(session)))
            .execute(tx.conn)?;
        diesel::delete(sessions::table.find(session)).execute(tx.conn)?;
    }
    Ok(())
}

/// Deletes sessions that are past their end, with their tokens; answers how many.
pub fn forget_expired(tx: &mut Tx<'_>) -> Result<usize> {
    let over = sessions::table.filter(sessions::expires_at.le(tx.wall)).select(sessions::id);
    diesel::delete(refresh_tokens::table.filter(refresh_tokens::session_id.eq_any(over)))
        .execute(tx.conn)?;
    let over = sessions::table.filter(sessions::expires_at.le(tx.wall));
    Ok(diesel::delete(over).execute(tx.conn)?)
}
