//! Types as written.

use super::{Lowering, named};
use crate::TypeRef;
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_, '_> {
    /// A type; beyond the depth bound it is [`TypeRef::Other`].
    pub(super) fn type_ref(&mut self, node: Node<'_>) -> TypeRef {
        self.deeper(|inner| inner.type_at(node)).unwrap_or(TypeRef::Other)
    }

    pub(super) fn field_type(&mut self, node: Node<'_>, field: &str) -> Option<TypeRef> {
        node.child_by_field_name(field).map(|ty| self.type_ref(ty))
    }

    /// The type arguments of a node, without lifetimes and constants.
    pub(super) fn type_arguments(&mut self, node: Node<'_>) -> Vec<TypeRef> {
        let mut all = Vec::new();
        for child in node.child_by_field_name("type_arguments").map(named).unwrap_or_default() {
            match child.kind() {
                "lifetime" | "block" | "trait_bounds" => {}
                "type_binding" => all.extend(self.field_type(child, "type")),
                kind if kind.ends_with("_literal") => {}
                _ => all.push(self.type_ref(child)),
            }
        }
        all
    }

    pub(super) fn type_parameters(&mut self, node: Node<'_>) -> Vec<SmolStr> {
        let params = node.child_by_field_name("type_parameters").map(named).unwrap_or_default();
        let types = params.into_iter().filter(|param| param.kind() == "type_parameter");
        types.map(|param| self.field_text(param, "name")).collect()
    }

    /// The traits behind a colon.
    pub(super) fn bounds(&mut self, node: Node<'_>) -> Vec<TypeRef> {
        let bounds = node.child_by_field_name("bounds").map(named).unwrap_or_default();
        let types = bounds.into_iter().filter(|bound| !matches!(bound.kind(), "lifetime" | "removed_trait_bound"));
        types.map(|bound| self.type_ref(bound)).collect()
    }

    fn type_at(&mut self, node: Node<'_>) -> TypeRef {
        match node.kind() {
            "type_identifier" | "identifier" | "primitive_type" => {
                let name = self.name(node);
                match (&self.context.owner, name.as_str()) {
                    (Some(owner), "Self") => TypeRef::named(owner.clone()),
                    (_, "_") => TypeRef::Other,
                    _ => self.bounding(&name).unwrap_or_else(|| TypeRef::named(name)),
                }
            }
            "scoped_type_identifier" | "scoped_identifier" => TypeRef::named(self.type_path(node)),
            "generic_type" | "generic_type_with_turbofish" => {
                let args = self.type_arguments(node);
                let name = node.child_by_field_name("type").map(|ty| self.type_path(ty)).unwrap_or_default();
                TypeRef::Named { name, args }
            }
            "reference_type" | "pointer_type" => self.field_type(node, "type").unwrap_or(TypeRef::Other),
            "dynamic_type" | "abstract_type" => self.field_type(node, "trait").unwrap_or(TypeRef::Other),
            "higher_ranked_trait_bound" => self.field_type(node, "type").unwrap_or(TypeRef::Other),
            // The first bound that is a type says what it is; `Send` and lifetimes come behind it.
            "bounded_type" | "bracketed_type" => {
                match named(node).into_iter().find(|child| child.kind() != "lifetime") {
                    Some(first) => self.type_ref(first),
                    None => TypeRef::Other,
                }
            }
            "qualified_type" => self.field_type(node, "type").unwrap_or(TypeRef::Other),
            "array_type" => TypeRef::List(Box::new(self.field_type(node, "element").unwrap_or(TypeRef::Other))),
            "tuple_type" => {
                let args = named(node).into_iter().map(|item| self.type_ref(item)).collect();
                TypeRef::Named { name: SmolStr::new_static("tuple"), args }
            }
            "unit_type" => TypeRef::named("tuple"),
            "function_type" => {
                let mut params = Vec::new();
                for param in node.child_by_field_name("parameters").map(named).unwrap_or_default() {
                    let ty = param.child_by_field_name("type").unwrap_or(param);
                    params.push(self.type_ref(ty));
                }
                TypeRef::Function(params, self.field_type(node, "return_type").map(Box::new))
            }
            _ => TypeRef::Other,
        }
    }

    /// A path to a type with dots.
    fn type_path(&mut self, node: Node<'_>) -> SmolStr {
        let path = self.dotted(node);
        if let Some((root, _)) = path.split_once('.') {
            self.note_root(node, root);
        }
        path
    }

    /// The simple name of the type of an impl.
    pub(super) fn simple_name(&mut self, node: Node<'_>) -> SmolStr {
        let ty = self.type_ref(node);
        let mut ty = &ty;
        while let TypeRef::List(inner) = ty {
            ty = inner;
        }
        ty.name().and_then(|name| name.rsplit('.').next()).map(SmolStr::new).unwrap_or_default()
    }
}
