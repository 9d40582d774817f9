//! The audit of perks: each agrees with itself, with the entries that brought its points and took
//! them back, and with the redemption that brought its reward; and every gift has its perk.

mod case;
mod rows;

use std::collections::BTreeSet;

use diesel::prelude::*;

use self::case::Case;
use crate::ledger::audit::{Ledgers, Page, Room, by_source, without_account};
use platform::{
    db::{
        Tx,
        schema::{perks, redemptions},
    },
    kernel::{
        difference::Findings,
        error::Result,
        id::{MemberId, RedemptionId},
    },
};

pub const ROOM: Room = Room { check, strays };

fn check(tx: &mut Tx<'_>, ledgers: &Ledgers, page: &mut Page) -> Result<()> {
    let members: Vec<MemberId> = ledgers.keys().copied().collect();
    let entries = by_source(ledgers, "perk");
    let mut given = BTreeSet::new();
    let mut after = None;
    loop {
        let perks = rows::perks(tx, &members, after)?;
        let Some(last) = perks.last() else { break };
        after = Some((last.member_id, last.id));
        let gifts = rows::gifts(tx, &perks)?;
        page.findings.count("perks", perks.len());
        given.extend(perks.iter().filter_map(|perk| perk.redemption_id));
        for perk in perks {
            let (member, id) = (perk.member_id, perk.id.to_string());
            let case = Case {
                gift: perk.redemption_id.and_then(|id| gifts.get(&id)),
                entries: entries.get(&(member, id.as_str())).map_or(&[], Vec::as_slice),
                perk,
            };
            for entry in case.check(&mut page.findings.of(&member)) {
                page.claim(entry);
            }
        }
    }
    let gifts: Vec<(MemberId, RedemptionId)> = redemptions::table
        .filter(redemptions::member_id.eq_any(&members))
        .filter(redemptions::entry_seq.is_null())
        .select((redemptions::member_id, redemptions::id))
        .load(tx.conn)?;
    for (member, id) in gifts.into_iter().filter(|(_, id)| !given.contains(id)) {
        let what = format_args!("the perk of {id}, for which nothing paid");
        page.findings.of(&member).differs(what, "a perk", "none");
    }
    Ok(())
}

fn strays(tx: &mut Tx<'_>, findings: &mut Findings) -> Result<()> {
    without_account!(tx, findings, perks.member_id);
    Ok(())
}
