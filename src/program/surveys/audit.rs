//! The audit of what answers brought: each entry is of an answer of its member, and came once.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::ledger::{
    EntryKind, Rule,
    audit::{Ledgers, Page, Room, by_source},
};
use platform::{
    db::{Tx, schema::answers},
    kernel::{
        error::Result,
        id::{AnswerId, MemberId},
    },
};

pub const ROOM: Room = Room { check, ..Room::EMPTY };

fn check(tx: &mut Tx<'_>, ledgers: &Ledgers, page: &mut Page) -> Result<()> {
    let members: Vec<MemberId> = ledgers.keys().copied().collect();
    let own: Vec<(AnswerId, MemberId)> = answers::table
        .filter(answers::member_id.eq_any(&members))
        .select((answers::id, answers::member_id))
        .load(tx.conn)?;
    page.findings.count("answers", own.len());
    let own: HashMap<String, MemberId> =
        own.into_iter().map(|(id, member)| (id.to_string(), member)).collect();
    for ((member, answer), entries) in by_source(ledgers, "answer") {
        let mut told = page.findings.of(&member);
        told.same(format_args!("entries of {answer}"), 1, entries.len());
        told.same(format_args!("whose {answer} is"), Some(&member), own.get(answer));
        let Some(entry) = entries.first() else { continue };
        let seq = entry.seq;
        told.same(format_args!("the kind of entry {seq}"), Some(EntryKind::Earn), entry.kind);
        told.same(
            format_args!("the rule of entry {seq}"),
            Some(&Rule::Answer),
            entry.rule.as_ref(),
        );
        if entry.is(EntryKind::Earn) && entry.part.is_empty() {
            page.claim(entry);
        }
    }
    Ok(())
}
