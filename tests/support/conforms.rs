//! Every answer that a test gets is what the OpenAPI document says.

use std::{
    collections::HashMap,
    sync::{Mutex, OnceLock},
};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::app::Reply;

/// The document, its answers as strict as they are written: a field that it does not name is a
/// fault here, though clients have to live with new ones.
fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| {
        let mut document: Value = serde_json::from_str(vildar::routes::document()).expect("JSON");
        let schemas = document["components"]["schemas"].as_object_mut().expect("schemas");
        let open = schemas.clone();
        schemas.values_mut().for_each(|schema| close(schema, true, &open));
        document
    })
}

/// Takes no fields but those that are named; parts of a whole are closed as a whole.
fn close(schema: &mut Value, whole: bool, open: &Map<String, Value>) {
    let named = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next());
    if let Some(part) = named.filter(|_| !whole).map(|name| open[name].clone()) {
        *schema = part;
    }
    let is_whole = schema.get("allOf").is_some();
    for part in ["allOf", "oneOf", "anyOf"] {
        let parts = schema.get_mut(part).and_then(Value::as_array_mut).into_iter().flatten();
        parts.for_each(|one| close(one, whole && part != "allOf", open));
    }
    if let Some(fields) = schema.get_mut("properties").and_then(Value::as_object_mut) {
        fields.values_mut().for_each(|field| close(field, true, open));
    }
    if let Some(items) = schema.get_mut("items") {
        close(items, true, open);
    }
    let has_fields = schema.get("properties").is_some();
    let is_open = schema.get("additionalProperties").is_none();
    if whole && is_open && is_whole {
        schema["unevaluatedProperties"] = json!(false);
    } else if whole && is_open && has_fields {
        schema["additionalProperties"] = json!(false);
    }
}

/// The path of the document that is meant, and what is documented of it.
fn operations(path: &str) -> Option<(&'static String, &'static Value)> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let paths = document()["paths"].as_object().expect("paths");
    let parts = |path: &'static str| path.split('/');
    let fits = |known: &'static str| {
        let asked: Vec<&str> = path.split('/').collect();
        parts(known).count() == asked.len()
            && parts(known)
                .zip(asked)
                .all(|(known, asked)| known.starts_with('{') || known == asked)
    };
    // one that is a word goes before an id
    let fitting = paths.iter().filter(|(known, _)| fits(known));
    fitting.min_by_key(|(known, _)| known.matches('{').count())
}

/// Fails where the answer is not what the document says of the operation.
#[track_caller]
pub fn check(method: &str, path: &str, reply: &Reply) {
    let Some((pattern, methods)) = operations(path) else { return };
    let Some(operation) = methods.get(method.to_lowercase()) else { return };
    let answers = &operation["responses"];
    let status = reply.status.to_string();
    let of = if answers.get(&status).is_some() { status.as_str() } else { "default" };
    assert!(
        of != "default" || reply.status >= 400,
        "{method} {pattern} answers {status}, of which its document says nothing"
    );
    let (pointer, answer) = resolved(&answers[of], pattern, method, of);
    let told = |name: &str| {
        let mut named = answer["headers"].as_object().into_iter().flatten();
        named.any(|(known, _)| known.eq_ignore_ascii_case(name))
    };
    for name in ["x-request-id", "etag", "idempotent-replayed"] {
        let is_silent = reply.status < 400 && reply.header(name).is_some() && !told(name);
        assert!(!is_silent, "{method} {pattern} {status}: nothing is told of its {name}");
    }
    let kind = reply.header("content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    let Some(content) = answer["content"].as_object() else {
        assert!(reply.text.is_empty(), "{method} {pattern} {status} has a body: {}", reply.text);
        return;
    };
    assert!(content.contains_key(kind), "{method} {pattern} {status} is {kind:?}: {}", reply.text);
    let is_packed = reply.header("content-encoding").is_some_and(|how| how != "identity");
    if is_packed || !kind.ends_with("json") {
        return;
    }
    let pointer = format!("{pointer}/content/{}/schema", kind.replace('/', "~1"));
    let faults = faults(&pointer, &reply.json);
    assert!(faults.is_empty(), "{method} {path} {status}: {faults:#?}\n{}", reply.text);
}

/// Where an answer stands in the document, and what is there.
fn resolved(
    answer: &'static Value,
    path: &str,
    method: &str,
    status: &str,
) -> (String, &'static Value) {
    let shared = answer["$ref"].as_str().and_then(|named| named.strip_prefix('#'));
    if let Some(pointer) = shared {
        return (pointer.to_owned(), document().pointer(pointer).expect("it is there"));
    }
    let path = path.replace('~', "~0").replace('/', "~1");
    (format!("/paths/{path}/{}/responses/{status}", method.to_lowercase()), answer)
}

fn faults(pointer: &str, answer: &Value) -> Vec<String> {
    static VALIDATORS: OnceLock<Mutex<HashMap<String, &'static Validator>>> = OnceLock::new();
    let known = VALIDATORS.get_or_init(Mutex::default);
    let known_one =
        known.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(pointer).copied();
    let validator = known_one.unwrap_or_else(|| {
        let schema = document().pointer(pointer).expect("a schema").clone();
        let mut schema = json!({"allOf": [schema]});
        schema["components"] = json!({"schemas": document()["components"]["schemas"]});
        let made = jsonschema::draft202012::options().should_validate_formats(true).build(&schema);
        let made: &'static Validator = Box::leak(Box::new(made.expect("a schema")));
        known
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .insert(pointer.to_owned(), made);
        made
    });
    let fault =
        |error: jsonschema::ValidationError<'_>| format!("{}: {error}", error.instance_path());
    validator.iter_errors(answer).map(fault).collect()
}
