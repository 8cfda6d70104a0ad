//! `value is pattern`.
//!
//! The grammar lets a constant of a pattern be any operation: it reads `a is null || b` as `a is (null || b)`. No
//! operator that binds looser than `is` can stand there, so the comparison takes the place of the constant in it.

use super::chains::inner;
use super::{Lowering, line, operands};
use crate::{Expr, ExprId, Pattern, Stmt, TypeRef};
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// The comparison, behind what the pattern binds.
    pub(super) fn is_pattern(&mut self, node: Node<'_>, value: ExprId) -> ExprId {
        let Some(pattern) = node.child_by_field_name("pattern") else { return value };
        let mut whole = self.bound_comparison(node, pattern, value);
        let end = end(pattern).map(|end| end.id());
        for constant in constants(pattern).into_iter().filter(|constant| Some(constant.id()) != end) {
            // What an operation inside the pattern took stays visible.
            let outer = self.context.stands_for.replace((left_end(constant).id(), whole));
            whole = self.expression(constant);
            self.context.stands_for = outer;
        }
        whole
    }

    fn bound_comparison(&mut self, node: Node<'_>, pattern: Node<'_>, value: ExprId) -> ExprId {
        let at = line(node);
        let bound = self.bound(pattern);
        if bound.is_empty() {
            return self.comparison(pattern, value);
        }
        let mut out = Vec::new();
        let subject = match bound.as_slice() {
            // The one name of the whole value stands for it in the test as well.
            [(Pattern::Name(name), ty)] => {
                let name = name.clone();
                self.bind(pattern, Pattern::Name(name.clone()), ty.clone(), value, &mut out);
                self.b.expr(at, Expr::Name(name))
            }
            _ => {
                let subject = self.subject("is", node, value, &mut out);
                for (part, ty) in bound {
                    let again = self.again(pattern, subject);
                    self.bind(pattern, part, ty, again, &mut out);
                }
                subject
            }
        };
        let test = self.comparison(pattern, subject);
        out.push(self.b.stmt(at, Stmt::Expr(test)));
        self.b.expr(at, Expr::Block(out))
    }

    /// `is null` and `is not null` are the comparisons they mean; a plain name is a type.
    fn comparison(&mut self, pattern: Node<'_>, left: ExprId) -> ExprId {
        let at = line(pattern);
        let right = self.one_test(pattern).unwrap_or_else(|| self.opaque(pattern));
        let exprs = &mut self.b.tree.exprs;
        let (op, right) = match exprs.get(right.0 as usize) {
            Some(Expr::Null) => ("==", right),
            Some(Expr::Unary { op, value }) if op == "not" && exprs.get(value.0 as usize) == Some(&Expr::Null) => {
                ("!=", *value)
            }
            Some(Expr::Name(name)) => {
                exprs[right.0 as usize] = Expr::TypeLiteral(TypeRef::named(name.clone()));
                ("is", right)
            }
            _ => ("is", right),
        };
        self.b.expr(at, Expr::Binary { op: op.into(), left, right })
    }
}

/// The operation at the end of a pattern that goes on behind it.
pub(super) fn end(pattern: Node<'_>) -> Option<Node<'_>> {
    let mut at = pattern;
    while matches!(
        at.kind(),
        "negated_pattern" | "and_pattern" | "or_pattern" | "relational_pattern" | "constant_pattern"
    ) {
        at = operands(at).last().copied()?;
    }
    (left_end(at).id() != at.id()).then_some(at)
}

/// All operations in a pattern that are more than a constant.
fn constants(pattern: Node<'_>) -> Vec<Node<'_>> {
    let mut all = Vec::new();
    let mut stack = vec![pattern];
    while let Some(node) = stack.pop() {
        match node.kind() {
            "negated_pattern" | "and_pattern" | "or_pattern" => stack.extend(operands(node).into_iter().rev()),
            "relational_pattern" | "constant_pattern" => {
                all.extend(operands(node).into_iter().filter(|constant| left_end(*constant).id() != constant.id()));
            }
            _ => {}
        }
    }
    all
}

/// The constant that a pattern really names: what stands before the first operator that binds looser than `is`.
pub(super) fn left_end(node: Node<'_>) -> Node<'_> {
    let mut found = node;
    let mut at = node;
    while let Some(left) = inner(at).filter(|_| at.kind() != "parenthesized_expression") {
        if is_loose(at) {
            found = left;
        }
        at = left;
    }
    found
}

/// True for operators that bind looser than `is`.
fn is_loose(node: Node<'_>) -> bool {
    let operator = node.child_by_field_name("operator").filter(|_| node.kind() == "binary_expression");
    operator.is_some_and(|operator| matches!(operator.kind(), "==" | "!=" | "&" | "^" | "|" | "&&" | "||" | "??"))
}
