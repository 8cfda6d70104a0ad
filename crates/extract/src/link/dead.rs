//! Ways on which a match is never reached: the wrapper ends before it for what it is given.

use super::chain::Chain;
use super::hits::Place;
use crate::eval::Eval;
use crate::value::{Frame, Value};
use crate::world::{FnRef, Unit};
use std::rc::Rc;
use weir_syntax::{Expr, ExprId, Stmt, StmtId};

impl Chain {
    /// True where a function on the way returns before it goes on, because a parameter is null: `if fn == nil { return }`.
    pub(super) fn is_cut_off(&self, eval: &Eval<'_, '_>) -> bool {
        let Place::Call(expr) = &self.hit.place else { return false };
        let (mut unit, mut expr) = (self.hit.unit.clone(), *expr);
        for (at, (caller, target)) in self.calls.iter().enumerate() {
            let tests = null_exits(&unit, *target, expr);
            // Frames cost a walk up the whole way; few functions end early.
            if !tests.is_empty()
                && let Some(frame) = self.frame_of(eval, &self.calls[at..])
                && tests.into_iter().any(|name| is_null(eval, &unit, name, &frame))
            {
                return true;
            }
            unit = caller.unit.clone();
            expr = caller.expr;
        }
        false
    }
}

/// The names of which any, when it is null, ends the body of a function before an expression.
fn null_exits(unit: &Unit, function: FnRef, before: ExprId) -> Vec<ExprId> {
    if unit.file != function.file {
        return Vec::new();
    }
    let body = unit.function(function.id).body.as_deref().unwrap_or_default();
    let line = unit.line(before);
    let exit = |stmt: &StmtId| match &unit.tree.stmts[stmt.0 as usize] {
        Stmt::If { test, then, .. } => {
            compared_with_null(unit, *test).filter(|_| unit.line(*test) < line && ends(unit, then))
        }
        _ => None,
    };
    body.iter().filter_map(exit).collect()
}

/// True for a block whose last statement leaves the function.
fn ends(unit: &Unit, block: &[StmtId]) -> bool {
    block.last().is_some_and(|last| matches!(&unit.tree.stmts[last.0 as usize], Stmt::Return(_) | Stmt::Throw(_)))
}

/// The name that a test compares with null.
fn compared_with_null(unit: &Unit, test: ExprId) -> Option<ExprId> {
    let Expr::Binary { op, left, right } = unit.expr(test) else { return None };
    if !matches!(op.as_str(), "==" | "===" | "is") {
        return None;
    }
    match (unit.expr(*left), unit.expr(*right)) {
        (Expr::Name(_), Expr::Null) => Some(*left),
        (Expr::Null, Expr::Name(_)) => Some(*right),
        _ => None,
    }
}

/// True where a name is null in a frame, be it because every caller of the caller says so.
fn is_null(eval: &Eval<'_, '_>, unit: &Rc<Unit>, name: ExprId, frame: &Rc<Frame>) -> bool {
    match eval.expr(unit, name, Some(frame)) {
        Value::Null => true,
        // The caller was given it: what its own callers give tells.
        Value::Param(caller, at, path) if path.is_empty() => {
            let entered = eval.entered(caller);
            !entered.is_empty() && entered.iter().all(|frame| matches!(frame.args.get(at), Some(Value::Null)))
        }
        _ => false,
    }
}
