//! Owing thanks, giving them, and looking at them.

mod giving;
mod owing;
mod owners;

pub use giving::{Brought, assign, give, never_counted, waive};
pub use owing::{owe, owe_anew};
pub use owners::hand_on_orphans;

pub use super::letters::{opening, reach};
pub use super::store::{Sought, get, list, of_deed, of_deeds};
use super::{Thanks, store};
use crate::members::{self, Member};
use platform::{
    db::Tx,
    kernel::{
        error::{Error, Result},
        id::{MemberId, ThanksId},
    },
};

/// Whose thanks these are; `None` where there are none.
pub fn member_of(tx: &mut Tx<'_>, id: ThanksId) -> Result<Option<MemberId>> {
    match store::get(tx, id) {
        Ok(thanks) => Ok(Some(thanks.member_id)),
        Err(Error::Refused(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The thanks and their member, whose row is locked first.
fn lock(tx: &mut Tx<'_>, id: ThanksId) -> Result<(Thanks, Member)> {
    // whose they are never changes
    let member = store::get(tx, id)?.member_id;
    let member = members::service::lock(tx, member)?
        .ok_or_else(|| Error::internal("thanks without their member"))?;
    Ok((store::lock(tx, id)?, member))
}
