//! When something was: an instant or a date, and what is wrong with one that is neither.

use jiff::civil::Date;

use platform::kernel::{clock::Timestamp, zone::Zone};

const EXAMPLES: &str = "an instant, 2026-11-21T18:51:00Z, or a date, 2026-11-21";

/// An instant, or a date: its first moment in the program's time zone.
///
/// # Errors
/// What is wrong with the text, in words.
pub fn moment(text: &str, zone: &Zone) -> Result<Timestamp, String> {
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    let parts = parts(text);
    match parts {
        Some((year, month, day, "")) => {
            let date = day_of(year, month, day)?;
            in_range(i32::from(date.year()))?;
            Ok(zone.midnight(date))
        }
        Some((year, month, day, time)) => Err(wrong_instant(text, (year, month, day), time)),
        None => Err(format!("must be {EXAMPLES}")),
    }
}

/// A text that begins as `2026-11-21` does: year, month, day, and what follows.
fn parts(text: &str) -> Option<(i16, i8, i8, &str)> {
    let (year, rest) = text.split_once('-')?;
    let (month, rest) = rest.split_once('-')?;
    let (day, rest) = rest.split_at_checked(2)?;
    Some((number(year, 4)?, number(month, 2)?, number(day, 2)?, rest))
}

fn number<T: std::str::FromStr>(digits: &str, length: usize) -> Option<T> {
    let plain = digits.len() == length && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { digits.parse().ok() } else { None }
}

fn day_of(year: i16, month: i8, day: i8) -> Result<Date, String> {
    Date::new(year, month, day)
        .map_err(|_| format!("there is no day {year:04}-{month:02}-{day:02} in the calendar"))
}

fn in_range(year: i32) -> Result<(), String> {
    match year {
        ..1900 => Err(format!("is in the year {year}: years from 1900 on are taken")),
        9001.. => Err(format!("is in the year {year}: years up to 9000 are taken")),
        _ => Ok(()),
    }
}

/// Why a date with a time behind it is no instant.
fn wrong_instant(text: &str, (year, month, day): (i16, i8, i8), time: &str) -> String {
    if let Err(why) = day_of(year, month, day).and_then(|_| in_range(i32::from(year))) {
        return why;
    }
    let is_local = text.parse::<jiff::civil::DateTime>().is_ok();
    let has_offset = time.contains(['Z', 'z', '+']) || time.matches('-').count() > 0;
    if is_local && !has_offset {
        return format!("has a time without its offset from UTC: {text}Z, or with +01:00");
    }
    format!("must be {EXAMPLES}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said() {
        let zone: Zone = "Europe/Berlin".parse().expect("a zone");
        let read = |text: &str| moment(text, &zone).map(|at| at.to_string());
        assert_eq!(read("2026-11-21"), Ok("2026-11-20T23:00:00Z".to_owned()));
        assert_eq!(read("2026-11-21T18:51:00+01:00"), Ok("2026-11-21T17:51:00Z".to_owned()));
        for (text, told) in [
            ("1899-12-31", "is in the year 1899: years from 1900 on"),
            ("1650-01-01T00:00:00Z", "is in the year 1650: years from 1900 on"),
            ("9001-01-01", "is in the year 9001: years up to 9000"),
            ("2026-02-30", "there is no day 2026-02-30"),
            ("2026-02-30T12:00:00Z", "there is no day 2026-02-30"),
            ("2026-13-01", "there is no day 2026-13-01"),
            ("2026-01-01T12:00:00", "has a time without its offset from UTC: 2026-01-01T12:00:00Z"),
            ("2026-01-01 12:00", "has a time without its offset"),
            ("2026-01-01T25:00:00Z", "must be an instant"),
            ("01/02/2026", "must be an instant"),
            ("20260101", "must be an instant"),
            ("2026-1-1", "must be an instant"),
            ("+2026-01-01", "must be an instant"),
            ("-2026-01-01", "must be an instant"),
            ("2026-01-é1", "must be an instant"),
            ("yesterday", "must be an instant"),
        ] {
            let why = read(text).expect_err(text);
            assert!(why.starts_with(told), "{text}: {why}");
        }
    }
}
