//! What came of the thanks that became owed in a period.

use std::collections::BTreeMap;

use diesel::prelude::*;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::{Thanks, ThanksCategory, ThanksState};
use crate::period::Period;
use platform::{
    auth::Caller,
    db::{Tx, schema::thanks},
    kernel::{clock::Timestamp, error::Result, hours::Calendar, id::UserId, zone::Zone},
    settings,
};

/// How many rows are read at a time.
const PIECE: i64 = 1000;

/// Counts of thanks that became owed in a period, and how long people took.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ThanksFigures {
    /// All that became owed.
    #[schema(example = 120)]
    pub owed: i64,
    /// Of them, given by now,
    #[schema(example = 111)]
    pub given: i64,
    /// given when they were due, or after,
    #[schema(example = 4)]
    pub late: i64,
    /// waived,
    #[schema(example = 1)]
    pub waived: i64,
    /// and owed still though due.
    #[schema(example = 2)]
    pub overdue: i64,
    /// Of what people gave (no letter that went at once): half took no longer, in minutes of
    /// business hours as the settings have them now; null where nobody gave any.
    #[schema(example = 95)]
    pub median_business_minutes: Option<i64>,
    /// The same by the clock on the wall.
    #[schema(example = 260)]
    pub median_minutes: Option<i64>,
}

/// The figures of a category.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThanksOfCategory {
    pub category: ThanksCategory,
    #[serde(flatten)]
    pub figures: ThanksFigures,
}

/// The figures of what one of the staff owed; null: what nobody in particular did.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThanksOfOwner {
    pub owner_id: Option<UserId>,
    #[serde(flatten)]
    pub figures: ThanksFigures,
}

/// What came of thanks.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ThanksStats {
    #[schema(value_type = String, example = "2026-01-01")]
    pub from: Date,
    /// Exclusive.
    #[schema(value_type = String, example = "2027-01-01")]
    pub to: Date,
    #[schema(value_type = Zone)]
    pub time_zone: Zone,
    pub as_of: Timestamp,
    #[serde(flatten)]
    pub figures: ThanksFigures,
    pub by_category: Vec<ThanksOfCategory>,
    pub by_owner: Vec<ThanksOfOwner>,
}

#[derive(Default)]
struct Tally {
    figures: ThanksFigures,
    business: Vec<i64>,
    wall: Vec<i64>,
}

impl Tally {
    fn add(&mut self, row: &Thanks, took: Option<(i64, i64)>, now: Timestamp) {
        let figures = &mut self.figures;
        figures.owed += 1;
        figures.given += i64::from(row.state == ThanksState::Given);
        figures.late += i64::from(row.is_late());
        figures.waived += i64::from(row.state == ThanksState::Waived);
        figures.overdue += i64::from(row.is_overdue(now));
        if let Some((business, wall)) = took {
            self.business.push(business);
            self.wall.push(wall);
        }
    }

    fn figures(mut self) -> ThanksFigures {
        self.figures.median_business_minutes = median(self.business);
        self.figures.median_minutes = median(self.wall);
        self.figures
    }
}

/// The least number that half of them do not exceed.
fn median(mut numbers: Vec<i64>) -> Option<i64> {
    numbers.sort_unstable();
    numbers.get(numbers.len().checked_sub(1)? / 2).copied()
}

/// What came of the thanks that became owed in a period: by category and by owner, too.
///
/// # Errors
/// The database's own.
pub fn stats(tx: &mut Tx<'_>, period: &Period) -> Result<ThanksStats> {
    let calendar = settings::service::get(tx)?.calendar();
    let now = tx.now;
    let mut all = Tally::default();
    let mut categories: BTreeMap<usize, Tally> = BTreeMap::new();
    let mut owners: BTreeMap<Option<UserId>, Tally> = BTreeMap::new();
    each(tx, period.instants(), |row| {
        let took = took(&calendar, row);
        let place = ThanksCategory::ALL.iter().position(|of| *of == row.category);
        all.add(row, took, now);
        categories.entry(place.unwrap_or_default()).or_default().add(row, took, now);
        owners.entry(row.owner_id).or_default().add(row, took, now);
    })?;
    let category = |(place, tally): (usize, Tally)| {
        let category = *ThanksCategory::ALL.get(place)?;
        Some(ThanksOfCategory { category, figures: tally.figures() })
    };
    Ok(ThanksStats {
        from: period.from,
        to: period.to,
        time_zone: period.zone.clone(),
        as_of: now,
        figures: all.figures(),
        by_category: categories.into_iter().filter_map(category).collect(),
        by_owner: owners
            .into_iter()
            .map(|(owner_id, tally)| ThanksOfOwner { owner_id, figures: tally.figures() })
            .collect(),
    })
}

/// How many minutes a person took: of business hours, and in all.
fn took(calendar: &Calendar, row: &Thanks) -> Option<(i64, i64)> {
    let given_at = row.given_at?;
    if row.given_by.as_ref() == Some(&Caller::System.label()) {
        return None;
    }
    let minutes = |seconds: u64| i64::try_from(seconds / 60).unwrap_or(i64::MAX);
    let business = calendar.seconds_between(row.owed_at, given_at);
    Some((minutes(business), minutes(given_at.since(row.owed_at).as_secs())))
}

/// Looks at every row that became owed then, a piece at a time.
fn each(
    tx: &mut Tx<'_>,
    (from, to): (Timestamp, Timestamp),
    mut look: impl FnMut(&Thanks),
) -> Result<()> {
    let mut after = None;
    loop {
        let mut query = thanks::table
            .filter(thanks::owed_at.ge(from))
            .filter(thanks::owed_at.lt(to))
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(thanks::id.gt(after));
        }
        let rows: Vec<Thanks> =
            query.order(thanks::id).limit(PIECE).select(Thanks::as_select()).load(tx.conn)?;
        rows.iter().for_each(&mut look);
        match rows.last() {
            Some(last) => after = Some(last.id),
            None => return Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_is_one_of_them() {
        assert_eq!(median(vec![]), None);
        assert_eq!(median(vec![5]), Some(5));
        assert_eq!(median(vec![9, 1]), Some(1));
        assert_eq!(median(vec![9, 1, 5]), Some(5));
    }
}
