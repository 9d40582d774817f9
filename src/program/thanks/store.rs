//! Rows of thanks.

use std::{
    collections::{BTreeSet, HashMap},
    fmt,
    str::FromStr,
};

use diesel::prelude::*;
use uuid::Uuid;

use super::{Deed, DeedSought, DeedType, Thanks, ThanksState};
use platform::{
    db::{
        Tx,
        lock::for_update,
        prepared::one_of,
        schema::{thanks, users},
        types::RawId,
    },
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        id::{MemberId, ThanksId, UserId},
        page::{Listing, Page},
    },
};

/// # Errors
/// [`Refusal::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: ThanksId) -> Result<Thanks> {
    let row: Option<Thanks> =
        thanks::table.find(id).select(Thanks::as_select()).first(tx.conn).optional()?;
    row.ok_or_else(|| Refusal::not_found("thanks").into())
}

/// The same, the row locked until the transaction ends.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn lock(tx: &mut Tx<'_>, id: ThanksId) -> Result<Thanks> {
    let row = thanks::table.filter(thanks::id.eq(id)).select(Thanks::as_select());
    let rows: Vec<Thanks> = for_update(row).load(tx.conn)?;
    rows.into_iter().next().ok_or_else(|| Refusal::not_found("thanks").into())
}

pub fn insert(tx: &mut Tx<'_>, row: &Thanks) -> Result<()> {
    diesel::insert_into(thanks::table).values(row).execute(tx.conn)?;
    Ok(())
}

pub fn update(tx: &mut Tx<'_>, row: &Thanks) -> Result<()> {
    diesel::update(thanks::table.find(row.id)).set(row).execute(tx.conn)?;
    Ok(())
}

/// What is owed, or was given, for a deed.
pub fn of_deed(tx: &mut Tx<'_>, deed: Deed) -> Result<Option<Thanks>> {
    let found = thanks::table
        .filter(thanks::for_type.eq(deed.of))
        .filter(thanks::for_id.eq(deed.id))
        .select(Thanks::as_select());
    Ok(found.first(tx.conn).optional()?)
}

/// The same for many deeds of one kind, by their ids.
pub fn of_deeds(tx: &mut Tx<'_>, of: DeedType, deeds: &[Uuid]) -> Result<HashMap<Uuid, Thanks>> {
    let deeds: Vec<RawId> = deeds.iter().copied().map(RawId).collect();
    let found =
        thanks::table.filter(thanks::for_type.eq(of)).filter(one_of(thanks::for_id, &deeds));
    let rows: Vec<Thanks> = found.select(Thanks::as_select()).load(tx.conn)?;
    Ok(rows.into_iter().map(|row| (row.for_id.0, row)).collect())
}

/// Which thanks are listed.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sought {
    pub state: Option<ThanksState>,
    pub owner: Option<UserId>,
    /// Owed and due, or not.
    pub overdue: Option<bool>,
    pub of: Option<DeedSought>,
    pub member: Option<MemberId>,
    /// Those that were owed last come first.
    pub newest_first: bool,
}

/// Where a page ended.
struct Place {
    at: Timestamp,
    id: ThanksId,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.at.as_microsecond(), self.id)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (at, id) = text.split_once(':').ok_or(())?;
        let at = at.parse().ok().and_then(Timestamp::from_microsecond).ok_or(())?;
        Ok(Self { at, id: id.parse().map_err(|_| ())? })
    }
}

/// A page, soonest due first, or newest.
///
/// # Errors
/// A cursor of another list.
pub fn list(tx: &mut Tx<'_>, sought: Sought, page: &Page) -> Result<Listing<Thanks>> {
    let mut query = thanks::table.into_boxed();
    if let Some(state) = sought.state {
        query = query.filter(thanks::state.eq(state));
    }
    if let Some(owner) = sought.owner {
        query = query.filter(thanks::owner_id.eq(owner));
    }
    match sought.of {
        Some(DeedSought::OfType(of)) => query = query.filter(thanks::for_type.eq(of)),
        Some(DeedSought::One(Deed { of, id })) => {
            query = query.filter(thanks::for_type.eq(of).and(thanks::for_id.eq(id)));
        }
        None => {}
    }
    if let Some(member) = sought.member {
        query = query.filter(thanks::member_id.eq(member));
    }
    let is_owed = thanks::state.eq(ThanksState::Owed);
    match sought.overdue {
        Some(true) => query = query.filter(is_owed.and(thanks::due_at.le(tx.now))),
        Some(false) => {
            query = query.filter(thanks::state.ne(ThanksState::Owed).or(thanks::due_at.gt(tx.now)));
        }
        None => {}
    }
    let place = page.after::<Place>()?;
    let query = if sought.newest_first {
        if let Some(Place { at, id }) = place {
            let same = thanks::owed_at.eq(at).and(thanks::id.lt(id));
            query = query.filter(thanks::owed_at.lt(at).or(same));
        }
        query.order((thanks::owed_at.desc(), thanks::id.desc()))
    } else {
        if let Some(Place { at, id }) = place {
            let same = thanks::due_at.eq(at).and(thanks::id.gt(id));
            query = query.filter(thanks::due_at.gt(at).or(same));
        }
        query.order((thanks::due_at, thanks::id))
    };
    let rows: Vec<Thanks> = query.limit(page.rows()).select(Thanks::as_select()).load(tx.conn)?;
    let place = |row: &Thanks| {
        let at = if sought.newest_first { row.owed_at } else { row.due_at };
        Place { at, id: row.id }.to_string()
    };
    Ok(page.cut(rows, place, |row| row))
}

/// Which of these users there are.
pub fn users_among(tx: &mut Tx<'_>, ids: &[UserId]) -> Result<BTreeSet<UserId>> {
    let named = users::table.filter(users::id.eq_any(ids.iter().copied())).select(users::id);
    let known: Vec<UserId> = named.load(tx.conn)?;
    Ok(known.into_iter().collect())
}

/// Whom of these the newest debt went to.
pub fn last_owner(tx: &mut Tx<'_>, among: &[UserId]) -> Result<Option<UserId>> {
    let owner: Option<Option<UserId>> = thanks::table
        .filter(thanks::owner_id.eq_any(among.iter().copied()))
        .order((thanks::owed_at.desc(), thanks::id.desc()))
        .select(thanks::owner_id)
        .first(tx.conn)
        .optional()?;
    Ok(owner.flatten())
}

/// What is owed by users who are gone.
pub fn orphans(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<(MemberId, ThanksId)>> {
    Ok(thanks::table
        .left_join(users::table.on(users::id.nullable().eq(thanks::owner_id)))
        .filter(thanks::state.eq(ThanksState::Owed))
        .filter(thanks::owner_id.is_not_null())
        .filter(users::name.nullable().is_null())
        .order((thanks::member_id, thanks::id))
        .limit(limit)
        .select((thanks::member_id, thanks::id))
        .load(tx.conn)?)
}

/// What a member was thanked for and is owed, oldest first, behind an id.
pub fn of_member(
    tx: &mut Tx<'_>,
    member: MemberId,
    after: RawId,
    as_of: Timestamp,
    limit: i64,
) -> Result<Vec<Thanks>> {
    Ok(thanks::table
        .filter(thanks::member_id.eq(member))
        .filter(thanks::id.gt(after))
        .filter(thanks::owed_at.le(as_of))
        .order(thanks::id)
        .limit(limit)
        .select(Thanks::as_select())
        .load(tx.conn)?)
}
