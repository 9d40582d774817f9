//! The settings, as an admin reads and changes them.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{
    desk::{Desk, Sent, refused},
    frame::Frame,
};
use crate::web::visit::see_other;
use platform::{
    auth::users,
    db::Tx,
    http::Answer,
    kernel::{
        error::{Refusal, Result},
        hours::{Hours, OpenDay},
        id::UserId,
        page::Page,
        version::Versions,
    },
    settings::{Settings, ThanksBy, service},
};

#[derive(Serialize)]
struct SettingsPage {
    #[serde(flatten)]
    frame: Frame,
    version: i64,
    settings: Vec<Setting>,
}

#[derive(Serialize)]
struct Setting {
    key: String,
    value: String,
    /// `text`, `lines`, `number`, `switch`, `parts` or `people`.
    kind: &'static str,
    /// What it is put together of.
    parts: Vec<Part>,
}

/// A part of a setting; one of the people who may be named in it.
#[derive(Serialize)]
struct Part {
    key: String,
    /// A person's name; none where the key has a word.
    name: Option<String>,
    value: String,
    /// `text`, `number`, `choice` or `check`.
    kind: &'static str,
    choices: Vec<&'static str>,
}

/// `GET /console/settings`
pub async fn show(desk: Desk) -> Answer {
    desk.admin()?;
    page(&desk, None, BTreeMap::new()).await
}

async fn page(desk: &Desk, fault: Option<&Refusal>, typed: BTreeMap<String, String>) -> Answer {
    let (settings, version) = desk.store().read(service::versioned).await?;
    let everybody = Page::first(100);
    let users = desk.store().read(move |tx| users::list(tx, &everybody, |all| all)).await?;
    let users: Vec<(UserId, String)> =
        users.data.into_iter().map(|user| (user.id, user.name.to_string())).collect();
    let settings = all(&settings, &typed, &users)?;
    let page = SettingsPage { frame: desk.frame("settings", fault), version, settings };
    desk.page("settings", fault, &page)
}

fn all(
    settings: &Settings,
    typed: &BTreeMap<String, String>,
    users: &[(UserId, String)],
) -> Result<Vec<Setting>> {
    let setting = |(key, value): (String, Value)| {
        let parts = match &value {
            Value::Object(map) => {
                map.iter().map(|(part, value)| part_of(&key, part, value, typed)).collect()
            }
            _ if key == "thanks_rota" => people(settings, typed, users),
            _ => Vec::new(),
        };
        let kind = match &value {
            Value::Bool(_) => "switch",
            Value::Number(_) => "number",
            Value::Object(_) => "parts",
            _ if key == "thanks_rota" => "people",
            _ if ["postal_address", "care_closed", "care_open"].contains(&key.as_str()) => "lines",
            _ => "text",
        };
        let value = typed.get(&key).cloned().unwrap_or_else(|| match value {
            Value::Null | Value::Object(_) => String::new(),
            Value::String(text) => text,
            Value::Array(_) if key == "care_open" => {
                let lines: Vec<String> =
                    settings.care_open.iter().map(ToString::to_string).collect();
                lines.join("\n")
            }
            Value::Array(words) => {
                let between = if kind == "lines" { "\n" } else { " " };
                words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(between)
            }
            other => other.to_string(),
        });
        Setting { key, value, kind, parts }
    };
    Ok(service::as_map(settings)?.into_iter().map(setting).collect())
}

/// A part as it stands in the form: spans of hours as `09:00–12:00, 13:00–17:00`.
fn part_of(key: &str, part: &str, value: &Value, typed: &BTreeMap<String, String>) -> Part {
    let choices: Vec<&'static str> = match key {
        "thanks_policy" => ThanksBy::ALL.iter().map(|by| by.as_str()).collect(),
        _ => Vec::new(),
    };
    let kind = match value {
        Value::Number(_) => "number",
        _ if choices.is_empty() => "text",
        _ => "choice",
    };
    let shown = match value {
        Value::String(text) => text.clone(),
        Value::Array(_) => serde_json::from_value::<Hours>(value.clone())
            .map_or_else(|_| value.to_string(), |hours| hours.to_string()),
        other => other.to_string(),
    };
    let value = typed.get(&format!("{key}.{part}")).cloned().unwrap_or(shown);
    Part { key: part.to_owned(), name: None, value, kind, choices }
}

fn people(
    settings: &Settings,
    typed: &BTreeMap<String, String>,
    users: &[(UserId, String)],
) -> Vec<Part> {
    let is_in = |user: UserId| {
        if typed.contains_key("thanks_rota") {
            typed.contains_key(&format!("thanks_rota.{user}"))
        } else {
            settings.thanks_rota.contains(&user)
        }
    };
    let person = |(id, name): &(UserId, String)| Part {
        key: id.to_string(),
        name: Some(name.clone()),
        value: is_in(*id).to_string(),
        kind: "check",
        choices: Vec::new(),
    };
    users.iter().map(person).collect()
}

/// `POST /console/settings`: what was changed, and no more.
pub async fn set(Sent { desk, form: typed }: Sent<BTreeMap<String, String>>) -> Answer {
    desk.admin()?;
    let version = typed.get("version").and_then(|text| text.parse().ok()).unwrap_or_default();
    let present = desk.store().read(service::versioned).await?.0;
    let changes = match changes(&present, &typed) {
        Ok(changes) => changes,
        Err(error) => {
            let refusal = refused(Err::<(), _>(error))?.err();
            return page(&desk, refusal.as_ref(), typed).await;
        }
    };
    let seen = Versions::These(vec![version]);
    let change = move |tx: &mut Tx<'_>| service::change(tx, changes.clone(), Some(&seen));
    match refused(desk.store().write(change).await)? {
        Ok(_) => Ok(see_other("/console/settings?done=saved")),
        Err(refusal) => page(&desk, Some(&refusal), typed).await,
    }
}

fn changes(present: &Settings, typed: &BTreeMap<String, String>) -> Result<Map<String, Value>> {
    let mut changes = Map::new();
    for (key, value) in service::as_map(present)? {
        let wanted = match &value {
            Value::Object(parts) => put_together(&key, parts, typed)?,
            _ => match typed.get(&key) {
                Some(text) => Some(wanted(&key, &value, text, typed)?),
                None => None,
            },
        };
        if let Some(wanted) = wanted.filter(|wanted| *wanted != value) {
            changes.insert(key, wanted);
        }
    }
    Ok(changes)
}

fn wanted(
    key: &str,
    present: &Value,
    text: &str,
    typed: &BTreeMap<String, String>,
) -> Result<Value, Refusal> {
    let text = text.trim().replace("\r\n", "\n");
    // the one that is a number or a word
    let is_number = matches!(present, Value::Number(_)) || key == "expiry_months";
    Ok(match (present, text.parse::<i64>()) {
        (Value::Bool(_), _) => json!(text == "true"),
        _ if key == "thanks_rota" => {
            let chosen = typed.keys().filter_map(|name| name.strip_prefix("thanks_rota."));
            json!(chosen.collect::<Vec<_>>())
        }
        _ if key == "care_open" => json!(open_days(&text)?),
        (Value::Array(_), _) => json!(text.split_whitespace().collect::<Vec<_>>()),
        (_, Ok(number)) if is_number => json!(number),
        _ if text.is_empty() => Value::Null,
        _ => json!(text),
    })
}

/// A date a line, with hours of its own behind it where it has some.
fn open_days(text: &str) -> Result<Vec<OpenDay>, Refusal> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let day = |(place, line): (usize, &str)| {
        line.parse().map_err(|why: String| Refusal::field(format!("/care_open/{place}"), why))
    };
    lines.enumerate().map(day).collect()
}

/// A setting of several parts, where the form had some of them.
fn put_together(
    key: &str,
    parts: &Map<String, Value>,
    typed: &BTreeMap<String, String>,
) -> Result<Option<Value>, Refusal> {
    let mut whole = parts.clone();
    let mut is_typed = false;
    for (part, value) in &mut whole {
        let Some(text) = typed.get(&format!("{key}.{part}")).map(|text| text.trim()) else {
            continue;
        };
        is_typed = true;
        *value = match value {
            Value::Number(_) => text.parse::<i64>().map_or_else(|_| json!(text), |n| json!(n)),
            Value::Array(_) => {
                let hours: Hours = text
                    .parse()
                    .map_err(|why: String| Refusal::field(format!("/{key}/{part}"), why))?;
                json!(hours)
            }
            _ => json!(text),
        };
    }
    Ok(is_typed.then_some(Value::Object(whole)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_what_is_set() {
        let settings = Settings::default();
        let typed = |fields: &[(&str, &str)]| -> BTreeMap<String, String> {
            fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
        };
        let set = |fields: &[(&str, &str)]| changes(&settings, &typed(fields)).map(Value::Object);
        let same = [
            ("care_hours.mon", "09:00–17:00"),
            ("care_holidays", "IS"),
            ("care_open", ""),
            ("thanks_policy.story", "letter"),
            ("thanks_rota", ""),
        ];
        assert_eq!(set(&same).expect("none"), json!({}));
        let lunch = set(&[("care_hours.sat", "10:00-12:00, 13:00-24:00")]).expect("hours");
        let saturday = json!([["10:00", "12:00"], ["13:00", "24:00"]]);
        assert_eq!(lunch["care_hours"]["sat"], saturday);
        assert_eq!(lunch["care_hours"]["mon"], json!([["09:00", "17:00"]]));
        let days = set(&[
            ("care_closed", "2026-12-23\r\n2026-12-30"),
            ("care_open", "2026-12-20 10:00–14:00\r\n2026-12-27"),
            ("care_holidays", ""),
            ("thanks_due_hours.story", "12"),
            ("thanks_rota", ""),
            ("thanks_rota.usr_01m7zr0b7ee0tt0vrz3kxj2q8d", "on"),
        ])
        .expect("days");
        assert_eq!(days["care_closed"], json!(["2026-12-23", "2026-12-30"]));
        assert_eq!(
            days["care_open"],
            json!([{"date": "2026-12-20", "hours": [["10:00", "14:00"]]}, {"date": "2026-12-27"}])
        );
        assert_eq!(days["care_holidays"], Value::Null);
        assert_eq!(days["thanks_due_hours"]["story"], 12);
        assert_eq!(days["thanks_rota"], json!(["usr_01m7zr0b7ee0tt0vrz3kxj2q8d"]));
        for bad in [("care_hours.mon", "nine to five"), ("care_open", "2026-12-20 noon")] {
            assert!(set(&[bad]).is_err(), "{bad:?}");
        }
    }
}
