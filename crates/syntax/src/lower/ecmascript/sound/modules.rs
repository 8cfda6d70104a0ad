//! Imports and exports.

use super::super::export_declared;
use super::Lowering;
use crate::{Export, ExportTarget, Expr, Import, Imported, StmtId, TypeKind};
use oxc_ast::ast::{
    ExportAllDeclaration, ExportDeclaration, ExportDefaultDeclaration, ExportDefaultDeclarationKind, ExportSpecifier,
    ImportDeclaration, ImportDeclarationSpecifier, ModuleExportName, TSImportEqualsDeclaration, TSModuleReference,
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

    /// `import x = require("m")`.
    pub(super) fn import_equals(&mut self, node: &TSImportEqualsDeclaration<'a>) {
        let TSModuleReference::ExternalModuleReference(reference) = &node.module_reference else {
            return self.give_up();
        };
        let line = self.line(node.span.start);
        let module = self.string(reference.expression.span);
        let local = self.name(node.id.span);
        self.b.import(Import { module, imported: Imported::Module, local, line });
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
        if self.b.enter() {
            self.declaration(&node.declaration, node.span.start, out);
            self.b.leave();
        }
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
                    if self.b.enter() {
                        self.function_declaration(function, function.span.start, out);
                        self.b.leave();
                    }
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
                    if self.b.enter() {
                        self.class_declaration(class, start, out);
                        self.b.leave();
                    }
                    None
                }
            }
            ExportDefaultDeclarationKind::TSInterfaceDeclaration(interface) => {
                if self.b.enter() {
                    self.interface_declaration(interface, out);
                    self.b.leave();
                }
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
