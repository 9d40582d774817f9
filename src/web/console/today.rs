//! Today: what waits for somebody's hand.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use super::{
    desk::{Desk, Sent, field, refused},
    frame::Frame,
    perks, referrals,
    sheet::{self, cell},
};
use crate::web::{posted::Nothing, visit::see_other};
use platform::{
    auth::users,
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::{MemberId, RedemptionId, UserId},
        locale::Reader,
        text::Reason,
    },
};
use program::{
    members::{self, Member},
    redemptions::{self, Redemption, RedemptionState},
    rewards,
};

/// How many of a kind are shown; the rest comes up as these are done.
const SHOWN: i64 = 50;

#[derive(Serialize)]
struct TodayPage {
    #[serde(flatten)]
    frame: Frame,
    now: Timestamp,
    to_approve: Vec<perks::Line>,
    to_hand_over: Vec<Waiting>,
    /// Cases of referrals that wait for a decision.
    cases: usize,
    there_are_more: bool,
}

/// A redemption that waits to be handed over.
#[derive(Serialize)]
pub(super) struct Waiting {
    pub id: String,
    pub member_id: String,
    pub member: String,
    pub reward: String,
    pub quantity: i64,
    pub placed_at: Timestamp,
    pub expires_at: Option<Timestamp>,
}

/// `GET /console`
pub async fn show(desk: Desk) -> Answer {
    page(&desk, None).await
}

async fn page(desk: &Desk, fault: Option<&Refusal>) -> Answer {
    let who = desk.caller().label();
    let reader = desk.visit.reader();
    let read = move |tx: &mut Tx<'_>| {
        // one more tells whether there are more
        let rows = redemptions::service::waiting(tx, SHOWN + 1)?;
        let cases = referrals::waiting(tx)?.len();
        Ok((waiting(tx, &rows, &reader)?, perks::waiting(tx, &who)?, cases))
    };
    let (mut to_hand_over, to_approve, cases) = desk.store().read(read).await?;
    let most = usize::try_from(SHOWN).unwrap_or(usize::MAX);
    let there_are_more = to_hand_over.len() > most;
    to_hand_over.truncate(most);
    let frame = desk.frame("today", fault);
    let page =
        TodayPage { frame, now: desk.now(), to_approve, to_hand_over, cases, there_are_more };
    desk.page("today", fault, &page)
}

fn waiting(tx: &mut Tx<'_>, rows: &[Redemption], reader: &Reader) -> Result<Vec<Waiting>> {
    let names = names(tx, rows.iter().map(|row| row.member_id))?;
    let rewards = rows.iter().map(|row| row.reward_id).collect();
    let rewards = rewards::service::find_all(tx, &rewards)?;
    let line = |row: &Redemption| Waiting {
        id: row.id.to_string(),
        member_id: row.member_id.to_string(),
        member: names.get(&row.member_id).cloned().unwrap_or_default(),
        reward: rewards.get(&row.reward_id).map(|one| one.name(reader)).unwrap_or_default(),
        quantity: row.left(),
        placed_at: row.placed_at,
        expires_at: row.expires_at,
    };
    Ok(rows.iter().map(line).collect())
}

/// What members are called; an erased one by its id.
pub(super) fn names(
    tx: &mut Tx<'_>,
    members: impl Iterator<Item = MemberId>,
) -> Result<HashMap<MemberId, String>> {
    let found = members::service::many::find_all(tx, &members.collect())?;
    let name = |member: &Member| member.full_name().unwrap_or_else(|| member.id.to_string());
    Ok(found.into_iter().map(|(id, member)| (id, name(&member))).collect())
}

/// What staff are called, by the labels that they act under; one who was removed is not among them.
pub(super) fn staff_names<'a>(
    tx: &mut Tx<'_>,
    actors: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, String>> {
    let ids: BTreeSet<UserId> = actors.filter_map(|actor| actor.parse().ok()).collect();
    let mut names = HashMap::new();
    for id in ids {
        match users::get(tx, id) {
            Ok(user) => drop(names.insert(id.to_string(), user.name.to_string())),
            Err(Error::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(names)
}

/// `GET /console/redemptions.csv?state=`
pub async fn csv(desk: Desk) -> Answer {
    let query = Query::parse(desk.visit.query(), &["state"])?;
    let state = match query.text("state") {
        None | Some("") => None,
        Some(_) => query.get::<RedemptionState>("state")?,
    };
    let columns = [
        "id",
        "member_id",
        "member",
        "reward_id",
        "reward",
        "quantity",
        "points",
        "state",
        "placed_at",
        "expires_at",
    ];
    let reader = desk.visit.reader();
    sheet::file(&desk, "redemptions", columns, move |tx, page| {
        let rows = redemptions::service::list(tx, None, state, page)?;
        let told = waiting(tx, &rows, &reader)?;
        let rows: Vec<_> = rows.into_iter().zip(told).collect();
        let row = |(row, told): (Redemption, Waiting)| {
            [
                told.id,
                told.member_id,
                told.member,
                row.reward_id.to_string(),
                told.reward,
                told.quantity.to_string(),
                row.points.to_string(),
                row.state.to_string(),
                told.placed_at.to_string(),
                cell(told.expires_at),
            ]
        };
        Ok(page.cut(rows, |(row, _)| row.id.to_string(), row))
    })
}

fn id(desk: &Desk) -> Result<RedemptionId, Refusal> {
    desk.visit.path("id").parse().map_err(|_| Refusal::not_found("redemption"))
}

/// `POST /console/redemptions/{id}/fulfil`
pub async fn fulfil(Sent { desk, .. }: Sent<Nothing>) -> Answer {
    let id = id(&desk)?;
    let done = desk.store().write(move |tx| redemptions::service::fulfil(tx, id)).await;
    match refused(done)? {
        Ok(_) => Ok(see_other("/console?done=handed_over")),
        Err(refusal) => page(&desk, Some(&refusal)).await,
    }
}

/// Why a redemption is cancelled.
#[derive(Deserialize)]
pub struct Cancel {
    reason: String,
}

/// `POST /console/redemptions/{id}/cancel`
pub async fn cancel(Sent { desk, form }: Sent<Cancel>) -> Answer {
    match refused(cancelled(&desk, &form.reason).await)? {
        Ok(redemption) => {
            let member = redemption.member_id;
            Ok(see_other(&format!("/console/members/{member}?done=redemption_cancelled")))
        }
        Err(refusal) => page(&desk, Some(&refusal)).await,
    }
}

async fn cancelled(desk: &Desk, reason: &str) -> Result<Redemption> {
    let (id, by, reason) = (id(desk)?, desk.caller(), field::<Reason>("/reason", reason)?);
    let cancel =
        move |tx: &mut Tx<'_>| redemptions::service::cancel(tx, id, Some(reason.as_str()), &by);
    desk.store().write(cancel).await
}
