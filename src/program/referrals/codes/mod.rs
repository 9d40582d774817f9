//! Members' codes: the one that everybody has, the one of their own choosing, and whom a typed one
//! means.

mod store;
mod touches;
mod vanity;

use std::time::Duration;

pub use store::forget;
pub use touches::{Channel, TouchKind, forget_touches, note_share, note_visit};
pub use vanity::VanityCode;

use crate::members::{self, Member, MemberStatus};
use platform::{
    auth::users,
    db::Tx,
    kernel::{
        code,
        error::{Refusal, Result},
        id::MemberId,
    },
    settings::{self, Settings},
};

/// Digits of the code that everybody has: 40 bits.
const CODE_LENGTH: usize = 8;
/// The cookie that a link leaves with who follows it: the code, and nothing else.
pub const COOKIE: &str = "vildar_ref";
/// How long a member waits between two codes of its own choosing.
const VANITY_STANDS: Duration = Duration::from_hours(30 * 24);

/// The member whose code this is, however it was typed; `None` where it names nobody who may bring
/// others (any more): unknown ones, those of erased and of suspended members all look the same.
pub fn referrer(tx: &mut Tx<'_>, typed: &str) -> Result<Option<Member>> {
    let thrown = match code::normalise(typed) {
        Some(code) => members::service::find_by_referral_code(tx, &code)?,
        None => None,
    };
    let chosen = match (&thrown, vanity::typed(typed)) {
        (None, Some(skeleton)) => store::owner(tx, &skeleton)?,
        _ => None,
    };
    let member = match (thrown, chosen) {
        (Some(member), _) => Some(member),
        (None, Some(id)) => members::service::find(tx, id)?,
        (None, None) => None,
    };
    Ok(member.filter(|member| member.status == MemberStatus::Active))
}

/// Where a code that was shared leads first.
#[must_use]
pub fn share_url(settings: &Settings, code: &str) -> String {
    settings.link(&format!("/r/{code}"))
}

/// What a member shares, and how.
#[derive(Clone, Debug)]
pub struct Sharing {
    pub member: Member,
    /// The one of its own choosing.
    pub vanity_code: Option<String>,
    pub on_leaderboard: bool,
    pub settings: Settings,
}

impl Sharing {
    /// The code to share: the chosen one, where there is one.
    #[must_use]
    pub fn best_code(&self) -> &str {
        self.vanity_code.as_deref().unwrap_or(&self.member.referral_code)
    }

    #[must_use]
    pub fn share_url(&self) -> String {
        share_url(&self.settings, self.best_code())
    }
}

/// What a member shares.
///
/// # Errors
/// An unknown member, or an erased one.
pub fn sharing(tx: &mut Tx<'_>, member: MemberId) -> Result<Sharing> {
    let member = members::service::get(tx, member)?;
    if member.status == MemberStatus::Erased {
        return Err(Refusal::not_found("member").into());
    }
    Ok(Sharing {
        vanity_code: store::in_use(tx, member.id)?.map(|(code, _)| code),
        on_leaderboard: store::on_leaderboard(tx, member.id)?,
        settings: settings::service::get(tx)?,
        member,
    })
}

/// What a member changes of it; the rest stays.
#[derive(Clone, Debug, Default)]
pub struct SharingChanges {
    /// `Some(None)`: none any more.
    pub vanity_code: Option<Option<VanityCode>>,
    pub on_leaderboard: Option<bool>,
}

/// Changes what a member shares. A code that it had before goes on leading to it, and is nobody
/// else's.
///
/// # Errors
/// An unknown member, or an erased one; a code that is somebody's, or the name of somebody of the
/// staff; [`Refusal::LimitReached`] within 30 days of the last choice.
pub fn change(tx: &mut Tx<'_>, member: MemberId, changes: &SharingChanges) -> Result<Sharing> {
    members::service::lock(tx, member)?;
    sharing(tx, member)?;
    match &changes.vanity_code {
        None => {}
        Some(None) => store::retire(tx, member)?,
        Some(Some(code)) => choose(tx, member, code)?,
    }
    if let Some(on) = changes.on_leaderboard {
        store::set_on_leaderboard(tx, member, on)?;
    }
    sharing(tx, member)
}

fn choose(tx: &mut Tx<'_>, member: MemberId, code: &VanityCode) -> Result<()> {
    let taken = || Refusal::field("/vanity_code", "can't be had: please choose another one");
    if store::in_use(tx, member)?.is_some_and(|(present, _)| present == code.as_str()) {
        return Ok(());
    }
    let free_at = store::last_choice(tx, member)?.map(|at| at.plus(VANITY_STANDS));
    if let Some(free_at) = free_at.filter(|free_at| tx.now < *free_at) {
        let why = format!("a code can be chosen once in 30 days: again from {free_at}");
        return Err(Refusal::LimitReached(why).into());
    }
    let program = settings::service::get(tx)?.program_name;
    let mut names = users::names(tx)?;
    names.push(program.to_string());
    if names.iter().any(|name| code.names(name)) {
        return Err(taken().into());
    }
    let alike = code.thrown_alike(CODE_LENGTH);
    if members::service::any_has_referral_code(tx, &alike)? {
        return Err(taken().into());
    }
    store::retire(tx, member)?;
    if store::put(tx, member, code)? { Ok(()) } else { Err(taken().into()) }
}

/// As many codes as asked for that look like none which somebody chose.
pub fn throw(tx: &mut Tx<'_>, count: usize) -> Result<Vec<String>> {
    let mut codes = Vec::with_capacity(count);
    while codes.len() < count {
        let missing = count - codes.len();
        let thrown = (0..missing).map(|_| code::random(tx.chance(), CODE_LENGTH));
        let thrown: Vec<_> = thrown.map(|code| (vanity::typed(&code), code)).collect();
        let looks: Vec<_> = thrown.iter().filter_map(|(look, _)| look.clone()).collect();
        let chosen = store::chosen(tx, &looks)?;
        let is_free = |look: &Option<String>| look.as_ref().is_none_or(|it| !chosen.contains(it));
        codes.extend(thrown.into_iter().filter(|(look, _)| is_free(look)).map(|(_, code)| code));
    }
    Ok(codes)
}
