//! Classes, their members and annotations.

use super::Lowering;
use crate::{Annotation, FieldDecl, FunctionId, FunctionKind, Stmt, StmtId, TypeId, TypeKind, TypeRef};
use oxc_ast::ast::{
    AccessorPropertyType, Argument, CallExpression, Class, ClassElement, Decorator, Expression, MethodDefinition,
    MethodDefinitionKind, PropertyDefinitionType, PropertyKey, TSTypeAnnotation,
};
use oxc_span::{GetSpan, Span};
use smol_str::SmolStr;

/// What fields and accessors have.
struct Field<'n, 'a> {
    decorators: &'n [Decorator<'a>],
    key: &'n PropertyKey<'a>,
    computed: bool,
    ty: Option<&'n TSTypeAnnotation<'a>>,
    value: Option<&'n Expression<'a>>,
    is_static: bool,
    optional: bool,
    is_abstract: bool,
}

impl<'a> Lowering<'a> {
    pub(super) fn decorators(&mut self, list: &[Decorator<'a>]) -> Vec<Annotation> {
        list.iter().map(|decorator| self.decorator(decorator)).collect()
    }

    fn decorator(&mut self, node: &Decorator<'a>) -> Annotation {
        let (callee, args, type_args) = match &node.expression {
            Expression::CallExpression(call) => {
                let args = self.arguments(&call.arguments);
                let type_args = self.type_arguments(call.type_arguments.as_ref());
                (call.callee.span(), args, type_args)
            }
            other => (other.span(), Vec::new(), Vec::new()),
        };
        let line = self.line(node.span.start);
        Annotation { name: self.dotted(callee), args, type_args, call: None, line }
    }

    pub(super) fn class_declaration(&mut self, node: &Class<'a>, from: u32, out: &mut Vec<StmtId>) {
        let start = self.class_start(node, from);
        let ty = self.class(node, TypeKind::Class, start);
        self.put_stmt(start, Stmt::Type(ty), out);
    }

    /// Where a class begins: with the decorators that do not stand before `export`, else with its first word.
    pub(super) fn class_start(&self, node: &Class<'a>, from: u32) -> u32 {
        let mut at = self.skip_blank(from);
        let mut decorators = node.decorators.iter();
        let mut first = None;
        while self.text.as_bytes().get(at as usize) == Some(&b'@')
            && let Some(decorator) = decorators.next()
        {
            first.get_or_insert(at);
            at = self.skip_blank(decorator.span.end);
        }
        let behind = self.skip_word(at, "export");
        if behind != at {
            return self.skip_word(self.skip_word(behind, "default"), "declare");
        }
        first.unwrap_or_else(|| self.skip_word(at, "declare"))
    }

    /// A class declaration or expression.
    pub(super) fn class(&mut self, node: &Class<'a>, kind: TypeKind, start: u32) -> TypeId {
        let name = self.id_name(node.id.as_ref());
        let mut ty = self.type_shell(kind, Span::new(start, node.span.end), name);
        ty.is_abstract = node.r#abstract;
        ty.type_params = self.type_parameters(node.type_parameters.as_ref());
        ty.annotations = self.decorators(&node.decorators);
        if let Some(heritage) = &node.heritage {
            let args = self.type_arguments(heritage.type_arguments.as_ref());
            let base = self.base(&heritage.expression, args);
            ty.bases.push(base);
        }
        for base in &node.implements {
            ty.bases.push(self.base_ref(&base.expression, base.type_arguments.as_ref()));
        }
        for member in &node.body.body {
            match member {
                ClassElement::MethodDefinition(method) => {
                    let method = self.method(method, ty.name.clone());
                    ty.members.push(method);
                }
                ClassElement::PropertyDefinition(field) => {
                    let field = self.field(&Field {
                        decorators: &field.decorators,
                        key: &field.key,
                        computed: field.computed,
                        ty: field.type_annotation.as_deref(),
                        value: field.value.as_ref(),
                        is_static: field.r#static,
                        optional: field.optional,
                        is_abstract: field.r#type == PropertyDefinitionType::TSAbstractPropertyDefinition,
                    });
                    ty.fields.push(field);
                }
                ClassElement::AccessorProperty(field) => {
                    // The grammar of JavaScript knows no accessors.
                    self.unknown |= self.javascript;
                    let field = self.field(&Field {
                        decorators: &field.decorators,
                        key: &field.key,
                        computed: field.computed,
                        ty: field.type_annotation.as_deref(),
                        value: field.value.as_ref(),
                        is_static: field.r#static,
                        optional: false,
                        is_abstract: field.r#type == AccessorPropertyType::TSAbstractAccessorProperty,
                    });
                    ty.fields.push(field);
                }
                ClassElement::StaticBlock(block) => {
                    let value = Some(self.block(block.span.start, &block.body));
                    let line = self.line(block.span.start);
                    let field = FieldDecl::blank(SmolStr::default(), line);
                    ty.fields.push(FieldDecl { value, is_static: true, ..field });
                }
                ClassElement::TSIndexSignature(_) => {}
            }
        }
        self.b.type_decl(ty)
    }

    fn method(&mut self, node: &MethodDefinition<'a>, owner: SmolStr) -> FunctionId {
        let name = self.name(self.key_span(&node.key, node.computed));
        let kind = match node.kind {
            _ if name == "constructor" => FunctionKind::Constructor,
            MethodDefinitionKind::Get => FunctionKind::Getter,
            MethodDefinitionKind::Set => FunctionKind::Setter,
            MethodDefinitionKind::Constructor | MethodDefinitionKind::Method => FunctionKind::Method,
        };
        let (before, start) = match node.decorators.last() {
            // In JavaScript decorators are part of the method.
            Some(last) if !self.javascript => (self.decorators(&node.decorators), self.skip_blank(last.span.end)),
            _ => (Vec::new(), node.span.start),
        };
        let end = match &node.value.body {
            Some(body) => body.span.end,
            None => node.value.return_type.as_ref().map_or(node.value.params.span.end, |returns| returns.span.end),
        };
        let method = self.function(&node.value, kind, name, Some(owner), Span::new(start, end));
        let annotations = if self.javascript { self.decorators(&node.decorators) } else { before };
        let function = &mut self.b.tree.functions[method.0 as usize];
        function.annotations = annotations;
        function.is_static = node.r#static;
        method
    }

    fn field(&mut self, node: &Field<'_, 'a>) -> FieldDecl {
        let annotations = self.decorators(node.decorators);
        let ty = node.ty.map(|ty| self.type_ref(&ty.type_annotation));
        let value = node.value.map(|value| self.expression(value));
        let line = self.line(self.key_span(node.key, node.computed).start);
        FieldDecl {
            name: self.field_name(node.key, node.computed),
            ty,
            value,
            annotations,
            is_static: node.is_static,
            optional: node.optional,
            is_abstract: node.is_abstract,
            line,
        }
    }

    fn base(&mut self, node: &Expression<'a>, args: Vec<TypeRef>) -> TypeRef {
        match node {
            Expression::Identifier(_)
            | Expression::StaticMemberExpression(_)
            | Expression::PrivateFieldExpression(_) => TypeRef::Named { name: self.name(node.span()), args },
            Expression::CallExpression(call) => TypeRef::Named { name: self.mixed_into(call), args },
            _ => TypeRef::Other,
        }
    }

    /// A mixin stands for what it mixes into, as far as a name can say it.
    fn mixed_into(&self, call: &CallExpression<'a>) -> SmolStr {
        match call.arguments.first() {
            Some(Argument::Identifier(name)) => self.name(name.span),
            _ => self.name(call.callee.span()),
        }
    }
}
