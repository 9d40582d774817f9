//! Looking a list through, taking it on, and working it off.

use std::collections::{BTreeSet, HashSet};

use super::{
    Line, LineError, LineFault, LineState, NewPerkList, PerkList, PerkListBody, PerkListState,
    store::{self, LineRow},
};
use crate::{
    budget,
    members::{self, MemberStatus, service::many},
    perks::{GrantPerk, service as perks},
    redemptions, rewards,
};
use platform::{
    auth::{Caller, users},
    db::{Store, Tx, lock::named_lock},
    kernel::{
        error::{Error, FieldError, Refusal, Result},
        id::{MemberId, PerkListId, UserId},
        text::Email,
    },
    settings,
};

/// How many members get theirs in one transaction.
const CHUNK: i64 = 20;
/// How many lines at fault are told.
const TOLD: i64 = 1000;
/// How many of a list of which all are.
const REFUSED: usize = 100;

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
        return Err(nobody(&rows).into());
    };
    let ask = perk.to(first);
    ask.check()?;
    let waiting = rows.iter().filter(|row| row.state == LineState::Waiting).count();
    let waiting = i64::try_from(waiting).unwrap_or(i64::MAX);
    refuse_ungiftable(tx, &ask, waiting)?;
    let cost_points = perks::cost_of(tx, &ask)?;
    let owner = budget::owner(by);
    let budgeted = owner.is_some() && !perks::is_above_limit(by, cost_points, &settings);
    let (created_at, finished_at) = (tx.now, None);
    let list = PerkList { id, user_id: user, budgeted, cost_points, created_at, finished_at };
    store::insert(tx, &list, perk, &rows)?;
    if let Some(owner) = owner.filter(|_| budgeted) {
        budget::check(tx, owner, cost_points.saturating_mul(waiting), &settings)?;
    }
    show(tx, &list, TOLD)
}

/// A list of which nobody gets anything, and why, line by line.
fn nobody(rows: &[LineRow]) -> Refusal {
    let error = |row: &LineRow| {
        let fault = row.fault?;
        Some(FieldError {
            pointer: format!("/members/{}", row.line - 1),
            code: fault.as_str(),
            message: fault.message().to_owned(),
        })
    };
    Refusal::Invalid { errors: rows.iter().filter_map(error).take(REFUSED).collect() }
}

/// What nobody could have is said at once, and not by each line.
fn refuse_ungiftable(tx: &mut Tx<'_>, ask: &GrantPerk, units: i64) -> Result<()> {
    let Some(reward) = ask.reward_id else { return Ok(()) };
    let reward = rewards::service::find_all(tx, &[reward].into())?.remove(&reward);
    let reward = reward.ok_or_else(|| Refusal::not_found_at("reward", "/reward_id"))?;
    let member = members::service::get(tx, ask.member_id)?;
    redemptions::service::refuse_ungiftable(&reward, &member, tx.now)?;
    match reward.fields.stock {
        Some(stock) if stock.get() < units => {
            let left = stock.get();
            let why = format!("has {units} members, and there are {left} of the reward");
            Err(Refusal::field("/members", why).into())
        }
        _ => Ok(()),
    }
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
/// The database's own: what was given stays given, the rest is tried again, and the lists behind it
/// did not wait for it.
pub async fn work_off(store: &Store) -> Result<()> {
    store.work_off(store.read(store::open).await?, work).await
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

/// Gives some members theirs; `false` where nothing waits, or somebody else sees to it.
fn work(tx: &mut Tx<'_>, id: PerkListId) -> Result<bool> {
    let Some((list, perk)) = store::lock(tx, id)? else { return Ok(false) };
    let lines = store::waiting(tx, list.id, CHUNK)?;
    if lines.is_empty() {
        store::finish(tx, list.id)?;
        return Ok(false);
    }
    // all of them before anything else, as the order of locks wants it
    many::lock_all(tx, &lines.iter().filter_map(|line| line.member_id).collect())?;
    let by = match users::get(tx, list.user_id) {
        Ok(user) => Some(Caller::Staff { user: user.id, role: user.role }),
        Err(Error::Refused(_)) => None,
        Err(error) => return Err(error),
    };
    for mut line in lines {
        match (line.member_id, &by) {
            (Some(member), Some(by)) => give(tx, &mut line, &list, &perk.to(member), by)?,
            _ => line.fail(LineFault::Forbidden),
        }
        store::set(tx, &line)?;
    }
    Ok(true)
}

/// Gives one theirs, as it was decided when the list was taken on, whatever became of the limit, the
/// budget and the price since. Of one that was an admin's, and is not now, another person decides.
fn give(
    tx: &mut Tx<'_>,
    line: &mut LineRow,
    list: &PerkList,
    ask: &GrantPerk,
    by: &Caller,
) -> Result<()> {
    let proposed = budget::owner(by).is_some() && !list.budgeted;
    match tx.savepoint(|tx| perks::give_at(tx, ask, list.cost_points, proposed, by)) {
        Ok((perk, _)) => {
            line.perk_id = Some(perk.id);
            line.state = if proposed { LineState::Proposed } else { LineState::Given };
        }
        Err(Error::Refused(refusal)) => line.fail(match refusal {
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
