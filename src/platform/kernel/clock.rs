//! Time, handed in. Services read [`Clock`]; nothing else may ask the system what time it is
//! (`clippy.toml` sees to that).

use std::{
    fmt,
    str::FromStr,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use utoipa::openapi::{KnownFormat, SchemaFormat};

use super::wire;
use crate::wire_text;

/// An instant in UTC, to the microsecond (what both databases keep).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(jiff::Timestamp);

impl Timestamp {
    pub const UNIX_EPOCH: Self = Self(jiff::Timestamp::UNIX_EPOCH);

    /// The instant so many microseconds after 1970; `None` outside jiff's years −9999 … 9999.
    #[must_use]
    pub fn from_microsecond(microseconds: i64) -> Option<Self> {
        jiff::Timestamp::from_microsecond(microseconds).ok().map(Self)
    }

    #[must_use]
    pub fn from_jiff(instant: jiff::Timestamp) -> Self {
        Self::from_microsecond(instant.as_microsecond()).unwrap_or(Self::UNIX_EPOCH)
    }

    #[must_use]
    pub const fn jiff(self) -> jiff::Timestamp {
        self.0
    }

    #[must_use]
    pub fn as_microsecond(self) -> i64 {
        self.0.as_microsecond()
    }

    #[must_use]
    pub fn as_second(self) -> i64 {
        self.0.as_second()
    }

    /// Later by `by`, stopping at the end of time.
    #[must_use]
    pub fn plus(self, by: Duration) -> Self {
        let by = jiff::SignedDuration::try_from(by).unwrap_or(jiff::SignedDuration::MAX);
        Self(self.0.saturating_add(by).unwrap_or(jiff::Timestamp::MAX))
    }

    /// Earlier by `by`, stopping at the beginning of time.
    #[must_use]
    pub fn minus(self, by: Duration) -> Self {
        let by = jiff::SignedDuration::try_from(by).unwrap_or(jiff::SignedDuration::MAX);
        Self(self.0.saturating_sub(by).unwrap_or(jiff::Timestamp::MIN))
    }

    /// How long after `earlier` this is; zero where it is not after.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::try_from(self.0.duration_since(earlier.0)).unwrap_or_default()
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An instant as a row has it, in microseconds since 1970, even where no clock ever showed it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct RawInstant(pub i64);

impl RawInstant {
    /// The instant; `None` where it is out of range.
    #[must_use]
    pub fn timestamp(self) -> Option<Timestamp> {
        Timestamp::from_microsecond(self.0)
    }
}

impl fmt::Debug for RawInstant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.timestamp() {
            Some(instant) => instant.fmt(f),
            None => write!(f, "microsecond {}", self.0),
        }
    }
}

impl fmt::Display for RawInstant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// Why a text is no instant.
#[derive(Debug, thiserror::Error)]
#[error("is not an RFC 3339 instant between 1900 and 9000, such as 2026-11-21T18:51:00Z")]
pub struct NotAnInstant;

impl FromStr for Timestamp {
    type Err = NotAnInstant;

    /// RFC 3339 with an offset. Years far off are refused, so that adding months never overflows.
    fn from_str(text: &str) -> Result<Self, NotAnInstant> {
        let instant = text.parse::<jiff::Timestamp>().map_err(|_| NotAnInstant)?;
        let year = instant.to_zoned_datetime(jiff::tz::TimeZone::UTC).year();
        if (1900..=9000).contains(&year) { Ok(Self::from_jiff(instant)) } else { Err(NotAnInstant) }
    }
}

/// The program's time, and the wall's. They differ in the demo alone, whose program time moves
/// while tokens, throttles and leases keep to the wall.
#[derive(Clone, Debug)]
pub struct Clock(Arc<Source>);

#[derive(Debug)]
enum Source {
    /// The system's time.
    System,
    /// The system's time, moved ahead by so many microseconds.
    Shifted(AtomicI64),
    /// Stands still at so many microseconds until a test moves it.
    Fixed(AtomicI64),
}

impl Clock {
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Source::System))
    }

    /// Ticks on from `start`; can be moved: for the demo.
    #[must_use]
    pub fn starting_at(start: Timestamp) -> Self {
        let offset = start.as_microsecond() - wall_now().as_microsecond();
        Self(Arc::new(Source::Shifted(AtomicI64::new(offset))))
    }

    /// The system's time until it is moved: for the demo.
    #[must_use]
    pub fn system_movable() -> Self {
        Self(Arc::new(Source::Shifted(AtomicI64::new(0))))
    }

    /// Stands still: for tests.
    #[must_use]
    pub fn fixed(at: Timestamp) -> Self {
        Self(Arc::new(Source::Fixed(AtomicI64::new(at.as_microsecond()))))
    }

    /// What time it is for the program: points, orders, occasions.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        let micros = match &*self.0 {
            Source::System => return wall_now(),
            Source::Shifted(offset) => {
                wall_now().as_microsecond().saturating_add(offset.load(Ordering::SeqCst))
            }
            Source::Fixed(at) => at.load(Ordering::SeqCst),
        };
        Timestamp::from_microsecond(micros).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// What time it is for tokens, throttles and leases.
    #[must_use]
    pub fn wall(&self) -> Timestamp {
        match &*self.0 {
            Source::System | Source::Shifted(_) => wall_now(),
            Source::Fixed(_) => self.now(),
        }
    }

    /// Moves the program's time to `at`; `false` where this clock can't be moved.
    #[must_use]
    pub fn move_to(&self, at: Timestamp) -> bool {
        match &*self.0 {
            Source::System => return false,
            Source::Shifted(offset) => {
                offset.store(at.as_microsecond() - wall_now().as_microsecond(), Ordering::SeqCst);
            }
            Source::Fixed(fixed) => fixed.store(at.as_microsecond(), Ordering::SeqCst),
        }
        true
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that asks the system for the time")]
fn wall_now() -> Timestamp {
    Timestamp::from_jiff(jiff::Timestamp::now())
}

wire_text! { [] Timestamp, "Timestamp", wire::text().format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime))).examples(["2026-11-21T18:51:00Z"]) }

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_rfc_3339_in_utc() {
        let instant: Timestamp = "2026-11-21T19:51:00.123456789+01:00".parse().expect("parses");
        assert_eq!(instant.to_string(), "2026-11-21T18:51:00.123456Z");
        assert!("2026-11-21T19:51:00".parse::<Timestamp>().is_err(), "an offset is required");
        assert!("9999-11-21T19:51:00Z".parse::<Timestamp>().is_err());
    }

    #[test]
    fn only_a_movable_clock_moves() {
        let clock = Clock::fixed(Timestamp::UNIX_EPOCH);
        assert!(clock.move_to("2026-11-21T18:51:00Z".parse().expect("parses")));
        assert_eq!(clock.now().to_string(), "2026-11-21T18:51:00Z");
        assert!(!Clock::system().move_to(Timestamp::UNIX_EPOCH));
    }
}
