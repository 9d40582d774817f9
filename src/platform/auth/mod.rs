//! Who may do what: realms, roles, scopes, and the callers made of them.

pub mod access;
pub mod accounts;
pub mod api;
pub mod devices;
pub mod eddsa;
pub mod keys;
pub mod one_time;
pub mod passwords;
pub mod personal;
pub mod resets;
pub mod secret;
pub mod sessions;
pub mod tokens;
pub mod users;

use self::tokens::Subject;
use crate::{
    db::word_list::Words,
    kernel::{
        error::Refusal,
        id::{KeyId, MemberId, UserId},
    },
    words,
};

words! {
    /// Two worlds of sign-in; a token of one never opens the other.
    pub enum Realm { Member = "member", Staff = "staff" }
}

words! {
    /// What a staff user may do: an admin all that staff may, without limits, and the set-up.
    pub enum Role { Staff = "staff", Admin = "admin" }
}

words! {
    /// What a storefront's API key may do.
    pub enum Scope {
        MembersRead = "members:read",
        MembersWrite = "members:write",
        OrdersWrite = "orders:write",
        EntriesEarn = "entries:earn",
        HoldsWrite = "holds:write",
        RedemptionsWrite = "redemptions:write",
        SessionsCreate = "sessions:create",
        FeedbackWrite = "feedback:write",
    }
}

/// The scopes of a key, each once.
pub type Scopes = Words<Scope, { Scope::ALL.len() }>;

/// Who is calling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    Anonymous,
    Member(MemberId),
    Storefront {
        key: KeyId,
        scopes: Vec<Scope>,
    },
    Staff {
        user: UserId,
        role: Role,
    },
    /// The program itself: sweeps, imports, the command line.
    System,
}

impl From<Subject> for Caller {
    fn from(subject: Subject) -> Self {
        match subject {
            Subject::Member(member) => Self::Member(member),
            Subject::User(user, role) => Self::Staff { user, role },
        }
    }
}

impl Caller {
    /// Whether it is the same person, in whatever role.
    #[must_use]
    pub fn is_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Staff { user: one, .. }, Self::Staff { user: other, .. }) => one == other,
            (one, other) => one == other,
        }
    }

    /// Stands in journals and scopes idempotency: kind and id, never a name.
    #[must_use]
    pub fn label(&self) -> String {
        match self {
            Self::Anonymous => "anonymous".to_owned(),
            Self::Member(id) => id.to_string(),
            Self::Storefront { key, .. } => key.to_string(),
            Self::Staff { user, .. } => user.to_string(),
            Self::System => "system".to_owned(),
        }
    }

    /// # Errors
    /// [`Refusal::Unauthenticated`] where nobody is signed in.
    pub const fn signed_in(&self) -> Result<(), Refusal> {
        match self {
            Self::Anonymous => Err(Refusal::Unauthenticated("sign in, or send an API key")),
            _ => Ok(()),
        }
    }

    /// # Errors
    /// Anyone but an admin.
    pub fn admin(&self) -> Result<(), Refusal> {
        self.signed_in()?;
        match self {
            Self::Staff { role: Role::Admin, .. } | Self::System => Ok(()),
            _ => Err(Refusal::Forbidden("this takes an admin".to_owned())),
        }
    }

    /// # Errors
    /// Anyone but staff and admins.
    pub fn staff(&self) -> Result<(), Refusal> {
        self.signed_in()?;
        match self {
            Self::Staff { .. } | Self::System => Ok(()),
            _ => Err(Refusal::Forbidden("this takes a staff user".to_owned())),
        }
    }

    /// # Errors
    /// Anyone but a storefront whose key has `scope`.
    pub fn storefront(&self, scope: Scope) -> Result<(), Refusal> {
        self.signed_in()?;
        match self {
            Self::Storefront { scopes, .. } if scopes.contains(&scope) => Ok(()),
            Self::Storefront { .. } => {
                Err(Refusal::Forbidden(format!("this API key lacks the scope {scope}")))
            }
            Self::System => Ok(()),
            _ => Err(Refusal::Forbidden(format!("this takes an API key with the scope {scope}"))),
        }
    }

    /// What is a member's own does not exist for another member.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] for another member.
    pub fn sees(&self, owner: MemberId, what: &'static str) -> Result<(), Refusal> {
        match self {
            Self::Member(own) if *own != owner => Err(Refusal::not_found(what)),
            _ => Ok(()),
        }
    }
}
