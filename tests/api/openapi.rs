//! The OpenAPI document: committed as the code makes it, and complete.

use platform::kernel::error::LISTED;
use serde_json::{Value, json};

fn document() -> Value {
    serde_json::from_str(vildar::routes::document()).expect("JSON")
}

/// Every operation, as `post /v1/orders`.
fn operations(document: &Value) -> Vec<(String, Value)> {
    let paths = document["paths"].as_object().expect("paths");
    let mut all = Vec::new();
    for (path, operations) in paths {
        for (method, operation) in operations.as_object().expect("operations") {
            all.push((format!("{method} {path}"), operation.clone()));
        }
    }
    all
}

/// What stands after a word in an operation's description, up to the end of its paragraph or the
/// next such word.
fn said(operation: &Value, word: &str) -> Option<String> {
    let text = operation["description"].as_str()?;
    let start = text.lines().position(|line| line.trim().starts_with(word))?;
    let lines = text.lines().skip(start).enumerate().take_while(|(at, line)| {
        let next = ["Callers:", "Refusals:"].iter().any(|word| line.trim().starts_with(word));
        *at == 0 || (!next && !line.trim().is_empty())
    });
    let said: Vec<&str> = lines.map(|(_, line)| line.trim()).collect();
    Some(said.join(" ").strip_prefix(word)?.trim().to_owned())
}

#[test]
fn the_committed_document_is_what_the_code_makes() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    let made = vildar::routes::document();
    let differs = committed.lines().zip(made.lines()).position(|(old, new)| old != new);
    assert!(
        committed == made,
        "openapi.json is not what the code makes (first at line {}); regenerate it by\n\n    \
         cargo run -- openapi > openapi.json\n",
        differs.map_or(committed.lines().count(), |at| at + 1),
    );
}

#[test]
fn every_operation_says_what_it_does_for_whom_and_how_it_refuses() {
    let known = |code: &str| LISTED.iter().any(|listed| listed.code == code);
    let document = document();
    let mut faults = Vec::new();
    let operations = operations(&document);
    assert!(operations.len() > 50, "only {} operations", operations.len());
    for (name, operation) in &operations {
        let mut fault = |what: &str| faults.push(format!("{name}: {what}"));
        if operation["summary"].as_str().is_none_or(str::is_empty) {
            fault("no summary");
        }
        if said(operation, "Callers:").is_none_or(|callers| callers.is_empty()) {
            fault("no `Callers:` line");
        }
        match said(operation, "Refusals:") {
            None => fault("no `Refusals:` line"),
            Some(refusals) if refusals.trim_end_matches('.') == "none" => {}
            Some(refusals) => {
                let codes: Vec<&str> = refusals.split('`').skip(1).step_by(2).collect();
                if codes.is_empty() {
                    fault(&format!("`Refusals:` names no code: {refusals}"));
                }
                for code in codes.into_iter().filter(|code| !known(code)) {
                    fault(&format!("`{code}` is no code of the table"));
                }
            }
        }
        let bodies = operation["requestBody"]["content"].as_object();
        for (media, body) in bodies.into_iter().flatten() {
            if body["example"].is_null() && body["examples"].is_null() {
                fault(&format!("no example of the {media} body"));
            }
        }
        if operation["responses"]
            .as_object()
            .is_none_or(|all| !all.keys().any(|status| status.starts_with(['2', '3'])))
        {
            fault("no answer");
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

#[test]
fn who_needs_no_credentials_is_said_and_every_reference_leads_somewhere() {
    let document = document();
    for (name, operation) in operations(&document) {
        let security = operation["security"].as_array().expect("who may call");
        let open = security.is_empty() || security.contains(&json!({}));
        let callers = said(&operation, "Callers:").unwrap_or_default();
        let told = callers.contains("anyone") || callers.contains("without credentials");
        assert_eq!(open, told, "{name}: {callers}");
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let names: Vec<&str> = parameters.iter().filter_map(|p| p["name"].as_str()).collect();
        let takes_key = names.contains(&"Idempotency-Key");
        let ignores = ["post /v1/sessions", "post /v1/sessions/refresh", "post /v1/api-keys"];
        let ignores = ignores.contains(&name.as_str()) || name.ends_with("/{id}/sessions");
        assert_eq!(takes_key, name.starts_with("post ") && !ignores, "{name}");
        let in_path = name.matches('{').count();
        let declared = parameters.iter().filter(|p| p["in"] == "path").count();
        assert_eq!(in_path, declared, "{name}: path parameters {names:?}");
    }
    let text = document.to_string();
    for reference in text.split("\"$ref\":\"#").skip(1) {
        let pointer = reference.split('"').next().unwrap_or_default();
        assert!(document.pointer(pointer).is_some(), "{pointer} leads nowhere");
    }
}
