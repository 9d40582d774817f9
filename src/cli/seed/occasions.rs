//! The days on which the demo greets: birthdays with a gift, anniversaries, Christmas; and two that
//! wait in the console to be switched on.

use serde_json::{Value, json};

use platform::{db::Tx, kernel::error::Result};
use program::occasions::service;

pub fn add(tx: &mut Tx<'_>) -> Result<()> {
    for occasion in all() {
        service::add(tx, serde_json::from_value(occasion)?)?;
    }
    Ok(())
}

fn all() -> [Value; 5] {
    [
        json!({
            "kind": "birthday", "gift": {"points": 100}, "active": true,
            "message": {
                "en": "There’s a candle in a slice of cake for you, whenever you come by.",
                "is": "Það bíður þín kökusneið með kerti, hvenær sem þú kíkir við.",
            },
        }),
        json!({
            "kind": "anniversary", "gift": {"points": 50}, "send_at_local": "10:00", "active": true,
        }),
        json!({
            "kind": "holiday", "rule": {"holiday": "christmas_eve"}, "active": true,
            "message": {
                "en": "May there be a good book under the tree.",
                "is": "Megi góð bók leynast undir trénu.",
            },
        }),
        json!({
            "kind": "holiday", "rule": {"holiday": "konudagur", "country": "IS"},
            "audience": {"countries": ["IS"]},
        }),
        json!({
            "kind": "date", "name": {"en": "The shop’s birthday", "is": "Afmæli búðarinnar"},
            "rule": {"rrule": "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=23", "from": "2026-04-23"},
        }),
    ]
}
