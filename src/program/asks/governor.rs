//! The governor: whether a member may be asked for something now. Pure; the rows come from outside.

use std::time::Duration;

use super::{AskChannel, AskKind, Reason, ReasonCode};
use platform::{
    kernel::{clock::Timestamp, local_time::QuietHours, zone::Zone},
    settings::Settings,
};

/// A year of the governor's, however long the calendar's is.
pub const YEAR: Duration = days(365);

const fn days(days: u64) -> Duration {
    Duration::from_hours(days * 24)
}

/// What the shop has set. A day is 24 hours.
#[derive(Clone, Debug)]
pub struct Policy {
    /// Between two asks of any kind.
    pub quiet: Duration,
    /// Between two of one kind, in the order of [`AskKind::ALL`].
    pub quiet_of_kind: [Duration; 8],
    /// How many within [`YEAR`].
    pub per_year: usize,
    /// Since enrolment.
    pub new_member: Duration,
    pub quiet_hours: QuietHours,
}

impl Policy {
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        let whole = |days_set: i64| days(u64::try_from(days_set).unwrap_or_default());
        Self {
            quiet: whole(settings.ask_quiet_days.get()),
            quiet_of_kind: settings.ask_quiet_days_by_kind.in_order().map(whole),
            per_year: usize::try_from(settings.asks_per_year.get()).unwrap_or_default(),
            new_member: whole(settings.ask_new_member_days.get()),
            quiet_hours: settings.quiet_hours,
        }
    }

    const fn quiet_of(&self, kind: AskKind) -> Duration {
        self.quiet_of_kind[kind as usize]
    }
}

/// What the member says to being asked, and since when it is one.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a question of its own")]
pub struct Person {
    pub is_active: bool,
    pub enrolled_at: Timestamp,
    pub time_zone: Zone,
    /// To marketing.
    pub consents: bool,
    /// The switch for surveys; other kinds of asks have none of their own yet.
    pub surveys_off: bool,
    /// Whether mail reaches the member.
    pub has_address: bool,
}

/// An ask that went out.
#[derive(Clone, Copy, Debug)]
pub struct Past {
    pub kind: AskKind,
    pub at: Timestamp,
}

/// Why the member may not be asked at `now`: all reasons, in the order of the words; none: it may.
/// `past` is what it was asked before, in any order.
#[must_use]
pub fn judge(
    policy: &Policy,
    person: &Person,
    past: &[Past],
    kind: AskKind,
    channel: AskChannel,
    now: Timestamp,
) -> Vec<Reason> {
    let is_letter = channel == AskChannel::Letter;
    let for_good = [
        (!person.is_active, ReasonCode::Suspended),
        (is_letter && !person.consents, ReasonCode::NoConsent),
        (kind == AskKind::Survey && person.surveys_off, ReasonCode::SwitchedOff),
        (is_letter && !person.has_address, ReasonCode::Suppressed),
    ];
    let for_good = for_good.into_iter().filter(|(applies, _)| *applies);
    let last = |of: &dyn Fn(&&Past) -> bool| past.iter().filter(of).map(|past| past.at).max();
    let any = last(&|_| true).map(|at| at.plus(policy.quiet));
    let same = last(&|past| past.kind == kind).map(|at| at.plus(policy.quiet_of(kind)));
    let year = year_full_until(policy, past, now);
    let new = Some(person.enrolled_at.plus(policy.new_member));
    let hours = is_letter.then(|| policy.quiet_hours.after(&person.time_zone, now));
    let for_now = [
        (ReasonCode::QuietAny, any),
        (ReasonCode::QuietKind, same),
        (ReasonCode::YearFull, year),
        (ReasonCode::NewMember, new),
        (ReasonCode::QuietHours, hours),
    ];
    let for_now = for_now.into_iter().filter_map(|(code, until)| {
        let until = until.filter(|until| now < *until)?;
        Some(Reason::until(code, until))
    });
    for_good.map(|(_, code)| Reason::for_good(code)).chain(for_now).collect()
}

/// When enough asks are older than a year again; none where there is room now.
fn year_full_until(policy: &Policy, past: &[Past], now: Timestamp) -> Option<Timestamp> {
    let mut within: Vec<Timestamp> =
        past.iter().map(|past| past.at).filter(|at| now < at.plus(YEAR)).collect();
    within.sort_unstable();
    let too_many = (within.len() + 1).checked_sub(policy.per_year)?;
    match policy.per_year {
        // nobody is ever asked
        0 => Some(now.plus(YEAR)),
        _ => within.get(too_many.checked_sub(1)?).map(|at| at.plus(YEAR)),
    }
}

/// What becomes of an ask that has these reasons against it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    Allowed,
    /// Not before then.
    Later(Timestamp),
    Never,
}

impl Verdict {
    #[must_use]
    pub fn of(reasons: &[Reason]) -> Self {
        let later = reasons.iter().map(|reason| reason.until).collect::<Option<Vec<_>>>();
        match later {
            None => Self::Never,
            Some(all) => all.into_iter().max().map_or(Self::Allowed, Self::Later),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn at(days_ago: i64) -> Timestamp {
        Timestamp::from_microsecond((NOW - days_ago * 86_400) * 1_000_000).expect("an instant")
    }

    fn policy() -> Policy {
        let settings = Settings::default();
        Policy { quiet_hours: settings.quiet_hours, ..Policy::of(&settings) }
    }

    fn person() -> Person {
        Person {
            is_active: true,
            enrolled_at: at(1000),
            time_zone: Zone::utc(),
            consents: true,
            surveys_off: false,
            has_address: true,
        }
    }

    fn codes(past: &[(AskKind, i64)], kind: AskKind) -> Vec<(&'static str, Option<i64>)> {
        let past: Vec<Past> =
            past.iter().map(|(kind, ago)| Past { kind: *kind, at: at(*ago) }).collect();
        let page = AskChannel::Page;
        judge(&policy(), &person(), &past, kind, page, at(0))
            .into_iter()
            .map(|reason| {
                let days = |until: Timestamp| (until.as_second() - NOW) / 86_400;
                (reason.code.as_str(), reason.until.map(days))
            })
            .collect()
    }

    #[test]
    fn quiet_times_end_to_the_microsecond() {
        use AskKind::{Review, Survey};
        assert_eq!(codes(&[], Survey), []);
        assert_eq!(codes(&[(Review, 14)], Survey), []);
        assert_eq!(codes(&[(Review, 13)], Survey), [("quiet_any", Some(1))]);
        assert_eq!(codes(&[(Survey, 89)], Survey), [("quiet_kind", Some(1))]);
        assert_eq!(codes(&[(Survey, 90)], Survey), []);
        let both = [("quiet_any", Some(14)), ("quiet_kind", Some(90))];
        assert_eq!(codes(&[(Survey, 0)], Survey), both);
    }

    #[test]
    fn a_year_is_full_until_the_oldest_that_is_too_many_is_a_year_old() {
        use AskKind::{Mailing, Survey};
        let past: Vec<(AskKind, i64)> = (1..=8).map(|n| (Mailing, n * 40)).collect();
        assert_eq!(codes(&past, Survey), [("year_full", Some(365 - 320))]);
        let more: Vec<(AskKind, i64)> = (1..=9).map(|n| (Mailing, n * 40)).collect();
        assert_eq!(codes(&more, Survey), [("year_full", Some(365 - 320))]);
        assert_eq!(codes(&past[..7], Survey), []);
    }

    #[test]
    fn letters_alone_need_consent_an_address_and_the_day() {
        let nobody = Person { consents: false, has_address: false, ..person() };
        let ask = |channel| judge(&policy(), &nobody, &[], AskKind::Survey, channel, at(0));
        assert_eq!(ask(AskChannel::Till), []);
        let codes: Vec<ReasonCode> =
            ask(AskChannel::Letter).into_iter().map(|reason| reason.code).collect();
        assert_eq!(codes, [ReasonCode::NoConsent, ReasonCode::Suppressed]);
        assert_eq!(Verdict::of(&ask(AskChannel::Letter)), Verdict::Never);
        let night = "2026-11-27T22:30:00Z".parse().expect("an instant");
        let at_night = judge(&policy(), &person(), &[], AskKind::Survey, AskChannel::Letter, night);
        let morning = "2026-11-28T08:00:00Z".parse().expect("an instant");
        assert_eq!(at_night, [Reason::until(ReasonCode::QuietHours, morning)]);
        assert_eq!(Verdict::of(&at_night), Verdict::Later(morning));
    }
}
