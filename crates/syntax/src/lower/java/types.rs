//! Types as written.

use super::{Lowering, child_of_kind, fields, line, named};
use crate::{Expr, ExprId, TypeRef};
use smol_str::SmolStr;
use tree_sitter::Node;

/// Real arrays have few dimensions; the bound keeps others from nesting the tree.
const MAX_DIMENSIONS: usize = 16;
/// A qualified name with more segments is none.
const MAX_SEGMENTS: usize = 60;

impl Lowering<'_, '_> {
    /// A type; beyond the depth bound it is [`TypeRef::Other`].
    pub(super) fn type_ref(&mut self, node: Node<'_>) -> TypeRef {
        self.deeper(|inner| inner.type_at(node)).unwrap_or(TypeRef::Other)
    }

    /// The declared type of a variable, parameter, method; `var` declares none.
    pub(super) fn declared(&mut self, node: Node<'_>) -> Option<TypeRef> {
        node.child_by_field_name("type").and_then(|ty| self.declared_type(ty, node))
    }

    /// A type and the dimensions that stand behind the declared name.
    pub(super) fn declared_type(&mut self, ty: Node<'_>, declarator: Node<'_>) -> Option<TypeRef> {
        if ty.kind() == "type_identifier" && self.text(ty) == "var" {
            return None;
        }
        let ty = self.type_ref(ty);
        Some(with_dimensions(ty, declarator))
    }

    pub(super) fn type_list(&mut self, node: Node<'_>) -> Vec<TypeRef> {
        named(node).into_iter().map(|ty| self.type_ref(ty)).collect()
    }

    pub(super) fn type_parameters(&mut self, node: Node<'_>) -> Vec<SmolStr> {
        let list = node.child_by_field_name("type_parameters").map(named).unwrap_or_default();
        let names = list.into_iter().filter_map(|param| child_of_kind(param, "type_identifier"));
        names.map(|name| self.text(name)).collect()
    }

    fn type_at(&mut self, node: Node<'_>) -> TypeRef {
        match node.kind() {
            "type_identifier"
            | "identifier"
            | "integral_type"
            | "floating_point_type"
            | "boolean_type"
            | "void_type" => TypeRef::named(self.text(node)),
            "scoped_type_identifier" | "scoped_identifier" | "field_access" => TypeRef::named(self.type_name(node)),
            "generic_type" => {
                let name = self.type_name(node);
                let args = child_of_kind(node, "type_arguments").map(|list| self.type_list(list)).unwrap_or_default();
                TypeRef::Named { name, args }
            }
            "array_type" => {
                let element = node.child_by_field_name("element").map(|element| self.type_ref(element));
                with_dimensions(element.unwrap_or(TypeRef::Other), node)
            }
            // The bound of a wildcard is what is known of it; annotations of types say nothing.
            "annotated_type" | "wildcard" => match named(node).into_iter().rfind(|child| is_type(*child)) {
                Some(inner) => self.type_ref(inner),
                None => TypeRef::Other,
            },
            _ => TypeRef::Other,
        }
    }

    /// The dotted name of a type, type arguments and annotations left out.
    pub(super) fn type_name(&self, node: Node<'_>) -> SmolStr {
        let mut segments = Vec::new();
        let mut at = node;
        // Bounded: each step goes into a child.
        loop {
            let children = named(at);
            let inner = match at.kind() {
                "scoped_type_identifier" | "scoped_identifier" | "field_access" => {
                    if let Some(last) = children.last() {
                        segments.push(self.text(*last));
                    }
                    children.first()
                }
                "generic_type" | "annotated_type" => children.iter().find(|child| is_type(**child)),
                _ => {
                    segments.push(self.text(at));
                    None
                }
            };
            match inner {
                Some(inner) => at = *inner,
                None => break,
            }
        }
        segments.reverse();
        SmolStr::new(segments.join("."))
    }

    /// A type used as a value: what is constructed, what a method reference looks into.
    pub(super) fn type_value(&mut self, node: Node<'_>) -> ExprId {
        let at = line(node);
        let is_named = matches!(
            node.kind(),
            "type_identifier"
                | "identifier"
                | "scoped_type_identifier"
                | "scoped_identifier"
                | "field_access"
                | "generic_type"
                | "annotated_type"
        );
        if !is_named {
            let ty = self.type_ref(node);
            return self.b.expr(at, Expr::TypeLiteral(ty));
        }
        let name = self.type_name(node);
        let mut segments = name.split('.');
        let first = segments.next().unwrap_or_default();
        let mut value = self.b.expr(at, Expr::Name(SmolStr::new(first)));
        for segment in segments.take(MAX_SEGMENTS) {
            value = self.b.expr(at, Expr::Member { object: value, name: SmolStr::new(segment) });
        }
        value
    }

    /// The type arguments that a type is written with.
    pub(super) fn arguments_of_type(&mut self, node: Node<'_>) -> Vec<TypeRef> {
        match self.type_ref(node) {
            TypeRef::Named { args, .. } => args,
            _ => Vec::new(),
        }
    }
}

/// One list for each `[]` or `[n]` of the node's dimensions.
fn with_dimensions(ty: TypeRef, node: Node<'_>) -> TypeRef {
    let mut count = 0;
    for dimensions in fields(node, "dimensions") {
        let mut cursor = dimensions.walk();
        count += dimensions.children(&mut cursor).filter(|child| child.kind() == "[").count();
    }
    (0..count.min(MAX_DIMENSIONS)).fold(ty, |ty, _| TypeRef::List(Box::new(ty)))
}

pub(super) fn is_type(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "type_identifier"
            | "scoped_type_identifier"
            | "generic_type"
            | "array_type"
            | "annotated_type"
            | "integral_type"
            | "floating_point_type"
            | "boolean_type"
            | "void_type"
    )
}
