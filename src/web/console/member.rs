//! One member: points and what happened, and what staff can do for them.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    desk::{Desk, Sent, field, refused},
    frame::Frame,
    member_heard::Heard,
    member_mail::Reach,
    occasions,
    perks::{self, Line},
};
use crate::web::{
    cards,
    pages::{BalanceCard, EntryLine, RedemptionCard},
    shop::order_ref,
    visit::see_other,
};
use platform::{
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::MemberId,
        locale::Reader,
        page::Page,
        points::Change,
        text::Reason,
    },
    messaging::log::{self, Sought, Written},
};
use program::{
    due,
    ledger::{self, Hold, Settled},
    members::{self, Member, MemberStatus},
    occasions::service::MemberDay,
    orders,
    points::service::grant::{self, Grant, GrantKind},
    redemptions::{self, service::Ask},
};

/// How many orders, holds and letters the page shows.
const ROWS: i64 = 10;

#[derive(Serialize)]
struct MemberPage {
    #[serde(flatten)]
    frame: Frame,
    member: Person,
    balance: BalanceCard,
    entries: Vec<EntryLine>,
    next_cursor: Option<String>,
    later_page: bool,
    redemptions: Vec<RedemptionCard>,
    orders: Vec<OrderLine>,
    /// What they can have now.
    rewards: Vec<Choice>,
    perks: Vec<Line>,
    holds: Vec<HoldLine>,
    letters: Vec<Written>,
    reach: Reach,
    heard: Heard,
    /// Their days of the next year.
    days: Vec<MemberDay>,
    /// What a form that was refused had in it.
    typed: Typed,
    attempt: String,
}

#[derive(Serialize)]
struct Person {
    id: String,
    name: String,
    email: Option<String>,
    tier: String,
    status: String,
    referral_code: String,
    locale: String,
    birthday: Option<String>,
    external_id: Option<String>,
    enrolled_at: Timestamp,
}

impl From<Member> for Person {
    fn from(member: Member) -> Self {
        Self {
            id: member.id.to_string(),
            name: member.full_name().unwrap_or_else(|| member.id.to_string()),
            email: member.email,
            tier: member.tier,
            status: member.status.to_string(),
            referral_code: member.referral_code,
            locale: member.locale.to_string(),
            birthday: member.birthday,
            external_id: member.external_id,
            enrolled_at: member.enrolled_at,
        }
    }
}

#[derive(Serialize)]
struct OrderLine {
    external_id: String,
    amount: i64,
    currency: String,
    state: String,
    earned: i64,
    placed_at: Timestamp,
}

#[derive(Serialize)]
struct HoldLine {
    order_ref: String,
    points: i64,
    placed_at: Timestamp,
    expires_at: Timestamp,
}

impl From<Hold> for HoldLine {
    fn from(hold: Hold) -> Self {
        let Hold { order_ref, points, placed_at, expires_at, .. } = hold;
        Self { order_ref, points, placed_at, expires_at }
    }
}

#[derive(Serialize)]
struct Choice {
    id: String,
    name: String,
    cost_points: i64,
}

/// What was typed into a form that was refused.
#[derive(Clone, Default, Serialize)]
pub struct Typed {
    points: String,
    reason: String,
    title: String,
    message: String,
    is_perk: bool,
}

impl Typed {
    /// Into the form of a perk.
    #[must_use]
    pub fn of(typed: &BTreeMap<String, String>) -> Self {
        let text = |name: &str| typed.get(name).cloned().unwrap_or_default();
        let [points, reason, title, message] = ["points", "reason", "title", "message"].map(text);
        Self { points, reason, title, message, is_perk: true }
    }
}

/// `GET /console/members/{id}`
pub async fn show(desk: Desk) -> Answer {
    page(&desk, None, Typed::default()).await
}

pub fn id(desk: &Desk) -> Result<MemberId, Refusal> {
    desk.visit.path("id").parse().map_err(|_| Refusal::not_found("member"))
}

fn written_to(member: MemberId) -> Sought {
    Sought { member: Some(member), state: None }
}

pub async fn page(desk: &Desk, fault: Option<&Refusal>, typed: Typed) -> Answer {
    let id = id(desk)?;
    let entries_page = match fault {
        None => Query::parse(desk.visit.query(), &["cursor", "done"])?.page()?,
        Some(_) => Page::first(20),
    };
    let before = entries_page.after::<i64>()?;
    let (language, zone) = (desk.visit.language, desk.visit.settings.time_zone.clone());
    let (frame, who) = (desk.frame("members", fault), desk.caller().label());
    let (reader, sender) = (desk.visit.reader(), desk.visit.settings.sender());
    let read = move |tx: &mut Tx<'_>, of: Settled<'_>| {
        let member = members::service::get(tx, id)?;
        let rows = ledger::entries(tx, of, before, entries_page.rows())?;
        let listing = entries_page.cut(
            rows,
            |entry| entry.seq.to_string(),
            |entry| cards::entry(entry, language, &zone),
        );
        let rewards = if member.status == MemberStatus::Active {
            choices(tx, of, &reader)?
        } else {
            Vec::new()
        };
        Ok(MemberPage {
            frame: frame.clone(),
            balance: cards::balance(tx, of)?,
            entries: listing.data,
            next_cursor: listing.next_cursor,
            later_page: before.is_some(),
            redemptions: cards::redemptions(tx, of, &reader)?,
            perks: perks::of_member(tx, id, &who)?,
            orders: orders_of(tx, id)?,
            holds: ledger::live_holds(tx, of, ROWS)?.into_iter().map(HoldLine::from).collect(),
            letters: log::list(tx, written_to(id), &Page::first(ROWS), &sender)?.data,
            reach: Reach::of(tx, &member)?,
            heard: Heard::of(tx, id)?,
            days: occasions::to_come(tx, id, language)?,
            rewards,
            typed: typed.clone(),
            attempt: platform::kernel::code::random(tx.chance(), 20),
            member: member.into(),
        })
    };
    let page = due::read(desk.store(), id, read).await?;
    desk.page("member", fault, &page)
}

fn choices(tx: &mut Tx<'_>, of: Settled<'_>, reader: &Reader) -> Result<Vec<Choice>> {
    let offers = redemptions::service::offers(tx, of)?.into_iter();
    let can_have = offers.filter(|offer| offer.reasons.is_empty()).map(|offer| offer.reward);
    Ok(can_have
        .map(|reward| Choice {
            id: reward.id.to_string(),
            name: reward.name(reader),
            cost_points: reward.fields.cost_points.get(),
        })
        .collect())
}

fn orders_of(tx: &mut Tx<'_>, member: MemberId) -> Result<Vec<OrderLine>> {
    let rows = orders::service::list(tx, Some(member), None, &Page::first(ROWS))?;
    let now = tx.now;
    let line = |order: orders::Order| OrderLine {
        amount: order.total.amount,
        currency: order.total.currency.to_string(),
        state: order.state(now).to_string(),
        earned: order.earned_points,
        placed_at: order.placed_at,
        external_id: order.external_id,
    };
    Ok(rows.into_iter().take(usize::try_from(ROWS).unwrap_or(10)).map(line).collect())
}

/// Points by hand, and why.
#[derive(Deserialize)]
pub struct Adjust {
    points: String,
    reason: String,
}

/// `POST /console/members/{id}/adjust`: as `POST /v1/members/{id}/entries` of kind `adjust`.
pub async fn adjust(Sent { desk, form }: Sent<Adjust>) -> Answer {
    let member = id(&desk)?;
    let (points, reason) = (form.points.clone(), form.reason.clone());
    let typed = Typed { points, reason, ..Typed::default() };
    match refused(adjusted(&desk, member, &form).await)? {
        Ok(()) => Ok(see_other(&format!("/console/members/{member}?done=adjusted"))),
        Err(refusal) => page(&desk, Some(&refusal), typed).await,
    }
}

async fn adjusted(desk: &Desk, member: MemberId, form: &Adjust) -> Result<()> {
    let points: i64 = form.points.trim().parse().unwrap_or_default();
    let points: Change = serde_json::from_value(points.into())
        .map_err(|why| Refusal::field("/points", why.to_string()))?;
    let grant = Grant {
        member,
        kind: GrantKind::Adjust,
        points: points.get(),
        reason: field::<Reason>("/reason", &form.reason)?.into_string(),
        source: None,
        available_at: None,
        expires_at: None,
        occurred_at: None,
        channel: Some("console".to_owned()),
    };
    let ask = (desk.caller(), grant);
    grant::may(&ask.0, &ask.1)?;
    let post = move |tx: &mut Tx<'_>| {
        let answer = grant::post_all(tx, std::slice::from_ref(&ask))?.pop();
        answer.ok_or_else(|| Error::internal("a gift without an answer"))?.map_err(Error::from)
    };
    desk.store().write(post).await.map(drop)
}

/// A reward for somebody who stands there.
#[derive(Deserialize)]
pub struct Redeem {
    reward_id: String,
    attempt: String,
}

/// `POST /console/members/{id}/redeem`: once for each attempt.
pub async fn redeem(Sent { desk, form }: Sent<Redeem>) -> Answer {
    let member = id(&desk)?;
    let ask = Ask {
        member_id: member,
        reward_id: form.reward_id.parse().map_err(|_| Refusal::not_found("reward"))?,
        quantity: 1,
        order_ref: Some(order_ref("console", &form.attempt)?),
        channel: Some("console".to_owned()),
        max_points: None,
    };
    let by = desk.caller();
    let placed = desk.store().write(move |tx| redemptions::service::redeem(tx, &ask, &by)).await;
    match refused(placed)? {
        Ok((redemption, _)) => {
            let voucher = redemption.voucher.map(|voucher| voucher.shown());
            Ok(see_other(&match voucher {
                Some(code) => format!("/console/till?code={code}&done=redeemed"),
                None => format!("/console/members/{member}?done=redeemed"),
            }))
        }
        Err(refusal) => page(&desk, Some(&refusal), Typed::default()).await,
    }
}

/// Whether a member is suspended from now on, and why.
#[derive(Deserialize)]
pub struct SetStatus {
    status: String,
    reason: String,
}

/// `POST /console/members/{id}/status`
pub async fn set_status(Sent { desk, form }: Sent<SetStatus>) -> Answer {
    let member = id(&desk)?;
    match refused(changed(&desk, member, &form).await)? {
        Ok(now) => {
            let done =
                if now.status == MemberStatus::Suspended { "suspended" } else { "reinstated" };
            Ok(see_other(&format!("/console/members/{member}?done={done}")))
        }
        Err(refusal) => {
            let typed = Typed { reason: form.reason, ..Typed::default() };
            page(&desk, Some(&refusal), typed).await
        }
    }
}

async fn changed(desk: &Desk, member: MemberId, form: &SetStatus) -> Result<Member> {
    let (by, reason) = (desk.caller(), field::<Reason>("/reason", &form.reason)?);
    let change = match form.status.as_str() {
        "suspended" => members::service::suspend,
        _ => members::service::reinstate,
    };
    desk.store().write(move |tx| change(tx, member, &by, &reason)).await
}
