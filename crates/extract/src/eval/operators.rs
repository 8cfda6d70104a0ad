//! What operators make of two values.

use super::{Eval, standard};
use crate::value::{Frame, Value};
use crate::world::Unit;
use std::rc::Rc;
use weir_syntax::ExprId;

impl Eval<'_, '_> {
    pub(super) fn binary(
        &self,
        unit: &Rc<Unit>,
        op: &str,
        left: ExprId,
        right: ExprId,
        frame: Option<&Rc<Frame>>,
    ) -> Value {
        match op {
            "+" => Value::concat(vec![self.expr(unit, left, frame), self.expr(unit, right, frame)]),
            "??" | "||" => {
                let left = self.expr(unit, left, frame);
                match left {
                    Value::Env(name, None) => Value::Env(name, Some(Rc::new(self.expr(unit, right, frame)))),
                    Value::Null | Value::Opaque(_) => self.expr(unit, right, frame),
                    Value::Text(_)
                    | Value::Object(_)
                    | Value::List(_)
                    | Value::Instance(_)
                    | Value::Typed(_)
                    | Value::Number(_) => left,
                    left => match self.expr(unit, right, frame) {
                        // Nothing at all is no alternative, only what keeps a program from failing.
                        Value::Text(text) if text.is_empty() => left,
                        right => Value::choice(vec![left, right]),
                    },
                }
            }
            "%" => match (self.expr(unit, left, frame), self.expr(unit, right, frame)) {
                (Value::Text(pattern), Value::List(args)) => standard::format(&pattern, &args),
                (Value::Text(pattern), arg) => standard::format(&pattern, &[arg]),
                _ => Value::opaque("computed at run time"),
            },
            "&&" => self.expr(unit, right, frame),
            "|" if unit.tree.language.has_keyword_arguments() => {
                let (left, right) = (self.expr(unit, left, frame), self.expr(unit, right, frame));
                joined_objects(&left, &right)
            }
            _ => Value::opaque("computed at run time"),
        }
    }
}

/// What an operator makes of objects that a library lets be joined, `first | second`: each of them.
fn joined_objects(left: &Value, right: &Value) -> Value {
    let object = |value: &&Value| matches!(value, Value::Typed(_));
    let objects: Vec<Value> = left.alternatives().iter().chain(right.alternatives()).filter(object).cloned().collect();
    if objects.is_empty() { Value::opaque("computed at run time") } else { Value::choice(objects) }
}
