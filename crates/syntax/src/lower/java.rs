//! Lowers Java.
//!
//! Conventions beyond those of the tree: nested types stand behind the type that holds them; a record has its
//! canonical constructor and its accessors as members even where the source leaves them to the compiler; an anonymous
//! class is constructed like a named one (`new` of an [`Expr::Class`]), and the body of an enum constant is such a
//! class, its value; initialiser blocks are fields without a name; an annotation inside an annotation is the object of
//! its elements; `Type::method` is a member, `Type::new` a lambda that constructs; a character is a text; `yield`
//! gives its block the value of an expression statement.

mod annotations;
mod declarations;
mod expressions;
mod imports;
mod members;
mod recovery;
mod statements;
mod strings;
mod switches;
mod types;

use crate::{Builder, Expr, ExprId, Pattern};
use smol_str::SmolStr;
use tree_sitter::Node;

/// Links of one chain (`a.b().c()`, `a + b + c`) that nest in the tree; what is left of them is kept flat.
const MAX_CHAIN: usize = 400;

/// Lowers a parsed file into the builder's tree.
pub(super) fn lower(builder: &mut Builder<'_>, root: Node<'_>) {
    let context = Context { owner: None, in_interface: false, links: MAX_CHAIN };
    let mut lowering = Lowering { b: builder, context };
    let mut body = Vec::new();
    if root.is_error() {
        lowering.broken(root, &mut body);
    } else {
        lowering.statements(root, &mut body);
    }
    lowering.b.tree.body = body;
}

/// What the code around tells about a node.
#[derive(Clone)]
struct Context {
    /// The type whose members are lowered; empty for an anonymous one, `None` inside functions.
    owner: Option<SmolStr>,
    /// True where members are public and fields static without saying so.
    in_interface: bool,
    /// Chain links that may still nest.
    links: usize,
}

/// The lowering of one file.
struct Lowering<'l, 's> {
    b: &'l mut Builder<'s>,
    context: Context,
}

fn line(node: Node<'_>) -> u32 {
    Builder::line(node)
}

fn is_comment(node: Node<'_>) -> bool {
    matches!(node.kind(), "line_comment" | "block_comment")
}

/// Named children without comments.
fn named(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !is_comment(*child)).collect()
}

/// The children of a field that may stand several times.
fn fields<'t>(node: Node<'t>, field: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(field, &mut cursor).filter(|child| child.is_named() && !is_comment(*child)).collect()
}

/// The first child of a kind.
fn child_of_kind<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).find(|child| child.kind() == kind)
}

impl<'s> Lowering<'_, 's> {
    /// Runs `lower` one level deeper; `None` beyond the depth bound.
    fn deeper<T>(&mut self, lower: impl FnOnce(&mut Lowering<'_, 's>) -> T) -> Option<T> {
        let context = self.context.clone();
        self.b.deeper(|b| lower(&mut Lowering { b, context }))
    }

    fn text(&self, node: Node<'_>) -> SmolStr {
        self.b.text(node)
    }

    fn field_text(&self, node: Node<'_>, field: &str) -> SmolStr {
        node.child_by_field_name(field).map(|child| self.text(child)).unwrap_or_default()
    }

    /// A qualified name without the space and the comments that may stand between its segments.
    fn dotted(&self, node: Node<'_>) -> SmolStr {
        let mut segments = Vec::new();
        let mut at = node;
        while at.kind() == "scoped_identifier" {
            segments.push(self.field_text(at, "name"));
            match at.child_by_field_name("scope") {
                Some(scope) => at = scope,
                None => break,
            }
        }
        segments.push(self.text(at));
        segments.reverse();
        SmolStr::new(segments.join("."))
    }

    /// What a name binds.
    fn binding(&self, node: Node<'_>) -> Pattern {
        match self.text(node) {
            name if name == "_" => Pattern::Ignore,
            name => Pattern::Name(name),
        }
    }

    fn opaque(&mut self, node: Node<'_>) -> ExprId {
        self.b.expr(line(node), Expr::Opaque(Vec::new()))
    }
}

#[cfg(test)]
mod tests;
