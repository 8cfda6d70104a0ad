//! Lowers what only a parser that recovers can read: ECMAScript with syntax errors, foreign bytes or hostile nesting.

mod declarations;
mod expressions;
mod modules;
mod statements;
mod types;

use super::unescape;
use crate::{Arg, Builder, Expr, ExprId};
use smol_str::SmolStr;
use tree_sitter::Node;

/// Lowers a parsed file into the builder's tree.
pub(in crate::lower) fn lower(builder: &mut Builder<'_>, root: Node<'_>) {
    let mut lowering = Lowering { b: builder, namespace: None };
    let mut body = Vec::new();
    lowering.statements(root, &mut body);
    lowering.b.tree.body = body;
}

/// The lowering of one file.
struct Lowering<'l, 's> {
    b: &'l mut Builder<'s>,
    /// Name of the `namespace` that is being lowered.
    namespace: Option<SmolStr>,
}

fn line(node: Node<'_>) -> u32 {
    Builder::line(node)
}

/// Named children without comments.
fn named(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !matches!(child.kind(), "comment" | "html_comment")).collect()
}

fn has_token(node: Node<'_>, token: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| child.kind() == token)
}

impl Lowering<'_, '_> {
    fn text(&self, node: Node<'_>) -> SmolStr {
        self.b.text(node)
    }

    fn field_text(&self, node: Node<'_>, field: &str) -> SmolStr {
        node.child_by_field_name(field).map(|child| self.text(child)).unwrap_or_default()
    }

    fn opaque(&mut self, node: Node<'_>) -> ExprId {
        self.b.expr(line(node), Expr::Opaque(Vec::new()))
    }

    fn args(&mut self, node: Option<Node<'_>>) -> Vec<Arg> {
        let Some(node) = node else { return Vec::new() };
        if node.kind() == "template_string" {
            let value = self.expression(node);
            return vec![Arg { name: None, value }];
        }
        named(node).into_iter().map(|child| Arg { name: None, value: self.expression(child) }).collect()
    }

    /// The text of a string literal without quotes, escapes resolved.
    fn string(&self, node: Node<'_>) -> SmolStr {
        let raw = self.text(node);
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        unescape(inner)
    }
}
