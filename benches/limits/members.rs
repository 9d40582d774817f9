//! Members for the measurements, written straight into the tables: ids that are numbers, so that
//! `pgbench` and a loop can name them too, and points that the ledger's audit is content with.

use std::fmt::Display;

use platform::kernel::id::MemberId;
use uuid::Uuid;

use super::{place::Place, support::both::Which};

/// Members by number.
pub type Range = std::ops::RangeInclusive<u32>;

/// Members that each command is sent for: apart, so that none changes what another one finds.
pub const EARN: Range = 1..=1000;
pub const REDEEM: Range = 1001..=2000;
pub const ORDER: Range = 2001..=3000;
pub const BALANCE: Range = 3001..=4000;
/// One member whom all want at once: for earn, and for redeem.
pub const HOT_EARN: Range = 4001..=4001;
pub const HOT_REDEEM: Range = 4002..=4002;

/// How many have a family name in common.
pub const NAMESAKES: u32 = 1000;

/// Enough to redeem from for as long as anybody measures.
pub const RICH: i64 = 1_000_000_000;

/// The id of a member: its number in decimal digits.
pub fn id(number: u32) -> MemberId {
    let digits = format!("{number:032}");
    MemberId::from_uuid(Uuid::parse_str(&digits).expect("digits"))
}

/// What SQL of either kind is written with.
struct Words {
    which: Which,
}

impl Words {
    /// An id of decimal digits: `prefix` and two numbers.
    fn id(&self, prefix: u32, high: &str, low: &str) -> String {
        match self.which {
            Which::Sqlite => format!("unhex(printf('{prefix:02}%014d%016d', {high}, {low}))"),
            Which::Postgres => format!(
                "('{prefix:02}' || lpad(({high})::text, 14, '0') || lpad(({low})::text, 16, '0'))::uuid"
            ),
        }
    }

    /// An id that tells when it was made, as ours do: the millisecond of `at`, then decimal digits.
    fn made(&self, at: &str, prefix: u32, high: &str, low: &str) -> String {
        match self.which {
            Which::Sqlite => {
                format!("unhex(printf('%012x{prefix:02}%08d%010d', ({at}) / 1000, {high}, {low}))")
            }
            Which::Postgres => format!(
                "(lpad(to_hex((extract(epoch from {at}) * 1000)::bigint), 12, '0') || \
                 '{prefix:02}' || lpad(({high})::text, 8, '0') || lpad(({low})::text, 10, '0'))::uuid"
            ),
        }
    }

    fn member(&self, number: &str) -> String {
        self.id(0, "0", number)
    }

    /// The instant so many days from now, the same in all statements of the day.
    fn days(&self, days: impl Display) -> String {
        match self.which {
            Which::Sqlite => {
                format!("((unixepoch('now', 'start of day') + {days} * 86400) * 1000000)")
            }
            Which::Postgres => {
                format!("(date_trunc('day', now(), 'UTC') + {days} * interval '24 hours')")
            }
        }
    }

    /// The day of a year without a leap day that comes so many days after its first, `MM-DD`.
    fn birthday(&self, days: &str) -> String {
        match self.which {
            Which::Sqlite => format!("strftime('%m-%d', '2001-01-01', ({days}) || ' days')"),
            Which::Postgres => format!("to_char(date '2001-01-01' + ({days})::int, 'MM-DD')"),
        }
    }

    fn series(&self, name: &str, from: i64, to: i64) -> String {
        match self.which {
            Which::Sqlite => format!(
                "(WITH RECURSIVE s({name}) AS (SELECT {from} UNION ALL SELECT {name} + 1 FROM s \
                 WHERE {name} < {to}) SELECT {name} FROM s WHERE {name} <= {to}) AS {name}_series"
            ),
            Which::Postgres => {
                format!("generate_series({from}::bigint, {to}) AS {name}_series({name})")
            }
        }
    }

    fn json(&self, text: &str) -> String {
        match self.which {
            Which::Sqlite => format!("'{text}'"),
            Which::Postgres => format!("'{text}'::jsonb"),
        }
    }

    fn flag(&self, flag: bool) -> &'static str {
        match (self.which, flag) {
            (Which::Sqlite, true) => "1",
            (Which::Sqlite, false) => "0",
            (Which::Postgres, true) => "true",
            (Which::Postgres, false) => "false",
        }
    }
}

/// When the points were earned and when they end, in days from today.
const EARNED: i64 = -30;
pub const ENDS: i64 = 700;

/// Enrols members who each have so many open lots, of so many points each, available now, that
/// expire in so many days: with a number below zero, they are due.
pub fn enrol(place: &Place, members: &Range, lots: i64, points: i64, ends: i64) {
    let words = Words { which: place.which };
    let everyone = words.series("n", (*members.start()).into(), (*members.end()).into());
    let (member, earned, ends) = (words.member("n"), words.days(EARNED), words.days(ends));
    let sum = lots * points;
    let next = if lots > 0 { &ends } else { "NULL" };
    let mut sql = vec![
        members_sql(&words, &everyone),
        words_sql(&words, &everyone),
        format!(
            "INSERT INTO accounts (member_id, seq, available, pending, held, debt, lifetime_earned, lifetime_redeemed, lifetime_expired, next_change_at) \
             SELECT {member}, {lots}, {sum}, 0, 0, 0, {sum}, 0, 0, \
             {next} FROM {everyone}"
        ),
    ];
    if lots > 0 {
        let each = format!("{everyone} CROSS JOIN {}", words.series("s", 1, lots));
        let entry = Entry { kind: "earn", points, seq: "s", after: &format!("s * {points}") };
        sql.push(entry.sql(&words, &earned, &ends, &each));
        sql.push(lots_sql(&words, "s", points, points, &ends, &each));
        sql.push(expiries_sql(&words, sum, &ends, &everyone));
    }
    run(place, &sql);
}

/// Where those live who are greeted; in two of these it is nine within the same hour.
pub const ZONES: [&str; 8] = [
    "Atlantic/Reykjavik",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
    "Asia/Kolkata",
    "Asia/Karachi",
    "Asia/Tokyo",
    "Australia/Sydney",
];
/// Who wants to be greeted joined on one of so many days.
const JOINED_WITHIN: u32 = 1500;

/// Enrols members who want to be greeted: born on each day of the year, at home in each of
/// [`ZONES`], half of them readers of another language, and for up to four years with the program.
pub fn enrol_to_greet(place: &Place, members: &Range) {
    let words = Words { which: place.which };
    let everyone = words.series("n", (*members.start()).into(), (*members.end()).into());
    let (member, yes) = (words.member("n"), words.flag(true));
    // 365 and 8 have no divisor in common: each day meets each zone
    let birthday = words.birthday("n % 365");
    let enrolled = words.days(format!("(-1 - n % {JOINED_WITHIN})"));
    let zones = ZONES.iter().enumerate().map(|(place, zone)| format!("WHEN {place} THEN '{zone}'"));
    let zones = zones.collect::<Vec<_>>().join(" ");
    let count = ZONES.len();
    run(
        place,
        &[format!(
            "INSERT INTO members (id, email, email_key, given_name, locale, time_zone, birthday, \
             tier, status, referral_code, marketing_consent, enrolled_at, version) \
             SELECT {member}, 'm' || n || '@example.com', 'm' || n || '@example.com', 'Member', \
             CASE n % 2 WHEN 0 THEN 'en' ELSE 'is' END, CASE n % {count} {zones} END, {birthday}, \
             'member', 'active', 'B' || n, {yes}, {enrolled}, 1 FROM {everyone}"
        )],
    );
}

/// Enrols one who has earned and spent so many times, and then got [`RICH`]: no lot but the last
/// is open.
pub fn enrol_busy(place: &Place, number: u32, times: i64) {
    const POINTS: i64 = 10;
    let words = Words { which: place.which };
    let one = words.series("n", number.into(), number.into());
    let (member, earned, ends) = (words.member("n"), words.days(EARNED), words.days(ENDS));
    let (last, spent) = (2 * times + 1, POINTS * times);
    let redemption = words.made(&earned, 2, "n", "s");
    let each = format!("{one} CROSS JOIN {}", words.series("s", 1, times));
    let earn = Entry { kind: "earn", points: POINTS, seq: "2 * s - 1", after: &POINTS.to_string() };
    let redeem = Entry { kind: "redeem", points: -POINTS, seq: "2 * s", after: "0" };
    let gift =
        Entry { kind: "earn", points: RICH, seq: &last.to_string(), after: &RICH.to_string() };
    run(
        place,
        &[
            members_sql(&words, &one),
            format!(
                "INSERT INTO accounts (member_id, seq, available, pending, held, debt, lifetime_earned, lifetime_redeemed, lifetime_expired, next_change_at) \
             SELECT {member}, {last}, {RICH}, 0, 0, 0, {}, {spent}, 0, \
                 {ends} FROM {one}",
                spent + RICH
            ),
            earn.sql(&words, &earned, &ends, &each),
            redeem.sql(&words, &earned, &ends, &each),
            gift.sql(&words, &earned, &ends, &one),
            lots_sql(&words, "2 * s - 1", POINTS, 0, &ends, &each),
            lots_sql(&words, &last.to_string(), RICH, RICH, &ends, &one),
            expiries_sql(&words, RICH, &ends, &one),
            format!(
                "INSERT INTO redemptions (id, member_id, reward_id, quantity, points, state, \
                 entry_seq, placed_by, placed_at, fulfilled_at) \
                 SELECT {redemption}, {member}, (SELECT id FROM rewards ORDER BY id LIMIT 1), 1, \
                 {POINTS}, 'fulfilled', 2 * s, 'system', {earned}, {earned} FROM {each}"
            ),
            format!(
                "INSERT INTO allocations (member_id, debit_seq, lot_seq, cause_seq, points) \
             SELECT {member}, 2 * s, 2 * s - 1, 2 * s, {POINTS} \
                 FROM {each}"
            ),
        ],
    );
}

fn members_sql(words: &Words, everyone: &str) -> String {
    let (member, then, off) = (words.member("n"), words.days(EARNED), words.flag(false));
    format!(
        "INSERT INTO members (id, email, email_key, given_name, family_name, locale, time_zone, \
         tier, status, referral_code, marketing_consent, enrolled_at, version) \
         SELECT {member}, 'm' || n || '@example.com', 'm' || n || '@example.com', 'Member', \
         'Éclair' || (n / {NAMESAKES}), 'en', 'UTC', 'member', 'active', 'B' || n, {off}, {then}, 1 \
         FROM {everyone}"
    )
}

/// By which they are found.
fn words_sql(words: &Words, everyone: &str) -> String {
    let member = words.member("n");
    format!(
        "INSERT INTO member_words (word, member_id) \
         SELECT 'member', {member} FROM {everyone} \
         UNION ALL SELECT 'éclair' || (n / {NAMESAKES}), {member} FROM {everyone} \
         UNION ALL SELECT 'm' || n || '@example.com', {member} FROM {everyone} \
         UNION ALL SELECT 'example.com', {member} FROM {everyone}"
    )
}

struct Entry<'a> {
    kind: &'a str,
    points: i64,
    /// Expressions over `s`.
    seq: &'a str,
    after: &'a str,
}

impl Entry<'_> {
    /// Rows for every pair of a member `n` and a number `s`.
    fn sql(&self, words: &Words, earned: &str, ends: &str, each: &str) -> String {
        let Self { kind, points, seq, after } = self;
        let (available_at, expires_at) =
            if *points > 0 { (earned, ends) } else { ("NULL", "NULL") };
        let rule = words.json(match *kind {
            "earn" => r#"{"rule": "earn"}"#,
            _ => r#"{"rule": "redemption", "reward": "Coffee", "quantity": 1}"#,
        });
        let (member, id) = (words.member("n"), words.made(earned, 1, "n", seq));
        format!(
            "INSERT INTO entries (member_id, seq, id, kind, points, balance_after, available_at, \
             expires_at, part, actor, rule, occurred_at, recorded_at) \
             SELECT {member}, {seq}, {id}, '{kind}', {points}, {after}, {available_at}, \
             {expires_at}, '', 'system', {rule}, {earned}, {earned} FROM {each}"
        )
    }
}

fn lots_sql(
    words: &Words,
    seq: &str,
    points: i64,
    remaining: i64,
    ends: &str,
    each: &str,
) -> String {
    let (member, earned, yes) = (words.member("n"), words.days(EARNED), words.flag(true));
    format!(
        "INSERT INTO lots (member_id, seq, points, remaining, available_at, expires_at, matured) \
             SELECT {member}, {seq}, {points}, {remaining}, {earned}, {ends}, {yes} \
         FROM {each}"
    )
}

/// What of each member's open lots ends then.
fn expiries_sql(words: &Words, points: i64, ends: &str, everyone: &str) -> String {
    let member = words.member("n");
    format!(
        "INSERT INTO expiries (member_id, expires_at, points) \
         SELECT {member}, {ends}, {points} FROM {everyone}"
    )
}

/// One transaction; the references are right by construction.
fn run(place: &Place, sql: &[String]) {
    let (before, after) = match place.which {
        Which::Sqlite => ("PRAGMA foreign_keys = OFF; BEGIN IMMEDIATE;", "COMMIT"),
        Which::Postgres => ("BEGIN;", "COMMIT"),
    };
    place.sql(&format!("{before}{};{after}", sql.join(";")));
}
