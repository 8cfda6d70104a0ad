//! Patterns: what they bind and what they test.

use super::comparisons::left_end;
use super::{Lowering, has_token, line, named, operands};
use crate::{Entry, Expr, ExprId, Pattern, Stmt, StmtId, TypeRef};
use smol_str::SmolStr;
use tree_sitter::Node;

/// What a pattern gives the whole value: a name or its parts, with the type that is then known.
pub(super) type Bound = (Pattern, Option<TypeRef>);

impl Lowering<'_, '_> {
    /// What a pattern binds. A negated one counts: its names are there when it does not match.
    pub(super) fn bound(&mut self, node: Node<'_>) -> Vec<Bound> {
        let mut out = Vec::new();
        self.bound_within(node, &mut out);
        out
    }

    fn bound_within(&mut self, node: Node<'_>, out: &mut Vec<Bound>) {
        self.deeper(|inner| inner.bound_at(node, out));
    }

    fn bound_at(&mut self, node: Node<'_>, out: &mut Vec<Bound>) {
        match node.kind() {
            "declaration_pattern" | "var_pattern" => {
                let ty = self.field_type(node, "type");
                let pattern = self.designation(node);
                out.extend(pattern.map(|pattern| (pattern, ty)));
            }
            "recursive_pattern" => {
                let ty = self.field_type(node, "type");
                let name = self.designation(node);
                out.extend(name.map(|name| (name, ty)));
                for clause in named(node) {
                    match clause.kind() {
                        "property_pattern_clause" => out.extend(self.properties(clause).map(|parts| (parts, None))),
                        "positional_pattern_clause" => {
                            let items = named(clause).into_iter().map(|item| self.part_bound(item)).collect();
                            out.extend(list(items).map(|parts| (parts, None)));
                        }
                        // `(pattern) name` is one of these, too.
                        kind if kind.ends_with("_pattern") => self.bound_within(clause, out),
                        _ => {}
                    }
                }
            }
            "list_pattern" => {
                out.extend(self.designation(node).map(|name| (name, None)));
                let items = elements(node).into_iter().map(|item| self.part_bound(item)).collect();
                out.extend(list(items).map(|parts| (parts, None)));
            }
            // `(1, var x)` is read as a constant.
            "constant_pattern" => {
                let tuple = operands(node).first().copied().filter(|inner| inner.kind() == "tuple_expression");
                if let Some(tuple) = tuple {
                    let items = named(tuple).into_iter().map(|item| self.tuple_bound(item)).collect();
                    out.extend(list(items).map(|parts| (parts, None)));
                }
            }
            "negated_pattern" | "parenthesized_pattern" | "and_pattern" | "subpattern" => {
                let patterns = named(node).into_iter().filter(|child| is_pattern(*child));
                patterns.for_each(|pattern| self.bound_within(pattern, out));
            }
            // The options of an or-pattern bind nothing, or the same.
            "or_pattern" => {
                if let Some(first) = named(node).first() {
                    self.bound_within(*first, out);
                }
            }
            _ => {}
        }
    }

    /// What a part of a pattern binds, for a place that holds one pattern.
    fn part_bound(&mut self, node: Node<'_>) -> Pattern {
        self.bound(node).into_iter().next().map_or(Pattern::Ignore, |(pattern, _)| pattern)
    }

    fn tuple_bound(&mut self, argument: Node<'_>) -> Pattern {
        match operands(argument).last() {
            Some(inner) if inner.kind() == "declaration_expression" => self.declared_name(*inner),
            _ => Pattern::Ignore,
        }
    }

    fn declared_name(&self, node: Node<'_>) -> Pattern {
        node.child_by_field_name("name").map_or(Pattern::Ignore, |name| self.binding(name))
    }

    /// `{ A: var a, B.C: var c }`.
    fn properties(&mut self, clause: Node<'_>) -> Option<Pattern> {
        let mut fields = Vec::new();
        for part in named(clause).into_iter().filter(|child| child.kind() == "subpattern") {
            let path = self.subpattern_name(part);
            for (mut pattern, _) in self.bound(part) {
                let mut names = path.rsplit('.').map(SmolStr::new);
                let last = names.next_back().unwrap_or_default();
                for name in names {
                    pattern = Pattern::Object(vec![(name, pattern, None)], None);
                }
                fields.push((last, pattern, None));
            }
        }
        (!fields.is_empty()).then_some(Pattern::Object(fields, None))
    }

    fn subpattern_name(&self, node: Node<'_>) -> SmolStr {
        let name = named(node).first().copied().filter(|_| has_token(node, ":"));
        name.map(|name| self.dotted(name)).unwrap_or_default()
    }

    /// The name, or names, at the end of a pattern.
    fn designation(&mut self, node: Node<'_>) -> Option<Pattern> {
        if let Some(list) = named(node).into_iter().find(|child| child.kind() == "parenthesized_variable_designation") {
            return Some(self.designations(list));
        }
        let name = node.child_by_field_name("name").map(|name| self.binding(name));
        name.filter(|name| *name != Pattern::Ignore)
    }

    fn designations(&mut self, node: Node<'_>) -> Pattern {
        let items = named(node).into_iter().map(|item| match item.kind() {
            "parenthesized_variable_designation" => {
                self.deeper(|inner| inner.designations(item)).unwrap_or(Pattern::Ignore)
            }
            "discard" => Pattern::Ignore,
            _ => self.binding(item),
        });
        Pattern::List(items.collect())
    }

    /// What a pattern tests; nothing where it takes everything.
    pub(super) fn tests(&mut self, node: Node<'_>) -> Vec<ExprId> {
        self.deeper(|inner| inner.tests_at(node)).unwrap_or_default()
    }

    fn tests_at(&mut self, node: Node<'_>) -> Vec<ExprId> {
        let at = line(node);
        match node.kind() {
            "discard" | "var_pattern" => Vec::new(),
            "constant_pattern" => match operands(node).first() {
                Some(inner) if inner.kind() == "tuple_expression" => vec![self.tuple_tests(*inner)],
                Some(inner) => vec![self.expression(left_end(*inner))],
                None => Vec::new(),
            },
            "declaration_pattern" | "type_pattern" => match node.child_by_field_name("type") {
                Some(ty) if ty.kind() != "implicit_type" => vec![self.type_literal(ty)],
                _ => Vec::new(),
            },
            // What the parts must be is left out where the type already tells which case it is.
            "recursive_pattern" => match node.child_by_field_name("type") {
                Some(ty) => vec![self.type_literal(ty)],
                None => self.part_tests(node),
            },
            "parenthesized_pattern" | "subpattern" => {
                let inner = named(node).into_iter().rfind(|child| is_pattern(*child));
                inner.map(|inner| self.tests(inner)).unwrap_or_default()
            }
            "or_pattern" => {
                // `a or b or c` nests to the left.
                let mut all = Vec::new();
                let mut stack = vec![node];
                while let Some(at) = stack.pop() {
                    if at.kind() == "or_pattern" {
                        stack.extend(named(at).into_iter().rev());
                    } else {
                        all.extend(self.tests(at));
                    }
                }
                all
            }
            "and_pattern" => {
                let sides: Vec<ExprId> = named(node).into_iter().flat_map(|side| self.one_test(side)).collect();
                match sides.as_slice() {
                    [left, right] => {
                        let (left, right) = (*left, *right);
                        vec![self.b.expr(at, Expr::Binary { op: "&&".into(), left, right })]
                    }
                    _ => sides,
                }
            }
            "negated_pattern" => {
                let inner = named(node).first().and_then(|inner| self.one_test(*inner));
                inner.map(|value| self.b.expr(at, Expr::Unary { op: "not".into(), value })).into_iter().collect()
            }
            "relational_pattern" => {
                let value = operands(node).first().map(|value| self.expression(left_end(*value)));
                let value = value.unwrap_or_else(|| self.opaque(node));
                let op = node.child(0).map(|op| self.text(op)).unwrap_or_default();
                vec![self.b.expr(at, Expr::Unary { op, value })]
            }
            "list_pattern" => {
                let items = elements(node).into_iter().map(|item| self.item_test(item)).collect();
                vec![self.b.expr(at, Expr::List(items))]
            }
            kind if is_pattern(node) || kind == "ERROR" => Vec::new(),
            _ => vec![self.expression(node)],
        }
    }

    /// The tests of a pattern as one expression.
    pub(super) fn one_test(&mut self, node: Node<'_>) -> Option<ExprId> {
        let mut tests = self.tests(node);
        match tests.len() {
            0 => None,
            1 => tests.pop(),
            _ => Some(self.b.expr(line(node), Expr::Opaque(tests))),
        }
    }

    fn item_test(&mut self, node: Node<'_>) -> ExprId {
        let test = if node.is_named() { self.one_test(node) } else { None };
        test.unwrap_or_else(|| self.opaque(node))
    }

    fn tuple_tests(&mut self, node: Node<'_>) -> ExprId {
        let mut items = Vec::new();
        for argument in named(node) {
            let value = operands(argument).last().copied();
            let is_test = |value: &Node<'_>| value.kind() != "declaration_expression" && self.text(*value) != "_";
            items.push(match value.filter(is_test) {
                Some(value) => self.expression(value),
                None => self.opaque(argument),
            });
        }
        self.b.expr(line(node), Expr::List(items))
    }

    /// `{ A: 1 }` is an object, `(1, 2)` a list of tests.
    fn part_tests(&mut self, node: Node<'_>) -> Vec<ExprId> {
        let mut all = Vec::new();
        for clause in named(node) {
            match clause.kind() {
                "property_pattern_clause" => {
                    let mut entries = Vec::new();
                    for part in named(clause).into_iter().filter(|child| child.kind() == "subpattern") {
                        if let Some(value) = self.one_test(part) {
                            entries.push(Entry::Field { key: self.subpattern_name(part), value });
                        }
                    }
                    all.push(self.b.expr(line(clause), Expr::Object(entries)));
                }
                "positional_pattern_clause" => {
                    let items = named(clause).into_iter().map(|item| self.item_test(item)).collect();
                    all.push(self.b.expr(line(clause), Expr::List(items)));
                }
                kind if kind.ends_with("_pattern") => all.extend(self.tests(clause)),
                _ => {}
            }
        }
        all
    }

    pub(super) fn bind(
        &mut self,
        node: Node<'_>,
        pattern: Pattern,
        ty: Option<TypeRef>,
        value: ExprId,
        out: &mut Vec<StmtId>,
    ) {
        self.put(node, Stmt::Let { pattern, ty, value: Some(value), constant: false, exported: false }, out);
    }
}

pub(super) fn is_pattern(node: Node<'_>) -> bool {
    node.kind().ends_with("_pattern") || node.kind() == "discard"
}

/// The items of a list pattern, `..` included, so that positions stay right up to there.
fn elements(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).filter(|child| is_pattern(*child) || child.kind() == "..").collect()
}

/// The parts as one pattern, where any of them binds.
fn list(items: Vec<Pattern>) -> Option<Pattern> {
    items.iter().any(|item| *item != Pattern::Ignore).then_some(Pattern::List(items))
}
