//! What a function does to the object that a variable holds before the variable is used: fields it sets, options and
//! methods it hands the object to.

use super::Eval;
use crate::value::{Closure, Frame, Instance, Object, Value};
use crate::world::{Def, FnRef, Key, Unit, Use};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Call, Expr, ExprId, FunctionId, Pattern, Stmt};

/// Functions that hand the object on before a field is set.
const MAX_HANDED: u32 = 3;

/// Where an object stands and how far it was followed.
struct At<'a> {
    unit: &'a Rc<Unit>,
    function: FunctionId,
    name: &'a str,
    /// Only what comes before this line counts.
    line: u32,
    frame: Option<&'a Rc<Frame>>,
}

impl Eval<'_, '_> {
    /// The value of a variable at a line with what its function did to it.
    pub(super) fn mutated(
        &self,
        unit: &Rc<Unit>,
        function: FunctionId,
        name: &str,
        line: u32,
        value: Value,
        frame: Option<&Rc<Frame>>,
    ) -> Value {
        if !unit.index.uses.contains_key(name) {
            return value;
        }
        if !unit.tree.language.has_struct_literals() {
            return self.set_before(&At { unit, function, name, line, frame }, value);
        }
        self.change(&At { unit, function, name, line, frame }, value, 0)
    }

    /// A literal without the values that functions inside the one around it replace: when they run is not followed, so
    /// what the literal says is not what the field holds.
    pub(super) fn overwritten(&self, unit: &Rc<Unit>, function: FunctionId, name: &str, value: Value) -> Value {
        let Value::Object(object) = &value else { return value };
        let Some(uses) = unit.index.uses.get(name).filter(|_| !unit.tree.language.has_struct_literals()) else {
            return value;
        };
        let inside = |set: ExprId| {
            let mut scope = unit.index.scope[set.0 as usize].filter(|scope| *scope != function);
            while let Some(id) = scope {
                if unit.index.defs.contains_key(&(Some(id), name.into())) {
                    return false;
                }
                scope = unit.index.parent[id.0 as usize];
                if scope == Some(function) {
                    return true;
                }
            }
            false
        };
        let sets = uses.iter().filter_map(|one| match one {
            Use::Set { field, value } if inside(*value) => Some((field, *value)),
            _ => None,
        });
        let sets: Vec<(&SmolStr, ExprId)> = sets.collect();
        if sets.is_empty() {
            return value;
        }
        let mut object = object.as_ref().clone();
        for (field, set) in sets {
            let Some((_, known)) = object.fields.iter_mut().find(|(own, _)| own == field) else { continue };
            if !matches!(known, Value::Text(_) | Value::Number(_) | Value::Bool(_) | Value::Null) {
                continue;
            }
            let set = self.expr(unit, set, None);
            let replaced = set.is_empty() || set.is_symbolic() || known.as_text() == Some("");
            *known = if replaced { set } else { Value::choice(vec![known.clone(), set]) };
        }
        Value::Object(Rc::new(object))
    }

    /// The object with the fields that its function sets before the line, in languages whose constructors fill them.
    fn set_before(&self, at: &At<'_>, value: Value) -> Value {
        let language = at.unit.tree.language;
        if !has_fields(&value) || !language.has_exports() && !language.has_keyword_arguments() {
            return value;
        }
        let mut value = value;
        for one in at.unit.index.uses.get(at.name).into_iter().flatten() {
            let Use::Set { field, value: set } = one else { continue };
            if at.unit.index.scope[set.0 as usize] != Some(at.function) || at.unit.line(*set) >= at.line {
                continue;
            }
            let certain = self.is_unconditional(at, *set);
            let set = self.expr(at.unit, *set, at.frame);
            value = match &value {
                Value::Instance(instance) => self.with_argument(instance, field, set, certain).unwrap_or(value),
                _ => with_field(value, field, set, certain),
            };
        }
        value
    }

    /// An object of a class without a written constructor, with another value for one of its fields.
    fn with_argument(&self, instance: &Instance, field: &SmolStr, set: Value, certain: bool) -> Option<Value> {
        let at = self.record_fields(instance.class).iter().position(|name| name == field)?;
        let mut args = instance.args.clone()?;
        let slot = args.get_mut(at)?;
        *slot = if certain { set } else { Value::choice(vec![slot.clone(), set]) };
        Some(Value::Instance(Rc::new(Instance { args: Some(args), ..instance.clone() })))
    }

    fn change(&self, at: &At<'_>, value: Value, depth: u32) -> Value {
        if depth > MAX_HANDED || !has_fields(&value) {
            return value;
        }
        let Some(uses) = at.unit.index.uses.get(at.name) else { return value };
        let mut value = value;
        for one in uses {
            let expr = match one {
                Use::Set { value, .. } => *value,
                Use::Handed { call, .. } | Use::Called { call } => *call,
            };
            if at.unit.index.scope[expr.0 as usize] != Some(at.function) || at.unit.line(expr) > at.line {
                continue;
            }
            match one {
                Use::Set { field, value: set } => {
                    let certain = self.is_unconditional(at, *set);
                    let set = self.expr(at.unit, *set, at.frame);
                    value = with_field(value, field, set, certain);
                }
                Use::Handed { call, at: position } => {
                    let Expr::Call(call) = at.unit.expr(*call) else { continue };
                    for closure in self.functions_behind(at, call) {
                        value = self.changed_by(&closure, Some(*position), call, at, value, depth);
                    }
                }
                Use::Called { call } => {
                    let Expr::Call(call) = at.unit.expr(*call) else { continue };
                    let Expr::Member { name, .. } = at.unit.expr(call.callee) else { continue };
                    if let (Value::Instance(instance), true) = (&value, depth < MAX_HANDED)
                        && let Some(method) = self.method(instance.class, name)
                    {
                        let closure = Closure { function: method, this: Some(value.clone()), frame: None };
                        value = self.changed_by(&closure, None, call, at, value, depth);
                    }
                }
            }
        }
        value
    }

    /// The object after a function got it, as its argument at a position or as its receiver.
    fn changed_by(
        &self,
        closure: &Closure,
        position: Option<usize>,
        call: &Call,
        at: &At<'_>,
        value: Value,
        depth: u32,
    ) -> Value {
        let Some(unit) = self.world.unit(closure.function.file) else { return value };
        let declared = unit.function(closure.function.id);
        let name = match position {
            None => declared.receiver.clone(),
            Some(position) => declared.params.get(position).and_then(|param| match &param.pattern {
                Pattern::Name(name) if !param.rest => Some(name.clone()),
                _ => None,
            }),
        };
        let Some(name) = name.filter(|name| self.may_change(&unit, closure.function.id, name)) else { return value };
        let (args, complete) = self.args(at.unit, call, at.frame);
        let frame = self.frame(closure, args, complete);
        let inner = At { unit: &unit, function: closure.function.id, name: &name, line: u32::MAX, frame: Some(&frame) };
        self.change(&inner, value, depth + 1)
    }

    /// True where a function sets a field of the variable or hands it on.
    fn may_change(&self, unit: &Unit, function: FunctionId, name: &str) -> bool {
        unit.index.uses.get(name).into_iter().flatten().any(|one| match one {
            Use::Set { value, .. } => unit.index.scope[value.0 as usize] == Some(function),
            Use::Handed { call, .. } => unit.index.scope[call.0 as usize] == Some(function),
            Use::Called { .. } => false,
        })
    }

    /// The functions that a call runs; of a loop over functions each one.
    fn functions_behind(&self, at: &At<'_>, call: &Call) -> Vec<Closure> {
        let values = match at.unit.expr(call.callee) {
            Expr::Name(name) => match self.looped_over(at, name) {
                Some(items) => items,
                None => self.expr(at.unit, call.callee, at.frame).alternatives().to_vec(),
            },
            _ => self.expr(at.unit, call.callee, at.frame).alternatives().to_vec(),
        };
        let closures = values.iter().filter_map(|value| match value {
            Value::Closure(closure) => Some(closure.as_ref().clone()),
            _ => None,
        });
        closures.collect()
    }

    fn looped_over(&self, at: &At<'_>, name: &SmolStr) -> Option<Vec<Value>> {
        let defs = at.unit.index.defs.get(&(Some(at.function), name.clone()))?;
        let [Def::Each { over, path }] = defs.as_slice() else { return None };
        match self.expr(at.unit, *over, at.frame) {
            Value::List(items) if matches!(path.as_slice(), [] | [Key::At(1)]) => Some(items.to_vec()),
            _ => None,
        }
    }

    /// True for assignments that stand in the body of the function itself, under no condition.
    fn is_unconditional(&self, at: &At<'_>, set: ExprId) -> bool {
        let function = FnRef { file: at.unit.file, id: at.function };
        let body = at.unit.function(function.id).body.as_deref().unwrap_or_default();
        body.iter().any(|stmt| {
            let Stmt::Expr(expr) = &at.unit.tree.stmts[stmt.0 as usize] else { return false };
            matches!(at.unit.expr(*expr), Expr::Assign { value, .. } if *value == set)
        })
    }
}

fn has_fields(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Instance(instance) => instance.args.is_some(),
        _ => false,
    }
}

/// The object with another value in a field; what was there stays possible where the assignment may not run.
fn with_field(value: Value, field: &SmolStr, set: Value, certain: bool) -> Value {
    let put = |object: &Object| {
        let mut object = object.clone();
        match object.fields.iter_mut().find(|(name, _)| name == field) {
            Some((_, known)) if certain => *known = set.clone(),
            Some((_, known)) => *known = Value::choice(vec![known.clone(), set.clone()]),
            None => object.fields.push((field.clone(), set.clone())),
        }
        Value::Object(Rc::new(object))
    };
    match &value {
        Value::Object(object) => put(object),
        Value::Instance(instance) => {
            let fields = match instance.args.as_deref() {
                Some([]) => put(&Object::default()),
                Some([Value::Object(object)]) => put(object),
                _ => return value,
            };
            Value::Instance(Rc::new(Instance { args: Some(vec![fields]), ..instance.as_ref().clone() }))
        }
        _ => value,
    }
}
