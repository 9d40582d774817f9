//! Conditions as rows of a form, and as lines to read: what can be said without JSON.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Value, json};

use platform::kernel::{error::Window as Calendar, id::SegmentId};
use program::conditions::{Leaf, Op, Operand, Where, Window};

/// How many rows a form has at least and at most.
const ROWS: usize = 5;
const MOST: usize = 50;

/// A form of conditions: rows that are joined by `all` or `any`.
#[derive(Clone, Debug, Serialize)]
#[expect(clippy::struct_field_names, reason = "as the form calls it")]
pub struct Rows {
    pub name: String,
    pub join: String,
    pub rows: Vec<Row>,
}

/// A row as it is typed.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Row {
    pub field: String,
    pub op: String,
    pub value: String,
    /// `days:30`, `months:12`, `month`, `year`, or nothing.
    pub window: String,
}

impl Rows {
    pub fn empty() -> Self {
        Self { name: String::new(), join: "all".to_owned(), rows: vec![Row::default(); ROWS] }
    }

    /// As it was sent.
    pub fn typed(typed: &BTreeMap<String, String>) -> Self {
        let text = |name: &str| typed.get(name).cloned().unwrap_or_default();
        let row = |place: usize| Row {
            field: text(&format!("field:{place}")),
            op: text(&format!("op:{place}")),
            value: text(&format!("value:{place}")),
            window: text(&format!("window:{place}")),
        };
        let rows = (0..MOST).map(row).filter(|row| !row.field.is_empty()).collect();
        Self { name: text("name"), join: text("join"), rows }.padded()
    }

    /// What is kept; none for a tree that is more than leaves joined by one word.
    pub fn of(name: &str, wanted: &Where) -> Option<Self> {
        let (join, parts) = match wanted {
            Where::All(parts) => ("all", parts.as_slice()),
            Where::Any(parts) => ("any", parts.as_slice()),
            one => ("all", std::slice::from_ref(one)),
        };
        let row = |part: &Where| match part {
            Where::Leaf(leaf) => Some(Row {
                field: leaf.field().to_string(),
                op: leaf.op().to_string(),
                value: values(leaf).join(", "),
                window: leaf.window().map(window).unwrap_or_default(),
            }),
            _ => None,
        };
        let rows: Option<Vec<Row>> = parts.iter().map(row).collect();
        Some(Self { name: name.to_owned(), join: join.to_owned(), rows: rows? }.padded())
    }

    /// With room for more.
    fn padded(mut self) -> Self {
        let room = ROWS.max(self.rows.len() + 2).min(MOST);
        self.rows.resize(room, Row::default());
        self
    }
}

fn values(leaf: &Leaf) -> Vec<String> {
    match leaf.operand() {
        Operand::Flag(flag) => vec![flag.to_string()],
        Operand::Numbers(numbers) => numbers.iter().map(ToString::to_string).collect(),
        Operand::Texts(texts) => texts.clone(),
        Operand::Segments(ids) => ids.iter().map(ToString::to_string).collect(),
    }
}

fn window(window: Window) -> String {
    match window {
        Window::Days(days) => format!("days:{days}"),
        Window::Months(months) => format!("months:{months}"),
        Window::Calendar(Calendar::Month) => "month".to_owned(),
        Window::Calendar(Calendar::Year) => "year".to_owned(),
    }
}

/// The body that the API would take.
pub fn body(typed: &BTreeMap<String, String>) -> Value {
    let form = Rows::typed(typed);
    let leaves: Vec<Value> =
        form.rows.iter().filter(|row| !row.field.is_empty()).map(leaf).collect();
    let join = if form.join == "any" { "any" } else { "all" };
    json!({"name": form.name, "where": {join: leaves}})
}

fn leaf(row: &Row) -> Value {
    let text = |text: &str| match text.trim() {
        "true" => json!(true),
        "false" => json!(false),
        // a tag may be a number too, which a field of texts takes as it was typed
        number if !matches!(row.field.as_str(), "tag" | "tier") => {
            number.parse::<i64>().map_or_else(|_| json!(number), |number| json!(number))
        }
        other => json!(other),
    };
    let is_list = Op::from_word(&row.op).is_some_and(Op::takes_list);
    let value = if is_list {
        row.value.split(',').filter(|part| !part.trim().is_empty()).map(text).collect()
    } else {
        text(&row.value)
    };
    let mut leaf = json!({"field": row.field, "op": row.op, "value": value});
    let counted = |text: &str| text.trim().parse::<i64>().map_or(json!(text), |count| json!(count));
    match (row.window.as_str(), row.window.split_once(':')) {
        ("", _) => {}
        (_, Some((unit, count))) => leaf["window"] = json!({unit: counted(count)}),
        (calendar, None) => leaf["window"] = json!({"calendar": calendar}),
    }
    leaf
}

/// A line of a tree, to be read.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    pub depth: usize,
    /// `all`, `any`, `not` or `leaf`.
    pub kind: &'static str,
    pub field: String,
    pub op: String,
    pub value: String,
    /// `days`, `months`, `month`, `year`, or nothing.
    pub window: &'static str,
    pub window_count: i64,
}

/// A tree in lines; segments by their names.
pub fn told(wanted: &Where, names: &[(SegmentId, String)]) -> Vec<Told> {
    let mut lines = Vec::new();
    tell(wanted, 0, names, &mut lines);
    lines
}

fn tell(wanted: &Where, depth: usize, names: &[(SegmentId, String)], lines: &mut Vec<Told>) {
    let mut line = Told {
        depth,
        kind: match wanted {
            Where::All(_) => "all",
            Where::Any(_) => "any",
            Where::Not(_) => "not",
            Where::Leaf(_) => "leaf",
        },
        field: String::new(),
        op: String::new(),
        value: String::new(),
        window: "",
        window_count: 0,
    };
    if let Where::Leaf(leaf) = wanted {
        let name = |id: &SegmentId| {
            let known = names.iter().find(|(known, _)| known == id);
            known.map_or_else(|| id.to_string(), |(_, name)| name.clone())
        };
        let values: Vec<String> = match leaf.operand() {
            Operand::Segments(ids) => ids.iter().map(name).collect(),
            _ => values(leaf),
        };
        line.field = leaf.field().to_string();
        line.op = leaf.op().to_string();
        line.value = values.join(", ");
        (line.window, line.window_count) = match leaf.window() {
            None => ("", 0),
            Some(Window::Days(days)) => ("days", days.into()),
            Some(Window::Months(months)) => ("months", months.into()),
            Some(Window::Calendar(Calendar::Month)) => ("month", 0),
            Some(Window::Calendar(Calendar::Year)) => ("year", 0),
        };
    }
    lines.push(line);
    for (_, part) in wanted.parts("") {
        tell(part, depth + 1, names, lines);
    }
}
