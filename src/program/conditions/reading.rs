//! Reading a tree: strictly, each fault with the pointer to what is at fault; and writing it.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, Visitor},
    ser::SerializeMap,
};
use serde_json::Value;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{RefOr, Schema},
};

use super::{
    LONGEST_LIST, Where,
    field::{Field, Kind, RESERVED, RESERVED_BEGINNINGS},
    leaf::{Leaf, Op, Operand, Window},
};
use crate::members::{Tier, tags::Tag};
use platform::kernel::{
    error::Window as Calendar, id::SegmentId, json, locale::Locale, text::Country,
};

const KEYS: &[&str] = &["all", "any", "not", "field", "op", "value", "window"];

impl<'de> Deserialize<'de> for Where {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_map(Tree)
    }
}

struct Tree;

/// The parts of a leaf, in whichever order they came.
#[derive(Default)]
struct Parts {
    field: Option<Value>,
    op: Option<Value>,
    value: Option<Value>,
    window: Option<Value>,
}

impl<'de> Visitor<'de> for Tree {
    type Value = Where;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with all, any or not, or with a field, an op and a value")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Where, A::Error> {
        let (mut branch, mut parts): (Option<Where>, _) = (None, Parts::default());
        let mut count = 0;
        while let Some(key) = map.next_key::<String>()? {
            count += 1;
            let slot = match key.as_str() {
                "all" | "any" | "not" => {
                    if branch.is_some() {
                        return Err(A::Error::custom("must have only one of all, any and not"));
                    }
                    branch = Some(match key.as_str() {
                        "all" => Where::All(map.next_value()?),
                        "any" => Where::Any(map.next_value()?),
                        _ => Where::Not(map.next_value()?),
                    });
                    continue;
                }
                "field" => &mut parts.field,
                "op" => &mut parts.op,
                "value" => &mut parts.value,
                "window" => &mut parts.window,
                _ => return Err(A::Error::unknown_field(&key, KEYS)),
            };
            if slot.replace(map.next_value()?).is_some() {
                return Err(json::below(&format!("/{key}"), "invalid", "is given twice"));
            }
        }
        match branch {
            Some(branch) if count == 1 => Ok(branch),
            Some(_) => Err(A::Error::custom("must have nothing beside all, any or not")),
            None => parts.read().map_err(Fault::told),
        }
    }
}

/// What is wrong with a leaf.
struct Fault {
    at: &'static str,
    code: &'static str,
    why: Cow<'static, str>,
}

impl Fault {
    fn at(at: &'static str, why: impl Into<Cow<'static, str>>) -> Self {
        Self { at, code: "invalid", why: why.into() }
    }

    fn told<E: serde::de::Error>(self) -> E {
        json::below(self.at, self.code, &self.why)
    }
}

impl Parts {
    fn read(self) -> Result<Where, Fault> {
        let missing = |at| Fault { at, code: "required", why: "is required".into() };
        let field = field(&self.field.ok_or_else(|| missing("/field"))?)?;
        let op = op(field, &self.op.ok_or_else(|| missing("/op"))?)?;
        let operand = operand(field, op, &self.value.ok_or_else(|| missing("/value"))?)?;
        let window = self.window.map(|value| window(field, &value)).transpose()?;
        Ok(Where::Leaf(Leaf { field, op, operand, window }))
    }
}

fn words<T: fmt::Display>(all: &[T]) -> String {
    all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn field(value: &Value) -> Result<Field, Fault> {
    let unknown = |why: &str| {
        let why = format!("{why}: the fields are {}", words(Field::ALL)).into();
        Fault { at: "/field", code: "unknown_field", why }
    };
    let Some(name) = value.as_str() else { return Err(unknown("must be the name of a field")) };
    let waits = RESERVED.contains(&name)
        || RESERVED_BEGINNINGS.iter().any(|beginning| name.starts_with(beginning));
    Field::from_word(name).ok_or_else(|| {
        unknown(if waits { "is reserved, and not there yet" } else { "is no field" })
    })
}

fn op(field: Field, value: &Value) -> Result<Op, Fault> {
    let known = value.as_str().and_then(Op::from_word);
    known.filter(|op| field.ops().contains(op)).ok_or_else(|| {
        Fault::at("/op", format!("must be one of {}, for {field}", words(field.ops())))
    })
}

fn operand(field: Field, op: Op, value: &Value) -> Result<Operand, Fault> {
    let wrong = |why: String| Fault::at("/value", why);
    if op == Op::Exists {
        let flag = value.as_bool().map(Operand::Flag);
        return flag.ok_or_else(|| wrong("must be true or false, for exists".to_owned()));
    }
    let values: Vec<&Value> = match (op, value) {
        (Op::Between, Value::Array(both)) if both.len() == 2 => both.iter().collect(),
        (Op::Between, _) => {
            return Err(wrong("must be a list of two numbers, for between".to_owned()));
        }
        (Op::In | Op::NotIn, Value::Array(some)) if (1..=LONGEST_LIST).contains(&some.len()) => {
            some.iter().collect()
        }
        (Op::In | Op::NotIn, _) => {
            return Err(wrong(format!("must be a list of 1 to {LONGEST_LIST} values, for {op}")));
        }
        (_, one) => vec![one],
    };
    let operand = match field.kind() {
        Kind::Flag => match value.as_bool() {
            Some(flag) => Operand::Flag(flag),
            None => return Err(wrong("must be true or false".to_owned())),
        },
        Kind::Text | Kind::Texts => {
            let read = values.iter().map(|value| text(field, value)).collect::<Result<_, _>>();
            Operand::Texts(read.map_err(wrong)?)
        }
        Kind::Segments => {
            let id = |value: &&Value| value.as_str()?.parse::<SegmentId>().ok();
            let ids: Option<Vec<SegmentId>> = values.iter().map(id).collect();
            Operand::Segments(ids.ok_or_else(|| {
                wrong("must be the id of a segment, which begins with `seg_`".to_owned())
            })?)
        }
        Kind::Days { .. } | Kind::Measure => {
            let most = field.most();
            let number = |value: &&Value| value.as_i64().filter(|it| (0..=most).contains(it));
            let numbers: Option<Vec<i64>> = values.iter().map(number).collect();
            Operand::Numbers(numbers.ok_or_else(|| {
                wrong(format!("must be a whole number from 0 to {most}, for {field}"))
            })?)
        }
    };
    match &operand {
        Operand::Numbers(both) if op == Op::Between && both[0] > both[1] => {
            Err(wrong("must have the smaller number first".to_owned()))
        }
        _ => Ok(operand),
    }
}

/// A text as it is kept: tags in lower case, locales as BCP 47 writes them.
fn text(field: Field, value: &Value) -> Result<String, String> {
    fn read<T: std::str::FromStr<Err: fmt::Display> + fmt::Display>(
        text: &str,
    ) -> Result<String, String> {
        text.parse::<T>().map(|value| value.to_string()).map_err(|why| why.to_string())
    }
    let Some(text) = value.as_str() else { return Err("must be a text".to_owned()) };
    match field {
        Field::Country => read::<Country>(text),
        Field::Locale => read::<Locale>(text),
        Field::Tag => read::<Tag>(text),
        _ => read::<Tier>(text),
    }
}

fn window(field: Field, value: &Value) -> Result<Window, Fault> {
    if field.kind() != Kind::Measure {
        return Err(Fault::at("/window", format!("has no place here: {field} is no measure")));
    }
    let why = || {
        let (days, months) = (Window::MOST_DAYS, Window::MOST_MONTHS);
        Fault::at(
            "/window",
            format!(
                "must be {{\"days\": 1 to {days}}}, {{\"months\": 1 to {months}}} or \
                 {{\"calendar\": \"month\" or \"year\"}}"
            ),
        )
    };
    let Some((unit, value)) =
        value.as_object().filter(|it| it.len() == 1).and_then(|it| it.iter().next())
    else {
        return Err(why());
    };
    let whole = |most: u64| value.as_u64().filter(|it| (1..=most).contains(it));
    let window = match (unit.as_str(), value.as_str()) {
        ("days", _) => whole(Window::MOST_DAYS.into())
            .and_then(|days| u16::try_from(days).ok())
            .map(Window::Days),
        ("months", _) => whole(Window::MOST_MONTHS.into())
            .and_then(|months| u8::try_from(months).ok())
            .map(Window::Months),
        ("calendar", Some("month")) => Some(Window::Calendar(Calendar::Month)),
        ("calendar", Some("year")) => Some(Window::Calendar(Calendar::Year)),
        _ => None,
    };
    window.ok_or_else(why)
}

impl Serialize for Where {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = match self {
            Self::Leaf(leaf) => return leaf.serialize(to),
            _ => to.serialize_map(Some(1))?,
        };
        match self {
            Self::All(parts) => map.serialize_entry("all", parts)?,
            Self::Any(parts) => map.serialize_entry("any", parts)?,
            Self::Not(part) => map.serialize_entry("not", part)?,
            Self::Leaf(_) => {}
        }
        map.end()
    }
}

/// The tree as OpenAPI tells of it.
impl PartialSchema for Where {
    fn schema() -> RefOr<Schema> {
        let again = serde_json::json!({"$ref": "#/components/schemas/Where"});
        let parts = serde_json::json!({
            "type": "array", "items": again, "minItems": 1, "maxItems": super::MOST_LEAVES
        });
        let branch = |word: &str, of: &Value| {
            serde_json::json!({
                "type": "object", "required": [word], "properties": {word: of},
                "additionalProperties": false
            })
        };
        let words = |all: Vec<&str>| serde_json::json!({"type": "string", "enum": all});
        let window = |name: &str, of: Value| branch(name, &of);
        let whole = |most: i64| serde_json::json!({"type": "integer", "format": "int64", "minimum": 1, "maximum": most});
        let schema = serde_json::json!({
            "description": "Who is meant: all of some conditions, any of some, not one, or a condition by \
                itself. At most 5 deep, with at most 50 conditions.",
            "oneOf": [
                branch("all", &parts),
                branch("any", &parts),
                branch("not", &again),
                {
                    "type": "object",
                    "required": ["field", "op", "value"],
                    "properties": {
                        "field": words(Field::ALL.iter().map(|it| it.as_str()).collect()),
                        "op": words(Op::ALL.iter().map(|it| it.as_str()).collect()),
                        "value": {
                            "description": "Of the field's kind; for `in` and `not_in` a list of 1 to \
                                1,000, for `between` the least and the greatest number, for `exists` \
                                true or false.",
                        },
                        "window": {
                            "description": "Of measures: which time is counted, in the program's time \
                                zone and up to now; without it, ever.",
                            "oneOf": [
                                window("days", whole(Window::MOST_DAYS.into())),
                                window("months", whole(Window::MOST_MONTHS.into())),
                                window("calendar", words(vec!["month", "year"])),
                            ],
                        },
                    },
                    "additionalProperties": false,
                },
            ],
            "examples": [{
                "all": [
                    {"field": "country", "op": "eq", "value": "IS"},
                    {"field": "orders", "op": "gte", "value": 3, "window": {"months": 12}},
                    {"not": {"field": "tag", "op": "eq", "value": "wholesale"}},
                ],
            }],
        });
        serde_json::from_value(schema).unwrap_or_else(|_| RefOr::T(Schema::default()))
    }
}

impl ToSchema for Where {
    fn name() -> Cow<'static, str> {
        "Where".into()
    }
}
