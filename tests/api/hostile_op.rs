//! One operation, and how to say what it must refuse.

use reqwest::Method;
use serde_json::{Map, Value};

use crate::support::app::Client;

/// An operation, a body that it would take, and what is wrong with others.
pub struct Op {
    pub who: Client,
    pub method: Method,
    pub path: String,
    pub good: Value,
    pub required: &'static [&'static str],
    /// No body at all is fine.
    pub may_be_empty: bool,
    /// Field, what it is replaced by (as JSON text), and what the refusal points at.
    pub bad: Vec<(&'static str, String, String)>,
}

const NUMBERS: [&str; 10] = [
    "0",
    "-1",
    "1.5",
    "\"1\"",
    "1e999",
    "99999999999999999999",
    "-9223372036854775808",
    "true",
    "[]",
    "{}",
];
const LINES: [&str; 9] = [
    r#""""#,
    r#""  ""#,
    r#""a\r\nb""#,
    r#""a\nb""#,
    r#""a\u0000b""#,
    r#""a\u202eb""#,
    "1",
    "[]",
    "{}",
];
const EMAILS: [&str; 6] = [
    r#""anna""#,
    r#""a@b""#,
    r#""a@example.com\r\nBcc: x@example.com""#,
    r#""<a@example.com>""#,
    r#""a@@example.com""#,
    r#""a b@example.com""#,
];
pub const INSTANTS: [&str; 6] = [
    r#""yesterday""#,
    r#""2026-11-21""#,
    r#""2026-11-21T12:00:00""#,
    "1",
    r#""9999-12-31T23:59:59Z""#,
    r#""-000001-01-01T00:00:00Z""#,
];
pub const NOT_MEMBERS: [&str; 6] =
    [r#""""#, "1", r#""mem_""#, r#""rwd_01m7zr0b7ee0tt0vrz3kxj2q8d""#, r#""mem_!\u0000""#, "[]"];
pub const WORDS: [&str; 4] = [r#""boss""#, r#""""#, "1", "[]"];

impl Op {
    fn new(who: &Client, method: Method, path: impl Into<String>, good: Value) -> Self {
        Self {
            who: who.clone(),
            method,
            path: path.into(),
            good,
            required: &[],
            may_be_empty: false,
            bad: Vec::new(),
        }
    }

    pub fn post(who: &Client, path: impl Into<String>, good: Value) -> Self {
        Self::new(who, Method::POST, path, good)
    }

    pub fn patch(who: &Client, path: impl Into<String>, good: Value) -> Self {
        Self::new(who, Method::PATCH, path, good)
    }

    pub fn put(who: &Client, path: impl Into<String>, good: Value) -> Self {
        Self::new(who, Method::PUT, path, good)
    }

    pub fn required(mut self, fields: &'static [&'static str]) -> Self {
        self.required = fields;
        for field in fields {
            self = self.bad(field, &["null"]);
        }
        self
    }

    pub fn optional_body(mut self) -> Self {
        self.may_be_empty = true;
        self
    }

    pub fn bad(self, field: &'static str, values: &[&str]) -> Self {
        self.bad_at(field, values, &format!("/{field}"))
    }

    pub fn bad_at(mut self, field: &'static str, values: &[&str], pointer: &str) -> Self {
        self.bad.extend(values.iter().map(|bad| (field, (*bad).to_owned(), pointer.to_owned())));
        self
    }

    pub fn numbers(self, field: &'static str, but: &[&str]) -> Self {
        let numbers: Vec<&str> = NUMBERS.into_iter().filter(|n| !but.contains(n)).collect();
        self.bad(field, &numbers)
    }

    /// A line of at most `longest` characters.
    pub fn line(self, field: &'static str, longest: usize) -> Self {
        let long = format!("\"{}\"", "é".repeat(longest + 1));
        self.bad(field, &LINES).bad(field, &[&long])
    }

    pub fn email(self) -> Self {
        let long = format!("\"{}@example.com\"", "a".repeat(65));
        self.line("email", 254).bad("email", &EMAILS).bad("email", &[&long])
    }

    pub fn money(mut self, field: &'static str) -> Self {
        for number in NUMBERS.into_iter().filter(|number| *number != "0") {
            let money = format!(r#"{{"amount":{number},"currency":"EUR"}}"#);
            self = self.bad_at(field, &[&money], &format!("/{field}/amount"));
        }
        for currency in [r#""eur""#, r#""XXX""#, r#""""#, "1"] {
            let money = format!(r#"{{"amount":100,"currency":{currency}}}"#);
            self = self.bad_at(field, &[&money], &format!("/{field}/currency"));
        }
        self.bad(field, &["100", r#""100 EUR""#, r#"[100,"EUR"]"#])
            .bad_at(field, &[r#"{"amount":100}"#], &format!("/{field}/currency"))
            .bad_at(field, &[r#"{"amount":1,"currency":"EUR","tax":0}"#], &format!("/{field}/tax"))
    }

    /// The good body with one field replaced, or left out.
    pub fn with(&self, field: &str, value: Option<&str>) -> Vec<u8> {
        let mut fields: Vec<String> = Vec::new();
        let good: &Map<String, Value> = self.good.as_object().expect("an object");
        for (name, old) in good.iter().filter(|(name, _)| *name != field) {
            fields.push(format!("{}:{old}", Value::from(name.as_str())));
        }
        fields.extend(value.map(|value| format!("{}:{value}", Value::from(field))));
        format!("{{{}}}", fields.join(",")).into_bytes()
    }
}
