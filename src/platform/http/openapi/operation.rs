//! What each operation gets beside what its handler says: who may call it, the headers of its
//! requests and answers, and its refusals.

use serde_json::{Value, json};

use super::{fields_of, problems};
use crate::auth::access::Access;

/// The headers of answers, by name.
pub fn headers() -> Value {
    let text = |about: &str, example: &str| json!({"description": about, "schema": {"type": "string"}, "example": example});
    json!({
        "x-request-id": text("The id of this request, as the server's log has it.", "req_7K2M9QXT4C1B"),
        "ETag": text("The version of what is shown: send it back as `If-Match` with a PATCH.", "\"3\""),
        "Idempotent-Replayed": {
            "description": "There where this is the answer to an earlier request with the same \
                `Idempotency-Key`.",
            "schema": {"type": "string", "enum": ["true"]},
        },
        "RateLimit": text("How many more are let through, and for how many seconds.", "\"sign-in\";r=0;t=42"),
        "RateLimit-Policy": text("How many are let through in how many seconds.", "\"sign-in\";q=10;w=60"),
        "Retry-After": {
            "description": "In so many seconds it may go through.",
            "schema": {"type": "integer", "minimum": 1}, "example": 42,
        },
    })
}

/// Whether an operation changes something of a version.
pub fn has_versions(operation: &Value) -> bool {
    operation["description"].as_str().is_some_and(|told| told.contains("If-Match"))
}

/// Adds what the handlers don't say; `versioned` where what the path shows has versions.
pub fn finish(method: &str, operation: &mut Value, access: &Access, versioned: bool) {
    let description = operation["description"].as_str().unwrap_or_default().to_owned();
    operation["security"] = access.security();
    operation["description"] = json!(with_callers(&description, access));
    let words: Vec<&str> = description.split_whitespace().collect();
    let takes_key = method == "post" && !words.join(" ").contains("Ignores `Idempotency-Key`");
    let takes_version = method == "patch" && versioned;
    let header = if takes_key {
        Some(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "The same key and request get the first answer again, for 48 h.",
            // no example: it would be sent twice
            "schema": {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        }))
    } else if takes_version {
        Some(json!({
            "name": "If-Match", "in": "header", "required": true,
            "description": "The `ETag` of what you saw last.",
            "schema": {"type": "string"}, "example": "\"3\"",
        }))
    } else {
        None
    };
    if let Some(header) = header {
        match operation["parameters"].as_array_mut() {
            Some(parameters) => parameters.push(header),
            None => operation["parameters"] = json!([header]),
        }
    }
    let shows_version =
        (method == "get" && versioned) || takes_version || description.contains("`ETag`");
    for (status, answer) in fields_of(&mut operation["responses"]) {
        answer["headers"]["x-request-id"] = json!({"$ref": "#/components/headers/x-request-id"});
        let more = [("ETag", shows_version), ("Idempotent-Replayed", takes_key)];
        for (name, _) in more.into_iter().filter(|(_, has)| *has) {
            answer["headers"][name] = json!({"$ref": format!("#/components/headers/{name}")});
        }
        if answer["description"].as_str().unwrap_or_default().is_empty() {
            answer["description"] = json!(described(status, method));
        }
    }
    let refusals = problems::responses(&refusals(&description));
    if let Some(answers) = operation["responses"].as_object_mut() {
        for (status, answer) in refusals {
            answers.entry(status).or_insert(answer);
        }
    }
}

/// What an answer means that its handler does not describe.
fn described(status: &str, method: &str) -> &'static str {
    match (status, method) {
        ("201", _) => "Made.",
        ("202", _) => "Taken on: what comes of it comes by mail.",
        ("204", _) => "Done; there is nothing to show.",
        ("200", "post") => "Done, or done before: as it is now. A dry run, too.",
        ("200", "patch") => "As it is now.",
        ("503", _) => "Not now.",
        _ => "As it is.",
    }
}

/// The codes of the `Refusals:` line. What stands after a semicolon is not the whole answer's.
fn refusals(description: &str) -> Vec<&str> {
    let told = description.find("Refusals:").map_or("", |place| &description[place..]);
    let own = told.split(';').next().unwrap_or_default();
    own.split('`').skip(1).step_by(2).collect()
}

/// Who may call stands before what is refused.
fn with_callers(description: &str, access: &Access) -> String {
    let (told, refusals) = description
        .find("Refusals:")
        .map_or((description, ""), |place| description.split_at(place));
    format!("{told}Callers: {access}.\n{refusals}").trim_end().to_owned()
}
