//! Query expressions: a block of loops and conditions whose last statement is the element, as comprehensions are.

use super::{Lowering, behind, line, named, operands};
use crate::{Expr, ExprId, Pattern, Stmt, StmtId};
use tree_sitter::Node;

/// Clauses that nest; the rest of a longer query stands side by side.
const MAX_CLAUSES: usize = 40;

impl Lowering<'_, '_> {
    pub(super) fn query(&mut self, node: Node<'_>) -> ExprId {
        // What holds the statements behind each clause, outermost first.
        let mut open: Vec<(Node<'_>, Option<Stmt>, Vec<StmtId>)> = Vec::new();
        let mut current = Vec::new();
        for clause in named(node) {
            let stmt = self.clause(clause, &mut current);
            if stmt.is_some() && open.len() < MAX_CLAUSES {
                open.push((clause, stmt, std::mem::take(&mut current)));
            } else if let Some(stmt) = stmt {
                self.put(clause, stmt, &mut current);
            }
        }
        while let Some((clause, stmt, mut before)) = open.pop() {
            let stmt = stmt.map(|stmt| match stmt {
                Stmt::Loop { pattern, over, test, mut body } => {
                    body.append(&mut current);
                    Stmt::Loop { pattern, over, test, body }
                }
                Stmt::If { test, otherwise, .. } => Stmt::If { test, then: std::mem::take(&mut current), otherwise },
                other => other,
            });
            if let Some(stmt) = stmt {
                self.put(clause, stmt, &mut before);
            }
            current = before;
        }
        self.b.expr(line(node), Expr::Block(current))
    }

    /// A clause that the others stand in, or, put in place, one that only does something.
    fn clause(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) -> Option<Stmt> {
        match node.kind() {
            "from_clause" => {
                let pattern = node.child_by_field_name("name").map(|name| self.binding(name));
                let ty = self.field_type(node, "type");
                Some(self.over(node, pattern, ty))
            }
            "join_clause" => {
                let pattern = named(node).into_iter().find(|child| child.kind() == "identifier");
                let pattern = pattern.map(|name| self.binding(name));
                let ty = self.field_type(node, "type");
                let each = self.over(node, pattern, ty);
                // The two sides of the comparison; the group that `into` names.
                let mut parts = Vec::new();
                for token in ["on", "equals"] {
                    parts.extend(behind(node, token).map(|value| self.expression(value)));
                }
                let test = self.b.expr(line(node), Expr::Opaque(parts));
                let compare = self.b.stmt(line(node), Stmt::Expr(test));
                let into = named(node).into_iter().find(|child| child.kind() == "join_into_clause");
                let group = into.and_then(|into| named(into).first().copied());
                let group = group.map(|name| self.declare(name, None));
                match each {
                    Stmt::Loop { pattern, over, test, mut body } => {
                        body.push(compare);
                        body.extend(group);
                        Some(Stmt::Loop { pattern, over, test, body })
                    }
                    other => Some(other),
                }
            }
            "where_clause" => {
                let test = self.first(node);
                Some(Stmt::If { test, then: Vec::new(), otherwise: Vec::new() })
            }
            "let_clause" => {
                let value = behind(node, "=").map(|value| self.expression(value));
                if let Some(name) = named(node).first() {
                    let stmt = self.declare(*name, value);
                    out.push(stmt);
                }
                None
            }
            // `into name`: what follows speaks of the elements so far.
            "identifier" => {
                let stmt = self.declare(node, None);
                out.push(stmt);
                None
            }
            "select_clause" => {
                let value = self.first(node);
                self.put(node, Stmt::Expr(value), out);
                None
            }
            _ => {
                let parts = operands(node).into_iter().map(|part| self.expression(part)).collect();
                let value = self.b.expr(line(node), Expr::Opaque(parts));
                self.put(node, Stmt::Expr(value), out);
                None
            }
        }
    }

    fn over(&mut self, node: Node<'_>, pattern: Option<Pattern>, ty: Option<crate::TypeRef>) -> Stmt {
        let over = behind(node, "in").map(|value| self.expression(value));
        let mut body = Vec::new();
        if let (Some(pattern), Some(ty)) = (&pattern, ty) {
            let stmt = typed(pattern.clone(), ty);
            self.put(node, stmt, &mut body);
        }
        Stmt::Loop { pattern, over, test: None, body }
    }

    fn declare(&mut self, name: Node<'_>, value: Option<ExprId>) -> StmtId {
        let pattern = self.binding(name);
        self.b.stmt(line(name), Stmt::Let { pattern, ty: None, value, constant: false, exported: false })
    }
}

/// The type that a loop gives its variable, which the loop itself has no room for.
pub(super) fn typed(pattern: Pattern, ty: crate::TypeRef) -> Stmt {
    Stmt::Let { pattern, ty: Some(ty), value: None, constant: false, exported: false }
}
