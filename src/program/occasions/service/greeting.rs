//! Greeting members for one day of one occasion.

use std::collections::HashMap;

use jiff::{Span, civil::Date};

use crate::{
    members::{Member, MemberStatus, tags},
    occasions::{Occasion, OccasionKind, days, letters},
    perks::{self, GrantPerk, PerkKind, service as giving},
};
use platform::{
    auth::Caller,
    db::Tx,
    kernel::{
        clock::Timestamp,
        error::{Error, Result},
        id::MemberId,
    },
    messaging::{outbox, preferences},
    settings::Settings,
};

/// A gift is for who said more than so many days before when they were born.
const BIRTHDAY_STOOD_DAYS: i64 = 30;

/// A day of an occasion, as it is kept by the program.
#[derive(Clone, Copy)]
pub struct Day<'a> {
    pub occasion: &'a Occasion,
    pub date: Date,
    pub settings: &'a Settings,
}

impl Day<'_> {
    /// What says that a member was greeted for it: for ever, and wherever they live by then.
    /// Birthdays and anniversaries come once a local year, all else once a local date.
    #[must_use]
    pub fn key(&self, member: MemberId) -> String {
        match self.occasion.fields.kind {
            kind @ (OccasionKind::Birthday | OccasionKind::Anniversary) => {
                format!("{kind}:{member}:{}", self.date.year())
            }
            kind => format!("{kind}:{}:{member}:{}", self.occasion.id, self.date),
        }
    }

    /// Whether it is the member's day: of an anniversary, of so many years.
    #[must_use]
    pub fn is_of(&self, member: &Member) -> bool {
        let enrolled = member.time_zone.date(member.enrolled_at);
        let leap_day = self.settings.leap_day;
        match self.occasion.fields.kind {
            OccasionKind::Birthday => {
                let born = days::birthday_of(member.birthday.as_deref());
                let set = member.birthday_set_at.map(|at| member.time_zone.date(at));
                born.is_some_and(|day| {
                    days::is_celebrated_on(day.month, day.day, self.date, leap_day)
                }) && set.is_none_or(|set| set <= self.date)
                    && enrolled <= self.date
            }
            OccasionKind::Anniversary => {
                self.years(member) > 0
                    && days::is_celebrated_on(enrolled.month(), enrolled.day(), self.date, leap_day)
            }
            OccasionKind::Holiday | OccasionKind::Date => enrolled <= self.date,
        }
    }

    /// How many years ago the member joined.
    #[must_use]
    pub fn years(&self, member: &Member) -> i64 {
        i64::from(self.date.year() - member.time_zone.date(member.enrolled_at).year())
    }

    /// Whether the member is one of those who are greeted, and had their moment; whether they want
    /// it is another question.
    fn concerns(&self, member: &Member, tags: &[String], now: Timestamp) -> bool {
        let zone = &member.time_zone;
        member.status == MemberStatus::Active
            && zone.at_time(self.date, self.occasion.fields.send_at_local.time()) <= now
            && zone.date(now) <= self.last_date()
            && zone.date(self.occasion.since) <= self.date
            && self.occasion.fields.audience.has(member, tags)
            && self.is_of(member)
    }

    /// The last on which its greeting still goes out, where the server was down on the day.
    #[must_use]
    pub fn last_date(&self) -> Date {
        self.date.saturating_add(Span::new().days(self.settings.greeting_late_days.get()))
    }

    /// When the greeting goes out that comes `place`th; `None` where that would be too late, for who
    /// said only on the day that it was theirs sooner than for others.
    fn goes_out(&self, member: &Member, place: i64, now: Timestamp) -> Option<Timestamp> {
        let a_minute = self.settings.greetings_per_minute.get();
        let wait = u64::try_from(place / a_minute).unwrap_or_default();
        let at = now.plus(std::time::Duration::from_mins(wait));
        let at = self.settings.quiet_hours.after(&member.time_zone, at);
        let set = member.birthday_set_at.map(|at| member.time_zone.date(at));
        let is_over = member.time_zone.date(at) > self.date;
        let was_set_on_it = set.is_some_and(|set| set >= self.date);
        let is_birthday = self.occasion.fields.kind == OccasionKind::Birthday;
        let is_too_late = member.time_zone.date(at) > self.last_date();
        Some(at).filter(|_| !(is_too_late || is_birthday && is_over && was_set_on_it))
    }

    /// Whether the gift comes along.
    fn has_gift_for(&self, member: &Member) -> bool {
        let stood = |set: Timestamp| {
            let days = Span::new().days(BIRTHDAY_STOOD_DAYS);
            member.time_zone.date(set).saturating_add(days) <= self.date
        };
        self.occasion.fields.kind != OccasionKind::Birthday
            || member.birthday_set_at.is_none_or(stood)
    }
}

/// Greets those of these members, whose rows are locked, whose day it is, who want it, and who were
/// not greeted for it; `place` of them have a greeting waiting before them. Answers how many.
pub fn greet(tx: &mut Tx<'_>, day: Day<'_>, members: &[Member], place: i64) -> Result<i64> {
    let ids: Vec<MemberId> = members.iter().map(|member| member.id).collect();
    let tags = match day.occasion.fields.audience.tags.as_slice() {
        [] => HashMap::new(),
        _ => tags::of(tx, &ids)?,
    };
    let none = Vec::new();
    let concerned: Vec<&Member> = members
        .iter()
        .filter(|member| day.concerns(member, tags.get(&member.id).unwrap_or(&none), tx.now))
        .collect();
    if concerned.is_empty() {
        return Ok(0);
    }
    let ids: Vec<MemberId> = concerned.iter().map(|member| member.id).collect();
    let keys: Vec<String> = ids.iter().map(|id| day.key(*id)).collect();
    let known = outbox::known(tx, &keys)?;
    let switches = preferences::of_all(tx.conn, &ids)?;
    let mut queued = Vec::new();
    for (member, key) in concerned.into_iter().zip(keys) {
        let holiday = day.occasion.fields.rule.holiday.as_deref();
        let wants = switches
            .get(&member.id)
            .is_some_and(|switches| switches.refuse(letters::PREFERENCE, holiday).is_none());
        if known.contains(&key) || !wants {
            continue;
        }
        let at = place + i64::try_from(queued.len()).unwrap_or_default();
        let Some(not_before) = day.goes_out(member, at, tx.now) else { continue };
        let brought = give(tx, day, member)?;
        queued.extend(letters::greeting(day, member, &brought, not_before, key));
    }
    let count = i64::try_from(queued.len()).unwrap_or_default();
    outbox::push_all(tx, queued)?;
    Ok(count)
}

/// Gives the member what comes with the greeting; a gift that can't be had keeps nobody from it.
fn give(tx: &mut Tx<'_>, day: Day<'_>, member: &Member) -> Result<giving::Brought> {
    let Some(gift) = day.occasion.fields.gift.as_ref().filter(|_| day.has_gift_for(member)) else {
        return Ok(giving::Brought::default());
    };
    let Ok(title) = letters::title(day, member).parse::<perks::Title>() else {
        return Err(Error::internal("a gift without a title"));
    };
    let Ok(reason) = format!("{}, {}", day.occasion.fields.kind, day.date).parse() else {
        return Err(Error::internal("a gift without a reason"));
    };
    let ask = GrantPerk {
        member_id: member.id,
        kind: if gift.points.is_some() { PerkKind::Points } else { PerkKind::Reward },
        points: gift.points,
        reward_id: gift.reward_id,
        title,
        reason,
        message: None,
        // the greeting tells of it
        send_letter: false,
    };
    let given = tx.savepoint(|tx| {
        let cost = giving::cost_of(tx, &ask)?;
        giving::give_at(tx, &ask, cost, false, &Caller::System)
    });
    match given {
        Ok((_, brought)) => Ok(brought),
        Err(Error::Refused(why)) => {
            tracing::warn!(occasion = %day.occasion.id, %why, "a gift could not be given");
            Ok(giving::Brought::default())
        }
        Err(error) => Err(error),
    }
}
