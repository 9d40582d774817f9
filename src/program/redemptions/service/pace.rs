//! How fast a member earns: to say about when they will have enough.

use std::time::Duration;

use jiff::{ToSpan, civil::Date};

use crate::{
    ledger::{self, Balance, Earned, Settled},
    members::Member,
};
use platform::{
    db::Tx,
    kernel::{clock::Timestamp, error::Result},
    settings::Settings,
};

/// How many of the newest entries are looked at, and how far back.
const ENTRIES: i64 = 100;
const DAYS: i64 = 365;
/// A first purchase today is no pace: so many days are looked at, at least.
const FEWEST_DAYS: i64 = 30;
/// Beyond that it is no help to anybody.
const FARTHEST_DAYS: i64 = 3 * 365;

/// What a member earned lately.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Pace {
    points: i64,
    /// Of so many days.
    days: i64,
}

/// Tells from when on a member will have enough.
pub struct Outlook {
    pace: Pace,
    /// Points on the way, less what is owed.
    coming: i64,
    pending_days: i64,
    today: Date,
}

impl Outlook {
    pub fn of(
        tx: &mut Tx<'_>,
        of: Settled<'_>,
        member: &Member,
        balance: &Balance,
        settings: &Settings,
    ) -> Result<Self> {
        let earned = ledger::earned_lately(tx, of, ENTRIES)?;
        Ok(Self {
            pace: Pace::of(&earned, member.enrolled_at, tx.now),
            coming: balance.pending - balance.debt,
            pending_days: settings.pending_days.get(),
            today: settings.time_zone.date(tx.now),
        })
    }

    /// The day by which so many more points will be there, if the member goes on as before.
    /// `None`: not within three years, or nobody knows.
    pub fn enough_by(&self, shortfall: i64) -> Option<Date> {
        let to_earn = shortfall.saturating_sub(self.coming).max(0);
        let days = match (to_earn, self.pace.points) {
            (0, _) => 0,
            (_, ..=0) => return None,
            // rounded up
            (_, points) => to_earn.checked_mul(self.pace.days)?.checked_add(points - 1)? / points,
        };
        let days = days.checked_add(self.pending_days).filter(|days| *days <= FARTHEST_DAYS)?;
        self.today.checked_add(days.days()).ok()
    }
}

impl Pace {
    fn of(newest: &[Earned], enrolled_at: Timestamp, now: Timestamp) -> Self {
        let days = |days: i64| Duration::from_secs(days.unsigned_abs() * 24 * 3600);
        let since = now.minus(days(DAYS));
        let lately = newest.iter().filter(|entry| entry.occurred_at >= since);
        let points = lately.map(|entry| entry.points).sum();
        // where there are more than were looked at, only their time counts
        let is_all = i64::try_from(newest.len()).is_ok_and(|count| count < ENTRIES);
        let oldest = newest.iter().map(|entry| entry.occurred_at).min().filter(|_| !is_all);
        let first = oldest.unwrap_or(enrolled_at).max(since);
        let days = i64::try_from(now.since(first).as_secs() / (24 * 3600)).unwrap_or(DAYS);
        Self { points, days: days.max(FEWEST_DAYS) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn outlook(points: i64, days: i64, coming: i64) -> Outlook {
        let today = "2026-11-26".parse().expect("a day");
        Outlook { pace: Pace { points, days }, coming, pending_days: 14, today }
    }

    fn by(outlook: &Outlook, shortfall: i64) -> Option<String> {
        outlook.enough_by(shortfall).map(|day| day.to_string())
    }

    #[test]
    fn it_is_told_by_what_was_earned() {
        let ten_a_day = outlook(1000, 100, 0);
        // 1 point is earned tomorrow, and can be spent when it is no longer pending
        assert_eq!(by(&ten_a_day, 1).as_deref(), Some("2026-12-11"));
        assert_eq!(by(&ten_a_day, 101).as_deref(), Some("2026-12-21"));
        assert_eq!(by(&outlook(1000, 100, 101), 101).as_deref(), Some("2026-12-10"), "on the way");
        assert_eq!(by(&outlook(1000, 100, -100), 1).as_deref(), Some("2026-12-21"), "owed");
    }

    #[test]
    fn who_earns_nothing_is_promised_nothing() {
        assert_eq!(by(&outlook(0, 365, 0), 1), None);
        assert_eq!(by(&outlook(-5, 365, 0), 1), None);
        assert_eq!(by(&outlook(1, 365, 0), 100), None, "in a hundred years");
        assert_eq!(by(&outlook(1, 365, 0), i64::MAX), None);
        assert_eq!(by(&outlook(0, 30, 5), 5).as_deref(), Some("2026-12-10"));
    }

    #[test]
    fn a_pace_is_of_the_last_year_and_of_a_month_at_least() {
        let now = at("2026-11-26T12:00:00Z");
        let earned = |points, day: &str| Earned { points, occurred_at: at(day) };
        let few = [earned(300, "2026-11-01T10:00:00Z"), earned(500, "2025-11-01T10:00:00Z")];
        let pace = |newest: &[Earned], enrolled| Pace::of(newest, at(enrolled), now);
        assert_eq!(pace(&few, "2020-01-01T00:00:00Z"), Pace { points: 300, days: 365 });
        assert_eq!(pace(&few[..1], "2026-10-17T12:00:00Z"), Pace { points: 300, days: 40 });
        assert_eq!(pace(&few[..1], "2026-11-26T11:00:00Z"), Pace { points: 300, days: 30 });
        let many = vec![earned(10, "2026-09-27T12:00:00Z"); 100];
        assert_eq!(pace(&many, "2020-01-01T00:00:00Z"), Pace { points: 1000, days: 60 });
    }
}
