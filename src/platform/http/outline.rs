//! A JSON object whose long lists come row by row, and all else of it at once.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::kernel::error::{Error, Result};

/// What of the object is still to be written.
#[derive(Debug)]
pub struct Outline {
    fields: <Map<String, Value> as IntoIterator>::IntoIter,
    /// The fields whose rows come one by one.
    lists: &'static [&'static str],
    /// What goes before the next field, and before the next row of the list that is open.
    before_field: &'static str,
    before_row: &'static str,
    is_over: bool,
}

impl Outline {
    /// Of a value whose `lists` are empty yet.
    ///
    /// # Errors
    /// A value that is no JSON object.
    pub fn of(value: &impl Serialize, lists: &'static [&'static str]) -> Result<Self> {
        let Value::Object(fields) = serde_json::to_value(value)? else {
            return Err(Error::internal("an outline of what is no object"));
        };
        let fields = fields.into_iter();
        Ok(Self { fields, lists, before_field: "{", before_row: "", is_over: false })
    }

    /// Writes on to the next list and opens it: its name; or to the object's end.
    ///
    /// # Errors
    /// None in practice: it is written to memory.
    pub fn next_list(&mut self, out: &mut Vec<u8>) -> Result<Option<String>> {
        if self.is_over {
            return Ok(None);
        }
        for (name, value) in self.fields.by_ref() {
            out.extend_from_slice(self.before_field.as_bytes());
            serde_json::to_writer(&mut *out, &name)?;
            out.push(b':');
            self.before_field = ",";
            if self.lists.contains(&name.as_str()) {
                out.push(b'[');
                (self.before_row, self.before_field) = ("", "],");
                return Ok(Some(name));
            }
            serde_json::to_writer(&mut *out, &value)?;
        }
        let end = match self.before_field {
            "{" => "{}",
            "]," => "]}",
            _ => "}",
        };
        out.extend_from_slice(end.as_bytes());
        self.is_over = true;
        Ok(None)
    }

    /// Writes a row of the list that is open.
    ///
    /// # Errors
    /// A value that is no JSON.
    pub fn row(&mut self, row: &impl Serialize, out: &mut Vec<u8>) -> Result<()> {
        out.extend_from_slice(self.before_row.as_bytes());
        serde_json::to_writer(&mut *out, row)?;
        self.before_row = ",";
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn written(value: &Value, rows: i64) -> String {
        let mut outline = Outline::of(value, &["first", "second"]).expect("an object");
        let mut out = Vec::new();
        while outline.next_list(&mut out).expect("it is written").is_some() {
            for row in 0..rows {
                outline.row(&row, &mut out).expect("it is written");
            }
        }
        assert_eq!(outline.next_list(&mut out).expect("nothing more"), None);
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn lists_stand_where_they_stood() {
        let value = json!({"a": "[]", "first": [], "b": [], "second": [], "c": {"first": []}});
        let two = r#"{"a":"[]","first":[0,1],"b":[],"second":[0,1],"c":{"first":[]}}"#;
        assert_eq!(written(&value, 2), two);
        assert_eq!(written(&value, 0), value.to_string());
        assert_eq!(
            written(&json!({"first": [], "second": []}), 1),
            r#"{"first":[0],"second":[0]}"#
        );
        assert_eq!(written(&json!({"c": 1}), 1), r#"{"c":1}"#);
        assert_eq!(written(&json!({}), 1), "{}");
        assert!(Outline::of(&1, &[]).is_err());
    }
}
