//! Rows of chosen codes.

use std::collections::HashSet;

use diesel::prelude::*;

use super::VanityCode;
use platform::{
    db::{
        Tx,
        bulk::Bulk,
        prepared::one_of,
        schema::{referral_sharers, vanity_codes},
        types::RawId,
    },
    kernel::{clock::Timestamp, error::Result, id::MemberId},
};

/// Whose the codes are that look like this.
pub fn owner(tx: &mut Tx<'_>, skeleton: &str) -> Result<Option<MemberId>> {
    let of = vanity_codes::table.find(skeleton).select(vanity_codes::member_id);
    Ok(of.first(tx.conn).optional()?)
}

/// Which of these are the looks of codes that somebody chose.
pub fn chosen(tx: &mut Tx<'_>, skeletons: &[String]) -> Result<HashSet<String>> {
    let chosen = vanity_codes::table.filter(one_of(vanity_codes::skeleton, skeletons));
    let chosen: Vec<String> = chosen.select(vanity_codes::skeleton).load(tx.conn)?;
    Ok(chosen.into_iter().collect())
}

/// The code that a member has chosen, and when.
pub fn in_use(tx: &mut Tx<'_>, member: MemberId) -> Result<Option<(String, Timestamp)>> {
    Ok(vanity_codes::table
        .filter(vanity_codes::member_id.eq(member))
        .filter(vanity_codes::retired_at.is_null())
        .select((vanity_codes::code, vanity_codes::set_at))
        .first(tx.conn)
        .optional()?)
}

/// When a member chose last.
pub fn last_choice(tx: &mut Tx<'_>, member: MemberId) -> Result<Option<Timestamp>> {
    Ok(vanity_codes::table
        .filter(vanity_codes::member_id.eq(member))
        .order(vanity_codes::set_at.desc())
        .select(vanity_codes::set_at)
        .first(tx.conn)
        .optional()?)
}

/// Ends the use of a member's code; it goes on leading to the member.
pub fn retire(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    let used = vanity_codes::table
        .filter(vanity_codes::member_id.eq(member))
        .filter(vanity_codes::retired_at.is_null());
    diesel::update(used).set(vanity_codes::retired_at.eq(Some(tx.now))).execute(tx.conn)?;
    Ok(())
}

/// Gives a member a code, or gives it one back that it had; `false` where it is another's.
pub fn put(tx: &mut Tx<'_>, member: MemberId, code: &VanityCode) -> Result<bool> {
    let written = Bulk::into("vanity_codes")
        .column("skeleton", [code.skeleton()])
        .column("member_id", [RawId::from(member)])
        .column("code", [code.as_str().to_owned()])
        .column("set_at", [tx.now])
        .tail("ON CONFLICT DO NOTHING")
        .execute(tx.conn)?;
    if written > 0 {
        return Ok(true);
    }
    let own = vanity_codes::table
        .filter(vanity_codes::skeleton.eq(code.skeleton()))
        .filter(vanity_codes::member_id.eq(member));
    let back = diesel::update(own)
        .set((
            vanity_codes::code.eq(code.as_str()),
            vanity_codes::set_at.eq(tx.now),
            vanity_codes::retired_at.eq(None::<Timestamp>),
        ))
        .execute(tx.conn)?;
    Ok(back > 0)
}

pub fn on_leaderboard(tx: &mut Tx<'_>, member: MemberId) -> Result<bool> {
    let on = referral_sharers::table.find(member).select(referral_sharers::on_leaderboard);
    Ok(on.first(tx.conn).optional()?.unwrap_or(false))
}

pub fn set_on_leaderboard(tx: &mut Tx<'_>, member: MemberId, on: bool) -> Result<()> {
    Bulk::into("referral_sharers")
        .column("member_id", [RawId::from(member)])
        .column("on_leaderboard", [on])
        .tail("ON CONFLICT (member_id) DO UPDATE SET on_leaderboard = excluded.on_leaderboard")
        .execute(tx.conn)?;
    Ok(())
}

/// Forgets what a member chose.
pub fn forget(tx: &mut Tx<'_>, member: MemberId) -> Result<()> {
    diesel::delete(vanity_codes::table.filter(vanity_codes::member_id.eq(member)))
        .execute(tx.conn)?;
    diesel::delete(referral_sharers::table.find(member)).execute(tx.conn)?;
    Ok(())
}
