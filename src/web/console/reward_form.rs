//! A reward as a form: its fields as texts, and back.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use platform::kernel::{
    error::Result,
    locale::{Language, Locale},
    money::Money,
};
use program::rewards::NewReward;

/// A form's fields by name, as they were typed.
pub type Typed = BTreeMap<String, String>;

/// What is there in each language: a form has `name:is` and so on.
const TEXTS: [&str; 3] = ["name", "description", "terms"];
const NUMBERS: [&str; 5] =
    ["cost_points", "stock", "per_member_limit", "per_member_month_limit", "per_member_year_limit"];
/// Empty ones are null.
const WORDS: [&str; 3] = ["starts_at", "ends_at", "image_url"];

/// The languages of a form: the program's, those that pages speak, and what there is already.
pub fn languages(program: &Locale, typed: &Typed) -> Vec<String> {
    let there: BTreeSet<&str> =
        typed.keys().filter_map(|name| name.split_once(':')).map(|(_, tag)| tag).collect();
    // one that is there under its country is the same language
    let is_there = |locale: &Locale| {
        there.iter().any(|tag| tag.parse().is_ok_and(|other: Locale| other.is_like(locale)))
    };
    let mut tags: Vec<String> = Vec::new();
    if !is_there(program) {
        tags.push(program.to_string());
    }
    let alike = |tag: &&&str| tag.parse().is_ok_and(|other: Locale| other.is_like(program));
    tags.extend(there.iter().filter(alike).map(|tag| (*tag).to_owned()));
    let spoken = Language::ALL.map(Locale::from).into_iter();
    let spoken = spoken.filter(|one| !one.is_like(program) && !is_there(one));
    tags.extend(spoken.map(|one| one.to_string()));
    tags.extend(there.iter().filter(|tag| !alike(tag)).map(|tag| (*tag).to_owned()));
    tags
}

/// The same with every field that the page asks for.
pub fn filled(mut typed: Typed, languages: &[String]) -> Typed {
    let others = ["kind", "state", "tiers", "value_amount", "value_currency"];
    let plain = NUMBERS.into_iter().chain(WORDS).chain(others).map(str::to_owned);
    let texts = languages.iter().flat_map(|tag| TEXTS.map(|name| format!("{name}:{tag}")));
    for field in plain.chain(texts) {
        typed.entry(field).or_default();
    }
    typed
}

/// A reward's fields as texts of a form.
pub fn shown(fields: &NewReward) -> Result<Typed> {
    let Value::Object(all) = serde_json::to_value(fields)? else { return Ok(Typed::new()) };
    let mut typed = Typed::new();
    for (name, value) in all {
        match value {
            Value::Object(by_language) if TEXTS.contains(&name.as_str()) => {
                let texts = by_language.into_iter();
                typed.extend(texts.map(|(tag, text)| (format!("{name}:{tag}"), plain(text))));
            }
            // its worth, which has fields of its own
            Value::Object(_) => {}
            other => drop(typed.insert(name, plain(other))),
        }
    }
    if let Some(Money { amount, currency }) = fields.value.into() {
        typed.insert("value_amount".to_owned(), amount.to_string());
        typed.insert("value_currency".to_owned(), currency.to_string());
    }
    Ok(typed)
}

/// A value of a field as a text.
pub fn plain(value: Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text,
        Value::Array(words) => words.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        other => other.to_string(),
    }
}

/// A form's texts as the API's body: the one reader judges them all.
pub fn body(typed: &Typed) -> Map<String, Value> {
    let text = |name: &str| typed.get(name).map(|text| text.trim()).unwrap_or_default();
    let number = |name: &str| match text(name) {
        "" => Value::Null,
        typed => typed.parse::<i64>().map_or_else(|_| json!(typed), |number| json!(number)),
    };
    let mut body = Map::new();
    for name in ["kind", "state"] {
        body.insert(name.to_owned(), json!(text(name)));
    }
    for name in TEXTS {
        body.insert(name.to_owned(), by_language(typed, name));
    }
    for name in WORDS {
        let word = Some(text(name)).filter(|text| !text.is_empty());
        body.insert(name.to_owned(), json!(word));
    }
    for name in NUMBERS {
        body.insert(name.to_owned(), number(name));
    }
    let tiers: Vec<&str> = text("tiers").split_whitespace().collect();
    body.insert("tiers".to_owned(), json!(tiers));
    let value = match number("value_amount") {
        Value::Null => Value::Null,
        amount => json!({"amount": amount, "currency": text("value_currency")}),
    };
    body.insert("value".to_owned(), value);
    body
}

fn by_language(typed: &Typed, name: &str) -> Value {
    let texts = typed.iter().filter_map(|(field, text)| {
        let (field, tag) = field.split_once(':')?;
        Some((tag.to_owned(), json!(text.trim()))).filter(|_| field == name)
    });
    let texts: Map<String, Value> = texts.filter(|(_, text)| *text != json!("")).collect();
    match (texts.is_empty(), name) {
        (true, "name") => json!(""),
        (true, _) => Value::Null,
        _ => Value::Object(texts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reward_survives_its_form() {
        let fields = json!({
            "name": {"de": "Kaffee", "en": "Coffee", "is": "Kaffi"}, "description": {"en": "A cup"},
            "kind": "voucher", "cost_points": 250, "value": {"amount": 1200, "currency": "EUR"},
            "stock": 3, "tiers": ["gold", "silver"], "starts_at": "2026-11-21T18:51:00Z",
            "state": "live", "image_url": "https://shop.example.com/a.jpg", "per_member_limit": 2,
        });
        let fields: NewReward = serde_json::from_value(fields).expect("a reward");
        let typed = shown(&fields).expect("a form");
        let again: NewReward =
            serde_json::from_value(Value::Object(body(&typed))).expect("the same reward");
        let json = |fields: &NewReward| serde_json::to_value(fields).expect("JSON");
        assert_eq!(json(&again), json(&fields));
        let program: Locale = "is-IS".parse().expect("a locale");
        assert_eq!(languages(&program, &typed), ["is", "de", "en"]);
        let program: Locale = "fr-CA".parse().expect("a locale");
        assert_eq!(languages(&program, &Typed::new()), ["fr-CA", "en", "is"]);
    }
}
