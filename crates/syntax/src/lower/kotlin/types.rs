//! Types as written.

use super::{Lowering, named};
use crate::TypeRef;
use smol_str::SmolStr;
use tree_sitter::Node;

/// True for the kinds of the grammar that are types.
pub(super) fn is_type(node: Node<'_>) -> bool {
    matches!(node.kind(), "user_type" | "nullable_type" | "function_type" | "non_nullable_type" | "parenthesized_type")
}

/// The first child that is a type.
pub(super) fn first_type(node: Node<'_>) -> Option<Node<'_>> {
    named(node).into_iter().find(|child| is_type(*child))
}

impl Lowering<'_, '_> {
    /// A type; beyond the depth bound it is [`TypeRef::Other`].
    pub(super) fn type_ref(&mut self, node: Node<'_>) -> TypeRef {
        self.deeper(|inner| inner.type_at(node)).unwrap_or(TypeRef::Other)
    }

    /// The first type among the children.
    pub(super) fn declared_type(&mut self, node: Node<'_>) -> Option<TypeRef> {
        first_type(node).map(|ty| self.type_ref(ty))
    }

    pub(super) fn type_arguments(&mut self, node: Node<'_>) -> Vec<TypeRef> {
        super::child(node, "type_arguments").map(|list| self.projections(list)).unwrap_or_default()
    }

    /// `<A, out B, *>`.
    fn projections(&mut self, list: Node<'_>) -> Vec<TypeRef> {
        named(list).into_iter().map(|part| self.declared_type(part).unwrap_or(TypeRef::Other)).collect()
    }

    pub(super) fn type_parameters(&self, node: Node<'_>) -> Vec<SmolStr> {
        let list = super::child(node, "type_parameters").map(named).unwrap_or_default();
        list.into_iter().filter(|param| param.kind() == "type_parameter").map(|param| self.own_name(param)).collect()
    }

    fn type_at(&mut self, node: Node<'_>) -> TypeRef {
        match node.kind() {
            "user_type" => {
                let name = self.type_name(node);
                // Of `A<B>.C<D>` the arguments of the last segment count.
                let args = named(node).last().copied().filter(|last| last.kind() == "type_arguments");
                TypeRef::Named { name, args: args.map(|list| self.projections(list)).unwrap_or_default() }
            }
            "nullable_type" => {
                let inner = self.declared_type(node).unwrap_or(TypeRef::Other);
                TypeRef::Union(vec![inner, TypeRef::named("null")])
            }
            // `T & Any` is `T`.
            "parenthesized_type" | "non_nullable_type" => self.declared_type(node).unwrap_or(TypeRef::Other),
            "function_type" => {
                // A receiver is what `this` is in the lambda, none of its parameters.
                let params = super::child(node, "function_type_parameters").map(named).unwrap_or_default();
                let params = params.into_iter().map(|param| match param.kind() {
                    "parameter" => self.declared_type(param).unwrap_or(TypeRef::Other),
                    _ => self.type_ref(param),
                });
                let params = params.collect();
                let result = super::behind(node, "->").map(|result| Box::new(self.type_ref(result)));
                TypeRef::Function(params, result)
            }
            _ => TypeRef::Other,
        }
    }

    /// The dotted name of a type without arguments.
    pub(super) fn type_name(&self, node: Node<'_>) -> SmolStr {
        let segments = named(node).into_iter().filter(|child| child.kind() == "identifier");
        segments.map(|segment| self.name(segment)).collect::<Vec<_>>().join(".").into()
    }

    /// The simple name of the type that an extension extends.
    pub(super) fn receiver_name(&self, node: Node<'_>) -> SmolStr {
        let mut at = node;
        while at.kind() != "user_type" {
            match first_type(at) {
                Some(inner) if at.kind() != "function_type" => at = inner,
                _ => return SmolStr::default(),
            }
        }
        named(at)
            .into_iter()
            .rfind(|child| child.kind() == "identifier")
            .map(|name| self.name(name))
            .unwrap_or_default()
    }
}
