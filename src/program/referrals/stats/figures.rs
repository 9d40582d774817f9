//! The figures themselves.

use std::collections::BTreeMap;

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    members::MemberStatus,
    referrals::{ReferralState, codes::TouchKind},
};
use platform::{
    db::{
        Tx,
        schema::{members, orders, referral_payouts, referral_touches, referrals},
        types::InstantSql,
    },
    kernel::{
        clock::Timestamp,
        error::Result,
        id::MemberId,
        money::{Currency, Money},
    },
};

/// What some customers bought.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Sales {
    /// That were not cancelled.
    #[schema(example = 41)]
    pub orders: i64,
    /// After refunds.
    pub total: Money,
    /// Null of no orders.
    pub average: Option<Money>,
}

impl Sales {
    fn new(orders: i64, amount: i64, currency: Currency) -> Self {
        let money = |amount| Money { amount, currency };
        let average = (orders > 0).then(|| money(amount / orders.max(1)));
        Self { orders, total: money(amount), average }
    }
}

/// What happened in a period, each by its own moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Figures {
    /// That links were followed, by people.
    #[schema(example = 310)]
    pub visits: i64,
    #[schema(example = 85)]
    pub shares: i64,
    #[schema(example = 40)]
    pub joined: i64,
    #[schema(example = 22)]
    pub qualified: i64,
    #[schema(example = 18)]
    pub rewarded: i64,
    pub reversed: i64,
    pub lapsed: i64,
    pub rejected: i64,
    /// To referrers and friends, steps among them.
    #[schema(example = 12_600)]
    pub points_paid: i64,
    pub points_taken_back: i64,
    /// Of friends, since they joined; those that were rejected don't count.
    pub referred: Sales,
    /// Of everybody else.
    pub others: Sales,
}

type Span = (Timestamp, Timestamp);

macro_rules! within {
    ($column:expr, $span:expr) => {
        $column.ge($span.0).and($column.lt($span.1))
    };
}

/// All that happened in `[from, to)`.
pub fn of(tx: &mut Tx<'_>, span: Span, currency: Currency) -> Result<Figures> {
    let joined = referrals::table.filter(within!(referrals::joined_at, span));
    let qualified = referrals::table.filter(within!(referrals::qualified_at, span));
    let rewarded = referrals::table.filter(within!(referrals::rewarded_at, span));
    let (friends, amount) = sales_of_friends(tx, span)?;
    let (orders, all) = sales(tx, span)?;
    Ok(Figures {
        visits: touches(tx, span, TouchKind::Visit)?,
        shares: touches(tx, span, TouchKind::Share)?,
        joined: joined.count().get_result(tx.conn)?,
        qualified: qualified.count().get_result(tx.conn)?,
        rewarded: rewarded.count().get_result(tx.conn)?,
        reversed: ended(tx, span, ReferralState::Reversed)?,
        lapsed: ended(tx, span, ReferralState::Lapsed)?,
        rejected: ended(tx, span, ReferralState::Rejected)?,
        points_paid: referral_payouts::table
            .filter(within!(referral_payouts::paid_at, span))
            .select(sql::<BigInt>(SUM_OF_POINTS))
            .get_result(tx.conn)?,
        points_taken_back: referral_payouts::table
            .filter(within!(referral_payouts::reversed_at, span))
            .select(sql::<BigInt>(SUM_OF_POINTS))
            .get_result(tx.conn)?,
        referred: Sales::new(friends, amount, currency),
        others: Sales::new(orders - friends, all - amount, currency),
    })
}

const SUM_OF_POINTS: &str = "CAST(COALESCE(SUM(points), 0) AS BIGINT)";
const SUM_OF_ORDERS: &str =
    "CAST(COALESCE(SUM(orders.amount - orders.refunded_amount), 0) AS BIGINT)";

fn touches(tx: &mut Tx<'_>, span: Span, kind: TouchKind) -> Result<i64> {
    Ok(referral_touches::table
        .filter(within!(referral_touches::touched_at, span))
        .filter(referral_touches::kind.eq(kind))
        .count()
        .get_result(tx.conn)?)
}

fn ended(tx: &mut Tx<'_>, span: Span, state: ReferralState) -> Result<i64> {
    Ok(referrals::table
        .filter(within!(referrals::ended_at, span))
        .filter(referrals::state.eq(state))
        .count()
        .get_result(tx.conn)?)
}

fn sales(tx: &mut Tx<'_>, span: Span) -> Result<(i64, i64)> {
    Ok(orders::table
        .filter(within!(orders::placed_at, span))
        .filter(orders::cancelled_at.is_null())
        .select((sql::<BigInt>("COUNT(*)"), sql::<BigInt>(SUM_OF_ORDERS)))
        .get_result(tx.conn)?)
}

fn sales_of_friends(tx: &mut Tx<'_>, span: Span) -> Result<(i64, i64)> {
    Ok(orders::table
        .inner_join(referrals::table.on(referrals::referee_id.eq(orders::member_id)))
        .filter(within!(orders::placed_at, span))
        .filter(orders::placed_at.ge(referrals::joined_at))
        .filter(orders::cancelled_at.is_null())
        .filter(referrals::state.ne(ReferralState::Rejected))
        .select((sql::<BigInt>("COUNT(*)"), sql::<BigInt>(SUM_OF_ORDERS)))
        .get_result(tx.conn)?)
}

/// How many members there are who enrolled before `to`.
pub fn members(tx: &mut Tx<'_>, to: Timestamp) -> Result<i64> {
    Ok(members::table
        .filter(members::enrolled_at.lt(to))
        .filter(members::status.ne(MemberStatus::Erased))
        .count()
        .get_result(tx.conn)?)
}

/// Half of those friends who joined in the span and bought did so within so many hours.
pub fn median_hours(tx: &mut Tx<'_>, span: Span) -> Result<Option<i64>> {
    let first: Vec<(Timestamp, Timestamp)> = referrals::table
        .inner_join(orders::table.on(orders::member_id.eq(referrals::referee_id)))
        .filter(within!(referrals::joined_at, span))
        .filter(orders::placed_at.ge(referrals::joined_at))
        .filter(orders::cancelled_at.is_null())
        .group_by((referrals::id, referrals::joined_at))
        .select((referrals::joined_at, sql::<InstantSql>("MIN(orders.placed_at)")))
        .load(tx.conn)?;
    let mut hours: Vec<i64> = first
        .into_iter()
        .map(|(joined, bought)| i64::try_from(bought.since(joined).as_secs() / 3600).unwrap_or(0))
        .collect();
    hours.sort_unstable();
    Ok(hours.get(hours.len() / 2).copied())
}

/// Counts by referrer.
type Counts = Vec<(MemberId, i64)>;

/// What each referrer's friends did, those who were paid for most first.
pub fn by_referrer(
    tx: &mut Tx<'_>,
    span: Span,
    currency: Currency,
) -> Result<Vec<(MemberId, Figures)>> {
    let count = || sql::<BigInt>("COUNT(*)");
    let mut all: BTreeMap<MemberId, Figures> = BTreeMap::new();
    let nothing = || Figures {
        visits: 0,
        shares: 0,
        joined: 0,
        qualified: 0,
        rewarded: 0,
        reversed: 0,
        lapsed: 0,
        rejected: 0,
        points_paid: 0,
        points_taken_back: 0,
        referred: Sales::new(0, 0, currency),
        others: Sales::new(0, 0, currency),
    };
    let mut put = |counts: Counts, set: fn(&mut Figures, i64)| {
        for (id, number) in counts {
            set(all.entry(id).or_insert_with(nothing), number);
        }
    };
    for kind in [TouchKind::Visit, TouchKind::Share] {
        let counts: Counts = referral_touches::table
            .filter(within!(referral_touches::touched_at, span))
            .filter(referral_touches::kind.eq(kind))
            .group_by(referral_touches::member_id)
            .select((referral_touches::member_id, count()))
            .load(tx.conn)?;
        put(
            counts,
            match kind {
                TouchKind::Visit => |figures, number| figures.visits = number,
                TouchKind::Share => |figures, number| figures.shares = number,
            },
        );
    }
    let of = || {
        referrals::table
            .group_by(referrals::referrer_id)
            .select((referrals::referrer_id, sql::<BigInt>("COUNT(*)")))
    };
    put(of().filter(within!(referrals::joined_at, span)).load(tx.conn)?, |f, n| f.joined = n);
    put(of().filter(within!(referrals::qualified_at, span)).load(tx.conn)?, |f, n| f.qualified = n);
    put(of().filter(within!(referrals::rewarded_at, span)).load(tx.conn)?, |f, n| f.rewarded = n);
    for (state, set) in [
        (ReferralState::Reversed, (|f, n| f.reversed = n) as fn(&mut Figures, i64)),
        (ReferralState::Lapsed, |f, n| f.lapsed = n),
        (ReferralState::Rejected, |f, n| f.rejected = n),
    ] {
        let counts =
            of().filter(within!(referrals::ended_at, span)).filter(referrals::state.eq(state));
        put(counts.load(tx.conn)?, set);
    }
    let paid = || {
        referral_payouts::table
            .inner_join(referrals::table.on(referrals::id.eq(referral_payouts::referral_id)))
            .group_by(referrals::referrer_id)
            .select((
                referrals::referrer_id,
                sql::<BigInt>("CAST(COALESCE(SUM(referral_payouts.points), 0) AS BIGINT)"),
            ))
    };
    put(paid().filter(within!(referral_payouts::paid_at, span)).load(tx.conn)?, |f, n| {
        f.points_paid = n;
    });
    put(paid().filter(within!(referral_payouts::reversed_at, span)).load(tx.conn)?, |f, n| {
        f.points_taken_back = n;
    });
    let sales: Vec<(MemberId, i64, i64)> = orders::table
        .inner_join(referrals::table.on(referrals::referee_id.eq(orders::member_id)))
        .filter(within!(orders::placed_at, span))
        .filter(orders::placed_at.ge(referrals::joined_at))
        .filter(orders::cancelled_at.is_null())
        .filter(referrals::state.ne(ReferralState::Rejected))
        .group_by(referrals::referrer_id)
        .select((referrals::referrer_id, count(), sql::<BigInt>(SUM_OF_ORDERS)))
        .load(tx.conn)?;
    for (id, orders, amount) in sales {
        all.entry(id).or_insert_with(nothing).referred = Sales::new(orders, amount, currency);
    }
    let mut all: Vec<(MemberId, Figures)> = all.into_iter().collect();
    all.sort_by_key(|(id, one)| (-one.rewarded, -one.joined, -one.visits, *id));
    Ok(all)
}
