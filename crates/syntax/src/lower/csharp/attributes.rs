//! Attributes of C# become the annotations every language shares.

use super::{Lowering, child_of_kind, flat, line, named, operands};
use crate::{Annotation, Arg, Call, Expr, Stmt, StmtId, TypeRef};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// The attributes on a declaration; those with a target (`[return: A]`, `[property: A]`) are among them.
    pub(super) fn attributes(&mut self, node: Node<'_>) -> Vec<Annotation> {
        let lists = flat(node).into_iter().filter(|child| child.kind() == "attribute_list");
        lists.flat_map(|list| self.attribute_list(list)).collect()
    }

    pub(super) fn attribute_list(&mut self, list: Node<'_>) -> Vec<Annotation> {
        let attributes = named(list).into_iter().filter(|child| child.kind() == "attribute");
        attributes.map(|attribute| self.attribute(attribute)).collect()
    }

    fn attribute(&mut self, node: Node<'_>) -> Annotation {
        let ty = node.child_by_field_name("name").map(|name| self.type_ref(name));
        let (name, type_args) = match ty {
            Some(TypeRef::Named { name, args }) => (name, args),
            _ => (SmolStr::default(), Vec::new()),
        };
        let list = child_of_kind(node, "attribute_argument_list").map(named).unwrap_or_default();
        let args = list.into_iter().filter(|child| child.kind() == "attribute_argument");
        let args = args.map(|arg| self.attribute_argument(arg)).collect();
        Annotation { name, args, type_args, call: None, line: line(node) }
    }

    fn attribute_argument(&mut self, node: Node<'_>) -> Arg {
        let name = node.child_by_field_name("name").map(|name| self.name(name));
        let value = operands(node).last().map(|value| self.expression(*value));
        Arg { name, value: value.unwrap_or_else(|| self.opaque(node)) }
    }

    /// `[assembly: A(…)]` belongs to no declaration: it is a construction of the file.
    pub(super) fn global_attribute(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) {
        for attribute in self.attribute_list(node) {
            let at = attribute.line;
            let ty = TypeRef::Named { name: attribute.name, args: attribute.type_args };
            let (callee, type_args) = self.type_value(at, &ty);
            let value = self.b.expr(at, Expr::New(Call { callee, args: attribute.args, type_args, optional: false }));
            self.put(node, Stmt::Expr(value), out);
        }
    }
}
