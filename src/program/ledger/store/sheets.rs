//! Accounts as they are read most: many at once, each with what of it expires next.

use std::collections::BTreeMap;

use diesel::{
    RunQueryDsl,
    sql_types::{BigInt, Nullable},
};

use super::rows::AccountRow;
use platform::{
    db::{
        Tx,
        schema::accounts,
        types::{InstantSql, RawId},
        written::Written,
    },
    kernel::{clock::Timestamp, error::Result, id::MemberId},
};

/// An account, and what of its open lots ends when, soonest first (the next twelve instants):
/// points and when.
pub type Sheet = (AccountRow, Vec<(i64, Timestamp)>);

type Row = (accounts::SqlType, Nullable<BigInt>, Nullable<InstantSql>);

/// The accounts of these members; one who has none is left out.
pub fn sheets(tx: &mut Tx<'_>, members: &[MemberId]) -> Result<BTreeMap<MemberId, Sheet>> {
    let query = Written::<Row>::new()
        .both(
            "SELECT a.member_id, a.seq, a.available, a.pending, a.held, a.debt, \
             a.lifetime_earned, a.lifetime_redeemed, a.lifetime_expired, a.next_change_at, a.hold_seq, \
             e.points, e.expires_at FROM accounts AS a LEFT JOIN ",
        )
        .either(
            "LATERAL (SELECT points, expires_at FROM expiries WHERE member_id = a.member_id \
             ORDER BY expires_at LIMIT 12) AS e ON TRUE",
            "expiries AS e ON e.member_id = a.member_id AND e.expires_at IN (SELECT expires_at \
             FROM expiries WHERE member_id = a.member_id ORDER BY expires_at LIMIT 12)",
        )
        .both(" WHERE a.member_id")
        .among(members.iter().map(|id| RawId::from(*id)))
        .both(" ORDER BY a.member_id, e.expires_at");
    let rows: Vec<(AccountRow, Option<i64>, Option<Timestamp>)> = query.load(tx.conn)?;
    let mut all: BTreeMap<MemberId, Sheet> = BTreeMap::new();
    for (account, points, at) in rows {
        let (_, expiring) = all.entry(account.member_id).or_insert_with(|| (account, Vec::new()));
        expiring.extend(points.zip(at));
    }
    Ok(all)
}
