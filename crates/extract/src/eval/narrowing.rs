//! What a test of its type says of a value: a pattern binds only objects of its type, a switch takes the arm that fits.

use super::Eval;
use super::dotnet::is_sequence;
use crate::value::{Frame, Instance, Value};
use crate::world::{ClassRef, Unit};
use std::rc::Rc;
use weir_syntax::{Expr, ExprId, Language, TypeRef};

impl Eval<'_, '_> {
    /// A value where it is declared with a type: objects that can never have it are left out; `None` when nothing is
    /// left.
    pub(super) fn narrowed(&self, unit: &Rc<Unit>, ty: &TypeRef, value: Value) -> Option<Value> {
        if unit.tree.language != Language::CSharp {
            return Some(value);
        }
        match (ty, &value) {
            (TypeRef::Named { name, args }, Value::List(items)) if is_sequence(name) => {
                let Some(of) = args.first() else { return Some(value) };
                let kept: Vec<Value> = items.iter().filter_map(|item| self.of_type(unit, of, item)).collect();
                (!kept.is_empty() || items.is_empty()).then(|| Value::List(kept.into()))
            }
            (TypeRef::Named { .. }, Value::Instance(_) | Value::Choice(_)) => self.of_type(unit, ty, &value),
            _ => Some(value),
        }
    }

    fn of_type(&self, unit: &Rc<Unit>, ty: &TypeRef, value: &Value) -> Option<Value> {
        let Value::Class(wanted) = self.type_in(unit, ty, None, None, None) else { return Some(value.clone()) };
        match value {
            Value::Instance(instance) if self.is_a(instance.class, wanted) => Some(value.clone()),
            // Of an object that is only declared more is known now.
            Value::Instance(instance) if instance.args.is_none() && self.is_a(wanted, instance.class) => {
                Some(Value::Instance(Rc::new(Instance { class: wanted, ..instance.as_ref().clone() })))
            }
            Value::Instance(_) => None,
            Value::Choice(options) => {
                let kept: Vec<Value> = options.iter().filter_map(|option| self.of_type(unit, ty, option)).collect();
                (!kept.is_empty()).then(|| Value::choice(kept))
            }
            other => Some(other.clone()),
        }
    }

    /// The value of a switch expression; the arms that the type of a known object rules out do not count.
    pub(super) fn typed_match(
        &self,
        unit: &Rc<Unit>,
        subject: ExprId,
        arms: &[(Vec<ExprId>, ExprId)],
        frame: Option<&Rc<Frame>>,
    ) -> Value {
        let typed =
            arms.iter().any(|(tests, _)| tests.iter().any(|test| matches!(unit.expr(*test), Expr::TypeLiteral(_))));
        if !typed {
            return self.matched(unit, subject, arms, frame);
        }
        let looked_at = self.expr(unit, subject, frame);
        if let Some(class) = self.made_class(&looked_at) {
            for (tests, value) in arms {
                let [test] = tests.as_slice() else { return self.expr(unit, *value, frame) };
                match self.expr(unit, *test, frame) {
                    Value::Class(wanted) if self.is_a(class, wanted) => return self.expr(unit, *value, frame),
                    Value::Class(_) => {}
                    // What is no test of a type cannot be told: from here on every arm may be meant.
                    _ => break,
                }
            }
        }
        let any = self.matched(unit, subject, arms, frame);
        // Which arm it is may be told by who calls.
        match &looked_at {
            Value::Param(..) => Value::choice(vec![any, self.asked(&looked_at, "switch")]),
            Value::Instance(instance) => match &instance.source {
                Some(source @ Value::Param(..)) => Value::choice(vec![any, self.asked(source, "switch")]),
                _ => any,
            },
            _ => any,
        }
    }

    /// The class of an object that the program makes.
    fn made_class(&self, value: &Value) -> Option<ClassRef> {
        match value {
            Value::Instance(instance) if instance.args.is_some() => Some(instance.class),
            _ => None,
        }
    }
}
