//! Lowers Kotlin.
//!
//! Conventions beyond those of the tree: members of objects and companions are static members of their type; an
//! extension belongs to its receiver; `init` is the body of the primary constructor; a property with a getter is a
//! [`FunctionKind::Getter`], at the top level a constant computed by a call; what `by lazy` computes is the property's
//! value; `return`, `throw`, `break` and `continue` inside an expression are blocks of that one statement; a `when`
//! without subject that is used as a value matches `true`; infix functions are members that are called.
//!
//! [`FunctionKind::Getter`]: crate::FunctionKind::Getter

mod classes;
mod conditions;
mod declarations;
mod expressions;
mod functions;
mod imports;
mod lambdas;
mod modifiers;
mod recovery;
mod repair;
mod statements;
mod strings;
mod types;

pub(super) use repair::parse;

use crate::{Builder, Expr, ExprId, Stmt, StmtId};
use smol_str::SmolStr;
use statements::Tail;
use std::{cell::Cell, rc::Rc};
use tree_sitter::Node;

/// Links of one chain (`a.b().c()`, `a + b + c`) that nest in the tree; what is left of them is kept flat.
const MAX_CHAIN: usize = 400;

/// How often the length of a file may be parsed again to recover what stands in errors.
const MAX_REPARSE: usize = 8;

/// Lowers a parsed file into the builder's tree.
pub(super) fn lower(builder: &mut Builder<'_>, root: Node<'_>) {
    let reparse = Rc::new(Cell::new(builder.source.len().saturating_mul(MAX_REPARSE)));
    let context = Context { owner: None, is_static: false, backing: None, links: MAX_CHAIN, reparse };
    let mut lowering = Lowering { b: builder, context };
    let mut body = Vec::new();
    lowering.statements(root, Tail::Value, &mut body);
    lowering.b.tree.body = body;
}

/// What the code around tells about a node.
#[derive(Clone)]
struct Context {
    /// The type whose members are lowered.
    owner: Option<SmolStr>,
    /// The members belong to an object or a companion.
    is_static: bool,
    /// The property whose accessor is lowered: what `field` is.
    backing: Option<Backing>,
    /// Chain links that may still nest.
    links: usize,
    /// Bytes inside errors that may still be parsed again.
    reparse: Rc<Cell<usize>>,
}

/// Where the value of a property lies.
#[derive(Clone)]
struct Backing {
    /// The object or class; `None` for a member of `this`.
    owner: Option<SmolStr>,
    /// The property; a top-level one has no place but its name.
    name: SmolStr,
    is_top_level: bool,
}

/// The lowering of one file.
struct Lowering<'l, 's> {
    b: &'l mut Builder<'s>,
    context: Context,
}

fn line(node: Node<'_>) -> u32 {
    Builder::line(node)
}

/// All children, tokens included, without comments.
fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).filter(|child| !matches!(child.kind(), "line_comment" | "block_comment")).collect()
}

/// Named children without comments.
fn named(node: Node<'_>) -> Vec<Node<'_>> {
    let mut all = children(node);
    all.retain(|child| child.is_named());
    all
}

/// The first child of a kind.
fn child<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).find(|child| child.kind() == kind)
}

fn has_token(node: Node<'_>, token: &str) -> bool {
    child(node, token).is_some()
}

/// The named child behind a token.
fn behind<'t>(node: Node<'t>, token: &str) -> Option<Node<'t>> {
    children(node).into_iter().skip_while(|child| child.kind() != token).find(|child| child.is_named())
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

    /// An identifier without the quotes of `` `in` ``.
    fn name(&self, node: Node<'_>) -> SmolStr {
        let text = self.text(node);
        match text.strip_prefix('`').and_then(|inner| inner.strip_suffix('`')) {
            Some(inner) => SmolStr::new(inner),
            None => text,
        }
    }

    fn field_name(&self, node: Node<'_>, field: &str) -> SmolStr {
        node.child_by_field_name(field).map(|child| self.name(child)).unwrap_or_default()
    }

    /// The first identifier of a node.
    fn own_name(&self, node: Node<'_>) -> SmolStr {
        child(node, "identifier").map(|child| self.name(child)).unwrap_or_default()
    }

    fn put(&mut self, node: Node<'_>, stmt: Stmt, out: &mut Vec<StmtId>) {
        let stmt = self.b.stmt(line(node), stmt);
        out.push(stmt);
    }

    fn expr(&mut self, node: Node<'_>, expr: Expr) -> ExprId {
        self.b.expr(line(node), expr)
    }

    fn opaque(&mut self, node: Node<'_>) -> ExprId {
        self.expr(node, Expr::Opaque(Vec::new()))
    }
}

#[cfg(test)]
mod tests;
