//! Imports and exports.

use super::super::export_declared;
use super::Lowering;
use crate::{Export, ExportTarget, Expr, ExprId, Import, Imported, Stmt, StmtId, TypeKind};
use oxc_ast::ast::{
    ExportAllDeclaration, ExportDeclaration, ExportDefaultDeclaration, ExportDefaultDeclarationKind, ExportSpecifier,
    ImportDeclaration, ImportDeclarationSpecifier, ModuleExportName, TSImportEqualsDeclaration, TSModuleReference,
    TSTypeName,
};
use oxc_span::GetSpan;
use smol_str::SmolStr;

impl<'a> Lowering<'a> {
    pub(super) fn import(&mut self, node: &ImportDeclaration<'a>) {
        if node.phase.is_some() {
            return self.give_up();
        }
        let line = self.line(node.span.start);
        let module = self.string(node.source.span);
        let Some(specifiers) = &node.specifiers else {
            return self.b.import(Import { module, imported: Imported::Nothing, local: SmolStr::default(), line });
        };
        for specifier in specifiers {
            let (imported, local) = match specifier {
                ImportDeclarationSpecifier::ImportDefaultSpecifier(specifier) => {
                    (Imported::Default, self.name(specifier.local.span))
                }
                ImportDeclarationSpecifier::ImportNamespaceSpecifier(specifier) => {
                    (Imported::Module, self.name(specifier.local.span))
                }
                ImportDeclarationSpecifier::ImportSpecifier(specifier) => {
                    let name = self.name_or_string(&specifier.imported);
                    let imported = if name == "default" { Imported::Default } else { Imported::Name(name) };
                    (imported, self.name(specifier.local.span))
                }
            };
            self.b.import(Import { module: module.clone(), imported, local, line });
        }
    }

    /// `import x = require("m")`; `import x = a.b` is nothing but the names in it.
    pub(super) fn import_equals(&mut self, node: &TSImportEqualsDeclaration<'a>, out: &mut Vec<StmtId>) {
        let TSModuleReference::ExternalModuleReference(reference) = &node.module_reference else {
            let value = self.level(node.span.start, |lowering| Expr::Opaque(lowering.alias_parts(node)));
            return self.put_stmt(node.span.start, Stmt::Expr(value), out);
        };
        let line = self.line(node.span.start);
        let module = self.string(reference.expression.span);
        let local = self.name(node.id.span);
        self.b.import(Import { module, imported: Imported::Module, local, line });
    }

    fn alias_parts(&mut self, node: &TSImportEqualsDeclaration<'a>) -> Vec<ExprId> {
        let mut parts = vec![self.word(node.id.span)];
        match &node.module_reference {
            TSModuleReference::QualifiedName(name) => {
                parts.push(self.level(name.span.start, |lowering| {
                    Expr::Opaque(vec![lowering.qualifier(&name.left), lowering.word(name.right.span)])
                }));
            }
            other => parts.push(self.word(other.span())),
        }
        parts
    }

    fn qualifier(&mut self, name: &TSTypeName<'a>) -> ExprId {
        let TSTypeName::QualifiedName(name) = name else {
            return self.word(name.span());
        };
        if !self.b.enter() {
            return self.opaque(name.span.start);
        }
        let object = self.qualifier(&name.left);
        self.b.leave();
        let member = Expr::Member { object, name: self.name(name.right.span) };
        self.put(name.right.span.start, member)
    }

    fn name_or_string(&self, name: &ModuleExportName<'a>) -> SmolStr {
        match name {
            ModuleExportName::StringLiteral(text) => self.string(text.span),
            _ => self.name(name.span()),
        }
    }

    pub(super) fn export_all(&mut self, node: &ExportAllDeclaration<'a>) {
        let module = self.string(node.source.span);
        let name = node.exported.as_ref().map_or("*".into(), |name| self.name_or_string(name));
        self.b.export(Export { name, target: ExportTarget::From { module, name: "*".into() } });
    }

    pub(super) fn export_names(&mut self, specifiers: &[ExportSpecifier<'a>], module: Option<&SmolStr>) {
        for specifier in specifiers {
            let name = self.name_or_string(&specifier.local);
            let exported = self.name_or_string(&specifier.exported);
            let target = match module {
                Some(module) => ExportTarget::From { module: module.clone(), name },
                None => ExportTarget::Local(name),
            };
            self.b.export(Export { name: exported, target });
        }
    }

    pub(super) fn export_declaration(&mut self, node: &ExportDeclaration<'a>, out: &mut Vec<StmtId>) {
        let before = out.len();
        self.within(|lowering| lowering.declaration(&node.declaration, node.span.start, out));
        export_declared(&mut self.b, &out[before..], false);
    }

    pub(super) fn export_default(&mut self, node: &ExportDefaultDeclaration<'a>, out: &mut Vec<StmtId>) {
        let before = out.len();
        let start = node.span.start;
        let value = match &node.declaration {
            ExportDefaultDeclarationKind::FunctionDeclaration(function) => {
                if function.id.is_none() {
                    if function.body.is_none() {
                        return self.give_up();
                    }
                    let span = function.span;
                    Some(self.level(span.start, |lowering| Expr::Lambda(lowering.lambda(function, span))))
                } else {
                    self.within(|lowering| lowering.function_declaration(function, function.span.start, out));
                    None
                }
            }
            ExportDefaultDeclarationKind::ClassDeclaration(class) => {
                if class.id.is_none() && class.r#abstract {
                    return self.give_up();
                }
                if class.id.is_none() {
                    let begin = self.class_start(class, start);
                    let namespace = self.namespace.take();
                    let value =
                        self.level(begin, |lowering| Expr::Class(lowering.class(class, TypeKind::Class, begin)));
                    self.namespace = namespace;
                    Some(value)
                } else {
                    self.within(|lowering| lowering.class_declaration(class, start, out));
                    None
                }
            }
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(interface) => {
                self.within(|lowering| lowering.interface_declaration(interface, out));
                None
            }
            value => Some(self.expression(value.to_expression())),
        };
        match value {
            Some(value) => self.b.export(Export { name: "default".into(), target: ExportTarget::Value(value) }),
            None => export_declared(&mut self.b, &out[before..], true),
        }
    }
}
