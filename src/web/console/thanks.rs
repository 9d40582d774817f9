//! Thanks: whom to thank, what they said, and what to say.

use std::collections::HashMap;

use serde::Serialize;

use super::{
    desk::Desk,
    frame::Frame,
    sheet::{self, cell},
    today::{names, staff_names},
};
use platform::{
    db::Tx,
    http::{Answer, query::Query},
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        page::Listing,
    },
};
use program::thanks::{
    Thanks, ThanksState,
    service::{self, Sought},
};

/// What the queue may be asked for by.
const PARAMETERS: [&str; 5] = ["state", "owner_id", "overdue", "cursor", "done"];

/// Thanks, for a person.
#[derive(Serialize)]
pub(super) struct Line {
    id: String,
    member_id: String,
    member: String,
    category: String,
    deed: String,
    state: String,
    way: String,
    /// Who is to thank; none where that is nobody in particular.
    owner: Option<String>,
    owed_at: Timestamp,
    due_at: Timestamp,
    given_at: Option<Timestamp>,
    overdue: bool,
    late: bool,
}

#[derive(Serialize)]
struct QueuePage {
    #[serde(flatten)]
    frame: Frame,
    /// Which of the filters is on.
    shown: &'static str,
    filters: Vec<(&'static str, String)>,
    thanks: Vec<Line>,
    csv: String,
    next: Option<String>,
}

pub(super) fn lines(tx: &mut Tx<'_>, rows: &[Thanks]) -> Result<Vec<Line>> {
    let members = names(tx, rows.iter().map(|row| row.member_id))?;
    let owners: Vec<String> =
        rows.iter().filter_map(|row| Some(row.owner_id?.to_string())).collect();
    let owners = staff_names(tx, owners.iter().map(String::as_str))?;
    Ok(rows.iter().map(|row| line(row, members.get(&row.member_id), &owners, tx.now)).collect())
}

fn line(
    row: &Thanks,
    member: Option<&String>,
    owners: &HashMap<String, String>,
    now: Timestamp,
) -> Line {
    Line {
        id: row.id.to_string(),
        member_id: row.member_id.to_string(),
        member: member.cloned().unwrap_or_default(),
        category: row.category.to_string(),
        deed: row.for_type.to_string(),
        state: row.state.to_string(),
        way: row.way.to_string(),
        owner: row.owner_id.and_then(|owner| owners.get(&owner.to_string()).cloned()),
        owed_at: row.owed_at,
        due_at: row.due_at,
        given_at: row.given_at,
        overdue: row.is_overdue(now),
        late: row.is_late(),
    }
}

/// What of the query is asked for: what is owed, unless something else is.
fn sought(query: &Query) -> Result<Sought, Refusal> {
    let set = |name: &str| query.text(name).is_some_and(|text| !text.is_empty());
    let state = if set("state") { query.get("state")? } else { None };
    let state = state.unwrap_or(ThanksState::Owed);
    Ok(Sought {
        state: Some(state),
        owner: if set("owner_id") { query.get("owner_id")? } else { None },
        overdue: Some(true).filter(|_| query.flag("overdue").is_ok_and(|on| on)),
        newest_first: state != ThanksState::Owed,
        ..Sought::default()
    })
}

/// `GET /console/thanks?state=&owner_id=&overdue=&cursor=`
pub async fn list(desk: Desk) -> Answer {
    let query = Query::parse(desk.visit.query(), &PARAMETERS)?;
    query.flag("overdue")?;
    let sought = sought(&query)?;
    let page = query.page()?;
    let read = move |tx: &mut Tx<'_>| {
        let Listing { data, next_cursor } = service::list(tx, sought, &page)?;
        Ok((lines(tx, &data)?, next_cursor))
    };
    let (thanks, next_cursor) = desk.store().read(read).await?;
    let me = desk.user.id;
    let filters = vec![
        ("owed", String::new()),
        ("overdue", "overdue=true".to_owned()),
        ("mine", format!("owner_id={me}")),
        ("given", "state=given".to_owned()),
        ("waived", "state=waived".to_owned()),
    ];
    let shown = match sought {
        Sought { state: Some(ThanksState::Given), .. } => "given",
        Sought { state: Some(ThanksState::Waived), .. } => "waived",
        Sought { owner: Some(owner), .. } if owner == me => "mine",
        Sought { overdue: Some(true), owner: None, .. } => "overdue",
        Sought { owner: None, .. } => "owed",
        Sought { .. } => "",
    };
    let kept = ["state", "owner_id", "overdue"].into_iter().filter_map(|name| {
        let value = query.text(name).filter(|value| !value.is_empty())?;
        Some(format!("&{name}={}", crate::web::pages::segment(value)))
    });
    let kept: String = kept.collect();
    let kept = kept.trim_start_matches('&');
    let next = next_cursor.map(|cursor| {
        format!("/console/thanks?cursor={}&{kept}", crate::web::pages::segment(&cursor))
    });
    let page = QueuePage {
        frame: desk.frame("thanks", None),
        shown,
        filters,
        thanks,
        csv: format!("/console/thanks.csv?{kept}"),
        next,
    };
    desk.page("thanks", None, &page)
}

/// `GET /console/thanks.csv?…`
pub async fn csv(desk: Desk) -> Answer {
    let query = Query::parse(desk.visit.query(), &PARAMETERS)?;
    let sought = sought(&query)?;
    let columns = [
        "id",
        "member_id",
        "member",
        "for",
        "category",
        "state",
        "way",
        "owner",
        "owed_at",
        "due_at",
        "given_at",
        "late",
    ];
    sheet::file(&desk, "thanks", columns, move |tx, page| {
        let Listing { data, next_cursor } = service::list(tx, sought, page)?;
        let data = lines(tx, &data)?;
        Ok(Listing { data, next_cursor }.map(|line| {
            [
                line.id,
                line.member_id,
                line.member,
                line.deed,
                line.category,
                line.state,
                line.way,
                cell(line.owner),
                line.owed_at.to_string(),
                line.due_at.to_string(),
                cell(line.given_at),
                (line.late || line.overdue).to_string(),
            ]
        }))
    })
}
