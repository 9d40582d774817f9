//! Members' points over HTTP: balances, entries, and what a storefront or staff post by hand. It
//! stands above redemptions, whose points come back when nobody fulfils them, and above the ledger,
//! which knows none of them.

pub mod api;
pub mod audit;
pub mod service;
pub mod statement;

use std::hash::{Hash, Hasher};

use crate::{
    due,
    ledger::{self, KeptSheet, Sheet},
};
use platform::{
    db::{
        Store, Tx,
        lane::{Access, Task},
    },
    http::lane::Lanes,
    kernel::{
        error::{Refusal, Result},
        id::MemberId,
    },
};

/// A member's points as of now: what is due is settled first. Where nothing is, it takes one visit
/// to the database, together with others who ask.
///
/// # Errors
/// An unknown member.
pub async fn sheet(lanes: &Lanes, store: &Store, member: MemberId) -> Result<Sheet> {
    if let Some(sheet) = lanes.send(ReadSheet(member)).await?? {
        return Ok(sheet);
    }
    due::read(store, member, ledger::sheet).await
}

/// Reads a member's points as they are kept.
#[derive(Clone, Copy, Debug)]
pub struct ReadSheet(MemberId);

impl Task for ReadSheet {
    /// `None` where something is due.
    type Answer = Result<Option<Sheet>, Refusal>;

    const LANE: &'static str = "vildar-balances";
    const ACCESS: Access = Access::Reads;

    fn run(tx: &mut Tx<'_>, batch: &[&Self]) -> Result<Vec<Self::Answer>> {
        let members: Vec<MemberId> = batch.iter().map(|Self(member)| *member).collect();
        let sheets = ledger::kept_sheets(tx, &members)?;
        let due = due::due_among(tx, &members)?;
        let answer = |member: MemberId| {
            let kept: &KeptSheet = sheets.get(&member).ok_or(Refusal::not_found("member"))?;
            Ok(kept.unless_due(due.contains(&member)).cloned())
        };
        Ok(members.into_iter().map(answer).collect())
    }

    fn hash_rows(&self, state: &mut impl Hasher) {
        self.0.uuid().hash(state);
    }
}
