//! Declarations but classes: namespaces, interfaces, enums, aliases.

use super::Lowering;
use super::functions::Signature;
use crate::{FieldDecl, FunctionKind, Stmt, StmtId, TypeDecl, TypeId, TypeKind, TypeRef, Variant};
use oxc_ast::ast::{
    Declaration, TSEnumDeclaration, TSEnumMemberName, TSInterfaceDeclaration, TSMethodSignature, TSModuleBlock,
    TSNamespaceDeclaration, TSNamespaceDeclarationBody, TSSignature, TSTypeAliasDeclaration,
};
use oxc_span::{GetSpan, Span};
use smol_str::SmolStr;

impl<'a> Lowering<'a> {
    /// A declaration in a statement that begins at `from`, before decorators and `export`.
    pub(super) fn declaration(&mut self, node: &Declaration<'a>, from: u32, out: &mut Vec<StmtId>) {
        // What is declared only stands one level deeper.
        let ambient = is_ambient(node);
        if ambient && !self.b.enter() {
            return;
        }
        match node {
            Declaration::VariableDeclaration(variables) => self.variables(variables, out),
            Declaration::FunctionDeclaration(function) => {
                let start = self.declared_start(function.span, function.declare);
                self.function_declaration(function, start, out);
            }
            Declaration::ClassDeclaration(class) => self.class_declaration(class, from, out),
            Declaration::TSInterfaceDeclaration(interface) => self.interface_declaration(interface, out),
            Declaration::TSEnumDeclaration(enumeration) => {
                let start = self.declared_start(enumeration.span, enumeration.declare);
                let ty = self.enumeration(enumeration, start);
                self.put_stmt(start, Stmt::Type(ty), out);
            }
            Declaration::TSTypeAliasDeclaration(alias) => {
                let start = self.declared_start(alias.span, alias.declare);
                let ty = self.alias(alias, start);
                self.put_stmt(start, Stmt::Type(ty), out);
            }
            Declaration::TSNamespaceDeclaration(namespace) => self.namespace(namespace, out),
            Declaration::TSExternalModuleDeclaration(module) => {
                if let Some(body) = &module.body {
                    let name = self.name(module.id.span);
                    self.inside(name, body, out);
                }
            }
            Declaration::TSGlobalDeclaration(global) => {
                let block = &global.body;
                self.within(|lowering| {
                    let mut body = Vec::new();
                    lowering.directives(&block.directives, &mut body);
                    lowering.statements(&block.body, &mut body);
                    lowering.put_stmt(block.span.start, Stmt::Block(body), out);
                });
            }
            Declaration::TSImportEqualsDeclaration(import) => self.import_equals(import, out),
        }
        if ambient {
            self.b.leave();
        }
    }

    /// Where a declaration begins when it is not counted that it is one only.
    pub(super) fn declared_start(&self, span: Span, declare: bool) -> u32 {
        if declare { self.skip_word(span.start, "declare") } else { span.start }
    }

    fn namespace(&mut self, node: &TSNamespaceDeclaration<'a>, out: &mut Vec<StmtId>) {
        let start = node.id.span.start;
        let mut at = node;
        let body = loop {
            match &at.body {
                TSNamespaceDeclarationBody::TSNamespaceDeclaration(inner) => at = inner,
                TSNamespaceDeclarationBody::TSModuleBlock(body) => break body,
            }
        };
        let name = self.name(Span::new(start, at.id.span.end));
        self.inside(name, body, out);
    }

    fn inside(&mut self, name: SmolStr, body: &TSModuleBlock<'a>, out: &mut Vec<StmtId>) {
        let outer = self.namespace.replace(name);
        self.directives(&body.directives, out);
        self.statements(&body.body, out);
        self.namespace = outer;
    }

    pub(super) fn interface_declaration(&mut self, node: &TSInterfaceDeclaration<'a>, out: &mut Vec<StmtId>) {
        let start = self.declared_start(node.span, node.declare);
        let ty = self.interface(node, start);
        self.put_stmt(start, Stmt::Type(ty), out);
    }

    /// A type with its name and lines.
    pub(super) fn type_shell(&mut self, kind: TypeKind, span: Span, name: SmolStr) -> TypeDecl {
        let line = self.line(span.start);
        let end_line = self.line(span.end.saturating_sub(1));
        let owner = self.namespace.clone();
        TypeDecl { name, owner, ..TypeDecl::blank(kind, line, end_line) }
    }

    fn interface(&mut self, node: &TSInterfaceDeclaration<'a>, start: u32) -> TypeId {
        let name = self.name(node.id.span);
        let mut ty = self.type_shell(TypeKind::Interface, Span::new(start, node.span.end), name);
        ty.type_params = self.type_parameters(node.type_parameters.as_ref());
        for base in &node.extends {
            ty.bases.push(self.base_ref(&base.type_name, base.type_arguments.as_ref()));
        }
        for member in &node.body.body {
            match member {
                TSSignature::TSPropertySignature(property) => {
                    let name = self.name(self.key_span(&property.key, property.computed));
                    let declared = property.type_annotation.as_ref().map(|ty| self.type_ref(&ty.type_annotation));
                    let line = self.line(property.span.start);
                    let optional = property.optional;
                    ty.fields.push(FieldDecl { ty: declared, optional, ..FieldDecl::blank(name, line) });
                }
                TSSignature::TSMethodSignature(method) => {
                    let method = self.method_signature(method, ty.name.clone());
                    ty.members.push(method);
                }
                _ => {}
            }
        }
        self.b.type_decl(ty)
    }

    fn method_signature(&mut self, node: &TSMethodSignature<'a>, owner: SmolStr) -> crate::FunctionId {
        let parts = Signature {
            type_parameters: node.type_parameters.as_ref(),
            params: &node.params,
            returns: node.return_type.as_deref(),
        };
        let span = Span::new(node.span.start, parts.end());
        let mut function = self.signature(FunctionKind::Method, span, false, &parts);
        function.owner = Some(owner);
        function.name = self.name(self.key_span(&node.key, node.computed));
        self.b.function(function)
    }

    fn enumeration(&mut self, node: &TSEnumDeclaration<'a>, start: u32) -> TypeId {
        let name = self.name(node.id.span);
        let mut ty = self.type_shell(TypeKind::Enum, Span::new(start, node.span.end), name);
        for member in &node.body.members {
            let name = match &member.id {
                TSEnumMemberName::String(text) => self.string(text.span),
                TSEnumMemberName::Identifier(name) => self.name(name.span),
                computed => self.name(self.bracketed(computed.span())),
            };
            let value = member.initializer.as_ref().map(|value| self.expression(value));
            let line = self.line(member.span.start);
            ty.variants.push(Variant { name, value, args: Vec::new(), line });
        }
        self.b.type_decl(ty)
    }

    fn alias(&mut self, node: &TSTypeAliasDeclaration<'a>, start: u32) -> TypeId {
        let name = self.name(node.id.span);
        let mut ty = self.type_shell(TypeKind::Alias, Span::new(start, node.span.end), name);
        ty.type_params = self.type_parameters(node.type_parameters.as_ref());
        let target = self.type_ref(&node.type_annotation);
        if let TypeRef::Record(fields) = &target {
            for (name, field, optional) in fields {
                let (declared, optional) = (Some(field.clone()), *optional);
                ty.fields.push(FieldDecl { ty: declared, optional, ..FieldDecl::blank(name.clone(), ty.line) });
            }
        }
        ty.alias = Some(target);
        self.b.type_decl(ty)
    }
}

fn is_ambient(node: &Declaration<'_>) -> bool {
    match node {
        Declaration::VariableDeclaration(node) => node.declare,
        Declaration::FunctionDeclaration(node) => node.declare,
        Declaration::ClassDeclaration(node) => node.declare,
        Declaration::TSTypeAliasDeclaration(node) => node.declare,
        Declaration::TSInterfaceDeclaration(node) => node.declare,
        Declaration::TSEnumDeclaration(node) => node.declare,
        Declaration::TSExternalModuleDeclaration(node) => node.declare,
        Declaration::TSNamespaceDeclaration(node) => node.declare,
        Declaration::TSGlobalDeclaration(node) => node.declare,
        Declaration::TSImportEqualsDeclaration(_) => false,
    }
}
