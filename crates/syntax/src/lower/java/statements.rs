//! Statements of Java become the few kinds of statements that control flow and names need.

use super::annotations::has_modifier;
use super::{Lowering, child_of_kind, declarations::is_type_declaration, fields, line, named};
use crate::{Case, Catch, Expr, FunctionKind, Pattern, Stmt, StmtId};
use tree_sitter::Node;

/// `else if` chains longer than this become one switch, so that the tree stays shallow.
const MAX_ELSE_IFS: usize = 100;

impl Lowering<'_, '_> {
    /// The statements of a block or a file.
    pub(super) fn statements(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        named(node).into_iter().for_each(|child| self.statement(child, out));
    }

    /// Lowers a statement; beyond the depth bound it is left out.
    pub(super) fn statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        self.deeper(|inner| inner.statement_at(node, out));
    }

    pub(super) fn put(&mut self, node: Node<'_>, stmt: Stmt, out: &mut Vec<StmtId>) {
        let stmt = self.b.stmt(line(node), stmt);
        out.push(stmt);
    }

    /// The statements of a block, or the one statement that stands for it.
    fn block(&mut self, node: Option<Node<'_>>) -> Vec<StmtId> {
        let mut out = Vec::new();
        match node {
            Some(block) if block.kind() == "block" => self.statements(block, &mut out),
            Some(only) => self.statement(only, &mut out),
            None => {}
        }
        out
    }

    fn statement_at(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        match node.kind() {
            "package_declaration" => self.package(node),
            "import_declaration" => self.import(node),
            kind if is_type_declaration(kind) => self.type_declaration(node, out),
            "method_declaration" => {
                let function = self.method(node, FunctionKind::Function);
                self.put(node, Stmt::Function(function), out);
            }
            "constructor_declaration" => {
                let function = self.constructor(node);
                self.put(node, Stmt::Function(function), out);
            }
            "local_variable_declaration" | "field_declaration" | "constant_declaration" => self.variables(node, out),
            "expression_statement" | "yield_statement" => match named(node).first() {
                Some(switch) if switch.kind() == "switch_expression" && node.kind() == "expression_statement" => {
                    self.switch(*switch, out);
                }
                _ => {
                    let value = self.first(node);
                    self.put(node, Stmt::Expr(value), out);
                }
            },
            "explicit_constructor_invocation" => {
                let callee = self.required(node, "constructor");
                let args = self.arguments(node);
                let value = self.b.call(line(node), callee, args);
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
            "switch_expression" => self.switch(node, out),
            "for_statement" => self.for_statement(node, out),
            "enhanced_for_statement" => self.walk(node, out),
            "while_statement" | "do_statement" => {
                let test = node.child_by_field_name("condition").map(|test| self.expression(test));
                let body = self.block(node.child_by_field_name("body"));
                self.put(node, Stmt::Loop { pattern: None, over: None, test, body }, out);
            }
            "try_statement" | "try_with_resources_statement" => self.try_statement(node, out),
            "synchronized_statement" => {
                // A lock is held as a resource is.
                let lock = self.first(node);
                let mut resources = Vec::new();
                self.put(node, Stmt::Expr(lock), &mut resources);
                let body = self.block(node.child_by_field_name("body"));
                self.put(node, Stmt::Using { resources, body }, out);
            }
            "labeled_statement" => {
                named(node).into_iter().skip(1).for_each(|inner| self.statement(inner, out));
            }
            "block" | "constructor_body" => {
                let mut body = Vec::new();
                self.statements(node, &mut body);
                self.put(node, Stmt::Block(body), out);
            }
            "break_statement" => self.put(node, Stmt::Break, out),
            "continue_statement" => self.put(node, Stmt::Continue, out),
            "ERROR" => self.broken(node, out),
            "module_declaration" => {}
            "assert_statement" => {
                let parts = named(node).into_iter().map(|part| self.expression(part)).collect();
                let value = self.b.expr(line(node), Expr::Opaque(parts));
                self.put(node, Stmt::Expr(value), out);
            }
            _ => {
                let value = self.expression(node);
                self.put(node, Stmt::Expr(value), out);
            }
        }
    }

    /// One statement for each name.
    fn variables(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let constant = has_modifier(node, "final");
        let exported = has_modifier(node, "public");
        for declarator in fields(node, "declarator") {
            let name = declarator.child_by_field_name("name");
            let pattern = name.map_or(Pattern::Ignore, |name| self.binding(name));
            let ty = node.child_by_field_name("type").and_then(|ty| self.declared_type(ty, declarator));
            let value = declarator.child_by_field_name("value").map(|value| self.expression(value));
            self.fill_diamond(ty.as_ref(), value);
            self.put(declarator, Stmt::Let { pattern, ty, value, constant, exported }, out);
        }
    }

    /// `else if` chains are walked, not recursed into.
    fn conditional(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let mut arms = Vec::new();
        let mut last = Vec::new();
        let mut at = Some(node);
        while let Some(node) = at {
            let test = self.required(node, "condition");
            let then = self.block(node.child_by_field_name("consequence"));
            arms.push((line(node), test, then));
            at = match node.child_by_field_name("alternative") {
                Some(next) if next.kind() == "if_statement" => Some(next),
                other => {
                    last = self.block(other);
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

    fn for_statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        fields(node, "init").into_iter().for_each(|start| self.statement(start, out));
        let test = node.child_by_field_name("condition").map(|test| self.expression(test));
        let mut body = self.block(node.child_by_field_name("body"));
        fields(node, "update").into_iter().for_each(|step| self.statement(step, &mut body));
        self.put(node, Stmt::Loop { pattern: None, over: None, test, body }, out);
    }

    /// `for (T x : xs)`; the declared type stands in the body, where the name is known.
    fn walk(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let over = self.required(node, "value");
        let name = node.child_by_field_name("name");
        let pattern = name.map_or(Pattern::Ignore, |name| self.binding(name));
        let mut body = Vec::new();
        if let Some(ty) = self.declared(node)
            && pattern != Pattern::Ignore
        {
            let declared =
                Stmt::Let { pattern: pattern.clone(), ty: Some(ty), value: None, constant: false, exported: false };
            self.put(name.unwrap_or(node), declared, &mut body);
        }
        body.extend(self.block(node.child_by_field_name("body")));
        self.put(node, Stmt::Loop { pattern: Some(pattern), over: Some(over), test: None, body }, out);
    }

    /// Resources are closed before a clause catches anything.
    fn try_statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let mut body = self.block(node.child_by_field_name("body"));
        if let Some(list) = node.child_by_field_name("resources") {
            let mut resources = Vec::new();
            for resource in named(list).into_iter().filter(|child| child.kind() == "resource") {
                self.resource(resource, &mut resources);
            }
            let using = Stmt::Using { resources, body: std::mem::take(&mut body) };
            self.put(node, using, &mut body);
        }
        let mut catches = Vec::new();
        let mut finally = Vec::new();
        for clause in named(node) {
            match clause.kind() {
                "catch_clause" => catches.push(self.catch(clause)),
                "finally_clause" => finally = self.block(child_of_kind(clause, "block")),
                _ => {}
            }
        }
        if catches.is_empty() && finally.is_empty() {
            return out.append(&mut body);
        }
        self.put(node, Stmt::Try { body, catches, finally }, out);
    }

    /// A declaration, or a variable that is there already.
    fn resource(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let Some(name) = node.child_by_field_name("name") else {
            let value = self.first(node);
            return self.put(node, Stmt::Expr(value), out);
        };
        let pattern = self.binding(name);
        let ty = self.declared(node);
        let value = node.child_by_field_name("value").map(|value| self.expression(value));
        self.put(node, Stmt::Let { pattern, ty, value, constant: true, exported: false }, out);
    }

    fn catch(&mut self, node: Node<'_>) -> Catch {
        let parameter = child_of_kind(node, "catch_formal_parameter");
        let types = parameter.and_then(|parameter| child_of_kind(parameter, "catch_type"));
        let name = parameter.and_then(|parameter| parameter.child_by_field_name("name"));
        let binding = name.map(|name| self.text(name)).filter(|name| name != "_");
        Catch {
            binding,
            types: types.map(|types| self.type_list(types)).unwrap_or_default(),
            body: self.block(node.child_by_field_name("body")),
        }
    }
}
