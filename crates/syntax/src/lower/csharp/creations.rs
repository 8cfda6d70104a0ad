//! Objects, collections and arrays that are made where they stand.

use super::types::element;
use super::{Lowering, child_of_kind, line, named, operands};
use crate::{Arg, Entry, Expr, ExprId, TypeRef};
use smol_str::SmolStr;
use std::rc::Rc;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    pub(super) fn creation(&mut self, node: Node<'_>, expected: Option<Rc<TypeRef>>) -> ExprId {
        match node.kind() {
            "object_creation_expression" => {
                let at = node.child_by_field_name("type").map_or_else(|| line(node), line);
                let ty = self.field_type(node, "type");
                self.object_creation(node, at, ty.as_ref())
            }
            "implicit_object_creation_expression" => self.object_creation(node, line(node), expected.as_deref()),
            "anonymous_object_creation_expression" => self.anonymous_object(node),
            "collection_expression" => self.collection(node, expected.as_deref().and_then(element)),
            "initializer_expression" => self.array(node, expected.as_deref().and_then(element)),
            _ => {
                let ty = self.field_type(node, "type").map(Rc::new).or(expected);
                match child_of_kind(node, "initializer_expression") {
                    Some(initializer) => self.array(initializer, ty.as_deref().and_then(element)),
                    // An array of a size has no elements yet.
                    None => self.b.expr(line(node), Expr::List(Vec::new())),
                }
            }
        }
    }

    /// `new T(args) { … }`: what is in braces is one more argument.
    fn object_creation(&mut self, node: Node<'_>, at: u32, ty: Option<&TypeRef>) -> ExprId {
        let mut args = child_of_kind(node, "argument_list").map(|list| self.args(list)).unwrap_or_default();
        let initializer = child_of_kind(node, "initializer_expression").filter(|braces| !named(*braces).is_empty());
        if let Some(initializer) = initializer {
            let value = self.initializer(initializer, ty.and_then(element));
            args.push(Arg { name: None, value });
        }
        self.construct(at, ty, args)
    }

    /// `{ A = 1, ["k"] = v }` and `{ { "k", v } }` are objects, `{ a, b }` is a list.
    fn initializer(&mut self, node: Node<'_>, of: Option<Rc<TypeRef>>) -> ExprId {
        let children = operands(node);
        let is_object = children.iter().all(|child| child.kind() == "assignment_expression");
        let is_map =
            children.iter().all(|child| child.kind() == "initializer_expression" && operands(*child).len() == 2);
        if !is_object && !is_map {
            return self.array(node, of);
        }
        let mut entries = Vec::new();
        for child in children {
            let (key, value) = if is_object {
                (child.child_by_field_name("left"), child.child_by_field_name("right"))
            } else {
                let pair = operands(child);
                (pair.first().copied(), pair.get(1).copied())
            };
            if let (Some(key), Some(value)) = (key, value) {
                let entry = self.entry(key, value, is_map, of.clone());
                entries.push(entry);
            }
        }
        self.b.expr(line(node), Expr::Object(entries))
    }

    fn entry(&mut self, key: Node<'_>, value: Node<'_>, is_map: bool, of: Option<Rc<TypeRef>>) -> Entry {
        let is_index = key.kind() == "element_binding_expression";
        let key = if is_index { named(key).first().copied().unwrap_or(key) } else { key };
        let key = if key.kind() == "argument" { operands(key).last().copied().unwrap_or(key) } else { key };
        let name = match key.kind() {
            "string_literal" | "verbatim_string_literal" | "raw_string_literal" => Some(self.string(key)),
            "identifier" if !is_index && !is_map => Some(self.name(key)),
            _ => None,
        };
        let computed = if name.is_none() { Some(self.expression(key)) } else { None };
        let value = match value.kind() {
            "initializer_expression" => {
                self.deeper(|inner| inner.initializer(value, None)).unwrap_or_else(|| self.opaque(value))
            }
            // What a member holds is written elsewhere.
            _ => self.expression_as(value, of.filter(|_| is_index || is_map)),
        };
        match (name, computed) {
            (Some(key), _) => Entry::Field { key, value },
            (None, Some(key)) => Entry::Computed { key, value },
            (None, None) => Entry::Spread(value),
        }
    }

    /// Elements in braces; braces among them are arrays or, in `Add` with several values, tuples.
    fn array(&mut self, node: Node<'_>, of: Option<Rc<TypeRef>>) -> ExprId {
        let mut items = Vec::new();
        for child in operands(node) {
            items.push(self.expression_as(child, of.clone()));
        }
        self.b.expr(line(node), Expr::List(items))
    }

    /// `[a, ..b]`.
    fn collection(&mut self, node: Node<'_>, of: Option<Rc<TypeRef>>) -> ExprId {
        let mut items = Vec::new();
        for child in named(node).into_iter().flat_map(named) {
            let item = if child.kind() == "spread_element" {
                let inner = self.first(child);
                self.b.expr(line(child), Expr::Spread(inner))
            } else {
                match operands(child).first() {
                    Some(value) => self.expression_as(*value, of.clone()),
                    None => self.opaque(child),
                }
            };
            items.push(item);
        }
        self.b.expr(line(node), Expr::List(items))
    }

    /// `new { A = 1, b.C }`.
    fn anonymous_object(&mut self, node: Node<'_>) -> ExprId {
        let mut entries = Vec::new();
        let mut cursor = node.walk();
        let children: Vec<Node<'_>> = node.children(&mut cursor).collect();
        for member in children.split(|child| matches!(child.kind(), "{" | "," | "}")) {
            let is_named = member.iter().any(|child| child.kind() == "=");
            let mut parts = member.iter().filter(|child| child.is_named() && !super::is_trivia(**child));
            let (Some(first), last) = (parts.next(), parts.next_back()) else { continue };
            let value = self.expression(*last.filter(|_| is_named).unwrap_or(first));
            let key = if is_named { self.name(*first) } else { self.last_name(*first) };
            entries.push(Entry::Field { key, value });
        }
        self.b.expr(line(node), Expr::Object(entries))
    }

    /// The name that a member of an anonymous object takes from its value.
    fn last_name(&self, node: Node<'_>) -> SmolStr {
        let holder = child_of_kind(node, "member_binding_expression").unwrap_or(node);
        self.name(holder.child_by_field_name("name").unwrap_or(holder))
    }
}
