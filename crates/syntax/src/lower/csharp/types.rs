//! Types as written.

use super::{Lowering, child_of_kind, fields, line, named};
use crate::{Expr, ExprId, TypeRef};
use smol_str::SmolStr;
use std::rc::Rc;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// A type; beyond the depth bound it is [`TypeRef::Other`].
    pub(super) fn type_ref(&mut self, node: Node<'_>) -> TypeRef {
        self.deeper(|inner| inner.type_at(node)).unwrap_or(TypeRef::Other)
    }

    /// The type in a field; `var` is none.
    pub(super) fn field_type(&mut self, node: Node<'_>, field: &str) -> Option<TypeRef> {
        let ty = node.child_by_field_name(field).filter(|ty| ty.kind() != "implicit_type")?;
        Some(self.type_ref(ty))
    }

    fn type_at(&mut self, node: Node<'_>) -> TypeRef {
        match node.kind() {
            "identifier" | "predefined_type" => TypeRef::named(self.name(node)),
            "generic_name" | "qualified_name" | "alias_qualified_name" | "member_access_expression" => {
                let name = self.dotted(node);
                let mut args = Vec::new();
                self.all_type_arguments(node, &mut args);
                TypeRef::Named { name, args }
            }
            "nullable_type" => {
                let ty = self.inner_type(node);
                TypeRef::Union(vec![ty, TypeRef::named("null")])
            }
            "array_type" => TypeRef::List(Box::new(self.inner_type(node))),
            "pointer_type" | "ref_type" | "scoped_type" => self.inner_type(node),
            "tuple_type" => {
                let elements = named(node).into_iter().filter(|child| child.kind() == "tuple_element");
                let args = elements.map(|element| self.inner_type(element)).collect();
                TypeRef::Named { name: SmolStr::new_static("tuple"), args }
            }
            "function_pointer_type" => {
                let params = named(node).into_iter().filter(|child| child.kind() == "function_pointer_parameter");
                let params = params.map(|param| self.inner_type(param)).collect();
                TypeRef::Function(params, self.field_type(node, "returns").map(Box::new))
            }
            _ => TypeRef::Other,
        }
    }

    fn inner_type(&mut self, node: Node<'_>) -> TypeRef {
        self.field_type(node, "type").unwrap_or(TypeRef::Other)
    }

    /// The type arguments of all segments of a name, outermost first, as they count in metadata.
    fn all_type_arguments(&mut self, node: Node<'_>, args: &mut Vec<TypeRef>) {
        let mut stack = vec![node];
        while let Some(at) = stack.pop() {
            match at.kind() {
                "generic_name" => args.extend(self.type_arguments(at)),
                "qualified_name" | "alias_qualified_name" | "member_access_expression" => {
                    stack.extend(named(at).into_iter().rev());
                }
                _ => {}
            }
        }
    }

    /// The type arguments of a generic name; none for the open `Name<,>`.
    pub(super) fn type_arguments(&mut self, node: Node<'_>) -> Vec<TypeRef> {
        let list = child_of_kind(node, "type_argument_list").map(named).unwrap_or_default();
        list.into_iter().map(|ty| self.type_ref(ty)).collect()
    }

    pub(super) fn type_parameters(&mut self, node: Node<'_>) -> Vec<SmolStr> {
        let list = child_of_kind(node, "type_parameter_list").map(named).unwrap_or_default();
        list.into_iter().flat_map(|param| fields(param, "name")).map(|name| self.name(name)).collect()
    }

    /// A type used as a value: the callee of a construction, with its type arguments.
    pub(super) fn type_value(&mut self, at: u32, ty: &TypeRef) -> (ExprId, Vec<TypeRef>) {
        match ty {
            TypeRef::Named { name, args } => (self.dotted_value(at, name), args.clone()),
            TypeRef::Union(types) => match types.first() {
                Some(TypeRef::Named { name, args }) => (self.dotted_value(at, name), args.clone()),
                _ => (self.b.expr(at, Expr::TypeLiteral(ty.clone())), Vec::new()),
            },
            _ => (self.b.expr(at, Expr::TypeLiteral(ty.clone())), Vec::new()),
        }
    }

    fn dotted_value(&mut self, at: u32, name: &str) -> ExprId {
        let mut segments = name.split('.');
        let first = SmolStr::new(segments.next().unwrap_or_default());
        let mut value = self.b.expr(at, Expr::Name(first));
        for segment in segments {
            value = self.b.expr(at, Expr::Member { object: value, name: SmolStr::new(segment) });
        }
        value
    }

    /// A test for a type.
    pub(super) fn type_literal(&mut self, node: Node<'_>) -> ExprId {
        let ty = self.type_ref(node);
        self.b.expr(line(node), Expr::TypeLiteral(ty))
    }
}

/// The simple name of the type that an extension extends.
pub(super) fn simple_name(ty: &TypeRef) -> Option<SmolStr> {
    match ty {
        TypeRef::Named { name, .. } => name.rsplit('.').next().map(SmolStr::new),
        TypeRef::Union(types) => types.first().and_then(simple_name),
        TypeRef::List(_) => Some(SmolStr::new_static("Array")),
        _ => None,
    }
}

/// What an async function returns when it is awaited.
pub(super) fn awaited(ty: TypeRef) -> Option<TypeRef> {
    match ty {
        TypeRef::Named { name, mut args } if name.ends_with("Task") => args.pop(),
        other => Some(other),
    }
}

/// The type of the elements of a collection type, of a map that of its values.
pub(super) fn element(ty: &TypeRef) -> Option<Rc<TypeRef>> {
    match ty {
        TypeRef::List(inner) => Some(Rc::new((**inner).clone())),
        TypeRef::Named { args, .. } => match args.as_slice() {
            [value] | [_, value] => Some(Rc::new(value.clone())),
            _ => None,
        },
        TypeRef::Union(types) => types.first().and_then(element),
        _ => None,
    }
}
