//! Comprehensions and generators: a block of one loop whose last statement is the element.

use super::{Lowering, bare, line, named};
use crate::{Entry, Expr, ExprId, Pattern, Stmt};
use tree_sitter::Node;

impl Lowering<'_, '_> {
    pub(super) fn comprehension(&mut self, node: Node<'_>) -> ExprId {
        let clauses: Vec<Node<'_>> =
            named(node).into_iter().filter(|child| matches!(child.kind(), "for_in_clause" | "if_clause")).collect();
        let inner = self.clauses(node, &clauses);
        self.b.expr(line(node), Expr::Block(inner))
    }

    fn clauses(&mut self, node: Node<'_>, clauses: &[Node<'_>]) -> Vec<crate::StmtId> {
        let Some((clause, rest)) = clauses.split_first() else {
            let Some(body) = node.child_by_field_name("body") else { return Vec::new() };
            let element = if body.kind() == "pair" {
                let entry = self.pair(body);
                self.b.expr(line(body), Expr::Object(entry.into_iter().collect::<Vec<Entry>>()))
            } else {
                self.expression(body)
            };
            return vec![self.b.stmt(line(body), Stmt::Expr(element))];
        };
        let stmt = if clause.kind() == "if_clause" {
            let test = self.first(*clause);
            let then = self.deeper(|inner| inner.clauses(node, rest)).unwrap_or_default();
            Stmt::If { test, then, otherwise: Vec::new() }
        } else {
            let over = self.required(*clause, "right");
            let pattern = clause.child_by_field_name("left").map(|left| self.pattern(bare(left)));
            let body = self.deeper(|inner| inner.clauses(node, rest)).unwrap_or_default();
            Stmt::Loop { pattern: Some(pattern.unwrap_or(Pattern::Ignore)), over: Some(over), test: None, body }
        };
        vec![self.b.stmt(line(*clause), stmt)]
    }
}
