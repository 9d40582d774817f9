//! A case: referrals that are doubted together, side by side with who brought them, and one
//! decision for all.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use super::{
    desk::{Desk, Sent, field, refused},
    frame::Frame,
};
use crate::web::{posted::Nothing, visit::see_other};
use platform::{
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{MemberId, ReferralId},
        page::Page,
        text::Reason,
    },
};
use program::{
    members::{self, Member},
    referrals::{
        FlagCode, ReferralState,
        service::{self, Full, Sought},
    },
};

/// How many of a case are shown at a time.
const SHOWN: i64 = 50;

/// Somebody, with what helps to decide.
#[derive(Serialize)]
struct Person {
    id: String,
    name: String,
    email: String,
    status: String,
    enrolled_at: Timestamp,
    /// Orders that were not given back; so many at least where there are many.
    orders: usize,
    /// How many this one brought.
    brought: i64,
}

/// A friend, and what speaks against it.
#[derive(Serialize)]
struct Friend {
    referral_id: String,
    person: Person,
    state: ReferralState,
    came_from: Option<ReferralState>,
    joined_at: Timestamp,
    flags: Vec<Against>,
    appeal_reason: Option<String>,
    decision_reason: Option<String>,
}

#[derive(Serialize)]
struct Against {
    code: FlagCode,
    weight: i64,
    other_id: Option<String>,
    other: Option<String>,
    cleared: bool,
}

/// Who brought, and whom.
#[derive(Serialize)]
struct Side {
    referrer: Person,
    friends: Vec<Friend>,
}

#[derive(Serialize)]
struct CasePage {
    #[serde(flatten)]
    frame: Frame,
    id: String,
    /// How many of it wait.
    waiting: i64,
    sides: Vec<Side>,
    next_cursor: Option<String>,
}

fn case(desk: &Desk) -> Result<ReferralId, Refusal> {
    desk.visit.path("id").parse().map_err(|_| Refusal::not_found("case"))
}

/// `GET /console/referrals/cases/{id}?cursor=`
pub async fn show(desk: Desk) -> Answer {
    page(&desk, None).await
}

async fn page(desk: &Desk, fault: Option<&Refusal>) -> Answer {
    let id = case(desk)?;
    let page = match fault {
        None => {
            let query = Query::parse(desk.visit.query(), &["cursor", "done"])?;
            Page::new(SHOWN, query.text("cursor"))?
        }
        Some(_) => Page::first(SHOWN),
    };
    let read = move |tx: &mut Tx<'_>| {
        let sought = Sought { case: Some(id), ..Sought::default() };
        let listing = service::list(tx, &sought, &page)?;
        if listing.data.is_empty() {
            return Err(Refusal::not_found("case").into());
        }
        Ok((service::waiting_in(tx, id)?, sides(tx, listing.data)?, listing.next_cursor))
    };
    let (waiting, sides, next_cursor) = desk.store().read(read).await?;
    let frame = desk.frame("referrals", fault);
    let page = CasePage { frame, id: id.to_string(), waiting, sides, next_cursor };
    desk.page("referral_case", fault, &page)
}

fn sides(tx: &mut Tx<'_>, all: Vec<Full>) -> Result<Vec<Side>> {
    let others = all.iter().flat_map(|full| {
        let named = full.flags.iter().filter_map(|flag| flag.other_member_id);
        [full.referral.referrer_id, full.referral.referee_id].into_iter().chain(named)
    });
    let known = members::service::many::find_all(tx, &others.collect())?;
    let mut by_referrer: BTreeMap<MemberId, Vec<Friend>> = BTreeMap::new();
    for full in all {
        let Full { referral, flags, .. } = full;
        let friend = Friend {
            referral_id: referral.id.to_string(),
            person: person(tx, &known, referral.referee_id)?,
            state: referral.state,
            came_from: referral.came_from,
            joined_at: referral.joined_at,
            flags: flags
                .into_iter()
                .map(|flag| Against {
                    code: flag.code,
                    weight: flag.weight,
                    other_id: flag.other_member_id.map(|id| id.to_string()),
                    other: flag.other_member_id.map(|id| name(known.get(&id), id)),
                    cleared: flag.cleared_at.is_some(),
                })
                .collect(),
            appeal_reason: referral.appeal_reason.map(Reason::into_string),
            decision_reason: referral.decision_reason.map(Reason::into_string),
        };
        by_referrer.entry(referral.referrer_id).or_default().push(friend);
    }
    let side = |(id, friends)| Ok(Side { referrer: person(tx, &known, id)?, friends });
    by_referrer.into_iter().map(side).collect()
}

fn name(member: Option<&Member>, id: MemberId) -> String {
    member.and_then(Member::full_name).unwrap_or_else(|| id.to_string())
}

fn person(tx: &mut Tx<'_>, known: &HashMap<MemberId, Member>, id: MemberId) -> Result<Person> {
    let member = known.get(&id).ok_or(Refusal::not_found("member"))?;
    let (orders, brought) = service::standing_of(tx, id)?;
    Ok(Person {
        id: id.to_string(),
        name: name(Some(member), id),
        email: member.email.clone().unwrap_or_default(),
        status: member.status.to_string(),
        enrolled_at: member.enrolled_at,
        orders,
        brought,
    })
}

/// Why.
#[derive(Deserialize)]
pub struct Why {
    reason: String,
}

/// `POST /console/referrals/cases/{id}/approve`: all of it that waits.
pub async fn approve_all(Sent { desk, .. }: Sent<Nothing>) -> Answer {
    let (id, by) = (case(&desk)?, desk.caller());
    let done = desk.store().write(move |tx| service::approve_case(tx, id, &by)).await;
    after(&desk, done, "/console/referrals", "referrals_approved").await
}

/// `POST /console/referrals/cases/{id}/reject`: all of it that waits.
pub async fn reject_all(Sent { desk, form }: Sent<Why>) -> Answer {
    let (id, by) = (case(&desk)?, desk.caller());
    let done = async {
        let reason = field::<Reason>("/reason", &form.reason)?;
        desk.store().write(move |tx| service::reject_case(tx, id, &reason, &by)).await
    };
    after(&desk, done.await, "/console/referrals", "referrals_rejected").await
}

/// One of a case, and why.
#[derive(Deserialize)]
pub struct One {
    referral_id: String,
    #[serde(default)]
    reason: String,
}

fn one(form: &One) -> Result<ReferralId, Refusal> {
    form.referral_id.parse().map_err(|_| Refusal::not_found("referral"))
}

/// Sees to it that a referral belongs to the case on the page.
fn of_case(tx: &mut Tx<'_>, id: ReferralId, case: ReferralId) -> Result<()> {
    let is_its = service::get(tx, id)?.case_id == Some(case);
    if is_its { Ok(()) } else { Err(Refusal::not_found("referral").into()) }
}

/// `POST /console/referrals/cases/{id}/approve-one`
pub async fn approve_one(Sent { desk, form }: Sent<One>) -> Answer {
    let (case, id, by) = (case(&desk)?, one(&form)?, desk.caller());
    let approve = move |tx: &mut Tx<'_>| {
        of_case(tx, id, case)?;
        service::approve(tx, id, &by)
    };
    let done = desk.store().write(approve).await;
    after(&desk, done, &format!("/console/referrals/cases/{case}"), "referrals_approved").await
}

/// `POST /console/referrals/cases/{id}/reject-one`
pub async fn reject_one(Sent { desk, form }: Sent<One>) -> Answer {
    let (case, id, by) = (case(&desk)?, one(&form)?, desk.caller());
    let done = async {
        let reason = field::<Reason>("/reason", &form.reason)?;
        let reject = move |tx: &mut Tx<'_>| {
            of_case(tx, id, case)?;
            service::reject(tx, id, &reason, &by)
        };
        desk.store().write(reject).await
    };
    let to = format!("/console/referrals/cases/{case}");
    after(&desk, done.await, &to, "referrals_rejected").await
}

async fn after<T>(desk: &Desk, outcome: Result<T>, to: &str, done: &str) -> Answer {
    match refused(outcome)? {
        Ok(_) => Ok(see_other(&format!("{to}?done={done}"))),
        Err(refusal) => page(desk, Some(&refusal)).await,
    }
}
