//! Lowers Rust.
//!
//! Conventions beyond those of the tree: `self` is [`Expr::This`], `Self` the type of the impl around; an `async`
//! block is an async lambda; what `Some`, `Ok` and tuple structs hold is bound through them; a condition that binds
//! (`if let`, `while let`) is a block of the binding and the test; constants of an impl are static fields of its
//! type; macro arguments are parsed again where they are code; a type parameter is a union of itself and the trait that bounds it; the first
//! segment of a path that nothing imports is an import of the crate or module of that name, `mod name;` one of the
//! module below; an inline module stands flat in its file and is an object of its names as well.

mod bounds;
mod expressions;
mod functions;
mod imports;
mod items;
mod macros;
mod matches;
mod modules;
mod patterns;
mod select;
mod statements;
mod strings;
mod types;

use crate::{Annotation, Builder, Expr, ExprId, FieldDecl, Stmt, StmtId, TypeRef};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::rc::Rc;
use tree_sitter::Node;

/// Links of one chain (`a.b().c()`, `a + b + c`) that nest in the tree; what is left of them is kept flat.
const MAX_CHAIN: usize = 400;

/// Lowers a parsed file into the builder's tree.
pub(super) fn lower(builder: &mut Builder<'_>, root: Node<'_>) {
    let context = Context {
        owner: None,
        in_trait: false,
        implements: None,
        module: Rc::from([]),
        inline: 0,
        bounds: Rc::from([]),
        links: MAX_CHAIN,
        macros: 0,
        first_row: 0,
    };
    let source = builder.source;
    let mut impls = Vec::new();
    let mut roots = BTreeMap::new();
    let mut lowering = Lowering { b: builder, source, impls: &mut impls, roots: &mut roots, context };
    let mut body = Vec::new();
    lowering.statements(root, &mut body);
    lowering.b.tree.body = body;
    join_impls(builder, impls);
    modules::import_roots(builder, &roots);
}

/// What an impl gives its type apart from functions.
struct Impl {
    owner: SmolStr,
    implements: Option<TypeRef>,
    fields: Vec<FieldDecl>,
    /// What bounds the type parameters of the type, which the type itself need not say.
    bounds: Rc<[(SmolStr, TypeRef)]>,
}

/// Traits and constants of impls go to the type, when it is declared in this file.
fn join_impls(builder: &mut Builder<'_>, impls: Vec<Impl>) {
    for part in impls {
        let Some(ty) = builder.tree.types.iter_mut().find(|ty| ty.name == part.owner && ty.owner.is_none()) else {
            continue;
        };
        ty.bases.extend(part.implements);
        for field in &mut ty.fields {
            let name = field.ty.as_ref().and_then(TypeRef::name).map(SmolStr::new);
            let Some(name) = name.filter(|name| ty.type_params.contains(name)) else { continue };
            if let Some((_, bound)) = part.bounds.iter().find(|(param, _)| *param == name) {
                field.ty = Some(TypeRef::Union(vec![TypeRef::named(name), bound.clone()]));
            }
        }
        ty.fields.extend(part.fields);
    }
}

/// What the code around tells about a node.
#[derive(Clone)]
struct Context {
    /// The type that `Self` is.
    owner: Option<SmolStr>,
    /// `Self` is whatever implements the trait around.
    in_trait: bool,
    /// The trait that the impl around implements.
    implements: Option<Rc<TypeRef>>,
    /// Attributes of the inline modules around.
    module: Rc<[Annotation]>,
    /// Inline modules around.
    inline: usize,
    /// Type parameters in sight with the trait that bounds each.
    bounds: Rc<[(SmolStr, TypeRef)]>,
    /// Chain links that may still nest.
    links: usize,
    /// Macros around whose arguments were parsed again.
    macros: u32,
    /// Row of the file at which the source at hand starts.
    first_row: u32,
}

/// The lowering of one file, or of the arguments of one macro.
struct Lowering<'l, 's, 't> {
    b: &'l mut Builder<'s>,
    /// The text that the nodes are of.
    source: &'t [u8],
    impls: &'l mut Vec<Impl>,
    /// First segments of paths, each with the first line that says it.
    roots: &'l mut BTreeMap<SmolStr, u32>,
    context: Context,
}

fn is_comment(node: Node<'_>) -> bool {
    matches!(node.kind(), "line_comment" | "block_comment")
}

/// Named children without comments.
fn named(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !is_comment(*child)).collect()
}

fn has_token(node: Node<'_>, token: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| child.kind() == token)
}

/// True for `pub`, whatever it is limited to.
fn is_visible(node: Node<'_>) -> bool {
    has_token(node, "visibility_modifier")
}

impl<'s, 't> Lowering<'_, 's, 't> {
    /// Runs `lower` one level deeper; `None` beyond the depth bound.
    fn deeper<T>(&mut self, lower: impl FnOnce(&mut Lowering<'_, 's, 't>) -> T) -> Option<T> {
        let context = self.context.clone();
        let (source, impls, roots) = (self.source, &mut *self.impls, &mut *self.roots);
        self.b.deeper(|b| lower(&mut Lowering { b, source, impls, roots, context }))
    }

    fn line(&self, node: Node<'_>) -> u32 {
        Builder::line(node).saturating_add(self.context.first_row)
    }

    fn text(&self, node: Node<'_>) -> SmolStr {
        self.slice(node.start_byte(), node.end_byte())
    }

    fn slice(&self, from: usize, to: usize) -> SmolStr {
        SmolStr::new(String::from_utf8_lossy(self.source.get(from..to).unwrap_or_default()))
    }

    fn field_text(&self, node: Node<'_>, field: &str) -> SmolStr {
        node.child_by_field_name(field).map(|child| self.name(child)).unwrap_or_default()
    }

    /// A name without the mark of a raw identifier.
    fn name(&self, node: Node<'_>) -> SmolStr {
        let text = self.text(node);
        text.strip_prefix("r#").map(SmolStr::new).unwrap_or(text)
    }

    /// A path with dots, without white space and type arguments.
    fn dotted(&self, node: Node<'_>) -> SmolStr {
        let text = self.text(node);
        let mut out = String::with_capacity(text.len());
        let mut depth = 0usize;
        for c in text.chars() {
            match c {
                '<' => depth += 1,
                '>' => depth = depth.saturating_sub(1),
                c if depth > 0 || c.is_whitespace() => {}
                c => out.push(c),
            }
        }
        out.split("::").filter(|part| !part.is_empty()).collect::<Vec<_>>().join(".").into()
    }

    fn put(&mut self, node: Node<'_>, stmt: Stmt, out: &mut Vec<StmtId>) {
        let line = self.line(node);
        let stmt = self.b.stmt(line, stmt);
        out.push(stmt);
    }

    fn expr(&mut self, node: Node<'_>, expr: Expr) -> ExprId {
        let line = self.line(node);
        self.b.expr(line, expr)
    }

    fn opaque(&mut self, node: Node<'_>) -> ExprId {
        self.expr(node, Expr::Opaque(Vec::new()))
    }
}

#[cfg(test)]
mod tests;
