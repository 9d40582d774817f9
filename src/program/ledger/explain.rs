//! Placeholder until the explanations' branch lands.
use serde::Serialize;
use utoipa::ToSchema;

use super::Entry;
use crate::kernel::{locale::Language, zone::Zone};

#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Explanation {
    #[schema(value_type = Object)]
    pub rule: serde_json::Value,
    pub text: String,
}

#[must_use]
pub fn explain(entry: &Entry, _: Language, _: &Zone) -> Explanation {
    Explanation { rule: serde_json::to_value(&entry.rule).unwrap_or_default(), text: String::new() }
}
