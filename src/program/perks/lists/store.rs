//! Lists' rows and lines.

use std::collections::BTreeMap;

use diesel::{dsl::count_star, prelude::*};

use super::{LineFault, LineState, NewPerkList, PerkList};
use platform::{
    db::{
        Tx,
        bulk::Bulk,
        lock::for_update_skip_locked,
        prepared::condition,
        schema::{perk_list_lines, perk_lists},
        types::{Json, RawId},
    },
    kernel::{
        error::{Error, Result},
        id::{MemberId, PerkId, PerkListId, UserId},
    },
};

/// A line as kept.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = perk_list_lines)]
pub struct LineRow {
    pub list_id: PerkListId,
    pub line: i64,
    pub member_id: Option<MemberId>,
    pub state: LineState,
    pub fault: Option<LineFault>,
    pub perk_id: Option<PerkId>,
}

pub fn insert(
    tx: &mut Tx<'_>,
    list: &PerkList,
    perk: &NewPerkList,
    lines: &[LineRow],
) -> Result<()> {
    // the lines have them
    let perk = NewPerkList { members: Vec::new(), ..perk.clone() };
    let perk = perk_lists::perk.eq(Some(Json::of(&perk)?));
    diesel::insert_into(perk_lists::table).values((list, perk)).execute(tx.conn)?;
    Bulk::into("perk_list_lines")
        .column("list_id", lines.iter().map(|line| RawId::from(line.list_id)))
        .column("line", lines.iter().map(|line| line.line))
        .column("member_id", lines.iter().map(|line| line.member_id.map(RawId::from)))
        .column("state", lines.iter().map(|line| line.state.to_string()))
        .column("fault", lines.iter().map(|line| line.fault.map(|fault| fault.to_string())))
        .execute(tx.conn)?;
    Ok(())
}

pub fn find(tx: &mut Tx<'_>, id: PerkListId) -> Result<Option<PerkList>> {
    Ok(perk_lists::table.find(id).select(PerkList::as_select()).first(tx.conn).optional()?)
}

/// The lists that wait, oldest first.
pub fn open(tx: &mut Tx<'_>) -> Result<Vec<PerkListId>> {
    let open = perk_lists::table.filter(condition("finished_at IS NULL"));
    Ok(open.order(perk_lists::id).select(perk_lists::id).load(tx.conn)?)
}

/// A list that waits and that nobody else works on, its row locked until the transaction ends.
pub fn lock(tx: &mut Tx<'_>, id: PerkListId) -> Result<Option<(PerkList, NewPerkList)>> {
    let open = perk_lists::table.filter(condition("finished_at IS NULL"));
    let this = open.filter(perk_lists::id.eq(id));
    let this = this.select((PerkList::as_select(), perk_lists::perk));
    let rows: Vec<(PerkList, Option<Json>)> = for_update_skip_locked(this).load(tx.conn)?;
    let Some((list, perk)) = rows.into_iter().next() else { return Ok(None) };
    let perk = perk.ok_or_else(|| Error::internal(format!("{} has nothing to give", list.id)))?;
    Ok(Some((list, perk.read()?)))
}

/// The next lines that wait, in the order in which members are locked.
pub fn waiting(tx: &mut Tx<'_>, list: PerkListId, rows: i64) -> Result<Vec<LineRow>> {
    Ok(perk_list_lines::table
        .filter(perk_list_lines::list_id.eq(list))
        .filter(condition("state = 'waiting'"))
        .order(perk_list_lines::member_id)
        .limit(rows)
        .select(LineRow::as_select())
        .load(tx.conn)?)
}

pub fn set(tx: &mut Tx<'_>, row: &LineRow) -> Result<()> {
    let line = perk_list_lines::table.find((row.list_id, row.line));
    diesel::update(line)
        .set((
            perk_list_lines::state.eq(row.state),
            perk_list_lines::fault.eq(row.fault),
            perk_list_lines::perk_id.eq(row.perk_id),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// A list is done; what was to be given stands in the perks now.
pub fn finish(tx: &mut Tx<'_>, id: PerkListId) -> Result<()> {
    diesel::update(perk_lists::table.find(id))
        .set((perk_lists::finished_at.eq(Some(tx.now)), perk_lists::perk.eq(None::<Json>)))
        .execute(tx.conn)?;
    Ok(())
}

/// How many lines of a list are in each state.
pub fn counts(tx: &mut Tx<'_>, list: PerkListId) -> Result<BTreeMap<&'static str, i64>> {
    let rows: Vec<(LineState, i64)> = perk_list_lines::table
        .filter(perk_list_lines::list_id.eq(list))
        .group_by(perk_list_lines::state)
        .select((perk_list_lines::state, count_star()))
        .load(tx.conn)?;
    Ok(rows.into_iter().map(|(state, count)| (state.as_str(), count)).collect())
}

/// The first lines at fault.
pub fn faults(tx: &mut Tx<'_>, list: PerkListId, rows: i64) -> Result<Vec<(i64, LineFault)>> {
    let rows: Vec<(i64, Option<LineFault>)> = perk_list_lines::table
        .filter(perk_list_lines::list_id.eq(list))
        .filter(perk_list_lines::state.eq(LineState::Failed))
        .order(perk_list_lines::line)
        .limit(rows)
        .select((perk_list_lines::line, perk_list_lines::fault))
        .load(tx.conn)?;
    Ok(rows.into_iter().filter_map(|(line, fault)| Some((line, fault?))).collect())
}

/// A user's newest lists.
pub fn newest(tx: &mut Tx<'_>, by: UserId, rows: i64) -> Result<Vec<PerkList>> {
    let theirs = perk_lists::table.filter(perk_lists::user_id.eq(by));
    Ok(theirs
        .order(perk_lists::id.desc())
        .limit(rows)
        .select(PerkList::as_select())
        .load(tx.conn)?)
}
