//! `switch` as a statement and as a value, and the patterns of `switch` and `instanceof`.

use super::{Lowering, line, named, types};
use crate::{Case, Expr, ExprId, Pattern, Stmt, StmtId, TypeRef};
use smol_str::SmolStr;
use tree_sitter::Node;

/// One arm: its labels, those that fall through to it included, and its code.
struct Arm<'t> {
    labels: Vec<Node<'t>>,
    code: Vec<Node<'t>>,
}

/// What the labels of an arm say.
#[derive(Default)]
struct Head {
    /// Empty for the default.
    tests: Vec<ExprId>,
    bindings: Vec<StmtId>,
    guard: Option<ExprId>,
}

impl Lowering<'_, '_> {
    pub(super) fn switch(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let arms = arms(node);
        let subject = self.subject(node, &arms, out);
        let mut cases = Vec::new();
        for arm in arms {
            let head = self.head(&arm, subject);
            let inner = self.code(&arm);
            let mut body = head.bindings;
            // A guard decides inside the case, after what the pattern binds.
            match (head.guard, arm.labels.last()) {
                (Some(test), Some(label)) => {
                    self.put(*label, Stmt::If { test, then: inner, otherwise: Vec::new() }, &mut body);
                }
                _ => body.extend(inner),
            }
            cases.push(Case { tests: head.tests, body });
        }
        self.put(node, Stmt::Switch { subject: Some(subject), cases }, out);
    }

    /// A switch whose value is used.
    pub(super) fn switch_value(&mut self, node: Node<'_>) -> ExprId {
        let arms = arms(node);
        let mut before = Vec::new();
        let subject = self.subject(node, &arms, &mut before);
        let mut values = Vec::new();
        for arm in arms {
            let head = self.head(&arm, subject);
            let mut tests = head.tests;
            // A guarded arm is no default.
            tests.extend(head.guard);
            let mut body = head.bindings;
            body.extend(self.code(&arm));
            let only = match body.as_slice() {
                [only] => self.b.tree.stmts.get(only.0 as usize),
                _ => None,
            };
            let at = arm.labels.first().map_or_else(|| line(node), |label| line(*label));
            let value = match only {
                Some(Stmt::Expr(value)) => *value,
                _ => self.b.expr(at, Expr::Block(body)),
            };
            values.push((tests, value));
        }
        let whole = self.b.expr(line(node), Expr::Match { subject, arms: values });
        if before.is_empty() {
            return whole;
        }
        self.put(node, Stmt::Expr(whole), &mut before);
        self.b.expr(line(node), Expr::Block(before))
    }

    /// What is looked at. Where arms bind it and it has no name yet, it gets one that no source has.
    fn subject(&mut self, node: Node<'_>, arms: &[Arm<'_>], out: &mut Vec<StmtId>) -> ExprId {
        let subject = self.required(node, "condition");
        let binds = arms
            .iter()
            .flat_map(|arm| &arm.labels)
            .any(|label| named(*label).iter().any(|child| matches!(child.kind(), "pattern" | "method_invocation")));
        if !binds || matches!(self.b.tree.exprs.get(subject.0 as usize), Some(Expr::Name(_) | Expr::This)) {
            return subject;
        }
        let name = SmolStr::new(format!("$switch@{}", node.start_byte()));
        self.put(node, variable(Pattern::Name(name.clone()), None, Some(subject)), out);
        self.b.expr(line(node), Expr::Name(name))
    }

    fn head(&mut self, arm: &Arm<'_>, subject: ExprId) -> Head {
        let mut head = Head::default();
        let mut is_default = false;
        for label in &arm.labels {
            let children = named(*label);
            is_default |= children.is_empty();
            for child in children {
                match child.kind() {
                    // A label calls nothing: it is a record pattern with a qualified name, which the grammar lacks.
                    "pattern" | "method_invocation" => self.case_pattern(child, subject, &mut head),
                    // So it lacks `case null, default`.
                    "identifier" if self.text(child) == "default" => is_default = true,
                    "guard" => head.guard = Some(self.first(child)),
                    _ => head.tests.push(self.expression(child)),
                }
            }
        }
        if is_default {
            head.tests.clear();
        }
        head
    }

    fn case_pattern(&mut self, node: Node<'_>, subject: ExprId, head: &mut Head) {
        let (ty, pattern) = self.pattern(node);
        head.tests.push(self.b.expr(line(node), Expr::TypeLiteral(ty.clone())));
        if !binds(&pattern) {
            return;
        }
        // The subject is a plain name here, which can be said again.
        let value = match self.b.tree.exprs.get(subject.0 as usize).cloned() {
            Some(same @ (Expr::Name(_) | Expr::This)) => Some(self.b.expr(line(node), same)),
            _ => None,
        };
        self.put(node, variable(pattern, Some(ty), value), &mut head.bindings);
    }

    /// The statements of an arm; a block that is all of it is the body itself.
    fn code(&mut self, arm: &Arm<'_>) -> Vec<StmtId> {
        let mut out = Vec::new();
        for child in &arm.code {
            if arm.code.len() == 1 && child.kind() == "block" {
                self.statements(*child, &mut out);
            } else {
                self.statement(*child, &mut out);
            }
        }
        out
    }

    /// `value instanceof Type`; what binds is a block of the binding and the test.
    pub(super) fn instance_of(&mut self, node: Node<'_>, value: ExprId) -> ExprId {
        let at = line(node);
        let (ty, pattern) = match (node.child_by_field_name("pattern"), node.child_by_field_name("right")) {
            (Some(pattern), _) => self.pattern(pattern),
            (None, Some(right)) => {
                let name = node.child_by_field_name("name");
                (self.type_ref(right), name.map_or(Pattern::Ignore, |name| self.binding(name)))
            }
            (None, None) => (TypeRef::Other, Pattern::Ignore),
        };
        let test = self.b.expr(at, Expr::TypeLiteral(ty.clone()));
        if binds(&pattern) {
            let mut inner = Vec::new();
            self.put(node, variable(pattern, Some(ty), Some(value)), &mut inner);
            self.put(node, Stmt::Expr(test), &mut inner);
            return self.b.expr(at, Expr::Block(inner));
        }
        self.b.expr(at, Expr::Binary { op: SmolStr::new_static("instanceof"), left: value, right: test })
    }

    /// The type a pattern asks for, and what it binds; the components of a record are bound by their position.
    fn pattern(&mut self, node: Node<'_>) -> (TypeRef, Pattern) {
        self.deeper(|inner| inner.pattern_at(node)).unwrap_or((TypeRef::Other, Pattern::Ignore))
    }

    fn pattern_at(&mut self, node: Node<'_>) -> (TypeRef, Pattern) {
        let children = named(node);
        let Some(first) = children.first() else { return (TypeRef::Other, Pattern::Ignore) };
        match node.kind() {
            "pattern" => self.pattern(*first),
            "method_invocation" => {
                let qualifier = node.child_by_field_name("object").map(|object| self.type_name(object));
                let name = self.field_text(node, "name");
                let ty = qualifier.map_or_else(|| name.clone(), |qualifier| format!("{qualifier}.{name}").into());
                let components = node.child_by_field_name("arguments").map(named).unwrap_or_default();
                let parts = components.into_iter().filter_map(|component| match component.kind() {
                    "identifier" => Some(self.binding(component)),
                    "method_invocation" => Some(self.pattern(component).1),
                    // The types of the components.
                    _ => None,
                });
                (TypeRef::named(ty), Pattern::List(parts.collect()))
            }
            "record_pattern" => {
                let components = children.last().map(|body| named(*body)).unwrap_or_default();
                let parts = components.into_iter().map(|component| self.pattern(component).1).collect();
                (self.type_ref(*first), Pattern::List(parts))
            }
            _ if first.kind() == "underscore_pattern" => (TypeRef::Other, Pattern::Ignore),
            _ => {
                let name = children.last().filter(|name| !types::is_type(**name));
                (self.type_ref(*first), name.map_or(Pattern::Ignore, |name| self.binding(*name)))
            }
        }
    }
}

/// The arms in order; a group of labels without code belongs to the arm behind it.
fn arms(node: Node<'_>) -> Vec<Arm<'_>> {
    let mut arms: Vec<Arm<'_>> = Vec::new();
    let mut carried = Vec::new();
    for child in node.child_by_field_name("body").map(named).unwrap_or_default() {
        let (labels, code): (Vec<_>, Vec<_>) = named(child).into_iter().partition(|part| part.kind() == "switch_label");
        match child.kind() {
            "switch_block_statement_group" if code.is_empty() => carried.extend(labels),
            "switch_rule" | "switch_block_statement_group" => {
                let labels = carried.drain(..).chain(labels).collect();
                arms.push(Arm { labels, code });
            }
            _ => {}
        }
    }
    if !carried.is_empty() {
        arms.push(Arm { labels: carried, code: Vec::new() });
    }
    arms
}

/// True for a pattern that gives something a name.
fn binds(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Name(_) => true,
        Pattern::List(parts) => parts.iter().any(binds),
        Pattern::Object(..) | Pattern::Ignore => false,
    }
}

fn variable(pattern: Pattern, ty: Option<TypeRef>, value: Option<ExprId>) -> Stmt {
    Stmt::Let { pattern, ty, value, constant: false, exported: false }
}
