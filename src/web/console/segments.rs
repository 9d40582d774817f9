//! Segments: who is in them now, who is not and why, and a form for conditions.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    condition_rows::{self, Rows},
    desk::{Desk, Sent, refused},
    frame::Frame,
    sheet,
};
use crate::web::visit::see_other;
use platform::{
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        error::{Refusal, Result},
        id::{MemberId, SegmentId},
        json,
        page::{Listing, Page},
        text::Email,
        version::Versions,
    },
};
use program::{
    conditions::{Field, Op, Verdict},
    members::{self, Member},
    segments::{
        NewSegment, SegmentChanges,
        service::{self, members as members_of},
    },
};

/// How many segments there are on the page, each counted.
const SHOWN: i64 = 50;

type Typed = BTreeMap<String, String>;

#[derive(Serialize)]
struct Line {
    id: String,
    name: String,
    count: i64,
}

#[derive(Serialize)]
struct SegmentsPage {
    #[serde(flatten)]
    frame: Frame,
    segments: Vec<Line>,
    next_cursor: Option<String>,
    later_page: bool,
    form: Rows,
    fields: Vec<&'static str>,
    ops: Vec<&'static str>,
    all_segments: Vec<(String, String)>,
}

/// `GET /console/segments?cursor=`
pub async fn list(desk: Desk) -> Answer {
    page(&desk, None, Rows::empty()).await
}

async fn page(desk: &Desk, fault: Option<&Refusal>, form: Rows) -> Answer {
    let query = match fault {
        None => Query::parse(desk.visit.query(), &["cursor", "done"])?,
        Some(_) => Query::default(),
    };
    let later_page = query.text("cursor").is_some();
    let asked = Page::new(SHOWN, query.text("cursor"))?;
    let read = move |tx: &mut Tx<'_>| {
        let Listing { data, next_cursor } = service::list(tx, &asked)?;
        let counted = |segment: program::segments::Segment| {
            let count = service::count(tx, segment.id)?.count;
            Ok(Line { id: segment.id.to_string(), name: segment.fields.name.to_string(), count })
        };
        let lines = data.into_iter().map(counted).collect::<Result<Vec<_>>>()?;
        Ok((lines, next_cursor, service::names(tx)?))
    };
    let (segments, next_cursor, names) = desk.store().read(read).await?;
    let page = SegmentsPage {
        frame: desk.frame("segments", fault),
        segments,
        next_cursor,
        later_page,
        form,
        fields: Field::ALL.iter().map(|field| field.as_str()).collect(),
        ops: Op::ALL.iter().map(|op| op.as_str()).collect(),
        all_segments: choices(names, None),
    };
    desk.page("segments", fault, &page)
}

fn choices(names: Vec<(SegmentId, String)>, but: Option<SegmentId>) -> Vec<(String, String)> {
    let others = names.into_iter().filter(|(id, _)| Some(*id) != but);
    others.map(|(id, name)| (id.to_string(), name)).collect()
}

/// `POST /console/segments`: as `POST /v1/segments`.
pub async fn add(Sent { desk, form: typed }: Sent<Typed>) -> Answer {
    desk.admin()?;
    let added = async {
        let fields: NewSegment = json::parse(condition_rows::body(&typed).to_string().as_bytes())?;
        desk.store().write(move |tx| service::add(tx, fields.clone())).await
    };
    match refused(added.await)? {
        Ok(segment) => Ok(see_other(&format!("/console/segments/{}?done=saved", segment.id))),
        Err(refusal) => page(&desk, Some(&refusal), Rows::typed(&typed)).await,
    }
}

/// A member, for a person.
#[derive(Serialize)]
struct MemberLine {
    id: String,
    name: String,
    email: String,
    tier: String,
}

impl From<Member> for MemberLine {
    fn from(member: Member) -> Self {
        Self {
            id: member.id.to_string(),
            name: member.full_name().unwrap_or_default(),
            email: member.email.unwrap_or_default(),
            tier: member.tier,
        }
    }
}

#[derive(Serialize)]
struct SegmentPage {
    #[serde(flatten)]
    frame: Frame,
    id: String,
    version: i64,
    name: String,
    count: i64,
    /// The conditions, a line each, with how deep they stand.
    tree: Vec<condition_rows::Told>,
    /// None for a tree that rows can't show.
    form: Option<Rows>,
    fields: Vec<&'static str>,
    ops: Vec<&'static str>,
    all_segments: Vec<(String, String)>,
    members: Vec<MemberLine>,
    next_cursor: Option<String>,
    later_page: bool,
    /// Whom it was asked about, and what came of it.
    who: String,
    asked: Option<(MemberLine, Verdict)>,
    nobody: bool,
}

fn id(desk: &Desk) -> Result<SegmentId, Refusal> {
    desk.visit.path("id").parse().map_err(|_| Refusal::not_found("segment"))
}

/// `GET /console/segments/{id}?cursor=&who=`
pub async fn show(desk: Desk) -> Answer {
    one(&desk, None, None).await
}

async fn one(desk: &Desk, fault: Option<&Refusal>, typed: Option<Rows>) -> Answer {
    let id = id(desk)?;
    let query = match fault {
        None => Query::parse(desk.visit.query(), &["cursor", "who", "done"])?,
        Some(_) => Query::default(),
    };
    let who = query.text("who").unwrap_or_default().trim().to_owned();
    let (asked, sought) = (query.page()?, who.clone());
    let read = move |tx: &mut Tx<'_>| {
        let segment = service::get(tx, id)?;
        let count = service::count(tx, id)?.count;
        let members = members_of(tx, id, &asked)?.map(MemberLine::from);
        let verdict = match find(tx, &sought)? {
            Some(member) => {
                let verdict = service::judge(tx, id, member.id)?;
                Some((MemberLine::from(member), verdict))
            }
            None => None,
        };
        Ok((segment, count, members, verdict, service::names(tx)?))
    };
    let (segment, count, members, asked, names) = desk.store().read(read).await?;
    let wanted = &segment.fields.wanted;
    let own = Rows::of(segment.fields.name.as_str(), wanted);
    let page = SegmentPage {
        frame: desk.frame("segments", fault),
        id: id.to_string(),
        version: segment.version,
        name: segment.fields.name.to_string(),
        count,
        tree: condition_rows::told(wanted, &names),
        form: typed.or(own),
        fields: Field::ALL.iter().map(|field| field.as_str()).collect(),
        ops: Op::ALL.iter().map(|op| op.as_str()).collect(),
        all_segments: choices(names, Some(id)),
        members: members.data,
        next_cursor: members.next_cursor,
        later_page: query.text("cursor").is_some(),
        nobody: !who.is_empty() && asked.is_none(),
        who,
        asked,
    };
    desk.page("segment", fault, &page)
}

/// A member by id, e-mail, number or code.
fn find(tx: &mut Tx<'_>, who: &str) -> Result<Option<Member>> {
    if let Ok(id) = who.parse::<MemberId>() {
        let known = members::service::many::find_all(tx, &[id].into())?;
        return Ok(known.into_values().next());
    }
    if let Ok(email) = who.parse::<Email>() {
        return members::service::find_by_email(tx, &email);
    }
    if let Ok(number) = who.parse()
        && let Some(member) = members::service::find_by_external_id(tx, &number)?
    {
        return Ok(Some(member));
    }
    members::service::find_by_referral_code(tx, &who.to_uppercase())
}

/// `POST /console/segments/{id}`: as `PATCH /v1/segments/{id}`.
pub async fn change(Sent { desk, form: typed }: Sent<Typed>) -> Answer {
    desk.admin()?;
    let id = id(&desk)?;
    let mut changes = condition_rows::body(&typed);
    // one whose tree is deeper keeps it: only its name can be changed here
    if !typed.contains_key("join") {
        changes.as_object_mut().map(|fields| fields.remove("where"));
    }
    let version = typed.get("version").and_then(|text| text.parse().ok()).unwrap_or_default();
    let changes = changes.as_object().cloned().unwrap_or_default();
    let (changes, seen) = (SegmentChanges::from(changes), Versions::These(vec![version]));
    let change = move |tx: &mut Tx<'_>| service::change(tx, id, &changes, &seen);
    match refused(desk.store().write(change).await)? {
        Ok(_) => Ok(see_other(&format!("/console/segments/{id}?done=saved"))),
        Err(refusal) => {
            let rows = typed.contains_key("join").then(|| Rows::typed(&typed));
            one(&desk, Some(&refusal), rows).await
        }
    }
}

/// `POST /console/segments/{id}/delete`: as `DELETE /v1/segments/{id}`.
pub async fn remove(Sent { desk, .. }: Sent<Typed>) -> Answer {
    desk.admin()?;
    let id = id(&desk)?;
    match refused(desk.store().write(move |tx| service::delete(tx, id)).await)? {
        Ok(()) => Ok(see_other("/console/segments?done=segment_deleted")),
        Err(refusal) => one(&desk, Some(&refusal), None).await,
    }
}

/// `GET /console/segments/{id}/members.csv`
pub async fn csv(desk: Desk) -> Answer {
    let id = id(&desk)?;
    desk.store().read(move |tx| service::get(tx, id)).await?;
    let columns = ["id", "name", "email", "tier"];
    sheet::file(&desk, "segment", columns, move |tx, page| {
        let listing = members_of(tx, id, page)?.map(MemberLine::from);
        Ok(listing.map(|line| [line.id, line.name, line.email, line.tier]))
    })
}
