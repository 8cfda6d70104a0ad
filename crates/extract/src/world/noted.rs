//! What is noted of a file when it is loaded, so that it is found by what it declares.

use super::{FnRef, Unit, World};

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
}
