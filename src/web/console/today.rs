//! Today: what waits for somebody's hand.

use serde::{Deserialize, Serialize};

use super::{
    desk::{Desk, Sent, refused},
    frame::Frame,
    perks,
};
use crate::{
    db::Tx,
    http::Answer,
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::RedemptionId,
        page::Page,
        text::Reason,
    },
    program::{
        members,
        redemptions::{self, Redemption, RedemptionState},
        rewards,
    },
    web::visit::{Nothing, see_other},
};

/// How many of a kind are shown; the rest is behind a link.
const SHOWN: i64 = 50;

#[derive(Serialize)]
struct TodayPage {
    #[serde(flatten)]
    frame: Frame,
    now: Timestamp,
    to_approve: Vec<perks::Line>,
    to_hand_over: Vec<Waiting>,
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
    let read = move |tx: &mut Tx<'_>| {
        let placed = Some(RedemptionState::Placed);
        let mut rows = redemptions::service::list(tx, None, placed, &Page::first(SHOWN))?;
        rows.retain(|row| row.state_at(tx.now) == RedemptionState::Placed);
        // what waits longest comes first
        rows.reverse();
        let to_hand_over = rows.iter().map(|row| waiting(tx, row)).collect::<Result<Vec<_>>>()?;
        Ok((to_hand_over, perks::waiting(tx, &who)?))
    };
    let (mut to_hand_over, to_approve) = desk.store().read(read).await?;
    let most = usize::try_from(SHOWN).unwrap_or(usize::MAX);
    let there_are_more = to_hand_over.len() > most;
    to_hand_over.truncate(most);
    let frame = desk.frame("today", fault);
    let page = TodayPage { frame, now: desk.now(), to_approve, to_hand_over, there_are_more };
    desk.page("today", fault, &page)
}

fn waiting(tx: &mut Tx<'_>, row: &Redemption) -> Result<Waiting> {
    let member = members::service::get(tx, row.member_id)?;
    let reward = rewards::service::get(tx, row.reward_id)?;
    Ok(Waiting {
        id: row.id.to_string(),
        member_id: member.id.to_string(),
        member: member.full_name().unwrap_or_else(|| member.id.to_string()),
        reward: reward.fields.name.into_string(),
        quantity: row.quantity,
        placed_at: row.placed_at,
        expires_at: row.expires_at,
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
    let (id, by) = (id(&desk)?, desk.caller());
    let reason: Result<Reason, _> =
        form.reason.parse().map_err(|why| Refusal::field("/reason", format!("{why}")));
    let done = match reason {
        Ok(reason) => {
            let cancel = move |tx: &mut Tx<'_>| {
                redemptions::service::cancel(tx, id, Some(reason.as_str()), &by)
            };
            refused(desk.store().write(cancel).await)?
        }
        Err(refusal) => Err(refusal),
    };
    match done {
        Ok(redemption) => {
            let member = redemption.member_id;
            Ok(see_other(&format!("/console/members/{member}?done=redemption_cancelled")))
        }
        Err(refusal) => page(&desk, Some(&refusal)).await,
    }
}
