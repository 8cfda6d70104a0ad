//! Modules: those below a file, those inside it, and the first segments of paths.
//!
//! A path starts with a module, a crate or a type, never with a variable. What it starts with and no `use` names is
//! imported under its own name, so that `crate::bus::Bus` and `client::connect()` resolve like any other name.

use super::{Lowering, named};
use crate::{Annotation, Builder, Entry, Expr, ExprId, Import, Imported, Pattern, Stmt, StmtId};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use tree_sitter::Node;

impl Lowering<'_, '_, '_> {
    /// Notes what a path starts with; types and generics in sight are no modules.
    pub(super) fn note_root(&mut self, node: Node<'_>, root: &str) {
        if root.starts_with(|first: char| first.is_lowercase() || first == '_') {
            let line = self.line(node);
            self.roots.entry(SmolStr::new(root)).or_insert(line);
        }
    }

    /// A module as the file sees it, from inside its inline modules: `None` for the file itself.
    pub(super) fn seen_from_file(&self, module: &str) -> Option<SmolStr> {
        let mut rest = module;
        for _ in 0..self.context.inline {
            rest = match rest.strip_prefix("super") {
                Some("") => return None,
                Some(below) if below.starts_with("::") => &below[2..],
                _ => return Some(rest.into()),
            };
        }
        let changed = rest.len() != module.len() && !rest.starts_with("super");
        Some(if changed { SmolStr::new(format!("self::{rest}")) } else { rest.into() })
    }

    /// `mod name;` brings in a module below; an inline module stands flat, and its attributes (`#[cfg(test)]`) count for
    /// everything in it.
    pub(super) fn module(&mut self, node: Node<'_>, annotations: Vec<Annotation>, out: &mut Vec<StmtId>) {
        let name = self.field_text(node, "name");
        let Some(body) = node.child_by_field_name("body") else {
            let module = match self.path_of(&annotations) {
                Some(path) => path,
                None => SmolStr::new(format!("self::{name}")),
            };
            return self.put_import(node, module, Imported::Module, name);
        };
        let outer = self.context.clone();
        self.context.owner = None;
        self.context.inline += 1;
        self.context.module = self.context.module.iter().cloned().chain(annotations).collect();
        self.statements(body, out);
        let object = if self.is_test_only() { None } else { self.module_object(body) };
        self.context = outer;
        if let Some(value) = object {
            let pattern = Pattern::Name(name);
            self.put(node, Stmt::Let { pattern, ty: None, value: Some(value), constant: true, exported: true }, out);
        }
    }

    /// The file that `#[path = "…"]` names, as written.
    fn path_of(&self, annotations: &[Annotation]) -> Option<SmolStr> {
        let path = annotations.iter().find(|annotation| annotation.name == "path")?.args.first()?;
        match self.b.tree.exprs.get(path.value.0 as usize) {
            Some(Expr::Text(path)) if path.ends_with(".rs") => Some(path.clone()),
            _ => None,
        }
    }

    /// True inside `#[cfg(test)]`.
    fn is_test_only(&self) -> bool {
        let is_test = |annotation: &Annotation| {
            annotation.name == "cfg"
                && annotation.args.iter().any(|arg| {
                    matches!(self.b.tree.exprs.get(arg.value.0 as usize), Some(Expr::Name(name)) if name == "test")
                })
        };
        self.context.module.iter().any(is_test)
    }

    /// An inline module as an object: constants of two modules may have one name, so each has its own value here.
    fn module_object(&mut self, body: Node<'_>) -> Option<ExprId> {
        let mut entries = Vec::new();
        for item in named(body) {
            let key = self.field_text(item, "name");
            let value = match item.kind() {
                "const_item" | "static_item" => {
                    let value = item.child_by_field_name("value");
                    match value.filter(|value| matches!(value.kind(), "string_literal" | "raw_string_literal")) {
                        Some(value) => self.expression(value),
                        None => self.expr(item, Expr::Name(key.clone())),
                    }
                }
                "mod_item" => match item.child_by_field_name("body") {
                    Some(inner) => match self.deeper(|lowering| lowering.module_object(inner)).flatten() {
                        Some(value) => value,
                        None => continue,
                    },
                    None => continue,
                },
                "function_item" | "struct_item" | "enum_item" | "trait_item" | "type_item" => {
                    self.expr(item, Expr::Name(key.clone()))
                }
                _ => continue,
            };
            entries.push(Entry::Field { key, value });
        }
        (!entries.is_empty()).then(|| self.expr(body, Expr::Object(entries)))
    }
}

/// Imports what paths start with and nothing else in the file explains.
pub(super) fn import_roots(builder: &mut Builder<'_>, roots: &BTreeMap<SmolStr, u32>) {
    for (root, line) in roots {
        let imported = builder.tree.imports.iter().any(|import| import.local == *root);
        let inline =
            builder.tree.stmts.iter().any(
                |stmt| matches!(stmt, Stmt::Let { pattern: Pattern::Name(name), constant: true, .. } if name == root),
            );
        let primitive = matches!(root.as_str(), "str" | "bool" | "char" | "f32" | "f64" | "usize" | "isize")
            || root.strip_prefix(['u', 'i']).is_some_and(|bits| bits.parse::<u8>().is_ok());
        if !imported && !inline && !primitive {
            let (module, local) = (root.clone(), root.clone());
            builder.import(Import { module, imported: Imported::Module, local, line: *line });
        }
    }
}
