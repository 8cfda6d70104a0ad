//! What files hand on to others: names of modules, objects of libraries, classes under other names.

use super::run::Linker;
use crate::source::Mention;
use crate::value::Value;
use crate::world::{ClassRef, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Expr, Imported};

impl Linker<'_, '_, '_> {
    /// Functions and classes of the program that get a library's object from a file, where types do not tell.
    pub(super) fn handed(&mut self, unit: &Rc<Unit>) {
        if !unit.tree.language.has_keyword_arguments() {
            return;
        }
        for site in &unit.index.all_calls {
            let Expr::Call(call) = unit.expr(site.expr) else { continue };
            let simple = |value: &Expr| matches!(value, Expr::Name(_) | Expr::Member { .. } | Expr::Call(_));
            let carried = call.args.iter().filter(|arg| simple(unit.expr(arg.value)));
            let values: Vec<Value> = carried.map(|arg| self.eval.expr(unit, arg.value, None)).collect();
            if !values.iter().any(|value| self.carries(value)) {
                continue;
            }
            let functions = self.eval.callees(unit, call, None).into_iter().filter_map(|closure| {
                let other = self.eval.world.unit(closure.function.file)?;
                Some(other.function(closure.function.id).name.clone())
            });
            let classes = self.eval.made_by(unit, call).into_iter().map(|class| self.eval.class_name(class));
            let names: Vec<SmolStr> = functions.chain(classes).filter(|name| !name.is_empty()).collect();
            self.demands.extend(names.into_iter().map(Mention::of));
        }
    }

    /// Classes that a file imports under another name, for those who import them from there.
    pub(super) fn renamed(&self, unit: &Unit) -> Vec<(ClassRef, SmolStr)> {
        if unit.tree.language.has_exports() || !unit.tree.language.file_is_module() {
            return Vec::new();
        }
        let imports = unit.tree.imports.iter().enumerate();
        let renamed = imports.filter_map(|(at, import)| {
            let is_other = matches!(&import.imported, Imported::Name(name) if *name != import.local);
            let target = self.eval.world.import(unit, at, 0).filter(|_| is_other)?;
            match self.eval.target(&target) {
                Value::Class(class) => Some((class, import.local.clone())),
                _ => None,
            }
        });
        renamed.collect()
    }
}

/// The names a file hands out: those it says, or whatever it declares where modules say nothing of it.
pub(super) fn names(unit: &Unit) -> Vec<SmolStr> {
    let language = unit.tree.language;
    if language.has_exports() {
        return unit.tree.exports.iter().map(|export| export.name.clone()).collect();
    }
    if !language.file_is_module() {
        return Vec::new();
    }
    unit.index.top_level()
}
