//! Imports of Python: which local name stands for which name of which module.

use super::{Lowering, fields, line, named};
use crate::{Import, Imported};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    fn put_import(&mut self, node: Node<'_>, module: SmolStr, imported: Imported, local: SmolStr) {
        if !local.is_empty() {
            self.declare(&local);
        }
        self.b.import(Import { module, imported, local, line: line(node) });
    }

    /// `import a.b` binds `a` and loads `a.b`; `import a.b as c` binds the module itself.
    pub(super) fn import(&mut self, node: Node<'_>) {
        for name in fields(node, "name") {
            if name.kind() == "aliased_import" {
                let module = name.child_by_field_name("name").map(|name| self.dotted(name)).unwrap_or_default();
                let alias = self.field_text(name, "alias");
                self.put_import(name, module, Imported::Module, alias);
                continue;
            }
            let module = self.dotted(name);
            match module.split_once('.') {
                Some((first, _)) => {
                    let first = SmolStr::new(first);
                    self.put_import(name, first.clone(), Imported::Module, first);
                    self.put_import(name, module, Imported::Nothing, SmolStr::default());
                }
                None => self.put_import(name, module.clone(), Imported::Module, module),
            }
        }
    }

    /// `from .a import b as c`; the dots stay in front of the module.
    pub(super) fn import_from(&mut self, node: Node<'_>) {
        let Some(module) = node.child_by_field_name("module_name").map(|module| self.dotted(module)) else { return };
        if let Some(all) = named(node).into_iter().find(|child| child.kind() == "wildcard_import") {
            return self.put_import(all, module, Imported::All, SmolStr::default());
        }
        for name in fields(node, "name") {
            let (imported, local) = if name.kind() == "aliased_import" {
                let imported = name.child_by_field_name("name").map(|name| self.dotted(name)).unwrap_or_default();
                (imported, self.field_text(name, "alias"))
            } else {
                let imported = self.dotted(name);
                (imported.clone(), imported)
            };
            self.put_import(name, module.clone(), Imported::Name(imported), local);
        }
    }
}
