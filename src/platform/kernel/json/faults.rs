//! All faults of a body, where its reader stops at the first: each field is read by itself.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use utoipa::{
    PartialSchema,
    openapi::{RefOr, Schema},
};

use super::{escape, read};
use crate::kernel::error::FieldError;

/// How many are told.
const MOST: usize = 50;
/// How many fields are read by themselves: what is sent must not cost more than its size.
const READS: usize = 2000;

/// All fields at fault of a body that can't be read as a `T`; `first` is where its reader stopped.
pub fn all<T: DeserializeOwned + PartialSchema>(
    bytes: &[u8],
    first: FieldError,
) -> Vec<FieldError> {
    let Ok(Value::Object(fields)) = serde_json::from_slice(bytes) else { return vec![first] };
    let mut search = Search { found: Vec::new(), reads: READS };
    for (name, value) in &fields {
        search.look::<T>(&mut vec![Step::Field(name)], value);
    }
    let absent = |name: &&String| !fields.contains_key(*name);
    for name in required(&T::schema()).iter().filter(absent) {
        search.found.push(FieldError {
            pointer: format!("/{}", escape(name)),
            code: "required",
            message: "is required".to_owned(),
        });
    }
    let mut found = search.found;
    if !found.iter().any(|fault| fault.pointer == first.pointer) {
        // what shows in the whole alone, such as a field that is given twice
        found.insert(0, first);
    }
    found.truncate(MOST);
    found
}

#[derive(Clone, Copy)]
enum Step<'a> {
    Field(&'a str),
    Item(usize),
}

struct Search {
    found: Vec<FieldError>,
    reads: usize,
}

impl Search {
    /// Adds what is at fault of the value there, with all around it left out.
    fn look<'a, T: DeserializeOwned>(&mut self, path: &mut Vec<Step<'a>>, value: &'a Value) {
        if self.reads == 0 || self.found.len() >= MOST {
            return;
        }
        self.reads -= 1;
        let alone = path.iter().rev().fold(value.clone(), |inner, step| match step {
            Step::Field(name) => Value::Object(Map::from_iter([((*name).to_owned(), inner)])),
            Step::Item(_) => json!([inner]),
        });
        let text = alone.to_string();
        let Err(mut fault) = read::<T, _>(&mut serde_json::Deserializer::from_str(&text)) else {
            return;
        };
        let Some(rest) = fault.pointer.strip_prefix(&pointer(path, true)) else { return };
        if !rest.is_empty() && !rest.starts_with('/') {
            return;
        }
        let before = self.found.len();
        match value {
            Value::Object(fields) => {
                for (name, inner) in fields {
                    self.look_below::<T>(path, Step::Field(name), inner);
                }
            }
            Value::Array(items) => {
                for (at, inner) in items.iter().enumerate() {
                    self.look_below::<T>(path, Step::Item(at), inner);
                }
            }
            _ => {}
        }
        if self.found.len() == before {
            fault.pointer = format!("{}{rest}", pointer(path, false));
            self.found.push(fault);
        }
    }

    fn look_below<'a, T: DeserializeOwned>(
        &mut self,
        path: &mut Vec<Step<'a>>,
        step: Step<'a>,
        value: &'a Value,
    ) {
        path.push(step);
        self.look::<T>(path, value);
        path.pop();
    }
}

/// Where the steps lead; read alone, an item is the first of its list.
fn pointer(path: &[Step<'_>], alone: bool) -> String {
    let step = |step: &Step<'_>| match step {
        Step::Field(name) => format!("/{}", escape(name)),
        Step::Item(_) if alone => "/0".to_owned(),
        Step::Item(at) => format!("/{at}"),
    };
    path.iter().map(step).collect()
}

/// The fields that a body can't lack.
fn required(schema: &RefOr<Schema>) -> Vec<String> {
    match schema {
        RefOr::T(Schema::Object(object)) => object.required.clone(),
        RefOr::T(Schema::AllOf(all)) => all.items.iter().flat_map(required).collect(),
        _ => Vec::new(),
    }
}
