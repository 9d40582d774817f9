//! Postings of holds.

use platform::kernel::{
    clock::Timestamp,
    id::{HoldId, MemberId},
};
use program::ledger::{Act, EntryKind, Posting};

use super::DAY;
use crate::world::{World, posting};

pub fn id(world: &World) -> HoldId {
    HoldId::new(world.clock.now(), world.store.chance())
}

pub fn hold(member: MemberId, id: HoldId, order: &str, points: i64, until: Timestamp) -> Posting {
    let now = until.minus(DAY);
    let act = Act::Hold { id, order_ref: order.to_owned(), points, expires_at: until };
    posting(member, act, now)
}

pub fn capture(member: MemberId, hold: HoldId, points: Option<i64>, now: Timestamp) -> Posting {
    posting(member, Act::Capture { hold, points }, now)
}

pub fn release(member: MemberId, hold: HoldId, now: Timestamp) -> Posting {
    posting(member, Act::Release { hold }, now)
}

pub fn redeem_for(member: MemberId, order: &str, points: i64, now: Timestamp) -> Posting {
    let order_ref = Some(order.to_owned());
    posting(member, Act::Debit { kind: EntryKind::Redeem, points, order_ref }, now)
}

pub async fn all_taken(world: &World, postings: Vec<Posting>) {
    let answers = world.post_all(postings).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
}
