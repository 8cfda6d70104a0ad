//! Functions, constructors and their parameters.

use super::{Lowering, behind, child, children, lambdas, named, statements::Tail, types};
use crate::{Builder, Expr, Function, FunctionId, FunctionKind, Param, Pattern, Stmt, StmtId, TypeRef};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// A function of a file, a type or a block; an extension is a method of its receiver.
    pub(super) fn function(&mut self, node: Node<'_>) -> FunctionId {
        let modifiers = self.modifiers(node);
        let name = node.child_by_field_name("name");
        let receiver = named(node)
            .into_iter()
            .find(|child| types::is_type(*child) && name.is_some_and(|name| child.start_byte() < name.start_byte()));
        let (owner, is_static) = match receiver {
            Some(receiver) => (Some(self.receiver_name(receiver)), false),
            None => (self.context.owner.clone(), self.context.is_static),
        };
        let kind = if owner.is_some() { FunctionKind::Method } else { FunctionKind::Function };
        let mut function = Builder::blank_function(node, kind);
        function.name = name.map(|name| self.name(name)).unwrap_or_default();
        function.owner = owner;
        function.is_static = is_static;
        function.is_async = modifiers.has("suspend");
        function.exported = modifiers.is_exported();
        function.annotations = modifiers.annotations;
        function.type_params = self.type_parameters(node);
        let outer = self.leave_type();
        self.context.backing = None;
        function.params = self.parameters(node);
        function.returns = self.returned(node);
        function.body = self.function_body(node);
        self.context = outer;
        self.b.function(function)
    }

    pub(super) fn returned(&mut self, node: Node<'_>) -> Option<TypeRef> {
        lambdas::returned_type(node).map(|ty| self.type_ref(ty))
    }

    /// `{ … }`, or `= value`, which is one return.
    pub(super) fn function_body(&mut self, node: Node<'_>) -> Option<Vec<StmtId>> {
        let body = child(node, "function_body")?;
        let mut statements = Vec::new();
        match named(body).last() {
            Some(block) if block.kind() == "block" => self.statements(*block, Tail::Value, &mut statements),
            Some(value) => self.result(*value, &mut statements),
            None => {}
        }
        Some(statements)
    }

    /// Modifiers, parameters and default values stand side by side.
    pub(super) fn parameters(&mut self, node: Node<'_>) -> Vec<Param> {
        let mut params: Vec<Param> = Vec::new();
        let mut pending = super::modifiers::Modifiers::default();
        let mut in_default = false;
        for part in child(node, "function_value_parameters").map(children).unwrap_or_default() {
            match part.kind() {
                "parameter_modifiers" => self.add_modifiers(part, &mut pending),
                "parameter" => {
                    let modifiers = std::mem::take(&mut pending);
                    let ty = self.declared_type(part);
                    let pattern = Pattern::Name(self.own_name(part));
                    params.push(parameter(pattern, ty, modifiers, false));
                }
                "=" => in_default = true,
                "," => in_default = false,
                _ if in_default && part.is_named() => {
                    let value = self.expression(part);
                    if let Some(param) = params.last_mut() {
                        param.default = Some(value);
                    }
                }
                _ => {}
            }
        }
        params
    }

    /// The constructor in the head of a class; its body are the `init` blocks.
    pub(super) fn primary_constructor(&mut self, node: Node<'_>) -> Function {
        let modifiers = self.modifiers(node);
        let mut function = self.constructor(node, modifiers);
        for part in child(node, "class_parameters").map(named).unwrap_or_default() {
            if part.kind() != "class_parameter" {
                continue;
            }
            let modifiers = self.modifiers(part);
            let ty = self.declared_type(part);
            let is_field = super::has_token(part, "val") || super::has_token(part, "var");
            let mut param = parameter(Pattern::Name(self.own_name(part)), ty, modifiers, is_field);
            param.default = behind(part, "=").map(|value| self.expression(value));
            function.params.push(param);
        }
        function
    }

    /// `constructor(a: A) : this(a, 1) { … }`: the call of the other constructor comes first.
    pub(super) fn secondary_constructor(&mut self, node: Node<'_>) -> Secondary {
        let modifiers = self.modifiers(node);
        let mut function = self.constructor(node, modifiers);
        let outer = self.leave_type();
        function.params = self.parameters(node);
        let mut body = Vec::new();
        let delegation = child(node, "constructor_delegation_call");
        let is_own = delegation.is_some_and(|call| super::has_token(call, "this"));
        if let Some(call) = delegation {
            let callee = self.expr(call, if is_own { Expr::This } else { Expr::Super });
            let args = child(call, "value_arguments").map(|args| self.args(args)).unwrap_or_default();
            let value = self.b.call(super::line(call), callee, args);
            self.put(call, Stmt::Expr(value), &mut body);
        }
        let before = body.len();
        if let Some(block) = child(node, "block") {
            self.statements(block, Tail::Value, &mut body);
        }
        self.context = outer;
        function.body = Some(body);
        Secondary { function, delegates: is_own, before }
    }

    /// A constructor with nothing in it yet.
    pub(super) fn constructor(&self, node: Node<'_>, modifiers: super::modifiers::Modifiers) -> Function {
        let mut function = Builder::blank_function(node, FunctionKind::Constructor);
        function.name = SmolStr::new_static("constructor");
        function.owner.clone_from(&self.context.owner);
        function.exported = modifiers.is_exported();
        function.annotations = modifiers.annotations;
        function
    }
}

/// A constructor in the body of a class.
pub(super) struct Secondary {
    pub(super) function: Function,
    /// It calls another constructor of its class, which runs the `init` blocks.
    pub(super) delegates: bool,
    /// Statements of the body before which the `init` blocks run not.
    pub(super) before: usize,
}

fn parameter(pattern: Pattern, ty: Option<TypeRef>, modifiers: super::modifiers::Modifiers, field: bool) -> Param {
    let rest = modifiers.has("vararg");
    let ty = if rest { ty.map(|ty| TypeRef::List(Box::new(ty))) } else { ty };
    Param { ty, rest, field, annotations: modifiers.annotations, ..lambdas::plain(pattern) }
}
