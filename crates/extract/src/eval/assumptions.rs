//! What is taken for granted while a question is asked: how the objects of a class came about that are at hand without
//! anybody having made them there.
//!
//! A row of a table is made in one place and read in another. What a relay publishes was put into the row by whoever
//! made it, so each construction of the row's class is one way to a message, and the relay is looked at once for each.

use super::Eval;
use crate::value::Frame;
use crate::world::FnRef;
use std::rc::Rc;

/// Takes the assumption back when it ends.
pub(crate) struct Assumed<'e, 'w, 's> {
    eval: &'e Eval<'w, 's>,
    outer: Option<Rc<Frame>>,
}

impl Drop for Assumed<'_, '_, '_> {
    fn drop(&mut self) {
        self.eval.assumed.replace(self.outer.take());
    }
}

impl<'w, 's> Eval<'w, 's> {
    /// Assumes that constructors ran in a frame, until the answer is dropped.
    pub(crate) fn assume(&self, frame: Option<Rc<Frame>>) -> Assumed<'_, 'w, 's> {
        Assumed { eval: self, outer: self.assumed.replace(frame) }
    }

    /// The frame that is assumed for a function.
    pub(super) fn assumed_for(&self, function: FnRef) -> Option<Rc<Frame>> {
        self.assumed.borrow().as_ref().filter(|frame| frame.function == function).cloned()
    }
}
