//! `use` and `extern crate`, one import for each name.

use super::{Lowering, named};
use crate::{Import, Imported};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_, '_> {
    pub(super) fn use_declaration(&mut self, node: Node<'_>) {
        if let Some(argument) = node.child_by_field_name("argument") {
            self.use_clause(argument, "");
        }
    }

    pub(super) fn extern_crate(&mut self, node: Node<'_>) {
        let module = self.field_text(node, "name");
        let alias = self.field_text(node, "alias");
        let local = if alias.is_empty() { module.clone() } else { alias };
        self.put_import(node, module, Imported::Module, local);
    }

    pub(super) fn put_import(&mut self, node: Node<'_>, module: SmolStr, imported: Imported, local: SmolStr) {
        let local = if local == "_" { SmolStr::default() } else { local };
        let line = self.line(node);
        self.b.import(Import { module, imported, local, line });
    }

    /// A path with `::` and without white space, below the prefix.
    fn path_below(&self, prefix: &str, node: Node<'_>) -> String {
        let path: String = self.text(node).chars().filter(|c| !c.is_whitespace()).collect();
        let path = path.trim_start_matches("::");
        if prefix.is_empty() { path.to_owned() } else { format!("{prefix}::{path}") }
    }

    fn use_clause(&mut self, node: Node<'_>, prefix: &str) {
        self.deeper(|inner| inner.use_clause_at(node, prefix));
    }

    fn use_clause_at(&mut self, node: Node<'_>, prefix: &str) {
        match node.kind() {
            "use_list" => named(node).into_iter().for_each(|child| self.use_clause(child, prefix)),
            "scoped_use_list" => {
                let path = node.child_by_field_name("path");
                let below = path.map_or_else(|| prefix.to_owned(), |path| self.path_below(prefix, path));
                if let Some(list) = node.child_by_field_name("list") {
                    self.use_clause(list, &below);
                }
            }
            "use_wildcard" => {
                let path = named(node).first().map(|path| self.path_below(prefix, *path));
                let module = path.unwrap_or_else(|| prefix.to_owned());
                let Some(module) = self.seen_from_file(&module) else { return };
                self.put_import(node, module, Imported::All, SmolStr::default());
            }
            "use_as_clause" => {
                let Some(path) = node.child_by_field_name("path") else { return };
                let alias = self.field_text(node, "alias");
                self.use_path(path, prefix, Some(alias));
            }
            _ => self.use_path(node, prefix, None),
        }
    }

    /// `a::b` brings in the name `b` of `a`; `a` alone is the module; `a::{self}` is `a` again.
    fn use_path(&mut self, node: Node<'_>, prefix: &str, alias: Option<SmolStr>) {
        let path =
            if node.kind() == "self" && !prefix.is_empty() { prefix.to_owned() } else { self.path_below(prefix, node) };
        match path.rsplit_once("::") {
            Some((module, name)) => {
                let name = SmolStr::new(name);
                // What an inline module takes from its file is in sight already.
                let Some(module) = self.seen_from_file(module) else { return };
                let local = alias.unwrap_or_else(|| name.clone());
                self.put_import(node, module, Imported::Name(name), local);
            }
            None => {
                let local = alias.unwrap_or_else(|| SmolStr::new(&path));
                self.put_import(node, path.into(), Imported::Module, local);
            }
        }
    }
}
