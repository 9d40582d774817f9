//! The one evaluator: whether a member fulfils a plan, and why not. Pure.

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    Facts, Plan,
    field::Field,
    leaf::{Leaf, Op, Operand, Window},
    plan::{Frame, Node},
};
use crate::members::MemberStatus;
use platform::kernel::id::SegmentId;

/// Whether a member fulfils conditions; where not, what stands against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Verdict {
    pub matches: bool,
    pub reasons: Vec<Reason>,
}

/// What stands against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(tag = "code", rename_all = "snake_case")]
#[schema(as = ConditionReason)]
pub enum Reason {
    /// The member is suspended or erased: nobody's audience.
    NotActive,
    /// A condition is not as it would have to be.
    Condition {
        /// Where it stands in its tree, such as `/all/1`.
        #[schema(example = "/all/1")]
        pointer: String,
        /// The segment whose tree it is; null for the tree that was asked.
        segment_id: Option<SegmentId>,
        field: Field,
        /// What the member has: a text, a number, true or false, a list of tags; null for nothing.
        have: Have,
        need: Need,
        /// Orders in another currency were left out.
        #[serde(skip_serializing_if = "std::ops::Not::not")]
        #[schema(nullable = false, required = false)]
        other_currency: bool,
    },
}

/// What a member has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Have {
    Nothing,
    Flag(bool),
    Number(i64),
    Text(String),
    Texts(Vec<String>),
}

impl Have {
    pub(super) fn count(of: usize) -> Self {
        Self::Number(i64::try_from(of).unwrap_or(i64::MAX))
    }
}

platform::plain_schema! { [] Have, "Have", utoipa::openapi::ObjectBuilder::new()
.schema_type(utoipa::openapi::schema::SchemaType::AnyValue) }

/// What would have to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ConditionNeed)]
pub struct Need {
    /// True where this must not be so.
    pub not: bool,
    pub op: Op,
    /// As the condition has it.
    #[schema(value_type = Have)]
    pub value: serde_json::Value,
    pub window: Option<Window>,
}

/// How many reasons are told at most.
const MOST_REASONS: usize = 100;

impl Plan {
    /// Whether a member fulfils it.
    #[must_use]
    pub fn holds(&self, facts: &Facts) -> bool {
        let asked = Asked { facts, frame: &self.frame };
        facts.status == MemberStatus::Active && asked.holds(&self.root)
    }

    /// Whether a member fulfils it, and why not.
    #[must_use]
    pub fn judge(&self, facts: &Facts) -> Verdict {
        let mut reasons = Vec::new();
        if facts.status != MemberStatus::Active {
            reasons.push(Reason::NotActive);
        }
        let asked = Asked { facts, frame: &self.frame };
        asked.explain(
            &self.root,
            true,
            &At { pointer: String::new(), segment: None },
            &mut reasons,
        );
        reasons.truncate(MOST_REASONS);
        Verdict { matches: reasons.is_empty(), reasons }
    }
}

struct Asked<'a> {
    facts: &'a Facts,
    frame: &'a Frame,
}

/// Where a leaf stands.
struct At {
    pointer: String,
    segment: Option<SegmentId>,
}

impl At {
    fn below(&self, step: &str) -> Self {
        Self { pointer: format!("{}/{step}", self.pointer), segment: self.segment }
    }
}

impl Asked<'_> {
    fn holds(&self, node: &Node) -> bool {
        match node {
            Node::All(parts) => parts.iter().all(|part| self.holds(part)),
            Node::Any(parts) => parts.iter().any(|part| self.holds(part)),
            Node::Not(part) => !self.holds(part),
            Node::Leaf(leaf, span) => holds(leaf, &self.facts.have(leaf, *span, self.frame)),
            Node::Segments { leaf, of } => {
                of.iter().any(|(_, segment)| self.holds(segment)) != leaf.op.denies()
            }
        }
    }

    /// Adds the leaves that keep `node` from being as `wanted`: none where it is.
    fn explain(&self, node: &Node, wanted: bool, at: &At, told: &mut Vec<Reason>) {
        if self.holds(node) == wanted || told.len() > MOST_REASONS {
            return;
        }
        match node {
            Node::All(parts) | Node::Any(parts) => {
                let word = if matches!(node, Node::All(_)) { "all" } else { "any" };
                for (place, part) in parts.iter().enumerate() {
                    self.explain(part, wanted, &at.below(&format!("{word}/{place}")), told);
                }
            }
            Node::Not(part) => self.explain(part, !wanted, &at.below("not"), told),
            Node::Leaf(leaf, span) => {
                let have = self.facts.have(leaf, *span, self.frame);
                let other_currency = self.facts.has_other_money(leaf, *span, self.frame);
                told.push(reason(leaf, have, other_currency, wanted, at));
            }
            Node::Segments { leaf, of } => {
                let within = of.iter().filter(|(_, segment)| self.holds(segment));
                let ids = within.map(|(id, _)| id.to_string()).collect();
                told.push(reason(leaf, Have::Texts(ids), false, wanted, at));
                // and what makes them so
                for (id, segment) in of {
                    let inside = At { pointer: String::new(), segment: Some(*id) };
                    self.explain(segment, wanted != leaf.op.denies(), &inside, told);
                }
            }
        }
    }
}

fn reason(leaf: &Leaf, have: Have, other_currency: bool, wanted: bool, at: &At) -> Reason {
    Reason::Condition {
        pointer: at.pointer.clone(),
        segment_id: at.segment,
        field: leaf.field,
        have,
        need: Need {
            not: !wanted,
            op: leaf.op,
            value: serde_json::to_value(leaf.value()).unwrap_or_default(),
            window: leaf.window,
        },
        other_currency,
    }
}

/// Whether what a member has is what a leaf asks for. Without a value nothing is, but for `ne` and
/// `exists: false`.
fn holds(leaf: &Leaf, have: &Have) -> bool {
    let Leaf { op, operand, .. } = leaf;
    if let (Op::Exists, Operand::Flag(wanted)) = (op, operand) {
        let is_there = match have {
            Have::Nothing => false,
            Have::Texts(texts) => !texts.is_empty(),
            _ => true,
        };
        return is_there == *wanted;
    }
    match (have, operand) {
        (Have::Flag(have), Operand::Flag(wanted)) => (have == wanted) != op.denies(),
        (Have::Number(have), Operand::Numbers(wanted)) => compares(*have, *op, wanted),
        (Have::Text(have), Operand::Texts(wanted)) => {
            wanted.iter().any(|wanted| is_like(leaf.field, wanted, have)) != op.denies()
        }
        (Have::Texts(have), Operand::Texts(wanted)) => {
            wanted.iter().any(|wanted| have.contains(wanted)) != op.denies()
        }
        _ => *op == Op::Ne,
    }
}

/// Whether a number is as an op asks.
pub(super) fn compares(have: i64, op: Op, wanted: &[i64]) -> bool {
    let first = wanted.first().copied().unwrap_or_default();
    match op {
        Op::Lt => have < first,
        Op::Lte => have <= first,
        Op::Gt => have > first,
        Op::Gte => have >= first,
        Op::Between => first <= have && wanted.get(1).is_some_and(|last| have <= *last),
        _ => wanted.contains(&have) != op.denies(),
    }
}

/// A language by itself is in whichever country.
fn is_like(field: Field, wanted: &str, have: &str) -> bool {
    let rest = have.strip_prefix(wanted);
    match field {
        Field::Locale => rest.is_some_and(|rest| {
            rest.is_empty() || (rest.starts_with('-') && !wanted.contains('-'))
        }),
        _ => have == wanted,
    }
}
