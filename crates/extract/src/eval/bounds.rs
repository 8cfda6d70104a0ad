//! What type parameters stand for: the type arguments of the call, or what a parameter of that type is.

use super::Eval;
use crate::value::{Frame, Value};
use crate::world::{FnRef, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Call, FunctionId, TypeRef};

impl Eval<'_, '_> {
    /// What a type parameter stands for at a place: the type argument of the call, or what a parameter of that type is.
    pub(super) fn type_parameter(
        &self,
        unit: &Rc<Unit>,
        name: &str,
        from: Option<FunctionId>,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        let mut scope = from;
        while let Some(id) = scope {
            let function = unit.function(id);
            if let Some(position) = function.type_params.iter().position(|param| param == name) {
                let of = FnRef { file: unit.file, id };
                let entered = Frame::find(frame, of);
                let given = entered.and_then(|frame| frame.types.iter().find(|(param, _)| param == name));
                if let Some((_, ty)) = given {
                    return Some(ty.clone());
                }
                for (at, param) in function.params.iter().enumerate() {
                    match param.ty.as_ref().and_then(|ty| place_in(ty, name)) {
                        Some(None) => return Some(self.param(unit, id, at, &[], frame)),
                        Some(Some(position)) => {
                            let callback = self.param(unit, id, at, &[], frame);
                            return Some(self.type_of_parameter(&callback, position).unwrap_or(callback));
                        }
                        None => {}
                    }
                }
                // Only the call tells: a parameter behind all others.
                return Some(Value::Param(of, function.params.len() + position, Rc::from([])));
            }
            scope = unit.index.parent[id.0 as usize];
        }
        None
    }

    /// The type that a function declares for one of its parameters.
    fn type_of_parameter(&self, function: &Value, at: usize) -> Option<Value> {
        let Value::Closure(closure) = function else { return None };
        let unit = self.world.unit(closure.function.file)?;
        let ty = unit.function(closure.function.id).params.get(at)?.ty.clone()?;
        Some(self.type_value(&unit, &ty, None))
    }

    /// The type arguments of a call by the parameters of the function it calls.
    pub(crate) fn type_arguments(
        &self,
        unit: &Rc<Unit>,
        call: &Call,
        function: FnRef,
        frame: Option<&Rc<Frame>>,
    ) -> Vec<(SmolStr, Value)> {
        let Some(callee) = self.world.unit(function.file).filter(|_| !call.type_args.is_empty()) else {
            return Vec::new();
        };
        let params = callee.function(function.id).type_params.iter().cloned();
        let scope = unit.index.scope.get(call.callee.0 as usize).copied().flatten();
        let value = |ty: &TypeRef| {
            let parameter = ty.name().and_then(|name| self.type_parameter(unit, name, scope, frame));
            parameter.unwrap_or_else(|| self.type_value(unit, ty, frame))
        };
        params.zip(call.type_args.iter().map(value)).filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// Where a type says a type parameter: as itself, or as the parameter of a function at a position.
fn place_in(ty: &TypeRef, name: &str) -> Option<Option<usize>> {
    match ty {
        TypeRef::Union(types) => types.iter().find_map(|ty| place_in(ty, name)),
        TypeRef::Function(params, _) => params.iter().position(|param| is_it(param, name)).map(Some),
        ty => is_it(ty, name).then_some(None),
    }
}

/// True for a type that is this type parameter, with or without the trait that bounds it.
fn is_it(ty: &TypeRef, name: &str) -> bool {
    match ty {
        TypeRef::Named { name: own, .. } => own == name,
        TypeRef::Union(types) => types.first().is_some_and(|first| is_it(first, name)),
        _ => false,
    }
}
