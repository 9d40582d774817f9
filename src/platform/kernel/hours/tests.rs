use std::collections::{BTreeMap, BTreeSet};

use jiff::{ToSpan, civil::Date, tz::TimeZoneDatabase};

use super::*;
use crate::kernel::{chance::Chance, holidays, json};

fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn hours(text: &str) -> Hours {
    text.parse().expect("hours")
}

fn every_day(text: &str) -> CareHours {
    CareHours::new([(); 7].map(|()| hours(text)))
}

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

/// An office in Reykjavik, where it is UTC all year.
fn office() -> Calendar {
    let zone = "Atlantic/Reykjavik".parse().expect("a zone");
    Calendar::new(zone, CareHours::of_an_office(), Some(HolidayCountry::iceland()), [], [])
}

fn in_berlin(week: CareHours) -> Calendar {
    Calendar::new("Europe/Berlin".parse().expect("a zone"), week, None, [], [])
}

fn due(calendar: &Calendar, from: &str, minutes: u64) -> String {
    calendar.after(at(from), minutes * 60).to_string()
}

#[test]
fn what_comes_late_on_friday_is_due_on_monday() {
    let office = office();
    assert_eq!(due(&office, "2026-11-20T16:58:00Z", 5), "2026-11-23T09:03:00Z");
    assert_eq!(due(&office, "2026-11-20T16:55:00Z", 5), "2026-11-20T17:00:00Z", "to the closing");
    assert_eq!(due(&office, "2026-11-20T10:00:00Z", 5), "2026-11-20T10:05:00Z");
    assert_eq!(due(&office, "2026-11-21T12:00:00Z", 0), "2026-11-23T09:00:00Z");
}

#[test]
fn closing_is_outside_and_opening_inside() {
    let office = office();
    let start = |text: &str| office.start(at(text)).to_string();
    assert_eq!(start("2026-11-20T17:00:00Z"), "2026-11-23T09:00:00Z");
    assert_eq!(start("2026-11-20T16:59:59.999999Z"), "2026-11-20T16:59:59.999999Z");
    assert_eq!(start("2026-11-20T09:00:00Z"), "2026-11-20T09:00:00Z");
    assert_eq!(start("2026-11-20T08:59:59.999999Z"), "2026-11-20T09:00:00Z");
}

#[test]
fn lunch_and_holidays_do_not_count() {
    let lunch = Calendar::new(Zone::utc(), every_day("09:00-12:00, 13:00–24:00"), None, [], []);
    assert_eq!(due(&lunch, "2026-11-20T11:58:00Z", 5), "2026-11-20T13:03:00Z");
    assert_eq!(due(&lunch, "2026-11-20T23:58:00Z", 5), "2026-11-21T09:03:00Z", "24:00 is open to");
    let office = office();
    // Maundy Thursday, Good Friday, a weekend and Easter Monday between
    assert_eq!(due(&office, "2026-04-01T16:58:00Z", 5), "2026-04-07T09:03:00Z");
    assert_eq!(due(&office, "2026-12-24T12:58:00Z", 5), "2026-12-28T09:03:00Z", "from 13:00 on");
    let days = office.seconds_between(at("2026-12-21T00:00:00Z"), at("2026-12-28T00:00:00Z"));
    assert_eq!(days, 3600 * (8 + 8 + 8 + 4));
    assert_eq!(office.seconds_between(at("2026-12-22T00:00:00Z"), at("2026-12-21T00:00:00Z")), 0);
}

#[test]
fn dates_of_their_own_overrule() {
    let closed = [date("2026-11-23"), date("2026-12-26")];
    let open = [
        OpenDay { date: "2026-12-26".parse().expect("a day"), hours: Some(hours("10:00–11:00")) },
        OpenDay { date: "2026-12-25".parse().expect("a day"), hours: None },
    ];
    let holidays = Some(HolidayCountry::iceland());
    let week = CareHours::of_an_office();
    let calendar = Calendar::new(Zone::utc(), week, holidays, closed, open);
    assert_eq!(due(&calendar, "2026-11-20T16:58:00Z", 5), "2026-11-24T09:03:00Z", "closed");
    assert_eq!(due(&calendar, "2026-12-25T16:58:00Z", 5), "2026-12-26T10:03:00Z", "open");
}

#[test]
fn a_clock_change_within_hours_counts_as_it_is() {
    let night = in_berlin(every_day("00:00–06:00"));
    let night_of = |from: &str, to: &str| night.seconds_between(at(from), at(to)) / 3600;
    assert_eq!(night_of("2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z"), 5, "an hour less");
    assert_eq!(night_of("2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z"), 7, "an hour more");
    // 02:00 to 03:00 is not there in March, and there twice in October
    let hour = in_berlin(every_day("02:00–03:00"));
    assert_eq!(due(&hour, "2026-03-28T12:00:00Z", 30), "2026-03-30T00:30:00Z");
    assert_eq!(due(&hour, "2026-10-24T12:00:00Z", 90), "2026-10-25T01:30:00Z");
}

#[test]
fn a_day_that_was_left_out_has_no_hours() {
    // Samoa went from 29 to 31 December 2011
    let zone = "Pacific/Apia".parse().expect("a zone");
    let apia = Calendar::new(zone, every_day("00:00–24:00"), None, [], []);
    let (from, to) = (at("2011-12-29T10:00:00Z"), at("2011-12-31T10:00:00Z"));
    assert_eq!(apia.seconds_between(from, to), 48 * 3600);
    let zone = "Pacific/Apia".parse().expect("a zone");
    let apia = Calendar::new(zone, every_day("09:00–10:00"), None, [], []);
    assert_eq!(apia.seconds_between(from, to), 2 * 3600);
}

#[test]
fn it_must_open_again_within_a_month() {
    let now = at("2026-11-20T12:00:00Z");
    let opens = |week: CareHours, closed: Vec<Date>, open: Vec<OpenDay>| {
        Calendar::new(Zone::utc(), week, None, closed, open).always_opens_again(now)
    };
    let office = CareHours::of_an_office;
    let none = || every_day("");
    let holiday =
        |days: i64| -> Vec<Date> { (0..days).map(|nth| date("2027-07-01") + nth.days()).collect() };
    assert!(opens(office(), vec![], vec![]));
    assert!(!opens(none(), vec![], vec![]));
    assert!(opens(office(), holiday(28), vec![]));
    assert!(!opens(office(), holiday(40), vec![]), "a summer off");
    let within = OpenDay { date: "2027-07-20".parse().expect("a day"), hours: None };
    assert!(opens(office(), holiday(40), vec![within]));
    let once =
        OpenDay { date: "2026-11-30".parse().expect("a day"), hours: Some(hours("09:00–10:00")) };
    assert!(!opens(none(), vec![], vec![once]), "and after that?");
    let never = Calendar::new(Zone::utc(), none(), None, [], []);
    assert_eq!(never.start(now), now);
    assert_eq!(due(&never, "2026-11-20T12:00:00Z", 5), "2026-11-20T12:05:00Z");
}

#[test]
fn hours_are_read_strictly() {
    let read =
        |text: &str| json::parse::<CareHours>(text.as_bytes()).map_err(|why| why.to_string());
    let week = read(r#"{"mon": [["09:00","12:00"],["13:00","24:00"]]}"#).expect("hours");
    let told = serde_json::to_value(&week).expect("JSON");
    assert_eq!(told["mon"], serde_json::json!([["09:00", "12:00"], ["13:00", "24:00"]]));
    assert_eq!(told["sun"], serde_json::json!([]));
    for bad in [
        r#"{"mon": [["09:00","24:01"]]}"#,
        r#"{"mon": [["24:00","24:00"]]}"#,
        r#"{"mon": [["17:00","09:00"]]}"#,
        r#"{"mon": [["09:00","09:00"]]}"#,
        r#"{"mon": [["09:00","12:00"],["11:00","13:00"]]}"#,
        r#"{"mon": [["13:00","14:00"],["09:00","12:00"]]}"#,
        r#"{"mon": [["09:00"]]}"#,
        r#"{"mon": ["09:00","12:00"]}"#,
        r#"{"mon": null}"#,
        r#"{"monday": []}"#,
        r"[]",
    ] {
        assert!(read(bad).is_err(), "{bad}");
    }
    for bad in ["09:00", "09:00-10:00, 09:30-11:00", "9-17", "09:00–17:00–18:00"] {
        assert!(bad.parse::<Hours>().is_err(), "{bad}");
    }
    assert_eq!(hours(" 09:00 - 12:00 ,13:00–24:00 ").to_string(), "09:00–12:00, 13:00–24:00");
}

/// Spans of a day as plain minutes.
type Plain = Vec<(u16, u16)>;

/// A calendar as plain numbers, and the question whether it is open, answered minute by minute.
struct Naive {
    zone: Zone,
    week: [Plain; 7],
    iceland: bool,
    closed: BTreeSet<Date>,
    open: BTreeMap<Date, Option<Plain>>,
    off: BTreeMap<Date, holidays::DayOff>,
}

const TIMES: [u16; 12] = [0, 30, 60, 90, 120, 150, 180, 181, 540, 720, 1380, 1440];

struct Dice(Chance);

impl Dice {
    fn below(&self, most: u64) -> u64 {
        u64::from_be_bytes(self.0.bytes()) % most
    }

    fn one_in(&self, many: u64) -> bool {
        self.below(many) == 0
    }

    fn time(&self) -> u16 {
        let nth = usize::try_from(self.below(12)).expect("small");
        if self.one_in(2) { TIMES[nth] } else { u16::try_from(self.below(1441)).expect("small") }
    }

    fn spans(&self) -> Plain {
        if self.one_in(6) {
            return vec![(0, 1440)];
        }
        let mut times: Vec<u16> = (0..2 * self.below(4)).map(|_| self.time()).collect();
        times.sort_unstable();
        times.dedup();
        times.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
    }
}

fn shown(spans: &Plain) -> Hours {
    let time = |minutes: u16| format!("{:02}:{:02}", minutes / 60, minutes % 60);
    let spans: Vec<String> =
        spans.iter().map(|(from, to)| format!("{}-{}", time(*from), time(*to))).collect();
    hours(&spans.join(","))
}

impl Naive {
    fn random(dice: &Dice, zone: Zone, first: Date) -> Self {
        let iceland = dice.one_in(2);
        let some_date = || first + i64::try_from(dice.below(40)).expect("small").days();
        let off = [first.year() - 1, first.year(), first.year() + 1]
            .into_iter()
            .flat_map(|year| holidays::days_off("IS", year))
            .collect();
        Self {
            zone,
            week: [(); 7].map(|()| dice.spans()),
            iceland,
            closed: (0..dice.below(5)).map(|_| some_date()).collect(),
            open: (0..dice.below(4))
                .map(|_| (some_date(), dice.one_in(2).then(|| dice.spans())))
                .collect(),
            off,
        }
    }

    fn calendar(&self) -> Calendar {
        let open = self.open.iter().map(|(date, spans)| OpenDay {
            date: date.to_string().parse().expect("a day"),
            hours: spans.as_ref().map(shown),
        });
        Calendar::new(
            self.zone.clone(),
            CareHours::new(self.week.each_ref().map(shown)),
            self.iceland.then(HolidayCountry::iceland),
            self.closed.iter().copied(),
            open.collect::<Vec<_>>(),
        )
    }

    fn is_open(&self, minute: i64) -> bool {
        let instant = Timestamp::from_microsecond(minute * 60_000_000).expect("in range");
        let local = self.zone.rules().to_datetime(instant.jiff());
        let (date, time) = (local.date(), local.time());
        let now = u16::try_from(time.hour()).expect("small") * 60
            + u16::try_from(time.minute()).expect("small");
        let weekday =
            &self.week[usize::try_from(date.weekday().to_monday_zero_offset()).expect("small")];
        let has_now = |spans: &Plain| spans.iter().any(|(from, to)| (*from..*to).contains(&now));
        if let Some(own) = self.open.get(&date) {
            return has_now(own.as_ref().unwrap_or(weekday));
        }
        if !has_now(weekday) {
            return false;
        }
        let rests = self.iceland
            && match self.off.get(&date) {
                None => false,
                Some(holidays::DayOff::Whole) => true,
                Some(holidays::DayOff::From(from)) => time >= *from,
            };
        !self.closed.contains(&date) && !rests
    }
}

#[test]
fn a_month_in_every_zone_is_as_counted_minute_by_minute() {
    const MINUTES: i64 = 31 * 24 * 60;
    let seed = 20_261_128;
    println!("seed {seed}");
    let dice = Dice(Chance::seeded(seed));
    let names: Vec<String> =
        TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect();
    let (mut zones, mut changes) = (0, 0);
    for name in names {
        let Ok(zone) = name.parse::<Zone>() else { continue };
        zones += 1;
        // some day from 2001 to 2034, or better a few days before the next clock change
        let day = 11_323 + i64::try_from(dice.below(12_000)).expect("small");
        let some_time = Timestamp::from_microsecond(day * 86_400_000_000).expect("in range");
        let change = zone.rules().following(some_time.jiff()).next();
        let first = change.map_or(some_time.as_second() / 60, |change| {
            changes += 1;
            let before = i64::try_from(dice.below(29 * 24 * 60)).expect("small");
            change.timestamp().as_second() / 60 - before
        });
        let minute =
            |nth: i64| Timestamp::from_microsecond((first + nth) * 60_000_000).expect("in range");
        let naive = Naive::random(&dice, zone.clone(), zone.date(minute(0)));
        let calendar = naive.calendar();
        // how many minutes were open before each
        let mut before = vec![0];
        let is_open: Vec<bool> = (0..MINUTES).map(|nth| naive.is_open(first + nth)).collect();
        for open in &is_open {
            before.push(before.last().expect("one") + u64::from(*open));
        }
        let place = |nth: i64| usize::try_from(nth).expect("not negative");
        let all = before[place(MINUTES)];
        assert_eq!(calendar.seconds_between(minute(0), minute(MINUTES)), all * 60, "{name}");
        for _ in 0..40 {
            let from = i64::try_from(dice.below(u64::try_from(MINUTES).expect("positive")));
            let from = from.expect("small");
            let to = from + i64::try_from(dice.below(3 * 24 * 60)).expect("small");
            let to = to.min(MINUTES);
            let counted = before[place(to)] - before[place(from)];
            let found = calendar.seconds_between(minute(from), minute(to));
            assert_eq!(found, counted * 60, "{name} {} {}", minute(from), minute(to));
            let opens = (from..MINUTES).find(|nth| is_open[place(*nth)]);
            if let Some(opens) = opens {
                assert_eq!(calendar.start(minute(from)), minute(opens), "{name} {}", minute(from));
            }
            let wanted = 1 + dice.below(600);
            // the first minute with so many behind it, where the month has one
            let due = before.partition_point(|count| *count < before[place(from)] + wanted);
            if due < before.len() {
                let due = minute(i64::try_from(due).expect("small"));
                let found = calendar.after(minute(from), wanted * 60);
                assert_eq!(found, due, "{name} {} {wanted}", minute(from));
            }
        }
    }
    println!("{zones} zones, {changes} of them with a clock change");
    assert!(zones > 400 && changes > 200);
}

#[test]
fn weeks_are_quick() {
    let office = office();
    let begun = std::time::Instant::now();
    // a hundred years of business hours, a thousand clocks of a week
    assert!(office.after(at("2026-11-20T16:58:00Z"), 3600 * 8 * 250 * 100).as_second() > 0);
    for nth in 0..1000 {
        let from = at("2026-11-20T16:58:00Z").plus(Duration::from_mins(nth * 97));
        assert!(office.after(from, 3600 * 40) > from);
    }
    println!("{:?}", begun.elapsed());
}
