//! As which class of the program a message is read, where nothing else says what it is: `read(text, Order.class)`,
//! `Deserialize<Order>(text)`, `val order: Order = read(text)`.

use super::message_way::{Reader, Stop};
use crate::eval::{Eval, TypeTarget};
use crate::value::Value;
use weir_syntax::{Call, Expr, ExprId, Stmt, TypeRef};

/// How the names of functions begin that make an object of a text, lower case. Others that are given a class and the
/// message (a log, a check) say nothing about what the message is.
const READS: &[&str] =
    &["read", "from", "parse", "deserial", "decode", "convert", "unmarshal", "map", "toobject", "treetovalue", "bind"];
/// What a message does with itself when it is asked for the object in it.
const GETS: &[&str] = &["get", "as", "to", "body", "payload", "content"];
/// Classes told apart by one receive.
const MAX_CLASSES: usize = 16;

/// The classes that the nearest function on the way of a message reads it as, in source order.
pub(super) fn names(eval: &Eval<'_, '_>, way: &[Stop]) -> Vec<String> {
    let readers = way.iter().filter_map(|stop| Reader::new(eval, stop));
    readers.map(|reader| reader.read_as()).find(|found| !found.is_empty()).unwrap_or_default()
}

impl Reader<'_, '_, '_> {
    fn read_as(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        let mut sites: Vec<ExprId> = self.unit.index.all_calls.iter().map(|site| site.expr).collect();
        sites.sort_by_key(|expr| (self.unit.line(*expr), *expr));
        for expr in sites {
            let Expr::Call(call) = self.unit.expr(expr) else { continue };
            if !self.inside(self.scope(expr)) || !self.reads(call) {
                continue;
            }
            let Some(name) = self.class_read(call, expr) else { continue };
            if found.len() < MAX_CLASSES && !found.contains(&name) {
                found.push(name);
            }
        }
        found
    }

    /// True for a call that makes an object of the message.
    fn reads(&self, call: &Call) -> bool {
        let (object, name) = match self.unit.expr(call.callee) {
            Expr::Member { object, name } => (Some(*object), name),
            Expr::Name(name) => (None, name),
            _ => return false,
        };
        let name = name.to_lowercase();
        let begins = |words: &[&str]| words.iter().any(|word| name.starts_with(word));
        if begins(READS) && call.args.iter().any(|arg| self.is_of_message(arg.value, 0)) {
            return true;
        }
        (begins(READS) || begins(GETS)) && object.is_some_and(|object| self.is_of_message(object, 0))
    }

    /// The class of the program that is asked for: by a type argument, as a value, or by what the result is declared as.
    fn class_read(&self, call: &Call, expr: ExprId) -> Option<String> {
        let frame = self.frame();
        let asked = match call.type_args.as_slice() {
            [ty] => Some(self.eval.type_at(&self.unit, ty, call.callee, frame)),
            _ => None,
        };
        let given = || {
            let values = call.args.iter().map(|arg| self.eval.expr(&self.unit, arg.value, frame));
            let mut classes = values.filter(|value| matches!(value, Value::Class(_)));
            classes.next().filter(|_| classes.next().is_none())
        };
        match asked.or_else(given) {
            Some(Value::Class(class)) => Some(self.eval.class_name(class).to_string()),
            Some(_) => None,
            None => self.declared(expr),
        }
    }

    /// The class that the variable is declared with which takes a value.
    fn declared(&self, value: ExprId) -> Option<String> {
        let lets = self.unit.tree.stmts.iter().filter_map(|stmt| match stmt {
            Stmt::Let { ty: Some(ty), value: Some(given), .. } => Some((ty, *given)),
            _ => None,
        });
        let (ty, _) = lets.into_iter().find(|(_, given)| self.bare(*given) == value)?;
        let TypeRef::Named { name, args } = ty else { return None };
        let known = args.is_empty().then(|| self.eval.type_name(&self.unit, name)).flatten();
        matches!(known, Some(TypeTarget::Class(_))).then(|| name.to_string())
    }

    /// An expression without what only waits for it or insists on it.
    fn bare(&self, expr: ExprId) -> ExprId {
        match self.unit.expr(expr) {
            Expr::Await(value) | Expr::Cast { value, .. } => self.bare(*value),
            _ => expr,
        }
    }
}
