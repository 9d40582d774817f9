//! Referrals' rows.

use diesel::prelude::*;

use super::{Referral, ReferralState};
use crate::{
    db::{Tx, bulk::Bulk, schema::referrals, types::RawId},
    kernel::{
        error::Result,
        id::{MemberId, ReferralId},
    },
};

pub fn insert(tx: &mut Tx<'_>, referral: &Referral) -> Result<()> {
    Bulk::into("referrals")
        .column("id", [RawId::from(referral.id)])
        .column("referrer_id", [RawId::from(referral.referrer_id)])
        .column("referee_id", [RawId::from(referral.referee_id)])
        .column("code", [referral.code.clone()])
        .column("state", [referral.state.as_str().to_owned()])
        .column("joined_at", [referral.joined_at])
        .execute(tx.conn)?;
    Ok(())
}

pub fn find(tx: &mut Tx<'_>, id: ReferralId) -> Result<Option<Referral>> {
    Ok(referrals::table.find(id).first(tx.conn).optional()?)
}

pub fn list(
    tx: &mut Tx<'_>,
    referrer: Option<MemberId>,
    state: Option<ReferralState>,
    after: Option<ReferralId>,
    rows: i64,
) -> Result<Vec<Referral>> {
    let mut query = referrals::table.into_boxed();
    if let Some(referrer) = referrer {
        query = query.filter(referrals::referrer_id.eq(referrer));
    }
    if let Some(state) = state {
        query = query.filter(referrals::state.eq(state));
    }
    if let Some(after) = after {
        query = query.filter(referrals::id.lt(after));
    }
    Ok(query.order(referrals::id.desc()).limit(rows).load(tx.conn)?)
}
