//! Problems as the document tells them, from the one table of refusals.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use utoipa::{PartialSchema, ToSchema};

use crate::{
    http::Problem,
    kernel::error::{LISTED, Listed},
};

/// Stands for any problem in the bodies of answers.
impl PartialSchema for Problem {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        // what it looks like is put in once, by `schema`
        utoipa::openapi::Object::new().into()
    }
}

impl ToSchema for Problem {}

/// The schema of all problems.
pub fn schema() -> Value {
    let codes: Vec<&str> = LISTED.iter().map(|listed| listed.code).collect();
    let told = |kind: &str, about: &str| json!({"type": kind, "description": about});
    json!({
        "type": "object",
        "description": "RFC 9457. `code` is stable; some codes bring more fields.",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": {
                "type": "string", "format": "uri-reference",
                "description": "Where the code is explained.",
            },
            "title": told("string", "The code in words."),
            "status": {"type": "integer", "format": "int32", "minimum": 400, "maximum": 599},
            "detail": told("string", "What happened this time."),
            "code": {"type": "string", "enum": codes},
            "request_id": told("string", "Of the request that was refused, as in `x-request-id`."),
            "errors": {
                "type": "array",
                "description": "The fields at fault: all of them, but for rules between fields, and \
                    for what an inner object lacks that has other faults.",
                "items": {"$ref": "#/components/schemas/FieldError"},
            },
            "shortfall": {
                "type": "integer", "format": "int64",
                "description": "With `insufficient_points`: how many points are missing.",
            },
            "reasons": {
                "type": "array",
                "description": "With `reward_unavailable` and `ask_refused`: why, all at once.",
                "items": {"anyOf": [
                    {"$ref": "#/components/schemas/Unavailable"},
                    {"$ref": "#/components/schemas/AskReason"},
                ]},
            },
            "points": {
                "type": "integer", "format": "int64",
                "description": "With `price_changed`: what it costs now.",
            },
            "from": told("string", "With `invalid_transition`: the present state."),
            "to": told("string", "With `invalid_transition`: the state that was asked for."),
            "allowed": {
                "type": "array", "items": {"type": "string"},
                "description": "With `invalid_transition`: what it can become.",
            },
            "source": {
                "type": "object",
                "description": "With `reverse_at_source`: what to cancel, refund or revoke instead.",
                "required": ["type", "id"],
                "properties": {"type": {"type": "string"}, "id": {"type": "string"}},
            },
            "by": {
                "type": "array",
                "description": "With `in_use`: what needs it.",
                "items": {
                    "type": "object",
                    "required": ["type", "id"],
                    "properties": {"type": {"type": "string"}, "id": {"type": "string"}},
                },
            },
            "used_at": {
                "type": "string", "format": "date-time",
                "description": "With `voucher_used`: when.",
            },
            "channel": told_or_null("With `voucher_used`: through which channel."),
            "location": told_or_null("With `voucher_used`: where."),
        },
        "example": example(LISTED.iter().find(|listed| listed.code == "insufficient_points")),
    })
}

/// One field at fault.
pub fn field_error() -> Value {
    json!({
        "type": "object",
        "description": "A field at fault.",
        "required": ["pointer", "code", "message"],
        "properties": {
            "pointer": {
                "type": "string",
                "description": "A JSON pointer (RFC 6901); with `?` before it, a parameter of the query.",
                "examples": ["/points"],
            },
            "code": {
                "type": "string",
                "description": "`required`, `unknown_field`, `not_found`, `invalid`; more where lines \
                    of a list are at fault.",
                "examples": ["invalid"],
            },
            "message": {"type": "string", "examples": ["must be 1 or more"]},
        },
    })
}

fn told_or_null(about: &str) -> Value {
    json!({"type": ["string", "null"], "description": about})
}

fn example(listed: Option<&Listed>) -> Value {
    let Some(listed) = listed else { return Value::Null };
    let mut problem = json!({
        "type": format!("/docs/problems#{}", listed.code),
        "title": listed.title,
        "status": listed.status,
        "detail": listed.about,
        "code": listed.code,
        "request_id": "req_7K2M9QXT4C1B",
    });
    let more = match listed.code {
        "insufficient_points" => json!({"detail": "120 points short", "shortfall": 120}),
        "reward_unavailable" => json!({"reasons": [{"code": "out_of_stock"}]}),
        "ask_refused" => json!({
            "reasons": [{"code": "quiet_any", "until": "2026-12-05T09:00:00Z"}],
        }),
        "price_changed" => json!({"detail": "it costs 300 points now", "points": 300}),
        "reverse_at_source" => {
            json!({"source": {"type": "order", "id": "ord_01m7zr4g2tfw1b4ww8pvq0tkz1"}})
        }
        "in_use" => {
            json!({"by": [{"type": "segment", "id": "seg_01m7zr4g2tfw1b4ww8pvq0tkz1"}]})
        }
        "invalid_transition" => json!({"from": "cancelled", "to": "fulfilled", "allowed": []}),
        "voucher_used" => {
            json!({"used_at": "2026-11-21T18:51:00Z", "channel": "till", "location": "Laugavegur"})
        }
        "invalid_request" => json!({
            "detail": "/points must be 1 or more",
            "errors": [{"pointer": "/points", "code": "invalid", "message": "must be 1 or more"}],
        }),
        _ => json!({}),
    };
    for (name, value) in more.as_object().into_iter().flatten() {
        problem[name] = value.clone();
    }
    problem
}

/// Adds the answers and examples that operations refer to, and no others.
pub fn add_shared(document: &mut Value) {
    let mut any = response(&[]);
    any["description"] = json!("Any other problem.");
    let one = |listed: &Listed| (listed.code.to_owned(), response(&[listed]));
    let mut responses: Map<String, Value> =
        LISTED.iter().map(one).chain([(ANY.to_owned(), any)]).collect();
    let paths = document["paths"].to_string();
    let is_named = |text: &str, kind: &str, name: &str| {
        text.contains(&format!("\"#/components/{kind}/{name}\""))
    };
    responses.retain(|name, _| is_named(&paths, "responses", name));
    let all = paths + &json!(responses).to_string();
    let named = LISTED.iter().filter(|listed| is_named(&all, "examples", listed.code));
    let example = |listed: &Listed| {
        let told = json!({"summary": listed.title, "value": example(Some(listed))});
        (listed.code.to_owned(), told)
    };
    document["components"]["examples"] = Value::Object(named.map(example).collect());
    document["components"]["responses"] = Value::Object(responses);
}

const ANY: &str = "problem";

/// The answers of an operation that refuses by these codes: one for each status, and one for all
/// that any operation may answer.
pub fn responses(codes: &[&str]) -> BTreeMap<String, Value> {
    let mut by_status = BTreeMap::<u16, Vec<&Listed>>::new();
    for listed in LISTED.iter().filter(|listed| codes.contains(&listed.code)) {
        by_status.entry(listed.status).or_default().push(listed);
    }
    let named = |name: &str| json!({"$ref": format!("#/components/responses/{name}")});
    let answer = |(status, listed): (u16, Vec<&Listed>)| match *listed {
        [one] => (status.to_string(), named(one.code)),
        _ => (status.to_string(), response(&listed)),
    };
    by_status.into_iter().map(answer).chain([("default".to_owned(), named(ANY))]).collect()
}

fn response(all: &[&Listed]) -> Value {
    let headers: &[&str] = match all.first().map(|listed| listed.status) {
        Some(429) => &["x-request-id", "RateLimit", "RateLimit-Policy", "Retry-After"],
        Some(503) => &["x-request-id", "Retry-After"],
        _ => &["x-request-id"],
    };
    let named = |kind: &str, name: &str| json!({"$ref": format!("#/components/{kind}/{name}")});
    let headers: Map<String, Value> =
        headers.iter().map(|name| ((*name).to_owned(), named("headers", name))).collect();
    let about = all.iter().map(|listed| format!("`{}`: {}", listed.code, listed.about));
    let examples: Map<String, Value> =
        all.iter().map(|listed| (listed.code.to_owned(), named("examples", listed.code))).collect();
    let mut problem = json!({"schema": named("schemas", "Problem")});
    if !examples.is_empty() {
        problem["examples"] = Value::Object(examples);
    }
    json!({
        "description": about.collect::<Vec<_>>().join("\n\n"),
        "headers": headers,
        "content": {"application/problem+json": problem},
    })
}
