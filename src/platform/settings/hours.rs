//! Business hours as the settings have them, and what of them can't be.

use serde_json::{Map, Value};

use super::Settings;
use crate::{
    db::Tx,
    kernel::{
        error::{FieldError, Refusal},
        hours::Calendar,
    },
};

/// What decides when it is open.
const DECIDING: [&str; 5] =
    ["care_hours", "care_closed", "care_open", "care_holidays", "time_zone"];

impl Settings {
    /// When somebody is there.
    #[must_use]
    pub fn calendar(&self) -> Calendar {
        Calendar::new(
            self.time_zone.clone(),
            self.care_hours.clone(),
            self.care_holidays.clone(),
            self.care_closed.iter().map(|day| day.0),
            self.care_open.iter().cloned(),
        )
    }
}

/// Judges what several settings say together of the hours, where one of them changes.
///
/// # Errors
/// A date that is to be open without hours; no opening within a month.
pub(super) fn judge(
    tx: &Tx<'_>,
    settings: &Settings,
    changes: &Map<String, Value>,
) -> Result<(), Refusal> {
    let Some(deciding) = DECIDING.into_iter().find(|key| changes.contains_key(*key)) else {
        return Ok(());
    };
    let today = settings.time_zone.date(tx.now);
    for (place, open) in settings.care_open.iter().enumerate() {
        let date = open.date.0;
        let weekday = settings.care_hours.of(date.weekday());
        if date >= today && open.hours.is_none() && weekday.is_empty() {
            return Err(Refusal::field(
                format!("/care_open/{place}/hours"),
                format!("is required: {date} falls on a weekday without hours in care_hours"),
            ));
        }
    }
    if settings.calendar().always_opens_again(tx.now) {
        return Ok(());
    }
    Err(Refusal::NoOpeningHours {
        errors: vec![FieldError {
            pointer: format!("/{deciding}"),
            code: "no_opening_hours",
            message: "must leave opening hours within any 31 days".to_owned(),
        }],
    })
}
