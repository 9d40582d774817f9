//! Bodies: JSON objects, read strictly, with errors that name the field.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_path_to_error::Segment;

use super::error::{FieldError, Refusal};

/// Reads a JSON object. Unknown fields are refused where `T` says `deny_unknown_fields`, as every
/// body of ours does.
///
/// # Errors
/// [`Refusal::MalformedJson`], or [`Refusal::Invalid`] with a pointer to the field at fault.
pub fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Refusal> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let parsed = serde_path_to_error::deserialize(&mut reader);
    match parsed {
        Ok(value) => {
            reader.end().map_err(|error| Refusal::MalformedJson(error.to_string()))?;
            Ok(value)
        }
        Err(error) => {
            let pointer = pointer(error.path());
            let inner = error.into_inner();
            if inner.is_data() || inner.to_string().starts_with("number out of range") {
                if first != Some(&b'{') {
                    return Err(Refusal::field("", "must be a JSON object"));
                }
                // what follows the fault may be no JSON at all
                serde_json::from_slice::<serde::de::IgnoredAny>(bytes)
                    .map_err(|error| Refusal::MalformedJson(error.to_string()))?;
                Err(Refusal::Invalid(vec![explain(pointer, &inner.to_string())]))
            } else {
                Err(Refusal::MalformedJson(inner.to_string()))
            }
        }
    }
}

/// RFC 6901.
fn pointer(path: &serde_path_to_error::Path) -> String {
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } | Segment::Enum { variant: key } => format!("/{}", escape(key)),
            Segment::Unknown => String::new(),
        })
        .collect()
}

fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn explain(mut pointer: String, message: &str) -> FieldError {
    let message = message.split(" at line ").next().unwrap_or(message);
    let quoted = || message.split('`').nth(1).map(escape).unwrap_or_default();
    let (code, message) = if message.starts_with("missing field") {
        pointer = format!("{pointer}/{}", quoted());
        ("required", "is required".to_owned())
    } else if message.starts_with("unknown field") {
        let parent = pointer.rfind('/').map_or("", |slash| &pointer[..slash]);
        // the path may end in the unknown field itself or in its parent
        let name = quoted();
        pointer = if pointer.ends_with(&format!("/{name}")) {
            format!("{parent}/{name}")
        } else {
            format!("{pointer}/{name}")
        };
        let known = message.split_once(", ").map_or("", |(_, known)| known);
        ("unknown_field", format!("is not a field here ({})", known.replace('`', "")))
    } else if message.starts_with("duplicate field") {
        pointer = format!("{pointer}/{}", quoted());
        ("invalid", "is given twice".to_owned())
    } else if let Some(rest) = message.strip_prefix("invalid type: ") {
        let expected = rest.rsplit_once("expected ").map_or(rest, |(_, expected)| expected);
        ("invalid", format!("must be {}", expected.replace('`', "")))
    } else if message.starts_with("unknown variant") {
        let known = message.split_once("expected ").map_or("", |(_, known)| known);
        ("invalid", format!("must be {}", known.replace('`', "\"")))
    } else {
        ("invalid", message.to_owned())
    };
    FieldError { pointer, code, message }
}

/// For `PATCH`: tells a field that is `null` (clear it) from one that is absent (leave it).
///
/// # Errors
/// The value's own.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{id::MemberId, money::Money, points::Amount};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Ask {
        member_id: MemberId,
        points: Amount,
        total: Option<Money>,
    }

    fn fault(body: &str) -> (String, &'static str) {
        match parse::<Ask>(body.as_bytes()) {
            Err(Refusal::Invalid(errors)) => (errors[0].pointer.clone(), errors[0].code),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_fault_names_its_field() {
        let id = "mem_00000000000000000000000000";
        assert_eq!(fault("{}"), ("/member_id".into(), "required"));
        assert_eq!(fault("[]"), (String::new(), "invalid"));
        assert_eq!(fault("3"), (String::new(), "invalid"));
        assert_eq!(fault(r#"{"member_id":"ord_x","points":1}"#), ("/member_id".into(), "invalid"));
        assert_eq!(
            fault(&format!(r#"{{"member_id":"{id}","points":1,"colour":2}}"#)),
            ("/colour".into(), "unknown_field")
        );
        for points in ["0", "-1", "1.5", "\"1\"", "99999999999999999999", "1000000001", "null"] {
            let body = format!(r#"{{"member_id":"{id}","points":{points}}}"#);
            assert_eq!(fault(&body), ("/points".into(), "invalid"), "{points}");
        }
        let body =
            format!(r#"{{"member_id":"{id}","points":1,"total":{{"amount":1,"currency":"eur"}}}}"#);
        assert_eq!(fault(&body), ("/total/currency".into(), "invalid"));
    }

    #[test]
    fn broken_json_is_malformed_not_invalid() {
        for body in ["", "{", "{\"points\":}", "{} x", "{\"points\": 0, ", "\u{feff}{}"] {
            assert!(
                matches!(parse::<Ask>(body.as_bytes()), Err(Refusal::MalformedJson(_))),
                "{body}"
            );
        }
        assert!(matches!(parse::<Ask>(b"{\"\xff\":1}"), Err(Refusal::MalformedJson(_))));
    }
}
