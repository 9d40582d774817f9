//! The OpenAPI document: what `utoipa` collects from the handlers, and what all of them share,
//! added in one place.

use serde_json::{Map, Value, json};
use utoipa::openapi::{InfoBuilder, License, OpenApi, OpenApiBuilder};

use super::operations::Declared;
use crate::{auth::access::Access, kernel::wire::PLAIN};

/// The document before any route is in it.
#[must_use]
pub fn base() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Vildar")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Loyalty and referral rewards: members, a points ledger, rewards and redemption, \
             referral codes, letters.\n\nErrors are RFC 9457 problems with a stable `code`, all of \
             them listed at /docs/problems. A POST takes an `Idempotency-Key` where it says so. \
             Unknown fields are refused.",
        ))
        .license(Some(License::new("MIT OR Apache-2.0")))
        .build();
    OpenApiBuilder::new().info(info).build()
}

/// Adds what all operations share: credentials, the problem, the headers of POST and PATCH.
#[must_use]
pub fn finish(document: &OpenApi, declared: &[Declared]) -> Value {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    put_plain_in_place(&mut document);
    if let Some(components) = document
        .as_object_mut()
        .map(|doc| doc.entry("components").or_insert_with(|| json!({})).as_object_mut().cloned())
    {
        let mut components = components.unwrap_or_default();
        add_components(&mut components);
        document["components"] = Value::Object(components);
    }
    if let Some(paths) = document["paths"].as_object_mut() {
        for (path, operations) in paths {
            let Some(operations) = operations.as_object_mut() else { continue };
            for (method, operation) in operations {
                let called = |declared: &&Declared| {
                    declared.path == *path && declared.method.eq_ignore_ascii_case(method)
                };
                if let Some(operation) = operation.as_object_mut()
                    && let Some(declared) = declared.iter().find(called)
                {
                    finish_operation(method, operation, &declared.access);
                }
            }
        }
    }
    document
}

fn add_components(components: &mut Map<String, Value>) {
    components.insert(
        "securitySchemes".to_owned(),
        json!({
            "session": {
                "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
                "description": "An access token of a member or a staff user, from POST /v1/sessions.",
            },
            "api_key": {
                "type": "http", "scheme": "bearer",
                "description": "A storefront's API key, `vk_…`, with scopes.",
            },
            "signature": {
                "type": "apiKey", "in": "header", "name": "webhook-signature",
                "description": "Standard Webhooks: `webhook-id`, `webhook-timestamp` and \
                    `webhook-signature`, made with the secret shared with the server.",
            },
            "shared_secret": {
                "type": "http", "scheme": "basic",
                "description": "The same secret as the password, for those who can't sign.",
            },
        }),
    );
    let schemas = components.entry("schemas").or_insert_with(|| json!({}));
    schemas["Problem"] = json!({
        "type": "object",
        "description": "RFC 9457. `code` is stable; some codes bring more fields.",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string"},
            "request_id": {"type": "string"},
            "errors": {"type": "array", "items": {
                "type": "object",
                "required": ["pointer", "code", "message"],
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                },
            }},
        },
        "example": {
            "type": "/docs/problems#insufficient_points",
            "title": "Not enough points",
            "status": 409,
            "detail": "120 points short",
            "code": "insufficient_points",
            "request_id": "req_7K2M9QXT4C1B",
            "shortfall": 120,
        },
    });
}

fn finish_operation(method: &str, operation: &mut Map<String, Value>, access: &Access) {
    let description =
        operation.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
    operation.insert("security".to_owned(), access.security());
    operation.insert("description".to_owned(), json!(with_callers(&description, access)));
    let words: Vec<&str> = description.split_whitespace().collect();
    let ignores_key = words.join(" ").contains("Ignores `Idempotency-Key`");
    let header = match method {
        "post" if !ignores_key => Some(json!({
            "name": "Idempotency-Key", "in": "header", "required": false,
            "description": "1 to 255 visible characters: the same key and request get the first answer again for 48 h.",
            "schema": {"type": "string"},
        })),
        "patch" if description.contains("If-Match") => Some(json!({
            "name": "If-Match", "in": "header", "required": true,
            "description": "The ETag of what you saw last.",
            "schema": {"type": "string"},
        })),
        _ => None,
    };
    if let Some(header) = header
        && let Some(parameters) =
            operation.entry("parameters").or_insert_with(|| json!([])).as_array_mut()
    {
        parameters.push(header);
    }
    operation["responses"]["default"] = json!({
        "description": "A problem: its `code` is one of the refusals named above.",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    });
}

/// Who may call stands before what is refused.
fn with_callers(description: &str, access: &Access) -> String {
    let (told, refusals) = description
        .find("Refusals:")
        .map_or((description, ""), |place| description.split_at(place));
    format!("{told}Callers: {access}.\n{refusals}").trim_end().to_owned()
}

/// Puts the schemas of plain values where they are used: a client wants a string with its bounds,
/// not a type for each of them.
fn put_plain_in_place(document: &mut Value) {
    let Some(schemas) = document["components"]["schemas"].as_object_mut() else { return };
    let (plain, named) =
        std::mem::take(schemas).into_iter().partition(|(name, _)| name.starts_with(PLAIN));
    *schemas = named;
    in_place(document, &plain);
}

fn in_place(value: &mut Value, plain: &Map<String, Value>) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| in_place(item, plain)),
        Value::Object(fields) => {
            fields.values_mut().for_each(|field| in_place(field, plain));
            let named = fields.get("$ref").and_then(Value::as_str);
            let name = named.and_then(|named| named.strip_prefix("#/components/schemas/"));
            if let Some(Value::Object(schema)) = name.and_then(|name| plain.get(name)).cloned() {
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
