//! Referrals: what waits for a person, and all of them.

use serde::Serialize;

use super::{
    desk::Desk,
    frame::Frame,
    sheet::{self, cell},
    today::names,
};
use platform::{
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, ReferralId},
        page::{Listing, Page},
    },
};
use program::{
    period::Span,
    referrals::{
        ReferralState,
        service::{self, Full, Moment, Sought, Waiting},
    },
};

/// How many cases the page shows, and Today counts.
const CASES: i64 = 50;
/// What a list may be asked for by.
const PARAMETERS: [&str; 8] =
    ["state", "referrer_id", "when", "from", "to", "time_zone", "cursor", "done"];

/// A referral, for a person.
#[derive(Serialize)]
pub struct Line {
    pub id: String,
    pub case_id: Option<String>,
    pub referrer_id: String,
    pub referrer: String,
    pub referee_id: String,
    pub referee: String,
    pub state: ReferralState,
    pub joined_at: Timestamp,
    pub points: i64,
}

#[derive(Serialize)]
struct Case {
    id: String,
    referrals: i64,
    referrers: i64,
}

#[derive(Serialize)]
struct ReferralsPage {
    #[serde(flatten)]
    frame: Frame,
    cases: Vec<Case>,
    state: String,
    states: Vec<&'static str>,
    /// The query without state and cursor, to go on with.
    rest: String,
    referrals: Vec<Line>,
    next_cursor: Option<String>,
}

/// Cases that wait.
pub fn waiting(tx: &mut Tx<'_>) -> Result<Vec<Waiting>> {
    Ok(service::cases(tx, &Page::first(CASES))?.data)
}

fn lines(tx: &mut Tx<'_>, all: Vec<Full>) -> Result<Vec<Line>> {
    let both = |full: &Full| [full.referral.referrer_id, full.referral.referee_id];
    let names = names(tx, all.iter().flat_map(both))?;
    let name = |id: MemberId| names.get(&id).cloned().unwrap_or_default();
    let line = |Full { referral, payouts, .. }: Full| Line {
        referrer: name(referral.referrer_id),
        referee: name(referral.referee_id),
        id: referral.id.to_string(),
        case_id: referral
            .case_id
            .filter(|_| referral.state == ReferralState::Flagged)
            .map(|id| id.to_string()),
        referrer_id: referral.referrer_id.to_string(),
        referee_id: referral.referee_id.to_string(),
        state: referral.state,
        joined_at: referral.joined_at,
        points: payouts.iter().filter(|one| one.reversed_at.is_none()).map(|one| one.points).sum(),
    };
    Ok(all.into_iter().map(line).collect())
}

/// What of the query is asked for; whether by a moment, and within which dates.
fn sought(query: &Query) -> Result<(Sought, Option<(Moment, Span)>)> {
    let set = |name: &str| query.text(name).is_some_and(|text| !text.is_empty());
    let sought = Sought {
        state: if set("state") { query.get("state")? } else { None },
        referrer: if set("referrer_id") { query.get("referrer_id")? } else { None },
        ..Sought::default()
    };
    let when = if set("when") { query.get::<Moment>("when")? } else { None };
    let span = Span::read(query)?;
    Ok((sought, when.map(|when| (when, span))))
}

fn read(
    tx: &mut Tx<'_>,
    mut sought: Sought,
    within: Option<(Moment, Span)>,
    page: &Page,
) -> Result<Listing<Line>> {
    if let Some((when, span)) = within {
        sought.within = Some((when, span.period(tx)?.instants()));
    }
    let Listing { data, next_cursor } = service::list(tx, &sought, page)?;
    Ok(Listing { data: lines(tx, data)?, next_cursor })
}

/// `GET /console/referrals?state=&referrer_id=&when=&from=&to=&cursor=`
pub async fn list(desk: Desk) -> Answer {
    let query = Query::parse(desk.visit.query(), &PARAMETERS)?;
    let page = query.page()?;
    let (sought, within) = sought(&query)?;
    let work = move |tx: &mut Tx<'_>| Ok((waiting(tx)?, read(tx, sought, within, &page)?));
    let (cases, listing) = desk.store().read(work).await?;
    let shown = |waiting: Waiting| {
        let id: ReferralId = waiting.case_id?;
        Some(Case {
            id: id.to_string(),
            referrals: waiting.referrals,
            referrers: waiting.referrers,
        })
    };
    let kept = ["referrer_id", "when", "from", "to", "time_zone"].into_iter().filter_map(|name| {
        let value = query.text(name).filter(|value| !value.is_empty())?;
        Some(format!("&{name}={}", crate::web::pages::segment(value)))
    });
    let page = ReferralsPage {
        frame: desk.frame("referrals", None),
        cases: cases.into_iter().filter_map(shown).collect(),
        state: query.text("state").unwrap_or_default().to_owned(),
        states: ReferralState::ALL.iter().map(|state| state.as_str()).collect(),
        rest: kept.collect(),
        referrals: listing.data,
        next_cursor: listing.next_cursor,
    };
    desk.page("referrals", None, &page)
}

/// `GET /console/referrals.csv?…`
pub async fn csv(desk: Desk) -> Answer {
    let query = Query::parse(desk.visit.query(), &PARAMETERS)?;
    let (sought, within) = sought(&query)?;
    let columns = [
        "id",
        "referrer_id",
        "referrer",
        "referee_id",
        "referee",
        "state",
        "joined_at",
        "points",
        "case_id",
    ];
    sheet::file(&desk, "referrals", columns, move |tx, page| {
        let listing = read(tx, sought, within.clone(), page)?;
        Ok(listing.map(|line| {
            [
                line.id,
                line.referrer_id,
                line.referrer,
                line.referee_id,
                line.referee,
                line.state.to_string(),
                line.joined_at.to_string(),
                line.points.to_string(),
                cell(line.case_id),
            ]
        }))
    })
}
