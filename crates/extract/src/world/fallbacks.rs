//! Assignments that only run where a name has no value yet, or one of a kind: `if topic is None: topic = self.topic`,
//! `if isinstance(topics, str): topics = [topics]`.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use weir_syntax::{Expr, ExprId, Stmt, Tree};

/// What a name must hold for an assignment to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holding {
    Nothing,
    Text,
    List,
    NoText,
    NoList,
}

impl Holding {
    fn other(self) -> Option<Holding> {
        Some(match self {
            Holding::Text => Holding::NoText,
            Holding::List => Holding::NoList,
            Holding::NoText => Holding::Text,
            Holding::NoList => Holding::List,
            Holding::Nothing => return None,
        })
    }
}

/// The values of such assignments.
pub(super) fn of(tree: &Tree) -> FxHashMap<ExprId, Holding> {
    let mut found = FxHashMap::default();
    for stmt in &tree.stmts {
        let Stmt::If { test, then, .. } = stmt else { continue };
        let Some((tested, holding)) = tested(tree, *test) else { continue };
        for inner in then {
            let Stmt::Expr(expr) = &tree.stmts[inner.0 as usize] else { continue };
            let Expr::Assign { target, value, .. } = &tree.exprs[expr.0 as usize] else { continue };
            if matches!(&tree.exprs[target.0 as usize], Expr::Name(name) if name == tested) {
                found.insert(*value, holding);
            }
        }
    }
    found
}

/// The name that a test asks about, and what it must hold.
fn tested(tree: &Tree, test: ExprId) -> Option<(&SmolStr, Holding)> {
    let at = |expr: ExprId| &tree.exprs[expr.0 as usize];
    match at(test) {
        Expr::Binary { op, left, right } if matches!(op.as_str(), "is" | "==" | "===") => match (at(*left), at(*right))
        {
            (Expr::Name(name), Expr::Null) | (Expr::Null, Expr::Name(name)) => Some((name, Holding::Nothing)),
            (Expr::Unary { op, value }, Expr::Text(kind)) if op == "typeof" && kind == "string" => match at(*value) {
                Expr::Name(name) => Some((name, Holding::Text)),
                _ => None,
            },
            _ => None,
        },
        Expr::Unary { op, value } if matches!(op.as_str(), "!" | "not") => match at(*value) {
            Expr::Name(name) => Some((name, Holding::Nothing)),
            _ => {
                let (name, holding) = tested(tree, *value)?;
                Some((name, holding.other()?))
            }
        },
        Expr::Call(call) => {
            let first = match at(call.args.first()?.value) {
                Expr::Name(name) => name,
                _ => return None,
            };
            match at(call.callee) {
                Expr::Name(callee) if callee == "isinstance" => match at(call.args.get(1)?.value) {
                    Expr::Name(kind) if kind == "str" => Some((first, Holding::Text)),
                    Expr::Name(kind) if kind == "list" || kind == "tuple" => Some((first, Holding::List)),
                    // Any of several kinds of sequences.
                    Expr::List(kinds) => {
                        let sequence = |kind: &ExprId| matches!(at(*kind), Expr::Name(kind) if matches!(kind.as_str(), "list" | "tuple" | "set"));
                        kinds.iter().all(sequence).then_some((first, Holding::List))
                    }
                    _ => None,
                },
                Expr::Member { name, .. } if name == "isArray" => Some((first, Holding::List)),
                _ => None,
            }
        }
        _ => None,
    }
}
