//! What a POST answers with.

use serde::Serialize;
use serde_json::Value;

use crate::kernel::{error::Result, id::MemberId};

/// An answer, and what has to be known about it beside its fields.
pub trait Reply: Serialize {
    /// The fields, as JSON pointers, that name what a dry run has not made: ids, and codes that
    /// anyone could use.
    const MADE: &'static [&'static str] = &[];

    /// The members that it tells about: erasing one of them deletes the answer that is kept under
    /// an idempotency key.
    fn members(&self) -> Vec<MemberId>;
}

/// An answer as a dry run gives it.
///
/// # Errors
/// Where it has no JSON form.
pub fn rehearsed<R: Reply>(reply: &R) -> Result<Value> {
    let mut value = serde_json::to_value(reply)?;
    for pointer in R::MADE {
        if let Some(made) = value.pointer_mut(pointer) {
            *made = Value::Null;
        }
    }
    Ok(value)
}
