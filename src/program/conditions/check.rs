//! What no single leaf can tell: how large a tree is, and what it is for.

use super::{DEEPEST, Field, MOST_LEAVES, Where};
use platform::kernel::error::Refusal;

/// What conditions are saved for: some fields have no place in some of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Use {
    Segment,
    /// The audience of a survey.
    Survey,
}

impl Use {
    /// Why a field has no place here; none where it has. What depends on answers must not reach what is
    /// rewarded: those fields will say so here.
    const fn refuses(self, field: Field) -> Option<&'static str> {
        match (self, field) {
            (Self::Segment | Self::Survey, _) => None,
        }
    }
}

impl Where {
    /// Whether it is small enough and of fields that have a place in `its_use`; `pointer` is where it
    /// stands in its body, such as `/audience`. Whether its segments exist is asked by
    /// [`super::service::check`], which asks this too.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] with the pointer of what is at fault.
    pub fn check(&self, its_use: Use, pointer: &str) -> Result<(), Refusal> {
        self.fits(pointer, 1)?;
        let leaves = self.leaves(pointer);
        if leaves.len() > MOST_LEAVES {
            let why =
                format!("must have at most {MOST_LEAVES} conditions; here are {}", leaves.len());
            return Err(Refusal::field(pointer, why));
        }
        for (pointer, leaf) in leaves {
            if let Some(why) = its_use.refuses(leaf.field) {
                return Err(Refusal::field(format!("{pointer}/field"), why));
            }
        }
        Ok(())
    }

    fn fits(&self, pointer: &str, depth: usize) -> Result<(), Refusal> {
        if depth > DEEPEST {
            return Err(Refusal::field(pointer, format!("is too deep: at most {DEEPEST} levels")));
        }
        if let Self::All(parts) | Self::Any(parts) = self
            && parts.is_empty()
        {
            let word = if matches!(self, Self::All(_)) { "all" } else { "any" };
            return Err(Refusal::field(
                format!("{pointer}/{word}"),
                "must have at least one condition",
            ));
        }
        self.parts(pointer).into_iter().try_for_each(|(at, part)| part.fits(&at, depth + 1))
    }
}
