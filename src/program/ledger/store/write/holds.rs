//! Writing holds, and the lots of new ones.

use crate::ledger::{Hold, HoldState, account::Account};
use platform::{
    db::{Tx, bulk::Bulk, types::RawId},
    kernel::error::Result,
};

pub(super) fn write(tx: &mut Tx<'_>, changed: &[&Account]) -> Result<()> {
    let mut rows: Vec<&Hold> = changed
        .iter()
        .flat_map(|account| {
            let holds = account.changes.holds.iter().filter_map(|id| account.holds.get(id));
            holds.map(|held| &held.hold)
        })
        .collect();
    // one that ended makes room for the live one that an order may have
    rows.sort_by_key(|hold| hold.state == HoldState::Live);
    Bulk::into("holds")
        .column("id", rows.iter().map(|hold| RawId::from(hold.id)))
        .column("member_id", rows.iter().map(|hold| RawId::from(hold.member)))
        .column("seq", rows.iter().map(|hold| hold.seq))
        .column("order_ref", rows.iter().map(|hold| hold.order_ref.clone()))
        .column("points", rows.iter().map(|hold| hold.points))
        .column("captured_points", rows.iter().map(|hold| hold.captured_points))
        .column("state", rows.iter().map(|hold| hold.state.as_str().to_owned()))
        .column("entry_seq", rows.iter().map(|hold| hold.entry_seq))
        .column("placed_by", rows.iter().map(|hold| hold.placed_by.clone()))
        .column("placed_at", rows.iter().map(|hold| hold.placed_at))
        .column("expires_at", rows.iter().map(|hold| hold.expires_at))
        .column("ended_at", rows.iter().map(|hold| hold.ended_at))
        .tail(
            "ON CONFLICT (id) DO UPDATE SET captured_points = excluded.captured_points, \
             state = excluded.state, entry_seq = excluded.entry_seq, ended_at = excluded.ended_at",
        )
        .execute(tx.conn)?;
    let parts = || {
        changed.iter().flat_map(|account| {
            let new = account.changes.new_holds.iter();
            new.flat_map(|(id, parts)| parts.iter().map(|part| (account.member, *id, *part)))
        })
    };
    Bulk::into("hold_parts")
        .column("hold_id", parts().map(|(_, id, _)| RawId::from(id)))
        .column("lot_seq", parts().map(|(.., (lot_seq, _))| lot_seq))
        .column("member_id", parts().map(|(member, ..)| RawId::from(member)))
        .column("points", parts().map(|(.., (_, points))| points))
        .execute(tx.conn)?;
    Ok(())
}
