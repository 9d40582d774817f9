//! What speaks against a referral. A flag has a reason and a weight; from so much weight on, the
//! referral waits for a person. What was looked at and cleared does not come again; anything new
//! does.

mod store;
mod throwaway;

use std::{collections::BTreeSet, time::Duration};

use diesel::prelude::*;
use serde::Serialize;
use utoipa::ToSchema;

use store::{Written, rename_cases};
pub use store::{clear, of_all};

use super::{Referral, ReferralState};
use crate::members::{
    Member,
    likeness::{self, Likeness},
};
use platform::{
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, ReferralId},
    },
    settings::Settings,
    words,
};

words! {
    /// Why a referral wants a look.
    pub enum FlagCode {
        /// The friend's address looks like somebody else's.
        SimilarEmail = "similar_email",
        /// A parcel of the friend's went where somebody else's did.
        SameAddress = "same_address",
        /// The friend used a device that somebody else used.
        SameDevice = "same_device",
        /// The referrer brought many within a day.
        Velocity = "velocity",
        /// The referrer was brought too, and so was who brought them, and none of them buys.
        Chain = "chain",
        /// The friend's mailbox is a throw-away one.
        Throwaway = "throwaway",
    }
}

impl FlagCode {
    /// How much it weighs; `referral_flag_weight` says from where on a person looks.
    #[must_use]
    pub const fn weight(self) -> i64 {
        match self {
            Self::SimilarEmail => 100,
            Self::SameDevice => 70,
            Self::SameAddress | Self::Velocity | Self::Chain | Self::Throwaway => 50,
        }
    }
}

/// Why a referral wants a look.
#[derive(Clone, Debug, Serialize, ToSchema, Queryable)]
pub struct Flag {
    #[serde(skip)]
    pub referral_id: ReferralId,
    pub code: FlagCode,
    /// Names what it has in common with others, and tells nothing of it.
    #[serde(skip)]
    pub link: String,
    /// Whose address, parcel or device it is too.
    pub other_member_id: Option<MemberId>,
    #[schema(example = 100)]
    pub weight: i64,
    pub found_at: Timestamp,
    /// When a person looked and approved.
    pub cleared_at: Option<Timestamp>,
}

impl Flag {
    /// In a few words, for staff.
    #[must_use]
    pub fn detail(&self) -> String {
        let whose = self.other_member_id.map(|id| id.to_string());
        let whose = whose.as_deref().unwrap_or("another member");
        match self.code {
            FlagCode::SimilarEmail => format!("the address looks like that of {whose}"),
            FlagCode::SameAddress => format!("a parcel went where one of {whose} went"),
            FlagCode::SameDevice => format!("the same device as {whose}"),
            FlagCode::Velocity => "the referrer brought many within a day".to_owned(),
            FlagCode::Chain => {
                "who brought the referrer was brought too, and neither buys".to_owned()
            }
            FlagCode::Throwaway => "the mailbox is a throw-away one".to_owned(),
        }
    }
}

/// What was found.
struct Finding {
    code: FlagCode,
    link: String,
    other: Option<MemberId>,
}

const A_DAY: Duration = Duration::from_hours(24);

/// Looks at a referral whose row is locked, and writes down what is new. Answers whether it has to
/// wait for a person, and in which case: one that has something in common with others that wait is
/// theirs.
pub fn look(
    tx: &mut Tx<'_>,
    settings: &Settings,
    referral: &Referral,
    referee: &Member,
) -> Result<Option<ReferralId>> {
    let found = find(tx, settings, referral, referee)?;
    store::add(tx, referral.id, &found, Written::Flag)?;
    let weight = store::open_weight(tx, referral.id)?;
    if weight < settings.referral_flag_weight.get() {
        return Ok(None);
    }
    let links: Vec<String> = store::open_links(tx, referral.id)?;
    let cases = store::cases_of(tx, &links)?;
    let case = cases.first().copied().unwrap_or(referral.id);
    rename_cases(tx, &cases, case)?;
    Ok(Some(case))
}

fn find(
    tx: &mut Tx<'_>,
    settings: &Settings,
    referral: &Referral,
    referee: &Member,
) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for alike in likeness::of(tx, referee.id)? {
        let code = code_of(alike.kind);
        // most telling where it is the referrer's own; else somebody's, or of one who was paid for
        // and is gone
        let own = alike.others.contains(&referral.referrer_id).then_some(referral.referrer_id);
        let other = own.or(alike.others.first().copied());
        let other = match other {
            None => store::paid_for(tx, &alike.link, referral.id)?,
            other => other,
        };
        if other.is_some() {
            found.push(Finding { code, link: alike.link, other });
        }
    }
    let host = referee.email.as_deref().and_then(|email| email.rsplit_once('@'));
    let host = host.map(|(_, host)| host.to_lowercase()).unwrap_or_default();
    let is_known = settings.referral_throwaway_hosts.as_ref().is_some_and(|own| own.have(&host));
    if is_known || throwaway::is_one(&host) {
        let link = format!("throwaway:{}", referral.referrer_id);
        found.push(Finding { code: FlagCode::Throwaway, link, other: None });
    }
    let most = settings.referral_joins_per_day.get();
    if is_in_a_rush(tx, referral, most)? {
        let link = format!("velocity:{}", referral.referrer_id);
        found.push(Finding { code: FlagCode::Velocity, link, other: None });
    }
    if referral.course() == ReferralState::Qualified
        && let Some(root) = chain(tx, referral.referrer_id)?
    {
        let link = format!("chain:{root}");
        found.push(Finding { code: FlagCode::Chain, link, other: Some(root) });
    }
    Ok(found)
}

/// Whether there are 24 hours, the joining among them, in which the referrer brought more than
/// `most`.
fn is_in_a_rush(tx: &mut Tx<'_>, referral: &Referral, most: i64) -> Result<bool> {
    let (referrer, at) = (referral.referrer_id, referral.joined_at);
    // the nearest on either side: this one is the first of those before
    let before = store::joined_before(tx, referrer, at, most + 1)?;
    let after = store::joined_after(tx, referrer, at, most)?;
    let too_many = usize::try_from(most + 1).unwrap_or(usize::MAX);
    Ok((1..=before.len()).any(|behind| {
        let ahead = too_many.saturating_sub(behind);
        let last = match ahead {
            0 => Some(&at),
            ahead => after.get(ahead - 1),
        };
        last.is_some_and(|last| last.since(before[behind - 1]) < A_DAY)
    }))
}

/// What a friend who is being paid for has that others may have too: it stays known when the friend
/// is gone, so that nobody is paid for again under the same address.
pub fn keep_traces(tx: &mut Tx<'_>, referral: ReferralId, friend: MemberId) -> Result<()> {
    let found = likeness::of(tx, friend)?.into_iter().map(|alike| Finding {
        code: code_of(alike.kind),
        link: alike.link,
        other: None,
    });
    store::add(tx, referral, &found.collect::<Vec<_>>(), Written::Trace)
}

const fn code_of(kind: Likeness) -> FlagCode {
    match kind {
        Likeness::Email => FlagCode::SimilarEmail,
        Likeness::Address => FlagCode::SameAddress,
        Likeness::Device => FlagCode::SameDevice,
    }
}

/// Whether a referrer and who brought them were brought themselves, and have bought no more than
/// once each: then, who brought both.
fn chain(tx: &mut Tx<'_>, referrer: MemberId) -> Result<Option<MemberId>> {
    let Some(above) = super::store::referrer_of(tx, referrer)? else { return Ok(None) };
    let Some(root) = super::store::referrer_of(tx, above)? else { return Ok(None) };
    for member in [referrer, above] {
        if super::store::live_orders(tx, member, 2)? > 1 {
            return Ok(None);
        }
    }
    Ok(Some(root))
}

/// Those that are on their way and have something in common with what is known of these members now
/// are to be looked at again.
pub fn wake_alike(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let alike = likeness::of(tx, member)?;
    let others: BTreeSet<MemberId> = alike.into_iter().flat_map(|one| one.others).collect();
    super::store::wake_friends(tx, &others.into_iter().collect::<Vec<_>>())
}
