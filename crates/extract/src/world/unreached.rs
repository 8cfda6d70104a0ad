//! Code that a program holds and never runs: behind a `return`, or below a test that nothing meets.

use weir_syntax::{Expr, ExprId, Stmt, Tree};

/// A name that is true for type checkers alone.
const NEVER: &str = "TYPE_CHECKING";

/// True for statements that leave the block around them in any case.
pub(super) fn leaves(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Return(_) | Stmt::Throw(_))
}

/// True for declarations that are known in the whole block, be they written behind what leaves it.
pub(super) fn is_known_before(stmt: &Stmt) -> bool {
    matches!(stmt, Stmt::Function(_) | Stmt::Type(_))
}

/// True where there are tests, and none of them can be met.
pub(super) fn never(tree: &Tree, tests: &[ExprId]) -> bool {
    let fails = |test: &ExprId| match &tree.exprs[test.0 as usize] {
        Expr::Bool(value) => !value,
        Expr::Name(name) | Expr::Member { name, .. } => name == NEVER,
        _ => false,
    };
    !tests.is_empty() && tests.iter().all(fails)
}
