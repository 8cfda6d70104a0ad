//! What is noted of a file when it is loaded, so that it is found by what it declares.

use super::{FnRef, Unit, World};
use crate::source::FileId;
use std::rc::Rc;

impl World<'_> {
    pub(super) fn note_extensions(&self, unit: &Unit) {
        if unit.tree.language != weir_syntax::Language::CSharp {
            return;
        }
        let mut extensions = self.extensions.borrow_mut();
        for (at, function) in unit.tree.functions.iter().enumerate().filter(|(_, function)| function.receiver.is_some())
        {
            let id = weir_syntax::FunctionId(u32::try_from(at).unwrap_or(u32::MAX));
            extensions.entry(function.name.clone()).or_default().insert(FnRef { file: unit.file, id });
        }
    }

    /// Notes which members a file assigns.
    pub(super) fn note_assigned(&self, unit: &Unit) {
        let mut files = self.by_assigned.borrow_mut();
        // In no order: each name has a set of its own.
        unit.index.assigned.keys().for_each(|name| {
            files.entry(name.clone()).or_default().insert(unit.file);
        });
    }

    /// The loaded files that assign a member of this name, by id.
    pub(crate) fn units_assigning(&self, name: &str) -> Vec<Rc<Unit>> {
        let files = self.by_assigned.borrow().get(name).cloned().unwrap_or_default();
        files.into_iter().filter_map(|file| self.unit(file)).collect()
    }

    /// True for a file that is searched for operations and callers.
    pub(crate) fn is_searched(&self, file: FileId) -> bool {
        self.searched.borrow().contains_key(&file)
    }
}
