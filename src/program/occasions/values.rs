//! What an occasion's fields may be.

use std::{fmt, str::FromStr};

use rrule::{Frequency, RRule, Unvalidated};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::OccasionKind;
pub use platform::kernel::day::Day;
use platform::{
    kernel::{error::Refusal, holidays, id::RewardId, points::Amount, text::Country, wire},
    wire_text,
};

/// The longest rule of a calendar, in characters.
const LONGEST_RULE: usize = 200;

/// A recurrence rule of a calendar (RFC 5545, 3.3.10), by days or longer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recurrence(String);

/// Why a text is no recurrence rule.
#[derive(Debug, thiserror::Error)]
#[error(
    "must be a recurrence rule by days, weeks, months or years, such as \
     FREQ=YEARLY;BYMONTH=11;BYDAY=-1FR: {0}"
)]
pub struct NotARecurrence(String);

impl Recurrence {
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Recurrence {
    type Err = NotARecurrence;

    fn from_str(text: &str) -> Result<Self, NotARecurrence> {
        let no = |why: &dyn fmt::Display| NotARecurrence(why.to_string());
        if text.len() > LONGEST_RULE {
            return Err(no(&format!("it has more than {LONGEST_RULE} characters")));
        }
        let rule: RRule<Unvalidated> = text.parse().map_err(|why: rrule::RRuleError| no(&why))?;
        let by_days = [Frequency::Yearly, Frequency::Monthly, Frequency::Weekly, Frequency::Daily];
        let of_time = [rule.get_by_hour(), rule.get_by_minute(), rule.get_by_second()];
        if !by_days.contains(&rule.get_freq()) || of_time.iter().any(|part| !part.is_empty()) {
            return Err(no(&"it goes by hours or less: no BYHOUR, BYMINUTE, BYSECOND"));
        }
        // neither would ever fall on a day
        if rule.get_interval() == 0 || rule.get_count() == Some(0) {
            return Err(no(&"INTERVAL and COUNT are 1 or more"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Recurrence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

wire_text! { [] Recurrence, "Recurrence", wire::text_of(1, LONGEST_RULE).examples(["FREQ=YEARLY;BYMONTH=11;BYDAY=-1FR"]) }

/// On which days an occasion falls: what its kind asks for, and nothing else.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OccasionRule {
    /// Of kind `holiday`: which, as `GET /v1/holidays` lists them.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "christmas_eve")]
    pub holiday: Option<String>,
    /// Of kind `holiday`: in which country's calendar.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// Of kind `date`: the only day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<Day>,
    /// Of kind `date`: the days by a rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rrule: Option<Recurrence>,
    /// The first day from which on the rule counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<Day>,
}

impl OccasionRule {
    /// # Errors
    /// [`Refusal::Invalid`] with the part that the kind has no use for, or lacks.
    pub(super) fn check(&self, kind: OccasionKind) -> Result<(), Refusal> {
        let parts = [
            ("holiday", self.holiday.is_some(), kind == OccasionKind::Holiday),
            ("country", self.country.is_some(), kind == OccasionKind::Holiday),
            ("date", self.date.is_some(), kind == OccasionKind::Date),
            ("rrule", self.rrule.is_some(), kind == OccasionKind::Date),
            ("from", self.from.is_some(), kind == OccasionKind::Date && self.rrule.is_some()),
        ];
        for (part, given, fits) in parts {
            if given && !fits {
                let why = format!("has no place in the rule of a {kind}");
                return Err(Refusal::field(format!("/rule/{part}"), why));
            }
        }
        match kind {
            OccasionKind::Birthday | OccasionKind::Anniversary => Ok(()),
            OccasionKind::Holiday => self.check_holiday(),
            OccasionKind::Date => match (self.date, &self.rrule, self.from) {
                (Some(_), None, _) => Ok(()),
                (None, Some(_), None) => {
                    Err(Refusal::field("/rule/from", "is required with an rrule"))
                }
                (None, Some(_), Some(_)) => self.check_recurrence(),
                _ => Err(Refusal::field("/rule", "must have either a date or an rrule")),
            },
        }
    }

    fn check_holiday(&self) -> Result<(), Refusal> {
        let Some(holiday) = &self.holiday else {
            return Err(Refusal::field("/rule/holiday", "is required for a holiday"));
        };
        match holidays::find(holiday, self.country.as_ref().map(Country::as_str)) {
            Some(_) => Ok(()),
            None => Err(Refusal::field(
                "/rule/holiday",
                "is no holiday of this country: GET /v1/holidays lists them",
            )),
        }
    }

    fn check_recurrence(&self) -> Result<(), Refusal> {
        let no = |why| Refusal::field("/rule/rrule", NotARecurrence(why).to_string());
        match super::days::first_of(self).map_err(no)? {
            Some(_) => Ok(()),
            None => Err(no("it falls on no day before the year 2200".to_owned())),
        }
    }
}

/// What comes with a greeting: points or a reward.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Gift {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub points: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reward_id: Option<RewardId>,
}

impl Gift {
    /// # Errors
    /// [`Refusal::Invalid`] where it is not one of the two.
    pub(super) fn check(&self) -> Result<(), Refusal> {
        match (self.points, self.reward_id) {
            (Some(_), None) | (None, Some(_)) => Ok(()),
            _ => Err(Refusal::field("/gift", "must have either points or a reward_id")),
        }
    }
}
