//! Who may call an operation: declared once for each, beside its route. What is guarded, what the
//! OpenAPI document says of callers, and what the tests try, all come from it.

use std::fmt::{self, Display};

use super::{Caller, Role, Scope};
use crate::kernel::{error::Refusal, id::MemberId};

/// Who may call an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Access {
    /// Without credentials too.
    pub anyone: bool,
    pub members: Members,
    pub keys: Keys,
    /// The least role of a staff user that suffices.
    pub staff: Option<Role>,
}

/// Which members may call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Members {
    None,
    /// The one whose id is in the path; for others there is no such member.
    Itself,
    /// Those whom it concerns: the handler sees to it, by [`Caller::owns`], or lists theirs alone.
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
const NOBODY: Access =
    Access { anyone: false, members: Members::None, keys: Keys::None, staff: None };

/// Everybody, signed in or not.
pub const ANYONE: Access = Access {
    anyone: true,
    members: Members::All,
    keys: Keys::All,
    staff: Some(Role::Staff),
};
/// Everybody who is signed in, or has a key.
pub const SIGNED_IN: Access = Access { anyone: false, ..ANYONE };
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

    #[must_use]
    pub const fn or_members_concerned(self) -> Self {
        Self { members: Members::Concerned, ..self }
    }

    #[must_use]
    pub const fn or_anyone(self) -> Self {
        Self { anyone: true, ..self }
    }

    /// Whether `caller` may; `member` is the one whose id is in the path.
    ///
    /// # Errors
    /// [`Refusal::Unauthenticated`], [`Refusal::Forbidden`]; [`Refusal::NotFound`] for a member that
    /// asks for another's.
    pub fn check(&self, caller: &Caller, member: Option<MemberId>) -> Result<(), Refusal> {
        let may = match caller {
            Caller::System => true,
            Caller::Anonymous if self.anyone => true,
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
            Caller::Member(own) => match self.members {
                Members::None => false,
                Members::Itself if member == Some(*own) => true,
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
        if self.anyone && self.members == Members::All {
            return f.write_str("nobody in particular: anyone may");
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
        if self.anyone {
            add("no credentials at all");
        }
        match all.split_last() {
            Some((last, [])) => f.write_str(last),
            Some((last, [only])) => write!(f, "{only} or {last}"),
            Some((last, rest)) => write!(f, "{}, or {last}", rest.join(", ")),
            None => f.write_str("the program itself"),
        }
    }
}
