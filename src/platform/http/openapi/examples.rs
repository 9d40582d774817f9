//! Examples of answers: those that handlers and types give, and made of the schemas where they
//! give none.

use serde_json::{Map, Value, json};

use super::{fields_of, kinds, named};

/// What a field is called, and what stands there in an example.
const KNOWN: &[(&str, &str)] = &[
    ("about", "A friend of Anna's"),
    ("access_token", "eyJ0eXAiOiJKV1QiLCJhbGciOiJFZERTQSJ9…"),
    ("actor", "key_01m7zr0b7ee0tt0vrz3kxj2q8d"),
    ("channel", "web"),
    ("code", "K7M2-QX94"),
    ("description", "Any coffee of your choice"),
    ("external_id", "A-1001"),
    ("family_name", "Jónsdóttir"),
    ("given_name", "Anna"),
    ("html", "<p>Hello Anna,</p>"),
    ("key", "christmas_eve"),
    ("locale", "is"),
    ("location", "Laugavegur"),
    ("message", "Thank you for coming back."),
    ("name", "Coffee"),
    ("order_ref", "A-1001"),
    ("qr_svg_url", "https://points.example.com/v1/vouchers/K7M2QX94/qr.svg"),
    ("reason", "A kind word"),
    ("share_url", "https://points.example.com/r/ANNA7K2M"),
    ("subject", "Thank you, Anna"),
    ("tags", "wholesale"),
    ("template", "order_thanks"),
    ("text", "Hello Anna,"),
    ("tier", "member"),
    ("time_zone", "Atlantic/Reykjavik"),
    ("title", "Thank you"),
];

/// Gives each body of an answer an example.
pub fn add(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    for (_, methods) in fields_of(&mut document["paths"]) {
        for (_, operation) in fields_of(methods) {
            for (status, answer) in fields_of(&mut operation["responses"]) {
                let Some(content) = answer.get_mut("content") else { continue };
                for (media, body) in fields_of(content) {
                    let told = ["example", "examples"].iter().any(|told| body.get(told).is_some());
                    if media == "application/json" && status.starts_with('2') && !told {
                        body["example"] =
                            Sampler { schemas: &schemas, depth: 0 }.of(&body["schema"], "");
                    }
                }
            }
        }
    }
}

#[derive(Clone, Copy)]
struct Sampler<'a> {
    schemas: &'a Value,
    depth: usize,
}

impl Sampler<'_> {
    /// A value of the schema, of a field of this name.
    fn of(self, schema: &Value, name: &str) -> Value {
        if let Some(given) = given(schema) {
            return given;
        }
        let deeper = Self { depth: self.depth + 1, ..self };
        if let Some(named) = named(schema) {
            return if self.depth > 12 {
                Value::Null
            } else {
                deeper.of(&self.schemas[named], name)
            };
        }
        if let Some(parts) = schema["allOf"].as_array() {
            let mut whole = Map::new();
            for part in parts {
                if let Value::Object(fields) = deeper.of(part, name) {
                    whole.extend(fields);
                }
            }
            return Value::Object(whole);
        }
        let choices = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array());
        if let Some(choice) = choices.and_then(|all| all.iter().find(|one| one["type"] != "null")) {
            return deeper.of(choice, name);
        }
        self.plain(schema, name)
    }

    fn plain(self, schema: &Value, name: &str) -> Value {
        let deeper = Self { depth: self.depth + 1, ..self };
        let kinds = kinds(schema);
        // what has not happened yet
        if kinds.contains(&"null") && name.ends_with("_at") {
            return Value::Null;
        }
        match kinds.iter().find(|kind| **kind != "null").copied() {
            Some("object") => {
                let fields = schema["properties"].as_object().into_iter().flatten();
                let fields = fields.map(|(name, field)| (name.clone(), deeper.of(field, name)));
                // by language, where the names of the fields are not known
                let any = schema["additionalProperties"].as_object().filter(|any| !any.is_empty());
                let any = any.map(|_| deeper.of(&schema["additionalProperties"], name));
                let any = any.map(|one| ("en".to_owned(), one));
                Value::Object(fields.chain(any).collect())
            }
            Some("array") => {
                let item = deeper.of(&schema["items"], name);
                let count = schema["minItems"].as_u64().unwrap_or(1).max(1);
                (0..count).map(|_| item.clone()).collect()
            }
            Some("boolean") => json!(false),
            Some("integer") => json!(
                schema["minimum"]
                    .as_i64()
                    .unwrap_or(0)
                    .max(100)
                    .min(schema["maximum"].as_i64().unwrap_or(i64::MAX))
            ),
            Some("number") => json!(0.5),
            Some("string") => text(schema, name),
            _ => Value::Null,
        }
    }
}

/// An example that the schema gives itself.
fn given(schema: &Value) -> Option<Value> {
    let first = |list: &str| schema[list].as_array().and_then(|all| all.first()).cloned();
    let one = |name: &str| schema.get(name).cloned();
    one("example").or_else(|| first("examples")).or_else(|| one("const")).or_else(|| first("enum"))
}

fn text(schema: &Value, name: &str) -> Value {
    if let Some((_, known)) = KNOWN.iter().find(|(known, _)| *known == name) {
        return json!(known);
    }
    json!(match schema["format"].as_str() {
        Some("date-time") => "2026-11-21T18:51:00Z",
        Some("date") => "2026-11-21",
        Some("uri" | "uri-reference") => "https://points.example.com/",
        _ => "…",
    })
}
