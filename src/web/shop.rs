//! The storefront of the demo: its home, redeeming, and the member's points.

use actix_web::{HttpResponse, http::StatusCode};
use serde::Deserialize;

use super::{
    cards,
    pages::{MemberHome, Notice, PointsPage, RewardCard, Shell, ShopPage},
    posted::Posted,
    visit::{Visit, html, see_other},
};
use platform::{
    auth::Caller,
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        error::{Error, Refusal, Result},
        id::RedemptionId,
        locale::Language,
        zone::Zone,
    },
    settings::Settings,
};
use program::{
    due,
    ledger::{self, Settled},
    members::Member,
    redemptions::{self, service::Ask},
    referrals::codes::{self, COOKIE},
};

/// How many entries the home shows.
const ENTRIES: i64 = 5;

/// `GET /`
pub async fn home(visit: Visit) -> Answer {
    // letters lead here by `storefront_url`, as they would to any shop
    let redemption = visit.parameter("redemption");
    if let Ok(redemption) = redemption.parse::<RedemptionId>() {
        return Ok(see_other(&format!("/redemptions/{redemption}")));
    }
    let notice = visit.shell().notice;
    home_with(&visit, StatusCode::OK, notice, String::new()).await
}

/// The home, after something went well or not; `email`: what a failed sign-in had typed.
pub async fn home_with(
    visit: &Visit,
    status: StatusCode,
    notice: Option<Notice>,
    email: String,
) -> Answer {
    let member = visit.visitor.as_ref().map(|(member, _)| member.clone());
    let (settings, language, reader) = (visit.settings.clone(), visit.language, visit.reader());
    let program = cards::program(&settings);
    let store = visit.store();
    let (rewards, customers, home) = match member {
        None => {
            let rewards = store.read(move |tx| cards::rewards(tx, &reader)).await?;
            (rewards, cards::customers(store).await?, None)
        }
        Some(member) => {
            let theirs = move |tx: &mut Tx<'_>, of: Settled<'_>| {
                of_member(tx, of, &member, &settings, language)
            };
            let (rewards, home) = due::read(store, visit.member()?, theirs).await?;
            (rewards, Vec::new(), Some(home))
        }
    };
    let (refused, notice) = match notice {
        Some(notice) if notice.is_of_sign_in() => (Some(notice), None),
        notice => (None, notice),
    };
    let shell = Shell { notice, ..visit.shell() };
    let invited = home.is_none() && visit.cookie(COOKIE).is_some();
    let page = ShopPage { shell, program, rewards, customers, email, refused, invited, home };
    html(status, visit.pages.render_shop(&page))
}

fn of_member(
    tx: &mut Tx<'_>,
    of: Settled<'_>,
    member: &Member,
    settings: &Settings,
    language: Language,
) -> Result<(Vec<RewardCard>, MemberHome)> {
    let entries = ledger::entries(tx, of, None, ENTRIES)?;
    let (zone, reader) = (&settings.time_zone, member.reader(&settings.locale));
    let home = MemberHome {
        balance: cards::balance(tx, of)?,
        entries: entries.into_iter().map(|entry| cards::entry(entry, language, zone)).collect(),
        redemptions: cards::redemptions(tx, of, &reader)?,
        referral: cards::referral(&codes::sharing(tx, member.id)?)?,
    };
    Ok((cards::offers(tx, of, &reader, zone)?, home))
}

/// The form of a reward's card.
#[derive(Deserialize)]
pub struct Redeem {
    reward_id: String,
    attempt: String,
    /// What the card said that it costs.
    #[serde(default)]
    points: Option<i64>,
}

/// `POST /redeem`: once for each attempt, however often its button is pressed.
pub async fn redeem(Posted { visit, form }: Posted<Redeem>) -> Answer {
    let ask = Ask {
        member_id: visit.member()?,
        reward_id: form.reward_id.parse().map_err(|_| Refusal::not_found("reward"))?,
        quantity: 1,
        order_ref: Some(order_ref("web", &form.attempt)?),
        channel: Some("web".to_owned()),
        max_points: form.points,
    };
    match place(&visit, ask, visit.caller()?).await {
        Ok(answer) => Ok(answer),
        Err(Error::Refused(refusal)) => match Notice::of(&refusal) {
            // somebody may have been quicker: the visit is begun again to show what is left
            Some(notice) => {
                home_with(&visit, StatusCode::CONFLICT, Some(notice), String::new()).await
            }
            None => Err(refusal.into()),
        },
        Err(error) => Err(error.into()),
    }
}

async fn place(visit: &Visit, ask: Ask, by: Caller) -> Result<HttpResponse> {
    let (placed, _) =
        visit.store().write(move |tx| redemptions::service::redeem(tx, &ask, &by)).await?;
    Ok(see_other(&format!("/redemptions/{}?fresh", placed.id)))
}

/// What makes pressing a button twice one redemption.
pub(super) fn order_ref(channel: &str, attempt: &str) -> Result<String, Refusal> {
    let plain = attempt.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if plain && (1..=64).contains(&attempt.len()) {
        Ok(format!("{channel}-{attempt}"))
    } else {
        Err(Refusal::field("/attempt", "is none of this page"))
    }
}

/// `GET /points`
pub async fn points(visit: Visit) -> Answer {
    let member = visit.member()?;
    let page = Query::parse(visit.query(), &["cursor"])?.page()?;
    let before = page.after::<i64>()?;
    let (language, zone): (Language, Zone) = (visit.language, visit.settings.time_zone.clone());
    let read = move |tx: &mut Tx<'_>, of: Settled<'_>| {
        let rows = ledger::entries(tx, of, before, page.rows())?;
        let show = |entry| cards::entry(entry, language, &zone);
        let entries = page.cut(rows, |entry| entry.seq.to_string(), show);
        Ok((cards::balance(tx, of)?, entries))
    };
    let (balance, entries) = due::read(visit.store(), member, read).await?;
    let page = PointsPage {
        shell: visit.shell(),
        balance,
        entries: entries.data,
        later_page: before.is_some(),
        next_cursor: entries.next_cursor,
    };
    html(StatusCode::OK, visit.pages.render_points(&page))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_short_and_plain() {
        assert_eq!(order_ref("web", "7KQ2M9XA4T"), Ok("web-7KQ2M9XA4T".to_owned()));
        for bad in ["", "a b", "a\nb", "é", &"x".repeat(65)] {
            assert!(order_ref("web", bad).is_err(), "{bad}");
        }
    }
}
