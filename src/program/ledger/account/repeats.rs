//! A source is unique: the same again answers the first, with other values it conflicts.

use super::Account;
use crate::ledger::{Act, Entry, EntryKind, GivenDates, Posted, Posting, Rule, Source};
use platform::kernel::error::Refusal;

impl Account {
    /// What came of the first posting of the same source, if there was one.
    pub fn repeated(&self, posting: &Posting) -> Result<Option<Posted>, Refusal> {
        let (Some(source), Some(kind)) = (&posting.source, posting.act.kind()) else {
            return Ok(None);
        };
        match self.of_source(kind, source) {
            Some(first) if posting.repeats(first) => {
                let clawback = match posting.act {
                    Act::Reverse { .. } => self.of_source(EntryKind::Clawback, source).cloned(),
                    _ => None,
                };
                Ok(Some(Posted { repeated: true, clawback, ..Posted::entry(first.clone()) }))
            }
            Some(first) => Err(Refusal::SourceConflict(format!(
                "{} {} has an entry with other values already: {} points, {}",
                source.kind, source.id, first.points, first.id
            ))),
            None => Ok(None),
        }
    }

    /// Whether there is an entry of this kind and source.
    pub(super) fn has_entry(&self, kind: EntryKind, source: Option<&Source>) -> bool {
        source.is_some_and(|source| self.of_source(kind, source).is_some())
    }

    fn of_source(&self, kind: EntryKind, source: &Source) -> Option<&Entry> {
        let mut all = self.known.iter().chain(&self.changes.entries);
        all.find(|entry| entry.kind == kind && entry.source.as_ref() == Some(source))
    }
}

impl Posting {
    /// Whether it asks for what `first`, of the same source, did.
    fn repeats(&self, first: &Entry) -> bool {
        if self.act.points().is_some_and(|points| points != first.points) {
            return false;
        }
        let (Rule::Earn { given } | Rule::Adjust { given }) = &self.rule else { return true };
        self.rule == first.rule
            && self.channel == first.channel
            // erasure takes the words away
            && (first.reason.is_none() || self.reason == first.reason)
            && self.has_dates_of(first, *given)
    }

    fn has_dates_of(&self, first: &Entry, given: GivenDates) -> bool {
        let (available_at, expires_at) = match self.act {
            Act::Credit { available_at, expires_at, .. } => (Some(available_at), expires_at),
            _ => (None, None),
        };
        (!given.available_at || available_at == first.available_at)
            && (!given.expires_at || expires_at == first.expires_at)
            && (!given.occurred_at || self.occurred_at == first.occurred_at)
    }
}

impl Act {
    /// The kind of the entry that it makes, where its source says whether it is a repeat.
    #[must_use]
    pub const fn kind(&self) -> Option<EntryKind> {
        match self {
            Self::Credit { kind, .. } | Self::Debit { kind, .. } => Some(*kind),
            Self::Clawback { .. } => Some(EntryKind::Clawback),
            Self::GiveBack { .. } | Self::Reverse { .. } | Self::TakeBack { .. } => {
                Some(EntryKind::Reversal)
            }
            // a hold knows by itself what became of it
            Self::Hold { .. } | Self::Capture { .. } | Self::Release { .. } => None,
        }
    }

    /// The signed points of its entry, where they are known beforehand.
    const fn points(&self) -> Option<i64> {
        match self {
            Self::Credit { points, .. } => Some(*points),
            Self::Debit { points, .. } => Some(-*points),
            _ => None,
        }
    }
}
