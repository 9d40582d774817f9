//! `vildar settings get|set`.

use serde_json::{Map, Value};

use super::{Failure, Outcome, say};
use platform::{db::Store, settings::service};

/// Prints one setting, or all.
pub async fn get(store: &Store, key: Option<String>, json: bool) -> Outcome {
    let all = store.read(|tx| service::as_map(&service::get(tx)?)).await?;
    match key {
        None if json => say(Value::Object(all)),
        None => {
            all.iter().try_for_each(|(key, value)| say(format_args!("{key} = {}", plain(value))))
        }
        Some(key) => {
            let value = all.get(&key).ok_or_else(|| unknown(&key, &all))?;
            if json { say(value) } else { say(plain(value)) }
        }
    }
}

/// Changes a setting.
pub async fn set(store: &Store, key: String, value: String, json: bool) -> Outcome {
    let all = store.read(|tx| service::as_map(&service::get(tx)?)).await?;
    let value = match all.get(&key).ok_or_else(|| unknown(&key, &all))? {
        Value::Array(_) => value.split_whitespace().collect(),
        _ => read(&value),
    };
    let changes = Map::from_iter([(key.clone(), value)]);
    let (settings, _) = store.write(move |tx| service::change(tx, changes.clone(), None)).await?;
    let now = service::as_map(&settings)?.remove(&key).unwrap_or_default();
    if json { say(now) } else { say(format_args!("{key} = {}", plain(&now))) }
}

/// Numbers, `true`, `false` and `null` as JSON has them; everything else is text.
fn read(value: &str) -> Value {
    match serde_json::from_str::<Value>(value) {
        Ok(value @ (Value::Number(_) | Value::Bool(_) | Value::Null)) => value,
        _ => Value::String(value.to_owned()),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => "(not set)".to_owned(),
        // as they are set: with spaces between them
        Value::Array(words) => words.iter().map(plain).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

fn unknown(key: &str, all: &Map<String, Value>) -> Failure {
    let known: Vec<&str> = all.keys().map(String::as_str).collect();
    Failure::Refused(format!("there is no setting {key}; there are {}", known.join(", ")))
}
