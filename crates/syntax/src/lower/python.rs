//! Lowers Python.
//!
//! Conventions beyond those of the tree: the first parameter of a method is [`Expr::This`] (of a class method too,
//! which is static), `super().__init__(…)` and `Base.__init__(self, …)` are calls of [`Expr::Super`], and a
//! comprehension is a block of one loop whose last statement is the element.

mod classes;
mod comprehensions;
mod expressions;
mod functions;
mod imports;
mod matches;
mod statements;
mod strings;
mod types;

use crate::{Builder, Expr, ExprId};
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::rc::Rc;
use tree_sitter::Node;

/// Links of one chain (`a.b().c()`, `a + b + c`) that nest in the tree; what is left of them is kept flat.
const MAX_CHAIN: usize = 400;

/// Lowers a parsed file into the builder's tree.
pub(super) fn lower(builder: &mut Builder<'_>, root: Node<'_>) {
    let context = Context {
        this: None,
        class: None,
        constructor: false,
        scope: Rc::default(),
        yields: Rc::default(),
        module: true,
        links: MAX_CHAIN,
    };
    let mut lowering = Lowering { b: builder, context };
    let mut body = Vec::new();
    lowering.statements(root, &mut body);
    lowering.b.tree.body = body;
}

/// What the code around tells about a node.
#[derive(Clone)]
struct Context {
    /// Name of the first parameter of the method around.
    this: Option<SmolStr>,
    /// Name of the class whose body is being lowered.
    class: Option<SmolStr>,
    /// Inside a constructor.
    constructor: bool,
    /// Names that the function or file has declared so far; the first assignment of a name declares it.
    scope: Rc<RefCell<BTreeSet<SmolStr>>>,
    /// What the function around yields.
    yields: Rc<RefCell<Vec<ExprId>>>,
    /// Outside any function.
    module: bool,
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

/// Named children without comments.
fn named(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !matches!(child.kind(), "comment" | "line_continuation")).collect()
}

/// The children of a field that may stand several times.
fn fields<'t>(node: Node<'t>, field: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(field, &mut cursor).filter(|child| child.is_named()).collect()
}

fn has_token(node: Node<'_>, token: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| child.kind() == token)
}

/// What stands inside parentheses.
fn bare(node: Node<'_>) -> Node<'_> {
    let mut at = node;
    while at.kind() == "parenthesized_expression" {
        match named(at).first() {
            Some(inner) => at = *inner,
            None => break,
        }
    }
    at
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

    /// A dotted name without the white space it may hold.
    fn dotted(&self, node: Node<'_>) -> SmolStr {
        let text = self.text(node);
        if text.contains(char::is_whitespace) { text.chars().filter(|c| !c.is_whitespace()).collect() } else { text }
    }

    fn opaque(&mut self, node: Node<'_>) -> ExprId {
        self.b.expr(line(node), Expr::Opaque(Vec::new()))
    }

    /// Notes that a name is declared; true when it was not yet.
    fn declare(&self, name: &SmolStr) -> bool {
        self.context.scope.borrow_mut().insert(name.clone())
    }

    fn is_declared(&self, name: &str) -> bool {
        self.context.scope.borrow().contains(name)
    }

    /// True for the name of the method's first parameter.
    fn is_this(&self, name: &str) -> bool {
        self.context.this.as_deref() == Some(name)
    }
}

#[cfg(test)]
mod tests;
