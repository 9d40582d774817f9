//! Members: found by name, e-mail or the shop's own number.

use serde::Serialize;

use super::{desk::Desk, frame::Frame, sheet};
use crate::web::visit::see_other;
use platform::{
    db::Tx,
    http::{Answer, query::Query},
    kernel::{clock::Timestamp, error::Refusal, id::MemberId, text::Line as TextLine},
};
use program::members::{self, Member};

#[derive(Serialize)]
struct MembersPage {
    #[serde(flatten)]
    frame: Frame,
    q: String,
    members: Vec<Line>,
    next_cursor: Option<String>,
    later_page: bool,
}

#[derive(Serialize)]
struct Line {
    id: String,
    name: String,
    email: String,
    external_id: String,
    tier: String,
    status: String,
    enrolled_at: Timestamp,
}

impl From<Member> for Line {
    fn from(member: Member) -> Self {
        Self {
            id: member.id.to_string(),
            name: member.full_name().unwrap_or_default(),
            email: member.email.unwrap_or_default(),
            external_id: member.external_id.unwrap_or_default(),
            tier: member.tier,
            status: member.status.to_string(),
            enrolled_at: member.enrolled_at,
        }
    }
}

/// What is looked for; an empty field looks for nothing.
fn sought(query: &Query) -> Result<Option<String>, Refusal> {
    let is_empty = query.text("q").is_none_or(|q| q.trim().is_empty());
    let words = if is_empty { None } else { query.get::<TextLine<100>>("q")? };
    Ok(words.map(TextLine::into_string))
}

/// `GET /console/members?q=&cursor=`
pub async fn list(desk: Desk) -> Answer {
    let query = Query::parse(desk.visit.query(), &["q", "cursor", "done"])?;
    let words = sought(&query)?;
    let q = words.clone().unwrap_or_default();
    let page = query.page()?;
    let after = page.after::<MemberId>()?;
    // a number that is read out or scanned leads straight there
    let code = q.to_uppercase();
    let rows = page.rows();
    let read = move |tx: &mut Tx<'_>| {
        let by_code = members::service::find_by_referral_code(tx, &code)?;
        let found = members::service::list(tx, words.as_deref(), None, after, rows)?;
        Ok((by_code, found))
    };
    let (by_code, found) = desk.store().read(read).await?;
    if let Some(member) = by_code {
        return Ok(see_other(&format!("/console/members/{}", member.id)));
    }
    let listing = page.cut(found, |member| member.id.to_string(), Line::from);
    let page = MembersPage {
        frame: desk.frame("members", None),
        q,
        members: listing.data,
        next_cursor: listing.next_cursor,
        later_page: after.is_some(),
    };
    desk.page("members", None, &page)
}

/// `GET /console/members.csv?q=`
pub async fn csv(desk: Desk) -> Answer {
    let query = Query::parse(desk.visit.query(), &["q"])?;
    let words = sought(&query)?;
    let columns = ["id", "name", "email", "external_id", "tier", "status", "enrolled_at"];
    sheet::file(&desk, "members", columns, move |tx, page| {
        let after = page.after::<MemberId>()?;
        let rows = members::service::list(tx, words.as_deref(), None, after, page.rows())?;
        let listing = page.cut(rows, |member| member.id.to_string(), Line::from);
        Ok(listing.map(|line| {
            let Line { id, name, email, external_id, tier, status, enrolled_at } = line;
            [id, name, email, external_id, tier, status, enrolled_at.to_string()]
        }))
    })
}
