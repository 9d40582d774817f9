//! The till: a voucher is looked up and used, once.

use serde::{Deserialize, Serialize};

use super::{
    desk::{Desk, Sent, field, refused},
    frame::Frame,
};
use crate::web::{pages::segment, visit::see_other};
use platform::{
    db::Tx,
    http::Answer,
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        locale::Reader,
        text::Line,
    },
};
use program::{
    members,
    redemptions::{self, Redemption, Voucher, api::vouchers::by_typed_code},
    rewards,
};

#[derive(Serialize)]
struct TillPage {
    #[serde(flatten)]
    frame: Frame,
    code: String,
    location: String,
    voucher: Option<Found>,
}

#[derive(Serialize)]
struct Found {
    code: String,
    state: String,
    reward: String,
    description: String,
    quantity: i64,
    member_id: String,
    member: String,
    expires_at: Timestamp,
    used_at: Option<Timestamp>,
    channel: Option<String>,
    location: Option<String>,
}

/// `GET /console/till?code=`
pub async fn show(desk: Desk) -> Answer {
    let code = desk.visit.parameter("code");
    let location = desk.visit.parameter("location");
    page(&desk, None, code, location).await
}

async fn page(desk: &Desk, fault: Option<Refusal>, code: String, location: String) -> Answer {
    let typed = code.trim().to_owned();
    let (voucher, unknown) = if typed.is_empty() {
        (None, None)
    } else {
        match refused(look_up(desk, &typed).await)? {
            Ok(found) => (Some(found), None),
            Err(refusal) => (None, Some(refusal)),
        }
    };
    let fault = fault.or(unknown);
    let frame = desk.frame("till", fault.as_ref());
    let page = TillPage { frame, code: code.trim().to_owned(), location, voucher };
    desk.page("till", fault.as_ref(), &page)
}

async fn look_up(desk: &Desk, typed: &str) -> Result<Found> {
    let look = async |code: String| {
        let reader = desk.visit.reader();
        let read = move |tx: &mut Tx<'_>| {
            let found = redemptions::service::by_code(tx, &code)?;
            told(tx, found, &reader)
        };
        desk.store().read(read).await
    };
    by_typed_code(&desk.visit.app, &desk.caller().label(), typed, look).await
}

fn told(
    tx: &mut Tx<'_>,
    (redemption, voucher): (Redemption, Voucher),
    reader: &Reader,
) -> Result<Found> {
    let member = members::service::get(tx, redemption.member_id)?;
    let reward = rewards::service::get(tx, redemption.reward_id)?;
    Ok(Found {
        code: voucher.shown(),
        state: voucher.state(tx.now).to_string(),
        reward: reward.name(reader),
        description: reward.description(reader),
        quantity: redemption.quantity,
        member_id: member.id.to_string(),
        member: member.full_name().unwrap_or_else(|| member.id.to_string()),
        expires_at: voucher.expires_at,
        used_at: voucher.used_at,
        channel: voucher.channel,
        location: voucher.location,
    })
}

/// A code to be used, and where.
#[derive(Deserialize)]
pub struct UseCode {
    code: String,
    #[serde(default)]
    location: String,
}

/// `POST /console/till/use`
pub async fn use_once(Sent { desk, form }: Sent<UseCode>) -> Answer {
    let UseCode { code, location } = form;
    match refused(used(&desk, &code, &location).await)? {
        Ok(()) => {
            let (code, location) = (segment(&code), segment(&location));
            let till = format!("/console/till?code={code}&location={location}&done=voucher_used");
            Ok(see_other(&till))
        }
        Err(refusal) => page(&desk, Some(refusal), code, location).await,
    }
}

async fn used(desk: &Desk, typed: &str, location: &str) -> Result<()> {
    let place: Option<Line<200>> = match location.trim() {
        "" => None,
        text => Some(field("/location", text)?),
    };
    let use_it = async |code: String| {
        let use_it = move |tx: &mut Tx<'_>| {
            let place = place.as_ref().map(Line::as_str);
            redemptions::service::use_once(tx, &code, Some("till"), place).map(drop)
        };
        desk.store().write(use_it).await
    };
    by_typed_code(&desk.visit.app, &desk.caller().label(), typed, use_it).await
}
