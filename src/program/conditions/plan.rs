//! A tree made ready to be asked: the segments that it names in their places, and what it is asked by.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::civil::Date;

use super::{Where, field::Field, leaf::Leaf};
use platform::{
    kernel::{
        clock::Timestamp,
        error::{Error, Result},
        id::SegmentId,
        money::Currency,
        zone::Zone,
    },
    settings::{LeapDay, Settings},
};

/// By what conditions are asked, but for the member.
#[derive(Clone, Debug)]
pub struct Frame {
    /// What happens at it or later does not count.
    pub moment: Timestamp,
    pub zone: Zone,
    pub currency: Currency,
    pub leap_day: LeapDay,
    /// The date of the moment.
    pub today: Date,
}

impl Frame {
    #[must_use]
    pub fn new(settings: &Settings, moment: Timestamp) -> Self {
        let zone = settings.time_zone.clone();
        let today = zone.date(moment);
        Self { moment, zone, currency: settings.currency, leap_day: settings.leap_day, today }
    }
}

/// The time that a leaf counts: from, where there is a beginning, and to, which is not in it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub from: Option<Timestamp>,
    pub to: Timestamp,
}

impl Span {
    fn of(leaf: &Leaf, frame: &Frame) -> Self {
        let from = leaf.window.map(|window| window.start(&frame.zone, frame.moment));
        Self { from, to: frame.moment }
    }

    pub(super) fn has(self, instant: Timestamp) -> bool {
        self.from.is_none_or(|from| from <= instant) && instant < self.to
    }
}

/// A tree, ready to be asked.
#[derive(Clone, Debug)]
pub struct Plan {
    pub(super) root: Node,
    pub(super) frame: Frame,
}

/// A [`Where`] whose segments are in their places.
#[derive(Clone, Debug)]
pub(super) enum Node {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Leaf(Leaf, Span),
    /// Whether the member is in one of these segments, as `eq` and `in` ask, or in none.
    Segments {
        leaf: Leaf,
        of: Vec<(SegmentId, Arc<Self>)>,
    },
}

/// Segments by their ids.
pub type Definitions = BTreeMap<SegmentId, Where>;

impl Plan {
    /// `definitions` has all segments that `wanted` names, and all that those name.
    ///
    /// # Errors
    /// A segment that is missing, or one that names itself; saving sees to both.
    pub fn new(wanted: &Where, definitions: &Definitions, frame: Frame) -> Result<Self> {
        let mut made =
            Made { definitions, frame: &frame, ready: BTreeMap::new(), open: BTreeSet::new() };
        let root = made.node(wanted)?;
        Ok(Self { root, frame })
    }

    /// Whether any of its leaves, those of segments too, is of such a field.
    pub(super) fn asks(&self, of: impl Fn(Field) -> bool + Copy) -> bool {
        self.root.asks(of)
    }
}

impl Node {
    fn asks(&self, of: impl Fn(Field) -> bool + Copy) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.asks(of)),
            Self::Not(part) => part.asks(of),
            Self::Leaf(leaf, _) => of(leaf.field),
            Self::Segments { of: segments, .. } => segments.iter().any(|(_, node)| node.asks(of)),
        }
    }
}

/// Segments are made once, however often they are named.
struct Made<'a> {
    definitions: &'a Definitions,
    frame: &'a Frame,
    ready: BTreeMap<SegmentId, Arc<Node>>,
    open: BTreeSet<SegmentId>,
}

impl Made<'_> {
    fn node(&mut self, wanted: &Where) -> Result<Node> {
        let all = |made: &mut Self, parts: &[Where]| {
            parts.iter().map(|part| made.node(part)).collect::<Result<Vec<Node>>>()
        };
        Ok(match wanted {
            Where::All(parts) => Node::All(all(self, parts)?),
            Where::Any(parts) => Node::Any(all(self, parts)?),
            Where::Not(part) => Node::Not(Box::new(self.node(part)?)),
            Where::Leaf(leaf) if leaf.field == Field::Segment => {
                let of = leaf.segments().iter().map(|id| Ok((*id, self.segment(*id)?)));
                let of = of.collect::<Result<Vec<_>>>()?;
                Node::Segments { leaf: leaf.clone(), of }
            }
            Where::Leaf(leaf) => Node::Leaf(leaf.clone(), Span::of(leaf, self.frame)),
        })
    }

    fn segment(&mut self, id: SegmentId) -> Result<Arc<Node>> {
        if let Some(ready) = self.ready.get(&id) {
            return Ok(Arc::clone(ready));
        }
        let definitions = self.definitions;
        let Some(definition) = definitions.get(&id).filter(|_| self.open.insert(id)) else {
            return Err(Error::internal(format_args!("{id} is missing, or names itself")));
        };
        let node = Arc::new(self.node(definition)?);
        self.open.remove(&id);
        self.ready.insert(id, Arc::clone(&node));
        Ok(node)
    }
}
