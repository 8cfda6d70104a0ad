//! Methods of library objects as values: kept in a field or a variable, and called under its name.

use super::pack_index::PackIndex;
use crate::eval::Eval;
use crate::value::{Typed, Value};
use crate::world::{Def, Unit};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Expr, ExprId, Language};

/// The property that holds the object a method value belongs to.
const OBJECT: &str = "\u{1}object";

impl PackIndex<'_> {
    /// A method of a library object as a value, where rules know the method.
    pub(crate) fn method_value(&self, typed: &Rc<Typed>, whole: &Value, name: &str) -> Option<Value> {
        // Elsewhere a method that is taken from its object forgets it.
        if !self.packs[typed.pack].languages.iter().any(|language| language == "go" || language == "python") {
            return None;
        }
        let rules = self.methods.get(name)?;
        if !rules.iter().any(|rule| rule.pack == typed.pack && self.is_a(typed.pack, &typed.ty, &rule.ty)) {
            return None;
        }
        let properties = vec![(SmolStr::new_static(OBJECT), whole.clone())];
        let ty = SmolStr::new(format!("{}.{name}", typed.ty));
        Some(Value::Typed(Rc::new(Typed {
            pack: typed.pack,
            ty,
            properties,
            origin: typed.origin.clone(),
            source: None,
        })))
    }

    /// The object and the method behind a method value.
    pub(super) fn behind<'v>(&self, value: &'v Value) -> Option<(&'v Value, &'v str)> {
        let Value::Typed(typed) = value else { return None };
        let (name, object) = typed.properties.first()?;
        let (_, method) = typed.ty.rsplit_once('.')?;
        (name == OBJECT).then_some((object, method))
    }

    /// True for callees under whose name a method of a library may be kept.
    pub(super) fn may_be_method_value(&self, eval: &Eval<'_, '_>, unit: &Unit, callee: ExprId) -> bool {
        let python = unit.tree.language == Language::Python;
        if !unit.tree.language.is_structural() && !python {
            return false;
        }
        match unit.expr(callee) {
            Expr::Member { name, .. } => self.kept_methods(eval).contains(name),
            Expr::Name(name) => {
                let scope = unit.index.scope[callee.0 as usize];
                let defs = unit.index.defs.get(&(scope, name.clone()));
                let defs = defs.or_else(|| unit.index.defs.get(&(None, name.clone())).filter(|_| python));
                defs.is_some_and(|defs| {
                    defs.iter().any(|def| match def {
                        Def::Let { value: Some(value), .. } | Def::Assign { value, .. } => match unit.expr(*value) {
                            Expr::Member { name, .. } => self.methods.contains_key(name),
                            _ => false,
                        },
                        _ => false,
                    })
                })
            }
            _ => false,
        }
    }

    /// Fields that literals give a method which rules know.
    fn kept_methods(&self, eval: &Eval<'_, '_>) -> Rc<FxHashSet<SmolStr>> {
        let known = self.kept.borrow().clone();
        known.unwrap_or_else(|| {
            let mut fields: FxHashSet<SmolStr> = FxHashSet::default();
            for unit in eval.world.searched() {
                // The order does not show: the fields are a set.
                #[allow(clippy::iter_over_hash_type)]
                for (method, kept) in &unit.index.kept {
                    if self.methods.contains_key(method) {
                        fields.extend(kept.iter().cloned());
                    }
                }
            }
            let fields = Rc::new(fields);
            *self.kept.borrow_mut() = Some(fields.clone());
            fields
        })
    }

    /// Forgets what may change when more files are searched.
    pub(crate) fn forget(&self) {
        self.kept.borrow_mut().take();
    }
}
