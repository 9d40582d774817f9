//! The audit of redemptions and vouchers: each agrees with itself, with its reward, and with the
//! entries that paid for it and gave the points back.

mod back;
mod rows;
mod states;
mod sums;

use std::collections::HashMap;

use diesel::prelude::*;

use self::sums::Case;
use crate::ledger::audit::{Ledgers, Page, Room, STRAYS_TOLD, by_source, without_account};
use platform::{
    db::{
        Tx,
        schema::{redemptions, vouchers},
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
    let entries = by_source(ledgers, "redemption");
    let holds = ledgers.iter().flat_map(|(member, ledger)| {
        let holds = ledger.holds.values();
        holds.filter_map(|hold| Some(((*member, hold.entry_seq?), hold)))
    });
    let holds: HashMap<(MemberId, i64), _> = holds.collect();
    let mut given_back = HashMap::new();
    let mut after = None;
    loop {
        let redemptions = rows::redemptions(tx, &members, after, &mut page.findings)?;
        let Some(last) = redemptions.last() else { return Ok(()) };
        after = Some((last.member_id, last.id));
        let mut vouchers = rows::vouchers(tx, &redemptions)?;
        let rewards = rows::rewards(tx, &redemptions)?;
        page.findings.count("redemptions", redemptions.len());
        page.findings.count("vouchers", vouchers.len());
        for redemption in &redemptions {
            let (member, id) = (redemption.member_id, redemption.id.to_string());
            let Some(ledger) = ledgers.get(&member) else { continue };
            let case = Case {
                redemption,
                voucher: vouchers.remove(&redemption.id),
                reward: rewards.get(&redemption.reward_id),
                paid: redemption.entry_seq.and_then(|seq| ledger.entries.get(&seq)),
                hold: redemption.entry_seq.and_then(|seq| holds.get(&(member, seq)).copied()),
                entries: entries.get(&(member, id.as_str())).map_or(&[], Vec::as_slice),
                given_back: given_back.entry(member).or_insert_with(|| ledger.given_back()),
            };
            for entry in case.check(&mut page.findings.of(&member)) {
                page.claim(entry);
            }
        }
    }
}

fn strays(tx: &mut Tx<'_>, findings: &mut Findings) -> Result<()> {
    without_account!(tx, findings, redemptions.member_id);
    let lost: Vec<RedemptionId> = vouchers::table
        .left_join(redemptions::table.on(redemptions::id.eq(vouchers::redemption_id)))
        .filter(redemptions::id.is_null())
        .select(vouchers::redemption_id)
        .limit(STRAYS_TOLD)
        .load(tx.conn)?;
    for redemption in lost {
        let what = format_args!("the redemption of its voucher");
        findings.of(&redemption).differs(what, "a redemption", "none");
    }
    Ok(())
}
