//! Using directives.

use super::{Lowering, has_token, line, named};
use crate::{Builder, Export, ExportTarget, Import, Imported, Stmt, StmtId, TypeKind};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// `using N`, `using static N.Type`, `using X = N.Type`; a global one holds for the other files as well.
    pub(super) fn using_directive(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        let alias = node.child_by_field_name("name");
        let target = named(node).into_iter().rfind(|child| Some(child.id()) != alias.map(|alias| alias.id()));
        let Some(target) = target else { return };
        let is_global = has_token(node, "global");
        let local = alias.map(|alias| self.name(alias)).unwrap_or_default();
        if alias.is_some() && !is_plain_name(target) {
            return self.type_alias(node, target, local, is_global, out);
        }
        let module = self.dotted(target);
        if is_global {
            let name = if alias.is_some() { local.clone() } else { SmolStr::new_static("*") };
            let target = ExportTarget::From { module: module.clone(), name: SmolStr::new_static("*") };
            self.b.export(Export { name, target });
        }
        let imported = if alias.is_some() { Imported::Module } else { Imported::All };
        // Inside a namespace a name may be short of any part of it: what is not there names nothing.
        let mut outer = self.context.namespace.as_str();
        while alias.is_none() && !outer.is_empty() {
            let module = SmolStr::new(format!("{outer}.{module}"));
            self.b.import(Import { module, imported: imported.clone(), local: SmolStr::default(), line: line(node) });
            outer = outer.rsplit_once('.').map_or("", |(outer, _)| outer);
        }
        self.b.import(Import { module, imported, local, line: line(node) });
    }

    /// An alias of what is more than a name is a type of its own.
    fn type_alias(&mut self, node: Node<'_>, target: Node<'_>, name: SmolStr, is_global: bool, out: &mut Vec<StmtId>) {
        let mut ty = Builder::blank_type(node, TypeKind::Alias);
        ty.name = name;
        ty.exported = is_global;
        ty.alias = Some(self.type_ref(target));
        let ty = self.b.type_decl(ty);
        self.put(node, Stmt::Type(ty), out);
    }

    /// `extern alias X`: the assembly that `X::` names.
    pub(super) fn extern_alias(&mut self, node: Node<'_>) {
        let name = self.field_name(node, "name");
        self.b.import(Import { module: name.clone(), imported: Imported::Module, local: name, line: line(node) });
    }
}

/// A name without type arguments anywhere.
fn is_plain_name(node: Node<'_>) -> bool {
    let mut stack = vec![node];
    while let Some(at) = stack.pop() {
        match at.kind() {
            "identifier" => {}
            "qualified_name" | "alias_qualified_name" => stack.extend(named(at)),
            _ => return false,
        }
    }
    true
}
