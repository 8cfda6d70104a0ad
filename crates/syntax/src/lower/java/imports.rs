//! The package a file belongs to, and what it imports.

use super::{Lowering, child_of_kind, line, named};
use crate::{Import, Imported};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    pub(super) fn package(&mut self, node: Node<'_>) {
        if let Some(name) = named(node).last() {
            self.b.tree.namespace = self.dotted(*name);
        }
    }

    /// A type, a static member of one, or all names of a package or type.
    pub(super) fn import(&mut self, node: Node<'_>) {
        // What the grammar does not know (`import module a.b`) would come out as a name that nobody imports.
        if node.has_error() {
            return;
        }
        let Some(path) = named(node).into_iter().find(|child| child.kind() != "asterisk") else { return };
        let path = self.dotted(path);
        let (module, imported, local) = if child_of_kind(node, "asterisk").is_some() {
            (path, Imported::All, SmolStr::default())
        } else {
            let (module, name) = path.rsplit_once('.').unwrap_or(("", &path));
            (SmolStr::new(module), Imported::Name(name.into()), SmolStr::new(name))
        };
        self.b.import(Import { module, imported, local, line: line(node) });
    }
}
