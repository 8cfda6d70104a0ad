//! Statements, and expressions that stand as statements.

use super::{Lowering, named, patterns::binds};
use crate::{Case, Expr, ExprId, Pattern, Stmt, StmtId};
use smol_str::SmolStr;
use tree_sitter::Node;

/// `else if` chains longer than this become one switch, so that the tree stays shallow.
const MAX_ELSE_IFS: usize = 100;

/// What the value of a block's last expression is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// It is the result of the function.
    Return,
    /// It is the value of the block, or nobody's.
    Value,
}

impl Lowering<'_, '_, '_> {
    /// The statements of a file or a list of declarations.
    pub(super) fn statements(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        self.block(node, Tail::Value, out);
    }

    /// The statements of a block.
    pub(super) fn block(&mut self, node: Node<'_>, tail: Tail, out: &mut Vec<StmtId>) {
        let children: Vec<Node<'_>> = named(node).into_iter().filter(|child| child.kind() != "label").collect();
        let is_block = node.kind() == "block";
        let mut pending = Vec::new();
        for (at, child) in children.iter().enumerate() {
            if child.kind() == "attribute_item" {
                pending.extend(self.attribute(*child));
                continue;
            }
            let annotations = std::mem::take(&mut pending);
            let is_last = is_block && at + 1 == children.len() && is_tail(*child);
            let tail = if is_last { tail } else { Tail::Value };
            self.deeper(|inner| inner.statement(*child, annotations, tail, out));
        }
    }

    fn statement(&mut self, node: Node<'_>, annotations: Vec<crate::Annotation>, tail: Tail, out: &mut Vec<StmtId>) {
        match node.kind() {
            "use_declaration" => self.use_declaration(node),
            "extern_crate_declaration" => self.extern_crate(node),
            "mod_item" => self.module(node, annotations, out),
            "foreign_mod_item" => {
                if let Some(body) = node.child_by_field_name("body") {
                    self.statements(body, out);
                }
            }
            "struct_item" | "union_item" => {
                let ty = self.structure(node, annotations);
                self.put(node, Stmt::Type(ty), out);
            }
            "enum_item" => {
                let ty = self.enumeration(node, annotations);
                self.put(node, Stmt::Type(ty), out);
            }
            "trait_item" => {
                let ty = self.trait_item(node, annotations);
                self.put(node, Stmt::Type(ty), out);
            }
            "type_item" => {
                let ty = self.alias(node, annotations);
                self.put(node, Stmt::Type(ty), out);
            }
            "impl_item" => self.impl_item(node, &annotations, out),
            "function_item" | "function_signature_item" => {
                // A function inside a method is none itself.
                let outer = self.context.clone();
                self.context.owner = None;
                self.context.implements = None;
                self.context.in_trait = false;
                let function = self.function(node, annotations);
                self.context = outer;
                self.put(node, Stmt::Function(function), out);
            }
            "const_item" | "static_item" => self.constant(node, out),
            "let_declaration" => self.let_declaration(node, out),
            "expression_statement" => {
                if let Some(inner) = named(node).first() {
                    self.expression_statement(*inner, tail, out);
                }
            }
            "declaration_list" => self.statements(node, out),
            "ERROR" => self.broken(node, out),
            "macro_definition"
            | "empty_statement"
            | "inner_attribute_item"
            | "attribute_item"
            | "shebang"
            | "visibility_modifier"
            | "associated_type" => {}
            _ => self.expression_statement(node, tail, out),
        }
    }

    /// Of what stands inside a syntax error, statements and calls still count; loose names and types do not.
    fn broken(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        for child in named(node) {
            let kind = child.kind();
            let counts = kind.ends_with("_item")
                || kind.ends_with("_declaration")
                || kind.ends_with("_statement")
                || matches!(
                    kind,
                    "call_expression" | "await_expression" | "try_expression" | "macro_invocation" | "block" | "ERROR"
                );
            if counts && kind != "attribute_item" {
                self.deeper(|inner| inner.statement(child, Vec::new(), Tail::Value, out));
            }
        }
    }

    /// `let pattern: T = value else { … };`
    fn let_declaration(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let value = node.child_by_field_name("value").map(|value| self.expression(value));
        let bound = node.child_by_field_name("pattern");
        let pattern = bound.map(|bound| self.pattern(bound)).unwrap_or(Pattern::Ignore);
        let ty = self.field_type(node, "type");
        match value {
            // A value that nothing is bound to counts for its effect.
            Some(value) if !binds(&pattern) => self.put(node, Stmt::Expr(value), out),
            _ => self.put(node, Stmt::Let { pattern, ty, value, constant: false, exported: false }, out),
        }
        if let Some(alternative) = node.child_by_field_name("alternative") {
            let mut tests = bound.map(|bound| self.tests(bound)).unwrap_or_default();
            let test = if tests.is_empty() { self.opaque(node) } else { tests.remove(0) };
            let test = self.expr(node, Expr::Unary { op: SmolStr::new_static("!"), value: test });
            let mut then = Vec::new();
            self.block(alternative, Tail::Value, &mut then);
            self.put(alternative, Stmt::If { test, then, otherwise: Vec::new() }, out);
        }
    }

    /// An expression for its effect, or as the tail of a block.
    pub(super) fn expression_statement(&mut self, node: Node<'_>, tail: Tail, out: &mut Vec<StmtId>) {
        match node.kind() {
            "if_expression" => self.conditional(node, tail, out),
            "match_expression" => self.match_statement(node, tail, out),
            "while_expression" => {
                let test = node.child_by_field_name("condition").map(|test| self.condition(test));
                let body = self.inner_block(node);
                self.put(node, Stmt::Loop { pattern: None, over: None, test, body }, out);
            }
            "loop_expression" => {
                let body = self.inner_block(node);
                self.put(node, Stmt::Loop { pattern: None, over: None, test: None, body }, out);
            }
            "for_expression" => {
                let over = self.required(node, "value");
                let pattern = node.child_by_field_name("pattern").map(|pattern| self.pattern(pattern));
                let body = self.inner_block(node);
                let pattern = Some(pattern.unwrap_or(Pattern::Ignore));
                self.put(node, Stmt::Loop { pattern, over: Some(over), test: None, body }, out);
            }
            "block" => {
                let mut body = Vec::new();
                self.block(node, tail, &mut body);
                self.put(node, Stmt::Block(body), out);
            }
            "unsafe_block" | "const_block" => {
                let mut body = Vec::new();
                if let Some(inner) = named(node).into_iter().find(|child| child.kind() == "block") {
                    self.block(inner, tail, &mut body);
                }
                self.put(node, Stmt::Block(body), out);
            }
            "return_expression" => {
                let value = named(node).first().map(|value| self.expression(*value));
                self.put(node, Stmt::Return(value), out);
            }
            "break_expression" | "continue_expression" => {
                if let Some(value) = named(node).into_iter().find(|child| child.kind() != "label") {
                    let value = self.expression(value);
                    self.put(node, Stmt::Expr(value), out);
                }
                let stmt = if node.kind() == "break_expression" { Stmt::Break } else { Stmt::Continue };
                self.put(node, stmt, out);
            }
            "macro_invocation" if self.is_select(node) => self.select(node, tail, out),
            "macro_invocation" if self.macro_declares(node) => self.macro_items(node, out),
            _ => {
                let value = self.expression(node);
                let stmt = if tail == Tail::Return { Stmt::Return(Some(value)) } else { Stmt::Expr(value) };
                self.put(node, stmt, out);
            }
        }
    }

    fn inner_block(&mut self, node: Node<'_>) -> Vec<StmtId> {
        let mut body = Vec::new();
        if let Some(block) = node.child_by_field_name("body") {
            self.block(block, Tail::Value, &mut body);
        }
        body
    }

    /// A condition; one that binds is a block of the binding and the test.
    pub(super) fn condition(&mut self, node: Node<'_>) -> ExprId {
        match node.kind() {
            "let_condition" => {
                let value = self.required(node, "value");
                let bound = node.child_by_field_name("pattern");
                let mut tests = bound.map(|bound| self.tests(bound)).unwrap_or_default();
                let test = match tests.len() {
                    0 => self.expr(node, Expr::Bool(true)),
                    1 => tests.remove(0),
                    _ => self.expr(node, Expr::Opaque(tests)),
                };
                let pattern = bound.map(|bound| self.pattern(bound)).unwrap_or(Pattern::Ignore);
                let mut inner = Vec::new();
                if binds(&pattern) {
                    let bind = Stmt::Let { pattern, ty: None, value: Some(value), constant: false, exported: false };
                    self.put(node, bind, &mut inner);
                } else {
                    self.put(node, Stmt::Expr(value), &mut inner);
                }
                self.put(node, Stmt::Expr(test), &mut inner);
                self.expr(node, Expr::Block(inner))
            }
            "let_chain" => {
                // The chain nests to the left; its links read from there.
                let mut parts = Vec::new();
                let mut stack = vec![node];
                while let Some(at) = stack.pop() {
                    if at.kind() == "let_chain" {
                        stack.extend(named(at).into_iter().rev());
                    } else {
                        parts.push(at);
                    }
                }
                let mut values: Vec<ExprId> = Vec::new();
                for part in parts {
                    values.push(self.deeper(|inner| inner.condition(part)).unwrap_or_else(|| self.opaque(part)));
                }
                if values.len() > 32 {
                    return self.expr(node, Expr::Opaque(values));
                }
                let mut all = values.into_iter();
                let Some(mut value) = all.next() else { return self.opaque(node) };
                for right in all {
                    value = self.expr(node, Expr::Binary { op: SmolStr::new_static("&&"), left: value, right });
                }
                value
            }
            _ => self.expression(node),
        }
    }

    /// `else if` chains are walked, not recursed into.
    fn conditional(&mut self, node: Node<'_>, tail: Tail, out: &mut Vec<StmtId>) {
        let mut arms = Vec::new();
        let mut last = Vec::new();
        let mut at = Some(node);
        while let Some(node) = at {
            let test = match node.child_by_field_name("condition") {
                Some(condition) => self.condition(condition),
                None => self.opaque(node),
            };
            let mut then = Vec::new();
            if let Some(block) = node.child_by_field_name("consequence") {
                self.block(block, tail, &mut then);
            }
            arms.push((self.line(node), test, then));
            at = match node.child_by_field_name("alternative").and_then(|clause| named(clause).first().copied()) {
                Some(next) if next.kind() == "if_expression" => Some(next),
                Some(block) => {
                    self.block(block, tail, &mut last);
                    None
                }
                None => None,
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
}

/// True for the last child of a block that gives the block its value: an expression without a semicolon.
fn is_tail(node: Node<'_>) -> bool {
    match node.kind() {
        "expression_statement" => {
            let mut cursor = node.walk();
            !node.children(&mut cursor).any(|child| child.kind() == ";")
        }
        "macro_invocation" => true,
        kind => !(kind.ends_with("_item") || kind.ends_with("_declaration") || kind == "empty_statement"),
    }
}
