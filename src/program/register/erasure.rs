//! Erasing a person: the numbers stay, the name goes.

use super::PARTS;
use crate::members::{MemberStatus, personal, service};
use platform::{
    auth::Caller,
    db::{Tx, meta, personal::Erased},
    kernel::{error::Result, id::MemberId},
};

/// Erases a member: who it was, how it signed in, what was written to it and about it, and what it
/// bought, and why staff suspended it. Entries, orders without their lines, and referrals stay, and
/// the code that it shared is good for nothing any more. An erased one stays as it is.
///
/// # Errors
/// An unknown member.
pub fn erase(tx: &mut Tx<'_>, id: MemberId, by: &Caller) -> Result<()> {
    let member = service::lock_seen(tx, id, by)?;
    if member.status == MemberStatus::Erased {
        return Ok(());
    }
    let email = member.email.as_deref().and_then(|email| email.parse().ok());
    let erased = Erased { id, email };
    for part in PARTS {
        (part.erase)(tx, &erased)?;
    }
    meta::mark_erased(tx)?;
    personal::empty(tx, member, by)?;
    tracing::info!(member = %id, by = by.label(), "a member was erased");
    Ok(())
}
