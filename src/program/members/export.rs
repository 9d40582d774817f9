//! Everything that is known about a member, as one JSON: what a person may ask for. It is told
//! piece by piece, each list a page at a time.

mod lists;

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

use self::lists::{Cursor, LISTS, List, Subject};
use super::{MemberBody, service};
use crate::{
    auth::Caller,
    db::Tx,
    http::{
        outline::Outline,
        streams::{PIECE, Pieces},
    },
    kernel::{
        clock::Timestamp,
        error::{Error, Result},
    },
    messaging::preferences,
    program::{
        ledger::{self, Settled},
        settings,
    },
};

/// Everything about a member. Lists are oldest first.
#[derive(Serialize, ToSchema)]
pub struct Export {
    #[schema(value_type = String)]
    exported_at: Timestamp,
    member: MemberBody,
    #[schema(value_type = Object)]
    preferences: Value,
    #[schema(value_type = Object)]
    balance: Value,
    /// Who suspended, reinstated or erased the member, and why.
    #[schema(value_type = Vec<Object>)]
    status_changes: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    entries: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    holds: Vec<Value>,
    /// With their lines, as the shop told them.
    #[schema(value_type = Vec<Object>)]
    orders: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    redemptions: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    referrals: Vec<Value>,
    #[schema(value_type = Vec<Object>)]
    letters: Vec<Value>,
}

/// Reads what stands before the lists. To be called on one snapshot.
///
/// # Errors
/// An unknown member.
pub fn open(tx: &mut Tx<'_>, of: Settled<'_>, caller: &Caller) -> Result<Told> {
    let id = of.member();
    let member = service::get(tx, id, caller)?;
    let subject = Subject {
        id,
        last_seq: ledger::last_seq(tx, of)?,
        as_of: tx.now,
        sender: settings::service::get(tx)?.sender(),
    };
    let export = Export {
        exported_at: tx.now,
        member: MemberBody::told(tx, member, caller)?,
        preferences: json!(preferences::of(tx.conn, id)?),
        balance: json!(ledger::balance(tx, of)?),
        status_changes: Vec::new(),
        entries: Vec::new(),
        holds: Vec::new(),
        orders: Vec::new(),
        redemptions: Vec::new(),
        referrals: Vec::new(),
        letters: Vec::new(),
    };
    let outline = Outline::of(&export, &lists::NAMES)?;
    Ok(Told { subject, outline, step: Step::Outline })
}

/// An export told piece by piece.
pub struct Told {
    subject: Subject,
    outline: Outline,
    step: Step,
}

enum Step {
    /// On to the next list.
    Outline,
    /// The rows of a list, behind a cursor.
    Rows(List, Option<Cursor>),
    Over,
}

impl Pieces for Told {
    fn next(&mut self, tx: &mut Tx<'_>) -> Result<Option<Vec<u8>>> {
        let Self { subject, outline, step } = self;
        let mut out = Vec::new();
        while out.len() < PIECE {
            *step = match *step {
                Step::Outline => match outline.next_list(&mut out)? {
                    Some(name) => Step::Rows(list(&name)?, None),
                    None => Step::Over,
                },
                Step::Rows(list, after) => {
                    let rows = list(tx, subject, after)?;
                    for (_, row) in &rows {
                        outline.row(row, &mut out)?;
                    }
                    rows.last().map_or(Step::Outline, |(last, _)| Step::Rows(list, Some(*last)))
                }
                Step::Over => break,
            };
        }
        Ok((!out.is_empty()).then_some(out))
    }
}

fn list(name: &str) -> Result<List> {
    let known = lists::NAMES.iter().zip(LISTS).find(|(known, _)| **known == name);
    known.map(|(_, list)| list).ok_or_else(|| Error::internal("a list that nobody reads"))
}
