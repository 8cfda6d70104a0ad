//! What functions that stand outside their type say of it: the traits it implements, and that only tests use it.

use super::Eval;
use super::types::TypeTarget;
use crate::world::{ClassRef, Unit};
use weir_syntax::{Expr, ExprId, FunctionId};

impl Eval<'_, '_> {
    /// What the impls of other files say that a type implements.
    pub(super) fn outside_bases(&self, class: ClassRef) -> Vec<TypeTarget> {
        let Some(unit) = self.world.unit(class.file) else { return Vec::new() };
        let mut bases = Vec::new();
        for function in self.world.owned_by(&unit.class(class.id).name) {
            let Some(other) = self.world.unit(function.file).filter(|other| other.file != class.file) else { continue };
            let implemented = other.function(function.id).implements.as_ref().and_then(|base| base.name());
            let Some(base) = implemented.and_then(|name| self.type_name(&other, name)) else { continue };
            if !bases.contains(&base) && self.world.class_of(&other, function.id) == Some(class) {
                bases.push(base);
            }
        }
        bases
    }

    /// True for a type that has methods, wherever they stand.
    pub(super) fn has_methods(&self, class: ClassRef) -> bool {
        self.world
            .members(class)
            .iter()
            .any(|member| self.world.unit(member.file).is_some_and(|unit| !unit.function(member.id).is_static))
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
        Some("cfg") => annotation.args.iter().any(|arg| is_test(unit, arg.value)),
        _ => false,
    })
}

/// True for `test`, alone or as one way among others: what is compiled for tests besides is for tests.
fn is_test(unit: &Unit, condition: ExprId) -> bool {
    match unit.expr(condition) {
        Expr::Name(name) => name == "test",
        Expr::Call(call) if matches!(unit.expr(call.callee), Expr::Name(name) if name == "any" || name == "all") => {
            call.args.iter().any(|arg| matches!(unit.expr(arg.value), Expr::Name(name) if name == "test"))
        }
        _ => false,
    }
}
