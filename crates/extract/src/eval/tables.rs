//! Maps and lists with what is put into them after their declaration, and those that are collected in one expression.

use super::Eval;
use crate::value::{Frame, Object, Value};
use crate::world::{Def, Unit};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Expr, ExprId};

impl Eval<'_, '_> {
    /// A map or a list with what was put into it after its declaration.
    pub(super) fn with_pushed(&self, unit: &Rc<Unit>, value: Value, defs: &[Def], frame: Option<&Rc<Frame>>) -> Value {
        let fills = match &value {
            Value::Object(_) => true,
            Value::Opaque(_) => unit.tree.language.is_jvm(),
            _ => false,
        };
        if fills && defs.iter().any(|def| matches!(def, Def::Entry { .. })) {
            let mut object = match &value {
                Value::Object(object) => object.as_ref().clone(),
                _ => Object { open: true, ..Object::default() },
            };
            let declared = object.fields.len();
            for def in defs {
                if let Def::Entry { key, value } = def
                    && let Some(Value::Object(copied)) = self.copied(unit, *key, *value, frame)
                {
                    object.fields.extend(copied.fields.iter().cloned());
                    object.open |= copied.open;
                    continue;
                }
                if let Def::Entry { key, value } = def
                    && let Some(entries) = self.put_by_decorators(unit, *key, *value)
                {
                    for (key, value) in entries {
                        match super::builtins::entry_key(&key) {
                            Some(key) => object.fields.push((key, value)),
                            None => object.computed.push((key, value)),
                        }
                    }
                    continue;
                }
                if let Def::Entry { key, value } = def {
                    let (key, value) = (self.expr(unit, *key, frame), self.expr(unit, *value, frame));
                    match super::builtins::entry_key(&key) {
                        // Under one key, each way through the function may put something else.
                        Some(key) => match object.fields.iter_mut().skip(declared).find(|(known, _)| *known == key) {
                            Some((_, known)) if *known != value => *known = Value::choice(vec![known.clone(), value]),
                            Some(_) => {}
                            None => object.fields.push((key, value)),
                        },
                        None => object.computed.push((key, value)),
                    }
                }
            }
            return Value::Object(Rc::new(object));
        }
        let fresh = unit.tree.language.has_struct_literals()
            && value.is_empty()
            && defs.iter().any(|def| matches!(def, Def::Push { .. }));
        let mut all = match &value {
            Value::List(items) => items.to_vec(),
            // A list that is declared and given nothing.
            _ if fresh => Vec::new(),
            _ => return value,
        };
        for def in defs {
            if let Def::Push { value } = def {
                match (unit.expr(*value), self.expr(unit, *value, frame)) {
                    (Expr::Spread(_), Value::List(items)) => all.extend(items.iter().cloned()),
                    (_, pushed) => all.push(pushed),
                }
            }
        }
        Value::List(all.into())
    }

    /// What a list, set or dictionary is collected from in one expression.
    pub(super) fn collected(&self, unit: &Rc<Unit>, body: &[weir_syntax::StmtId], frame: Option<&Rc<Frame>>) -> Value {
        let mut body = body;
        loop {
            match body.last().map(|last| &unit.tree.stmts[last.0 as usize]) {
                Some(weir_syntax::Stmt::Loop { body: inner, .. } | weir_syntax::Stmt::If { then: inner, .. }) => {
                    body = inner
                }
                Some(weir_syntax::Stmt::Expr(element)) => {
                    if let Expr::Object(entries) = unit.expr(*element)
                        && let [weir_syntax::Entry::Computed { key, value }] = entries.as_slice()
                    {
                        let copy = self.copied(unit, *key, *value, frame);
                        return copy.unwrap_or_else(|| Value::opaque("computed at run time"));
                    }
                    let value = self.expr(unit, *element, frame);
                    return match value {
                        Value::Opaque(_) => value,
                        value => Value::List(value.alternatives().iter().cloned().collect()),
                    };
                }
                _ => return Value::opaque("computed at run time"),
            }
        }
    }

    /// The object whose entries a loop puts into another one, each under its own key: `to[key] = from[key]`, or key and
    /// value of `from.items()`.
    pub(super) fn copied(
        &self,
        unit: &Rc<Unit>,
        key: ExprId,
        value: ExprId,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        let Expr::Name(name) = unit.expr(key) else { return None };
        let (over, path) = looped(unit, key, name)?;
        let source = match unit.expr(plain(unit, value)) {
            Expr::Index { object, index } if path.is_empty() => match unit.expr(*index) {
                Expr::Name(index) if index == name => self.expr(unit, *object, frame),
                _ => return None,
            },
            Expr::Name(value) if path == [crate::world::Key::At(0)] => {
                let (same, path) = looped(unit, key, value)?;
                let Expr::Call(call) = unit.expr(over) else { return None };
                let Expr::Member { object, name } = unit.expr(call.callee) else { return None };
                if same != over || path != [crate::world::Key::At(1)] || name != "items" {
                    return None;
                }
                self.expr(unit, *object, frame)
            }
            _ => return None,
        };
        match source {
            Value::Typed(typed) => self.opened(&typed, frame),
            source @ Value::Object(_) => Some(source),
            _ => None,
        }
    }
}

/// The loop that binds a name nearest before its use: what it walks over, the way into an element.
fn looped<'u>(unit: &'u Unit, at: ExprId, name: &SmolStr) -> Option<(ExprId, &'u [crate::world::Key])> {
    let scope = unit.index.scope[at.0 as usize];
    let defs = unit.index.defs.get(&(scope, name.clone()))?;
    let loops = defs.iter().filter_map(|def| match def {
        Def::Each { over, path } if over.0 < at.0 => Some((*over, path.as_slice())),
        _ => None,
    });
    loops.max_by_key(|(over, _)| over.0)
}

/// A value without what only makes another table or text of it.
fn plain(unit: &Unit, value: ExprId) -> ExprId {
    match unit.expr(value) {
        Expr::Call(call) => match (unit.expr(call.callee), call.args.as_slice()) {
            (Expr::Name(name), [only]) if matches!(name.as_str(), "dict" | "str" | "list" | "tuple") => only.value,
            _ => value,
        },
        _ => value,
    }
}
