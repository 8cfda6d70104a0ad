//! Which messages a receive tells apart: the names its handler compares the kind of the message with.
//!
//! A queue that carries several messages says their names nowhere but in the `if`, the `switch` or the table of the
//! code that reads it.

use super::message_way::{Reader, Stop};
use crate::eval::Eval;
use crate::value::Value;
use crate::world::{Def, Key};
use weir_syntax::{Expr, ExprId, Stmt};

/// Fields that say which message it is, without case and underscores.
const TELLS: &[&str] = &[
    "type",
    "event",
    "eventtype",
    "eventname",
    "messagetype",
    "messagename",
    "kind",
    "action",
    "pattern",
    "routingkey",
];
/// Steps from a name back to what it stands for.
const MAX_STEPS: usize = 16;

/// The names that the functions on the way of a message tell apart, in source order, and whether there is a way for the
/// rest.
pub(super) fn names(eval: &Eval<'_, '_>, way: &[Stop]) -> (Vec<String>, bool) {
    let mut names = Vec::new();
    let mut open = false;
    for reader in way.iter().filter_map(|stop| Reader::new(eval, stop)) {
        reader.names(&mut names);
        open |= reader.takes_the_rest();
    }
    (names, open)
}

impl Reader<'_, '_, '_> {
    fn names(&self, names: &mut Vec<String>) {
        let mut add = |value: Value| {
            for value in value.alternatives() {
                if let Value::Text(text) = value
                    && !text.is_empty()
                    && !names.iter().any(|known| known.as_str() == text.as_str())
                {
                    names.push(text.to_string());
                }
            }
        };
        for (at, expr) in self.unit.tree.exprs.iter().enumerate() {
            let id = ExprId(u32::try_from(at).unwrap_or(u32::MAX));
            if !self.inside(self.scope(id)) {
                continue;
            }
            match expr {
                Expr::Binary { op, left, right } if matches!(op.as_str(), "==" | "===" | "!=" | "!==") => {
                    for (told, other) in [(*left, *right), (*right, *left)] {
                        if self.tells(told, 0) {
                            add(self.eval.expr(&self.unit, other, None));
                        }
                    }
                }
                Expr::Match { subject, arms } if self.tells(*subject, 0) => {
                    arms.iter()
                        .flat_map(|(tests, _)| tests)
                        .for_each(|test| add(self.eval.expr(&self.unit, *test, None)));
                }
                Expr::Index { object, index } if self.tells(*index, 0) => {
                    if let Value::Object(table) = self.eval.expr(&self.unit, *object, None) {
                        table.fields.iter().for_each(|(key, _)| add(Value::Text(key.clone())));
                    }
                }
                _ => {}
            }
        }
        for stmt in &self.unit.tree.stmts {
            if let Stmt::Switch { subject: Some(subject), cases } = stmt
                && self.inside(self.scope(*subject))
                && self.tells(*subject, 0)
            {
                cases.iter().flat_map(|case| &case.tests).for_each(|test| add(self.eval.expr(&self.unit, *test, None)));
            }
        }
    }

    /// True where what is none of the names told apart has a branch of its own.
    fn takes_the_rest(&self) -> bool {
        let tree = &self.unit.tree;
        let does = |stmt: &weir_syntax::StmtId| {
            !matches!(&tree.stmts[stmt.0 as usize], Stmt::Break | Stmt::Continue | Stmt::Return(None))
        };
        tree.stmts.iter().any(|stmt| match stmt {
            Stmt::If { test, otherwise, .. } if self.inside(self.scope(*test)) && self.compares(*test) => {
                let further = |stmt: &Stmt| matches!(stmt, Stmt::If { test, .. } if self.compares(*test));
                match otherwise.as_slice() {
                    [] => false,
                    [only] => !further(&tree.stmts[only.0 as usize]),
                    _ => true,
                }
            }
            Stmt::Switch { subject: Some(subject), cases } if self.inside(self.scope(*subject)) => {
                self.tells(*subject, 0) && cases.iter().any(|case| case.tests.is_empty() && case.body.iter().any(does))
            }
            _ => false,
        })
    }

    /// True for a comparison with the kind of the message, or some of them.
    fn compares(&self, test: ExprId) -> bool {
        match self.unit.expr(test) {
            Expr::Binary { op, left, right } if matches!(op.as_str(), "||" | "&&" | "or" | "and") => {
                self.compares(*left) || self.compares(*right)
            }
            Expr::Binary { left, right, .. } => self.tells(*left, 0) || self.tells(*right, 0),
            _ => false,
        }
    }

    /// True for an expression that says which message it is.
    fn tells(&self, expr: ExprId, steps: usize) -> bool {
        if steps > MAX_STEPS {
            return false;
        }
        match self.unit.expr(expr) {
            Expr::Member { object, name } => is_tell(name) && self.is_of_message(*object, steps + 1),
            Expr::Index { object, index } => {
                matches!(self.unit.expr(*index), Expr::Text(key) if is_tell(key))
                    && self.is_of_message(*object, steps + 1)
            }
            Expr::Call(call) => match self.unit.expr(call.callee) {
                // `message.type.toString()`, `message.getType()`.
                Expr::Member { object, name } => {
                    self.tells(*object, steps + 1)
                        || name.strip_prefix("get").is_some_and(is_tell) && self.is_of_message(*object, steps + 1)
                }
                _ => false,
            },
            Expr::Cast { value, .. } | Expr::Await(value) => self.tells(*value, steps + 1),
            Expr::Name(name) => self.defs(expr, name).iter().any(|def| match def {
                Def::Let { value: Some(value), path, .. } => match path.last() {
                    Some(Key::Name(field)) => is_tell(field) && self.is_of_message(*value, steps + 1),
                    Some(Key::At(_)) => false,
                    None => self.tells(*value, steps + 1),
                },
                Def::Param { function, at, path } => {
                    let told = match path.last() {
                        Some(Key::Name(field)) => is_tell(field),
                        // What is handed on beside the rest of the message.
                        None => is_tell(name) && self.is_part(*function, *at),
                        _ => false,
                    };
                    told && self.given(*function, *at, steps)
                }
                _ => false,
            }),
            _ => false,
        }
    }
}

fn is_tell(name: &str) -> bool {
    let plain: String = name.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect();
    TELLS.contains(&plain.as_str())
}
