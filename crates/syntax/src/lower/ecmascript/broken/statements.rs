//! Statements of TypeScript and JavaScript become the few kinds of statements that control flow and names need.

use super::super::MAX_ELSE_IFS;
use super::{Lowering, line, named};
use crate::{Case, Catch, ExprId, FunctionKind, Pattern, Stmt, StmtId, TypeKind};
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// The statements of a block or a file.
    pub(super) fn statements(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        for child in named(node) {
            self.statement(child, out);
        }
    }

    /// Lowers a statement; beyond the depth bound it is left out.
    pub(super) fn statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let namespace = self.namespace.clone();
        self.b.deeper(|b| {
            let mut inner = Lowering { b, namespace };
            inner.statement_at(node, out);
        });
    }

    fn body(&mut self, node: Option<Node<'_>>) -> Vec<StmtId> {
        let mut out = Vec::new();
        if let Some(node) = node {
            if node.kind() == "statement_block" {
                self.statements(node, &mut out);
            } else {
                self.statement(node, &mut out);
            }
        }
        out
    }

    fn put(&mut self, node: Node<'_>, stmt: Stmt, out: &mut Vec<StmtId>) {
        let stmt = self.b.stmt(line(node), stmt);
        out.push(stmt);
    }

    fn required(&mut self, node: Node<'_>, field: &str) -> ExprId {
        match node.child_by_field_name(field) {
            Some(child) => self.expression(child),
            None => self.opaque(node),
        }
    }

    fn statement_at(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        match node.kind() {
            "import_statement" => self.import(node),
            "export_statement" => self.export(node, out),
            "lexical_declaration" | "variable_declaration" => self.variables(node, false, out),
            "function_declaration" | "generator_function_declaration" | "function_signature" => {
                let function = self.function(node, FunctionKind::Function, None);
                self.put(node, Stmt::Function(function), out);
            }
            "class_declaration" | "abstract_class_declaration" => {
                let ty = self.class(node, TypeKind::Class);
                self.put(node, Stmt::Type(ty), out);
            }
            "interface_declaration" => {
                let ty = self.interface(node);
                self.put(node, Stmt::Type(ty), out);
            }
            "enum_declaration" => {
                let ty = self.enumeration(node);
                self.put(node, Stmt::Type(ty), out);
            }
            "type_alias_declaration" => {
                let ty = self.alias(node);
                self.put(node, Stmt::Type(ty), out);
            }
            "ambient_declaration" => self.statements(node, out),
            "internal_module" | "module" => {
                let name = self.field_text(node, "name");
                let outer = self.namespace.replace(name);
                if let Some(body) = node.child_by_field_name("body") {
                    self.statements(body, out);
                }
                self.namespace = outer;
            }
            "expression_statement" => {
                let Some(inner) = named(node).first().copied() else {
                    return;
                };
                if inner.kind() == "internal_module" {
                    return self.statement(inner, out);
                }
                if inner.kind() == "assignment_expression" && self.common_js(inner) {
                    return;
                }
                let value = self.expression(inner);
                self.put(node, Stmt::Expr(value), out);
            }
            "return_statement" => {
                let value = named(node).first().map(|value| self.expression(*value));
                self.put(node, Stmt::Return(value), out);
            }
            "throw_statement" => {
                let value = named(node).first().map(|value| self.expression(*value));
                self.put(node, Stmt::Throw(value), out);
            }
            "if_statement" => self.conditional(node, out),
            "for_statement" => {
                if let Some(start) = node.child_by_field_name("initializer")
                    && start.kind() != "empty_statement"
                {
                    self.statement(start, out);
                }
                let test = node.child_by_field_name("condition").filter(|test| test.kind() != "empty_statement");
                let test = test.map(|test| {
                    if test.kind() == "expression_statement" {
                        named(test).first().copied().unwrap_or(test)
                    } else {
                        test
                    }
                });
                let test = test.map(|test| self.expression(test));
                let mut body = self.body(node.child_by_field_name("body"));
                if let Some(step) = node.child_by_field_name("increment") {
                    let value = self.expression(step);
                    let step = self.b.stmt(line(step), Stmt::Expr(value));
                    body.push(step);
                }
                self.put(node, Stmt::Loop { pattern: None, over: None, test, body }, out);
            }
            "for_in_statement" => {
                let over = self.required(node, "right");
                let pattern =
                    node.child_by_field_name("left").map(|left| self.pattern(left)).unwrap_or(Pattern::Ignore);
                let body = self.body(node.child_by_field_name("body"));
                self.put(node, Stmt::Loop { pattern: Some(pattern), over: Some(over), test: None, body }, out);
            }
            "while_statement" | "do_statement" => {
                let test = node.child_by_field_name("condition").map(|test| self.expression(test));
                let body = self.body(node.child_by_field_name("body"));
                self.put(node, Stmt::Loop { pattern: None, over: None, test, body }, out);
            }
            "switch_statement" => self.switch(node, out),
            "try_statement" => {
                let body = self.body(node.child_by_field_name("body"));
                let catches = node.child_by_field_name("handler").map(|handler| {
                    let binding = handler
                        .child_by_field_name("parameter")
                        .filter(|binding| binding.kind() == "identifier")
                        .map(|binding| self.text(binding));
                    Catch { binding, types: Vec::new(), body: self.body(handler.child_by_field_name("body")) }
                });
                let finally =
                    node.child_by_field_name("finalizer").and_then(|finalizer| finalizer.child_by_field_name("body"));
                let finally = self.body(finally);
                self.put(node, Stmt::Try { body, catches: catches.into_iter().collect(), finally }, out);
            }
            "labeled_statement" => {
                if let Some(body) = node.child_by_field_name("body") {
                    self.statement(body, out);
                }
            }
            "statement_block" => {
                let body = self.body(Some(node));
                self.put(node, Stmt::Block(body), out);
            }
            "break_statement" => self.put(node, Stmt::Break, out),
            "continue_statement" => self.put(node, Stmt::Continue, out),
            "empty_statement" | "comment" | "debugger_statement" | "hash_bang_line" | "decorator" => {}
            "ERROR" => self.statements(node, out),
            _ => {
                let value = self.expression(node);
                self.put(node, Stmt::Expr(value), out);
            }
        }
    }

    /// `if … else if …` chains are walked, not recursed into: generated code has hundreds of them.
    fn conditional(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let mut arms = Vec::new();
        let mut at = Some(node);
        let mut last = Vec::new();
        while let Some(node) = at {
            let test = self.required(node, "condition");
            let then = self.body(node.child_by_field_name("consequence"));
            arms.push((line(node), test, then));
            let otherwise = node.child_by_field_name("alternative").and_then(|clause| named(clause).first().copied());
            at = match otherwise {
                Some(next) if next.kind() == "if_statement" => Some(next),
                other => {
                    last = self.body(other);
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

    fn switch(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let subject = node.child_by_field_name("value").map(|value| self.expression(value));
        let mut cases = Vec::new();
        let mut pending = Vec::new();
        for case in node.child_by_field_name("body").map(named).unwrap_or_default() {
            let value = case.child_by_field_name("value");
            if let Some(value) = value {
                let test = self.expression(value);
                pending.push(test);
            }
            let mut body = Vec::new();
            for child in named(case) {
                if Some(child.id()) != value.map(|value| value.id()) {
                    self.statement(child, &mut body);
                }
            }
            // Labels that fall through belong to the case that has a body.
            if body.is_empty() && case.kind() == "switch_case" {
                continue;
            }
            let tests = if case.kind() == "switch_default" { Vec::new() } else { std::mem::take(&mut pending) };
            cases.push(Case { tests, body });
        }
        self.put(node, Stmt::Switch { subject, cases }, out);
    }

    /// `let`, `const`, `var`: one statement for each declarator.
    pub(super) fn variables(&mut self, node: Node<'_>, exported: bool, out: &mut Vec<StmtId>) {
        let constant = super::has_token(node, "const");
        for child in named(node) {
            if child.kind() != "variable_declarator" {
                continue;
            }
            let pattern = child.child_by_field_name("name").map(|name| self.pattern(name)).unwrap_or(Pattern::Ignore);
            let ty =
                child.child_by_field_name("type").and_then(|ty| named(ty).first().copied()).map(|ty| self.type_ref(ty));
            let value = child.child_by_field_name("value").map(|value| self.expression(value));
            self.put(child, Stmt::Let { pattern, ty, value, constant, exported }, out);
        }
    }
}
