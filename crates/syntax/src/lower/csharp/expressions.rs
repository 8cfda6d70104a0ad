//! Expressions that continue nothing.

use super::{Lowering, behind, line, named, operands};
use crate::{Entry, Expr, ExprId, Stmt, TypeRef};
use smol_str::SmolStr;
use std::rc::Rc;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// Lowers an expression; beyond the depth bound it is opaque.
    pub(super) fn expression(&mut self, node: Node<'_>) -> ExprId {
        self.deeper(|inner| inner.chain(node)).unwrap_or_else(|| self.opaque(node))
    }

    pub(super) fn required(&mut self, node: Node<'_>, field: &str) -> ExprId {
        match node.child_by_field_name(field) {
            Some(child) => self.expression(child),
            None => self.opaque(node),
        }
    }

    pub(super) fn first(&mut self, node: Node<'_>) -> ExprId {
        match operands(node).first() {
            Some(child) => self.expression(*child),
            None => self.opaque(node),
        }
    }

    /// An expression that is to have a type where one is expected.
    pub(super) fn single(&mut self, node: Node<'_>, expected: Option<Rc<TypeRef>>) -> ExprId {
        match node.kind() {
            "identifier" | "generic_name" | "predefined_type" | "this" | "base" => self.plain(node),
            "qualified_name" | "alias_qualified_name" => {
                let ty = self.type_ref(node);
                self.type_value(line(node), &ty).0
            }
            kind if kind.ends_with("_literal") => self.literal(node),
            "interpolated_string_expression" => self.interpolated(node),
            "lambda_expression" | "anonymous_method_expression" => self.lambda(node),
            "object_creation_expression"
            | "implicit_object_creation_expression"
            | "anonymous_object_creation_expression"
            | "array_creation_expression"
            | "implicit_array_creation_expression"
            | "stackalloc_expression"
            | "implicit_stackalloc_expression"
            | "initializer_expression"
            | "collection_expression" => self.creation(node, expected),
            "conditional_expression" => self.conditional_value(node, expected),
            "assignment_expression" => self.assignment(node),
            "query_expression" => self.query(node),
            "await_expression" | "prefix_unary_expression" | "cast_expression" => {
                let value = match node.child_by_field_name("value").or_else(|| operands(node).last().copied()) {
                    Some(value) => self.expression(value),
                    None => self.opaque(node),
                };
                self.prefix(node, value)
            }
            _ => self.other(node),
        }
    }

    fn plain(&mut self, node: Node<'_>) -> ExprId {
        let expr = match node.kind() {
            "this" => Expr::This,
            "base" => Expr::Super,
            _ => Expr::Name(self.name(node)),
        };
        self.b.expr(line(node), expr)
    }

    fn literal(&mut self, node: Node<'_>) -> ExprId {
        let expr = match node.kind() {
            "null_literal" => Expr::Null,
            "boolean_literal" => Expr::Bool(self.text(node) == "true"),
            "integer_literal" | "real_literal" => Expr::Number(self.text(node)),
            _ => Expr::Text(self.string(node)),
        };
        self.b.expr(line(node), expr)
    }

    fn conditional_value(&mut self, node: Node<'_>, expected: Option<Rc<TypeRef>>) -> ExprId {
        let test = self.required(node, "condition");
        let mut branch = |field| match node.child_by_field_name(field) {
            Some(child) => self.expression_as(child, expected.clone()),
            None => self.opaque(node),
        };
        let then = branch("consequence");
        let otherwise = branch("alternative");
        self.b.expr(line(node), Expr::Conditional { test, then, otherwise })
    }

    fn assignment(&mut self, node: Node<'_>) -> ExprId {
        let op = node.child_by_field_name("operator").map(|op| self.text(op)).unwrap_or_default();
        let mut parts = Vec::new();
        if self.deconstruction(node, &mut parts) {
            return self.b.expr(line(node), Expr::Block(parts));
        }
        let target = self.required(node, "left");
        let value = self.required(node, "right");
        if op == "+="
            && let Some(call) = self.subscription(target, value)
        {
            return call;
        }
        self.b.expr(line(node), Expr::Assign { op, target, value })
    }

    /// `source.Event += handler` calls the accessor of the event, as in metadata; what is added must be a function.
    fn subscription(&mut self, target: ExprId, value: ExprId) -> Option<ExprId> {
        let (object, event) = match &self.b.tree.exprs[target.0 as usize] {
            Expr::Member { object, name } => (*object, name.clone()),
            _ => return None,
        };
        let is_method = |name: &str| name.starts_with(char::is_uppercase);
        let handler = match &self.b.tree.exprs[value.0 as usize] {
            Expr::Lambda(_) => value,
            Expr::Name(name) | Expr::Member { name, .. } if is_method(name) => value,
            // `new AsyncEventHandler<T>(Handle)` is the method it is made of.
            Expr::New(call) if call.args.len() == 1 => call.args[0].value,
            _ => return None,
        };
        let at = self.b.tree.expr_lines.get(target.0 as usize).copied().unwrap_or(1);
        let name = SmolStr::new(format!("add_{event}"));
        let callee = self.b.expr(at, Expr::Member { object, name });
        Some(self.b.call(at, callee, vec![crate::Arg { name: None, value: handler }]))
    }

    fn other(&mut self, node: Node<'_>) -> ExprId {
        let at = line(node);
        let expr = match node.kind() {
            // `nameof(a.b.C)` is `C`.
            "invocation_expression" => return self.name_of(node),
            "typeof_expression" => return self.required_type(node),
            "default_expression" => Expr::Null,
            "tuple_expression" => Expr::List(self.args(node).into_iter().map(|arg| arg.value).collect()),
            "declaration_expression" => return self.declaration_expression(node),
            "throw_expression" => {
                let thrown = self.first(node);
                Expr::Block(vec![self.b.stmt(at, Stmt::Throw(Some(thrown)))])
            }
            "checked_expression"
            | "ref_expression"
            | "argument"
            | "expression_element"
            | "expression_statement"
            | "global_statement"
            | "arrow_expression_clause" => return self.first(node),
            "sizeof_expression" => Expr::Opaque(Vec::new()),
            "preproc_if" => return self.branches(node),
            _ => Expr::Opaque(operands(node).into_iter().filter_map(|child| self.part(child)).collect()),
        };
        self.b.expr(at, expr)
    }

    /// A child of a node that is no plain expression: statements inside count as a block, types not at all.
    fn part(&mut self, node: Node<'_>) -> Option<ExprId> {
        let kind = node.kind();
        if kind.ends_with("_type") || kind.ends_with("_list") || kind == "modifier" {
            return None;
        }
        if kind.ends_with("_statement") || kind.ends_with("_declaration") || kind == "block" {
            let mut body = Vec::new();
            self.statement(node, &mut body);
            return Some(self.b.expr(line(node), Expr::Block(body)));
        }
        Some(self.expression(node))
    }

    fn required_type(&mut self, node: Node<'_>) -> ExprId {
        let ty = self.field_type(node, "type").unwrap_or(TypeRef::Other);
        self.b.expr(line(node), Expr::TypeLiteral(ty))
    }

    fn name_of(&mut self, node: Node<'_>) -> ExprId {
        let argument = node.child_by_field_name("arguments").and_then(|list| named(list).first().copied());
        let value = argument.and_then(|argument| operands(argument).last().copied());
        let last = value.map(|value| value.child_by_field_name("name").unwrap_or(value));
        let name = last.map(|last| self.name(last)).unwrap_or_default();
        self.b.expr(line(node), Expr::NameOf(name))
    }

    /// `out T x`: the binding and the name.
    fn declaration_expression(&mut self, node: Node<'_>) -> ExprId {
        let at = line(node);
        let name = self.field_name(node, "name");
        if name == "_" {
            return self.opaque(node);
        }
        let ty = self.field_type(node, "type");
        let pattern = crate::Pattern::Name(name.clone());
        let bind = self.b.stmt(at, Stmt::Let { pattern, ty, value: None, constant: false, exported: false });
        let value = self.b.expr(at, Expr::Name(name));
        let value = self.b.stmt(at, Stmt::Expr(value));
        self.b.expr(at, Expr::Block(vec![bind, value]))
    }

    /// `#if` inside an expression: either value may be meant.
    fn branches(&mut self, node: Node<'_>) -> ExprId {
        let (alternatives, values): (Vec<_>, Vec<_>) =
            super::branch(node).into_iter().partition(|child| super::is_branch(*child));
        let then = values.first().map(|value| self.expression(*value));
        let otherwise = alternatives.first().and_then(|alternative| {
            self.deeper(|inner| match alternative.kind() {
                "preproc_else" => inner.first(*alternative),
                _ => inner.branches(*alternative),
            })
        });
        match (then, otherwise) {
            (Some(then), Some(otherwise)) => {
                let test = self.opaque(node);
                self.b.expr(line(node), Expr::Conditional { test, then, otherwise })
            }
            (Some(only), None) | (None, Some(only)) => only,
            (None, None) => self.opaque(node),
        }
    }

    /// `value with { A = 1 }`: an object with the fields of the value and those given.
    pub(super) fn with_expression(&mut self, node: Node<'_>, value: ExprId) -> ExprId {
        let mut entries = vec![Entry::Spread(value)];
        for child in named(node).into_iter().filter(|child| child.kind() == "with_initializer") {
            let key = named(child).first().map(|key| self.name(*key)).unwrap_or_default();
            if let Some(value) = behind(child, "=") {
                entries.push(Entry::Field { key, value: self.expression(value) });
            }
        }
        self.b.expr(line(node), Expr::Object(entries))
    }

    /// A name that no source can have.
    pub(super) fn temporary(&self, what: &str, node: Node<'_>) -> SmolStr {
        SmolStr::new(format!("${what}@{}:{}", line(node), node.start_position().column + 1))
    }
}
