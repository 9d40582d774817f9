//! Who of the staff sits there, and the frame of their pages.

use std::{collections::BTreeMap, fmt, future::Future, pin::Pin, str::FromStr};

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, ResponseError,
    cookie::Cookie,
    dev::Payload,
    http::{StatusCode, header},
};
use serde::{Serialize, de::DeserializeOwned};

use super::frame::{Fault, Frame, Who, status};
use crate::web::{
    cookie,
    posted::{Posted, PostedFile},
    visit::{Visit, html},
};
use platform::{
    auth::{
        Caller, Role, sessions,
        tokens::Subject,
        users::{self, User},
    },
    db::{Store, Tx, meta},
    http::{Answer, Problem},
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::SessionId,
    },
};

/// A desk with somebody of the staff at it.
pub struct Desk {
    pub visit: Visit,
    pub user: User,
    pub session: SessionId,
    /// Keeps the session awake: it ends where nobody does anything for an hour.
    renewed: Cookie<'static>,
}

/// A form that somebody of the staff sent from a page of ours.
pub struct Sent<T> {
    pub desk: Desk,
    pub form: T,
}

/// The same with a file.
pub struct SentFile {
    pub desk: Desk,
    pub form: BTreeMap<String, String>,
    pub file: Vec<u8>,
}

/// Why there is nobody.
#[derive(Debug)]
pub enum Away {
    /// On to the sign-in, and back here after it.
    SignIn(String),
    Problem(Problem),
}

impl Away {
    /// What went wrong, where something did.
    #[must_use]
    pub const fn problem(&self) -> Option<&Problem> {
        match self {
            Self::SignIn(_) => None,
            Self::Problem(problem) => Some(problem),
        }
    }
}

impl fmt::Display for Away {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SignIn(_) => f.write_str("sign in first"),
            Self::Problem(problem) => problem.fmt(f),
        }
    }
}

impl<E: Into<Problem>> From<E> for Away {
    fn from(error: E) -> Self {
        Self::Problem(error.into())
    }
}

impl ResponseError for Away {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::SignIn(_) => StatusCode::SEE_OTHER,
            Self::Problem(problem) => problem.status(),
        }
    }

    fn error_response(&self) -> HttpResponse {
        match self {
            Self::SignIn(to) => {
                HttpResponse::SeeOther().insert_header((header::LOCATION, to.as_str())).finish()
            }
            Self::Problem(problem) => problem.error_response(),
        }
    }
}

impl FromRequest for Desk {
    type Error = Away;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Away>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = Visit::from_request(request, payload);
        Box::pin(async move { Self::of(visit.await?).await })
    }
}

impl<T: DeserializeOwned + 'static> FromRequest for Sent<T> {
    type Error = Away;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Away>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let posted = Posted::<T>::from_request(request, payload);
        Box::pin(async move {
            let Posted { visit, form } = posted.await?;
            Ok(Self { desk: Desk::of(visit).await?, form })
        })
    }
}

impl FromRequest for SentFile {
    type Error = Away;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Away>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let posted = PostedFile::from_request(request, payload);
        Box::pin(async move {
            let PostedFile { visit, form, file } = posted.await?;
            Ok(Self { desk: Desk::of(visit).await?, form, file })
        })
    }
}

impl Desk {
    async fn of(visit: Visit) -> Result<Self, Away> {
        let back = || {
            let path = visit.uri();
            let path = if path.starts_with("/console/sign-in") { "/console" } else { path };
            Away::SignIn(format!("/console/sign-in?to={}", crate::web::pages::segment(path)))
        };
        let name = cookie::staff_name(visit.is_https());
        let Some(value) = visit.cookie(name) else { return Err(back()) };
        let read = move |tx: &mut Tx<'_>| {
            let Some(key) = meta::known_key(tx)? else { return Ok(None) };
            let Some(session) = cookie::read(&key, &value, tx.wall) else { return Ok(None) };
            match sessions::standing(tx, session)? {
                Some(Subject::User(id, _)) => Ok(Some((users::get(tx, id)?, session, key))),
                _ => Ok(None),
            }
        };
        let Some((user, session, key)) = visit.store().read(read).await? else {
            return Err(back());
        };
        let renewed = cookie::staff(&key, session, visit.store().clock().wall(), visit.is_https());
        Ok(Self { visit, user, session, renewed })
    }

    #[must_use]
    pub fn store(&self) -> &Store {
        self.visit.store()
    }

    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.store().clock().now()
    }

    #[must_use]
    pub fn caller(&self) -> Caller {
        Caller::Staff { user: self.user.id, role: self.user.role }
    }

    /// For rooms that are an admin's.
    ///
    /// # Errors
    /// [`Refusal::Forbidden`].
    pub fn admin(&self) -> Result<(), Refusal> {
        match self.user.role {
            Role::Admin => Ok(()),
            Role::Staff => Err(Refusal::Forbidden("this is for an admin".to_owned())),
        }
    }

    /// The frame of a page in this room.
    #[must_use]
    pub fn frame(&self, here: &'static str, fault: Option<&Refusal>) -> Frame {
        Frame { user: Some(Who::from(&self.user)), ..frame(&self.visit, here, fault) }
    }

    /// A page of the console; with a fault, it goes out with the fault's status.
    ///
    /// # Errors
    /// A template that asks for what its page lacks.
    pub fn page(
        &self,
        template: &str,
        fault: Option<&Refusal>,
        page: &(impl Serialize + Sync),
    ) -> Answer {
        let status = fault.map_or(StatusCode::OK, status);
        let mut answer = html(status, self.visit.pages.render_console(template, page))?;
        // what can't be set is not renewed, and ends an hour after the last page
        drop(answer.add_cookie(&self.renewed));
        Ok(answer)
    }
}

/// The frame around a page of somebody who is not signed in.
pub fn frame(visit: &Visit, here: &'static str, fault: Option<&Refusal>) -> Frame {
    let word = |text: &String| {
        (1..=40).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
    };
    Frame {
        language: visit.language,
        program_name: visit.settings.program_name.to_string(),
        zone: visit.settings.time_zone.clone(),
        demo: visit.app.demo_mailbox.is_some(),
        here,
        user: None,
        done: Some(visit.parameter("done")).filter(word).filter(|_| fault.is_none()),
        fault: fault.map(Fault::from),
    }
}

/// A field of a form as what it has to be.
///
/// # Errors
/// [`Refusal::Invalid`] with the field.
pub fn field<T: FromStr<Err: fmt::Display>>(pointer: &str, text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|why| Refusal::field(pointer, format!("{why}")))
}

/// A refusal to be shown on the page; anything else goes on.
///
/// # Errors
/// What is no refusal.
pub fn refused<T>(outcome: Result<T>) -> Result<Result<T, Refusal>> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(Error::Refused(refusal)) => Ok(Err(refusal)),
        Err(error) => Err(error),
    }
}
