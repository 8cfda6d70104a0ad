//! Assignments that only run where a name has no value yet: `if topic is None: topic = self.topic`.

use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use weir_syntax::{Expr, ExprId, Stmt, Tree};

/// The values of such assignments.
pub(super) fn of(tree: &Tree) -> FxHashSet<ExprId> {
    let mut found = FxHashSet::default();
    for stmt in &tree.stmts {
        let Stmt::If { test, then, .. } = stmt else { continue };
        let Some(missing) = missing(tree, *test) else { continue };
        for inner in then {
            let Stmt::Expr(expr) = &tree.stmts[inner.0 as usize] else { continue };
            let Expr::Assign { target, value, .. } = &tree.exprs[expr.0 as usize] else { continue };
            if matches!(&tree.exprs[target.0 as usize], Expr::Name(name) if name == missing) {
                found.insert(*value);
            }
        }
    }
    found
}

/// The name that a test says to be without a value.
fn missing(tree: &Tree, test: ExprId) -> Option<&SmolStr> {
    let at = |expr: ExprId| &tree.exprs[expr.0 as usize];
    match at(test) {
        Expr::Binary { op, left, right } if matches!(op.as_str(), "is" | "==" | "===") => match (at(*left), at(*right))
        {
            (Expr::Name(name), Expr::Null) | (Expr::Null, Expr::Name(name)) => Some(name),
            _ => None,
        },
        Expr::Unary { op, value } if matches!(op.as_str(), "!" | "not") => match at(*value) {
            Expr::Name(name) => Some(name),
            _ => None,
        },
        _ => None,
    }
}
