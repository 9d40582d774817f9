//! `/v1/sessions`, a storefront's sessions for its members, and the public keys.

use actix_web::{HttpRequest, HttpResponse, delete, get, http::header, post};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{NO_STORE, throttled};
use crate::{
    auth::{
        Realm, accounts,
        devices::Device,
        passwords, sessions,
        tokens::{ACCESS_SECONDS, KeySet, Subject},
    },
    db::Tx,
    http::{Answer, AppState, Call},
    kernel::{
        error::{Refusal, Result},
        id::{MemberId, SessionId},
        text::Email,
    },
    settings,
};

/// Who signs in, and where.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    email: Email,
    password: String,
    /// `member` where it is left out.
    #[serde(default = "members")]
    realm: Realm,
}

const fn members() -> Realm {
    Realm::Member
}

/// Tokens of a session.
#[derive(Serialize, ToSchema)]
#[schema(as = Session, example = json!({
    "access_token": "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9…", "token_type": "Bearer",
    "expires_in": 900, "refresh_token": "vr_2Zb0…"
}))]
pub struct SessionBody {
    /// Send it as `Authorization: Bearer …`.
    access_token: String,
    token_type: &'static str,
    /// Seconds.
    expires_in: i64,
    /// Good for one refresh within 30 days; absent where the session ends with its access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    refresh_token: Option<String>,
}

/// The tokens of a session that stands.
///
/// # Errors
/// None in practice.
pub async fn body(
    app: &AppState,
    subject: Subject,
    session: SessionId,
    refresh_token: Option<String>,
) -> Result<SessionBody> {
    let settings = app.store.read(settings::service::get).await?;
    let wall = app.store.clock().wall();
    let access_token = app.signing().await?.issue(subject, session, settings.issuer(), wall)?;
    Ok(SessionBody {
        access_token,
        token_type: "Bearer",
        expires_in: ACCESS_SECONDS,
        refresh_token,
    })
}

/// Sign in.
///
/// A wrong e-mail and a wrong password answer alike; a suspended member does not sign in. 10 tries a minute for each account, and as
/// many failed ones for each address; `RateLimit` headers count the account's. Ignores
/// `Idempotency-Key`.
/// Refusals: `invalid_request`, `unauthenticated`, `forbidden`, `too_many_requests`.
#[utoipa::path(
    operation_id = "signIn",
    tag = "Sessions",
    request_body(
        content = SignIn,
        example = json!({"email": "anna@example.com", "password": "correct horse battery staple"})
    ),
    responses((status = 201, body = SessionBody))
)]
#[post("/v1/sessions")]
pub async fn sign_in(call: Call) -> Answer {
    let ask: SignIn = call.body()?;
    let account = throttled::account(ask.realm, &ask.email);
    let outcome = try_to_sign_in(&call, ask).await;
    Ok(throttled::answer(&call, &account, outcome))
}

async fn try_to_sign_in(call: &Call, ask: SignIn) -> Answer {
    let SignIn { email, password, realm } = ask;
    let (subject, hash) = recognise(&call.app, &call.address(), realm, email, &password).await?;
    let device = Device::new(call.user_agent());
    let start = move |tx: &mut Tx<'_>| sessions::start(tx, subject, &hash, &device);
    let started = call.store().write(start).await?;
    let body = body(&call.app, subject, started.session, Some(started.refresh_token)).await?;
    Ok(HttpResponse::Created().insert_header(NO_STORE).json(body))
}

/// Whose e-mail and password these are, and the hash that the password matched; the try counts for the account, a failed one for the
/// address too.
///
/// # Errors
/// [`Refusal::Unauthenticated`], alike and in like time for a wrong e-mail and a wrong password;
/// [`Refusal::TooManyRequests`].
pub async fn recognise(
    app: &AppState,
    address: &str,
    realm: Realm,
    email: Email,
    password: &str,
) -> Result<(Subject, String)> {
    throttled::admit(app, address, &throttled::account(realm, &email))?;
    let found = app
        .store
        .read(move |tx| {
            let Some(account) = accounts::find(tx, realm, &email)? else { return Ok(None) };
            let hash = passwords::find(tx, realm, account.subject.uuid())?;
            Ok(Some((account.subject, hash)))
        })
        .await?;
    let (subject, hash) = match found {
        Some((subject, hash)) => (Some(subject), hash),
        None => (None, None),
    };
    // a text that is no password is a wrong one
    let matches = passwords::matches(password.parse().ok(), hash.clone()).await?;
    subject.zip(hash).filter(|_| matches).ok_or_else(|| {
        throttled::failed(app, address);
        Refusal::Unauthenticated("the e-mail or the password is wrong").into()
    })
}

/// The token to go on with.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    refresh_token: String,
}

/// Go on with a session: takes its refresh token for a new pair.
///
/// A refresh token that was used before ends the whole session. The role is read anew. Ignores
/// `Idempotency-Key`.
/// Refusals: `invalid_request`, `unauthenticated`.
#[utoipa::path(
    operation_id = "refreshSession",
    tag = "Sessions",
    request_body(content = Refresh, example = json!({"refresh_token": "vr_2Zb0…"})),
    responses((status = 200, body = SessionBody))
)]
#[post("/v1/sessions/refresh")]
pub async fn refresh(call: Call) -> Answer {
    let Refresh { refresh_token } = call.body()?;
    let rotated = call.store().write(move |tx| sessions::rotate(tx, &refresh_token)).await?;
    let (subject, started) =
        rotated.ok_or(Refusal::Unauthenticated("the refresh token is not valid: sign in again"))?;
    let body = body(&call.app, subject, started.session, Some(started.refresh_token)).await?;
    Ok(HttpResponse::Ok().insert_header(NO_STORE).json(body))
}

/// Sign out: ends the session of the access token.
///
/// Refusals: `unauthenticated`, `forbidden`.
#[utoipa::path(operation_id = "signOut", tag = "Sessions", responses((status = 204, description = "Signed out")))]
#[delete("/v1/sessions/current")]
pub async fn sign_out(call: Call, request: HttpRequest) -> Answer {
    let token = request
        .headers()
        .get(header::AUTHORIZATION)
        .and_then(|value| value.to_str().ok()?.split_once(' '))
        .map_or("", |(_, token)| token.trim());
    let wall = call.store().clock().wall();
    let (_, session) = call.app.signing().await?.read(token, wall)?;
    call.delete(move |tx| sessions::end(tx, session)).await
}

/// Sign a member in, as the storefront whose customer it is.
///
/// Answers an access token alone: ask again when it has expired. Ignores `Idempotency-Key`.
/// Refusals: `unauthenticated`, `forbidden`, `not_found`.
#[utoipa::path(
    operation_id = "createMemberSession",
    tag = "Sessions",
    params(("id" = MemberId, Path)),
    responses((status = 201, body = SessionBody))
)]
#[post("/v1/members/{id}/sessions")]
pub async fn create_for_member(call: Call) -> Answer {
    let member: MemberId = call.id("member")?;
    call.no_body()?;
    let session = call
        .store()
        .write(move |tx| {
            let (_, email) = accounts::addressed(tx, Realm::Member, member.uuid())?;
            email.ok_or(Refusal::not_found("member"))?;
            sessions::start_brief(tx, Subject::Member(member))
        })
        .await?;
    let body = body(&call.app, Subject::Member(member), session, None).await?;
    Ok(HttpResponse::Created().insert_header(NO_STORE).json(body))
}

/// The public keys that check access tokens, as a JWK set.
///
/// Refusals: none.
#[utoipa::path(
    operation_id = "getSigningKeys",
    tag = "Sessions",
    responses((status = 200, body = KeySet))
)]
#[get("/.well-known/jwks.json")]
pub async fn jwks(call: Call) -> Answer {
    let keys = call.app.signing().await?.jwks();
    Ok(HttpResponse::Ok().insert_header(("cache-control", "public, max-age=300")).json(keys))
}
