//! Answers of dry runs: as the others, with null for what was not made.

use serde_json::{Value, json};

use super::{SCHEMAS, fields_of, named};

/// The name of an answer's schema, and the JSON pointers of what a dry run does not make.
pub type Rehearsed = (&'static str, &'static [&'static str]);

/// Where an operation takes `dry_run`, its 200 has fields that can be null.
pub fn add(document: &mut Value, rehearsed: &[Rehearsed]) {
    let mut schemas = document["components"]["schemas"].clone();
    for (_, methods) in fields_of(&mut document["paths"]) {
        for (_, operation) in fields_of(methods) {
            let mut parameters = operation["parameters"].as_array().into_iter().flatten();
            if parameters.any(|parameter| parameter["name"] == "dry_run") {
                let shown = &mut operation["responses"]["200"]["content"]["application/json"];
                let schema = &mut shown["schema"];
                let known = |(of, _): &&Rehearsed| named(schema) == Some(of);
                let Some((of, made)) = rehearsed.iter().find(known) else { continue };
                let mut copy = schemas[*of].clone();
                for pointer in *made {
                    let path: Vec<&str> = pointer.split('/').skip(1).collect();
                    or_null(&mut copy, &path, &schemas);
                }
                let about = copy["description"].as_str().unwrap_or_default();
                copy["description"] =
                    json!(format!("{about} In a dry run, what was not made is null."));
                let name = format!("{of}DryRun");
                *schema = json!({"$ref": format!("{SCHEMAS}{name}")});
                schemas[name] = copy;
            }
        }
    }
    document["components"]["schemas"] = schemas;
}

/// Lets the field at the end of the path be null.
fn or_null(schema: &mut Value, path: &[&str], schemas: &Value) {
    let [field, rest @ ..] = path else { return };
    if let Some(shared) = named(schema).map(|name| schemas[name].clone()) {
        *schema = shared;
    }
    for part in ["allOf", "oneOf"] {
        let parts = schema.get_mut(part).and_then(Value::as_array_mut).into_iter().flatten();
        // those that lack the field stay shared
        parts
            .filter(|part| has(part, field, schemas))
            .for_each(|part| or_null(part, path, schemas));
    }
    let Some(property) = schema.get_mut("properties").and_then(|all| all.get_mut(field)) else {
        return;
    };
    match (rest, property["type"].as_str().map(str::to_owned)) {
        ([], Some(kind)) => property["type"] = json!([kind, "null"]),
        ([], None) => {}
        _ => or_null(property, rest, schemas),
    }
}

fn has(schema: &Value, field: &str, schemas: &Value) -> bool {
    let schema = named(schema).map_or(schema, |name| &schemas[name]);
    schema["properties"].get(field).is_some()
}
