//! Years, day by day, over every time zone: who is greeted for what equals what somebody with a
//! calendar would say, who knows nothing of how the program finds it out.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use diesel::prelude::*;
use jiff::{
    Span,
    civil::Date,
    tz::{TimeZone, TimeZoneDatabase},
};
use platform::{
    auth::Caller,
    db::{Tx, schema::letters},
    kernel::{chance::Chance, id::MemberId, version::Versions},
};
use program::{
    enrolment::{Enrolment, Letters, service as enrolment},
    members::{
        likeness::Hints,
        service::{self as members, Changes},
    },
    occasions::{NewOccasion, service as occasions},
};
use serde_json::{Value, json};

use crate::support::{app::TestApp, both::Which};

/// A greeting may be so many days late.
const LATE: i64 = 3;

/// What somebody with a calendar knows of a member.
struct Known {
    zone: TimeZone,
    born: Option<(i8, i8)>,
    born_set_at: jiff::Timestamp,
    joined: jiff::Timestamp,
    greeted: BTreeSet<String>,
}

/// What they know of an occasion.
struct Marked {
    id: String,
    kind: &'static str,
    hour: i8,
    days: Vec<Date>,
    since: jiff::Timestamp,
}

fn celebrates(day: (i8, i8), date: Date) -> bool {
    let own = (date.month(), date.day());
    own == day || (day == (2, 29) && own == (2, 28) && !date.in_leap_year())
}

impl Known {
    fn date(&self, at: jiff::Timestamp) -> Date {
        at.to_zoned_datetime(self.zone.clone()).date()
    }

    fn moment(&self, date: Date, hour: i8) -> jiff::Timestamp {
        let local = date.at(hour, 0, 0, 0).to_zoned_datetime(self.zone.clone());
        local.expect("an instant").timestamp()
    }

    /// Whether a greeting of now would lie there until the day is over: it is quiet from 21 to 8.
    fn is_over_by_the_morning(&self, date: Date, now: jiff::Timestamp) -> bool {
        let local = now.to_zoned_datetime(self.zone.clone());
        local.date() > date || local.hour() >= 21
    }

    /// Greets for all that is due now.
    fn greet(&mut self, member: MemberId, marked: &[Marked], now: jiff::Timestamp) {
        let today = self.date(now);
        for ago in (0..=LATE).rev() {
            let date = today.saturating_sub(Span::new().days(ago));
            for occasion in marked {
                let day = match occasion.kind {
                    "birthday" => self.born,
                    "anniversary" => Some(self.date(self.joined)).map(|d| (d.month(), d.day())),
                    _ => occasion.days.contains(&date).then_some((date.month(), date.day())),
                };
                if !day.is_some_and(|day| celebrates(day, date)) {
                    continue;
                }
                let since = self.date(self.joined).max(self.date(occasion.since));
                if self.moment(date, occasion.hour) > now || since > date {
                    continue;
                }
                // and in the morning it would be too late
                if ago == LATE && self.is_over_by_the_morning(today, now) {
                    continue;
                }
                let year = date.year();
                let key = match occasion.kind {
                    "birthday" => {
                        let set = self.date(self.born_set_at);
                        if set > date || set == date && self.is_over_by_the_morning(date, now) {
                            continue;
                        }
                        format!("birthday:{member}:{year}")
                    }
                    "anniversary" => {
                        if self.date(self.joined).year() >= year {
                            continue;
                        }
                        format!("anniversary:{member}:{year}")
                    }
                    kind => {
                        let came_since =
                            marked.iter().filter(|other| other.kind == kind).any(|o| {
                                o.days.iter().any(|d| *d > date && self.moment(*d, o.hour) <= now)
                            });
                        if came_since {
                            continue;
                        }
                        format!("{kind}:{}:{member}:{date}", occasion.id)
                    }
                };
                self.greeted.insert(key);
            }
        }
    }
}

struct Years<'a> {
    app: &'a TestApp,
    chance: Chance,
    zones: Vec<String>,
    known: BTreeMap<MemberId, Known>,
    marked: Vec<Marked>,
}

impl Years<'_> {
    fn below(&self, bound: usize) -> usize {
        usize::try_from(u32::from_be_bytes(self.chance.bytes())).expect("small") % bound
    }

    fn now(&self) -> jiff::Timestamp {
        self.app.clock.now().jiff()
    }

    fn zone(&self) -> String {
        self.zones[self.below(self.zones.len())].clone()
    }

    fn day(&self) -> (i8, i8) {
        // those who are born on leap days and about the new year are more than their share
        match self.below(10) {
            0 => (2, 29),
            1 => (12, 31),
            2 => (1, 1),
            _ => {
                let first: Date = "2028-01-01".parse().expect("a date");
                let days = i64::try_from(self.below(366)).expect("small");
                let day = first.saturating_add(Span::new().days(days));
                (day.month(), day.day())
            }
        }
    }

    async fn add(&mut self, kind: &'static str, hour: i8, rule: Value, days: Vec<Date>) {
        let fields = json!({
            "kind": kind, "rule": rule, "active": true, "send_at_local": format!("{hour:02}:00"),
            "name": (kind == "date").then_some("A day of ours"),
        });
        let fields: NewOccasion = serde_json::from_value(fields).expect("an occasion");
        let add = move |tx: &mut Tx<'_>| occasions::add(tx, fields.clone());
        let occasion = self.app.store().write(add).await.expect("it is added");
        let (id, since) = (occasion.id.to_string(), self.now());
        self.marked.push(Marked { id, kind, hour, days, since });
    }

    async fn enrol(&mut self, number: usize, zone: String) {
        let born = (self.below(4) > 0).then(|| self.day());
        let hours = u64::try_from(self.below(24 * 900)).expect("small");
        let joined = self.app.clock.now().minus(Duration::from_hours(hours));
        let email = format!("m{number}@example.com");
        let enrolment = Enrolment {
            email: email.parse().expect("an address"),
            given_name: "Ari".parse().expect("a name"),
            family_name: None,
            locale: None,
            time_zone: Some(zone.parse().expect("a zone")),
            country: None,
            birthday: born.map(|(m, d)| format!("{m:02}-{d:02}").parse().expect("a birthday")),
            external_id: None,
            referral_code: None,
            hints: Hints::default(),
            marketing_consent: true,
            enrolled_at: Some(joined),
            password_hash: None,
        };
        let enrol =
            move |tx: &mut Tx<'_>| enrolment::enrol(tx, &enrolment, &Caller::System, Letters::None);
        let member = self.app.store().write(enrol).await.expect("a member");
        let zone = TimeZone::get(&zone).expect("a zone");
        let (joined, greeted) = (joined.jiff(), BTreeSet::new());
        self.known.insert(member.id, Known { zone, born, born_set_at: joined, joined, greeted });
    }

    /// Somebody moves, or says when they were born.
    async fn live(&mut self) {
        let now = self.now();
        let nth = self.below(self.known.len());
        let id = *self.known.keys().nth(nth).expect("a member");
        let mut changes = Changes::default();
        if self.below(3) > 0 {
            let zone = self.zone();
            changes.time_zone = Some(zone.parse().expect("a zone"));
            self.known.get_mut(&id).expect("known").zone = TimeZone::get(&zone).expect("a zone");
        } else {
            // today, or near it, more often than not
            let known = &self.known[&id];
            let days = i64::try_from(self.below(5)).expect("small") - 2;
            let near = known.date(now).saturating_add(Span::new().days(days));
            let (month, day) =
                if self.below(3) > 0 { (near.month(), near.day()) } else { self.day() };
            if known.born != Some((month, day)) {
                let birthday = format!("{month:02}-{day:02}").parse().expect("a birthday");
                changes.birthday = Some(Some(birthday));
                let known = self.known.get_mut(&id).expect("known");
                (known.born, known.born_set_at) = (Some((month, day)), now);
            }
        }
        let change = move |tx: &mut Tx<'_>| {
            members::change(tx, id, &changes, &Versions::Any, &Caller::System)
        };
        self.app.store().write(change).await.expect("a change");
    }

    async fn greet(&mut self) {
        occasions::greet_due(self.app.store()).await.expect("they are greeted");
        let now = self.now();
        for (member, known) in &mut self.known {
            known.greet(*member, &self.marked, now);
        }
    }

    async fn compare(&self) {
        let read = |tx: &mut Tx<'_>| {
            let keys: Vec<String> = letters::table.select(letters::dedupe_key).load(tx.conn)?;
            Ok(keys)
        };
        let written: Vec<String> = self.app.store().read(read).await.expect("letters");
        let written: BTreeSet<String> = written.into_iter().collect();
        let expected: BTreeSet<String> =
            self.known.values().flat_map(|known| known.greeted.iter().cloned()).collect();
        let missing: Vec<&String> = expected.difference(&written).take(10).collect();
        let strange: Vec<&String> = written.difference(&expected).take(10).collect();
        assert!(
            missing.is_empty() && strange.is_empty(),
            "seed {}, at {}: missing {missing:?}, strange {strange:?}",
            self.app.seed,
            self.now()
        );
    }
}

fn dates(of: &[&str]) -> Vec<Date> {
    of.iter().map(|date| date.parse().expect("a date")).collect()
}

async fn live_through(app: &TestApp, years: i16, members: usize) {
    let names: Vec<String> =
        TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect();
    let zones: Vec<String> = names
        .into_iter()
        .filter(|name| name.parse::<platform::kernel::zone::Zone>().is_ok())
        .collect();
    let chance = Chance::seeded(app.seed);
    let mut all = Years { app, chance, zones, known: BTreeMap::new(), marked: Vec::new() };
    for number in 0..members {
        // every zone, and then any
        let zone = all.zones.get(number).cloned().unwrap_or_else(|| all.zone());
        all.enrol(number, zone).await;
    }
    let every =
        |month, day| (2026..2045).map(move |year| Date::new(year, month, day).expect("a date"));
    let eid = dates(&[
        "2026-03-20",
        "2027-03-09",
        "2028-02-26",
        "2029-02-14",
        "2030-02-04",
        "2031-01-24",
        "2032-01-14",
        "2033-01-03",
        "2033-12-23",
        "2034-12-12",
        "2035-12-01",
        "2036-11-19",
    ]);
    all.add("birthday", 9, json!({}), Vec::new()).await;
    all.add("anniversary", 10, json!({}), Vec::new()).await;
    let rule = |key: &str| json!({"holiday": key});
    all.add("holiday", 9, rule("christmas_eve"), every(12, 24).collect()).await;
    all.add("holiday", 11, rule("christmas_day"), every(12, 25).collect()).await;
    all.add("holiday", 9, rule("eid_al_fitr"), eid).await;
    let third = json!({"rrule": "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=3", "from": "2026-01-01"});
    all.add("date", 12, third, every(5, 3).collect()).await;
    let end = app
        .clock
        .now()
        .jiff()
        .to_zoned_datetime(TimeZone::UTC)
        .saturating_add(Span::new().years(years));
    let mut days = 0;
    while all.now() < end.timestamp() {
        all.greet().await;
        if days % 200 == 0 {
            all.compare().await;
        }
        // a day, mostly; now and then the server was down for some, or somebody looks at any hour
        let hours = match all.below(40) {
            0 => 24 * (2 + all.below(6)),
            1..=9 => 1 + all.below(30),
            _ => 24,
        };
        let hours = u64::try_from(hours).expect("small");
        let before =
            u64::try_from(all.below(usize::try_from(hours).expect("small"))).expect("small");
        app.travel(Duration::from_hours(before));
        all.live().await;
        app.travel(Duration::from_hours(hours - before));
        days += 1;
    }
    all.greet().await;
    all.compare().await;
    let count = all.known.values().map(|known| known.greeted.len()).sum::<usize>();
    assert!(count > members * usize::try_from(years).expect("small") * 3, "{count} greetings");
    // nobody is really written to
    let forget = |tx: &mut Tx<'_>| Ok(diesel::delete(letters::table).execute(tx.conn)?);
    app.store().write(forget).await.expect("they are forgotten");
}

/// Three years, with a leap day, unless `VILDAR_YEARS` says more.
async fn on(which: Which, start: &str) {
    let Some(app) = TestApp::starting_at(which, start).await else { return };
    let years = std::env::var("VILDAR_YEARS").ok().and_then(|text| text.parse().ok());
    live_through(&app, years.unwrap_or(3), 700).await;
    app.finish().await;
}

#[actix_web::test]
async fn years_over_every_zone_on_sqlite() {
    on(Which::Sqlite, "2026-01-01T12:00:00Z").await;
}

#[actix_web::test]
async fn years_over_every_zone_on_postgres() {
    on(Which::Postgres, "2027-06-01T12:00:00Z").await;
}
