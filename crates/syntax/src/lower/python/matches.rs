//! `match` statements: patterns become tests, what they bind stands at the start of the case.

use super::{Lowering, fields, line, named};
use crate::{Case, Entry, Expr, ExprId, Pattern, Stmt, StmtId, TypeRef};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    pub(super) fn match_statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let mut subjects: Vec<ExprId> =
            fields(node, "subject").into_iter().map(|subject| self.expression(subject)).collect();
        let subject = match subjects.len() {
            1 => subjects.pop(),
            _ => Some(self.b.expr(line(node), Expr::List(subjects))),
        };
        let name = subject.and_then(|subject| match self.b.tree.exprs.get(subject.0 as usize) {
            Some(Expr::Name(name)) => Some(name.clone()),
            _ => None,
        });
        let mut cases = Vec::new();
        for clause in node.child_by_field_name("body").map(named).unwrap_or_default() {
            if clause.kind() != "case_clause" {
                continue;
            }
            let mut body = Vec::new();
            let mut tests = Vec::new();
            let patterns: Vec<Node<'_>> =
                named(clause).into_iter().filter(|child| child.kind() == "case_pattern").collect();
            for pattern in &patterns {
                self.case_pattern(*pattern, name.as_ref(), &mut tests, &mut body);
            }
            if patterns.len() > 1 {
                let whole = self.b.expr(line(clause), Expr::List(std::mem::take(&mut tests)));
                tests.push(whole);
            }
            let inner = self.block(clause.child_by_field_name("consequence"));
            match clause.child_by_field_name("guard").and_then(|guard| named(guard).first().copied()) {
                Some(guard) => {
                    let test = self.expression(guard);
                    self.put(guard, Stmt::If { test, then: inner, otherwise: Vec::new() }, &mut body);
                }
                None => body.extend(inner),
            }
            cases.push(Case { tests, body });
        }
        self.put(node, Stmt::Switch { subject, cases }, out);
    }

    /// The tests of a pattern; none where it takes everything. `subject` is the name of the value it looks at.
    fn case_pattern(
        &mut self,
        node: Node<'_>,
        subject: Option<&SmolStr>,
        tests: &mut Vec<ExprId>,
        out: &mut Vec<StmtId>,
    ) {
        self.deeper(|inner| inner.case_pattern_at(node, subject, tests, out));
    }

    fn case_pattern_at(
        &mut self,
        node: Node<'_>,
        subject: Option<&SmolStr>,
        tests: &mut Vec<ExprId>,
        out: &mut Vec<StmtId>,
    ) {
        match node.kind() {
            "case_pattern" => match named(node).first() {
                Some(inner) if matches!(inner.kind(), "integer" | "float") => {
                    // The sign is no node of its own.
                    let number = self.dotted(node);
                    tests.push(self.b.expr(line(node), Expr::Number(number)));
                }
                Some(inner) => self.case_pattern(*inner, subject, tests, out),
                // `_` is no node of its own.
                None => {}
            },
            "union_pattern" => {
                named(node).into_iter().for_each(|option| self.case_pattern(option, subject, tests, out));
            }
            "as_pattern" => {
                let children = named(node);
                let before = tests.len();
                if let Some(first) = children.first() {
                    self.case_pattern(*first, subject, tests, out);
                }
                let ty = match tests.get(before..) {
                    Some([only]) => match self.b.tree.exprs.get(only.0 as usize) {
                        Some(Expr::TypeLiteral(ty)) => Some(ty.clone()),
                        _ => None,
                    },
                    _ => None,
                };
                if let Some(name) = children.get(1) {
                    let value = subject.map(|subject| self.b.expr(line(node), Expr::Name(subject.clone())));
                    self.capture(*name, ty, value, out);
                }
            }
            "dotted_name" => {
                let text = self.dotted(node);
                if text == "_" {
                    return;
                }
                if text.contains('.') {
                    let value = self.expression(node);
                    tests.push(value);
                } else {
                    let value = subject.map(|subject| self.b.expr(line(node), Expr::Name(subject.clone())));
                    self.capture(node, None, value, out);
                }
            }
            "class_pattern" => {
                let children = named(node);
                let Some((name, patterns)) = children.split_first() else { return };
                let ty = TypeRef::named(self.dotted(*name));
                let test = self.b.expr(line(node), Expr::TypeLiteral(ty));
                tests.push(test);
                for pattern in patterns {
                    self.class_argument(*pattern, subject, out);
                }
            }
            "dict_pattern" => {
                let mut entries = Vec::new();
                let keys = fields(node, "key");
                for (key, value) in keys.into_iter().zip(fields(node, "value")) {
                    let key = self.expression(key);
                    let mut inner = Vec::new();
                    let member = match (subject, self.b.tree.exprs.get(key.0 as usize)) {
                        (Some(subject), Some(Expr::Text(_))) => Some((subject.clone(), key)),
                        _ => None,
                    };
                    match (capture_name(value), member) {
                        (Some(name), Some((subject, key))) => {
                            let object = self.b.expr(line(value), Expr::Name(subject));
                            let element = self.b.expr(line(value), Expr::Index { object, index: key });
                            self.capture(name, None, Some(element), out);
                        }
                        _ => self.case_pattern(value, None, &mut inner, out),
                    }
                    let value = match inner.len() {
                        1 => inner.remove(0),
                        _ => self.b.expr(line(value), Expr::Opaque(inner)),
                    };
                    let field = match self.b.tree.exprs.get(key.0 as usize) {
                        Some(Expr::Text(text)) => Entry::Field { key: text.clone(), value },
                        _ => Entry::Computed { key, value },
                    };
                    entries.push(field);
                }
                let test = self.b.expr(line(node), Expr::Object(entries));
                tests.push(test);
            }
            "list_pattern" | "tuple_pattern" => {
                let mut items = Vec::new();
                for item in named(node) {
                    let mut inner = Vec::new();
                    self.case_pattern(item, None, &mut inner, out);
                    items.push(match inner.len() {
                        1 => inner.remove(0),
                        _ => self.b.expr(line(item), Expr::Opaque(inner)),
                    });
                }
                let test = self.b.expr(line(node), Expr::List(items));
                tests.push(test);
            }
            "splat_pattern" => {
                if let Some(name) = named(node).first() {
                    self.capture(*name, None, None, out);
                }
            }
            _ => {
                let value = self.expression(node);
                tests.push(value);
            }
        }
    }

    /// `Name(key=binding)` binds a member of the subject.
    fn class_argument(&mut self, node: Node<'_>, subject: Option<&SmolStr>, out: &mut Vec<StmtId>) {
        let inner = if node.kind() == "case_pattern" { named(node).first().copied().unwrap_or(node) } else { node };
        if inner.kind() != "keyword_pattern" {
            // Positions are known to the class alone.
            return self.case_pattern(inner, None, &mut Vec::new(), out);
        }
        let children = named(inner);
        let (Some(key), Some(value)) = (children.first(), children.get(1)) else { return };
        match capture_name(*value) {
            Some(name) => {
                let member = subject.map(|subject| {
                    let object = self.b.expr(line(*key), Expr::Name(subject.clone()));
                    let name = self.b.text(*key);
                    self.b.expr(line(*key), Expr::Member { object, name })
                });
                self.capture(name, None, member, out);
            }
            None => self.case_pattern(*value, None, &mut Vec::new(), out),
        }
    }

    fn capture(&mut self, name: Node<'_>, ty: Option<TypeRef>, value: Option<ExprId>, out: &mut Vec<StmtId>) {
        let text = self.text(name);
        if text == "_" {
            return;
        }
        self.declare(&text);
        let pattern = Pattern::Name(text);
        self.put(name, Stmt::Let { pattern, ty, value, constant: false, exported: false }, out);
    }
}

/// The node of a pattern that is nothing but a name.
fn capture_name(node: Node<'_>) -> Option<Node<'_>> {
    let mut at = node;
    while at.kind() == "case_pattern" {
        at = named(at).first().copied()?;
    }
    let is_name = matches!(at.kind(), "dotted_name" | "identifier") && named(at).len() <= 1;
    is_name.then_some(at)
}
