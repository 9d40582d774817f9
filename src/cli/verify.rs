//! `vildar verify`.

use serde_json::json;

use super::{Failure, Outcome, say};
use crate::{db::Store, program::ledger};

/// Differences that are shown; the rest are counted.
const SHOWN: usize = 100;

/// Audits the whole ledger on one snapshot, and says what differs.
pub async fn run(store: &Store, as_json: bool) -> Outcome {
    let (audited, differences, shown) = store
        .snapshot(|tx| {
            let mut count = 0;
            let mut shown = Vec::new();
            let audited = ledger::audit(tx, &mut |difference| {
                count += 1;
                if shown.len() < SHOWN {
                    shown.push(difference.to_string());
                }
            })?;
            Ok((audited, count, shown))
        })
        .await?;
    if as_json {
        say(json!({
            "members": audited.members, "entries": audited.entries, "lots": audited.lots,
            "differences": differences, "shown": shown,
        }))?;
    } else {
        for line in &shown {
            say(line)?;
        }
        say(format_args!(
            "{} members, {} entries, {} lots: {}",
            audited.members,
            audited.entries,
            audited.lots,
            match differences {
                0 => "all agree".to_owned(),
                count => format!("{count} differences"),
            }
        ))?;
    }
    if differences == 0 { Ok(()) } else { Err(Failure::Reported) }
}
