//! Conditions: who is meant by an audience or a segment, as data. A closed vocabulary ([`field`]) in a
//! tree of few shapes ([`Where`]); no expression, nothing that runs.
//!
//! A tree is read strictly, every fault with the pointer of its leaf ([`reading`], [`check`]). To be
//! asked it becomes a [`plan::Plan`]: the segments that it names put in their places, the moment and the
//! program's zone and currency beside it. A plan is asked in two ways, which agree on every member: by
//! one pure evaluator over a member's facts ([`judge`], which also says why not), and by the database
//! over all members at once ([`audience`]). A new field is a row in [`field`], its value in [`facts`] and
//! its words in [`audience`].
//!
//! A member without a value (no country, no birthday, no order yet) fulfils nothing but `ne` and
//! `exists: false`: `not_in` asks for a value too. Tags are a set, which is always there: `not_in` is
//! fulfilled by who has none of them, and `exists` asks whether there is any.

mod audience;
mod check;
mod facts;
mod field;
mod judge;
mod leaf;
mod plan;
mod reading;
pub mod service;
mod store;

#[cfg(test)]
mod tests;

pub use check::Use;
pub use facts::Facts;
pub use field::Field;
pub use judge::{Have, Need, Reason, Verdict};
pub use leaf::{Leaf, Op, Operand, Window};
pub use plan::{Definitions, Plan};

/// How deep a tree goes at most, its leaves counted.
pub const DEEPEST: usize = 5;
/// How many leaves a tree has at most.
pub const MOST_LEAVES: usize = 50;
/// How many values a list has at most.
pub const LONGEST_LIST: usize = 1000;

/// Who is meant: all of some conditions, any of some, not one, or a condition by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Where {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Leaf(Leaf),
}

impl Where {
    /// Its leaves, each with its pointer below `pointer`.
    #[must_use]
    pub fn leaves(&self, pointer: &str) -> Vec<(String, &Leaf)> {
        let mut found = Vec::new();
        self.gather(pointer, &mut found);
        found
    }

    fn gather<'a>(&'a self, pointer: &str, found: &mut Vec<(String, &'a Leaf)>) {
        for (pointer, part) in self.parts(pointer) {
            part.gather(&pointer, found);
        }
        if let Self::Leaf(leaf) = self {
            found.push((pointer.to_owned(), leaf));
        }
    }

    /// What it is made of, each with its pointer.
    #[must_use]
    pub fn parts(&self, pointer: &str) -> Vec<(String, &Self)> {
        let list = |word: &str, parts: &'_ [Self]| -> Vec<String> {
            (0..parts.len()).map(|at| format!("{pointer}/{word}/{at}")).collect()
        };
        match self {
            Self::All(parts) => list("all", parts).into_iter().zip(parts).collect(),
            Self::Any(parts) => list("any", parts).into_iter().zip(parts).collect(),
            Self::Not(part) => vec![(format!("{pointer}/not"), part)],
            Self::Leaf(_) => Vec::new(),
        }
    }
}
