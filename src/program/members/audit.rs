//! The members' part of the audit.

use diesel::prelude::*;

use super::MemberStatus;
use crate::ledger::audit::{Room, STRAYS_TOLD};
use platform::{
    db::{Tx, schema::members},
    kernel::{difference::Findings, error::Result, id::MemberId},
};

pub const ROOM: Room = Room { strays, ..Room::EMPTY };

fn strays(tx: &mut Tx<'_>, findings: &mut Findings) -> Result<()> {
    let known = MemberStatus::ALL.iter().map(|status| status.as_str());
    let found: Vec<(MemberId, String)> = members::table
        .filter(members::status.ne_all(known))
        .select((members::id, members::status))
        .limit(STRAYS_TOLD)
        .load(tx.conn)?;
    for (member, status) in found {
        findings.of(&member).differs(format_args!("status"), "a word that is known", status);
    }
    Ok(())
}
