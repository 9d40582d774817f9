//! Members are reminded of vouchers that they have not used, once, some days before these end.

use std::collections::BTreeSet;

use jiff::{Span, civil::Date};

use crate::{
    db::{Store, Tx},
    kernel::{
        clock::Timestamp,
        error::Result,
        id::{MemberId, RedemptionId},
        zone::Zone,
    },
    program::{
        members,
        redemptions::{Redemption, VoucherState, letters, store},
        rewards, settings,
    },
};

/// How many vouchers one transaction looks at.
const CHUNK: i64 = 100;
/// Nobody wants a letter at midnight.
const MORNING: i8 = 9;

/// When members are reminded, by the settings: in the morning, with so many whole days left.
struct Plan {
    zone: Zone,
    days: i64,
}

impl Plan {
    /// `None` where nobody is reminded.
    fn of(tx: &mut Tx<'_>) -> Result<Option<Self>> {
        let settings = settings::service::get(tx)?;
        let days = settings.voucher_reminder_days.get();
        Ok((days > 0).then_some(Self { zone: settings.time_zone, days }))
    }

    /// What ends by then is due at `now`.
    fn ends_by(&self, now: Timestamp) -> Timestamp {
        let local = self.zone.local(now);
        let early = i64::from(local.hour() < MORNING);
        self.zone.midnight(on(local.date(), self.days + 1 - early))
    }

    /// When what ends at `end` falls due.
    fn due_at(&self, end: Timestamp) -> Timestamp {
        let date = self.zone.date(end);
        let date = if self.zone.midnight(date) < end { on(date, 1) } else { date };
        self.zone.at(on(date, -self.days - 1), MORNING)
    }

    /// Whether it had more than that time when it was given.
    fn wants(&self, voucher_ends: Timestamp, given_at: Timestamp) -> bool {
        self.due_at(voucher_ends) > given_at
    }
}

fn on(date: Date, days: i64) -> Date {
    date.saturating_add(Span::new().days(days))
}

/// When the next reminder falls due, after now and by `until` at the latest.
pub fn next_reminder(tx: &mut Tx<'_>, until: Timestamp) -> Result<Option<Timestamp>> {
    let Some(plan) = Plan::of(tx)? else { return Ok(None) };
    let next = store::next_to_remind(tx, plan.ends_by(tx.now))?.map(|end| plan.due_at(end));
    Ok(next.filter(|at| *at > tx.now && *at <= until))
}

/// Queues the letters that are due, a chunk in a transaction.
pub async fn remind_due(store: &Store) -> Result<()> {
    // most runs find nothing, and need no writer for that
    while store.read(|tx| Ok(!due(tx, 1)?.is_empty())).await? {
        store.write(remind_some).await?;
    }
    Ok(())
}

fn due(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<(MemberId, RedemptionId)>> {
    let Some(plan) = Plan::of(tx)? else { return Ok(Vec::new()) };
    store::to_remind(tx, plan.ends_by(tx.now), limit)
}

/// Each is looked at once: those with less time than that at birth, and those whose members are
/// gone, get no letter.
fn remind_some(tx: &mut Tx<'_>) -> Result<()> {
    let Some(plan) = Plan::of(tx)? else { return Ok(()) };
    let (members, ids): (BTreeSet<MemberId>, Vec<RedemptionId>) =
        due(tx, CHUNK)?.into_iter().unzip();
    let members = members::service::many::lock_all(tx, &members)?;
    let mut found: Vec<Redemption> = store::lock(tx, &ids)?;
    let now = tx.now;
    // another may have used or cancelled some, or reminded of them, while we waited for the locks
    found.retain(|redemption| {
        let voucher = redemption.voucher.as_ref();
        voucher.is_some_and(|voucher| {
            voucher.reminded_at.is_none() && voucher.state(now) == VoucherState::Live
        })
    });
    let ids: Vec<RedemptionId> = found.iter().map(|redemption| redemption.id).collect();
    store::set_reminded(tx, &ids)?;
    let rewards = found.iter().map(|redemption| redemption.reward_id).collect();
    let rewards = rewards::service::find_all(tx, &rewards)?;
    let endings = found.iter().filter_map(|redemption| {
        let voucher = redemption.voucher.as_ref()?;
        let member = members.get(&redemption.member_id)?;
        let reward = rewards.get(&redemption.reward_id)?;
        let wanted = plan.wants(voucher.expires_at, redemption.placed_at);
        wanted.then_some(letters::Ending { redemption, voucher, member, reward })
    });
    letters::ending(tx, endings)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().expect("an instant")
    }

    fn plan(zone: &str, days: i64) -> Plan {
        Plan { zone: zone.parse().expect("a zone"), days }
    }

    #[test]
    fn it_is_due_in_the_morning_with_so_many_whole_days_left() {
        for (zone, end, due) in [
            ("UTC", "2027-11-22T00:00:00Z", "2027-11-07T09:00:00Z"),
            // over a clock change, and where midnight is another one's noon
            ("Europe/Berlin", "2027-04-04T22:00:00Z", "2027-03-21T08:00:00Z"),
            ("Pacific/Auckland", "2027-06-30T12:00:00Z", "2027-06-15T21:00:00Z"),
            // given when the program had another zone
            ("UTC", "2027-11-21T23:00:00Z", "2027-11-07T09:00:00Z"),
        ] {
            let (plan, end) = (plan(zone, 14), at(end));
            assert_eq!(plan.due_at(end), at(due), "{zone} {end}");
            let just_before = Timestamp::from_microsecond(at(due).as_microsecond() - 1);
            assert!(plan.ends_by(at(due)) >= end, "{zone} {end}");
            assert!(plan.ends_by(just_before.expect("an instant")) < end, "{zone} {end}");
        }
    }

    #[test]
    fn one_that_began_with_less_is_not_reminded_of() {
        let plan = plan("UTC", 14);
        let end = at("2027-11-22T00:00:00Z");
        assert!(plan.wants(end, at("2026-11-21T12:00:00Z")));
        assert!(plan.wants(end, at("2027-11-07T08:59:59Z")));
        assert!(!plan.wants(end, at("2027-11-07T09:00:00Z")));
    }
}
