//! Functions, methods, closures and async blocks.

use super::{Lowering, has_token, is_visible, named, statements::Tail};
use crate::{Annotation, Builder, Function, FunctionId, FunctionKind, Param, Pattern, Stmt, TypeRef};
use tree_sitter::Node;

impl Lowering<'_, '_, '_> {
    fn blank_function(&self, node: Node<'_>, kind: FunctionKind) -> Function {
        let mut function = Builder::blank_function(node, kind);
        function.line = function.line.saturating_add(self.context.first_row);
        function.end_line = function.end_line.saturating_add(self.context.first_row);
        function
    }

    /// A function; inside an impl or a trait a method, static without `self`.
    pub(super) fn function(&mut self, node: Node<'_>, annotations: Vec<Annotation>) -> FunctionId {
        let owner = self.context.owner.clone();
        let kind = if owner.is_some() { FunctionKind::Method } else { FunctionKind::Function };
        let mut function = self.blank_function(node, kind);
        function.name = self.field_text(node, "name");
        function.owner = owner;
        function.implements = self.context.implements.as_deref().cloned();
        function.exported = is_visible(node) || function.implements.is_some() || self.context.in_trait;
        function.annotations = self.context.module.to_vec();
        function.annotations.extend(annotations);
        function.is_async =
            named(node).into_iter().any(|child| child.kind() == "function_modifiers" && has_token(child, "async"));
        function.type_params = self.type_parameters(node);
        let bounds = self.bound_by(node);
        let mut has_self = false;
        let mut pending = Vec::new();
        for param in node.child_by_field_name("parameters").map(named).unwrap_or_default() {
            match param.kind() {
                "attribute_item" => pending.extend(self.attribute(param)),
                "self_parameter" => has_self = true,
                "parameter" => {
                    let pattern = param.child_by_field_name("pattern");
                    if pattern.is_some_and(|pattern| pattern.kind() == "self") {
                        has_self = true;
                        continue;
                    }
                    let (pattern, ty) = self.parameter(param, pattern);
                    function.params.push(Param { ty, annotations: std::mem::take(&mut pending), ..plain(pattern) });
                }
                "variadic_parameter" => function.params.push(Param { rest: true, ..plain(Pattern::Ignore) }),
                _ => {}
            }
        }
        function.is_static = function.owner.is_some() && !has_self;
        function.returns = self.field_type(node, "return_type");
        function.body = node.child_by_field_name("body").map(|body| {
            let mut statements = Vec::new();
            self.block(body, Tail::Return, &mut statements);
            statements
        });
        self.context.bounds = bounds;
        self.b.function(function)
    }

    /// What a parameter binds, and its type. `Held(x): Held<T>` binds what it holds, as if `x: T` were declared.
    fn parameter(&mut self, param: Node<'_>, pattern: Option<Node<'_>>) -> (Pattern, Option<TypeRef>) {
        let ty = self.field_type(param, "type");
        if let (Some(bound), Some(TypeRef::Named { name, args })) = (pattern, &ty)
            && bound.kind() == "tuple_struct_pattern"
            && let ([path, inner], [held]) = (named(bound).as_slice(), args.as_slice())
            && self.dotted(*path).rsplit('.').next() == name.rsplit('.').next()
        {
            return (self.pattern(*inner), Some(held.clone()));
        }
        (pattern.map(|pattern| self.pattern(pattern)).unwrap_or(Pattern::Ignore), ty)
    }

    /// A closure; one whose body is an async block is an async lambda.
    pub(super) fn closure(&mut self, node: Node<'_>) -> FunctionId {
        let mut function = self.blank_function(node, FunctionKind::Lambda);
        function.is_async = has_token(node, "async");
        for param in node.child_by_field_name("parameters").map(named).unwrap_or_default() {
            let (pattern, ty) = match param.kind() {
                "parameter" => (param.child_by_field_name("pattern"), self.field_type(param, "type")),
                _ => (Some(param), None),
            };
            let pattern = pattern.map(|pattern| self.pattern(pattern)).unwrap_or(Pattern::Ignore);
            function.params.push(Param { ty, ..plain(pattern) });
        }
        function.returns = self.field_type(node, "return_type");
        let mut statements = Vec::new();
        if let Some(mut body) = node.child_by_field_name("body") {
            // `|x| async move { … }` and `|x| { async move { … } }` run the block when called and awaited.
            let inner = named(body);
            if body.kind() == "block"
                && let [only] = inner.as_slice()
                && only.kind() == "async_block"
            {
                body = *only;
            }
            if body.kind() == "async_block" {
                function.is_async = true;
                body = named(body).into_iter().find(|child| child.kind() == "block").unwrap_or(body);
            }
            if body.kind() == "block" {
                self.block(body, Tail::Return, &mut statements);
            } else {
                let value = self.expression(body);
                self.put(body, Stmt::Return(Some(value)), &mut statements);
            }
        }
        function.body = Some(statements);
        self.b.function(function)
    }

    /// `async { … }`: runs when it is awaited or spawned, so it is a lambda.
    pub(super) fn async_block(&mut self, node: Node<'_>) -> FunctionId {
        let mut function = self.blank_function(node, FunctionKind::Lambda);
        function.is_async = true;
        let mut statements = Vec::new();
        if let Some(body) = named(node).into_iter().find(|child| child.kind() == "block") {
            self.block(body, Tail::Return, &mut statements);
        }
        function.body = Some(statements);
        self.b.function(function)
    }
}

fn plain(pattern: Pattern) -> Param {
    Param { pattern, ty: None, default: None, annotations: Vec::new(), rest: false, field: false }
}
