//! Schemas as clients' generators understand them best.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{SCHEMAS, fields_of, named, problems};
use crate::kernel::wire::PLAIN;

/// Puts the schemas of plain values where they are used: a client wants a string with its bounds,
/// not a type for each of them.
pub fn put_plain_in_place(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let (plain, named) =
        std::mem::take(schemas).into_iter().partition(|(name, _)| name.starts_with(PLAIN));
    *schemas = named;
    in_place(document, &plain);
}

fn in_place(value: &mut Value, plain: &Map<String, Value>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| in_place(item, plain)),
        Value::Object(_) => {
            let known = named(value).and_then(|name| plain.get(name)).cloned();
            let Some(fields) = value.as_object_mut() else { return };
            fields.values_mut().for_each(|field| in_place(field, plain));
            if let Some(Value::Object(schema)) = known {
                fields.remove("$ref");
                // what the place says of itself goes before what the type says
                for (key, told) in schema {
                    fields.entry(key).or_insert(told);
                }
            }
            or_null(fields);
        }
        _ => {}
    }
}

/// Says `string or null` as a client's generator understands it best.
fn or_null(fields: &mut Map<String, Value>) {
    let Some([Value::Object(one), Value::Object(other)]) =
        fields.get("oneOf").and_then(Value::as_array).map(Vec::as_slice)
    else {
        return;
    };
    let kind =
        |schema: &Map<String, Value>| schema.get("type").and_then(Value::as_str).map(str::to_owned);
    let (schema, kind) = match (kind(one), kind(other)) {
        (Some(null), Some(kind)) if null == "null" && kind != "object" => (other, kind),
        (Some(kind), Some(null)) if null == "null" && kind != "object" => (one, kind),
        _ => return,
    };
    let mut merged = schema.clone();
    merged.insert("type".to_owned(), json!([kind, "null"]));
    fields.remove("oneOf");
    for (key, told) in merged {
        fields.entry(key).or_insert(told);
    }
}

/// Gives lists their names, says which fields of answers always come, and leaves out what nothing
/// refers to.
pub fn tidy(document: &mut Value) {
    document["components"]["schemas"]["FieldError"] = problems::field_error();
    name_lists(document);
    let sent = reached(document, |path| path == "requestBody" || path == "parameters");
    let mut shown = reached(document, |path| path == "responses");
    collect(&document["components"]["responses"], &document["components"]["schemas"], &mut shown);
    for (name, schema) in fields_of(&mut document["components"]["schemas"]) {
        // what problems bring besides depends on their codes
        if shown.contains(name) && !sent.contains(name) && name != "Problem" {
            require(schema);
        }
    }
    if let Some(schemas) = document["components"]["schemas"].as_object_mut() {
        schemas.retain(|name, _| sent.contains(name) || shown.contains(name));
    }
}

/// `Listing_Order` is an `OrderPage` of `Order`s.
fn name_lists(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    for (name, mut schema) in std::mem::take(schemas) {
        let Some(item) = name.strip_prefix("Listing_") else {
            schemas.insert(name, schema);
            continue;
        };
        schema["properties"]["data"]["items"] = json!({"$ref": format!("{SCHEMAS}{item}")});
        schemas.insert(format!("{item}Page"), schema);
    }
    rename(document);
}

fn rename(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(rename),
        Value::Object(_) => {
            let item = named(value).and_then(|name| name.strip_prefix("Listing_"));
            if let Some(page) = item.map(|item| format!("{SCHEMAS}{item}Page")) {
                value["$ref"] = json!(page);
            }
            fields_of(value).for_each(|(_, field)| rename(field));
        }
        _ => {}
    }
}

/// The components that are in those parts of operations, or in what is in them.
fn reached(document: &Value, part: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for operation in document["paths"].as_object().into_iter().flatten().flat_map(|(_, path)| {
        path.as_object().into_iter().flatten().map(|(_, operation)| operation)
    }) {
        for (_, value) in operation.as_object().into_iter().flatten().filter(|(name, _)| part(name))
        {
            collect(value, &document["components"]["schemas"], &mut found);
        }
    }
    found
}

fn collect(value: &Value, schemas: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, schemas, found)),
        Value::Object(fields) => {
            if let Some(name) = named(value)
                && found.insert(name.to_owned())
            {
                collect(&schemas[name], schemas, found);
            }
            fields.values().for_each(|field| collect(field, schemas, found));
        }
        _ => {}
    }
}

/// In an answer, a field that can be null always comes; one that may be left out is never null.
fn require(schema: &mut Value) {
    for part in ["allOf", "oneOf", "anyOf"] {
        schema.get_mut(part).and_then(Value::as_array_mut).into_iter().flatten().for_each(require);
    }
    let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) else {
        return;
    };
    properties.values_mut().for_each(require);
    let is_empty = properties.is_empty();
    let may_be_null = |(_, field): &(&String, &Value)| {
        field["type"].as_array().is_some_and(|kinds| kinds.contains(&json!("null")))
            || field["oneOf"].as_array().is_some_and(|all| all.contains(&json!({"type": "null"})))
    };
    let always = properties.iter().filter(may_be_null).map(|(name, _)| json!(name));
    let mut required = always.collect::<Vec<_>>();
    // answers may get new fields
    if !is_empty && let Some(fields) = schema.as_object_mut() {
        fields.retain(|name, told| name != "additionalProperties" || *told != json!(false));
    }
    let known = schema["required"].as_array().cloned().unwrap_or_default();
    required.retain(|name| !known.contains(name));
    if !required.is_empty() {
        schema["required"] = known.into_iter().chain(required).collect();
    }
}
