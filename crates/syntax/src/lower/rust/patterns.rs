//! Patterns: what they bind and what they test.

use super::{Lowering, named};
use crate::{Expr, ExprId, Pattern, TypeRef};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_, '_> {
    /// What a pattern binds. `Some(x)` and `Ok(x)` bind what the value is beneath them.
    pub(super) fn pattern(&mut self, node: Node<'_>) -> Pattern {
        self.deeper(|inner| inner.pattern_at(node)).unwrap_or(Pattern::Ignore)
    }

    fn pattern_at(&mut self, node: Node<'_>) -> Pattern {
        match node.kind() {
            "identifier" | "shorthand_field_identifier" => {
                let name = self.name(node);
                // Names of constants and unit variants are tests.
                if name == "_" || name.starts_with(char::is_uppercase) { Pattern::Ignore } else { Pattern::Name(name) }
            }
            "mut_pattern" | "ref_pattern" | "reference_pattern" | "match_pattern" => {
                match named(node).into_iter().find(|child| child.kind() != "mutable_specifier") {
                    Some(inner) => self.pattern(inner),
                    None => Pattern::Ignore,
                }
            }
            "captured_pattern" => match named(node).first() {
                Some(name) => self.pattern(*name),
                None => Pattern::Ignore,
            },
            // The options of an or-pattern bind the same names.
            "or_pattern" => match named(node).first() {
                Some(first) => self.pattern(*first),
                None => Pattern::Ignore,
            },
            "tuple_pattern" | "slice_pattern" => {
                Pattern::List(self.pattern_items(node, 0).into_iter().map(|item| self.pattern(item)).collect())
            }
            "tuple_struct_pattern" => {
                let name = node.child_by_field_name("type").map(|ty| self.dotted(ty)).unwrap_or_default();
                let items = self.pattern_items(node, 1);
                match (name.rsplit('.').next().unwrap_or_default(), items.as_slice()) {
                    ("Some" | "Ok", [only]) => self.pattern(*only),
                    // An error is no part of the value that is looked at.
                    ("Err", [only]) => match self.pattern(*only) {
                        Pattern::Name(name) => Pattern::Object(vec![("Err".into(), Pattern::Name(name), None)], None),
                        other => other,
                    },
                    _ => {
                        let mut fields = Vec::new();
                        for (at, item) in items.into_iter().enumerate() {
                            let inner = self.pattern(item);
                            if inner != Pattern::Ignore {
                                fields.push((SmolStr::new(at.to_string()), inner, None));
                            }
                        }
                        Pattern::Object(fields, None)
                    }
                }
            }
            "struct_pattern" => {
                let mut fields = Vec::new();
                for field in named(node).into_iter().filter(|child| child.kind() == "field_pattern") {
                    let name = self.field_text(field, "name");
                    let inner = match field.child_by_field_name("pattern") {
                        Some(pattern) => self.pattern(pattern),
                        None => Pattern::Name(name.clone()),
                    };
                    fields.push((name, inner, None));
                }
                Pattern::Object(fields, None)
            }
            _ => Pattern::Ignore,
        }
    }

    /// The items of a tuple pattern, placeholders included, so that positions stay right.
    fn pattern_items<'n>(&self, node: Node<'n>, skip: usize) -> Vec<Node<'n>> {
        let mut cursor = node.walk();
        let children: Vec<Node<'n>> = node.children(&mut cursor).collect();
        let items = children
            .into_iter()
            .filter(|child| (child.is_named() || child.kind() == "_") && !super::is_comment(*child));
        items.skip(skip).collect()
    }

    /// What a pattern tests; nothing where it takes everything.
    pub(super) fn tests(&mut self, node: Node<'_>) -> Vec<ExprId> {
        self.deeper(|inner| inner.tests_at(node)).unwrap_or_default()
    }

    fn tests_at(&mut self, node: Node<'_>) -> Vec<ExprId> {
        match node.kind() {
            "_" | "remaining_field_pattern" | "shorthand_field_identifier" => Vec::new(),
            "identifier" => {
                let name = self.name(node);
                if name.starts_with(char::is_uppercase) { vec![self.expr(node, Expr::Name(name))] } else { Vec::new() }
            }
            "match_pattern" => {
                let condition = node.child_by_field_name("condition");
                let inner = named(node).into_iter().find(|child| Some(child.id()) != condition.map(|node| node.id()));
                inner.map(|inner| self.tests(inner)).unwrap_or_default()
            }
            "mut_pattern" | "ref_pattern" | "reference_pattern" => {
                let inner = named(node).into_iter().find(|child| child.kind() != "mutable_specifier");
                inner.map(|inner| self.tests(inner)).unwrap_or_default()
            }
            "captured_pattern" => named(node).get(1).map(|inner| self.tests(*inner)).unwrap_or_default(),
            "or_pattern" => {
                let mut all = Vec::new();
                // `a | b | c` nests to the left.
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
            "tuple_pattern" | "slice_pattern" => {
                let mut items = Vec::new();
                for item in self.pattern_items(node, 0) {
                    let mut tests = self.tests(item);
                    items.push(match tests.len() {
                        1 => tests.remove(0),
                        _ => self.expr(item, Expr::Opaque(tests)),
                    });
                }
                vec![self.expr(node, Expr::List(items))]
            }
            "tuple_struct_pattern" | "struct_pattern" => {
                let ty = node.child_by_field_name("type").map(|ty| self.path_type(ty)).unwrap_or(TypeRef::Other);
                vec![self.expr(node, Expr::TypeLiteral(ty))]
            }
            "range_pattern" => vec![self.opaque(node)],
            _ => vec![self.expression(node)],
        }
    }

    /// A path as a type, `Self` resolved.
    fn path_type(&self, node: Node<'_>) -> TypeRef {
        let name = self.dotted(node);
        match (&self.context.owner, name.strip_prefix("Self")) {
            (Some(owner), Some(rest)) if rest.is_empty() || rest.starts_with('.') => {
                TypeRef::named(format!("{owner}{rest}"))
            }
            _ => TypeRef::named(name),
        }
    }
}

/// True for a pattern that binds a name.
pub(super) fn binds(pattern: &Pattern) -> bool {
    match pattern {
        Pattern::Name(_) => true,
        Pattern::Object(fields, rest) => rest.is_some() || fields.iter().any(|(_, inner, _)| binds(inner)),
        Pattern::List(items) => items.iter().any(binds),
        Pattern::Ignore => false,
    }
}
