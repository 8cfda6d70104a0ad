//! Imports and exports, ECMAScript and CommonJS.

use super::super::{common_js_name, export_declared};
use super::{Lowering, line, named};
use crate::{Export, ExportTarget, Import, Imported, StmtId};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    pub(super) fn import(&mut self, node: Node<'_>) {
        let at = line(node);
        let put = |lowering: &mut Self, module: &SmolStr, imported: Imported, local: SmolStr| {
            lowering.b.import(Import { module: module.clone(), imported, local, line: at });
        };
        // `import x = require("m")`
        if let Some(clause) = named(node).into_iter().find(|child| child.kind() == "import_require_clause") {
            let module = clause.child_by_field_name("source").map(|source| self.string(source)).unwrap_or_default();
            let local = named(clause).first().map(|name| self.text(*name)).unwrap_or_default();
            return put(self, &module, Imported::Module, local);
        }
        let Some(source) = node.child_by_field_name("source") else {
            return;
        };
        let module = self.string(source);
        let Some(clause) = named(node).into_iter().find(|child| child.kind() == "import_clause") else {
            return put(self, &module, Imported::Nothing, SmolStr::default());
        };
        for child in named(clause) {
            match child.kind() {
                "identifier" => {
                    let local = self.text(child);
                    put(self, &module, Imported::Default, local);
                }
                "namespace_import" => {
                    let local = named(child).first().map(|name| self.text(*name)).unwrap_or_default();
                    put(self, &module, Imported::Module, local);
                }
                "named_imports" => {
                    for specifier in named(child) {
                        let name = self.name_or_string(specifier.child_by_field_name("name"));
                        let alias = specifier
                            .child_by_field_name("alias")
                            .map(|alias| self.text(alias))
                            .unwrap_or_else(|| name.clone());
                        let imported = if name == "default" { Imported::Default } else { Imported::Name(name) };
                        put(self, &module, imported, alias);
                    }
                }
                _ => {}
            }
        }
    }

    fn name_or_string(&self, node: Option<Node<'_>>) -> SmolStr {
        match node {
            Some(node) if node.kind() == "string" => self.string(node),
            Some(node) => self.text(node),
            None => SmolStr::default(),
        }
    }

    pub(super) fn export(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let source = node.child_by_field_name("source").map(|source| self.string(source));
        let default = super::has_token(node, "default");
        if let Some(declaration) = node.child_by_field_name("declaration") {
            let before = out.len();
            self.statement(declaration, out);
            export_declared(self.b, &out[before..], default);
            return;
        }
        if let Some(value) = node.child_by_field_name("value") {
            let value = self.expression(value);
            self.b.export(Export { name: "default".into(), target: ExportTarget::Value(value) });
            return;
        }
        let mut clause_seen = false;
        for child in named(node) {
            match child.kind() {
                "export_clause" => {
                    clause_seen = true;
                    for specifier in named(child) {
                        let name = self.name_or_string(specifier.child_by_field_name("name"));
                        let exported = match specifier.child_by_field_name("alias") {
                            Some(alias) => self.name_or_string(Some(alias)),
                            None => name.clone(),
                        };
                        let target = match &source {
                            Some(module) => ExportTarget::From { module: module.clone(), name },
                            None => ExportTarget::Local(name),
                        };
                        self.b.export(Export { name: exported, target });
                    }
                }
                "namespace_export" => {
                    clause_seen = true;
                    // `default` is a token of the grammar, not a name.
                    let last = child.child_count().checked_sub(1).and_then(|last| child.child(last));
                    let name = self.name_or_string(last);
                    if let Some(module) = &source {
                        self.b.export(Export {
                            name,
                            target: ExportTarget::From { module: module.clone(), name: "*".into() },
                        });
                    }
                }
                _ => {}
            }
        }
        if let (Some(module), false) = (source, clause_seen) {
            self.b.export(Export { name: "*".into(), target: ExportTarget::From { module, name: "*".into() } });
            return;
        }
        // `export = value`, or a default value without a field of its own.
        if !clause_seen && let Some(value) = named(node).into_iter().rfind(|child| child.kind() != "decorator") {
            let name = if super::has_token(node, "=") { "=" } else { "default" };
            let value = self.expression(value);
            self.b.export(Export { name: name.into(), target: ExportTarget::Value(value) });
        }
    }

    /// `module.exports = value`, `exports.name = value`; false for any other assignment.
    pub(super) fn common_js(&mut self, node: Node<'_>) -> bool {
        let Some(left) = node.child_by_field_name("left") else {
            return false;
        };
        let Some(right) = node.child_by_field_name("right") else {
            return false;
        };
        let path: String = self.text(left).chars().filter(|c| !c.is_whitespace()).collect();
        let Some(name) = common_js_name(&path).map(SmolStr::new) else {
            return false;
        };
        // `module.exports = exports = value` hands out the innermost value.
        let mut value_node = right;
        while value_node.kind() == "assignment_expression" {
            match value_node.child_by_field_name("right") {
                Some(inner) => value_node = inner,
                None => break,
            }
        }
        let value = self.expression(value_node);
        self.b.export(Export { name, target: ExportTarget::Value(value) });
        true
    }
}
