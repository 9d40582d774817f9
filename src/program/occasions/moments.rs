//! When it is time to greet: each time zone has its own moment.

use std::{collections::BTreeMap, sync::LazyLock};

use jiff::{civil::Date, tz::TimeZoneDatabase};

use platform::kernel::{clock::Timestamp, local_time::LocalTime, zone::Zone};

/// Every time zone that a member can live in.
pub static ZONES: LazyLock<Vec<Zone>> = LazyLock::new(|| {
    let names = TimeZoneDatabase::bundled();
    names.available().filter_map(|name| name.as_str().parse().ok()).collect()
});

/// After the first, up to and with the second.
#[derive(Clone, Copy, Debug)]
pub struct Stretch {
    pub after: Timestamp,
    pub until: Timestamp,
}

impl Stretch {
    #[must_use]
    pub fn has(self, moment: Timestamp) -> bool {
        self.after < moment && moment <= self.until
    }

    /// The local dates that have their moment in it, each with the zones in which it has.
    pub fn days<'z>(
        self,
        send_at: LocalTime,
        zones: impl IntoIterator<Item = &'z Zone>,
    ) -> BTreeMap<Date, Vec<&'z Zone>> {
        let mut days: BTreeMap<Date, Vec<&Zone>> = BTreeMap::new();
        for zone in zones {
            let (mut date, last) = (zone.date(self.after), zone.date(self.until));
            while date <= last {
                if self.has(zone.at_time(date, send_at.time())) {
                    days.entry(date).or_default().push(zone);
                }
                let Ok(next) = date.tomorrow() else { break };
                date = next;
            }
        }
        days
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stretch(after: &str, until: &str) -> Stretch {
        let at = |text: &str| text.parse().expect("an instant");
        Stretch { after: at(after), until: at(until) }
    }

    #[test]
    fn each_zone_has_its_moment_once() {
        let nine: LocalTime = "09:00".parse().expect("a time");
        let hours = ["2026-03-28T00:00:00Z", "2026-03-28T08:00:00Z", "2026-03-29T08:00:00Z"];
        let mut seen: BTreeMap<(Date, String), usize> = BTreeMap::new();
        for pair in hours.windows(2) {
            for (date, zones) in stretch(pair[0], pair[1]).days(nine, ZONES.iter()) {
                for zone in zones {
                    *seen.entry((date, zone.name().to_owned())).or_default() += 1;
                }
            }
        }
        assert!(ZONES.len() > 400 && seen.values().all(|times| *times == 1));
        let berlin: Zone = "Europe/Berlin".parse().expect("a zone");
        let days = stretch("2026-03-28T07:59:59Z", "2026-03-29T07:00:00Z").days(nine, [&berlin]);
        assert_eq!(days.len(), 2, "the clock went on in between: {days:?}");
    }

    #[test]
    fn a_time_that_a_clock_change_skips_comes_later() {
        let two: LocalTime = "02:30".parse().expect("a time");
        let berlin: Zone = "Europe/Berlin".parse().expect("a zone");
        let days = stretch("2026-03-29T01:29:59Z", "2026-03-29T01:30:00Z").days(two, [&berlin]);
        assert_eq!(days.len(), 1, "03:30 in summer time: {days:?}");
        let first = stretch("2026-10-25T00:29:59Z", "2026-10-25T00:30:00Z").days(two, [&berlin]);
        let second = stretch("2026-10-25T01:29:59Z", "2026-10-25T01:30:00Z").days(two, [&berlin]);
        assert_eq!((first.len(), second.len()), (1, 0), "what comes twice counts the first time");
    }
}
