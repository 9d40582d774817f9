//! What is known of a member that conditions ask for, and what each field makes of it.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::{
    field::Field,
    judge::Have,
    leaf::Leaf,
    plan::{Frame, Span},
};
use crate::members::MemberStatus;
use platform::{
    kernel::{clock::Timestamp, money::Currency, text::Birthday},
    settings::LeapDay,
};

/// What is known of a member. What a plan does not ask for is left empty.
#[derive(Clone, Debug)]
pub struct Facts {
    pub status: MemberStatus,
    pub tier: String,
    pub country: Option<String>,
    pub locale: String,
    pub enrolled_at: Timestamp,
    pub birthday: Option<Birthday>,
    pub marketing_consent: bool,
    pub tags: BTreeSet<String>,
    /// Those that were not cancelled.
    pub orders: Vec<OrderFact>,
    /// Points earned, and less than nothing for what was taken of them, dated as they were earned.
    pub earned: Vec<(Timestamp, i64)>,
    /// Points spent, and less than nothing for what was given back, dated as they were spent.
    pub redeemed: Vec<(Timestamp, i64)>,
    /// When friends whom the member brought were rewarded.
    pub referrals: Vec<Timestamp>,
}

/// An order that was not cancelled.
#[derive(Clone, Debug)]
pub struct OrderFact {
    pub placed_at: Timestamp,
    /// Minor units, less refunds.
    pub amount: i64,
    /// `None` for one that this program does not know any more.
    pub currency: Option<Currency>,
}

impl Facts {
    /// What the member has where a leaf asks. Segments are not facts: [`super::judge`] asks them.
    pub(super) fn have(&self, leaf: &Leaf, span: Span, frame: &Frame) -> Have {
        let sum = |rows: &[(Timestamp, i64)]| {
            let counted = rows.iter().filter(|(at, _)| span.has(*at));
            Have::Number(narrow(counted.map(|(_, points)| i128::from(*points)).sum()))
        };
        match leaf.field {
            Field::Tier => Have::Text(self.tier.clone()),
            Field::Country => self.country.clone().map_or(Have::Nothing, Have::Text),
            Field::Locale => Have::Text(self.locale.clone()),
            Field::MarketingConsent => Have::Flag(self.marketing_consent),
            Field::Tag => Have::Texts(self.tags.iter().cloned().collect()),
            Field::Segment => Have::Nothing,
            Field::EnrolledDays => Have::Number(days_since(self.enrolled_at, frame)),
            Field::BirthdayInDays => {
                self.birthday.map_or(Have::Nothing, |day| Have::Number(days_until(day, frame)))
            }
            Field::LastOrderDays => {
                let before = self.orders.iter().map(|it| it.placed_at).filter(|it| span.has(*it));
                before.max().map_or(Have::Nothing, |last| Have::Number(days_since(last, frame)))
            }
            Field::Orders => {
                Have::count(self.orders.iter().filter(|it| span.has(it.placed_at)).count())
            }
            Field::SpendMinorUnits => {
                let counted = self.orders.iter().filter(|it| span.has(it.placed_at));
                let own = counted.filter(|it| it.currency == Some(frame.currency));
                Have::Number(narrow(own.map(|it| i128::from(it.amount)).sum()))
            }
            Field::PointsEarned => sum(&self.earned),
            Field::PointsRedeemed => sum(&self.redeemed),
            Field::ReferralsRewarded => {
                Have::count(self.referrals.iter().filter(|it| span.has(**it)).count())
            }
        }
    }

    /// Whether orders in another currency were left out where a leaf asks for money.
    pub(super) fn has_other_money(&self, leaf: &Leaf, span: Span, frame: &Frame) -> bool {
        leaf.field == Field::SpendMinorUnits
            && self
                .orders
                .iter()
                .any(|it| span.has(it.placed_at) && it.currency != Some(frame.currency))
    }
}

fn narrow(sum: i128) -> i64 {
    i64::try_from(sum).unwrap_or(if sum < 0 { i64::MIN } else { i64::MAX })
}

/// Whole days of the program's calendar from `instant` to the moment.
fn days_since(instant: Timestamp, frame: &Frame) -> i64 {
    days(frame.zone.date(instant), frame.today)
}

fn days(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// Days until a birthday is celebrated next; 0 today.
pub(super) fn days_until(birthday: Birthday, frame: &Frame) -> i64 {
    let today = frame.today;
    let next = (today.year()..=today.year().saturating_add(1))
        .filter_map(|year| celebrated(birthday, year, frame.leap_day))
        .find(|date| *date >= today);
    next.map_or(0, |date| days(today, date))
}

/// The date on which a birthday is celebrated in a year: 29 February as the program has it.
fn celebrated(birthday: Birthday, year: i16, leap_day: LeapDay) -> Option<Date> {
    Date::new(year, birthday.month, birthday.day).ok().or_else(|| {
        let (month, day) = match leap_day {
            LeapDay::Feb28 => (2, 28),
            LeapDay::Mar1 => (3, 1),
        };
        Date::new(year, month, day).ok()
    })
}
