//! Lowers C#.
//!
//! Conventions beyond those of the tree:
//! - `exported` is what other files can name: public, internal, and what has neither word but is so by default
//!   (types of a namespace, members of interfaces). Inside an assembly, which is what weir sees of a service,
//!   internal is as good as public. Private, protected and `file` are not exported.
//! - A namespace other than the file's (its first with a type) is the owner of its types, relative where it is
//!   nested in the file's.
//! - `global using` is an import of this file and an export of it to the others.
//! - A primary constructor is an ordinary one without statements whose parameters are fields. An extension method
//!   belongs to the extended type and is a member of the static class that declares it. An indexer is the property
//!   `Item`, an event with accessors has methods `add_X` and `remove_X`, as in metadata; an explicit implementation
//!   names its interface in `implements`.
//! - `source.Event += handler` is a call of the accessor `add_Event`, where what is added can be a function; a method
//!   that is called by its name through reflection is called.
//! - A `using` inside a namespace is an import of each name it may be short for.
//! - `new()` has the type of what it is the value of, as far as that is written.
//! - `out T x` and patterns that bind are blocks of the bindings and the value; a guard decides inside its case.
//! - Both branches of `#if` are there.

mod attributes;
mod chains;
mod comparisons;
mod creations;
mod declarations;
mod expressions;
mod functions;
mod handing;
mod imports;
mod members;
mod namespaces;
mod patterns;
mod queries;
mod reflection;
mod statements;
mod strings;
mod switches;
mod tuples;
mod types;

use crate::{Builder, Expr, ExprId, TypeRef};
use smol_str::SmolStr;
use std::rc::Rc;
use tree_sitter::Node;

/// Links of one chain (`a.B().C()`, `a + b + c`) that nest in the tree; what is left of them is kept flat.
const MAX_CHAIN: usize = 400;

/// Lowers a parsed file into the builder's tree.
pub(super) fn lower(builder: &mut Builder<'_>, root: Node<'_>) {
    let context = Context {
        namespace: SmolStr::default(),
        owner: None,
        in_interface: false,
        returns: None,
        expected: None,
        stands_for: None,
        links: MAX_CHAIN,
    };
    let mut lowering = Lowering { b: builder, context };
    lowering.b.tree.namespace = lowering.main_namespace(root);
    let mut body = Vec::new();
    if root.is_error() {
        lowering.broken(root, &mut body);
    } else {
        lowering.sequence(flat(root), &mut body);
    }
    lowering.b.tree.body = body;
}

/// What the code around tells about a node.
#[derive(Clone)]
struct Context {
    /// The namespace around.
    namespace: SmolStr,
    /// The type whose members are lowered.
    owner: Option<SmolStr>,
    /// That type is an interface, whose members are public unless they say otherwise.
    in_interface: bool,
    /// What `return` gives in the function around.
    returns: Option<Rc<TypeRef>>,
    /// The type that the expression at hand is to have, for `new()`.
    expected: Option<Rc<TypeRef>>,
    /// What is lowered already and takes the place of a node, by its id.
    stands_for: Option<(usize, ExprId)>,
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

/// Comments and directives, which may stand between any two tokens.
fn is_trivia(node: Node<'_>) -> bool {
    let kind = node.kind();
    kind == "comment" || (kind.starts_with("preproc_") && !is_branch(node))
}

/// `#if` and its alternatives.
fn is_branch(node: Node<'_>) -> bool {
    matches!(node.kind(), "preproc_if" | "preproc_elif" | "preproc_else")
}

/// Named children without comments.
fn named(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !is_trivia(*child)).collect()
}

/// Children that may be expressions; `this` and `base` are nodes without a name of their own.
fn operands(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    let children = node.children(&mut cursor);
    children.filter(|child| (child.is_named() && !is_trivia(*child)) || is_self(*child)).collect()
}

fn is_self(node: Node<'_>) -> bool {
    matches!(node.kind(), "this" | "base")
}

/// The children of a field that may stand several times, without the commas between them.
fn fields<'t>(node: Node<'t>, field: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(field, &mut cursor).filter(|child| child.is_named() || is_self(*child)).collect()
}

fn has_token(node: Node<'_>, token: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| child.kind() == token)
}

/// The operand behind a token, as in `= value`.
fn behind<'t>(node: Node<'t>, token: &str) -> Option<Node<'t>> {
    let mut cursor = node.walk();
    let mut rest = node.children(&mut cursor).skip_while(|child| child.kind() != token).skip(1);
    rest.find(|child| (child.is_named() && !is_trivia(*child)) || is_self(*child))
}

fn child_of_kind<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).find(|child| child.kind() == kind)
}

/// Named children; of `#if` those of all its branches.
fn flat(node: Node<'_>) -> Vec<Node<'_>> {
    let mut all = Vec::new();
    let mut stack = named(node);
    stack.reverse();
    while let Some(node) = stack.pop() {
        if is_branch(node) {
            stack.extend(branch(node).into_iter().rev());
        } else {
            all.push(node);
        }
    }
    all
}

/// What stands in a branch, the branches behind it included, without its condition.
fn branch(node: Node<'_>) -> Vec<Node<'_>> {
    let condition = node.child_by_field_name("condition").map(|condition| condition.id());
    operands(node).into_iter().filter(|child| Some(child.id()) != condition).collect()
}

/// The line of a declaration, behind its attributes.
fn head_line(node: Node<'_>) -> u32 {
    let mut cursor = node.walk();
    let mut children = node.children(&mut cursor);
    children.find(|child| !is_trivia(*child) && !is_branch(*child) && child.kind() != "attribute_list").map_or(1, line)
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

    /// An identifier, without the `@` that makes one of a keyword and without type arguments.
    fn name(&self, node: Node<'_>) -> SmolStr {
        if node.kind() == "generic_name" {
            return child_of_kind(node, "identifier").map(|name| self.name(name)).unwrap_or_default();
        }
        let text = self.text(node);
        text.strip_prefix('@').map_or_else(|| text.clone(), SmolStr::new)
    }

    fn field_name(&self, node: Node<'_>, field: &str) -> SmolStr {
        node.child_by_field_name(field).map(|child| self.name(child)).unwrap_or_default()
    }

    fn has_modifier(&self, node: Node<'_>, word: &str) -> bool {
        let mut cursor = node.walk();
        node.children(&mut cursor).any(|child| child.kind() == "modifier" && self.text(child) == word)
    }

    /// Whether other files can name a declaration.
    fn is_visible(&self, node: Node<'_>, default: bool) -> bool {
        let has = |words: &[&str]| words.iter().any(|word| self.has_modifier(node, word));
        has(&["public", "internal"]) || (default && !has(&["private", "protected", "file"]))
    }

    fn opaque(&mut self, node: Node<'_>) -> ExprId {
        self.b.expr(line(node), Expr::Opaque(Vec::new()))
    }
}

#[cfg(test)]
mod tests;
