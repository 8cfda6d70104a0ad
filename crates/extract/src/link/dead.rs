//! Ways on which a match is never reached: the wrapper ends before it for what it is given.

use super::hits::Place;
use super::run::Chain;
use crate::eval::Eval;
use crate::value::Value;
use crate::world::{FnRef, Unit};
use std::rc::Rc;
use weir_syntax::{Expr, ExprId, Stmt, StmtId};

impl Chain {
    /// True where a function on the way returns before it goes on, because a parameter is null: `if fn == nil { return }`.
    pub(super) fn is_cut_off(&self, eval: &Eval<'_, '_>) -> bool {
        let Place::Call(expr) = &self.hit.place else { return false };
        let mut unit = self.hit.unit.clone();
        let mut expr = *expr;
        for (at, (caller, target)) in self.calls.iter().enumerate() {
            let frame = self.frame_of(eval, &self.calls[at..]);
            if let Some(frame) = frame
                && ends_before(eval, &unit, *target, expr, &|name| {
                    let frames = [frame.clone()];
                    is_null(eval, &unit, *target, name, &frames, 0)
                })
            {
                return true;
            }
            unit = caller.unit.clone();
            expr = caller.expr;
        }
        false
    }
}

/// True where the body of a function ends before an expression when a name is null.
fn ends_before(
    eval: &Eval<'_, '_>,
    unit: &Rc<Unit>,
    function: FnRef,
    before: ExprId,
    is_null: &dyn Fn(ExprId) -> bool,
) -> bool {
    if unit.file != function.file {
        return false;
    }
    let _ = eval;
    let body = unit.function(function.id).body.as_deref().unwrap_or_default();
    let line = unit.line(before);
    body.iter().any(|stmt| match &unit.tree.stmts[stmt.0 as usize] {
        Stmt::If { test, then, .. } => {
            unit.line(*test) < line && ends(unit, then) && compared_with_null(unit, *test).is_some_and(is_null)
        }
        _ => false,
    })
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

/// True where a name is null in every one of these frames, those of the callers' callers included.
fn is_null(
    eval: &Eval<'_, '_>,
    unit: &Rc<Unit>,
    function: FnRef,
    name: ExprId,
    frames: &[Rc<crate::value::Frame>],
    depth: u32,
) -> bool {
    let _ = (function, depth);
    !frames.is_empty()
        && frames.iter().all(|frame| match eval.expr(unit, name, Some(frame)) {
            Value::Null => true,
            // The caller was given it: what its own callers give tells.
            Value::Param(caller, at, path) if path.is_empty() => {
                let entered = eval.entered(caller);
                !entered.is_empty() && entered.iter().all(|frame| matches!(frame.args.get(at), Some(Value::Null)))
            }
            _ => false,
        })
}
