//! What conditions ask of members' rows, and the segments that they name.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::{dsl::count_star, prelude::*};

use super::{
    Plan, Where,
    facts::{Facts, OrderFact},
    field::Field,
    plan::Definitions,
};
use crate::members::MemberStatus;
use platform::{
    db::{
        Tx,
        lock::for_update,
        prepared::{Condition, condition, one_of},
        schema::{
            entries, member_tags, members, orders, redemptions, referral_payouts, referrals,
            segments,
        },
        types::Json,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, SegmentId},
    },
};

/// Nobody else is in an audience.
const ACTIVE: Condition = condition("members.status = 'active'");

/// The active members who fulfil a plan, in the order of their ids, behind `after`.
pub fn next(
    tx: &mut Tx<'_>,
    plan: &Plan,
    after: Option<MemberId>,
    rows: i64,
) -> Result<Vec<MemberId>> {
    let mut query = members::table.filter(ACTIVE).into_boxed();
    if let Some(after) = after {
        query = query.filter(members::id.gt(after));
    }
    let query = query.filter(plan.clause()).order(members::id).limit(rows);
    Ok(query.select(members::id).load(tx.conn)?)
}

/// The same, newest first, those made before `before`.
pub fn newest(
    tx: &mut Tx<'_>,
    plan: &Plan,
    before: Option<MemberId>,
    rows: i64,
) -> Result<Vec<MemberId>> {
    let mut query = members::table.filter(ACTIVE).into_boxed();
    if let Some(before) = before {
        query = query.filter(members::id.lt(before));
    }
    let query = query.filter(plan.clause()).order(members::id.desc()).limit(rows);
    Ok(query.select(members::id).load(tx.conn)?)
}

/// How many active members fulfil a plan.
pub fn count(tx: &mut Tx<'_>, plan: &Plan) -> Result<i64> {
    let query = members::table.filter(ACTIVE).filter(plan.clause());
    Ok(query.select(count_star()).first(tx.conn)?)
}

/// The segments with these ids; `lock` keeps them from being changed or deleted until the transaction
/// ends.
pub fn definitions(tx: &mut Tx<'_>, ids: &BTreeSet<SegmentId>, lock: bool) -> Result<Definitions> {
    let ids: Vec<SegmentId> = ids.iter().copied().collect();
    let named = segments::table
        .filter(segments::id.eq_any(ids))
        .order(segments::id)
        .select((segments::id, segments::definition));
    let rows: Vec<(SegmentId, Json)> =
        if lock { for_update(named).load(tx.conn)? } else { named.load(tx.conn)? };
    rows.into_iter().map(|(id, definition)| Ok((id, definition.read::<Where>()?))).collect()
}

/// How many members' facts are read at once.
const CHUNK: usize = 1000;

/// What is known of these members, as far as a plan asks; those that are not there are left out.
pub fn facts(
    tx: &mut Tx<'_>,
    plan: &Plan,
    ids: &BTreeSet<MemberId>,
) -> Result<BTreeMap<MemberId, Facts>> {
    let ids: Vec<MemberId> = ids.iter().copied().collect();
    let mut known = BTreeMap::new();
    for ids in ids.chunks(CHUNK) {
        known.extend(some_facts(tx, plan, ids)?);
    }
    Ok(known)
}

type MemberColumns =
    (MemberId, MemberStatus, String, Option<String>, String, Timestamp, Option<String>, bool);

fn some_facts(tx: &mut Tx<'_>, plan: &Plan, ids: &[MemberId]) -> Result<HashMap<MemberId, Facts>> {
    let rows: Vec<MemberColumns> = members::table
        .filter(one_of(members::id, ids))
        .select((
            members::id,
            members::status,
            members::tier,
            members::country,
            members::locale,
            members::enrolled_at,
            members::birthday,
            members::marketing_consent,
        ))
        .load(tx.conn)?;
    let fact = |row: MemberColumns| {
        let (id, status, tier, country, locale, enrolled_at, birthday, marketing_consent) = row;
        let facts = Facts {
            status,
            tier,
            country,
            locale,
            enrolled_at,
            birthday: birthday.and_then(|text| text.parse().ok()),
            marketing_consent,
            tags: BTreeSet::new(),
            orders: Vec::new(),
            earned: Vec::new(),
            redeemed: Vec::new(),
            referrals: Vec::new(),
        };
        (id, facts)
    };
    let mut known: HashMap<MemberId, Facts> = rows.into_iter().map(fact).collect();
    if plan.asks(|field| field == Field::Tag) {
        tags(tx, ids, &mut known)?;
    }
    let of_orders =
        |field| matches!(field, Field::Orders | Field::SpendMinorUnits | Field::LastOrderDays);
    if plan.asks(of_orders) {
        load_orders(tx, ids, &mut known)?;
    }
    if plan.asks(|field| field == Field::PointsEarned) {
        earned(tx, ids, &mut known)?;
    }
    if plan.asks(|field| field == Field::PointsRedeemed) {
        redeemed(tx, ids, &mut known)?;
    }
    if plan.asks(|field| field == Field::ReferralsRewarded) {
        let rows: Vec<(MemberId, Option<Timestamp>)> = referrals::table
            .filter(one_of(referrals::referrer_id, ids))
            .filter(referrals::state.eq("rewarded"))
            .select((referrals::referrer_id, referrals::rewarded_at))
            .load(tx.conn)?;
        for (member, at) in rows {
            if let Some(facts) = known.get_mut(&member) {
                facts.referrals.extend(at);
            }
        }
    }
    Ok(known)
}

type Known = HashMap<MemberId, Facts>;

fn tags(tx: &mut Tx<'_>, ids: &[MemberId], known: &mut Known) -> Result<()> {
    let rows: Vec<(MemberId, String)> =
        member_tags::table.filter(one_of(member_tags::member_id, ids)).load(tx.conn)?;
    for (member, tag) in rows {
        if let Some(facts) = known.get_mut(&member) {
            facts.tags.insert(tag);
        }
    }
    Ok(())
}

fn load_orders(tx: &mut Tx<'_>, ids: &[MemberId], known: &mut Known) -> Result<()> {
    let rows: Vec<(MemberId, Timestamp, i64, i64, String)> = orders::table
        .filter(one_of(orders::member_id, ids))
        .filter(orders::cancelled_at.is_null())
        .select((
            orders::member_id,
            orders::placed_at,
            orders::amount,
            orders::refunded_amount,
            orders::currency,
        ))
        .load(tx.conn)?;
    for (member, placed_at, amount, refunded, currency) in rows {
        if let Some(facts) = known.get_mut(&member) {
            let currency = currency.parse().ok();
            facts.orders.push(OrderFact { placed_at, amount: amount - refunded, currency });
        }
    }
    Ok(())
}

fn earned(tx: &mut Tx<'_>, ids: &[MemberId], known: &mut Known) -> Result<()> {
    let undone: Vec<(MemberId, Json)> = entries::table
        .filter(one_of(entries::member_id, ids))
        .filter(entries::source_type.eq("entry"))
        .select((entries::member_id, entries::rule))
        .load(tx.conn)?;
    let undone: BTreeSet<(MemberId, i64)> = undone
        .into_iter()
        .filter_map(|(member, rule)| Some((member, rule.0.get("entry_seq")?.as_i64()?)))
        .collect();
    let rows: Vec<(MemberId, i64, Timestamp, i64)> = entries::table
        .filter(one_of(entries::member_id, ids))
        .filter(entries::kind.eq_any(["earn", "referral"]))
        .select((entries::member_id, entries::seq, entries::occurred_at, entries::points))
        .load(tx.conn)?;
    let came = rows.into_iter().filter(|(member, seq, ..)| !undone.contains(&(*member, *seq)));
    let came: Vec<_> = came.map(|(member, _, at, points)| (member, at, points)).collect();
    let clawed: Vec<(MemberId, Timestamp, i64)> = orders::table
        .filter(one_of(orders::member_id, ids))
        .filter(orders::clawed_points.ne(0))
        .select((orders::member_id, orders::placed_at, orders::clawed_points))
        .load(tx.conn)?;
    let reversed: Vec<(MemberId, Timestamp, i64)> = referral_payouts::table
        .filter(one_of(referral_payouts::member_id, ids))
        .filter(referral_payouts::entry_seq.is_not_null())
        .filter(referral_payouts::reversed_at.is_not_null())
        .select((referral_payouts::member_id, referral_payouts::paid_at, referral_payouts::points))
        .load(tx.conn)?;
    let went = clawed.into_iter().chain(reversed).map(|(member, at, points)| (member, at, -points));
    for (member, at, points) in came.into_iter().chain(went) {
        if let Some(facts) = known.get_mut(&member) {
            facts.earned.push((at, points));
        }
    }
    Ok(())
}

fn redeemed(tx: &mut Tx<'_>, ids: &[MemberId], known: &mut Known) -> Result<()> {
    let spent: Vec<(MemberId, Timestamp, i64)> = entries::table
        .filter(one_of(entries::member_id, ids))
        .filter(entries::kind.eq("redeem"))
        .select((entries::member_id, entries::occurred_at, entries::points))
        .load(tx.conn)?;
    let back: Vec<(MemberId, Timestamp, i64, i64, i64)> = redemptions::table
        .filter(one_of(redemptions::member_id, ids))
        .filter(redemptions::cancelled_quantity.ne(0))
        .select((
            redemptions::member_id,
            redemptions::placed_at,
            redemptions::points,
            redemptions::quantity,
            redemptions::cancelled_quantity,
        ))
        .load(tx.conn)?;
    let back = back.into_iter().map(|(member, at, points, quantity, cancelled)| {
        (member, at, -(points / quantity.max(1) * cancelled))
    });
    let spent = spent.into_iter().map(|(member, at, points)| (member, at, -points));
    for (member, at, points) in spent.chain(back) {
        if let Some(facts) = known.get_mut(&member) {
            facts.redeemed.push((at, points));
        }
    }
    Ok(())
}
