//! Dry runs: what a POST would do, without doing it.

use serde_json::Value;

use crate::kernel::code;

/// Which POSTs offer `?dry_run=true`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DryRun {
    Offered,
    NotOffered,
}

/// What a dry run would have made has no id, and no code that anyone could use.
#[must_use]
pub fn without_new_ids(mut value: Value) -> Value {
    match &mut value {
        Value::Object(fields) => {
            for (name, field) in fields.iter_mut() {
                let made = match name.as_str() {
                    "id" | "entry_id" => field.as_str().is_some_and(is_type_id),
                    "code" | "qr_svg_url" => field.is_string(),
                    _ => false,
                };
                if made {
                    *field = Value::Null;
                } else {
                    *field = without_new_ids(field.take());
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                *item = without_new_ids(item.take());
            }
        }
        _ => {}
    }
    value
}

/// Whether a text is an id of ours, and not one that a caller gave.
fn is_type_id(text: &str) -> bool {
    text.split_once('_').is_some_and(|(_, digits)| code::decode_u128(digits).is_some())
}
