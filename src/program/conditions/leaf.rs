//! A condition by itself: a field, what is asked of it, and the value that it is held against.

use serde::{
    Serialize, Serializer,
    ser::{SerializeMap, SerializeSeq},
};
use utoipa::ToSchema;

use super::field::Field;
use platform::{
    kernel::{clock::Timestamp, error::Window as Calendar, id::SegmentId, zone::Zone},
    words,
};

words! {
    /// What is asked of a field.
    pub enum Op {
        Eq = "eq",
        Ne = "ne",
        In = "in",
        NotIn = "not_in",
        Lt = "lt",
        Lte = "lte",
        Gt = "gt",
        Gte = "gte",
        /// From the first to the second, both included.
        Between = "between",
        /// Whether there is a value.
        Exists = "exists",
    }
}

impl Op {
    /// Whether its value is a list.
    #[must_use]
    pub const fn takes_list(self) -> bool {
        matches!(self, Self::In | Self::NotIn | Self::Between)
    }

    /// Whether it says that something is not so.
    #[must_use]
    pub const fn denies(self) -> bool {
        matches!(self, Self::Ne | Self::NotIn)
    }
}

/// What a field is held against: of the field's kind, one value but for ops that take a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    Flag(bool),
    Numbers(Vec<i64>),
    Texts(Vec<String>),
    Segments(Vec<SegmentId>),
}

/// A condition by itself, as it was read: field, op and value fit each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaf {
    pub(super) field: Field,
    pub(super) op: Op,
    pub(super) operand: Operand,
    pub(super) window: Option<Window>,
}

impl Leaf {
    #[must_use]
    pub const fn field(&self) -> Field {
        self.field
    }

    #[must_use]
    pub const fn op(&self) -> Op {
        self.op
    }

    #[must_use]
    pub const fn operand(&self) -> &Operand {
        &self.operand
    }

    #[must_use]
    pub const fn window(&self) -> Option<Window> {
        self.window
    }

    /// The segments that it names.
    #[must_use]
    pub fn segments(&self) -> &[SegmentId] {
        match &self.operand {
            Operand::Segments(ids) => ids,
            _ => &[],
        }
    }

    /// The value as it is written.
    #[must_use]
    pub const fn value(&self) -> Value<'_> {
        Value(self)
    }
}

impl Serialize for Leaf {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        map.serialize_entry("field", &self.field)?;
        map.serialize_entry("op", &self.op)?;
        map.serialize_entry("value", &self.value())?;
        if let Some(window) = &self.window {
            map.serialize_entry("window", window)?;
        }
        map.end()
    }
}

/// A leaf's value as it is written: a list where its op takes one.
#[derive(Clone, Copy, Debug)]
pub struct Value<'a>(&'a Leaf);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        fn some<S: Serializer, T: Serialize>(
            to: S,
            values: &[T],
            list: bool,
        ) -> Result<S::Ok, S::Error> {
            match values {
                [one] if !list => one.serialize(to),
                values => {
                    let mut list = to.serialize_seq(Some(values.len()))?;
                    for value in values {
                        list.serialize_element(value)?;
                    }
                    list.end()
                }
            }
        }
        let list = self.0.op.takes_list();
        match &self.0.operand {
            Operand::Flag(flag) => to.serialize_bool(*flag),
            Operand::Numbers(values) => some(to, values, list),
            Operand::Texts(values) => some(to, values, list),
            Operand::Segments(values) => some(to, values, list),
        }
    }
}

/// Which time a measure counts, up to and not including the moment at which it is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConditionWindow)]
pub enum Window {
    /// From the beginning of the day so many days ago.
    Days(u16),
    /// From the beginning of the day so many months ago.
    Months(u8),
    /// The calendar month or year that the moment lies in.
    Calendar(Calendar),
}

impl Window {
    pub const MOST_DAYS: u16 = 1096;
    pub const MOST_MONTHS: u8 = 36;

    /// Its first instant.
    #[must_use]
    pub fn start(self, zone: &Zone, moment: Timestamp) -> Timestamp {
        let today = zone.date(moment);
        let back = match self {
            Self::Days(days) => jiff::Span::new().days(i64::from(days)),
            Self::Months(months) => jiff::Span::new().months(i64::from(months)),
            Self::Calendar(Calendar::Month) => return zone.start_of_month(moment),
            Self::Calendar(Calendar::Year) => return zone.start_of_year(moment),
        };
        zone.midnight(today.saturating_sub(back))
    }
}
