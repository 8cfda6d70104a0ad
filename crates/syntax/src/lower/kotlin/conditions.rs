//! `if`, `when` and `try`, as statements and as values.

use super::{Lowering, children, line, named, statements::Tail};
use crate::{Case, Catch, Expr, ExprId, Stmt, StmtId};
use smol_str::SmolStr;
use tree_sitter::Node;

/// `else if` chains longer than this become one switch, so that the tree stays shallow.
const MAX_ELSE_IFS: usize = 100;

/// `if (test) then else otherwise`.
struct If<'t> {
    test: Option<Node<'t>>,
    then: Option<Node<'t>>,
    otherwise: Option<Node<'t>>,
    has_else: bool,
}

fn parts_of_if(node: Node<'_>) -> If<'_> {
    let test = node.child_by_field_name("condition");
    let mut parts = If { test, then: None, otherwise: None, has_else: false };
    let behind = children(node).into_iter().skip_while(|child| child.kind() != ")").skip(1);
    for child in behind {
        match child.kind() {
            "else" => parts.has_else = true,
            _ if !child.is_named() => {}
            _ if parts.has_else => parts.otherwise = Some(child),
            _ => parts.then = Some(child),
        }
    }
    parts
}

/// The only expression of a block, or the node itself.
fn unwrapped(node: Node<'_>) -> Option<Node<'_>> {
    if node.kind() != "block" {
        return Some(node);
    }
    match named(node).as_slice() {
        [only] => Some(*only),
        _ => None,
    }
}

/// True for a branch that is a value and no statement.
fn is_plain(branch: Option<Node<'_>>) -> bool {
    branch.and_then(unwrapped).is_some_and(|value| {
        let kind = value.kind();
        let is_jump = matches!(
            kind,
            "assignment"
                | "if_expression"
                | "when_expression"
                | "try_expression"
                | "return_expression"
                | "throw_expression"
                | "ERROR"
        );
        !(is_jump || kind.ends_with("_statement") || kind.ends_with("_declaration"))
    })
}

/// True for an `if` that only chooses between values.
pub(super) fn is_plain_if(node: Node<'_>) -> bool {
    let mut at = node;
    loop {
        let parts = parts_of_if(at);
        if !is_plain(parts.then) {
            return false;
        }
        match parts.otherwise {
            Some(next) if next.kind() == "if_expression" => at = next,
            otherwise => return is_plain(otherwise),
        }
    }
}

/// True for a `when` that only chooses between values.
pub(super) fn is_plain_when(node: Node<'_>) -> bool {
    entries(node).into_iter().all(|entry| is_plain(super::behind(entry, "->")))
}

fn entries(node: Node<'_>) -> Vec<Node<'_>> {
    named(node).into_iter().filter(|child| child.kind() == "when_entry").collect()
}

impl Lowering<'_, '_> {
    fn test(&mut self, node: Node<'_>, test: Option<Node<'_>>) -> ExprId {
        match test {
            Some(test) => self.expression(test),
            None => self.opaque(node),
        }
    }

    /// `else if` chains are walked, not recursed into.
    pub(super) fn conditional(&mut self, node: Node<'_>, tail: Tail, out: &mut Vec<StmtId>) {
        let mut arms = Vec::new();
        let mut last = Vec::new();
        let mut at = Some(node);
        while let Some(node) = at {
            let parts = parts_of_if(node);
            let test = self.test(node, parts.test);
            // Without an `else` it has no value.
            let tail = if parts.has_else { tail } else { Tail::Value };
            arms.push((line(node), test, self.body(parts.then, tail)));
            at = match parts.otherwise {
                Some(next) if next.kind() == "if_expression" => Some(next),
                otherwise => {
                    last = self.body(otherwise, tail);
                    None
                }
            };
        }
        if arms.len() > MAX_ELSE_IFS {
            let mut cases: Vec<Case> =
                arms.into_iter().map(|(_, test, body)| Case { tests: vec![test], body }).collect();
            cases.push(Case { tests: Vec::new(), body: last });
            return self.put(node, Stmt::Switch { subject: None, cases }, out);
        }
        while let Some((line, test, then)) = arms.pop() {
            let stmt = self.b.stmt(line, Stmt::If { test, then, otherwise: std::mem::take(&mut last) });
            last = vec![stmt];
        }
        out.append(&mut last);
    }

    /// An `if` whose value is used.
    pub(super) fn conditional_value(&mut self, node: Node<'_>) -> ExprId {
        let mut arms = Vec::new();
        let mut at = node;
        let mut value = loop {
            let parts = parts_of_if(at);
            let test = self.test(at, parts.test);
            arms.push((line(at), test, self.branch(at, parts.then)));
            match parts.otherwise {
                Some(next) if next.kind() == "if_expression" => at = next,
                otherwise => break self.branch(at, otherwise),
            }
        };
        if arms.len() > MAX_ELSE_IFS {
            let subject = self.expr(node, Expr::Bool(true));
            let mut all: Vec<_> = arms.into_iter().map(|(_, test, then)| (vec![test], then)).collect();
            all.push((Vec::new(), value));
            return self.expr(node, Expr::Match { subject, arms: all });
        }
        while let Some((line, test, then)) = arms.pop() {
            value = self.b.expr(line, Expr::Conditional { test, then, otherwise: value });
        }
        value
    }

    /// The value of a branch.
    fn branch(&mut self, whole: Node<'_>, branch: Option<Node<'_>>) -> ExprId {
        let Some(branch) = branch else { return self.opaque(whole) };
        match unwrapped(branch) {
            Some(value) if is_plain(Some(value)) || value.kind().ends_with("_expression") => self.expression(value),
            _ => {
                let body = self.body(Some(branch), Tail::Value);
                self.expr(branch, Expr::Block(body))
            }
        }
    }

    /// `(val name = value)` binds before the cases; without parentheses there is no subject.
    fn subject(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) -> Option<ExprId> {
        let subject = super::child(node, "when_subject")?;
        let value = named(subject).last().map(|value| self.expression(*value))?;
        let Some(bound) = super::child(subject, "variable_declaration") else { return Some(value) };
        let ty = self.declared_type(bound);
        let name = self.own_name(bound);
        let pattern = self.pattern(bound);
        self.put(subject, Stmt::Let { pattern, ty, value: Some(value), constant: true, exported: false }, out);
        Some(self.expr(subject, Expr::Name(name)))
    }

    /// The conditions of an entry; `else` has none.
    fn tests(&mut self, entry: Node<'_>) -> Vec<ExprId> {
        let mut cursor = entry.walk();
        // The field also covers the commas between the conditions.
        let conditions: Vec<Node<'_>> =
            entry.children_by_field_name("condition", &mut cursor).filter(|child| child.is_named()).collect();
        conditions.into_iter().map(|condition| self.when_test(condition)).collect()
    }

    /// `is T` is the type, `in xs` an operator whose left side is the subject.
    fn when_test(&mut self, node: Node<'_>) -> ExprId {
        let value = match node.kind() {
            "type_test" => {
                let ty = self.declared_type(node).unwrap_or(crate::TypeRef::Other);
                self.expr(node, Expr::TypeLiteral(ty))
            }
            "range_test" => {
                let value = match named(node).last() {
                    Some(value) => self.expression(*value),
                    None => self.opaque(node),
                };
                self.expr(node, Expr::Unary { op: SmolStr::new_static("in"), value })
            }
            _ => return self.expression(node),
        };
        if !super::has_token(node, "!is") && !super::has_token(node, "!in") {
            return value;
        }
        self.expr(node, Expr::Unary { op: SmolStr::new_static("!"), value })
    }

    pub(super) fn when_statement(&mut self, node: Node<'_>, tail: Tail, out: &mut Vec<StmtId>) {
        let subject = self.subject(node, out);
        let mut cases = Vec::new();
        for entry in entries(node) {
            let tests = self.tests(entry);
            let body = self.body(super::behind(entry, "->"), tail);
            cases.push(Case { tests, body });
        }
        self.put(node, Stmt::Switch { subject, cases }, out);
    }

    /// A `when` whose value is used.
    pub(super) fn when_value(&mut self, node: Node<'_>) -> ExprId {
        let mut before = Vec::new();
        let subject = self.subject(node, &mut before);
        let subject = subject.unwrap_or_else(|| self.expr(node, Expr::Bool(true)));
        let mut arms = Vec::new();
        for entry in entries(node) {
            let tests = self.tests(entry);
            arms.push((tests, self.branch(entry, super::behind(entry, "->"))));
        }
        let whole = self.expr(node, Expr::Match { subject, arms });
        if before.is_empty() {
            return whole;
        }
        self.put(node, Stmt::Expr(whole), &mut before);
        self.expr(node, Expr::Block(before))
    }

    pub(super) fn try_statement(&mut self, node: Node<'_>, tail: Tail, out: &mut Vec<StmtId>) {
        let block = |node| super::child(node, "block");
        let body = self.body(block(node), tail);
        let mut catches = Vec::new();
        let mut finally = Vec::new();
        for clause in named(node) {
            match clause.kind() {
                "catch_block" => {
                    let binding = self.own_name(clause);
                    let binding = (!binding.is_empty() && binding != "_").then_some(binding);
                    let types = self.declared_type(clause).into_iter().collect();
                    catches.push(Catch { binding, types, body: self.body(block(clause), tail) });
                }
                "finally_block" => finally = self.body(block(clause), Tail::Value),
                _ => {}
            }
        }
        self.put(node, Stmt::Try { body, catches, finally }, out);
    }
}
