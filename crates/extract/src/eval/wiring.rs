//! What constructions and calls hand to a parameter, and which implementation of an interface that makes the one alive.

use super::Eval;
use crate::value::{Closure, Value};
use crate::world::{ClassRef, FnRef};
use std::rc::Rc;
use weir_syntax::{Expr, FunctionKind};

/// Calls of one function, or constructions of one class, that are looked at.
const MAX_SITES: usize = 64;

impl Eval<'_, '_> {
    /// What calls hand to a parameter, each argument as its caller writes it; those of tests tell nothing of what runs.
    pub(crate) fn arguments_of(&self, function: FnRef, at: usize) -> Vec<Value> {
        let Some(declared) = self.world.unit(function.file) else { return Vec::new() };
        let own = declared.function(function.id);
        if own.kind == FunctionKind::Constructor {
            return match self.world.class_of(&declared, function.id) {
                Some(class) => self.given_to_constructor(class, at),
                None => Vec::new(),
            };
        }
        let mut found = Vec::new();
        for (unit, site) in self.world.call_sites(&own.name, function.file).into_iter().take(MAX_SITES) {
            let Expr::Call(call) = unit.expr(site.expr) else { continue };
            if unit.test || !self.callees(&unit, call, None).iter().any(|closure| closure.function == function) {
                continue;
            }
            found.extend(self.args_for(&unit, call, None, function).0.into_iter().nth(at));
        }
        found
    }

    /// What constructions of a class outside tests hand to a parameter of its constructor.
    fn given_to_constructor(&self, class: ClassRef, at: usize) -> Vec<Value> {
        let mut found = Vec::new();
        for (unit, site) in self.world.call_sites(&self.class_name(class), class.file).into_iter().take(MAX_SITES) {
            let (Expr::New(call) | Expr::Call(call)) = unit.expr(site.expr) else { continue };
            if unit.test || !self.made_by(&unit, call).contains(&class) {
                continue;
            }
            found.extend(self.args_of_new(&unit, call, None, class).0.into_iter().nth(at));
        }
        found
    }

    /// True for a method of one implementation of an interface where every construction of the object around hands in
    /// another one: a bus that is told nowhere to be alive sends nothing.
    pub(crate) fn is_wired_otherwise(&self, method: &Rc<Closure>) -> bool {
        let Some(Value::Instance(object)) = &method.this else { return false };
        let Some(Value::Param(constructor, at, path)) = &object.source else { return false };
        let Some(unit) = self.world.unit(constructor.file).filter(|_| path.is_empty() && object.args.is_none()) else {
            return false;
        };
        let Some(class) = self.world.class_of(&unit, constructor.id) else { return false };
        // What a container may make is not all that constructions say.
        let contained = !unit.class(class.id).annotations.is_empty()
            || !unit.tree.language.has_exports() && !unit.tree.language.has_keyword_arguments();
        if contained || unit.function(constructor.id).kind != FunctionKind::Constructor {
            return false;
        }
        // Whoever extends it hands in what it likes.
        if !self.subclasses(class).is_empty() {
            return false;
        }
        let given = self.given_to_constructor(class, *at);
        let classes = |value: &Value| {
            let made = value.alternatives().iter().map(|one| match one {
                Value::Instance(one) if one.source.is_none() && one.origin.is_some() => Some(one.class),
                _ => None,
            });
            made.collect::<Option<Vec<ClassRef>>>()
        };
        let Some(made) = given.iter().map(classes).collect::<Option<Vec<Vec<ClassRef>>>>() else { return false };
        let Some(name) =
            self.world.unit(method.function.file).map(|unit| unit.function(method.function.id).name.clone())
        else {
            return false;
        };
        !made.is_empty() && made.iter().flatten().all(|class| self.method(*class, &name) != Some(method.function))
    }
}
