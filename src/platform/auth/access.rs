//! Who may call an operation: declared once for each, beside its route. What is guarded, what the
//! OpenAPI document says of callers, and what the tests try, all come from it.

use std::fmt::{self, Display};

use serde_json::{Value, json};

use super::{Caller, Role, Scope};
use crate::kernel::{error::Refusal, id::MemberId};

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Those who send no credentials.
    pub anonymous: bool,
    pub members: Members,
    pub keys: Keys,
    /// The least role of a staff user that suffices.
    pub staff: Option<Role>,
    /// Whoever proves itself by a secret shared with us, and nobody else: the handler sees to it by
    /// `SignedCall::proven`.
    pub signed: bool,
}

/// Which members may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Members {
    None,
    /// The one whose id is in the path; for others there is no such member.
    Itself,
    /// Those whom it concerns: the handler sees to it by [`Caller::sees`], or lists theirs alone.
    Concerned,
    All,
}

/// Which API keys may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    None,
    /// Those that have one of these.
    With(&'static [Scope]),
    All,
}

/// Nobody; what follows adds those who may.
const NOBODY: Access = Access {
    anonymous: false,
    members: Members::None,
    keys: Keys::None,
    staff: None,
    signed: false,
};

/// Everybody, signed in or not.
pub const ANYONE: Access = Access {
    anonymous: true,
    members: Members::All,
    keys: Keys::All,
    staff: Some(Role::Staff),
    signed: false,
};
/// Whoever signs with the secret shared with us.
pub const SIGNED: Access = Access { signed: true, ..NOBODY };
/// Everybody who is signed in, or has a key.
pub const SIGNED_IN: Access = Access { anonymous: false, ..ANYONE };
pub const ADMIN: Access = Access { staff: Some(Role::Admin), ..NOBODY };
pub const STAFF: Access = Access { staff: Some(Role::Staff), ..NOBODY };
/// The member in the path.
pub const ITSELF: Access = Access { members: Members::Itself, ..NOBODY };
/// The members whom it concerns.
pub const CONCERNED: Access = Access { members: Members::Concerned, ..NOBODY };
/// Any member, of itself.
pub const MEMBERS: Access = Access { members: Members::All, ..NOBODY };

/// Storefronts whose keys have one of these scopes.
#[must_use]
pub const fn keys(scopes: &'static [Scope]) -> Access {
    NOBODY.or_keys(scopes)
}

impl Access {
    #[must_use]
    pub const fn or_keys(self, scopes: &'static [Scope]) -> Self {
        Self { keys: Keys::With(scopes), ..self }
    }

    #[must_use]
    pub const fn or_staff(self) -> Self {
        Self { staff: Some(Role::Staff), ..self }
    }

    /// And those who send no credentials.
    #[must_use]
    pub const fn or_anonymous(self) -> Self {
        Self { anonymous: true, ..self }
    }

    /// What OpenAPI calls security: each of these will do.
    #[must_use]
    pub fn security(&self) -> Value {
        if *self == ANYONE {
            return json!([]);
        }
        let mut all = Vec::new();
        if self.signed {
            all.push(json!({"signature": []}));
            all.push(json!({"shared_secret": []}));
        }
        if self.anonymous {
            all.push(json!({}));
        }
        if self.members != Members::None || self.staff.is_some() {
            all.push(json!({"session": []}));
        }
        match self.keys {
            Keys::None => {}
            Keys::All => all.push(json!({"api_key": []})),
            Keys::With(scopes) => {
                all.extend(scopes.iter().map(|scope| json!({"api_key": [scope]})));
            }
        }
        Value::Array(all)
    }

    /// Whether `caller` may; `member` is the one whose id is in the path.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`], [`Refusal::Forbidden`]; [`Refusal::NotFound`] for a member that
    /// asks for another's.
    pub fn check(&self, caller: &Caller, member: Option<MemberId>) -> Result<(), Refusal> {
        let may = match caller {
            Caller::System => true,
            _ if self.signed => true,
            Caller::Anonymous if self.anonymous => true,
            Caller::Anonymous => {
                return Err(Refusal::Unauthenticated("sign in, or send an API key"));
            }
            Caller::Staff { role, .. } => match self.staff {
                None => false,
                Some(Role::Staff) => true,
                Some(Role::Admin) => *role == Role::Admin,
            },
            Caller::Storefront { scopes, .. } => match self.keys {
                Keys::None => false,
                Keys::With(wanted) => wanted.iter().any(|scope| scopes.contains(scope)),
                Keys::All => true,
            },
            // another's, whatever it is
            Caller::Member(own) if member.is_some_and(|member| member != *own) => {
                return Err(Refusal::not_found("member"));
            }
            Caller::Member(_) => match self.members {
                Members::None => false,
                Members::Itself if member.is_some() => true,
                Members::Itself => return Err(Refusal::not_found("member")),
                Members::Concerned | Members::All => true,
            },
        };
        if may { Ok(()) } else { Err(Refusal::Forbidden(format!("this takes {self}"))) }
    }
}

/// In words: "the member itself, an API key with `members:read`, or a staff user".
impl Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all: Vec<String> = Vec::new();
        let mut add = |who: &str| all.push(who.to_owned());
        if self.signed {
            return f.write_str("whoever signs with the secret shared with the server");
        }
        if self.anonymous && self.members == Members::All {
            return f.write_str("anyone");
        }
        match self.members {
            Members::None => {}
            Members::Itself => add("the member itself"),
            Members::Concerned => add("the member whom it concerns"),
            Members::All => add("a member"),
        }
        match self.keys {
            Keys::None => {}
            Keys::With(scopes) => {
                let scopes: Vec<String> = scopes.iter().map(|scope| format!("`{scope}`")).collect();
                add(&format!("an API key with {}", scopes.join(" or ")));
            }
            Keys::All => add("an API key"),
        }
        match self.staff {
            None => {}
            Some(Role::Staff) => add("a staff user"),
            Some(Role::Admin) => add("an admin"),
        }
        if self.anonymous {
            add("somebody without credentials");
        }
        match all.split_last() {
            Some((last, [])) => f.write_str(last),
            Some((last, [only])) => write!(f, "{only} or {last}"),
            Some((last, rest)) => write!(f, "{}, or {last}", rest.join(", ")),
            None => f.write_str("the program itself"),
        }
    }
}
