//! Objects and lists that are written down, with what is spread into them.

use super::Eval;
use crate::value::{Frame, Object, Value};
use crate::world::Unit;
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Entry, Expr, ExprId};

impl Eval<'_, '_> {
    pub(super) fn object(&self, unit: &Rc<Unit>, entries: &[Entry], frame: Option<&Rc<Frame>>) -> Value {
        let mut object = Object::default();
        let put = |object: &mut Object, key: SmolStr, value: Value| match object
            .fields
            .iter_mut()
            .find(|(name, _)| *name == key)
        {
            Some(slot) => slot.1 = value,
            None => object.fields.push((key, value)),
        };
        for entry in entries {
            match entry {
                Entry::Field { key, value } => {
                    let value = self.expr(unit, *value, frame);
                    put(&mut object, key.clone(), value);
                }
                Entry::Computed { key, value } => {
                    let value = self.expr(unit, *value, frame);
                    match self.expr(unit, *key, frame) {
                        Value::Text(key) => put(&mut object, key, value),
                        key => {
                            object.computed.push((key, value));
                            object.open = true;
                        }
                    }
                }
                Entry::Spread(value) => match self.expr(unit, *value, frame) {
                    Value::Object(inner) => {
                        for (key, value) in &inner.fields {
                            put(&mut object, key.clone(), value.clone());
                        }
                        object.computed.extend(inner.computed.iter().cloned());
                        object.open |= inner.open;
                    }
                    // What is spread conditionally may or may not be there; its fields still help.
                    Value::Choice(options) => {
                        for option in options.iter() {
                            if let Value::Object(inner) = option {
                                for (key, value) in &inner.fields {
                                    put(&mut object, key.clone(), value.clone());
                                }
                            }
                        }
                        object.open = true;
                    }
                    _ => object.open = true,
                },
            }
        }
        Value::Object(Rc::new(object))
    }

    pub(super) fn list(&self, unit: &Rc<Unit>, items: &[ExprId], frame: Option<&Rc<Frame>>) -> Value {
        let mut values = Vec::new();
        for item in items.iter().take(256) {
            let value = self.expr(unit, *item, frame);
            match (unit.expr(*item), value) {
                (Expr::Spread(_), Value::List(inner)) => values.extend(inner.iter().cloned()),
                (_, value) => values.push(value),
            }
        }
        Value::List(values.into())
    }
}

/// What an operator makes of objects that a library lets be joined, `first | second`: each of them.
pub(super) fn joined_objects(left: &Value, right: &Value) -> Value {
    let object = |value: &&Value| matches!(value, Value::Typed(_));
    let objects: Vec<Value> = left.alternatives().iter().chain(right.alternatives()).filter(object).cloned().collect();
    if objects.is_empty() { Value::opaque("computed at run time") } else { Value::choice(objects) }
}
