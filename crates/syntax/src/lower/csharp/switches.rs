//! `switch`, as a statement and as a value.

use super::patterns::is_pattern;
use super::{Lowering, child_of_kind, line, operands};
use crate::{Case, Expr, ExprId, Pattern, Stmt, StmtId, TypeRef};
use std::rc::Rc;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// What cases look at. Where they bind parts of a value without a name, it gets one that no source has.
    pub(super) fn subject(&mut self, what: &str, node: Node<'_>, value: ExprId, out: &mut Vec<StmtId>) -> ExprId {
        if matches!(self.b.tree.exprs.get(value.0 as usize), Some(Expr::Name(_) | Expr::This)) {
            return value;
        }
        let name = self.temporary(what, node);
        self.bind(node, Pattern::Name(name.clone()), None, value, out);
        self.b.expr(line(node), Expr::Name(name))
    }

    /// Another mention of a subject.
    pub(super) fn again(&mut self, node: Node<'_>, subject: ExprId) -> ExprId {
        match self.b.tree.exprs.get(subject.0 as usize) {
            Some(same @ (Expr::Name(_) | Expr::This)) => {
                let same = same.clone();
                self.b.expr(line(node), same)
            }
            _ => subject,
        }
    }

    /// What a case binds, at its start.
    fn case_bindings(&mut self, pattern: Node<'_>, subject: ExprId, out: &mut Vec<StmtId>) {
        for (bound, ty) in self.bound(pattern) {
            let value = self.again(pattern, subject);
            self.bind(pattern, bound, ty, value, out);
        }
    }

    pub(super) fn switch_statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let value = self.required(node, "value");
        let sections = node.child_by_field_name("body").map(super::named).unwrap_or_default();
        let mut subject = value;
        if sections.iter().any(|section| self.binds(*section)) {
            subject = self.subject("switch", node, value, out);
        }
        let mut cases = Vec::new();
        // Labels without statements belong to the section that has some.
        let mut pending: Vec<ExprId> = Vec::new();
        let mut is_default = false;
        for section in sections.into_iter().filter(|child| child.kind() == "switch_section") {
            let (head, statements) = split(section);
            let pattern = head.iter().copied().find(|part| part.kind() != "when_clause");
            let guard = head.iter().copied().find(|part| part.kind() == "when_clause");
            is_default |= super::has_token(section, "default");
            if let Some(pattern) = pattern {
                pending.extend(self.tests(pattern));
            }
            if statements.is_empty() {
                pending.extend(guard.map(|guard| self.first(guard)));
                continue;
            }
            let mut body = Vec::new();
            if let Some(pattern) = pattern {
                self.case_bindings(pattern, subject, &mut body);
            }
            // A guard decides inside the case, after what the pattern binds.
            match guard {
                Some(guard) => {
                    let test = self.first(guard);
                    let mut then = Vec::new();
                    self.sequence(statements, &mut then);
                    self.put(guard, Stmt::If { test, then, otherwise: Vec::new() }, &mut body);
                }
                None => self.sequence(statements, &mut body),
            }
            let tests = std::mem::take(&mut pending);
            cases.push(Case { tests: if std::mem::take(&mut is_default) { Vec::new() } else { tests }, body });
        }
        self.put(node, Stmt::Switch { subject: Some(subject), cases }, out);
    }

    fn binds(&mut self, holder: Node<'_>) -> bool {
        let patterns: Vec<Node<'_>> = operands(holder).into_iter().filter(|child| is_pattern(*child)).collect();
        patterns.into_iter().any(|pattern| !self.bound(pattern).is_empty())
    }

    /// `value switch { pattern when guard => value }`.
    pub(super) fn switch_expression(&mut self, node: Node<'_>, value: ExprId, expected: Option<Rc<TypeRef>>) -> ExprId {
        let arms: Vec<Node<'_>> =
            super::named(node).into_iter().filter(|child| child.kind() == "switch_expression_arm").collect();
        let mut before = Vec::new();
        let mut subject = value;
        if arms.iter().any(|arm| self.binds(*arm)) {
            subject = self.subject("switch", node, value, &mut before);
        }
        let mut values = Vec::new();
        for arm in arms {
            values.push(self.switch_arm(arm, subject, expected.clone()));
        }
        let whole = self.b.expr(line(node), Expr::Match { subject, arms: values });
        if before.is_empty() {
            return whole;
        }
        self.put(node, Stmt::Expr(whole), &mut before);
        self.b.expr(line(node), Expr::Block(before))
    }

    fn switch_arm(&mut self, arm: Node<'_>, subject: ExprId, expected: Option<Rc<TypeRef>>) -> (Vec<ExprId>, ExprId) {
        let parts = operands(arm);
        let mut tests = Vec::new();
        let mut inner = Vec::new();
        if let Some(pattern) = parts.first() {
            tests = self.tests(*pattern);
            self.case_bindings(*pattern, subject, &mut inner);
        }
        if let Some(guard) = child_of_kind(arm, "when_clause") {
            // A guarded arm is no default.
            tests.push(self.first(guard));
        }
        let value = match parts.last().filter(|_| parts.len() > 1) {
            Some(value) => self.expression_as(*value, expected),
            None => self.opaque(arm),
        };
        if inner.is_empty() {
            return (tests, value);
        }
        self.put(arm, Stmt::Expr(value), &mut inner);
        (tests, self.b.expr(line(arm), Expr::Block(inner)))
    }
}

/// The label of a section and its statements.
fn split(section: Node<'_>) -> (Vec<Node<'_>>, Vec<Node<'_>>) {
    let mut cursor = section.walk();
    let colon = section.children(&mut cursor).find(|child| child.kind() == ":").map_or(0, |colon| colon.start_byte());
    operands(section).into_iter().partition(|child| child.start_byte() < colon)
}
