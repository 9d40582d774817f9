//! `vildar verify`.

use serde_json::json;

use super::{Failure, Outcome, progress, say};
use platform::{
    db::{Store, still::Still},
    kernel::difference::Difference,
};
use program::audit;

/// Differences that are shown; the rest are counted.
const SHOWN: usize = 100;

/// Audits everything on one snapshot, and says what differs.
pub async fn run(store: &Store, as_json: bool) -> Outcome {
    let before = Still::of(store.url());
    let (audited, differences, shown) = store
        .snapshot(|tx| {
            let mut count = 0;
            let mut shown = Vec::new();
            let bar = progress::bar(audit::accounts(tx)?);
            let mut report = |difference: Difference| {
                count += 1;
                if shown.len() < SHOWN {
                    shown.push(difference.to_string());
                }
            };
            let audited = audit::audit_watched(tx, &mut report, &mut |more| bar.inc(more as u64))?;
            bar.finish_and_clear();
            Ok((audited, count, shown))
        })
        .await?;
    if store.reads_still() && (before.is_none() || before != Still::of(store.url())) {
        return Err(Failure::Refused(format!(
            "{}: somebody wrote to it while it was audited: audit it again",
            store.url()
        )));
    }
    if as_json {
        let mut told =
            serde_json::to_value(&audited).map_err(platform::kernel::error::Error::from)?;
        told["differences"] = json!(differences);
        told["shown"] = json!(shown);
        say(told)?;
    } else {
        for line in &shown {
            say(line)?;
        }
        let counts: Vec<String> =
            audited.counts().map(|(what, rows)| format!("{rows} {what}")).collect();
        let outcome = match differences {
            0 => "all agree".to_owned(),
            count => format!("{count} differences"),
        };
        say(format_args!("{}: {outcome}", counts.join(", ")))?;
    }
    if differences == 0 { Ok(()) } else { Err(Failure::Reported) }
}
