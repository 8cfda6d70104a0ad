//! What a library hands to the functions that it is given: their parameters are objects of its types.

use super::bind::Binder;
use super::guard::conditions_hold;
use super::matching;
use super::pack_index::PackIndex;
use crate::eval::Eval;
use crate::value::Value;
use crate::world::{FnRef, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{Expr, ExprId, FunctionId};

impl PackIndex<'_> {
    /// The library value that a rule gives to a parameter of a callback.
    pub(crate) fn callback_param(
        &self,
        eval: &Eval<'_, '_>,
        unit: &Rc<Unit>,
        function: FunctionId,
        at: usize,
    ) -> Option<Value> {
        let Some((call_id, position, property)) = unit.index.argument_of.get(&function) else {
            return self.overridden_param(eval, unit, function, at);
        };
        let (Expr::Call(call) | Expr::New(call)) = unit.expr(*call_id) else {
            return None;
        };
        let name = crate::world::last_name(&unit.tree, call.callee)?;
        let slot = match property {
            Some(property) => format!("{position}.{property}"),
            None => position.to_string(),
        };
        let rules = self.methods.get(&name).into_iter().flatten();
        let rules = rules.chain(self.functions.get(&name).into_iter().flatten());
        let rules = rules.chain(self.calling_back.get(&name).into_iter().flatten());
        let rules = rules.chain(self.added.get(&name).into_iter().flatten());
        for entry in rules {
            let pack = &self.packs[entry.pack];
            let callbacks = &pack.facts[entry.rule].callback;
            let any = |(key, types): (&SmolStr, _)| key_covers(key, &slot).then_some(types);
            let Some(types) = callbacks.get(slot.as_str()).or_else(|| callbacks.iter().find_map(any)) else {
                continue;
            };
            let Some(ty) = types.get(at).filter(|ty| pack.types.contains_key(*ty)) else {
                continue;
            };
            let receiver = match unit.expr(call.callee) {
                Expr::Member { object, .. } => Some(eval.expr(unit, *object, None)),
                _ => None,
            };
            let fits = if entry.ty == "*" {
                self.imported(entry.pack, unit)
            } else if entry.ty.is_empty() {
                matches!(eval.expr(unit, call.callee, None), Value::Library(module, _) if self.speaks(entry.pack, &module, unit))
            } else {
                receiver.as_ref().is_some_and(|receiver| {
                    receiver.alternatives().iter().any(|receiver| {
                        self.receiver_types(eval, receiver)
                            .iter()
                            .any(|(at, ty)| *at == entry.pack && self.is_a(*at, ty, &entry.ty))
                    })
                })
            };
            if fits {
                let mut binder = Binder::call(eval, unit, call, None);
                binder.this = receiver;
                // The same name may take its callback at several places.
                let rule = &pack.facts[entry.rule];
                if !rule.conditions.is_empty() && !conditions_hold(self, rule, &binder) {
                    continue;
                }
                let site = Site::new(unit.path.clone(), unit.function(function).line);
                return Some(self.make(entry.pack, ty, &binder, site, None));
            }
        }
        None
    }

    /// What a library hands to a parameter of a function that is assigned to a member of one of its objects.
    pub(crate) fn assigned_param(
        &self,
        eval: &Eval<'_, '_>,
        unit: &Rc<Unit>,
        function: FnRef,
        at: usize,
    ) -> Option<Value> {
        let entries = self.assignments.iter().flat_map(|(name, rules)| rules.iter().map(move |entry| (name, entry)));
        for (name, entry) in entries.filter(|(_, entry)| !entry.ty.is_empty() && self.imported(entry.pack, unit)) {
            let pack = &self.packs[entry.pack];
            let types = pack.facts[entry.rule].callback.get("0");
            let Some(ty) = types.and_then(|types| types.get(at)).filter(|ty| pack.types.contains_key(*ty)) else {
                continue;
            };
            let own = &unit.function(function.id).name;
            for (object, value) in unit.index.assigned.get(name).into_iter().flatten() {
                if !own.is_empty() && crate::world::last_name(&unit.tree, *value).is_some_and(|name| name != *own) {
                    continue;
                }
                let given = eval.expr(unit, *value, None);
                let is_it = |value: &Value| matches!(value, Value::Closure(closure) if closure.function == function);
                let on = eval.expr(unit, *object, None);
                let fits = |on: &Value| {
                    let types = self.receiver_types(eval, on);
                    types.iter().any(|(at, ty)| *at == entry.pack && self.is_a(*at, ty, &entry.ty))
                };
                if !given.alternatives().iter().any(is_it) || !on.alternatives().iter().any(fits) {
                    continue;
                }
                // The object itself, where the function is told of the one that calls it.
                if *ty == entry.ty {
                    return Some(on);
                }
                let call =
                    weir_syntax::Call { callee: *value, args: Vec::new(), type_args: Vec::new(), optional: false };
                let mut binder = Binder::call(eval, unit, &call, None);
                binder.this = Some(on);
                return Some(self.make(entry.pack, ty, &binder, unit.site(*value), None));
            }
        }
        None
    }

    /// What a library hands to a parameter of the function that a call gives it as the handler.
    pub(crate) fn handed_to(
        &self,
        eval: &Eval<'_, '_>,
        unit: &Rc<Unit>,
        id: ExprId,
        function: FnRef,
        at: usize,
    ) -> Option<Value> {
        let Expr::Call(call) = unit.expr(id) else { return None };
        for (entry, receiver) in matching::match_call(eval, unit, id, None) {
            let Some(emit) = &self.packs[entry.pack].facts[entry.rule].emit else { continue };
            let (Some(ty), Some(path)) = (emit.takes.get(at), emit.handler.as_ref().and_then(|path| self.path(path)))
            else {
                continue;
            };
            let mut binder = Binder::call(eval, unit, call, None);
            binder.this = receiver;
            let given = binder.values(&path);
            let is_it = |value: &Value| matches!(value, Value::Closure(closure) if closure.function == function);
            if given.iter().flat_map(|value| value.alternatives()).any(is_it) {
                return Some(self.make(entry.pack, ty, &binder, unit.site(id), None));
            }
        }
        None
    }
}

/// `0.actions.*` covers every function below `actions` of the first argument.
fn key_covers(key: &str, slot: &str) -> bool {
    key.strip_suffix('*').is_some_and(|prefix| slot.starts_with(prefix))
}
