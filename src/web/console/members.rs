//! Members: found by name, e-mail or the shop's own number.

use actix_web::HttpResponse;
use serde::Serialize;

use super::{desk::Desk, frame::Frame};
use crate::{
    db::Tx,
    http::{Answer, query::Query, streams::Pieces},
    kernel::{
        clock::Timestamp,
        csv::{guarded, record},
        error::Result,
        id::MemberId,
    },
    program::members::{self, Member},
    web::visit::see_other,
};

/// The columns of the file.
const COLUMNS: [&str; 7] = ["id", "name", "email", "external_id", "tier", "status", "enrolled_at"];
/// How many rows of it are read at a time.
const ROWS_A_PIECE: i64 = 500;

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

fn sought(q: &str) -> Option<String> {
    Some(q.trim().to_owned()).filter(|q| !q.is_empty())
}

/// `GET /console/members?q=&cursor=`
pub async fn list(desk: Desk) -> Answer {
    let query = Query::parse(desk.visit.query(), &["q", "cursor", "done"])?;
    let q = query.text("q").unwrap_or_default().trim().to_owned();
    let page = query.page()?;
    let after = page.after::<MemberId>()?;
    // a number that is read out or scanned leads straight there
    let code = q.to_uppercase();
    let (words, rows) = (sought(&q), page.rows());
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

/// `GET /console/members.csv?q=`: the same list, whole, for a spreadsheet.
pub async fn csv(desk: Desk) -> Answer {
    let query = Query::parse(desk.visit.query(), &["q"])?;
    let words = sought(query.text("q").unwrap_or_default());
    let place = desk.visit.app.streams.enter(&desk.caller())?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8; header=present")
        .insert_header(("content-disposition", "attachment; filename=\"members.csv\""))
        .body(place.tell(Rows { words, next: Next::Header })))
}

/// The rows of the file, some at a time.
struct Rows {
    words: Option<String>,
    next: Next,
}

enum Next {
    Header,
    After(MemberId),
    Nothing,
}

impl Pieces for Rows {
    fn next(&mut self, tx: &mut Tx<'_>) -> Result<Option<Vec<u8>>> {
        let mut out = Vec::new();
        let after = match self.next {
            Next::Nothing => return Ok(None),
            Next::After(member) => Some(member),
            Next::Header => {
                record(&mut out, &COLUMNS)?;
                None
            }
        };
        let found = members::service::list(tx, self.words.as_deref(), None, after, ROWS_A_PIECE)?;
        self.next = found.last().map_or(Next::Nothing, |last| Next::After(last.id));
        for line in found.into_iter().map(Line::from) {
            let at = line.enrolled_at.to_string();
            let [id, name, email, number] =
                [line.id, line.name, line.email, line.external_id].map(|text| guarded(&text));
            record(&mut out, &[id, name, email, number, guarded(&line.tier), line.status, at])?;
        }
        Ok(Some(out).filter(|out| !out.is_empty()))
    }
}
