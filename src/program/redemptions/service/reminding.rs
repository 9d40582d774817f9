//! Members are reminded of vouchers that they have not used, once, some days before these end.

use std::collections::BTreeSet;

use crate::{
    members,
    redemptions::{Redemption, VoucherState, letters, store},
    rewards,
};
use platform::{
    db::{Store, Tx},
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, RedemptionId},
        notice::Notice,
    },
    settings,
};

/// How many vouchers one transaction looks at.
const CHUNK: i64 = 100;
/// How long before they end members are reminded; `None` where nobody is.
fn notice(tx: &mut Tx<'_>) -> Result<Option<Notice>> {
    let settings = settings::service::get(tx)?;
    Ok(Notice::new(settings.time_zone, settings.voucher_reminder_days.get()))
}

/// When the next reminder falls due, after now and by `until` at the latest.
pub fn next_reminder(tx: &mut Tx<'_>, until: Timestamp) -> Result<Option<Timestamp>> {
    let Some(notice) = notice(tx)? else { return Ok(None) };
    let next = store::next_to_remind(tx, notice.ends_by(tx.now))?.map(|end| notice.due_at(end));
    Ok(next.filter(|at| *at > tx.now && *at <= until))
}

/// Queues the letters that are due, a chunk in a transaction.
pub async fn remind_due(store: &Store) -> Result<()> {
    // most runs find nothing, and need no writer for that
    while store.read(|tx| Ok(!due(tx, 1)?.is_empty())).await? {
        store.write(remind_some).await?;
    }
    Ok(())
}

fn due(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<(MemberId, RedemptionId)>> {
    let Some(notice) = notice(tx)? else { return Ok(Vec::new()) };
    store::to_remind(tx, notice.ends_by(tx.now), limit)
}

/// Each is looked at once: those with less time than that at birth, and those whose members are
/// gone, get no letter.
fn remind_some(tx: &mut Tx<'_>) -> Result<()> {
    let Some(notice) = notice(tx)? else { return Ok(()) };
    let (members, ids): (BTreeSet<MemberId>, Vec<RedemptionId>) =
        due(tx, CHUNK)?.into_iter().unzip();
    let members = members::service::many::lock_all(tx, &members)?;
    let mut found: Vec<Redemption> = store::lock(tx, &ids)?;
    let now = tx.now;
    // another may have used or cancelled some, or reminded of them, while we waited for the locks
    found.retain(|redemption| {
        let voucher = redemption.voucher.as_ref();
        voucher.is_some_and(|voucher| {
            voucher.reminded_at.is_none() && voucher.state(now) == VoucherState::Live
        })
    });
    let ids: Vec<RedemptionId> = found.iter().map(|redemption| redemption.id).collect();
    store::set_reminded(tx, &ids)?;
    let rewards = found.iter().map(|redemption| redemption.reward_id).collect();
    let rewards = rewards::service::find_all(tx, &rewards)?;
    let endings = found.iter().filter_map(|redemption| {
        let voucher = redemption.voucher.as_ref()?;
        let member = members.get(&redemption.member_id)?;
        let reward = rewards.get(&redemption.reward_id)?;
        let wanted = notice.wants(voucher.expires_at, redemption.placed_at);
        wanted.then_some(letters::Ending { redemption, voucher, member, reward })
    });
    letters::ending(tx, endings)
}
