//! Looking a list through, taking it on, and working it off.

use std::collections::{BTreeSet, HashSet};

use super::{
    Line, LineError, LineFault, LineState, NewPerkList, PerkList, PerkListBody, PerkListState,
    store::{self, LineRow},
};
use crate::{
    auth::{Caller, users},
    db::{Store, Tx, lock::named_lock},
    kernel::{
        error::{Error, Refusal, Result},
        id::{MemberId, PerkListId, UserId},
        text::Email,
    },
    program::{
        budget,
        members::{MemberStatus, service::many},
        perks::{PerkState, service as perks},
        settings,
    },
};

/// How many members get theirs in one transaction.
const CHUNK: i64 = 20;
/// How many lines at fault are told.
const TOLD: i64 = 1000;

/// Takes a list on under an id of its own; one that is there already is answered as it is. Lines at
/// fault are told and left out; the rest is charged to the budget as a whole, here and now, and given
/// bit by bit.
///
/// # Errors
/// Fields that don't go together; an unknown reward; [`Refusal::LimitReached`] where the budget has
/// no room for all of it; a list of which nobody can get anything.
pub fn submit(
    tx: &mut Tx<'_>,
    id: PerkListId,
    perk: &NewPerkList,
    lines: &[Line],
    by: &Caller,
) -> Result<PerkListBody> {
    // two presses of one button may come at once
    named_lock(tx.conn, id.uuid().as_bytes())?;
    if let Some(known) = store::find(tx, id)? {
        return show(tx, &known, TOLD);
    }
    let Caller::Staff { user, .. } = *by else {
        return Err(Refusal::Forbidden("staff give perks".to_owned()).into());
    };
    let settings = settings::service::get(tx)?;
    let rows = resolve(tx, id, lines)?;
    let Some(first) = rows.iter().find_map(|row| row.member_id) else {
        return Err(Refusal::field("/members", "has nobody who can get it").into());
    };
    let ask = perk.to(first);
    ask.check()?;
    let cost_points = perks::cost_of(tx, &ask)?;
    let owner = budget::owner(by);
    let budgeted = owner.is_some() && cost_points <= settings.staff_perk_limit_points.get();
    let (created_at, finished_at) = (tx.now, None);
    let list = PerkList { id, user_id: user, budgeted, cost_points, created_at, finished_at };
    store::insert(tx, &list, perk, &rows)?;
    if let Some(owner) = owner.filter(|_| budgeted) {
        let waiting = rows.iter().filter(|row| row.state == LineState::Waiting).count();
        let all = cost_points.saturating_mul(i64::try_from(waiting).unwrap_or(i64::MAX));
        budget::check(tx, owner, all, &settings)?;
    }
    show(tx, &list, TOLD)
}

/// Whom each line names.
fn resolve(tx: &mut Tx<'_>, list: PerkListId, lines: &[Line]) -> Result<Vec<LineRow>> {
    let named = || lines.iter().filter_map(|line| line.member.as_deref());
    let keys: Vec<Email> = named().filter_map(|text| text.parse().ok()).collect();
    let by_email = many::ids_by_email_key(tx, &keys.iter().map(Email::key).collect())?;
    let by_number = many::ids_by_external_id(tx, &named().collect())?;
    let of = |text: &str| {
        let by_id = text.parse::<MemberId>().ok();
        let email = || text.parse::<Email>().ok().and_then(|email| by_email.get(email.key()));
        by_id.or_else(|| email().copied()).or_else(|| by_number.get(text).copied())
    };
    let ids: BTreeSet<MemberId> = named().filter_map(of).collect();
    let known = many::find_all(tx, &ids)?;
    let mut seen = HashSet::new();
    let row = |line: &Line| {
        let member = line.member.as_deref().and_then(of);
        let status = member.and_then(|id| known.get(&id)).map(|member| member.status);
        let fault = match (&line.member, status) {
            (None, _) => Some(LineFault::Unreadable),
            (_, None | Some(MemberStatus::Erased)) => Some(LineFault::Unknown),
            (_, Some(MemberStatus::Suspended)) => Some(LineFault::Suspended),
            (_, Some(MemberStatus::Active)) => {
                member.filter(|id| !seen.insert(*id)).map(|_| LineFault::Duplicate)
            }
        };
        LineRow {
            list_id: list,
            line: line.line,
            member_id: member.filter(|_| fault.is_none()),
            state: if fault.is_none() { LineState::Waiting } else { LineState::Failed },
            fault,
            perk_id: None,
        }
    };
    Ok(lines.iter().map(row).collect())
}

/// A list, and how far it is.
///
/// # Errors
/// No such list.
pub fn read(tx: &mut Tx<'_>, id: PerkListId) -> Result<PerkListBody> {
    let list = store::find(tx, id)?.ok_or_else(|| Refusal::not_found("perk list"))?;
    show(tx, &list, TOLD)
}

/// A user's newest lists, without their lines at fault.
pub fn newest(tx: &mut Tx<'_>, by: UserId, rows: i64) -> Result<Vec<PerkListBody>> {
    let lists = store::newest(tx, by, rows)?;
    lists.iter().map(|list| show(tx, list, 0)).collect()
}

fn show(tx: &mut Tx<'_>, list: &PerkList, faults: i64) -> Result<PerkListBody> {
    let counts = store::counts(tx, list.id)?;
    let of = |state: LineState| counts.get(state.as_str()).copied().unwrap_or_default();
    let [waiting, given, proposed, failed] =
        [LineState::Waiting, LineState::Given, LineState::Proposed, LineState::Failed].map(of);
    let told = |(line, code): (i64, LineFault)| LineError { line, code, message: code.message() };
    let errors = match faults {
        0 => Vec::new(),
        rows => store::faults(tx, list.id, rows)?.into_iter().map(told).collect(),
    };
    let done = list.finished_at.is_some();
    Ok(PerkListBody {
        id: list.id,
        state: if done { PerkListState::Done } else { PerkListState::Working },
        total: waiting + given + proposed + failed,
        waiting,
        given,
        proposed,
        failed,
        cost_points: list.cost_points,
        total_points: list.cost_points.saturating_mul(waiting + given + proposed),
        errors,
        created_at: list.created_at,
        finished_at: list.finished_at,
    })
}

/// Works off all lists that wait, some members at a time.
///
/// # Errors
/// The database's own: what was given stays given, and the rest is tried again.
pub async fn work_off(store: &Store) -> Result<()> {
    while store.write(work).await? {}
    Ok(())
}

/// Has what waits worked off now, and not only when its chore comes round.
pub fn begin(store: &Store) {
    let store = store.clone();
    tokio::spawn(async move {
        if let Err(error) = work_off(&store).await {
            tracing::warn!(%error, "a list of perks waits for its chore");
        }
    });
}

/// Gives some members theirs; `false` where nothing waits.
fn work(tx: &mut Tx<'_>) -> Result<bool> {
    let Some((list, perk)) = store::lock_next(tx)? else { return Ok(false) };
    let lines = store::waiting(tx, list.id, CHUNK)?;
    if lines.is_empty() {
        store::finish(tx, list.id)?;
        return Ok(true);
    }
    // all of them before anything else, as the order of locks wants it
    many::lock_all(tx, &lines.iter().filter_map(|line| line.member_id).collect())?;
    let by = match users::get(tx, list.user_id) {
        Ok(user) => Some(Caller::Staff { user: user.id, role: user.role }),
        Err(Error::Refused(_)) => None,
        Err(error) => return Err(error),
    };
    for mut line in lines {
        // it no longer counts as waiting when its perk is charged
        line.state = LineState::Given;
        store::set(tx, &line)?;
        match (line.member_id, &by) {
            (Some(member), Some(by)) => give(tx, &mut line, &perk, member, by)?,
            _ => line.fail(LineFault::Forbidden),
        }
        store::set(tx, &line)?;
    }
    Ok(true)
}

fn give(
    tx: &mut Tx<'_>,
    line: &mut LineRow,
    perk: &NewPerkList,
    member: MemberId,
    by: &Caller,
) -> Result<()> {
    match tx.savepoint(|tx| perks::give(tx, &perk.to(member), by)) {
        Ok(perk) => {
            line.perk_id = Some(perk.id);
            if perk.state == PerkState::Proposed {
                line.state = LineState::Proposed;
            }
        }
        Err(Error::Refused(refusal)) => line.fail(match refusal {
            Refusal::LimitReached(_) => LineFault::LimitReached,
            Refusal::NotFound { .. } => LineFault::Unknown,
            Refusal::InvalidTransition { .. } => LineFault::Suspended,
            _ => LineFault::Unavailable,
        }),
        Err(error) => return Err(error),
    }
    Ok(())
}

impl LineRow {
    const fn fail(&mut self, fault: LineFault) {
        self.state = LineState::Failed;
        self.fault = Some(fault);
    }
}
