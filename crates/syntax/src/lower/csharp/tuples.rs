//! Tuples on the left of an assignment.

use super::{Lowering, line, named, operands};
use crate::{Expr, Pattern, Stmt, StmtId};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// `(a, var b) = …` as statements, one for each element where the elements of the value are written as well.
    /// False for anything else.
    pub(super) fn deconstruction(&mut self, node: Node<'_>, out: &mut Vec<StmtId>) -> bool {
        let is_assignment = node.kind() == "assignment_expression";
        let left = node.child_by_field_name("left").filter(|left| is_assignment && left.kind() == "tuple_expression");
        let (Some(left), Some(right)) = (left, node.child_by_field_name("right")) else { return false };
        let targets = elements(left);
        let values = if right.kind() == "tuple_expression" { elements(right) } else { Vec::new() };
        if values.len() == targets.len() {
            for (target, value) in targets.into_iter().zip(values) {
                let value = self.expression(value);
                self.assign_element(target, value, out);
            }
            return true;
        }
        let value = self.expression(right);
        let mut assigned = Vec::new();
        let pattern = self.target_pattern(left, &mut assigned);
        self.bind(node, pattern, None, value, out);
        for (target, temporary) in assigned {
            let value = self.b.expr(line(target), Expr::Name(temporary));
            self.assign_element(target, value, out);
        }
        true
    }

    fn assign_element(&mut self, target: Node<'_>, value: crate::ExprId, out: &mut Vec<StmtId>) {
        match target.kind() {
            "declaration_expression" => {
                let pattern = target.child_by_field_name("name").map_or(Pattern::Ignore, |name| self.binding(name));
                let ty = self.field_type(target, "type");
                self.bind(target, pattern, ty, value, out);
            }
            "identifier" if self.text(target) == "_" => self.put(target, Stmt::Expr(value), out),
            _ => {
                let target_value = self.expression(target);
                let op = SmolStr::new_static("=");
                let assign = self.b.expr(line(target), Expr::Assign { op, target: target_value, value });
                self.put(target, Stmt::Expr(assign), out);
            }
        }
    }

    /// The names a tuple declares; what it assigns goes through a name that no source can have.
    pub(super) fn target_pattern<'t>(&mut self, node: Node<'t>, assigned: &mut Vec<(Node<'t>, SmolStr)>) -> Pattern {
        match node.kind() {
            "tuple_expression" => {
                let items = elements(node)
                    .into_iter()
                    .map(|item| self.deeper(|inner| inner.target_pattern(item, assigned)).unwrap_or(Pattern::Ignore));
                Pattern::List(items.collect())
            }
            "declaration_expression" => {
                node.child_by_field_name("name").map_or(Pattern::Ignore, |name| self.binding(name))
            }
            "identifier" if self.text(node) == "_" => Pattern::Ignore,
            _ => {
                let temporary = self.temporary("tuple", node);
                assigned.push((node, temporary.clone()));
                Pattern::Name(temporary)
            }
        }
    }

    /// `var (a, (b, _))`.
    pub(super) fn tuple_pattern(&mut self, node: Node<'_>) -> Pattern {
        match node.kind() {
            "tuple_pattern" => {
                let items = named(node)
                    .into_iter()
                    .map(|item| self.deeper(|inner| inner.tuple_pattern(item)).unwrap_or(Pattern::Ignore));
                Pattern::List(items.collect())
            }
            "identifier" => self.binding(node),
            _ => Pattern::Ignore,
        }
    }
}

/// The expressions of a tuple.
fn elements(node: Node<'_>) -> Vec<Node<'_>> {
    named(node).into_iter().map(|argument| operands(argument).last().copied().unwrap_or(argument)).collect()
}
