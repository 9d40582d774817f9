//! Members' points over HTTP: balances, entries, and what a storefront or staff post by hand. It
//! stands above redemptions, whose points come back when nobody fulfils them, and above the ledger,
//! which knows none of them.

pub mod api;
pub mod batch;
mod grant;
mod reversal;
pub mod reversal_api;
pub mod statement;

use crate::{
    db::Store,
    kernel::{error::Result, id::MemberId},
    program::{
        ledger::{self, Sheet},
        redemptions::{self, Due},
    },
};

/// A member's points as of now: what is due is settled first. Where nothing is, it takes one visit
/// to the database.
///
/// # Errors
/// An unknown member.
pub async fn sheet(store: &Store, member: MemberId) -> Result<Sheet> {
    let kept = store
        .read(move |tx| {
            let sheet = ledger::kept_sheet(tx, member)?;
            Ok((!sheet.is_due && !redemptions::is_due(tx, Due::Of(member))?).then_some(sheet))
        })
        .await?;
    if let Some(sheet) = kept {
        return Ok(sheet);
    }
    redemptions::settled(store, Due::Of(member)).await?;
    store.read(move |tx| ledger::kept_sheet(tx, member)).await
}
