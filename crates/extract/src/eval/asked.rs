//! Questions asked from outside, each with its own way and its own fuel.

use super::memory::Reach;
use super::{Eval, FUEL};
use crate::value::Value;
use weir_facts::{Certainty, Hop};

/// A value with the way that led to it.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) value: Value,
    pub(crate) trail: Vec<Hop>,
    pub(crate) certainty: Certainty,
}

impl Eval<'_, '_> {
    /// Asks a question with its own trail and fuel.
    pub(crate) fn ask(&self, question: impl FnOnce() -> Value) -> Answer {
        let outer = (
            self.trail.take(),
            self.certainty.replace(Certainty::Certain),
            self.fuel.replace(FUEL),
            self.reach.replace(Reach::Whole),
        );
        let value = question();
        let mut trail = self.trail.replace(outer.0);
        let mut seen = std::collections::BTreeSet::new();
        trail.retain(|hop| seen.insert(hop.clone()));
        trail.truncate(12);
        let certainty = self.certainty.replace(outer.1);
        self.fuel.set(outer.2);
        self.reach.set(self.reach.get().min(outer.3));
        Answer { value, trail, certainty }
    }
}
