//! Methods of library objects as values: kept in a field or a variable, and called under its name.

use super::pack_index::PackIndex;
use crate::eval::Eval;
use crate::value::{Frame, Typed, Value};
use crate::world::{Def, Unit};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Call, Entry, Expr, ExprId, Language, Pattern};

/// The property that holds the object a method value belongs to.
const OBJECT: &str = "\u{1}object";
/// Functions that hand a method on before somebody calls it.
const MAX_HANDED: u32 = 3;

/// Where methods of library objects are values.
#[derive(Default)]
pub(super) struct Kept {
    /// The fields that hold one.
    fields: FxHashSet<SmolStr>,
    /// True where a call gets one as an argument.
    handed: bool,
}

impl PackIndex<'_> {
    /// A method of a library object as a value, where rules know the method.
    pub(crate) fn method_value(&self, typed: &Rc<Typed>, whole: &Value, name: &str) -> Option<Value> {
        // Elsewhere a method that is taken from its object forgets it.
        if !self.packs[typed.pack].languages.iter().any(|language| language == "go" || language == "python") {
            return None;
        }
        self.bound(typed, whole, name)
    }

    /// `object.method.bind(object)`: the method as a value that keeps its object.
    pub(crate) fn bound_value(
        &self,
        eval: &Eval<'_, '_>,
        unit: &Rc<Unit>,
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        let method = crate::world::bound_method(&unit.tree, call).filter(|_| call.args.len() == 1)?;
        let Expr::Member { object, .. } = unit.expr(call.callee) else { return None };
        let Expr::Member { object, .. } = unit.expr(*object) else { return None };
        let whole = eval.expr(unit, *object, frame);
        let bound = whole.alternatives().iter().filter_map(|value| match value {
            Value::Typed(typed) => self.bound(typed, value, &method),
            _ => None,
        });
        let bound: Vec<Value> = bound.collect();
        (!bound.is_empty()).then(|| Value::choice(bound))
    }

    fn bound(&self, typed: &Rc<Typed>, whole: &Value, name: &str) -> Option<Value> {
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
        let language = unit.tree.language;
        let python = language == Language::Python;
        if !language.is_structural() && !python && !language.has_exports() {
            return false;
        }
        match unit.expr(callee) {
            Expr::Member { name, .. } => self.kept_methods(eval).fields.contains(name),
            Expr::Name(name) => {
                let scope = unit.index.scope[callee.0 as usize];
                let defs = unit.index.defs.get(&(scope, name.clone()));
                let defs = defs
                    .or_else(|| unit.index.defs.get(&(None, name.clone())).filter(|_| !language.has_struct_literals()));
                defs.is_some_and(|defs| {
                    defs.iter().any(|def| match def {
                        Def::Let { value: Some(value), .. } | Def::Assign { value, .. } => self.is_method(unit, *value),
                        // Somebody hands methods over; this may be where one arrives.
                        Def::Param { path, .. } => path.is_empty() && self.kept_methods(eval).handed,
                        _ => false,
                    })
                })
            }
            _ => false,
        }
    }

    /// True for an expression that takes a method, which rules know, from its object.
    fn is_method(&self, unit: &Unit, value: ExprId) -> bool {
        match unit.expr(value) {
            Expr::Member { name, .. } => !unit.tree.language.has_exports() && self.methods.contains_key(name),
            Expr::Call(call) => {
                crate::world::bound_method(&unit.tree, call).is_some_and(|method| self.methods.contains_key(&method))
            }
            _ => false,
        }
    }

    /// Where methods that rules know are kept and handed over as values.
    fn kept_methods(&self, eval: &Eval<'_, '_>) -> Rc<Kept> {
        let known = self.kept.borrow().clone();
        known.unwrap_or_else(|| {
            let mut kept = Kept::default();
            let units = eval.world.searched();
            // The order does not show: what is collected are sets.
            #[allow(clippy::iter_over_hash_type)]
            for unit in &units {
                let methods = unit.index.passed.keys().any(|method| self.methods.contains_key(method));
                kept.handed |= methods && self.hands_over(unit);
                for (method, fields) in &unit.index.kept {
                    if self.methods.contains_key(method) && !unit.tree.language.has_exports() {
                        kept.fields.extend(fields.iter().cloned());
                    }
                }
            }
            // What is handed over may be kept by whoever gets it.
            for unit in units.iter().filter(|_| kept.handed) {
                kept.fields.extend(filled_by_params(unit));
            }
            let kept = Rc::new(kept);
            *self.kept.borrow_mut() = Some(kept.clone());
            kept
        })
    }

    /// True where a call gets a method that rules know as an argument.
    fn hands_over(&self, unit: &Unit) -> bool {
        unit.index.all_calls.iter().any(|site| match unit.expr(site.expr) {
            Expr::Call(call) | Expr::New(call) => call.args.iter().any(|arg| self.is_method(unit, arg.value)),
            _ => false,
        })
    }

    /// The methods that callers hand to a parameter.
    pub(super) fn handed_methods(&self, eval: &Eval<'_, '_>, value: &Value, depth: u32) -> Vec<Value> {
        let Value::Param(function, at, path) = value else { return Vec::new() };
        if !path.is_empty() || depth >= MAX_HANDED {
            return Vec::new();
        }
        let mut found: Vec<Value> = Vec::new();
        for given in eval.arguments_of(*function, *at).iter().flat_map(|given| given.alternatives().to_vec()) {
            let methods = match &given {
                Value::Param(..) => self.handed_methods(eval, &given, depth + 1),
                _ if self.behind(&given).is_some() => vec![given],
                _ => Vec::new(),
            };
            for method in methods {
                if !found.contains(&method) {
                    found.push(method);
                }
            }
        }
        found
    }

    /// Forgets what may change when more files are searched.
    pub(crate) fn forget(&self) {
        self.kept.borrow_mut().take();
    }
}

/// The fields that take what a parameter holds.
fn filled_by_params(unit: &Unit) -> Vec<SmolStr> {
    let from_param = |value: ExprId| {
        let scope = unit.index.scope.get(value.0 as usize).copied().flatten();
        let Expr::Name(name) = unit.expr(value) else { return false };
        let defs = unit.index.defs.get(&(scope, name.clone()));
        defs.is_some_and(|defs| defs.iter().any(|def| matches!(def, Def::Param { .. })))
    };
    let mut fields: Vec<SmolStr> = Vec::new();
    for expr in &unit.tree.exprs {
        let Expr::Object(entries) = expr else { continue };
        fields.extend(entries.iter().filter_map(|entry| match entry {
            Entry::Field { key, value } if from_param(*value) => Some(key.clone()),
            _ => None,
        }));
    }
    // The order does not show: the fields become a set.
    #[allow(clippy::iter_over_hash_type)]
    for (name, sites) in &unit.index.assigned {
        if sites.iter().any(|(_, value)| from_param(*value)) {
            fields.push(name.clone());
        }
    }
    let params = unit.tree.functions.iter().flat_map(|function| &function.params).filter(|param| param.field);
    fields.extend(params.filter_map(|param| match &param.pattern {
        Pattern::Name(name) => Some(name.clone()),
        _ => None,
    }));
    fields
}
