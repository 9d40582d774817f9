//! Referrals' rows, and what they read of the orders of friends.

mod due;
mod payouts;

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};

pub use due::{due, due_among, next_due, wake_friends, wake_of, wake_ordered, wake_refunded};
pub use payouts::{
    insert_payouts, live_payouts, payouts_of, reverse_payouts, rewarded, rewarded_since,
    steps_above,
};

use super::{
    Referral, ReferralState,
    service::{Moment, Sought},
};
use platform::{
    db::{
        Tx,
        lock::for_update,
        schema::{orders, referrals},
    },
    kernel::{
        clock::Timestamp,
        error::{Error, Refusal, Result},
        id::{MemberId, OrderId, ReferralId},
        page::{Listing, Page},
    },
};

pub fn insert(tx: &mut Tx<'_>, referral: &Referral) -> Result<()> {
    diesel::insert_into(referrals::table).values(referral).execute(tx.conn)?;
    Ok(())
}

/// Writes a locked referral as it is now.
pub fn update(tx: &mut Tx<'_>, referral: &Referral) -> Result<()> {
    diesel::update(referrals::table.find(referral.id)).set(referral).execute(tx.conn)?;
    Ok(())
}

/// The referral with this id.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn get(tx: &mut Tx<'_>, id: ReferralId) -> Result<Referral> {
    let found =
        referrals::table.find(id).select(Referral::as_select()).first(tx.conn).optional()?;
    found.ok_or_else(|| Refusal::not_found("referral").into())
}

/// The same, its row locked until the transaction ends.
///
/// # Errors
/// [`Refusal::NotFound`].
pub fn lock(tx: &mut Tx<'_>, id: ReferralId) -> Result<Referral> {
    let one = referrals::table.filter(referrals::id.eq(id)).select(Referral::as_select());
    let rows: Vec<Referral> = for_update(one).load(tx.conn)?;
    rows.into_iter().next().ok_or_else(|| Error::from(Refusal::not_found("referral")))
}

/// By which referral a member came.
pub fn of_referee(tx: &mut Tx<'_>, referee: MemberId) -> Result<Option<Referral>> {
    let of = referrals::table.filter(referrals::referee_id.eq(referee));
    Ok(of.select(Referral::as_select()).first(tx.conn).optional()?)
}

/// Who brought a member.
pub fn referrer_of(tx: &mut Tx<'_>, referee: MemberId) -> Result<Option<MemberId>> {
    let of = referrals::table.filter(referrals::referee_id.eq(referee));
    Ok(of.select(referrals::referrer_id).first(tx.conn).optional()?)
}

/// Whether a member brought anybody.
pub fn has_brought(tx: &mut Tx<'_>, referrer: MemberId) -> Result<bool> {
    let of = referrals::table.filter(referrals::referrer_id.eq(referrer));
    Ok(of.select(referrals::id).first::<ReferralId>(tx.conn).optional()?.is_some())
}

/// A page of referrals, newest first.
///
/// # Errors
/// A cursor of another list.
pub fn list(tx: &mut Tx<'_>, sought: &Sought, page: &Page) -> Result<Listing<Referral>> {
    let mut query = referrals::table.select(Referral::as_select()).into_boxed();
    if let Some(referrer) = sought.referrer {
        query = query.filter(referrals::referrer_id.eq(referrer));
    }
    if let Some(state) = sought.state {
        query = query.filter(referrals::state.eq(state));
    }
    if let Some(case) = sought.case {
        query = query.filter(referrals::case_id.eq(case));
    }
    if let Some((moment, (from, to))) = sought.within {
        query = match moment {
            Moment::Joined => {
                query.filter(referrals::joined_at.ge(from)).filter(referrals::joined_at.lt(to))
            }
            Moment::Qualified => query
                .filter(referrals::qualified_at.ge(from))
                .filter(referrals::qualified_at.lt(to)),
            Moment::Rewarded => {
                query.filter(referrals::rewarded_at.ge(from)).filter(referrals::rewarded_at.lt(to))
            }
            Moment::Ended => {
                query.filter(referrals::ended_at.ge(from)).filter(referrals::ended_at.lt(to))
            }
        };
    }
    if let Some(before) = page.after::<ReferralId>()? {
        query = query.filter(referrals::id.lt(before));
    }
    let rows = query.order(referrals::id.desc()).limit(page.rows()).load(tx.conn)?;
    Ok(page.cut(rows, |referral| referral.id.to_string(), |referral| referral))
}

/// An order that counts for a referral.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Order {
    pub id: OrderId,
    pub placed_at: Timestamp,
    pub recorded_at: Timestamp,
}

/// The first order of a friend that comes to so much, after refunds, and is not cancelled; placed
/// since the friend is a member, and before `before`.
pub fn qualifying(
    tx: &mut Tx<'_>,
    referee: MemberId,
    since: Timestamp,
    before: Timestamp,
    least: i64,
) -> Result<Option<Order>> {
    Ok(orders::table
        .filter(orders::member_id.eq(referee))
        .filter(orders::placed_at.ge(since))
        .filter(orders::placed_at.lt(before))
        .filter(orders::cancelled_at.is_null())
        .filter((orders::amount - orders::refunded_amount).ge(least))
        .order((orders::placed_at, orders::id))
        .select((orders::id, orders::placed_at, orders::recorded_at))
        .first(tx.conn)
        .optional()?)
}

/// What an order comes to after refunds; `None` where it was cancelled, or there is none.
pub fn order_total(tx: &mut Tx<'_>, id: OrderId) -> Result<Option<i64>> {
    Ok(orders::table
        .find(id)
        .filter(orders::cancelled_at.is_null())
        .select(orders::amount - orders::refunded_amount)
        .first(tx.conn)
        .optional()?)
}

/// When a member's first order was placed that was not cancelled.
pub fn first_order(tx: &mut Tx<'_>, member: MemberId) -> Result<Option<Timestamp>> {
    Ok(orders::table
        .filter(orders::member_id.eq(member))
        .filter(orders::cancelled_at.is_null())
        .order(orders::placed_at)
        .select(orders::placed_at)
        .first(tx.conn)
        .optional()?)
}

/// How many orders a member has, up to `most`, of which something is left.
pub fn live_orders(tx: &mut Tx<'_>, member: MemberId, most: i64) -> Result<usize> {
    let live: Vec<OrderId> = orders::table
        .filter(orders::member_id.eq(member))
        .filter(orders::cancelled_at.is_null())
        .filter(orders::amount.gt(orders::refunded_amount))
        .limit(most)
        .select(orders::id)
        .load(tx.conn)?;
    Ok(live.len())
}

/// A case that waits for a person.
#[derive(Clone, Copy, Debug, Queryable)]
pub struct Waiting {
    pub case_id: Option<ReferralId>,
    pub referrals: i64,
    pub referrers: i64,
}

/// Cases that wait, the oldest first.
///
/// # Errors
/// A cursor of another list.
pub fn cases(tx: &mut Tx<'_>, page: &Page) -> Result<Listing<Waiting>> {
    let mut query = referrals::table
        .filter(referrals::state.eq(ReferralState::Flagged))
        .filter(referrals::case_id.is_not_null())
        .group_by(referrals::case_id)
        .select((
            referrals::case_id,
            sql::<BigInt>("COUNT(*)"),
            sql::<BigInt>("COUNT(DISTINCT referrer_id)"),
        ))
        .into_boxed();
    if let Some(after) = page.after::<ReferralId>()? {
        query = query.filter(referrals::case_id.gt(after));
    }
    let rows: Vec<Waiting> =
        query.order(referrals::case_id.asc()).limit(page.rows()).load(tx.conn)?;
    let key = |one: &Waiting| one.case_id.map(|id| id.to_string()).unwrap_or_default();
    Ok(page.cut(rows, key, |one| one))
}

/// How many of a case wait.
pub fn waiting_in(tx: &mut Tx<'_>, case: ReferralId) -> Result<i64> {
    Ok(referrals::table
        .filter(referrals::case_id.eq(case))
        .filter(referrals::state.eq(ReferralState::Flagged))
        .count()
        .get_result(tx.conn)?)
}

/// How many a member brought.
pub fn brought_by(tx: &mut Tx<'_>, referrer: MemberId) -> Result<i64> {
    let of = referrals::table.filter(referrals::referrer_id.eq(referrer));
    Ok(of.count().get_result(tx.conn)?)
}

/// The ids of a case that wait, locked in their order.
pub fn lock_case(tx: &mut Tx<'_>, case: ReferralId) -> Result<Vec<ReferralId>> {
    let waiting = referrals::table
        .filter(referrals::case_id.eq(case))
        .filter(referrals::state.eq(ReferralState::Flagged))
        .order(referrals::id)
        .select(referrals::id);
    Ok(for_update(waiting).load(tx.conn)?)
}

/// Empties what people wrote about the referrals of a member, on either side.
pub fn forget_words(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let of = referrals::referrer_id.eq(member).or(referrals::referee_id.eq(member));
    diesel::update(referrals::table.filter(of))
        .set((
            referrals::decision_reason.eq(None::<String>),
            referrals::appeal_reason.eq(None::<String>),
        ))
        .execute(tx.conn)?;
    Ok(())
}
