//! Namespaces: which one the file belongs to, and how types of another one say so.

use super::{Lowering, flat, named};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// The first namespace that declares a type, or the first of all.
    pub(super) fn main_namespace(&self, root: Node<'_>) -> SmolStr {
        let mut first = None;
        let mut stack = vec![(root, SmolStr::default())];
        while let Some((node, outer)) = stack.pop() {
            let mut around = outer;
            let mut inner = Vec::new();
            for child in flat(node) {
                match child.kind() {
                    "file_scoped_namespace_declaration" => around = self.namespace(&around, child),
                    "namespace_declaration" => {
                        if let Some(body) = child.child_by_field_name("body") {
                            inner.push((body, self.namespace(&around, child)));
                        }
                    }
                    kind if is_type_declaration(kind) && inner.is_empty() => return around,
                    _ => continue,
                }
                let named = inner.last().map_or(&around, |(_, name)| name);
                first.get_or_insert_with(|| named.clone());
            }
            stack.extend(inner.into_iter().rev());
        }
        first.unwrap_or_default()
    }

    /// The full name of a namespace declared inside another.
    pub(super) fn namespace(&self, outer: &SmolStr, node: Node<'_>) -> SmolStr {
        let name = node.child_by_field_name("name").map(|name| self.dotted(name)).unwrap_or_default();
        if outer.is_empty() { name } else { SmolStr::new(format!("{outer}.{name}")) }
    }

    /// What a type declared here belongs to: the type around, or a namespace that is not the file's.
    pub(super) fn type_owner(&self) -> Option<SmolStr> {
        if self.context.owner.is_some() {
            return self.context.owner.clone();
        }
        let (here, main) = (&self.context.namespace, &self.b.tree.namespace);
        let nested = here.strip_prefix(main.as_str()).and_then(|rest| rest.strip_prefix('.'));
        (!here.is_empty() && here != main).then(|| nested.map_or_else(|| here.clone(), SmolStr::new))
    }

    /// A dotted name without white space, type arguments and `global::`.
    pub(super) fn dotted(&self, node: Node<'_>) -> SmolStr {
        let mut segments = Vec::new();
        let mut stack = vec![node];
        while let Some(at) = stack.pop() {
            match at.kind() {
                "qualified_name" | "member_access_expression" => stack.extend(named(at).into_iter().rev()),
                "alias_qualified_name" => {
                    segments.extend(Some(self.field_name(at, "alias")).filter(|alias| alias != "global"));
                    stack.extend(at.child_by_field_name("name"));
                }
                "type_argument_list" => {}
                _ => segments.push(self.name(at)),
            }
        }
        SmolStr::new(segments.join("."))
    }
}

pub(super) fn is_type_declaration(kind: &str) -> bool {
    matches!(
        kind,
        "class_declaration"
            | "struct_declaration"
            | "record_declaration"
            | "interface_declaration"
            | "enum_declaration"
            | "delegate_declaration"
    )
}
