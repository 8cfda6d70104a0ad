//! Functions that stand outside the type they belong to: impls of Rust, methods of Go, extensions.
//!
//! A type and its functions need not share a file. Who a function belongs to is told by the name of its owner, seen from
//! the file the function stands in.

use super::Eval;
use super::types::TypeTarget;
use crate::world::{ClassRef, FnRef, Unit};
use std::rc::Rc;
use weir_syntax::{FunctionId, FunctionKind};

impl Eval<'_, '_> {
    /// The type whose `this` a function sees.
    pub(crate) fn class_of(&self, unit: &Rc<Unit>, function: FunctionId) -> Option<ClassRef> {
        if let Some(id) = unit.index.class.get(function.0 as usize)? {
            return Some(ClassRef { file: unit.file, id: *id });
        }
        let method = self.method_of_scope(unit, function);
        let owner = unit.function(method).owner.as_ref()?;
        match self.type_name(unit, owner)? {
            TypeTarget::Class(class) => Some(class),
            TypeTarget::Library(..) => None,
        }
    }

    /// The functions of a type that stand outside its declaration, in its own file and in others.
    pub(super) fn outside_methods(&self, class: ClassRef, name: &str, kind: FunctionKind) -> Option<FnRef> {
        let unit = self.world.unit(class.file)?;
        let decl = unit.class(class.id);
        if decl.name.is_empty() {
            return None;
        }
        if unit.tree.language.has_impls() {
            self.world.load_impls(&decl.name);
        }
        let fits = |function: &FnRef| {
            self.world.unit(function.file).is_some_and(|other| {
                let declared = other.function(function.id);
                declared.name == name && declared.kind == kind && self.class_of(&other, function.id) == Some(class)
            })
        };
        let found = self.world.owned_by(&decl.name).into_iter().filter(fits);
        found.max_by_key(|function| {
            self.world.unit(function.file).is_some_and(|other| other.function(function.id).body.is_some())
        })
    }

    /// What the impls of other files say that a type implements.
    pub(super) fn outside_bases(&self, class: ClassRef) -> Vec<TypeTarget> {
        let Some(unit) = self.world.unit(class.file) else { return Vec::new() };
        let mut bases = Vec::new();
        for function in self.world.owned_by(&unit.class(class.id).name) {
            let Some(other) = self.world.unit(function.file).filter(|other| other.file != class.file) else { continue };
            let implemented = other.function(function.id).implements.as_ref().and_then(|base| base.name());
            let Some(base) = implemented.and_then(|name| self.type_name(&other, name)) else { continue };
            if !bases.contains(&base) && self.class_of(&other, function.id) == Some(class) {
                bases.push(base);
            }
        }
        bases
    }

    /// True for a type that has functions, wherever they stand.
    pub(super) fn has_functions(&self, class: ClassRef) -> bool {
        self.world.unit(class.file).is_some_and(|unit| {
            let owned = self.world.owned_by(&unit.class(class.id).name);
            owned.iter().any(|function| {
                self.world.unit(function.file).is_some_and(|other| {
                    !other.function(function.id).is_static && self.class_of(&other, function.id) == Some(class)
                })
            })
        })
    }

    /// True for functions and types that only tests run.
    pub(crate) fn is_test_code(&self, unit: &Unit, function: FunctionId) -> bool {
        let method = self.method_of_scope(unit, function);
        unit.test || is_test_only(unit, &unit.function(method).annotations)
    }
}

/// True for `#[cfg(test)]` and `#[test]` in any form.
pub(crate) fn is_test_only(unit: &Unit, annotations: &[weir_syntax::Annotation]) -> bool {
    annotations.iter().any(|annotation| match annotation.name.rsplit('.').next() {
        Some("test") => unit.tree.language.has_impls(),
        Some("cfg") => annotation
            .args
            .iter()
            .any(|arg| matches!(unit.expr(arg.value), weir_syntax::Expr::Name(name) if name == "test")),
        _ => false,
    })
}
