//! A member's friends, in the demo's shop: what it shares, whom it brought, and what is to come.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::StatusCode, http::header};
use serde::Deserialize;

use super::{
    cards,
    pages::{FriendLine, FriendsPage, LeaderLine, segment},
    posted::{Nothing, Posted},
    visit::{Visit, html, see_other},
};
use platform::{
    db::Tx,
    http::{Answer, limits::UNKNOWN_CODES, query::Query},
    kernel::{
        error::{Error, Refusal, Result},
        id::{MemberId, ReferralId},
        page::{Listing, Page},
        text::Reason,
    },
};
use program::{
    period::Period,
    referrals::{
        ReferralState,
        codes::{self, SharingChanges, VanityCode},
        letters,
        service::{self, Due, Full, Sought},
        stats,
    },
};

/// `GET /friends?cursor=`
pub async fn show(visit: Visit) -> Answer {
    page(&visit, None).await
}

async fn page(visit: &Visit, fault: Option<&Refusal>) -> Answer {
    let member = visit.member()?;
    let page = match fault {
        None => Query::parse(visit.query(), &["cursor", "notice"])?.page()?,
        Some(_) => Page::first(20),
    };
    service::advance_due(visit.store(), Due::Of(member)).await?;
    let shell = visit.shell();
    let fault = fault.map(ToString::to_string);
    let read = move |tx: &mut Tx<'_>| read(tx, member, &page);
    let (sharing, listing, own, may_claim, leaders) = visit.store().read(read).await?;
    let referral = cards::referral(&sharing)?;
    let page = FriendsPage {
        shell,
        program: cards::program(&visit.settings),
        referral,
        friends: listing.data,
        next_cursor: listing.next_cursor,
        own,
        may_claim,
        leaders,
        fault: fault.clone(),
    };
    let status = if fault.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    html(status, visit.pages.render_friends(&page))
}

type Read = (codes::Sharing, Listing<FriendLine>, Option<FriendLine>, bool, Vec<LeaderLine>);

fn read(tx: &mut Tx<'_>, member: MemberId, page: &Page) -> Result<Read> {
    let sharing = codes::sharing(tx, member)?;
    let sought = Sought { referrer: Some(member), ..Sought::default() };
    let Listing { data, next_cursor } = service::list(tx, &sought, page)?;
    let friends = data.into_iter().map(|full| line(full, member)).collect::<Result<_>>()?;
    let own = match service::of_referee(tx, member)? {
        Some(referral) => service::full(tx, vec![referral])?.pop(),
        None => None,
    };
    let may_claim = own.is_none() && service::may_claim(tx, member)?;
    let own = own.map(|full| line(full, member)).transpose()?;
    let period = Period::of(tx, None, None, None)?;
    let leaders = stats::leaderboard(tx, &period)?.into_iter().map(|leader| LeaderLine {
        is_own: leader.member_id == member,
        place: leader.place,
        name: leader.name,
        friends: leader.friends,
    });
    let leaders = leaders.collect();
    Ok((sharing, Listing { data: friends, next_cursor }, own, may_claim, leaders))
}

/// As `reader` sees it: what it gets, or got.
fn line(full: Full, reader: MemberId) -> Result<FriendLine> {
    let Full { referral, payouts, friend, .. } = full;
    let terms = referral.terms()?;
    let promised =
        if referral.referrer_id == reader { terms.referrer_points } else { terms.referee_points };
    let paid: i64 = payouts
        .iter()
        .filter(|one| one.member_id == reader && one.reversed_at.is_none())
        .map(|one| one.points)
        .sum();
    let points = if referral.state == ReferralState::Rewarded { paid } else { promised };
    let until = match referral.state {
        ReferralState::Joined => Some(referral.lapses_at),
        ReferralState::Qualified => referral.payable_at,
        _ => None,
    };
    Ok(FriendLine {
        id: referral.id.to_string(),
        name: friend,
        state: referral.state.to_string(),
        points,
        until,
        reason: referral.decision_reason.map(Reason::into_string),
        may_appeal: referral.state == ReferralState::Rejected && referral.appealed_at.is_none(),
    })
}

async fn after<T>(visit: &Visit, outcome: Result<T>) -> Answer {
    match outcome {
        Ok(_) => Ok(see_other("/friends?notice=saved")),
        Err(Error::Refused(refusal)) => page(visit, Some(&refusal)).await,
        Err(error) => Err(error.into()),
    }
}

/// `POST /friends/code`: as `PATCH /v1/members/{id}/referral-code`.
pub async fn choose(Posted { visit, form }: Posted<BTreeMap<String, String>>) -> Answer {
    let member = visit.member()?;
    let typed = form.get("vanity_code").map(|text| text.trim()).unwrap_or_default();
    let code = match typed {
        "" => Ok(None),
        text => text
            .parse::<VanityCode>()
            .map(Some)
            .map_err(|why| Error::from(Refusal::field("/vanity_code", why.to_string()))),
    };
    let on = form.get("on_leaderboard").is_some_and(|value| value == "true");
    let outcome = match code {
        Ok(code) => {
            let changes = SharingChanges { vanity_code: Some(code), on_leaderboard: Some(on) };
            visit.store().write(move |tx| codes::change(tx, member, &changes)).await
        }
        Err(error) => Err(error),
    };
    after(&visit, outcome).await
}

/// `POST /friends/share`: counts it, and leads to the mail program with the words.
pub async fn share(Posted { visit, .. }: Posted<Nothing>) -> Answer {
    let member = visit.member()?;
    let channel: codes::Channel =
        "mail".parse().map_err(|_| Error::internal("a channel that is none"))?;
    let share = move |tx: &mut Tx<'_>| {
        codes::note_share(tx, member, Some(&channel))?;
        letters::invitation(&codes::sharing(tx, member)?)
    };
    let words = visit.store().write(share).await?;
    let url = format!("mailto:?body={}", segment(&words));
    Ok(HttpResponse::SeeOther().insert_header((header::LOCATION, url)).finish())
}

/// Who told the member.
#[derive(Deserialize)]
pub struct Claim {
    referral_code: String,
}

/// `POST /friends/claim`: as `POST /v1/members/{id}/referral`.
pub async fn claim(Posted { visit, form }: Posted<Claim>) -> Answer {
    let member = visit.member()?;
    let (who, wall) = (member.to_string(), visit.store().clock().wall());
    visit.app.throttle.check(UNKNOWN_CODES, &who, wall)?;
    let claim = move |tx: &mut Tx<'_>| service::claim(tx, member, &form.referral_code);
    let outcome = visit.store().write(claim).await;
    if matches!(outcome, Err(Error::Refused(Refusal::Invalid { .. }))) {
        visit.app.throttle.count(UNKNOWN_CODES, &who, wall)?;
    }
    after(&visit, outcome).await
}

/// Why a member wants it looked at again.
#[derive(Deserialize)]
pub struct Appeal {
    reason: String,
}

/// `POST /friends/{id}/appeal`: as `POST /v1/referrals/{id}/appeal`.
pub async fn appeal(Posted { visit, form }: Posted<Appeal>) -> Answer {
    let member = visit.member()?;
    let id: ReferralId = visit.path("id").parse().map_err(|_| Refusal::not_found("referral"))?;
    let reason: Result<Reason, Refusal> =
        form.reason.parse().map_err(|why| Refusal::field("/reason", format!("{why}")));
    let outcome = match reason {
        Ok(reason) => {
            let appeal = move |tx: &mut Tx<'_>| {
                if service::get(tx, id)?.referrer_id != member {
                    return Err(Refusal::not_found("referral").into());
                }
                service::appeal(tx, id, &reason)
            };
            visit.store().write(appeal).await
        }
        Err(refusal) => Err(refusal.into()),
    };
    after(&visit, outcome).await
}
