//! The leaderboard, of those who want to be on it.

use diesel::{dsl::sql, prelude::*, sql_types::BigInt};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{members::MemberStatus, period::Period, referrals::ReferralState};
use platform::{
    db::{
        Tx,
        schema::{members, referral_sharers, referrals},
    },
    kernel::{error::Result, id::MemberId},
};

/// How many are on it at most.
const MOST: i64 = 50;

/// A place on the leaderboard.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Leader {
    /// From 1; those with as many friends share a place.
    #[schema(example = 1)]
    pub place: i64,
    /// Given name, and what the family name begins with.
    #[schema(example = "Þórdís Æ.")]
    pub name: String,
    /// For whom both were paid in the period.
    #[schema(example = 7)]
    pub friends: i64,
    #[serde(skip)]
    pub member_id: MemberId,
}

/// Who brought most friends for whom both were paid in the period, of those who want to be named.
pub fn leaderboard(tx: &mut Tx<'_>, period: &Period) -> Result<Vec<Leader>> {
    type Row = (MemberId, Option<String>, Option<String>, i64);
    let (from, to) = period.instants();
    let rows: Vec<Row> = referrals::table
        .inner_join(members::table.on(members::id.eq(referrals::referrer_id)))
        .inner_join(
            referral_sharers::table.on(referral_sharers::member_id.eq(referrals::referrer_id)),
        )
        .filter(referral_sharers::on_leaderboard.eq(true))
        .filter(members::status.eq(MemberStatus::Active))
        .filter(referrals::state.eq(ReferralState::Rewarded))
        .filter(referrals::rewarded_at.ge(from))
        .filter(referrals::rewarded_at.lt(to))
        .group_by((members::id, members::given_name, members::family_name))
        .order((sql::<BigInt>("COUNT(*) DESC"), members::id.asc()))
        .limit(MOST)
        .select((members::id, members::given_name, members::family_name, sql::<BigInt>("COUNT(*)")))
        .load(tx.conn)?;
    let mut leaders: Vec<Leader> = Vec::new();
    for (number, (member_id, given, family, friends)) in (1..).zip(rows) {
        let shared = leaders.last().filter(|last| last.friends == friends);
        let place = shared.map_or(number, |last| last.place);
        let initial = family.and_then(|name| name.chars().next());
        let given = given.unwrap_or_default();
        let name = initial.map_or_else(|| given.clone(), |letter| format!("{given} {letter}."));
        leaders.push(Leader { place, name, friends, member_id });
    }
    Ok(leaders)
}
