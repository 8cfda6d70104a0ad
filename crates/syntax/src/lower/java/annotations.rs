//! Modifiers: annotations and the words before a declaration.

use super::{Lowering, child_of_kind, line, named};
use crate::{Annotation, Arg, Entry, Expr, ExprId};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// The annotations before a declaration.
    pub(super) fn annotations(&mut self, node: Node<'_>) -> Vec<Annotation> {
        child_of_kind(node, "modifiers").map(|modifiers| self.annotations_among(modifiers)).unwrap_or_default()
    }

    pub(super) fn annotations_among(&mut self, modifiers: Node<'_>) -> Vec<Annotation> {
        let all = named(modifiers).into_iter().filter(|child| is_annotation(*child));
        all.map(|annotation| self.annotation(annotation)).collect()
    }

    fn annotation(&mut self, node: Node<'_>) -> Annotation {
        let name = node.child_by_field_name("name").map(|name| self.dotted(name)).unwrap_or_default();
        Annotation { name, args: self.elements(node), type_args: Vec::new(), call: None, line: line(node) }
    }

    /// The elements that an annotation gives; a single one may come without its name.
    fn elements(&mut self, node: Node<'_>) -> Vec<Arg> {
        let mut args = Vec::new();
        for child in node.child_by_field_name("arguments").map(named).unwrap_or_default() {
            if child.kind() == "element_value_pair" {
                let name = Some(self.field_text(child, "key"));
                let value = match child.child_by_field_name("value") {
                    Some(value) => self.element_value(value),
                    None => self.opaque(child),
                };
                args.push(Arg { name, value });
            } else {
                args.push(Arg { name: None, value: self.element_value(child) });
            }
        }
        args
    }

    /// A constant, a list of values, or another annotation; beyond the depth bound it is opaque.
    pub(super) fn element_value(&mut self, node: Node<'_>) -> ExprId {
        self.deeper(|inner| inner.element_value_at(node)).unwrap_or_else(|| self.opaque(node))
    }

    fn element_value_at(&mut self, node: Node<'_>) -> ExprId {
        let expr = match node.kind() {
            "element_value_array_initializer" => {
                Expr::List(named(node).into_iter().map(|value| self.element_value(value)).collect())
            }
            _ if is_annotation(node) => {
                // The element that comes without a name is called `value`.
                let entries = self.elements(node).into_iter().map(|arg| Entry::Field {
                    key: arg.name.unwrap_or_else(|| SmolStr::new_static("value")),
                    value: arg.value,
                });
                Expr::Object(entries.collect())
            }
            _ => return self.expression(node),
        };
        self.b.expr(line(node), expr)
    }

    /// True for what says `public`, and for members of interfaces that do not say `private`.
    pub(super) fn is_public(&self, node: Node<'_>) -> bool {
        has_modifier(node, "public") || (self.context.in_interface && !has_modifier(node, "private"))
    }
}

fn is_annotation(node: Node<'_>) -> bool {
    matches!(node.kind(), "annotation" | "marker_annotation")
}

/// True where a word stands before a declaration.
pub(super) fn has_modifier(node: Node<'_>, word: &str) -> bool {
    child_of_kind(node, "modifiers").is_some_and(|modifiers| child_of_kind(modifiers, word).is_some())
}

/// The line on which a declaration starts, behind its annotations.
pub(super) fn head_line(node: Node<'_>) -> u32 {
    let mut cursor = node.walk();
    for child in node.children(&mut cursor).filter(|child| !super::is_comment(*child)) {
        if child.kind() != "modifiers" {
            return line(child);
        }
        let mut words = child.walk();
        let word = child.children(&mut words).find(|word| !is_annotation(*word) && !super::is_comment(*word));
        if let Some(word) = word {
            return line(word);
        }
    }
    line(node)
}
