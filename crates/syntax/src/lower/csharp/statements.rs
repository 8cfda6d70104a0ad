//! Statements of C# become the few kinds of statements that control flow and names need.

use super::namespaces::is_type_declaration;
use super::queries::typed;
use super::{Lowering, behind, child_of_kind, fields, flat, has_token, line, named, operands};
use crate::{Case, Catch, Expr, Pattern, Stmt, StmtId};
use tree_sitter::Node;

/// `else if` chains longer than this become one switch, so that the tree stays shallow.
const MAX_ELSE_IFS: usize = 100;
/// `using` declarations of one block whose scopes nest; those behind are plain variables.
const MAX_USINGS: usize = 20;

/// A `using` declaration whose block has not ended.
struct Scope {
    /// What stands before it.
    before: Vec<StmtId>,
    line: u32,
    resources: Vec<StmtId>,
}

impl Lowering<'_, '_> {
    /// The statements of a block or a file. What follows a `using` declaration is its body, up to the types.
    pub(super) fn sequence(&mut self, nodes: Vec<Node<'_>>, out: &mut Vec<StmtId>) {
        let outer = self.context.namespace.clone();
        let mut open: Vec<Scope> = Vec::new();
        let mut current = Vec::new();
        for node in nodes {
            let inner = if node.kind() == "global_statement" { named(node).first().copied() } else { None };
            let node = inner.unwrap_or(node);
            if node.kind() == "file_scoped_namespace_declaration" {
                self.context.namespace = self.namespace(&outer, node);
                continue;
            }
            if is_type_declaration(node.kind()) || node.kind() == "namespace_declaration" {
                self.close(&mut open, &mut current);
            }
            let is_using = node.kind() == "local_declaration_statement" && has_token(node, "using");
            if is_using && (open.is_empty() || !current.is_empty()) && open.len() < MAX_USINGS {
                let before = std::mem::take(&mut current);
                open.push(Scope { before, line: line(node), resources: Vec::new() });
            }
            match open.last_mut().filter(|_| is_using && current.is_empty()) {
                Some(scope) => self.statement(node, &mut scope.resources),
                None => self.statement(node, &mut current),
            }
        }
        self.close(&mut open, &mut current);
        out.append(&mut current);
        self.context.namespace = outer;
    }

    /// Puts what followed `using` declarations into them.
    fn close(&mut self, open: &mut Vec<Scope>, current: &mut Vec<StmtId>) {
        while let Some(Scope { mut before, line, resources }) = open.pop() {
            before.push(self.b.stmt(line, Stmt::Using { resources, body: std::mem::take(current) }));
            *current = before;
        }
    }

    /// Lowers a statement; beyond the depth bound it is left out.
    pub(super) fn statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        self.deeper(|inner| inner.statement_at(node, out));
    }

    pub(super) fn put(&mut self, node: Node<'_>, stmt: Stmt, out: &mut Vec<StmtId>) {
        let stmt = self.b.stmt(line(node), stmt);
        out.push(stmt);
    }

    /// The statements of a block, or the one statement that stands in its place.
    fn block(&mut self, node: Option<Node<'_>>) -> Vec<StmtId> {
        let mut out = Vec::new();
        match node {
            Some(node) if node.kind() == "block" => self.sequence(flat(node), &mut out),
            Some(node) => self.statement(node, &mut out),
            None => {}
        }
        out
    }

    fn statement_at(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        match node.kind() {
            "expression_statement" => self.expression_statement(node, out),
            "local_declaration_statement" => {
                let constant = self.has_modifier(node, "const");
                if let Some(declaration) = child_of_kind(node, "variable_declaration") {
                    self.variables(declaration, constant, out);
                }
            }
            "return_statement" => {
                let returns = self.context.returns.clone();
                let value = operands(node).first().map(|value| self.expression_as(*value, returns));
                self.put(node, Stmt::Return(value), out);
            }
            "throw_statement" => {
                let value = operands(node).first().map(|value| self.expression(*value));
                self.put(node, Stmt::Throw(value), out);
            }
            "if_statement" => self.conditional(node, out),
            "switch_statement" => self.switch_statement(node, out),
            "try_statement" => self.try_statement(node, out),
            "for_statement" | "foreach_statement" | "while_statement" | "do_statement" => {
                self.loop_statement(node, out)
            }
            "using_statement" | "lock_statement" | "fixed_statement" => self.using_statement(node, out),
            "block" => {
                let body = self.block(Some(node));
                self.put(node, Stmt::Block(body), out);
            }
            "checked_statement" | "unsafe_statement" | "labeled_statement" => self.statement_of(node, out),
            "yield_statement" if has_token(node, "break") => self.put(node, Stmt::Return(None), out),
            "break_statement" => self.put(node, Stmt::Break, out),
            "continue_statement" => self.put(node, Stmt::Continue, out),
            "empty_statement" | "shebang_directive" => {}
            "yield_statement" | "goto_statement" => {
                let parts = operands(node).into_iter().map(|part| self.expression(part)).collect();
                let value = self.b.expr(line(node), Expr::Opaque(parts));
                self.put(node, Stmt::Expr(value), out);
            }
            _ => self.declaration(node, out),
        }
    }

    /// The statement that another one only marks.
    fn statement_of(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        if let Some(inner) = named(node).last() {
            self.statement(*inner, out);
        }
    }

    fn declaration(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        match node.kind() {
            kind if is_type_declaration(kind) => self.type_declaration(node, out),
            "local_function_statement" => {
                let function = self.local_function(node);
                self.put(node, Stmt::Function(function), out);
            }
            "namespace_declaration" => {
                self.context.namespace = self.namespace(&self.context.namespace.clone(), node);
                if let Some(body) = node.child_by_field_name("body") {
                    self.sequence(flat(body), out);
                }
            }
            "using_directive" => self.using_directive(node, out),
            "extern_alias_directive" => self.extern_alias(node),
            "global_attribute" => self.global_attribute(node, out),
            "ERROR" => self.broken(node, out),
            "variable_declaration" => self.variables(node, false, out),
            "declaration_list" => self.sequence(flat(node), out),
            _ => match self.method(node) {
                // A method that lost its class to a syntax error.
                Some(method) => self.put(node, Stmt::Function(method), out),
                None => {
                    let value = self.expression(node);
                    self.put(node, Stmt::Expr(value), out);
                }
            },
        }
    }

    /// Of what stands inside a syntax error, declarations, statements and calls still count; loose names do not.
    pub(super) fn broken(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let mut rest = flat(node);
        rest.retain(|child| {
            let kind = child.kind();
            kind.ends_with("_statement")
                || kind.ends_with("_declaration")
                || matches!(
                    kind,
                    "ERROR"
                        | "block"
                        | "declaration_list"
                        | "using_directive"
                        | "assignment_expression"
                        | "await_expression"
                        | "invocation_expression"
                        | "object_creation_expression"
                )
        });
        self.sequence(rest, out);
    }

    fn expression_statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let Some(inner) = operands(node).first().copied() else { return };
        if self.deconstruction(inner, out) {
            return;
        }
        let is_discard = inner.kind() == "assignment_expression"
            && inner.child_by_field_name("left").is_some_and(|left| self.text(left) == "_");
        let value = if is_discard { self.required(inner, "right") } else { self.expression(inner) };
        self.put(node, Stmt::Expr(value), out);
    }

    /// One statement for each declarator.
    fn variables(&mut self, node: Node<'_>, constant: bool, out: &mut Vec<StmtId>) {
        let ty = self.field_type(node, "type");
        for child in named(node).into_iter().filter(|child| child.kind() == "variable_declarator") {
            let pattern = match (child.child_by_field_name("name"), child_of_kind(child, "tuple_pattern")) {
                (Some(name), _) => self.binding(name),
                (None, Some(tuple)) => self.tuple_pattern(tuple),
                (None, None) => Pattern::Ignore,
            };
            let value = behind(child, "=").map(|value| self.expression_for(value, ty.as_ref()));
            self.put(child, Stmt::Let { pattern, ty: ty.clone(), value, constant, exported: false }, out);
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

    fn loop_statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        if node.kind() == "foreach_statement" {
            return self.foreach(node, out);
        }
        for initializer in fields(node, "initializer") {
            if initializer.kind() == "variable_declaration" {
                self.variables(initializer, false, out);
            } else {
                let value = self.expression(initializer);
                self.put(initializer, Stmt::Expr(value), out);
            }
        }
        let test = node.child_by_field_name("condition").map(|test| self.expression(test));
        let mut body = self.block(node.child_by_field_name("body"));
        for update in fields(node, "update") {
            let value = self.expression(update);
            self.put(update, Stmt::Expr(value), &mut body);
        }
        self.put(node, Stmt::Loop { pattern: None, over: None, test, body }, out);
    }

    fn foreach(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let over = self.required(node, "right");
        let ty = self.field_type(node, "type");
        let mut assigned = Vec::new();
        let pattern = match node.child_by_field_name("left") {
            Some(left) if left.kind() == "tuple_pattern" => self.tuple_pattern(left),
            Some(left) if left.kind() == "identifier" => self.binding(left),
            Some(left) => self.target_pattern(left, &mut assigned),
            None => Pattern::Ignore,
        };
        let mut body = Vec::new();
        if let Some(ty) = ty {
            self.put(node, typed(pattern.clone(), ty), &mut body);
        }
        body.extend(self.block(node.child_by_field_name("body")));
        self.put(node, Stmt::Loop { pattern: Some(pattern), over: Some(over), test: None, body }, out);
    }

    /// `using (…)`, and what else holds something for its body: `lock`, `fixed`.
    fn using_statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let body = node.child_by_field_name("body").or_else(|| named(node).last().copied());
        let head = operands(node).into_iter().find(|child| Some(child.id()) != body.map(|body| body.id()));
        let mut resources = Vec::new();
        match head {
            Some(head) if head.kind() == "variable_declaration" => self.variables(head, false, &mut resources),
            Some(head) => {
                let value = self.expression(head);
                self.put(head, Stmt::Expr(value), &mut resources);
            }
            None => {}
        }
        let body = self.block(body);
        self.put(node, Stmt::Using { resources, body }, out);
    }

    fn try_statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let body = self.block(node.child_by_field_name("body"));
        let mut catches = Vec::new();
        for clause in named(node).into_iter().filter(|child| child.kind() == "catch_clause") {
            catches.push(self.catch_clause(clause));
        }
        let finally = child_of_kind(node, "finally_clause").and_then(|clause| child_of_kind(clause, "block"));
        let finally = self.block(finally);
        self.put(node, Stmt::Try { body, catches, finally }, out);
    }

    /// What a filter turns away goes on as if it had not been caught.
    fn catch_clause(&mut self, node: Node<'_>) -> Catch {
        let declared = child_of_kind(node, "catch_declaration");
        let binding = declared.and_then(|declared| declared.child_by_field_name("name")).map(|name| self.name(name));
        let types = declared.and_then(|declared| self.field_type(declared, "type")).into_iter().collect();
        let filter = child_of_kind(node, "catch_filter_clause");
        let test = filter.map(|filter| self.first(filter));
        let mut body = self.block(node.child_by_field_name("body"));
        if let (Some(filter), Some(test)) = (filter, test) {
            let again = self.b.stmt(line(filter), Stmt::Throw(None));
            let decide = Stmt::If { test, then: body, otherwise: vec![again] };
            body = vec![self.b.stmt(line(filter), decide)];
        }
        Catch { binding, types, body }
    }
}
