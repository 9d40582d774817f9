//! What every page of the console has around its own content.

use actix_web::http::StatusCode;
use serde::Serialize;

use platform::{
    auth::{Role, users::User},
    kernel::{error::Refusal, locale::Language, zone::Zone},
};

/// What every page of the console has around its own content.
#[derive(Clone, Debug, Serialize)]
pub struct Frame {
    pub language: Language,
    pub program_name: String,
    pub zone: Zone,
    pub demo: bool,
    /// The room that the page is in, as the menu marks it.
    pub here: &'static str,
    pub user: Option<Who>,
    /// What was done just now, to be said once; a word of ours.
    pub done: Option<String>,
    /// Why it was not.
    pub fault: Option<Fault>,
}

/// Who sits there.
#[derive(Clone, Debug, Serialize)]
pub struct Who {
    pub name: String,
    pub email: String,
    pub is_admin: bool,
}

impl From<&User> for Who {
    fn from(user: &User) -> Self {
        Self {
            name: user.name.to_string(),
            email: user.email.clone(),
            is_admin: user.role == Role::Admin,
        }
    }
}

/// A refusal, for a person.
#[derive(Clone, Debug, Serialize)]
pub struct Fault {
    pub code: &'static str,
    /// In English, for what the page has no words of its own.
    pub detail: String,
    /// The fields at fault, each with what it must be.
    pub fields: Vec<FieldFault>,
}

/// A field at fault.
#[derive(Clone, Debug, Serialize)]
pub struct FieldFault {
    pub field: String,
    /// The part of it, such as a language.
    pub part: Option<String>,
    /// The line of a list, counted from 1.
    pub line: Option<u64>,
    pub code: &'static str,
    pub message: String,
}

impl From<&Refusal> for Fault {
    fn from(refusal: &Refusal) -> Self {
        let fields = match refusal {
            Refusal::Invalid { errors } | Refusal::NotFound { errors, .. } => errors
                .iter()
                .map(|error| {
                    let path = error.pointer.trim_matches(['/', '?', '{', '}']);
                    let (field, part) = path.split_once('/').unzip();
                    FieldFault {
                        field: field.unwrap_or(path).to_owned(),
                        part: part.map(str::to_owned),
                        line: part.and_then(|part| part.parse().ok()).map(|place: u64| place + 1),
                        code: error.code,
                        message: error.message.clone(),
                    }
                })
                .collect(),
            _ => Vec::new(),
        };
        Self { code: refusal.listed().code, detail: refusal.to_string(), fields }
    }
}

/// The status that a page with this refusal goes out with.
pub fn status(refusal: &Refusal) -> StatusCode {
    StatusCode::from_u16(refusal.listed().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
