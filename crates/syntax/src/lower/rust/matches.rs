//! `match`, as a statement and as a value.

use super::{Lowering, named, patterns::binds, statements::Tail};
use crate::{Case, Expr, ExprId, Pattern, Stmt, StmtId};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_, '_> {
    /// The subject of a match. Where arms bind parts of a value that has no name yet, it gets one that no source has.
    fn subject(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) -> ExprId {
        let subject = self.required(node, "value");
        let is_named = matches!(
            self.b.tree.exprs.get(subject.0 as usize),
            Some(Expr::Name(_) | Expr::This | Expr::Text(_) | Expr::Number(_))
        );
        if is_named {
            return subject;
        }
        let name = SmolStr::new(format!("$match@{}:{}", self.line(node), node.start_position().column + 1));
        let pattern = Pattern::Name(name.clone());
        self.put(node, Stmt::Let { pattern, ty: None, value: Some(subject), constant: false, exported: false }, out);
        self.expr(node, Expr::Name(name))
    }

    /// Another mention of the subject, which is a plain name or literal.
    fn again(&mut self, node: Node<'_>, subject: ExprId) -> Option<ExprId> {
        let same = self.b.tree.exprs.get(subject.0 as usize)?.clone();
        matches!(same, Expr::Name(_) | Expr::This).then(|| self.expr(node, same))
    }

    /// What an arm binds, at the start of its body.
    fn arm_bindings(&mut self, pattern: Node<'_>, subject: ExprId, out: &mut Vec<StmtId>) {
        let bound = self.pattern(pattern);
        if !binds(&bound) {
            return;
        }
        let value = self.again(pattern, subject);
        self.put(pattern, Stmt::Let { pattern: bound, ty: None, value, constant: false, exported: false }, out);
    }

    pub(super) fn match_statement(&mut self, node: Node<'_>, tail: Tail, out: &mut Vec<StmtId>) {
        let subject = self.subject(node, out);
        let mut cases = Vec::new();
        for arm in arms(node) {
            let Some(pattern) = arm.child_by_field_name("pattern") else { continue };
            let tests = self.tests(pattern);
            let mut body = Vec::new();
            self.arm_bindings(pattern, subject, &mut body);
            let mut inner = Vec::new();
            if let Some(value) = arm.child_by_field_name("value") {
                self.deeper(|lowering| lowering.arm(value, tail, &mut inner));
            }
            // A guard decides inside the arm, after what the pattern binds.
            match pattern.child_by_field_name("condition") {
                Some(guard) => {
                    let test = self.condition(guard);
                    self.put(guard, Stmt::If { test, then: inner, otherwise: Vec::new() }, &mut body);
                }
                None => body.extend(inner),
            }
            cases.push(Case { tests, body });
        }
        self.put(node, Stmt::Switch { subject: Some(subject), cases }, out);
    }

    /// The value of an arm; a block is the arm's body itself.
    pub(super) fn arm(&mut self, value: Node<'_>, tail: Tail, out: &mut Vec<StmtId>) {
        if value.kind() == "block" {
            self.block(value, tail, out);
        } else {
            self.expression_statement(value, tail, out);
        }
    }

    /// A match whose value is used.
    pub(super) fn match_value(&mut self, node: Node<'_>) -> ExprId {
        let mut before = Vec::new();
        let subject = self.subject(node, &mut before);
        let mut values = Vec::new();
        for arm in arms(node) {
            let Some(pattern) = arm.child_by_field_name("pattern") else { continue };
            let mut tests = self.tests(pattern);
            let mut inner = Vec::new();
            self.arm_bindings(pattern, subject, &mut inner);
            if let Some(guard) = pattern.child_by_field_name("condition") {
                // A guarded arm is no default.
                let guard = self.condition(guard);
                tests.push(guard);
            }
            let value = match arm.child_by_field_name("value") {
                Some(value) => self.expression(value),
                None => self.opaque(arm),
            };
            let value = if inner.is_empty() {
                value
            } else {
                self.put(arm, Stmt::Expr(value), &mut inner);
                self.expr(arm, Expr::Block(inner))
            };
            values.push((tests, value));
        }
        let whole = self.expr(node, Expr::Match { subject, arms: values });
        if before.is_empty() {
            return whole;
        }
        self.put(node, Stmt::Expr(whole), &mut before);
        self.expr(node, Expr::Block(before))
    }
}

fn arms(node: Node<'_>) -> Vec<Node<'_>> {
    let body = node.child_by_field_name("body").map(named).unwrap_or_default();
    body.into_iter().filter(|child| child.kind() == "match_arm").collect()
}
