//! Which files declare a method of a name, and which may make objects of a type, where types do not say what they are.

use super::{Unit, World, last_name};
use crate::source::FileId;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;

impl World<'_> {
    /// Loaded files that declare a method of this name, tests left out.
    pub(crate) fn declaring_method(&self, name: &str) -> Vec<Rc<Unit>> {
        self.of_index(&self.by_method, name)
    }

    /// Loaded files that may make objects of a type of this name, tests left out.
    pub(crate) fn making(&self, name: &str) -> Vec<Rc<Unit>> {
        self.of_index(&self.by_literal, name)
    }

    fn of_index(&self, index: &RefCell<FxHashMap<SmolStr, BTreeSet<FileId>>>, name: &str) -> Vec<Rc<Unit>> {
        let files = index.borrow().get(name).cloned().unwrap_or_default();
        files.into_iter().filter_map(|file| self.unit(file)).filter(|unit| !unit.test).collect()
    }

    pub(super) fn note_objects(&self, unit: &Unit) {
        if !unit.tree.language.is_structural() {
            return;
        }
        let mut methods = self.by_method.borrow_mut();
        for function in unit.tree.functions.iter().filter(|function| function.owner.is_some()) {
            methods.entry(function.name.clone()).or_default().insert(unit.file);
        }
        let mut literals = self.by_literal.borrow_mut();
        for site in &unit.index.all_calls {
            let made = match unit.expr(site.expr) {
                weir_syntax::Expr::New(call) => Some(call),
                // Where a call of a type's name makes an object, every call may.
                weir_syntax::Expr::Call(call) if !unit.tree.language.has_struct_literals() => Some(call),
                _ => None,
            };
            if let Some(name) = made.and_then(|call| last_name(&unit.tree, call.callee)) {
                literals.entry(name).or_default().insert(unit.file);
            }
        }
    }
}
