//! Which period is told of, and what a member had and has.

use jiff::{ToSpan, civil::Date};

use crate::{
    ledger::{self, Settled, Stretch},
    members,
};
use platform::{
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Refusal, Result},
        locale::Language,
        zone::Zone,
    },
    settings,
};

/// Where a period begins or ends, as a caller says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    /// The beginning of this day in the program's time zone.
    Day(Date),
    At(Timestamp),
}

/// Why a text is no edge of a period.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be a date between the years 1900 and 9000, 2026-11-21, or an instant, \
     2026-11-21T18:51:00Z (in a query, the + of an offset is written %2B)"
)]
pub struct NotAnEdge;

impl std::str::FromStr for Edge {
    type Err = NotAnEdge;

    fn from_str(text: &str) -> Result<Self, NotAnEdge> {
        if let Ok(instant) = text.parse() {
            return Ok(Self::At(instant));
        }
        let date: Date = text.parse().map_err(|_| NotAnEdge)?;
        let plain = text.len() == "2026-11-21".len() && (1900..=9000).contains(&date.year());
        if plain { Ok(Self::Day(date)) } else { Err(NotAnEdge) }
    }
}

impl Edge {
    fn instant(self, zone: &Zone) -> Timestamp {
        match self {
            Self::Day(date) => zone.midnight(date),
            Self::At(instant) => instant,
        }
    }

    /// Whether a period may begin here and end at `end`. A day that a zone left out has no length,
    /// and is a day of the calendar all the same.
    fn is_before(self, end: Self, zone: &Zone) -> bool {
        match (self, end) {
            (Self::Day(first), Self::Day(last)) => first < last,
            _ => self.instant(zone) < end.instant(zone),
        }
    }
}

/// The period `[from, to)`. Without `to` it ends with today, so that all that happened is in it;
/// without `from` it begins with the calendar month that it ends in.
///
/// # Errors
/// A period that ends before it begins, or as it begins.
pub fn period(
    from: Option<Edge>,
    to: Option<Edge>,
    now: Timestamp,
    zone: &Zone,
) -> Result<(Timestamp, Timestamp), Refusal> {
    let tomorrow = || Edge::Day(zone.date(now).saturating_add(1.day()));
    let last = to.unwrap_or_else(tomorrow);
    let end = last.instant(zone);
    let month = || {
        let last = zone.date(end.minus(std::time::Duration::from_micros(1)));
        Edge::Day(last.first_of_month())
    };
    let first = from.unwrap_or_else(month);
    let start = first.instant(zone);
    let is_one = match from {
        // the month of an end is before it, whatever edge that is
        None => start < end,
        Some(first) => first.is_before(last, zone),
    };
    match (to, is_one) {
        (_, true) => Ok((start, end)),
        (Some(_), false) => {
            Err(Refusal::field("?to", format!("must be after the period begins, at {start}")))
        }
        (None, false) => {
            let message = format!("must be before the period ends, at {end}: give `to` as well");
            Err(Refusal::field("?from", message))
        }
    }
}

/// What a member had, and what they have; what happened between, [`lines::Lines`] reads.
#[derive(Clone, Debug)]
pub struct Statement {
    /// Which entries are its lines: no entry that is recorded later comes into it.
    pub stretch: Stretch,
    /// The sum of all that happened before.
    pub opening_balance: i64,
    pub closing_balance: i64,
    /// What expires next from now: points and when.
    pub expiring: Vec<(i64, Timestamp)>,
    /// The member's.
    pub language: Language,
    /// The program's.
    pub zone: Zone,
}

/// The statement of a member, without its lines. To be read on one snapshot.
///
/// # Errors
/// An unknown member; a period that can't be.
pub fn open(
    tx: &mut Tx<'_>,
    of: Settled<'_>,
    from: Option<Edge>,
    to: Option<Edge>,
) -> Result<Statement> {
    let language = members::service::get(tx, of.member())?.locale.language();
    let zone = settings::service::get(tx)?.time_zone;
    let (from, to) = period(from, to, tx.now, &zone)?;
    let last_seq = ledger::last_seq(tx, of)?;
    let stretch = Stretch { member: of.member(), from, to, last_seq };
    let opening_balance = ledger::sum_before(tx, of, from, last_seq)?;
    let closing_balance = ledger::sum_before(tx, of, to, last_seq)?;
    let expiring = ledger::sheet(tx, of)?.expiring;
    Ok(Statement { stretch, opening_balance, closing_balance, expiring, language, zone })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edge(text: &str) -> Edge {
        text.parse().expect("an edge")
    }

    fn between(from: Option<Edge>, to: Option<Edge>) -> Result<String, Refusal> {
        let zone: Zone = "Europe/Berlin".parse().expect("a zone");
        let now = "2026-10-25T12:00:00Z".parse().expect("an instant");
        period(from, to, now, &zone).map(|(from, to)| format!("{from} {to}"))
    }

    #[test]
    fn a_period_is_this_month_unless_said_otherwise() {
        let said = |from: Option<&str>, to: Option<&str>| {
            between(from.map(edge), to.map(edge)).expect("a period")
        };
        assert_eq!(said(None, None), "2026-09-30T22:00:00Z 2026-10-25T23:00:00Z");
        let to = "2026-03-01";
        assert_eq!(said(None, Some(to)), "2026-01-31T23:00:00Z 2026-02-28T23:00:00Z");
        let to = "2026-03-01T00:00:00Z";
        assert_eq!(said(None, Some(to)), "2026-02-28T23:00:00Z 2026-03-01T00:00:00Z");
        let from = "2025-12-24";
        assert_eq!(said(Some(from), None), "2025-12-23T23:00:00Z 2026-10-25T23:00:00Z");
        // the day on which clocks go back is an hour longer
        let day = (Some("2026-10-25"), Some("2026-10-26"));
        assert_eq!(said(day.0, day.1), "2026-10-24T22:00:00Z 2026-10-25T23:00:00Z");
    }

    #[test]
    fn a_day_that_was_not_has_no_length() {
        // Samoa went over the date line: 29 December 2011 was followed by the 31st
        let zone: Zone = "Pacific/Apia".parse().expect("a zone");
        let now = "2026-10-25T12:00:00Z".parse().expect("an instant");
        let said = |from: &str, to: &str| period(Some(edge(from)), Some(edge(to)), now, &zone);
        let midnight: Timestamp = "2011-12-30T10:00:00Z".parse().expect("an instant");
        assert_eq!(said("2011-12-30", "2011-12-31"), Ok((midnight, midnight)));
        for to in ["2011-12-29", "2011-12-30", "2011-12-30T10:00:00Z"] {
            assert!(said("2011-12-30", to).is_err(), "{to}");
        }
    }

    #[test]
    fn a_period_ends_after_it_begins() {
        for (from, to, pointer) in [
            ("2026-02-01", Some("2026-02-01"), "?to"),
            ("2026-02-01", Some("2026-01-31T22:59:59Z"), "?to"),
            ("2026-10-26", None, "?from"),
        ] {
            let Err(Refusal::Invalid { errors }) = between(Some(edge(from)), to.map(edge)) else {
                panic!("taken")
            };
            assert_eq!(errors[0].pointer, pointer);
        }
        for text in [
            "",
            "today",
            "2026-02-30",
            "2026-2-1",
            "20260201",
            "9999-01-01",
            "1899-12-31",
            "2026-02-01T00:00:00",
            "2026-02-01 ",
            "-002026-02-01",
        ] {
            assert_eq!(text.parse::<Edge>(), Err(NotAnEdge), "{text}");
        }
    }
}
