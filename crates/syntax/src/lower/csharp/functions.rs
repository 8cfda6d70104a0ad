//! Methods, constructors, operators, local functions, lambdas; their parameters and bodies.

use super::types::{awaited, simple_name};
use super::{Lowering, behind, child_of_kind, fields, flat, has_token, head_line, line, operands};
use crate::{Builder, Call, Expr, ExprId, Function, FunctionId, FunctionKind, Param, Pattern, Stmt, StmtId, TypeRef};
use smol_str::SmolStr;
use std::rc::Rc;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// A member that is a function; nothing for any other node.
    pub(super) fn method(&mut self, node: Node<'_>) -> Option<FunctionId> {
        let mut function = Builder::blank_function(node, FunctionKind::Method);
        function.line = head_line(node);
        function.name = match node.kind() {
            "method_declaration" | "local_function_statement" => self.field_name(node, "name"),
            "constructor_declaration" => {
                function.kind = FunctionKind::Constructor;
                SmolStr::new_static("constructor")
            }
            "destructor_declaration" => SmolStr::new(format!("~{}", self.field_name(node, "name"))),
            "operator_declaration" => SmolStr::new(format!("operator {}", self.field_name(node, "operator"))),
            "conversion_operator_declaration" => SmolStr::new(format!("operator {}", self.field_name(node, "type"))),
            _ => return None,
        };
        function.owner.clone_from(&self.context.owner);
        function.implements = self.explicit_interface(node);
        function.exported = self.is_visible(node, self.context.in_interface || function.implements.is_some());
        function.is_static = self.has_modifier(node, "static");
        function.annotations = self.attributes(node);
        self.signature(node, &mut function);
        self.extension(node, &mut function);
        let mut statements: Vec<StmtId> = child_of_kind(node, "constructor_initializer")
            .map(|call| self.constructor_call(call))
            .into_iter()
            .collect();
        let returns = awaited_result(&function);
        function.body = self.body_of(node.child_by_field_name("body"), returns).map(|body| {
            statements.extend(body);
            statements
        });
        Some(self.b.function(function))
    }

    /// `: base(…)` and `: this(…)` are calls before all statements.
    fn constructor_call(&mut self, node: Node<'_>) -> StmtId {
        let at = line(node);
        let callee = if has_token(node, "base") { Expr::Super } else { Expr::This };
        let callee = self.b.expr(at, callee);
        let args = child_of_kind(node, "argument_list").map(|list| self.args(list)).unwrap_or_default();
        let call = self.b.call(at, callee, args);
        self.b.stmt(at, Stmt::Expr(call))
    }

    pub(super) fn explicit_interface(&mut self, node: Node<'_>) -> Option<TypeRef> {
        let specifier = child_of_kind(node, "explicit_interface_specifier")?;
        operands(specifier).first().map(|name| self.type_ref(*name))
    }

    /// Type parameters, parameters, result.
    fn signature(&mut self, node: Node<'_>, function: &mut Function) {
        function.is_async = self.has_modifier(node, "async");
        function.type_params = self.type_parameters(node);
        if let Some(list) = node.child_by_field_name("parameters") {
            function.params = self.parameters(list);
        }
        let field = if node.kind() == "method_declaration" { "returns" } else { "type" };
        function.returns = self.field_type(node, field);
    }

    /// `this T x` makes the function one of `T`, and `x` what it is called on.
    fn extension(&mut self, node: Node<'_>, function: &mut Function) {
        let first = node.child_by_field_name("parameters").and_then(|list| child_of_kind(list, "parameter"));
        let is_extension = first.is_some_and(|first| self.has_modifier(first, "this"));
        if !is_extension || function.params.is_empty() {
            return;
        }
        let owner = function.params.first().and_then(|param| param.ty.as_ref()).and_then(simple_name);
        if let (Some(owner), Some(Pattern::Name(name))) = (owner, function.params.first().map(|param| &param.pattern)) {
            function.receiver = Some(name.clone());
            function.owner = Some(owner);
            function.is_static = false;
            function.params.remove(0);
        }
    }

    /// A function inside a function, or of a program without a class.
    pub(super) fn local_function(&mut self, node: Node<'_>) -> FunctionId {
        let mut function = Builder::blank_function(node, FunctionKind::Function);
        function.line = head_line(node);
        function.name = self.field_name(node, "name");
        function.is_static = self.has_modifier(node, "static");
        function.annotations = self.attributes(node);
        self.signature(node, &mut function);
        let returns = awaited_result(&function);
        function.body = self.body_of(node.child_by_field_name("body"), returns);
        self.b.function(function)
    }

    /// A lambda or an anonymous method.
    pub(super) fn lambda(&mut self, node: Node<'_>) -> ExprId {
        let mut function = Builder::blank_function(node, FunctionKind::Lambda);
        function.annotations = self.attributes(node);
        match node.child_by_field_name("parameters") {
            Some(single) if single.kind() == "implicit_parameter" => {
                function.is_async = self.has_modifier(node, "async");
                function.params.push(blank_param(self.binding(single)));
            }
            _ => self.signature(node, &mut function),
        }
        let body = node.child_by_field_name("body").or_else(|| child_of_kind(node, "block"));
        let returns = awaited_result(&function);
        function.body = self.body_of(body, returns);
        let function = self.b.function(function);
        self.b.expr(line(node), Expr::Lambda(function))
    }

    /// A block, or one expression that is returned.
    pub(super) fn function_body(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let value = match node.kind() {
            "block" => return self.sequence(flat(node), out),
            "arrow_expression_clause" => operands(node).first().copied(),
            _ => Some(node),
        };
        match value {
            Some(value) if value.kind() == "throw_expression" => {
                let thrown = self.first(value);
                self.put(value, Stmt::Throw(Some(thrown)), out);
            }
            Some(value) if self.deconstruction(value, out) => {}
            Some(value) => {
                let returns = self.context.returns.clone();
                let returned = self.expression_for(value, returns.as_deref());
                self.put(value, Stmt::Return(Some(returned)), out);
            }
            None => {}
        }
    }

    pub(super) fn binding(&self, node: Node<'_>) -> Pattern {
        match self.name(node) {
            name if name == "_" => Pattern::Ignore,
            name => Pattern::Name(name),
        }
    }

    /// The parameters of a list; the grammar spreads a `params` array over the list itself.
    pub(super) fn parameters(&mut self, list: Node<'_>) -> Vec<Param> {
        let mut params = Vec::new();
        let mut annotations = Vec::new();
        let mut ty = None;
        let mut cursor = list.walk();
        let mut more = cursor.goto_first_child();
        while more {
            let child = cursor.node();
            match (cursor.field_name(), child.kind()) {
                (_, "parameter") => params.push(self.parameter(child)),
                (_, "attribute_list") => annotations.extend(self.attribute_list(child)),
                (Some("type"), _) => ty = Some(self.type_ref(child)),
                (Some("name"), _) => params.push(Param {
                    ty: ty.take(),
                    annotations: std::mem::take(&mut annotations),
                    rest: true,
                    ..blank_param(self.binding(child))
                }),
                _ => {}
            }
            more = cursor.goto_next_sibling();
        }
        params
    }

    fn parameter(&mut self, node: Node<'_>) -> Param {
        let ty = self.field_type(node, "type");
        let default = behind(node, "=").map(|value| self.expression_for(value, ty.as_ref()));
        let pattern = fields(node, "name").first().map_or(Pattern::Ignore, |name| self.binding(*name));
        Param { ty, default, annotations: self.attributes(node), ..blank_param(pattern) }
    }

    /// Arguments in round or square brackets.
    pub(super) fn args(&mut self, list: Node<'_>) -> Vec<crate::Arg> {
        let mut args = Vec::new();
        for child in operands(list) {
            let (name, value) = match child.kind() {
                "argument" => {
                    let name = child.child_by_field_name("name").map(|name| self.name(name));
                    (name, operands(child).last().copied().unwrap_or(child))
                }
                _ => (None, child),
            };
            let value = self.expression(value);
            args.push(crate::Arg { name, value });
        }
        args
    }

    /// `new T(…)` with the type in hand.
    pub(super) fn construct(&mut self, at: u32, ty: Option<&TypeRef>, args: Vec<crate::Arg>) -> ExprId {
        let (callee, type_args) = match ty {
            Some(ty) => self.type_value(at, ty),
            None => (self.b.expr(at, Expr::Opaque(Vec::new())), Vec::new()),
        };
        self.b.expr(at, Expr::New(Call { callee, args, type_args, optional: false }))
    }

    /// Lowers an expression that is to have a type.
    pub(super) fn expression_for(&mut self, node: Node<'_>, ty: Option<&TypeRef>) -> ExprId {
        self.expression_as(node, ty.cloned().map(Rc::new))
    }

    pub(super) fn expression_as(&mut self, node: Node<'_>, ty: Option<Rc<TypeRef>>) -> ExprId {
        self.context.expected = ty;
        let value = self.expression(node);
        self.context.expected = None;
        value
    }
}

fn blank_param(pattern: Pattern) -> Param {
    Param { pattern, ty: None, default: None, annotations: Vec::new(), rest: false, field: false }
}

/// The type that `return` gives.
fn awaited_result(function: &Function) -> Option<TypeRef> {
    let returns = function.returns.clone()?;
    if function.is_async { awaited(returns) } else { Some(returns) }
}
