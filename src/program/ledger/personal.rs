//! What the ledger keeps of a person: its points, and why.

use serde_json::{Value, json};

use super::{Entry, Settled, balance, entries_after, service::forget_notes};
use platform::{
    db::{
        Tx,
        personal::{
            Cursor, Fact,
            Fate::{self, Deleted, Stays},
            List, PAGE, Part, Rows, Subject,
        },
    },
    kernel::error::Result,
};

pub const PART: Part = Part {
    erase: |tx, erased| forget_notes(tx, erased.id),
    facts: &[Fact { name: "balance", read: told_balance }],
    lists: &[List { name: "entries", about: None, page: entries }],
    tables: &[
        ("accounts", &[("member_id", Fate::ID)]),
        (
            "entries",
            &[
                ("member_id", Fate::ID),
                ("kind", Fate::WORD),
                ("source_type", Fate::WORD),
                ("source_id", Fate::SHOPS),
                ("part", Stays("tells the entries of one source apart by numbers and ids")),
                ("actor", Fate::ACTOR),
                ("channel", Fate::SHOPS),
                ("rule", Stays("ids, codes and numbers, never a person's words")),
            ],
        ),
        ("entry_notes", &[("entry_id", Deleted), ("reason", Deleted)]),
        ("lots", &[("member_id", Fate::ID)]),
        ("debts", &[("member_id", Fate::ID)]),
        ("allocations", &[("member_id", Fate::ID)]),
        ("expiries", &[("member_id", Fate::ID)]),
    ],
};

#[expect(clippy::disallowed_methods, reason = "an export opens with `Settled`, on one snapshot")]
fn told_balance(tx: &mut Tx<'_>, of: &Subject) -> Result<Value> {
    Ok(json!(balance(tx, Settled::as_kept(of.id))?))
}

fn entries(tx: &mut Tx<'_>, of: &Subject, after: Option<Cursor>) -> Result<Rows> {
    let entries = entries_after(tx, of.id, Cursor::seq(after), of.last_seq, PAGE)?;
    Ok(entries.iter().map(|shown| (Cursor::Seq(shown.seq), entry(shown))).collect())
}

fn entry(entry: &Entry) -> Value {
    let source = entry.source.as_ref();
    json!({
        "id": entry.id, "seq": entry.seq, "kind": entry.kind, "points": entry.points,
        "balance_after": entry.balance_after, "available_at": entry.available_at,
        "expires_at": entry.expires_at, "reason": entry.reason,
        "source": source.map(|source| json!({"type": source.kind, "id": source.id})),
        "actor": entry.actor, "channel": entry.channel, "occurred_at": entry.occurred_at,
        "recorded_at": entry.recorded_at, "rule": entry.rule,
    })
}
