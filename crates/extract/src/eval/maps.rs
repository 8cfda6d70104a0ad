//! Maps that a program fills entry by entry: what is put into them, and what walking over them yields.

use super::Eval;
use crate::value::Value;
use crate::world::{ClassRef, FnRef, Key};
use std::rc::Rc;
use weir_syntax::{Expr, TypeRef};

/// How often a parameter is handed on before nobody follows it.
const MAX_HANDED: u32 = 3;

impl Eval<'_, '_> {
    /// A field that is a map with what methods of the struct put into it, as they are called.
    pub(super) fn filled_map(&self, owner: ClassRef, ty: &TypeRef, this: &Value, name: &str) -> Option<Value> {
        if ty.name() != Some("map") {
            return None;
        }
        let mut map = crate::value::Object::default();
        for unit in self.files_of(owner) {
            for (object, key, value) in unit.index.put_into.get(name).into_iter().flatten() {
                let Some(scope) = unit.index.scope[key.0 as usize] else { continue };
                let method = FnRef { file: unit.file, id: self.method_of_scope(&unit, scope) };
                let on_own = matches!(unit.expr(*object), Expr::Name(name) if unit.function(method.id).receiver.as_ref() == Some(name));
                if !on_own && !matches!(unit.expr(*object), Expr::This)
                    || self.world.class_of(&unit, method.id) != Some(owner)
                {
                    continue;
                }
                for frame in self.entered(method) {
                    let other = frame.this.as_ref().is_some_and(|on| super::setters::are_two(on, this));
                    let key = self.expr(&unit, *key, Some(&frame));
                    if other || key.is_symbolic() || key.is_empty() {
                        continue;
                    }
                    let value = self.expr(&unit, *value, Some(&frame));
                    match super::builtins::entry_key(&key) {
                        Some(key) => map.fields.push((key, value)),
                        None => map.computed.push((key, value)),
                    }
                }
            }
        }
        (!map.fields.is_empty() || !map.computed.is_empty()).then(|| Value::Object(Rc::new(map)))
    }

    /// What callers hand in for a parameter and the way into it, those of callers included; the value itself where it is no
    /// parameter or nobody tells.
    pub(crate) fn told_by_callers(&self, value: &Value, depth: u32) -> Vec<Value> {
        let Value::Param(function, at, path) = value else { return vec![value.clone()] };
        let mut found: Vec<Value> = Vec::new();
        for frame in self.entered(*function).iter().filter(|_| depth < MAX_HANDED) {
            let Some(given) = frame.args.get(*at) else { continue };
            for one in self.walk(given, path).alternatives() {
                found.extend(self.told_by_callers(one, depth + 1).into_iter().filter(|one| !one.is_empty()));
            }
        }
        found.dedup();
        if found.is_empty() { vec![value.clone()] } else { found }
    }

    /// A value in which parameters are what callers hand in, in languages whose objects are filled after they are made.
    pub(crate) fn told(&self, value: &Value) -> Value {
        let Value::Param(function, ..) = value else { return value.clone() };
        let fills = self.world.unit(function.file).is_some_and(|unit| unit.tree.language.has_keyword_arguments());
        if !fills {
            return value.clone();
        }
        self.doubt(weir_facts::Certainty::Likely);
        Value::choice(self.told_by_callers(value, 0))
    }

    /// True for an element of what is handed to a function that only keeps it: who calls that function tells, whoever reads
    /// it.
    pub(crate) fn is_registered(&self, value: &Value) -> bool {
        let element = |value: &Value| match value {
            Value::Param(_, _, path) => path.contains(&Key::Name("[]".into())),
            _ => false,
        };
        value.is_symbolic()
            && value.alternatives().iter().filter(|one| one.is_symbolic()).all(|one| {
                element(one) && self.told_by_callers(one, 0).iter().all(|told| !told.is_symbolic() && !told.is_empty())
            })
    }

    /// The entries of a map, or of a list of its pairs.
    pub(crate) fn held(&self, map: &Value) -> Vec<(Value, Value)> {
        match map {
            Value::Object(map) => {
                let named = map.fields.iter().map(|(key, value)| (Value::Text(key.clone()), value.clone()));
                named.chain(map.computed.iter().cloned()).collect()
            }
            Value::List(items) => {
                let pair = |item: &Value| match item {
                    Value::List(pair) => match pair.as_ref() {
                        [key, value] => Some((key.clone(), value.clone())),
                        _ => None,
                    },
                    _ => None,
                };
                items.iter().filter_map(pair).collect()
            }
            _ => Vec::new(),
        }
    }

    /// A key or an element of what a loop of Go walks over; `None` where it is the element of a list.
    pub(super) fn ranged_over(&self, over: &Value, path: &[Key]) -> Option<Value> {
        let keys = |map: &crate::value::Object| self.every(&keys_of(map));
        match (over, path.split_first()) {
            (Value::Object(map), None) => Some(keys(map)),
            (Value::Object(map), Some((Key::At(0), _))) => Some(keys(map)),
            (Value::Object(map), Some((Key::At(_), rest))) => {
                let held = map.fields.iter().map(|(_, value)| value).chain(map.computed.iter().map(|(_, value)| value));
                Some(self.walk(&Value::choice(held.cloned().collect()), rest))
            }
            (_, Some((Key::At(0), _))) => Some(Value::opaque("the place of an element, or a key that is not known")),
            (_, Some((Key::At(_), rest))) => Some(self.walk(&self.every(over), rest)),
            _ => None,
        }
    }
}

/// The keys of a map, which is what walking over it yields in some languages.
pub(in crate::eval) fn keys_of(map: &crate::value::Object) -> Value {
    let named = map.fields.iter().map(|(key, _)| Value::Text(key.clone()));
    Value::List(named.chain(map.computed.iter().map(|(key, _)| key.clone())).collect())
}
