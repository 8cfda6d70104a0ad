//! Types as written.

use super::{Lowering, named};
use crate::TypeRef;
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    pub(super) fn type_arguments(&mut self, node: Node<'_>) -> Vec<TypeRef> {
        node.child_by_field_name("type_arguments").map(|args| self.type_list(args)).unwrap_or_default()
    }

    pub(super) fn type_list(&mut self, node: Node<'_>) -> Vec<TypeRef> {
        named(node).into_iter().map(|child| self.type_ref(child)).collect()
    }

    pub(super) fn type_parameters(&mut self, node: Node<'_>) -> Vec<SmolStr> {
        let params = node.child_by_field_name("type_parameters").map(named).unwrap_or_default();
        params.into_iter().map(|param| self.field_text(param, "name")).filter(|name| !name.is_empty()).collect()
    }

    /// A type; beyond the depth bound it is [`TypeRef::Other`].
    pub(super) fn type_ref(&mut self, node: Node<'_>) -> TypeRef {
        let lowered = self.b.deeper(|b| Lowering { b, namespace: None }.type_at(node));
        lowered.unwrap_or(TypeRef::Other)
    }

    fn type_at(&mut self, node: Node<'_>) -> TypeRef {
        match node.kind() {
            "type_identifier" | "identifier" | "predefined_type" => TypeRef::named(self.text(node)),
            "nested_type_identifier" | "nested_identifier" | "member_expression" => {
                let name: String = self.text(node).chars().filter(|c| !c.is_whitespace()).collect();
                TypeRef::named(name)
            }
            "generic_type" => {
                let name: String = self.field_text(node, "name").chars().filter(|c| !c.is_whitespace()).collect();
                let args = self.type_arguments(node);
                match (name.as_str(), args.len()) {
                    ("Array" | "ReadonlyArray", 1) => {
                        TypeRef::List(Box::new(args.into_iter().next().unwrap_or(TypeRef::Other)))
                    }
                    _ => TypeRef::Named { name: name.into(), args },
                }
            }
            "union_type" => {
                let mut types = Vec::new();
                self.union(node, &mut types);
                TypeRef::Union(types)
            }
            "array_type" => match named(node).first() {
                Some(inner) => TypeRef::List(Box::new(self.type_ref(*inner))),
                None => TypeRef::Other,
            },
            "parenthesized_type" | "readonly_type" | "optional_type" | "rest_type" | "type_annotation" => {
                match named(node).first() {
                    Some(inner) => self.type_ref(*inner),
                    None => TypeRef::Other,
                }
            }
            "object_type" => {
                let mut fields = Vec::new();
                for member in named(node) {
                    if member.kind() == "property_signature" {
                        let name = self.field_text(member, "name");
                        let ty = member
                            .child_by_field_name("type")
                            .and_then(|ty| named(ty).first().copied())
                            .map(|ty| self.type_ref(ty));
                        fields.push((name, ty.unwrap_or(TypeRef::Other), super::has_token(member, "?")));
                    }
                }
                TypeRef::Record(fields)
            }
            "literal_type" => match named(node).first() {
                Some(inner) if inner.kind() == "string" => TypeRef::Text(self.string(*inner)),
                Some(inner) if matches!(inner.kind(), "null" | "undefined") => TypeRef::named("null"),
                _ => TypeRef::Other,
            },
            "function_type" | "constructor_type" => {
                let params = node.child_by_field_name("parameters").map(named).unwrap_or_default();
                let params = params.into_iter().map(|param| {
                    param
                        .child_by_field_name("type")
                        .and_then(|ty| named(ty).first().copied())
                        .map_or(TypeRef::Other, |ty| self.type_ref(ty))
                });
                let params = params.collect();
                let result = node.child_by_field_name("return_type").map(|ty| Box::new(self.type_ref(ty)));
                TypeRef::Function(params, result)
            }
            "type_query" => match named(node).first() {
                Some(inner) => TypeRef::ValueOf(self.text(*inner)),
                None => TypeRef::Other,
            },
            _ => TypeRef::Other,
        }
    }

    /// Unions nest to the left; long ones are walked flat.
    fn union(&mut self, node: Node<'_>, types: &mut Vec<TypeRef>) {
        let mut stack = vec![node];
        while let Some(node) = stack.pop() {
            if node.kind() == "union_type" {
                stack.extend(named(node).into_iter().rev());
            } else {
                types.push(self.type_ref(node));
            }
        }
    }
}
