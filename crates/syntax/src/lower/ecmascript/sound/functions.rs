//! Functions, methods, arrows and their parameters.

use super::Lowering;
use crate::{Expr, Function as Lowered, FunctionId, FunctionKind, Param, Pattern, Stmt, StmtId};
use oxc_allocator::Box;
use oxc_ast::ast::{
    ArrowFunctionBody, ArrowFunctionExpression, FormalParameter, FormalParameterRest, FormalParameters, Function,
    FunctionBody, TSTypeAnnotation, TSTypeParameterDeclaration,
};
use oxc_span::{GetSpan, Span};
use smol_str::SmolStr;

/// What all functions have, however they are written.
pub(super) struct Signature<'n, 'a> {
    pub(super) type_parameters: Option<&'n Box<'a, TSTypeParameterDeclaration<'a>>>,
    pub(super) params: &'n FormalParameters<'a>,
    pub(super) returns: Option<&'n TSTypeAnnotation<'a>>,
}

impl Signature<'_, '_> {
    /// Where it ends, when nothing follows.
    pub(super) fn end(&self) -> u32 {
        self.returns.map_or(self.params.span.end, |returns| returns.span.end)
    }
}

impl<'a> Lowering<'a> {
    /// A function with its line and signature, without body and not yet in the tree.
    pub(super) fn signature(
        &mut self,
        kind: FunctionKind,
        span: Span,
        is_async: bool,
        signature: &Signature<'_, 'a>,
    ) -> Lowered {
        let line = self.line(span.start);
        let end_line = self.line(span.end.saturating_sub(1));
        let mut function = Lowered::blank(kind, line, end_line);
        function.is_async = is_async;
        function.type_params = self.type_parameters(signature.type_parameters);
        function.params = self.parameters(signature.params);
        function.returns = signature.returns.map(|returns| self.type_ref(&returns.type_annotation));
        function
    }

    /// A function that is no arrow; its name is left to the caller.
    pub(super) fn function(
        &mut self,
        node: &Function<'a>,
        kind: FunctionKind,
        name: SmolStr,
        owner: Option<SmolStr>,
        span: Span,
    ) -> FunctionId {
        let parts = Signature {
            type_parameters: node.type_parameters.as_ref(),
            params: &node.params,
            returns: node.return_type.as_deref(),
        };
        let mut function = self.signature(kind, span, node.r#async, &parts);
        function.owner = owner;
        function.name = name;
        function.body = node.body.as_ref().map(|body| self.function_body(body));
        self.b.function(function)
    }

    pub(super) fn lambda(&mut self, node: &Function<'a>, span: Span) -> FunctionId {
        self.function(node, FunctionKind::Lambda, SmolStr::default(), None, span)
    }

    pub(super) fn arrow(&mut self, node: &ArrowFunctionExpression<'a>) -> FunctionId {
        let parts = Signature {
            type_parameters: node.type_parameters.as_ref(),
            params: &node.params,
            returns: node.return_type.as_deref(),
        };
        let mut function = self.signature(FunctionKind::Lambda, node.span, node.r#async, &parts);
        function.body = Some(match &node.body {
            ArrowFunctionBody::FunctionBody(body) => self.function_body(body),
            body => {
                let body = body.to_expression();
                let value = self.expression(body);
                let line = self.line(body.span().start);
                vec![self.b.stmt(line, Stmt::Return(Some(value)))]
            }
        });
        self.b.function(function)
    }

    fn function_body(&mut self, body: &FunctionBody<'a>) -> Vec<StmtId> {
        let mut statements = Vec::with_capacity(body.directives.len() + body.statements.len());
        self.directives(&body.directives, &mut statements);
        self.statements(&body.statements, &mut statements);
        statements
    }

    /// `'use strict'` and the like, which are statements as any other.
    pub(super) fn directives(&mut self, directives: &[oxc_ast::ast::Directive<'a>], out: &mut Vec<StmtId>) {
        for directive in directives {
            if !self.b.enter() {
                return;
            }
            let text = directive.expression.span;
            let value = self.level(text.start, |lowering| Expr::Text(lowering.string(text)));
            self.b.leave();
            self.put_stmt(directive.span.start, Stmt::Expr(value), out);
        }
    }

    fn parameters(&mut self, list: &FormalParameters<'a>) -> Vec<Param> {
        let mut params = Vec::with_capacity(list.items.len() + usize::from(list.rest.is_some()));
        for param in &list.items {
            params.push(self.parameter(param));
        }
        if let Some(rest) = &list.rest {
            params.push(self.rest_parameter(rest));
        }
        params
    }

    fn parameter(&mut self, node: &FormalParameter<'a>) -> Param {
        let pattern = self.pattern(&node.pattern);
        let ty = node.type_annotation.as_ref().map(|ty| self.type_ref(&ty.type_annotation));
        let default = node.initializer.as_ref().map(|value| self.expression(value));
        let annotations = self.decorators(&node.decorators);
        let field = node.accessibility.is_some() || node.readonly || node.r#override;
        Param { pattern, ty, default, annotations, rest: false, field }
    }

    fn rest_parameter(&mut self, node: &FormalParameterRest<'a>) -> Param {
        let pattern = self.pattern_deeper(&node.rest.argument);
        let ty = node.type_annotation.as_ref().map(|ty| self.type_ref(&ty.type_annotation));
        let annotations = self.decorators(&node.decorators);
        Param { pattern, ty, default: None, annotations, rest: true, field: false }
    }

    /// The names of type parameters.
    pub(super) fn type_parameters(&self, list: Option<&Box<'a, TSTypeParameterDeclaration<'a>>>) -> Vec<SmolStr> {
        let Some(list) = list else { return Vec::new() };
        list.params.iter().map(|param| self.name(param.name.span)).collect()
    }

    /// The name of a function or class, when it has one.
    pub(super) fn id_name(&self, id: Option<&oxc_ast::ast::BindingIdentifier<'a>>) -> SmolStr {
        id.map(|id| self.name(id.span)).unwrap_or_default()
    }

    pub(super) fn plain_pattern(&self, span: Span) -> Pattern {
        match self.raw(span) {
            "undefined" => Pattern::Ignore,
            name => Pattern::Name(SmolStr::new(name)),
        }
    }
}
