//! One visit of a page: who is there, in which language, and the page that they get.

use std::{future::Future, pin::Pin};

use actix_web::{
    FromRequest, HttpMessage, HttpRequest, HttpResponse,
    cookie::Cookie,
    dev::Payload,
    http::{
        StatusCode,
        header::{self, HeaderMap},
    },
    web,
};

use super::{
    cookie, origin,
    pages::{Notice, Pages, Shell, SignedIn},
};
use platform::{
    auth::{Caller, devices::Device, sessions, tokens::Subject},
    db::{Store, Tx, meta},
    http::{
        Answer, AppState, Problem,
        body::{self, Body, Whose},
        observe::HeadOnly,
    },
    kernel::{
        error::{Error, Refusal, Result},
        id::{MemberId, SessionId},
        locale::{self, Language, Locale, Reader},
        web_url::WebUrl,
    },
    settings::{self, Settings},
};
use program::{
    due, ledger,
    members::{self, Member},
};

/// A visit: what its page needs around its own content.
pub struct Visit {
    pub app: web::Data<AppState>,
    pub pages: web::Data<Pages>,
    pub settings: Settings,
    /// Who is signed in, with the points that they can spend now.
    pub visitor: Option<(Member, i64)>,
    /// The member's language, or what the browser asks for.
    pub language: Language,
    request: HttpRequest,
}

impl FromRequest for Visit {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Ok(Self::begin(request).await?) })
    }
}

/// What the application shares under this type.
pub(super) fn shared<T: 'static>(request: &HttpRequest) -> Result<web::Data<T>> {
    let data = request.app_data::<web::Data<T>>().cloned();
    data.ok_or_else(|| Error::internal("the application lacks what its pages need"))
}

impl Visit {
    pub(super) async fn begin(request: HttpRequest) -> Result<Self> {
        let (app, pages) = (shared::<AppState>(&request)?, shared::<Pages>(&request)?);
        let cookie = request.cookie(cookie::NAME).map(|cookie| cookie.value().to_owned());
        let cookie = cookie.filter(|_| app.demo_mailbox.is_some());
        let read = move |tx: &mut Tx<'_>| {
            let member = cookie.map_or(Ok(None), |cookie| member_of(tx, &cookie))?;
            Ok((settings::service::get(tx)?, member))
        };
        let (settings, member) = app.store.read(read).await?;
        let visitor = match member {
            None => None,
            Some(member) => {
                let id = member.id;
                let balance = due::read(&app.store, id, ledger::balance).await?;
                Some((member, balance.available))
            }
        };
        let language = visitor.as_ref().map(|(member, _)| member.locale.language());
        let language = language
            .or_else(|| asked_for(request.headers()))
            .unwrap_or_else(|| settings.locale.language());
        Ok(Self { app, pages, settings, visitor, language, request })
    }

    #[must_use]
    pub fn store(&self) -> &Store {
        &self.app.store
    }

    /// For forms: what was sent from a page of ours, by its header and its body.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`] from a page of others; as [`body::read`].
    pub(super) async fn receive(&self, payload: Payload) -> Result<Body> {
        self.refuse_others()?;
        body::read(&self.request, payload, Whose::Strangers).await
    }

    /// Refuses what another site's page asks for.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`] for another site's.
    pub(super) fn refuse_others(&self) -> Result<(), Refusal> {
        let (public, proxied) = (self.settings.public_url.as_ref(), self.app.is_behind_proxy());
        origin::refuse_others(self.request.headers(), public, proxied)
    }

    /// The same, from wherever it was sent: for what carries its own proof, and no cookie.
    ///
    /// # Errors
    /// As [`body::read`].
    pub(super) async fn receive_from_anywhere(&self, payload: Payload) -> Result<Body> {
        body::read(&self.request, payload, Whose::Strangers).await
    }

    /// A header of the request.
    #[must_use]
    pub(super) fn header(&self, name: &header::HeaderName) -> Option<&str> {
        self.request.headers().get(name)?.to_str().ok()
    }

    /// The session of the visitor's cookie.
    pub async fn session(&self) -> Result<Option<SessionId>> {
        let cookie = self.request.cookie(cookie::NAME).map(|cookie| cookie.value().to_owned());
        let Some(cookie) = cookie else { return Ok(None) };
        self.store().read(move |tx| session_of(tx, &cookie)).await
    }

    /// Ends it.
    pub async fn end_session(&self) -> Result<()> {
        match self.session().await? {
            Some(session) => self.store().write(move |tx| sessions::end(tx, session)).await,
            None => Ok(()),
        }
    }

    /// The member who is signed in.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`] where nobody is.
    pub fn member(&self) -> Result<MemberId, Refusal> {
        let member = self.visitor.as_ref().map(|(member, _)| member.id);
        member.ok_or(Refusal::Unauthenticated("sign in first"))
    }

    /// The same, as a caller of services.
    ///
    /// # Errors
    /// As [`Visit::member`].
    pub fn caller(&self) -> Result<Caller, Refusal> {
        self.member().map(Caller::Member)
    }

    /// Who reads, for what the shop says in several languages: a member in their own, even where
    /// pages are not.
    #[must_use]
    pub fn reader(&self) -> Reader {
        let wanted = self.visitor.as_ref().map(|(member, _)| member.locale.clone());
        Reader {
            wanted: vec![wanted.unwrap_or_else(|| self.language.into())],
            program: self.settings.locale.clone(),
        }
    }

    /// A part of the path as it is.
    #[must_use]
    pub fn path(&self, name: &str) -> String {
        self.request.match_info().query(name).to_owned()
    }

    /// The query string as it is.
    #[must_use]
    pub fn query(&self) -> &str {
        self.request.query_string()
    }

    /// The value of a parameter of the query; the empty text where it is not there.
    #[must_use]
    pub fn parameter(&self, name: &str) -> String {
        let pairs = web::Query::<Vec<(String, String)>>::from_query(self.query());
        let mut pairs = pairs.map(web::Query::into_inner).unwrap_or_default().into_iter();
        pairs.find(|(key, _)| key == name).map(|(_, value)| value).unwrap_or_default()
    }

    /// The path and the query, as they were asked for.
    #[must_use]
    pub fn uri(&self) -> &str {
        self.request.uri().path_and_query().map_or("/", |whole| whole.as_str())
    }

    /// Whether only the head of the page is asked for.
    #[must_use]
    pub fn is_head(&self) -> bool {
        self.request.extensions().contains::<HeadOnly>()
    }

    /// The value of a cookie.
    #[must_use]
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.request.cookie(name).map(|cookie| cookie.value().to_owned())
    }

    /// Whether people reach us by TLS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        let public = self.settings.public_url.as_ref();
        public.is_some_and(|url| url.origin().starts_with("https://"))
    }

    /// The browser that they visit by.
    #[must_use]
    pub fn device(&self) -> Device {
        Device::new(self.header(&header::USER_AGENT).unwrap_or_default())
    }

    /// The address of the one who visits, for throttles.
    #[must_use]
    pub fn address(&self) -> String {
        self.app.address_of(&self.request)
    }

    /// What goes around the page; what an earlier page left to be said stands in the query.
    #[must_use]
    pub fn shell(&self) -> Shell {
        let demo = self.app.demo_mailbox.is_some();
        let signed_in = self.visitor.as_ref().map(|(member, available)| SignedIn {
            given_name: member.given_name.clone().unwrap_or_default(),
            available: *available,
        });
        let storefront = self.settings.storefront_url.as_ref().map(WebUrl::to_string);
        Shell {
            language: self.language,
            program_name: self.settings.program_name.as_str().to_owned(),
            zone: self.settings.time_zone.clone(),
            demo,
            home: if demo { Some("/".to_owned()) } else { storefront },
            signed_in,
            notice: Notice::left(&self.parameter("notice")),
        }
    }
}

/// The member of a cookie's session, while that stands.
fn member_of(tx: &mut Tx<'_>, cookie: &str) -> Result<Option<Member>> {
    match session_of(tx, cookie)?.map(|session| sessions::standing(tx, session)).transpose()? {
        Some(Some(Subject::Member(id))) => members::service::find(tx, id),
        _ => Ok(None),
    }
}

fn session_of(tx: &mut Tx<'_>, cookie: &str) -> Result<Option<SessionId>> {
    let key = meta::known_key(tx)?;
    Ok(key.and_then(|key| cookie::read(&key, cookie, tx.wall)))
}

/// The first of our languages that the browser asks for, by its weights.
fn asked_for(headers: &HeaderMap) -> Option<Language> {
    let wishes = headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok()?;
    locale::asked_for(wishes).iter().find_map(Locale::spoken)
}

/// A page.
pub fn html(status: StatusCode, page: Result<String, minijinja::Error>) -> Answer {
    let page = page.map_err(|error| Error::internal(format!("{error:#}")))?;
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(page))
}

/// On to another page, with a GET.
#[must_use]
pub fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, path)).finish()
}

/// The same, with a cookie.
#[must_use]
pub fn see_other_with(path: &str, cookie: Cookie<'_>) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, path)).cookie(cookie).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoken(wishes: &str) -> Option<Language> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, wishes.parse().expect("a header"));
        asked_for(&headers)
    }

    #[test]
    fn the_browser_asks_for_a_language() {
        assert_eq!(spoken("is-IS,is;q=0.9,en;q=0.8"), Some(Language::Is));
        assert_eq!(spoken("de,en;q=0.5,is;q=0.7"), Some(Language::Is));
        assert_eq!(spoken("en-GB, is"), Some(Language::En));
        assert_eq!(spoken("en ; q=0.3, is; q=0.4"), Some(Language::Is));
        assert_eq!(spoken("de, fr;q=0.9, *;q=0.1"), None);
        assert_eq!(spoken("is;q=0, ;;;, en;q=x"), None);
    }
}
