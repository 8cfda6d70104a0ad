//! What depends on which object or type arrives: a method of an interface, the name of a type, a method of a type
//! parameter.

use super::Eval;
use crate::value::{TYPE_PARAMS, Value};
use crate::world::{FnRef, Key, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Call, Language, TypeKind};

impl Eval<'_, '_> {
    /// What a method of an interface yields on a parameter: where the implementations say different names, whoever calls
    /// decides which of them it is.
    pub(super) fn open_to_callers(&self, unit: &Unit, receiver: &Value, name: &SmolStr, result: Value) -> Value {
        let language = unit.tree.language;
        let told = language.has_struct_literals() || language.has_exports() || language.has_keyword_arguments();
        let (Value::Instance(object), Value::Choice(options), true) = (receiver, &result, told) else { return result };
        let Some(source @ Value::Param(..)) = object.source.as_ref().filter(|_| object.args.is_none()) else {
            return result;
        };
        if object.origin.is_some() || !options.iter().all(|option| matches!(option, Value::Text(_))) {
            return result;
        }
        Value::choice(options.iter().cloned().chain([yielded(source, name)]).collect())
    }

    /// What Go tells of a type at run time, and what a method of a value of a type parameter yields.
    pub(super) fn of_type_at_run_time(
        &self,
        unit: &Unit,
        receiver: &Value,
        name: &SmolStr,
        call: &Call,
    ) -> Option<Value> {
        if unit.tree.language != Language::Go || !call.args.is_empty() {
            return None;
        }
        match (receiver, name.as_str()) {
            (Value::Class(class), "Name") => Some(Value::Text(self.class_name(*class))),
            (Value::Class(class), "String") => {
                let package = self.world.unit(class.file)?.tree.namespace.clone();
                Some(Value::Text(SmolStr::new(format!("{package}.{}", self.class_name(*class)))))
            }
            (Value::Class(_), "Elem") => Some(receiver.clone()),
            (Value::Param(_, at, path), _) => {
                let of_type = matches!(path.first(), Some(Key::Name(key)) if key == "__class__");
                match name.as_str() {
                    "Elem" if of_type => Some(receiver.clone()),
                    "Name" | "String" if of_type => Some(yielded(receiver, name)),
                    _ if *at >= TYPE_PARAMS && path.is_empty() => Some(yielded(receiver, name)),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    /// True for an object of which only its declared type is known, where others may stand in for it.
    pub(super) fn may_be_another(&self, value: &Value) -> bool {
        let Value::Instance(object) = value else { return false };
        let declared_only = object.args.is_none() && object.origin.is_none() && object.source.is_some();
        declared_only
            && self.world.unit(object.class.file).is_some_and(|unit| {
                unit.class(object.class.id).kind == TypeKind::Interface || !self.subclasses(object.class).is_empty()
            })
    }

    /// The zero value of a type parameter: one of the type that the call says, or what its callers say.
    pub(super) fn zero_of_parameter(
        &self,
        unit: &Rc<Unit>,
        name: &str,
        scope: Option<weir_syntax::FunctionId>,
        frame: Option<&Rc<crate::value::Frame>>,
    ) -> Option<Value> {
        if !unit.tree.language.has_struct_literals() {
            return None;
        }
        match self.type_in(unit, &weir_syntax::TypeRef::named(name), scope, None, frame) {
            Value::Class(class)
                if Some(name)
                    != self.world.unit(class.file).map(|home| home.class(class.id).name.clone()).as_deref() =>
            {
                Some(Value::Instance(Rc::new(crate::value::Instance {
                    args: Some(Vec::new()),
                    ..crate::value::Instance::of(class)
                })))
            }
            open @ Value::Param(FnRef { .. }, ..) => Some(open),
            _ => None,
        }
    }
}

/// What a method of a parameter yields.
fn yielded(value: &Value, method: &SmolStr) -> Value {
    match value {
        Value::Param(function, at, path) => {
            let way = path.iter().cloned().chain([Key::Name(method.clone()), Key::Name("()".into())]);
            Value::Param(*function, *at, way.collect())
        }
        other => other.clone(),
    }
}
