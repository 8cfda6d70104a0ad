//! The package and the imports.

use super::{Lowering, has_token, line, named};
use crate::{Import, Imported};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    pub(super) fn package(&mut self, node: Node<'_>) {
        if let Some(path) = super::child(node, "qualified_identifier") {
            self.b.tree.namespace = self.segments(path).join(".").into();
        }
    }

    /// `import a.b.Name`, `import a.b.Name as Other`, `import a.b.*`.
    pub(super) fn import(&mut self, node: Node<'_>) {
        let Some(path) = super::child(node, "qualified_identifier") else { return };
        let mut segments = self.segments(path);
        let (imported, local) = if has_token(node, "*") {
            (Imported::All, SmolStr::default())
        } else {
            let Some(name) = segments.pop() else { return };
            let alias = super::child(node, "identifier").map(|alias| self.name(alias));
            (Imported::Name(name.clone()), alias.unwrap_or(name))
        };
        self.b.import(Import { module: segments.join(".").into(), imported, local, line: line(node) });
    }

    fn segments(&self, path: Node<'_>) -> Vec<SmolStr> {
        named(path).into_iter().map(|segment| self.name(segment)).collect()
    }
}
