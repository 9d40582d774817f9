//! Bodies: JSON objects, read strictly, with errors that name every field at fault.

mod faults;
mod strict;

use serde::{
    Deserialize, Deserializer,
    de::{self, DeserializeOwned, IgnoredAny},
};
use serde_path_to_error::{Segment, Track};
use utoipa::PartialSchema;

use self::strict::Strict;
use super::error::{FieldError, Refusal};

/// Reads a JSON object. Unknown fields are refused where `T` says `deny_unknown_fields`, as every
/// body of ours does.
///
/// # Errors
/// [`Refusal::MalformedJson`], or [`Refusal::Invalid`] with a pointer to each field at fault.
pub fn parse<T: DeserializeOwned + PartialSchema>(bytes: &[u8]) -> Result<T, Refusal> {
    let first = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    match read(&mut reader) {
        Ok(value) => {
            reader.end().map_err(|error| Refusal::MalformedJson(error.to_string()))?;
            Ok(value)
        }
        Err(fault) => {
            // what follows the fault may be no JSON at all; and a fault that reads like bad JSON
            // may be a field of the wrong type
            if let Some(why) = no_json(bytes) {
                return Err(Refusal::MalformedJson(why));
            }
            if first != Some(&b'{') {
                return Err(Refusal::field("", "must be a JSON object"));
            }
            Err(Refusal::Invalid { errors: faults::all::<T>(bytes, fault) })
        }
    }
}

/// Reads a `T`, up to the first fault.
fn read<'de, T: Deserialize<'de>, R: serde_json::de::Read<'de>>(
    reader: &mut serde_json::Deserializer<R>,
) -> Result<T, FieldError> {
    let mut track = Track::new();
    T::deserialize(Strict(serde_path_to_error::Deserializer::new(reader, &mut track)))
        .map_err(|error: serde_json::Error| explain(pointer(&track.path()), &error.to_string()))
}

/// Why this is no JSON, where it is none.
fn no_json(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes).map_err(|error| error.to_string());
    let read = |text| serde_json::from_str::<IgnoredAny>(text).map_err(|error| error.to_string());
    text.and_then(read).err()
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

/// Sets the parts of [`below`] apart; no text that is taken has it.
const APART: char = '\u{1f}';

/// A fault below what is being read, by the pointer from there: for what is judged as a whole, once all
/// of it is read. `code` as in [`FieldError`].
#[must_use]
pub fn below<E: de::Error>(pointer: &str, code: &str, message: &str) -> E {
    E::custom(format_args!("{APART}{pointer}{APART}{code}{APART}{message}"))
}

fn explain(mut pointer: String, message: &str) -> FieldError {
    let message = message.split(" at line ").next().unwrap_or(message);
    if let Some((below, code, message)) = message.strip_prefix(APART).and_then(|told| {
        let (below, told) = told.split_once(APART)?;
        let (code, message) = told.split_once(APART)?;
        Some((below, code, message))
    }) {
        let known = ["required", "unknown_field"].into_iter().find(|known| *known == code);
        let code = known.unwrap_or("invalid");
        return FieldError { pointer: pointer + below, code, message: message.to_owned() };
    }
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
        ("invalid", format!("must be {}", plain(&expected.replace('`', ""))))
    } else if message == "expected value" {
        // of an enum, whose words serde_json does not tell
        ("invalid", "must be one of its words, as a string".to_owned())
    } else if message.starts_with("unknown variant") {
        let known = message.split_once("expected ").map_or("", |(_, known)| known);
        ("invalid", format!("must be {}", known.replace('`', "\"")))
    } else {
        ("invalid", message.to_owned())
    };
    FieldError { pointer, code, message }
}

/// What serde expected, in words for who does not write Rust.
fn plain(expected: &str) -> String {
    let is_whole = |word: &str| {
        let bits = word.strip_prefix(['i', 'u']).unwrap_or_default();
        matches!(bits, "8" | "16" | "32" | "64" | "128" | "size")
    };
    match expected {
        "a sequence" => "a list".to_owned(),
        "a map" => "a JSON object".to_owned(),
        _ if expected.starts_with("struct ") => "a JSON object".to_owned(),
        _ if is_whole(expected) => "a whole number".to_owned(),
        other => other.to_owned(),
    }
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

    #[derive(Debug, Deserialize, utoipa::ToSchema)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read")]
    struct Ask {
        member_id: MemberId,
        points: Amount,
        total: Option<Money>,
        realm: Option<Word>,
        nested: Option<Nested>,
    }

    #[derive(Debug, Deserialize, utoipa::ToSchema)]
    #[expect(dead_code, reason = "only read")]
    struct Nested {
        inner: Inner,
    }

    #[derive(Debug, Deserialize, utoipa::ToSchema)]
    #[expect(dead_code, reason = "only read")]
    struct Inner {
        count: i64,
    }

    #[derive(Debug, Deserialize, utoipa::ToSchema)]
    #[serde(rename_all = "snake_case")]
    enum Word {
        Member,
    }

    fn fault(body: &str) -> (String, &'static str) {
        match parse::<Ask>(body.as_bytes()) {
            Err(Refusal::Invalid { errors }) => (errors[0].pointer.clone(), errors[0].code),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn every_fault_names_its_field() {
        let id = "mem_00000000000000000000000000";
        assert_eq!(fault("{}"), ("/member_id".into(), "required"));
        assert_eq!(fault("[]"), (String::new(), "invalid"));
        assert_eq!(fault("3"), (String::new(), "invalid"));
        assert_eq!(fault(&format!(r#"["{id}", 1, null]"#)), (String::new(), "invalid"));
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
        let body = format!(r#"{{"member_id":"{id}","points":1,"total":[1,"EUR"]}}"#);
        assert_eq!(fault(&body), ("/total".into(), "invalid"));
        let body = format!(r#"{{"member_id":"{id}","points":1,"nested":{{"inner":[1]}}}}"#);
        assert_eq!(fault(&body), ("/nested/inner".into(), "invalid"));
        let body = format!(r#"{{"member_id":"{id}","points":1,"nested":[{{"count":1}}]}}"#);
        assert_eq!(fault(&body), ("/nested".into(), "invalid"));
        for word in ["1", "[]", "\"x\"", "true"] {
            let body = format!(r#"{{"member_id":"{id}","points":1,"realm":{word}}}"#);
            assert_eq!(fault(&body), ("/realm".into(), "invalid"), "{word}");
        }
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let told = |body: &str| match parse::<Ask>(body.as_bytes()) {
            Err(Refusal::Invalid { errors }) => {
                errors.into_iter().map(|fault| (fault.pointer, fault.code)).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        let all = |pointers: &[(&str, &'static str)]| {
            pointers.iter().map(|(at, code)| ((*at).to_owned(), *code)).collect::<Vec<_>>()
        };
        assert_eq!(told("{}"), all(&[("/member_id", "required"), ("/points", "required")]));
        assert_eq!(
            told(
                r#"{"colour":1,"points":0,"total":{"amount":-1,"currency":"eur","tax":2},"realm":3}"#
            ),
            all(&[
                ("/colour", "unknown_field"),
                ("/points", "invalid"),
                ("/total/amount", "invalid"),
                ("/total/currency", "invalid"),
                ("/total/tax", "unknown_field"),
                ("/realm", "invalid"),
                ("/member_id", "required"),
            ])
        );
        assert_eq!(
            told(r#"{"points":1,"points":2}"#),
            all(&[("/points", "invalid"), ("/member_id", "required")])
        );
        let lines = |body: &str| match parse::<Lines>(body.as_bytes()) {
            Err(Refusal::Invalid { errors }) => {
                errors.into_iter().map(|fault| fault.pointer).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(lines(r#"{"lines":[1,"x",3,null]}"#), ["/lines/1", "/lines/3"]);
        let many = format!(r#"{{"lines":[{}]}}"#, vec!["\"x\""; 5000].join(","));
        assert_eq!(lines(&many).len(), 50);
    }

    #[derive(Debug, Deserialize, utoipa::ToSchema)]
    #[expect(dead_code, reason = "only read")]
    struct Lines {
        lines: Vec<i64>,
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
