//! The OpenAPI document as its readers want it: operations by group, with what they take and
//! answer, and an example of each.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

use super::markdown::{html, slug};
use platform::http::openapi::{kinds, named};

/// The whole.
#[derive(Debug)]
pub struct Book {
    /// The rules that hold everywhere, as html.
    pub about: String,
    pub groups: Vec<Group>,
}

/// Operations that belong together.
#[derive(Clone, Debug, Serialize)]
pub struct Group {
    pub name: String,
    pub slug: String,
    pub about: String,
    pub operations: Vec<Operation>,
    /// What their bodies and answers consist of.
    pub types: Vec<Type>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Operation {
    pub id: String,
    pub method: String,
    pub path: String,
    pub summary: String,
    about: String,
    callers: String,
    parameters: Vec<Field>,
    /// What the body is, as html; none where it takes none.
    body: Option<String>,
    curl: String,
    answers: Vec<Told>,
}

/// A field or a parameter.
#[derive(Clone, Debug, Serialize)]
struct Field {
    name: String,
    /// As html: it links to types.
    kind: String,
    /// What is to be known beside: `required`, `query`.
    notes: String,
    about: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct Type {
    name: String,
    about: String,
    /// Where it has no fields.
    kind: String,
    fields: Vec<Field>,
}

#[derive(Clone, Debug, Serialize)]
struct Told {
    status: String,
    about: String,
    kind: String,
    example: String,
}

impl Book {
    pub fn of(document: &Value) -> Self {
        let tags = document["tags"].as_array().into_iter().flatten();
        let group = |tag: &Value| Reader { document }.group(&tag["name"], &tag["description"]);
        let about = document["info"]["description"].as_str().unwrap_or_default();
        Self { about: html(about), groups: tags.map(group).collect() }
    }
}

#[derive(Clone, Copy)]
struct Reader<'a> {
    document: &'a Value,
}

impl<'a> Reader<'a> {
    fn group(self, name: &Value, about: &Value) -> Group {
        let mut operations = Vec::new();
        let mut named = BTreeSet::new();
        for (path, methods) in fields(&self.document["paths"]) {
            for (method, operation) in fields(methods) {
                if operation["tags"].as_array().is_some_and(|tags| tags.contains(name)) {
                    operations.push(self.operation(path, method, operation));
                    let answers = fields(&operation["responses"]);
                    let own = answers.filter(|(status, _)| status.starts_with('2'));
                    let parts = own.map(|(_, answer)| answer).chain([&operation["requestBody"]]);
                    parts.for_each(|part| self.collect(part, &mut named));
                }
            }
        }
        let types = named.into_iter().map(|name| self.type_called(name)).collect();
        let name = text(name);
        Group { slug: slug(&name), about: text(about), name, operations, types }
    }

    /// The types that are named there, and those that they name.
    fn collect(self, value: &'a Value, into: &mut BTreeSet<&'a str>) {
        if let Some(name) = named(value)
            && into.insert(name)
        {
            self.collect(&self.document["components"]["schemas"][name], into);
        }
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.collect(item, into)),
            Value::Object(fields) => fields.values().for_each(|field| self.collect(field, into)),
            _ => {}
        }
    }

    fn operation(self, path: &str, method: &str, told: &Value) -> Operation {
        let description = told["description"].as_str().unwrap_or_default();
        let (about, rest) = description.split_once("Callers:").unwrap_or((description, ""));
        let callers = rest.split("Refusals:").next().unwrap_or_default().trim();
        let parameters = told["parameters"].as_array().into_iter().flatten();
        let bodies = &told["requestBody"]["content"];
        let answers = fields(&told["responses"]).filter(|(status, _)| *status != "default");
        Operation {
            id: text(&told["operationId"]),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: text(&told["summary"]),
            about: html(about.trim()),
            callers: callers.to_owned(),
            parameters: parameters.map(parameter).collect(),
            body: fields(bodies).next().map(|(media, body)| body_kind(media, body)),
            curl: curl(path, method, told),
            answers: answers.map(|(status, answer)| self.told(status, answer)).collect(),
        }
    }

    fn told(self, status: &str, answer: &'a Value) -> Told {
        let shared = answer["$ref"].as_str().and_then(|path| path.strip_prefix('#'));
        let answer = shared.and_then(|path| self.document.pointer(path)).unwrap_or(answer);
        let content = fields(&answer["content"]).next();
        let is_own = status.starts_with('2');
        let own = content.filter(|_| is_own);
        Told {
            status: status.to_owned(),
            about: html(answer["description"].as_str().unwrap_or_default()),
            kind: own.map(|(media, body)| body_kind(media, body)).unwrap_or_default(),
            example: own.map(|(_, body)| example(body)).unwrap_or_default(),
        }
    }

    fn type_called(self, name: &str) -> Type {
        let schema = &self.document["components"]["schemas"][name];
        let mut all = Vec::new();
        self.add_fields(schema, &mut all);
        Type {
            name: name.to_owned(),
            about: html(schema["description"].as_str().unwrap_or_default()),
            kind: if all.is_empty() { kind(schema) } else { String::new() },
            fields: all,
        }
    }

    /// The fields of a type, those of the types that it consists of among them.
    fn add_fields(self, schema: &Value, into: &mut Vec<Field>) {
        for part in schema["allOf"].as_array().into_iter().flatten() {
            let part =
                named(part).map_or(part, |name| &self.document["components"]["schemas"][name]);
            self.add_fields(part, into);
        }
        let required = schema["required"].as_array();
        for (name, field) in fields(&schema["properties"]) {
            let is_required = required.is_some_and(|all| all.iter().any(|one| *one == **name));
            into.push(Field {
                name: name.clone(),
                kind: kind(field),
                notes: if is_required { String::new() } else { "may be left out".to_owned() },
                about: html(field["description"].as_str().unwrap_or_default()),
            });
        }
    }
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> + Clone {
    value.as_object().into_iter().flat_map(Map::iter)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn parameter(told: &Value) -> Field {
    let place = told["in"].as_str().unwrap_or_default();
    let is_required = told["required"] == true;
    Field {
        name: text(&told["name"]),
        kind: kind(&told["schema"]),
        notes: if is_required { place.to_owned() } else { format!("{place}, may be left out") },
        about: html(told["description"].as_str().unwrap_or_default()),
    }
}

fn body_kind(media: &str, body: &Value) -> String {
    match media {
        "application/json" => kind(&body["schema"]),
        media => escape(media),
    }
}

/// A schema in few words, as html.
fn kind(schema: &Value) -> String {
    if let Some(name) = named(schema) {
        return format!("<a href=\"#{name}\">{name}</a>");
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(parts) = schema[choice].as_array() {
            let all: Vec<String> = parts.iter().map(kind).collect();
            return all.join(if choice == "allOf" { " and " } else { " or " });
        }
    }
    if let Some(words) = schema["enum"].as_array() {
        let words = words.iter().map(|word| format!("<code>{}</code>", escape(&text(word))));
        return words.collect::<Vec<_>>().join(", ");
    }
    let kinds = kinds(schema);
    if kinds.is_empty() {
        return "any value".to_owned();
    }
    let one = |name: &&str| match *name {
        "array" => format!("list of {}", kind(&schema["items"])),
        "string" => match schema["format"].as_str() {
            Some("date-time") => "instant".to_owned(),
            Some(format) => escape(format),
            None => id(schema).unwrap_or_else(|| "text".to_owned()),
        },
        "integer" => "whole number".to_owned(),
        other => other.to_owned(),
    };
    let names: Vec<String> = kinds.iter().map(one).collect();
    format!("{}{}", names.join(" or "), bounds(schema))
}

/// An id, by what it begins with.
fn id(schema: &Value) -> Option<String> {
    let prefix = schema["pattern"]
        .as_str()?
        .strip_prefix('^')?
        .strip_suffix("_[0-7][0-9a-hjkmnp-tv-z]{25}$")?;
    Some(format!("id <code>{}_…</code>", escape(prefix)))
}

fn bounds(schema: &Value) -> String {
    let number = |name: &str| schema[name].as_i64();
    let range = |least: Option<i64>, most: Option<i64>, unit: &str| match (least, most) {
        (Some(least), Some(most)) => format!(", {least} to {most}{unit}"),
        (Some(least), None) => format!(", from {least}{unit}"),
        (None, Some(most)) => format!(", at most {most}{unit}"),
        (None, None) => String::new(),
    };
    [
        range(number("minimum"), number("maximum"), ""),
        range(number("minLength").filter(|least| *least > 0), number("maxLength"), " characters"),
        range(number("minItems"), number("maxItems"), " items"),
    ]
    .concat()
}

fn example(body: &Value) -> String {
    match &body["example"] {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        value => format!("{value:#}"),
    }
}

/// The operation as a line for a shell.
fn curl(path: &str, method: &str, told: &Value) -> String {
    let method = match method {
        "get" => String::new(),
        other => format!(" -X {}", other.to_uppercase()),
    };
    let mut parts = vec![format!("curl{method} \"$VILDAR_URL{path}\"")];
    let is_open = told["security"].as_array().is_none_or(Vec::is_empty);
    if !is_open {
        parts.push("-H \"Authorization: Bearer $VILDAR_KEY\"".to_owned());
    }
    let parameters = told["parameters"].as_array().into_iter().flatten();
    for header in parameters.filter(|parameter| parameter["in"] == "header") {
        let (name, value) = (text(&header["name"]), header["example"].as_str());
        parts.push(match value {
            Some(value) => format!("-H '{name}: {value}'"),
            None => format!("-H \"{name}: $(uuidgen)\""),
        });
    }
    if let Some((media, body)) = fields(&told["requestBody"]["content"]).next() {
        let body = match &body["example"] {
            Value::String(text) => text.clone(),
            value => value.to_string(),
        };
        parts.push(format!("-H 'Content-Type: {media}'"));
        parts.push(format!("-d '{}'", body.replace('\'', r"'\''")));
    }
    parts.join(" \\\n  ")
}

fn escape(text: &str) -> String {
    minijinja::HtmlEscape(text).to_string()
}
