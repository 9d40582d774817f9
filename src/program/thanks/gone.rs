//! What becomes of thanks when their member is gone. It stands below the members, who call it.

use diesel::prelude::*;

use platform::{
    db::{Tx, schema::thanks},
    kernel::{error::Result, id::MemberId},
};

/// Why nobody thanks any more.
const MEMBER_GONE: &str = "member_gone";

/// Waives what is owed to a member that is suspended or erased. Who is reinstated is not owed it
/// again: the moment has passed.
pub fn waive(tx: &mut Tx<'_>, member: MemberId, by: String) -> Result<()> {
    let owed = thanks::table.filter(thanks::member_id.eq(member)).filter(thanks::state.eq("owed"));
    diesel::update(owed)
        .set((
            thanks::state.eq("waived"),
            thanks::waived_at.eq(Some(tx.now)),
            thanks::waived_by.eq(Some(by)),
            thanks::waive_reason.eq(Some(MEMBER_GONE)),
        ))
        .execute(tx.conn)?;
    Ok(())
}

/// Empties what people wrote in thanks to a member.
pub fn forget_words(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let theirs = thanks::table.filter(thanks::member_id.eq(member));
    diesel::update(theirs).set(thanks::message.eq(None::<String>)).execute(tx.conn)?;
    let said = theirs.filter(thanks::waive_reason.ne(MEMBER_GONE));
    diesel::update(said).set(thanks::waive_reason.eq(None::<String>)).execute(tx.conn)?;
    Ok(())
}
