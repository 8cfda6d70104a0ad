//! Methods that are called on an object although they stand in another class: extension methods.

use super::Eval;
use super::types::TypeTarget;
use crate::value::{Closure, Value};
use crate::world::{FnRef, Unit};
use std::rc::Rc;
use weir_syntax::{Call, Function, TypeRef};

impl Eval<'_, '_> {
    /// The extension method that a call on this receiver runs; `None` where the receiver has a method of its own.
    pub(super) fn extension_method(&self, unit: &Rc<Unit>, receiver: &Value, name: &str, call: &Call) -> Option<Value> {
        let candidates = self.world.extensions(name);
        if candidates.is_empty() || unit.tree.language != weir_syntax::Language::CSharp {
            return None;
        }
        let own = receiver.alternatives().iter().any(|value| match value {
            Value::Instance(instance) => self.method(instance.class, name).is_some(),
            Value::This(class) | Value::Class(class) => self.method(*class, name).is_some(),
            _ => false,
        });
        if own {
            return None;
        }
        let mut fitting: Vec<(usize, FnRef)> = Vec::new();
        for candidate in candidates {
            let Some(other) = self.world.unit(candidate.file) else { continue };
            let function = other.function(candidate.id);
            if other.test && !unit.test || !takes(function, call) || !self.extends(&other, function, receiver) {
                continue;
            }
            // Of several that fit, the one that stands nearest is meant.
            let shared = unit.path.bytes().zip(other.path.bytes()).take_while(|(a, b)| a == b).count();
            fitting.push((shared, candidate));
        }
        let nearest = fitting.iter().map(|(shared, _)| *shared).max()?;
        let (_, function) = fitting.into_iter().find(|(shared, _)| *shared == nearest)?;
        Some(Value::Closure(Rc::new(Closure { function, this: Some(receiver.clone()), frame: None })))
    }

    /// True where the type that a function extends may be that of the receiver.
    fn extends(&self, unit: &Rc<Unit>, function: &Function, receiver: &Value) -> bool {
        let Some(extended) = &function.owner else { return false };
        if function.type_params.contains(extended) || extended == "object" {
            return true;
        }
        receiver.alternatives().iter().any(|value| match value {
            Value::Instance(instance) => self.is_named(instance.class, extended),
            Value::This(class) => self.is_named(*class, extended),
            Value::Param(of, at, path) if path.is_empty() => {
                let declared = self.world.unit(of.file).and_then(|unit| {
                    unit.function(of.id)
                        .params
                        .get(*at)
                        .and_then(|param| param.ty.as_ref())
                        .and_then(TypeRef::name)
                        .map(str::to_owned)
                });
                declared.is_none_or(|declared| declared.rsplit('.').next() == Some(extended))
            }
            // A project's own type is never a library's.
            Value::Typed(_) => !matches!(self.type_name(unit, extended), Some(TypeTarget::Class(_))),
            Value::Text(_) | Value::Concat(_) => matches!(extended.as_str(), "string" | "String"),
            Value::Class(_) => extended == "Type",
            Value::Number(_) | Value::Bool(_) => false,
            _ => true,
        })
    }

    fn is_named(&self, class: crate::world::ClassRef, name: &str) -> bool {
        self.chain(class).into_iter().any(|class| self.class_name(class) == name)
            || self.chain(class).into_iter().flat_map(|class| self.bases(class)).any(|base| match base {
                TypeTarget::Library(_, path) => path.last().is_some_and(|last| last == name),
                TypeTarget::Class(_) => false,
            })
    }
}

/// True where a call has as many arguments as a function takes.
fn takes(function: &Function, call: &Call) -> bool {
    let least = function.params.iter().filter(|param| param.default.is_none() && !param.rest).count();
    let most = if function.params.iter().any(|param| param.rest) { usize::MAX } else { function.params.len() };
    (least..=most).contains(&call.args.len())
}
