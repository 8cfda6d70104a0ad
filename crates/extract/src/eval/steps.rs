//! Objects that are filled step by step: `let mut config = Config::new(); config.set("group.id", group);`.
//!
//! A chain is followed as it is written. Steps that stand in statements of their own are added where the variable is read:
//! on an object of a library that a pack calls fluent, and on a map that entries are put into.

use super::Eval;
use crate::value::{Frame, Object, Value};
use crate::world::Unit;
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Call, Expr, ExprId, FunctionId};

/// Statements that fill one object.
const MOST_STEPS: usize = 64;

impl Eval<'_, '_> {
    /// A local value with what later statements of its function do to it.
    pub(super) fn with_steps(
        &self,
        unit: &Rc<Unit>,
        name: &str,
        scope: Option<FunctionId>,
        value: Value,
        frame: Option<&Rc<Frame>>,
    ) -> Value {
        let fluent = matches!(&value, Value::Typed(typed) if self.packs.is_fluent(typed));
        let is_table = match &value {
            Value::Object(object) => object.open,
            // Tables of a library are filled like any other.
            Value::Opaque(_) => unit.index.calls.contains_key("insert"),
            _ => false,
        };
        let map = unit.tree.language.has_impls() && is_table;
        if !fluent && !map || scope.is_none() {
            return value;
        }
        let mut value = value;
        let steps = unit.index.all_calls.iter().filter(|site| site.function == scope);
        for site in steps.filter(|site| begins_with(unit, site.expr, name)).take(MOST_STEPS) {
            let Expr::Call(call) = unit.expr(site.expr) else { continue };
            let Expr::Member { name: step, .. } = unit.expr(call.callee) else { continue };
            value = match &value {
                Value::Typed(typed) => Value::Typed(Rc::new(self.packs.step(self, unit, typed, step, call, frame))),
                Value::Object(object) if step == "insert" => self.inserted(unit, object, call, frame),
                Value::Opaque(_) if step == "insert" => {
                    let table = Object { open: true, ..Object::default() };
                    match self.inserted(unit, &table, call, frame) {
                        Value::Object(filled) if !filled.fields.is_empty() => Value::Object(filled),
                        _ => value,
                    }
                }
                _ => value,
            };
        }
        value
    }

    fn inserted(&self, unit: &Rc<Unit>, object: &Object, call: &Call, frame: Option<&Rc<Frame>>) -> Value {
        let mut object = object.clone();
        if let [key, value] = call.args.as_slice()
            && let Value::Text(key) = self.expr(unit, key.value, frame)
        {
            let value = self.expr(unit, value.value, frame);
            match object.fields.iter_mut().find(|(known, _)| *known == key) {
                Some(slot) => slot.1 = value,
                None => object.fields.push((key, value)),
            }
        }
        Value::Object(Rc::new(object))
    }
}

/// True for a call on a variable, or on what a call on it yields.
fn begins_with(unit: &Unit, call: ExprId, name: &str) -> bool {
    let mut at = call;
    // Chains nest as deep as lowering lets them.
    loop {
        match unit.expr(at) {
            Expr::Call(call) => at = call.callee,
            Expr::Member { object, .. } => at = *object,
            Expr::Cast { value, .. } | Expr::Await(value) => at = *value,
            Expr::Name(own) => return own == name && at != call,
            _ => return false,
        }
    }
}

/// The properties of a fluent object after one more step: `x.name(value)` sets `name`, `x.set('name', value)` too; what is
/// set again is added.
pub(crate) fn set(properties: &mut Vec<(SmolStr, Value)>, step: &str, args: Vec<Value>) {
    match args.as_slice() {
        [Value::Text(key), value] => {
            match properties.iter_mut().find(|(known, _)| known == key) {
                Some(slot) => slot.1 = value.clone(),
                None => properties.push((key.clone(), value.clone())),
            }
            add(properties, step, Value::List(args.into()));
        }
        [] => add(properties, step, Value::Bool(true)),
        [only] => add(properties, step, only.clone()),
        _ => add(properties, step, Value::List(args.into())),
    }
}

fn add(properties: &mut Vec<(SmolStr, Value)>, step: &str, value: Value) {
    let Some((_, known)) = properties.iter_mut().find(|(known, _)| known == step) else {
        properties.push((step.into(), value));
        return;
    };
    let mut all = match &*known {
        Value::List(items) => items.to_vec(),
        Value::Bool(true) => Vec::new(),
        single => vec![single.clone()],
    };
    all.push(value);
    *known = Value::List(all.into());
}
