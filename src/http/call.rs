//! One request: who calls and what they sent, as typed values; and the answer, through idempotency
//! where it is a POST.

use std::{future::Future, pin::Pin, str::FromStr};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    http::{StatusCode, header},
    web,
};
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Answer, AppState, Problem,
    dry_run::{DryRun, without_new_ids},
    idempotency::{self, Attempt, Keyed, Outcome},
    lane::{Answered, Command, Laned, Sent},
    query::Query,
    request_id,
};
use crate::{
    auth::Caller,
    db::{Store, Tx},
    kernel::{
        error::{Error, Refusal, Result},
        id::{Id, Kind, MemberId},
        json,
    },
};

/// A request, its caller known and its body read.
pub struct Call {
    pub app: web::Data<AppState>,
    pub caller: Caller,
    request: HttpRequest,
    bytes: web::Bytes,
    about: Option<MemberId>,
}

impl FromRequest for Call {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let bytes = web::Bytes::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let app = request
                .app_data::<web::Data<AppState>>()
                .cloned()
                .ok_or_else(|| Error::internal("the application has no state"))?;
            let caller = match bearer(&request)? {
                None => Caller::Anonymous,
                Some(credential) => app.caller(&credential).await?,
            };
            let bytes =
                bytes.await.map_err(|error| match error.as_response_error().status_code() {
                    StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge,
                    _ => Refusal::MalformedJson("the body did not arrive whole".to_owned()),
                })?;
            Ok(Self { app, caller, request, bytes, about: None })
        })
    }
}

fn bearer(request: &HttpRequest) -> Result<Option<String>, Refusal> {
    const BAD: Refusal = Refusal::Unauthenticated("send `Authorization: Bearer …`");
    let Some(value) = request.headers().get(header::AUTHORIZATION) else { return Ok(None) };
    let (scheme, credential) = value.to_str().map_err(|_| BAD)?.split_once(' ').ok_or(BAD)?;
    if !scheme.eq_ignore_ascii_case("bearer") || credential.trim().is_empty() {
        return Err(BAD);
    }
    Ok(Some(credential.trim().to_owned()))
}

impl Call {
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.app.store
    }

    /// The body as `T`.
    ///
    /// # Errors
    /// As [`json::parse`].
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        json::parse(&self.bytes)
    }

    /// The body as `T`, or its default where there is none.
    ///
    /// # Errors
    /// As [`json::parse`].
    pub fn body_or_default<T: DeserializeOwned + Default>(&self) -> Result<T, Refusal> {
        if self.bytes.is_empty() { Ok(T::default()) } else { self.body() }
    }

    /// The query string; parameters that are not in `known` are refused.
    ///
    /// # Errors
    /// As [`Query::parse`].
    pub fn query(&self, known: &[&str]) -> Result<Query, Refusal> {
        Query::parse(self.request.query_string(), known)
    }

    /// A part of the path as it is.
    #[must_use]
    pub fn path(&self, name: &str) -> String {
        self.request.match_info().query(name).to_owned()
    }

    /// The id in the path.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]: a malformed id names nothing either.
    pub fn id<K: Kind>(&self, what: &'static str) -> Result<Id<K>, Refusal> {
        Id::from_str(self.request.match_info().query("id")).map_err(|_| Refusal::not_found(what))
    }

    /// Says whom the answer tells about, where neither the path nor the answer names the member:
    /// erasing that member deletes what is kept of it.
    #[must_use]
    pub fn about(self, member: Option<MemberId>) -> Self {
        Self { about: member, ..self }
    }

    /// The address of the one who calls, for throttles.
    #[must_use]
    pub fn address(&self) -> String {
        self.app.address_of(&self.request)
    }

    /// The version that the caller last saw, from `If-Match`.
    ///
    /// # Errors
    /// [`Refusal::PreconditionRequired`] without one; one that we never gave is stale.
    pub fn if_match(&self) -> Result<i64, Refusal> {
        let value =
            self.request.headers().get(header::IF_MATCH).ok_or(Refusal::PreconditionRequired)?;
        value
            .to_str()
            .ok()
            .and_then(|text| text.trim().strip_prefix('"')?.strip_suffix('"')?.parse().ok())
            .ok_or(Refusal::PreconditionFailed)
    }

    /// Reads, and answers 200.
    ///
    /// # Errors
    /// `body`'s own.
    pub async fn get<T, F>(&self, body: F) -> Answer
    where
        T: Serialize + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<T> + Send + 'static,
    {
        let value = self.store().read(body).await?;
        Ok(HttpResponse::Ok().json(value))
    }

    /// Reads something with a version, and answers 200 with its `ETag`.
    ///
    /// # Errors
    /// `body`'s own.
    pub async fn get_versioned<T, F>(&self, body: F) -> Answer
    where
        T: Serialize + Send + 'static,
        F: FnOnce(&mut Tx<'_>) -> Result<(T, i64)> + Send + 'static,
    {
        let (value, version) = self.store().read(body).await?;
        Ok(HttpResponse::Ok().insert_header(etag(version)).json(value))
    }

    /// Changes something with a version (PATCH), and answers 200 with its new `ETag`.
    ///
    /// # Errors
    /// `body`'s own.
    pub async fn patch_versioned<T, F>(&self, body: F) -> Answer
    where
        T: Serialize + Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<(T, i64)> + Send + 'static,
    {
        let (value, version) = self.store().write(body).await?;
        Ok(HttpResponse::Ok().insert_header(etag(version)).json(value))
    }

    /// Deletes, and answers 204.
    ///
    /// # Errors
    /// `body`'s own.
    pub async fn delete<F>(&self, body: F) -> Answer
    where
        F: FnMut(&mut Tx<'_>) -> Result<()> + Send + 'static,
    {
        self.store().write(body).await?;
        Ok(HttpResponse::NoContent().finish())
    }

    /// A POST that makes something: 201, once for each idempotency key.
    ///
    /// # Errors
    /// `body`'s own, and idempotency's.
    pub async fn post_created<T, F>(&self, dry_run: DryRun, mut body: F) -> Answer
    where
        T: Serialize + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + Clone + 'static,
    {
        self.post(dry_run, move |tx| body(tx).map(|value| (StatusCode::CREATED, value))).await
    }

    /// A POST that changes something: 200, once for each idempotency key.
    ///
    /// # Errors
    /// `body`'s own, and idempotency's.
    pub async fn post_ok<T, F>(&self, dry_run: DryRun, mut body: F) -> Answer
    where
        T: Serialize + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T> + Send + Clone + 'static,
    {
        self.post(dry_run, move |tx| body(tx).map(|value| (StatusCode::OK, value))).await
    }

    /// A POST that says its own status, once for each idempotency key.
    ///
    /// # Errors
    /// `body`'s own, and idempotency's.
    pub async fn post<T, F>(&self, dry_run: DryRun, body: F) -> Answer
    where
        T: Serialize + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<(StatusCode, T)> + Send + Clone + 'static,
    {
        let send = async |sent: Sent<Closure<F>>| {
            let outcome = self.store().write(move |tx| Sent::run(tx, &[&sent])).await;
            outcome?.pop().ok_or_else(|| Error::internal("a request without an answer"))
        };
        self.answer(dry_run, Closure(body), send).await
    }

    /// A POST that is done together with others of its kind, once for each idempotency key.
    ///
    /// # Errors
    /// The command's own, and idempotency's; [`Refusal::Overloaded`] where too many wait.
    pub async fn post_in_lane<C: Laned>(&self, dry_run: DryRun, command: C) -> Answer {
        self.answer(dry_run, command, async |sent| self.app.lanes.send(sent).await).await
    }

    async fn answer<C: Command>(
        &self,
        dry_run: DryRun,
        command: C,
        run: impl AsyncFn(Sent<C>) -> Result<Result<Attempt, Refusal>>,
    ) -> Answer {
        if self.query(&["dry_run"])?.flag("dry_run")? {
            return self.rehearse(dry_run, command).await;
        }
        let sent = Sent {
            command,
            keyed: self.keyed()?,
            request_id: request_id::current(),
            named: self.about.or_else(|| self.request.match_info().query("id").parse().ok()),
        };
        let attempt = async || Ok(run(sent.clone()).await??);
        let outcome = idempotency::once(&self.app.in_flight, sent.keyed.as_ref(), attempt).await?;
        let (kept, replayed) = match outcome {
            Outcome::First(kept) => (kept, false),
            Outcome::Replayed(kept) => (kept, true),
        };
        let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut answer = HttpResponse::build(status);
        answer.content_type(if status.is_success() {
            "application/json"
        } else {
            "application/problem+json"
        });
        if replayed {
            answer.insert_header(("idempotent-replayed", "true"));
        }
        Ok(answer.body(kept.body))
    }

    /// Does it and undoes it, outside of lanes and keys.
    async fn rehearse<C: Command>(&self, dry_run: DryRun, command: C) -> Answer {
        if dry_run == DryRun::NotOffered {
            return Err(Refusal::field("?dry_run", "is not offered by this call").into());
        }
        let rehearsal = move |tx: &mut Tx<'_>| {
            tx.rehearse(|tx| {
                let answer = C::run(tx, std::slice::from_ref(&command))?.pop();
                let (_, value) = answer.ok_or_else(|| Error::internal("no answer"))??;
                Ok(serde_json::to_value(&value)?)
            })
        };
        let value = self.store().write(rehearsal).await?;
        Ok(HttpResponse::Ok().json(without_new_ids(value)))
    }

    fn keyed(&self) -> Result<Option<Keyed>, Refusal> {
        let Some(value) = self.request.headers().get("idempotency-key") else { return Ok(None) };
        let key = value.to_str().unwrap_or_default();
        if !(1..=255).contains(&key.len()) || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(Refusal::field(
                "Idempotency-Key",
                "must be 1 to 255 visible ASCII characters",
            ));
        }
        Ok(Some(Keyed::new(
            &self.caller.label(),
            self.request.method().as_str(),
            self.request.path(),
            key,
            self.request.query_string(),
            &self.bytes,
        )))
    }
}

fn etag(version: i64) -> (header::HeaderName, String) {
    (header::ETAG, format!("\"{version}\""))
}

/// A use case of which each request runs its own, in a savepoint: a refusal undoes what it did.
#[derive(Clone)]
struct Closure<F>(F);

impl<T, F> Command for Closure<F>
where
    T: Serialize + 'static,
    F: FnMut(&mut Tx<'_>) -> Result<(StatusCode, T)> + Send + Clone + 'static,
{
    type Answer = T;

    fn run(tx: &mut Tx<'_>, commands: &[Self]) -> Result<Vec<Answered<T>>> {
        let run = |Self(body): &Self| match tx.savepoint(body.clone()) {
            Ok(answer) => Ok(Ok(answer)),
            Err(Error::Refused(refusal)) => Ok(Err(refusal)),
            Err(error) => Err(error),
        };
        commands.iter().map(run).collect()
    }
}
