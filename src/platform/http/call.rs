//! One request: who calls and what they sent, as typed values; and the answer, through idempotency
//! where it is a POST.

mod answers;

use std::{collections::BTreeSet, future::Future, pin::Pin, str::FromStr};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header, web};
use serde::de::DeserializeOwned;
use utoipa::PartialSchema;

use super::{
    AppState, Problem,
    body::{self, Body, Whose},
    idempotency::Keyed,
    operations::Operations,
    query::Query,
    signed::{SharedSecret, Signed},
};
use crate::{
    auth::Caller,
    db::Store,
    kernel::{
        error::{Error, Refusal, Result},
        id::{Id, Kind, MemberId},
        json,
        locale::{Locale, asked_for},
        version::Versions,
    },
};

/// A request, its caller known and its body read.
pub struct Call {
    pub app: web::Data<AppState>,
    pub caller: Caller,
    request: HttpRequest,
    bytes: Body,
    about: Vec<MemberId>,
}

impl FromRequest for Call {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let operations = shared::<Operations>(&request)?;
            operations.know_method(&request)?;
            let caller = caller(&request).await?;
            operations.admit(&request, &caller)?;
            Self::read(request, caller, payload).await
        })
    }
}

/// A request to a path that is not the API's, and that anyone may ask for.
pub struct OpenCall(pub Call);

impl FromRequest for OpenCall {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move { Ok(Self(Call::read(request, Caller::Anonymous, payload).await?)) })
    }
}

/// A request to the API that proves itself by a secret shared with us: [`SignedCall::proven`].
pub struct SignedCall(Call);

impl FromRequest for SignedCall {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            shared::<Operations>(&request)?.admit(&request, &Caller::Anonymous)?;
            Ok(Self(Call::read(request, Caller::Anonymous, payload).await?))
        })
    }
}

impl SignedCall {
    /// The call, once it is known that it comes from who has the secret.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`]; the same where no secret was set.
    pub fn proven(self, secret: Option<&SharedSecret>) -> Result<Call, Refusal> {
        let Self(call) = self;
        let sent = |name: &str| {
            let value = call.request.headers().get(name);
            value.and_then(|value| value.to_str().ok()).unwrap_or_default()
        };
        let signed = Signed {
            id: sent("webhook-id"),
            timestamp: sent("webhook-timestamp"),
            signatures: sent("webhook-signature"),
            authorization: sent("authorization"),
        };
        let secret = secret.ok_or(Refusal::Unauthenticated(
            "this server has no secret to know you by: it is started with VILDAR_REPORT_SECRET",
        ))?;
        secret.check(signed, &call.bytes, call.store().clock().wall())?;
        Ok(call)
    }
}

async fn caller(request: &HttpRequest) -> Result<Caller> {
    match bearer(request)? {
        None => Ok(Caller::Anonymous),
        Some(credential) => shared::<AppState>(request)?.caller(&credential).await,
    }
}

/// What the application shares under this type.
fn shared<T: 'static>(request: &HttpRequest) -> Result<web::Data<T>> {
    let data = request.app_data::<web::Data<T>>().cloned();
    data.ok_or_else(|| Error::internal("the application lacks what its calls need"))
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
    async fn read(request: HttpRequest, caller: Caller, payload: Payload) -> Result<Self, Problem> {
        let app = shared(&request)?;
        let whose = match caller {
            Caller::Anonymous => Whose::Strangers,
            _ => Whose::Known,
        };
        let bytes = body::read(&request, payload, whose).await?;
        Ok(Self { app, caller, request, bytes, about: Vec::new() })
    }

    #[must_use]
    pub fn store(&self) -> &Store {
        &self.app.store
    }

    /// The body as `T`.
    ///
    /// # Errors
    /// As [`json::parse`].
    pub fn body<T: DeserializeOwned + PartialSchema>(&self) -> Result<T, Refusal> {
        json::parse(&self.bytes)
    }

    /// The body as `T`, or its default where there is none.
    ///
    /// # Errors
    /// As [`json::parse`].
    pub fn body_or_default<T: DeserializeOwned + PartialSchema + Default>(
        &self,
    ) -> Result<T, Refusal> {
        if self.bytes.is_empty() { Ok(T::default()) } else { self.body() }
    }

    /// The body as it is, where it says that it is CSV.
    #[must_use]
    pub fn csv(&self) -> Option<&[u8]> {
        let named = self.request.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
        let kind = named.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("text/csv").then_some(&self.bytes)
    }

    /// For a call that takes no body, or an empty object.
    ///
    /// # Errors
    /// As [`Call::body`].
    pub fn no_body(&self) -> Result<(), Refusal> {
        #[derive(Default, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        self.body_or_default().map(|Nothing {}| ())
    }

    /// The query string. It has no parameters but those of the operation's document: others were
    /// refused at the door.
    ///
    /// # Errors
    /// As [`Query::read`].
    pub fn query(&self) -> Result<Query, Refusal> {
        Query::read(self.request.query_string())
    }

    /// The languages that are asked for by `Accept-Language`, most wanted first.
    #[must_use]
    pub fn accepts(&self) -> Vec<Locale> {
        let asked = self.request.headers().get(header::ACCEPT_LANGUAGE);
        asked.and_then(|asked| asked.to_str().ok()).map(asked_for).unwrap_or_default()
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

    /// Says whom the answer tells about, where the path does not name the member: erasing that
    /// member deletes what is stored of it, a refusal too.
    #[must_use]
    pub fn about(mut self, members: impl IntoIterator<Item = MemberId>) -> Self {
        self.about.extend(members);
        self
    }

    /// Whom the request is about, as far as it says so itself.
    fn members(&self) -> BTreeSet<MemberId> {
        let named = self.request.match_info().query("id").parse().ok();
        self.about.iter().copied().chain(named).collect()
    }

    /// A cookie's value.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.request.cookie(name).map(|cookie| cookie.value().to_owned())
    }

    /// What the caller's program calls itself.
    #[must_use]
    pub fn user_agent(&self) -> &str {
        let value = self.request.headers().get(header::USER_AGENT);
        value.and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The address of the one who calls, for throttles.
    #[must_use]
    pub fn address(&self) -> String {
        self.app.address_of(&self.request)
    }

    /// The versions that the caller takes, from `If-Match`.
    ///
    /// # Errors
    /// [`Refusal::PreconditionRequired`] without it.
    pub fn if_match(&self) -> Result<Versions, Refusal> {
        let values = self.request.headers().get_all(header::IF_MATCH);
        let mut values = values.map(|value| value.to_str().unwrap_or_default()).peekable();
        values.peek().ok_or(Refusal::PreconditionRequired)?;
        Ok(Versions::read(values))
    }

    fn keyed(&self) -> Result<Option<Keyed>, Refusal> {
        let mut values = self.request.headers().get_all("idempotency-key");
        let Some(value) = values.next() else { return Ok(None) };
        if values.next().is_some() {
            return Err(Refusal::field("Idempotency-Key", "is given twice"));
        }
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
            // however its letters were escaped
            self.request.match_info().as_str(),
            key,
            self.request.query_string(),
            &self.bytes,
        )))
    }
}
