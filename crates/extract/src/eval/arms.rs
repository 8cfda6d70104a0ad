//! Which arms of a match are reached, when it is known what is looked at.

use super::Eval;
use crate::value::{Frame, Value};
use crate::world::Unit;
use std::rc::Rc;
use weir_syntax::{Expr, ExprId, Stmt, StmtId};

impl Eval<'_, '_> {
    /// The value of a match: of the arms that what is looked at may reach.
    pub(super) fn matched(
        &self,
        unit: &Rc<Unit>,
        subject: ExprId,
        arms: &[(Vec<ExprId>, ExprId)],
        frame: Option<&Rc<Frame>>,
    ) -> Value {
        let looked_at = self.expr(unit, subject, frame);
        let tests: Vec<&[ExprId]> = arms.iter().map(|(tests, _)| tests.as_slice()).collect();
        let reached = self.reached(unit, &looked_at, &tests, frame);
        Value::choice(reached.into_iter().map(|at| self.expr(unit, arms[at].1, frame)).collect())
    }

    /// The values a function may return: those behind arms that cannot be reached are left out.
    pub(super) fn returned(&self, unit: &Rc<Unit>, body: &[StmtId], frame: &Rc<Frame>, found: &mut Vec<ExprId>) {
        for stmt in body {
            match &unit.tree.stmts[stmt.0 as usize] {
                Stmt::Return(Some(value)) => found.push(*value),
                Stmt::If { then, otherwise, .. } => {
                    self.returned(unit, then, frame, found);
                    self.returned(unit, otherwise, frame, found);
                }
                Stmt::Switch { subject, cases } => {
                    let tests: Vec<&[ExprId]> = cases.iter().map(|case| case.tests.as_slice()).collect();
                    let reached = match subject {
                        Some(subject) => {
                            let looked_at = self.expr(unit, *subject, Some(frame));
                            self.reached(unit, &looked_at, &tests, Some(frame))
                        }
                        None => (0..cases.len()).collect(),
                    };
                    reached.into_iter().for_each(|at| self.returned(unit, &cases[at].body, frame, found));
                }
                Stmt::Loop { body, .. } | Stmt::Block(body) | Stmt::Using { body, .. } => {
                    self.returned(unit, body, frame, found);
                }
                Stmt::Try { body, catches, finally } => {
                    self.returned(unit, body, frame, found);
                    catches.iter().for_each(|catch| self.returned(unit, &catch.body, frame, found));
                    self.returned(unit, finally, frame, found);
                }
                _ => {}
            }
        }
    }

    /// The arms that a value may reach, by position: all of them when it is not known.
    fn reached(&self, unit: &Rc<Unit>, value: &Value, arms: &[&[ExprId]], frame: Option<&Rc<Frame>>) -> Vec<usize> {
        let all = || (0..arms.len()).collect();
        let mut reached = std::collections::BTreeSet::new();
        for option in value.alternatives() {
            if let Value::Number(_) = option {
                match self.numbered(unit, option, arms, frame) {
                    Some(hit) => reached.insert(hit),
                    None => return all(),
                };
                continue;
            }
            let is_known = match option {
                Value::Text(_) => true,
                Value::Instance(instance) => instance.constant.is_some(),
                _ => false,
            };
            if !is_known {
                return all();
            }
            let hit = arms
                .iter()
                .position(|tests| tests.is_empty() || tests.iter().any(|test| self.passes(unit, option, *test, frame)));
            match hit {
                Some(hit) => reached.insert(hit),
                None => return all(),
            };
        }
        reached.into_iter().collect()
    }

    /// The arm that a number reaches, or the member of an enum that is one; `None` where a test before it is no number.
    fn numbered(&self, unit: &Rc<Unit>, value: &Value, arms: &[&[ExprId]], frame: Option<&Rc<Frame>>) -> Option<usize> {
        for (at, tests) in arms.iter().enumerate() {
            if tests.is_empty() {
                return Some(at);
            }
            for test in *tests {
                match self.ask(|| self.expr(unit, *test, frame)).value {
                    other @ Value::Number(_) if other == *value => return Some(at),
                    Value::Number(_) => {}
                    _ => return None,
                }
            }
        }
        None
    }

    fn passes(&self, unit: &Rc<Unit>, value: &Value, test: ExprId, frame: Option<&Rc<Frame>>) -> bool {
        match (value, unit.expr(test)) {
            (Value::Text(text), Expr::Text(other)) => text == other,
            (Value::Text(_), Expr::Name(_) | Expr::Member { .. }) => {
                // How a test is found is no part of the way to the value.
                self.ask(|| self.expr(unit, test, frame)).value == *value
            }
            (Value::Instance(instance), Expr::Name(name) | Expr::Member { name, .. }) => {
                instance.constant.as_ref() == Some(name)
            }
            (Value::Instance(instance), Expr::TypeLiteral(ty)) => {
                ty.name().and_then(|name| name.rsplit('.').next()) == instance.constant.as_deref()
            }
            _ => false,
        }
    }
}
