//! `vildar occasions preview`: counts without sending.

use jiff::civil::Date;
use serde_json::json;

use super::{Failure, Outcome, say};
use platform::db::Store;
use program::occasions::service::{self, Span};

/// Prints what the active occasions bring in a year, day by day.
pub async fn preview(store: &Store, year: i16, as_json: bool) -> Outcome {
    let day = |month, day| Date::new(year, month, day).map_err(|why| why.to_string());
    let span = day(1, 1).and_then(|first| Ok((first, day(12, 31)?)));
    let (first, last) = span.map_err(Failure::Usage)?;
    let days = store.read(move |tx| service::calendar(tx, Span::new(first, last)?, None)).await?;
    if as_json {
        return say(json!(days));
    }
    for day in &days {
        let name = day.name.clone().unwrap_or_else(|| day.kind.to_string());
        say(format_args!("{}  {:>7}  {name}", day.date, day.members))?;
    }
    let all: i64 = days.iter().map(|day| day.members).sum();
    say(format_args!("{all} greetings in {year}, if nobody switches any off"))
}
