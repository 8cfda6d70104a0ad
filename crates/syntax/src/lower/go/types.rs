//! Types as written.

use super::{Lowering, fields, named};
use crate::TypeRef;
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// A type; beyond the depth bound it is [`TypeRef::Other`].
    pub(super) fn type_ref(&mut self, node: Node<'_>) -> TypeRef {
        self.deeper(|inner| inner.type_at(node)).unwrap_or(TypeRef::Other)
    }

    pub(super) fn field_type(&mut self, node: Node<'_>, field: &str) -> Option<TypeRef> {
        node.child_by_field_name(field).map(|ty| self.type_ref(ty))
    }

    pub(super) fn type_arguments(&mut self, node: Node<'_>) -> Vec<TypeRef> {
        node.child_by_field_name("type_arguments").map(|list| self.type_list(list)).unwrap_or_default()
    }

    fn type_list(&mut self, node: Node<'_>) -> Vec<TypeRef> {
        named(node).into_iter().map(|ty| self.type_ref(ty)).collect()
    }

    pub(super) fn type_parameters(&mut self, node: Node<'_>) -> Vec<SmolStr> {
        let list = node.child_by_field_name("type_parameters").map(named).unwrap_or_default();
        list.into_iter().flat_map(|param| fields(param, "name")).map(|name| self.text(name)).collect()
    }

    fn type_at(&mut self, node: Node<'_>) -> TypeRef {
        match node.kind() {
            "type_identifier" | "identifier" | "field_identifier" => TypeRef::named(self.text(node)),
            "qualified_type" => {
                let package = self.field_text(node, "package");
                TypeRef::named(format!("{package}.{}", self.field_text(node, "name")))
            }
            "generic_type" => {
                let args = self.type_arguments(node);
                match self.field_type(node, "type") {
                    Some(TypeRef::Named { name, .. }) => TypeRef::Named { name, args },
                    other => other.unwrap_or(TypeRef::Other),
                }
            }
            "pointer_type" | "parenthesized_type" | "negated_type" => self.first_type(node),
            "type_elem" | "type_constraint" => match named(node).as_slice() {
                [only] => self.type_ref(*only),
                all => TypeRef::Union(all.iter().map(|ty| self.type_ref(*ty)).collect()),
            },
            "slice_type" | "array_type" | "implicit_length_array_type" => {
                TypeRef::List(Box::new(self.field_type(node, "element").unwrap_or(TypeRef::Other)))
            }
            "map_type" => {
                let key = self.field_type(node, "key").unwrap_or(TypeRef::Other);
                let value = self.field_type(node, "value").unwrap_or(TypeRef::Other);
                TypeRef::Named { name: SmolStr::new_static("map"), args: vec![key, value] }
            }
            "channel_type" => {
                let value = self.field_type(node, "value").unwrap_or(TypeRef::Other);
                TypeRef::Named { name: SmolStr::new_static("chan"), args: vec![value] }
            }
            "function_type" => {
                let params = node.child_by_field_name("parameters").map(|list| self.parameter_types(list));
                let result = self.result(node).map(Box::new);
                TypeRef::Function(params.unwrap_or_default(), result)
            }
            "struct_type" => {
                let mut all = Vec::new();
                for list in named(node) {
                    for field in named(list) {
                        let ty = self.field_type(field, "type").unwrap_or(TypeRef::Other);
                        for name in fields(field, "name") {
                            all.push((self.text(name), ty.clone(), false));
                        }
                    }
                }
                TypeRef::Record(all)
            }
            "interface_type" => match named(node).as_slice() {
                [] => TypeRef::named("any"),
                [only] if only.kind() == "type_elem" => self.type_ref(*only),
                _ => TypeRef::Other,
            },
            _ => TypeRef::Other,
        }
    }

    fn first_type(&mut self, node: Node<'_>) -> TypeRef {
        match named(node).first() {
            Some(inner) => self.type_ref(*inner),
            None => TypeRef::Other,
        }
    }

    /// One type for each name of a parameter list.
    fn parameter_types(&mut self, node: Node<'_>) -> Vec<TypeRef> {
        let mut all = Vec::new();
        for param in named(node) {
            let ty = self.field_type(param, "type").unwrap_or(TypeRef::Other);
            let ty = if param.kind() == "variadic_parameter_declaration" { TypeRef::List(Box::new(ty)) } else { ty };
            for _ in 0..fields(param, "name").len().max(1) {
                all.push(ty.clone());
            }
        }
        all
    }

    /// The declared result: several are a `tuple`.
    pub(super) fn result(&mut self, node: Node<'_>) -> Option<TypeRef> {
        let result = node.child_by_field_name("result")?;
        if result.kind() != "parameter_list" {
            return Some(self.type_ref(result));
        }
        let mut all = self.parameter_types(result);
        match all.len() {
            0 => None,
            1 => all.pop(),
            _ => Some(TypeRef::Named { name: SmolStr::new_static("tuple"), args: all }),
        }
    }

    /// The simple name of the type of a receiver or an embedded field: no pointer, package or type arguments.
    pub(super) fn simple_name(&self, node: Node<'_>) -> SmolStr {
        let mut at = node;
        // Bounded: each step goes into a child, and parentheses around receivers end somewhere.
        loop {
            at = match at.kind() {
                "generic_type" => match at.child_by_field_name("type") {
                    Some(inner) => inner,
                    None => return SmolStr::default(),
                },
                "qualified_type" => return self.field_text(at, "name"),
                "pointer_type" | "parenthesized_type" | "negated_type" => match named(at).first() {
                    Some(inner) => *inner,
                    None => return SmolStr::default(),
                },
                _ => return self.text(at),
            };
        }
    }
}
