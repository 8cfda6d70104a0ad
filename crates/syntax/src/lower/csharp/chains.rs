//! What nests to the left (calls, members, operators) is walked from the inside out, which costs no stack.
//!
//! The grammar binds `?` loosely: it reads `await a?.B()` as `(await a)?.B()` and `x == a?.B` as `(x == a)?.B`. The
//! walk puts such operators back around what they are applied to.

use super::comparisons::{end, left_end};
use super::{Lowering, child_of_kind, line, named, operands};
use crate::{Call, Expr, ExprId, TypeRef};
use std::rc::Rc;
use tree_sitter::Node;

/// One step of a chain.
#[derive(Clone, Copy)]
enum Link<'t> {
    /// Continues the value to its right.
    Behind(Node<'t>),
    /// Stands before the value.
    Before(Node<'t>),
}

impl Lowering<'_, '_> {
    pub(super) fn chain(&mut self, node: Node<'_>) -> ExprId {
        let mut expected = self.context.expected.take();
        let mut links = Vec::new();
        let at = self.unfold(node, &mut links);
        // What is in parentheses only has the type that is asked for.
        let is_whole = links.iter().all(|link| matches!(link, Link::Behind(node) if is_parenthesized(*node)));
        if links.is_empty() {
            return self.begin(at, expected);
        }
        let outer = self.context.links;
        let beyond = links.len().saturating_sub(outer);
        self.context.links = outer.saturating_sub(links.len());
        let mut value = self.begin(at, if is_whole { expected.take() } else { None });
        if beyond > 0 {
            // The innermost links lie side by side, so that calls in them stay visible.
            let mut parts = vec![value];
            for _ in 0..beyond {
                if let Some(Link::Behind(link) | Link::Before(link)) = links.pop() {
                    self.link_operands(link, &mut parts);
                }
            }
            value = self.b.expr(line(node), Expr::Opaque(parts));
        }
        while let Some(link) = links.pop() {
            value = match link {
                Link::Behind(link) => {
                    let is_last =
                        links.iter().all(|link| matches!(link, Link::Behind(node) if is_parenthesized(*node)));
                    let expected = if is_last { expected.take() } else { None };
                    self.link(link, value, expected)
                }
                Link::Before(link) => self.prefix(link, value),
            };
        }
        self.context.links = outer;
        value
    }

    /// What a chain begins with.
    fn begin(&mut self, node: Node<'_>, expected: Option<Rc<TypeRef>>) -> ExprId {
        match self.context.stands_for {
            Some((id, value)) if id == node.id() => value,
            _ => self.single(node, expected),
        }
    }

    /// The parts of a link other than what it continues.
    fn link_operands(&mut self, node: Node<'_>, parts: &mut Vec<ExprId>) {
        let lists = [node.child_by_field_name("arguments"), node.child_by_field_name("subscript")];
        for list in lists.into_iter().flatten() {
            parts.extend(self.args(list).into_iter().map(|arg| arg.value));
        }
        if node.kind() == "binary_expression"
            && let Some(right) = node.child_by_field_name("right")
        {
            parts.push(self.expression(right));
        }
    }

    fn link(&mut self, node: Node<'_>, value: ExprId, expected: Option<Rc<TypeRef>>) -> ExprId {
        let at = line(node);
        match node.kind() {
            "parenthesized_expression" => value,
            "member_access_expression" => self.member_of(node, value),
            "conditional_access_expression" => match child_of_kind(node, "element_binding_expression") {
                Some(binding) => self.index(binding, value),
                None => match child_of_kind(node, "member_binding_expression") {
                    Some(binding) => self.member_of(binding, value),
                    None => value,
                },
            },
            "element_access_expression" => match node.child_by_field_name("subscript") {
                Some(subscript) => self.index(subscript, value),
                None => value,
            },
            "postfix_unary_expression" => match last_token(node) {
                "!" => self.b.expr(at, Expr::Cast { value, ty: None }),
                op => self.b.expr(at, Expr::Unary { op: op.into(), value }),
            },
            "as_expression" => {
                let ty = self.field_type(node, "right");
                self.b.expr(at, Expr::Cast { value, ty })
            }
            "is_expression" => match node.child_by_field_name("right") {
                Some(ty) => {
                    let right = self.type_literal(ty);
                    self.b.expr(at, Expr::Binary { op: "is".into(), left: value, right })
                }
                None => value,
            },
            "is_pattern_expression" => self.is_pattern(node, value),
            "switch_expression" => self.switch_expression(node, value, expected),
            "with_expression" => self.with_expression(node, value),
            "binary_expression" => {
                let op = node.child_by_field_name("operator").map(|op| self.text(op)).unwrap_or_default();
                let right = match node.child_by_field_name("right") {
                    Some(right) => self.expression_as(right, expected.filter(|_| op == "??")),
                    None => self.opaque(node),
                };
                self.b.expr(at, Expr::Binary { op, left: value, right })
            }
            _ => self.call(node, value),
        }
    }

    fn member_of(&mut self, node: Node<'_>, object: ExprId) -> ExprId {
        let member = node.child_by_field_name("name");
        let name = member.map(|member| self.name(member)).unwrap_or_default();
        self.b.expr(member.map_or_else(|| line(node), line), Expr::Member { object, name })
    }

    fn index(&mut self, list: Node<'_>, object: ExprId) -> ExprId {
        let mut all: Vec<ExprId> = self.args(list).into_iter().map(|arg| arg.value).collect();
        let index = match all.len() {
            1 => all.remove(0),
            _ => self.b.expr(line(list), Expr::List(all)),
        };
        self.b.expr(line(list), Expr::Index { object, index })
    }

    fn call(&mut self, node: Node<'_>, callee: ExprId) -> ExprId {
        let at = self.b.tree.expr_lines.get(callee.0 as usize).copied().unwrap_or_else(|| line(node));
        let function = node.child_by_field_name("function");
        let optional = function.is_some_and(|function| function.kind() == "conditional_access_expression");
        let name = match function {
            Some(function) if optional => child_of_kind(function, "member_binding_expression"),
            other => other,
        };
        let generic = name.and_then(|name| match name.kind() {
            "generic_name" => Some(name),
            _ => name.child_by_field_name("name").filter(|name| name.kind() == "generic_name"),
        });
        let type_args = generic.map(|name| self.type_arguments(name)).unwrap_or_default();
        let args = node.child_by_field_name("arguments").map(|list| self.args(list)).unwrap_or_default();
        if let Some(call) = self.reflected(callee, &args) {
            return self.b.expr(at, Expr::Call(call));
        }
        let args = self.with_handed_methods(node, callee, args);
        self.b.expr(at, Expr::Call(Call { callee, args, type_args, optional }))
    }

    /// An operator that stands before a value.
    pub(super) fn prefix(&mut self, node: Node<'_>, value: ExprId) -> ExprId {
        let expr = match node.kind() {
            "await_expression" => Expr::Await(value),
            "cast_expression" => Expr::Cast { value, ty: self.field_type(node, "type") },
            "binary_expression" => {
                let op = node.child_by_field_name("operator").map(|op| self.text(op)).unwrap_or_default();
                let left = self.required(node, "left");
                Expr::Binary { op, left, right: value }
            }
            "prefix_unary_expression" => match first_token(node) {
                "&" | "*" => Expr::Cast { value, ty: None },
                op => Expr::Unary { op: op.into(), value },
            },
            _ => Expr::Opaque(vec![value]),
        };
        self.b.expr(line(node), expr)
    }

    /// The links of a chain, outermost first, and what it begins with.
    fn unfold<'t>(&mut self, node: Node<'t>, links: &mut Vec<Link<'t>>) -> Node<'t> {
        let mut at = node;
        // Where the links that bind closer than any operator begin.
        let mut close = 0;
        while !self.is_name_of(at)
            && self.context.stands_for.is_none_or(|(id, _)| id != at.id())
            && let Some(inner) = inner(at)
        {
            let pattern = at.child_by_field_name("pattern").filter(|_| at.kind() == "is_pattern_expression");
            if let Some(end) = pattern.and_then(end) {
                // The operation goes on from the comparison.
                let value = self.expression(inner);
                let test = self.is_pattern(at, value);
                self.context.stands_for = Some((left_end(end).id(), test));
                at = end;
                continue;
            }
            links.push(Link::Behind(at));
            if !is_close(at) {
                close = links.len();
            }
            let is_conditional = at.kind() == "conditional_access_expression";
            at = inner;
            while is_conditional && let Some(operand) = operand(at) {
                links.insert(close, Link::Before(at));
                close += 1;
                at = operand;
            }
        }
        at
    }

    /// True for `nameof(x)`, which is no call.
    fn is_name_of(&self, node: Node<'_>) -> bool {
        let function = node.child_by_field_name("function").filter(|_| node.kind() == "invocation_expression");
        function.is_some_and(|function| function.kind() == "identifier" && self.text(function) == "nameof")
            && node.child_by_field_name("arguments").is_some_and(|list| named(list).len() == 1)
    }
}

/// What a link of a chain continues: its left operand.
pub(super) fn inner(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "member_access_expression" | "element_access_expression" | "is_pattern_expression" => {
            node.child_by_field_name("expression")
        }
        "conditional_access_expression" => node.child_by_field_name("condition"),
        "invocation_expression" => node.child_by_field_name("function"),
        "binary_expression" | "as_expression" | "is_expression" => node.child_by_field_name("left"),
        "parenthesized_expression" | "postfix_unary_expression" | "switch_expression" | "with_expression" => {
            operands(node).first().copied()
        }
        _ => None,
    }
}

/// True for links that bind closer than operators.
fn is_close(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "member_access_expression"
            | "element_access_expression"
            | "conditional_access_expression"
            | "invocation_expression"
            | "postfix_unary_expression"
    )
}

/// The last operand of an operator that binds looser than `?.` does.
fn operand(node: Node<'_>) -> Option<Node<'_>> {
    match node.kind() {
        "binary_expression" => node.child_by_field_name("right"),
        "cast_expression" => node.child_by_field_name("value"),
        "await_expression" | "prefix_unary_expression" => operands(node).last().copied(),
        _ => None,
    }
}

fn is_parenthesized(node: Node<'_>) -> bool {
    node.kind() == "parenthesized_expression"
}

fn first_token<'t>(node: Node<'t>) -> &'t str {
    node.child(0).map_or("", |token| token.kind())
}

fn last_token<'t>(node: Node<'t>) -> &'t str {
    let mut cursor = node.walk();
    node.children(&mut cursor).filter(|child| !child.is_named()).last().map_or("", |token| token.kind())
}
