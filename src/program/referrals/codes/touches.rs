//! That a link was followed, or shared: which member's, when, and nothing of who did it.

use diesel::prelude::*;

use platform::{
    db::{Tx, bulk::Bulk, schema::referral_touches, types::RawId},
    kernel::{
        error::Result,
        id::{MemberId, TouchId},
        text::Line,
    },
    words,
};

words! {
    /// What was done with a link.
    pub enum TouchKind { Visit = "visit", Share = "share" }
}

/// By which way a link was shared: `mail`, `copy`, `qr`, or the storefront's own word.
pub type Channel = Line<50>;

/// Somebody followed a member's link.
pub fn note_visit(tx: &mut Tx<'_>, member: MemberId) -> Result<TouchId> {
    note(tx, member, TouchKind::Visit, None)
}

/// A member shared its link.
pub fn note_share(tx: &mut Tx<'_>, member: MemberId, channel: Option<&Channel>) -> Result<TouchId> {
    note(tx, member, TouchKind::Share, channel)
}

fn note(
    tx: &mut Tx<'_>,
    member: MemberId,
    kind: TouchKind,
    channel: Option<&Channel>,
) -> Result<TouchId> {
    let id: TouchId = tx.new_id();
    Bulk::into("referral_touches")
        .column("id", [RawId::from(id)])
        .column("member_id", [RawId::from(member)])
        .column("kind", [kind.as_str().to_owned()])
        .column("channel", [channel.map(ToString::to_string)])
        .column("touched_at", [tx.now])
        .execute(tx.conn)?;
    Ok(id)
}

/// Forgets by which ways a member shared: a storefront's words. That it did stays counted.
pub fn forget_touches(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    diesel::update(referral_touches::table.filter(referral_touches::member_id.eq(member)))
        .set(referral_touches::channel.eq(None::<String>))
        .execute(tx.conn)?;
    Ok(())
}
