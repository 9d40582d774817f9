//! Members whose day may be another now: who said when they were born, or moved to another time
//! zone. What came while they were elsewhere, or nobody knew, is made up for, once.

use jiff::Span;

use super::greeting::{Day, greet};
use crate::{
    members::{Member, celebrating, tags},
    occasions::{Occasion, days, store},
};
use platform::{
    db::Tx,
    kernel::error::Result,
    settings::{self, Settings},
};

/// How many are looked at in one transaction.
const CHUNK: i64 = 20;

/// Looks at some of them; `false` where nobody is left.
pub fn look_again(tx: &mut Tx<'_>) -> Result<bool> {
    let members = celebrating::take_checks(tx, CHUNK)?;
    if members.is_empty() {
        return Ok(false);
    }
    let settings = settings::service::get(tx)?;
    let mut active = store::active(tx)?;
    active.sort_by_key(|occasion| (occasion.fields.audience.is_everybody(), occasion.id));
    for member in members {
        greet_late(tx, &member, &active, &settings)?;
    }
    Ok(true)
}

fn greet_late(
    tx: &mut Tx<'_>,
    member: &Member,
    active: &[Occasion],
    settings: &Settings,
) -> Result<()> {
    let today = member.time_zone.date(tx.now);
    let first = today.saturating_sub(Span::new().days(settings.greeting_late_days.get()));
    let tags = tags::of(tx, &[member.id])?.remove(&member.id).unwrap_or_default();
    for occasion in active {
        let fields = &occasion.fields;
        let came = |date: &jiff::civil::Date| {
            member.time_zone.at_time(*date, fields.send_at_local.time()) <= tx.now
        };
        let newest = if fields.kind.is_personal() {
            let mut days = first.series(Span::new().days(1)).take_while(|day| *day <= today);
            days.find(|date| Day { occasion, date: *date, settings }.is_of(member))
        } else {
            // only the newest of a kind that is for the member
            let others = active.iter().filter(|other| {
                other.fields.kind == fields.kind && other.fields.audience.has(member, &tags)
            });
            let newest = others
                .flat_map(|other| days::between(&other.fields, first, today))
                .filter(came)
                .max();
            days::between(fields, first, today)
                .into_iter()
                .rfind(came)
                .filter(|day| newest.is_none_or(|newest| newest <= *day))
        };
        if let Some(date) = newest.filter(came) {
            greet(tx, Day { occasion, date, settings }, std::slice::from_ref(member), 0)?;
        }
    }
    Ok(())
}
