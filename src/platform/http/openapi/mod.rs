//! The OpenAPI document: what `utoipa` collects from the handlers, and what all of them share,
//! added in one place.

mod examples;
mod operation;
mod problems;
mod rehearsals;
mod schemas;
mod words;

use serde_json::{Map, Value, json};
use utoipa::openapi::{ContactBuilder, InfoBuilder, License, OpenApi, OpenApiBuilder, Server};

use super::{operations::Declared, packing::Fixed};
pub use rehearsals::Rehearsed;

/// The document before any route is in it.
#[must_use]
pub fn base() -> OpenApi {
    let mut license = License::new("MIT OR Apache-2.0");
    license.identifier = Some("MIT OR Apache-2.0".to_owned());
    let info = InfoBuilder::new()
        .title("Vildar")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(words::ABOUT))
        .contact(Some(ContactBuilder::new().name(Some("Vildar")).build()))
        .license(Some(license))
        .build();
    let mut here = Server::new("/");
    here.description = Some("This server".to_owned());
    OpenApiBuilder::new().info(info).servers(Some([here])).tags(Some(words::tags())).build()
}

/// The document as it is served, made when first asked for.
#[derive(Clone, Copy, Debug)]
pub struct Served(pub fn() -> &'static Fixed);

impl Served {
    #[must_use]
    pub fn get(self) -> &'static Fixed {
        (self.0)()
    }
}

/// Adds what all operations share: credentials, problems, headers, examples; `rehearsed` are the
/// answers of those that take dry runs.
#[must_use]
pub fn finish(document: &OpenApi, declared: &[Declared], rehearsed: &[Rehearsed]) -> Value {
    let mut document = serde_json::to_value(document).unwrap_or_default();
    add_components(&mut document);
    schemas::put_plain_in_place(&mut document);
    for (path, methods) in fields_of(&mut document["paths"]) {
        let versioned = operation::has_versions(&methods["patch"]);
        for (method, operation) in fields_of(methods) {
            let called = |known: &&Declared| {
                known.path == *path && known.method.eq_ignore_ascii_case(method)
            };
            if let Some(declared) = declared.iter().find(called) {
                operation::finish(method, operation, &declared.access, versioned);
            }
        }
    }
    problems::add_shared(&mut document);
    rehearsals::add(&mut document, rehearsed);
    schemas::tidy(&mut document);
    examples::add(&mut document);
    document
}

/// The fields of an object; none of what is no object.
fn fields_of(value: &mut Value) -> impl Iterator<Item = (&String, &mut Value)> {
    value.as_object_mut().into_iter().flat_map(Map::iter_mut)
}

/// The name of the schema that is referred to.
#[must_use]
pub fn named(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix(SCHEMAS)
}

/// The types that a schema allows.
#[must_use]
pub fn kinds(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::String(one) => vec![one],
        Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

const SCHEMAS: &str = "#/components/schemas/";

fn add_components(document: &mut Value) {
    let components = &mut document["components"];
    components["securitySchemes"] = json!({
        "session": {
            "type": "http", "scheme": "bearer", "bearerFormat": "JWT",
            "description": "An access token of a member or a staff user, from `POST /v1/sessions`.",
        },
        "api_key": {
            "type": "http", "scheme": "bearer",
            "description": "A storefront's API key, `vk_…`; the scopes that an operation names are \
                those of which the key must have one.",
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
    });
    components["headers"] = operation::headers();
    components["schemas"]["Problem"] = problems::schema();
}
