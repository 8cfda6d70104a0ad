//! Statements, and expressions that stand as statements.

use super::{Lowering, behind, named};
use crate::{Expr, FunctionKind, Pattern, Stmt, StmtId};
use smol_str::SmolStr;
use tree_sitter::Node;

/// What the value of a block's last expression is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    /// It is the result of the function or lambda.
    Return,
    /// It is the value of the block, or nobody's.
    Value,
}

impl Lowering<'_, '_> {
    /// The statements of a file, a block or a lambda.
    pub(super) fn statements(&mut self, node: Node<'_>, tail: Tail, out: &mut Vec<StmtId>) {
        let children = named(node);
        let last = children.len().saturating_sub(1);
        for (at, child) in children.into_iter().enumerate() {
            let tail = if at == last { tail } else { Tail::Value };
            self.statement(child, tail, out);
        }
    }

    /// The body of a block, a branch or a loop: several statements, or one without braces.
    pub(super) fn body(&mut self, node: Option<Node<'_>>, tail: Tail) -> Vec<StmtId> {
        let mut out = Vec::new();
        match node {
            Some(node) if node.kind() == "block" => self.statements(node, tail, &mut out),
            Some(node) => self.statement(node, tail, &mut out),
            None => {}
        }
        out
    }

    /// Lowers a statement; beyond the depth bound it is left out.
    pub(super) fn statement(&mut self, node: Node<'_>, tail: Tail, out: &mut Vec<StmtId>) {
        self.deeper(|inner| inner.statement_at(node, tail, out));
    }

    fn statement_at(&mut self, node: Node<'_>, tail: Tail, out: &mut Vec<StmtId>) {
        match node.kind() {
            "package_header" => self.package(node),
            "import" => self.import(node),
            "file_annotation" | "shebang" | "label" | "lambda_parameters" => {}
            "class_declaration" | "object_declaration" | "type_alias" => {
                // A class inside a function is none of the class around.
                let outer = self.leave_type();
                let ty = if node.kind() == "type_alias" { self.alias(node) } else { self.class(node) };
                self.context = outer;
                self.put(node, Stmt::Type(ty), out);
            }
            "function_declaration" => {
                let outer = self.leave_type();
                let function = self.function(node);
                self.context = outer;
                self.put(node, Stmt::Function(function), out);
            }
            "property_declaration" => self.variable(node, out),
            "block" => {
                let body = self.body(Some(node), tail);
                self.put(node, Stmt::Block(body), out);
            }
            "ERROR" => self.broken(node, out),
            _ => self.expression_statement(node, tail, out),
        }
    }

    /// What is declared from here on is no member.
    pub(super) fn leave_type(&mut self) -> super::Context {
        let outer = self.context.clone();
        self.context.owner = None;
        self.context.is_static = false;
        outer
    }

    /// A loop, an assignment or an expression, for its effect or as the tail of a block.
    fn expression_statement(&mut self, node: Node<'_>, tail: Tail, out: &mut Vec<StmtId>) {
        match node.kind() {
            "assignment" => {
                let op = node.child_by_field_name("operator").map(|op| self.text(op)).unwrap_or_default();
                let target = self.required(node, "left");
                let value = self.required(node, "right");
                let assign = self.expr(node, Expr::Assign { op, target, value });
                self.put(node, Stmt::Expr(assign), out);
            }
            "for_statement" => self.for_statement(node, out),
            "while_statement" | "do_while_statement" => {
                let test = node.child_by_field_name("condition").map(|test| self.expression(test));
                let condition = node.child_by_field_name("condition").map(|test| test.id());
                let body =
                    named(node).into_iter().find(|child| child.kind() != "label" && Some(child.id()) != condition);
                let body = self.body(body, Tail::Value);
                self.put(node, Stmt::Loop { pattern: None, over: None, test, body }, out);
            }
            "annotated_expression" => {
                if let Some(inner) = named(node).last() {
                    self.statement(*inner, tail, out);
                }
            }
            "if_expression" | "when_expression" | "try_expression" if tail == Tail::Return => self.result(node, out),
            "if_expression" => self.conditional(node, tail, out),
            "when_expression" => self.when_statement(node, tail, out),
            "try_expression" => self.try_statement(node, tail, out),
            "return_expression" => match self.jump_value(node) {
                Some(value) => self.result(value, out),
                None => self.put(node, Stmt::Return(None), out),
            },
            "throw_expression" => {
                let value = self.jump_value(node).map(|value| self.expression(value));
                self.put(node, Stmt::Throw(value), out);
            }
            "labeled_expression" => match self.loop_exit(node) {
                Some(exit) => self.put(node, exit, out),
                None => {
                    if let Some(inner) = named(node).last() {
                        self.statement(*inner, tail, out);
                    }
                }
            },
            "identifier" if self.loop_exit(node).is_some() => {
                let exit = self.loop_exit(node).unwrap_or(Stmt::Break);
                self.put(node, exit, out);
            }
            _ => {
                let value = self.expression(node);
                let stmt = if tail == Tail::Return { Stmt::Return(Some(value)) } else { Stmt::Expr(value) };
                self.put(node, stmt, out);
            }
        }
    }

    /// An expression whose value leaves the function. Branches that hold statements return by themselves.
    pub(super) fn result(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        match node.kind() {
            "try_expression" => self.try_statement(node, Tail::Return, out),
            "if_expression" if !super::conditions::is_plain_if(node) => self.conditional(node, Tail::Return, out),
            "when_expression" if !super::conditions::is_plain_when(node) => {
                self.when_statement(node, Tail::Return, out);
            }
            "return_expression" | "throw_expression" => self.statement(node, Tail::Value, out),
            _ => {
                let value = self.expression(node);
                self.put(node, Stmt::Return(Some(value)), out);
            }
        }
    }

    /// What `return`, `return@label` or `throw` hands over.
    pub(super) fn jump_value<'t>(&self, node: Node<'t>) -> Option<Node<'t>> {
        let label = node.child_by_field_name("label").map(|label| label.id());
        named(node).into_iter().find(|child| Some(child.id()) != label)
    }

    /// `break` and `continue`, which the grammar takes for names, and with a label for labels.
    pub(super) fn loop_exit(&self, node: Node<'_>) -> Option<Stmt> {
        let word = match node.kind() {
            "labeled_expression" => super::child(node, "label")?,
            _ => node,
        };
        match self.text(word).trim_end_matches('@') {
            "break" => Some(Stmt::Break),
            "continue" => Some(Stmt::Continue),
            _ => None,
        }
    }

    fn for_statement(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let bound = named(node).into_iter().find(|child| child.kind().ends_with("variable_declaration"));
        let pattern = bound.map_or(Pattern::Ignore, |bound| self.pattern(bound));
        let over = behind(node, "in").map(|over| self.expression(over));
        // The body stands behind the parenthesis that closes the head.
        let body = behind(node, ")");
        let body = self.body(body, Tail::Value);
        self.put(node, Stmt::Loop { pattern: Some(pattern), over, test: None, body }, out);
    }

    /// `a`, `a: T`, `(a, _)`: what it binds.
    pub(super) fn pattern(&self, node: Node<'_>) -> Pattern {
        if node.kind() == "multi_variable_declaration" {
            let parts = named(node).into_iter().filter(|part| part.kind() == "variable_declaration");
            return Pattern::List(parts.map(|part| self.pattern(part)).collect());
        }
        match self.own_name(node) {
            name if name.is_empty() || name == "_" => Pattern::Ignore,
            name => Pattern::Name(name),
        }
    }

    /// A property of a file, or a variable of a block.
    fn variable(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let modifiers = self.modifiers(node);
        let property = self.property(node);
        if property.receiver.is_some() {
            for accessor in self.accessors(&property, &modifiers) {
                self.put(node, Stmt::Function(accessor), out);
            }
            return;
        }
        let exported = node.parent().is_some_and(|parent| parent.kind() == "source_file") && modifiers.is_exported();
        let (pattern, ty) = match property.binding {
            Some(binding) => (self.pattern(binding), self.declared_type(binding)),
            None => (Pattern::Ignore, None),
        };
        let value = match (property.has_value(), property.getter) {
            (false, Some(getter)) => self.computed(getter),
            _ => self.property_value(&property),
        };
        let constant = property.is_constant;
        self.put(node, Stmt::Let { pattern, ty, value, constant, exported }, out);
        if let Some(setter) = property.setter {
            let setter = self.accessor(setter, FunctionKind::Setter, &property, &modifiers);
            self.put(node, Stmt::Function(setter), out);
        }
    }

    /// A value that has a name: constants of the language are written like names.
    pub(super) fn named_value(&mut self, line: u32, name: SmolStr) -> crate::ExprId {
        let expr = match name.as_str() {
            "true" => Expr::Bool(true),
            "false" => Expr::Bool(false),
            "null" => Expr::Null,
            "this" => Expr::This,
            "field" => return self.backing(line, name),
            _ => Expr::Name(name),
        };
        self.b.expr(line, expr)
    }
}
