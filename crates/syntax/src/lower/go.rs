//! Lowers Go.
//!
//! Conventions beyond those of the tree: pointers and `&` disappear into casts, `T{…}` is a construction, several
//! results are a list (type `tuple`), the `, ok` of a look-up is a binding of its own without a value, and a range
//! loop binds the element.

mod constraints;
mod declarations;
mod expressions;
mod imports;
mod statements;
mod types;

use crate::{Builder, Expr, ExprId};
use smol_str::SmolStr;
use std::rc::Rc;
use tree_sitter::Node;

/// Links of one chain (`a.b().c()`, `a + b + c`) that nest in the tree; what is left of them is kept flat.
const MAX_CHAIN: usize = 400;

/// Lowers a parsed file into the builder's tree.
pub(super) fn lower(builder: &mut Builder<'_>, root: Node<'_>) {
    let context = Context { iota: None, results: Rc::from([]), links: MAX_CHAIN, generics: Rc::default() };
    let mut lowering = Lowering { b: builder, context };
    let functions = named(root).into_iter().filter(|child| child.kind() == "function_declaration");
    let generics = functions.filter(|function| function.child_by_field_name("type_parameters").is_some());
    lowering.context.generics = generics.map(|function| lowering.field_text(function, "name")).collect();
    // What the build leaves out (other systems, templates of generators) declares nothing.
    if constraints::excludes(lowering.b.source) {
        let clauses = named(root).into_iter().filter(|child| child.kind() == "package_clause");
        clauses.for_each(|clause| lowering.statement(clause, &mut Vec::new()));
        return;
    }
    let mut body = Vec::new();
    lowering.statements(root, &mut body);
    lowering.b.tree.body = body;
}

/// What the code around tells about a node.
#[derive(Clone)]
struct Context {
    /// Value of `iota`.
    iota: Option<u32>,
    /// Named results of the function, which a bare `return` returns.
    results: Rc<[SmolStr]>,
    /// Chain links that may still nest.
    links: usize,
    /// Functions of this file with type parameters.
    generics: Rc<[SmolStr]>,
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
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

/// The children of a field that may stand several times.
fn fields<'t>(node: Node<'t>, field: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(field, &mut cursor).filter(|child| child.is_named()).collect()
}

/// True for names that other packages see.
fn is_exported(name: &str) -> bool {
    name.chars().next().is_some_and(char::is_uppercase)
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

    fn opaque(&mut self, node: Node<'_>) -> ExprId {
        self.b.expr(line(node), Expr::Opaque(Vec::new()))
    }

    /// The text of a string literal without quotes, escapes resolved.
    fn string(&self, node: Node<'_>) -> SmolStr {
        let raw = self.text(node);
        let inner = raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default();
        if node.kind() == "raw_string_literal" {
            // The language drops carriage returns from raw strings.
            return if inner.contains('\r') { inner.replace('\r', "").into() } else { inner.into() };
        }
        unescape(inner)
    }
}

/// Resolves the escapes of an interpreted string.
fn unescape(raw: &str) -> SmolStr {
    if !raw.contains('\\') {
        return SmolStr::new(raw);
    }
    let mut bytes: Vec<u8> = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        rest = &rest[at + 1..];
        let Some(kind) = rest.chars().next() else { break };
        let after = &rest[kind.len_utf8()..];
        let number = |digits: &str, radix| u32::from_str_radix(digits, radix).ok();
        // Hexadecimal and octal escapes are bytes, the others characters.
        let (decoded, used) = match kind {
            'n' => (Some(vec![b'\n']), 0),
            't' => (Some(vec![b'\t']), 0),
            'r' => (Some(vec![b'\r']), 0),
            'a' => (Some(vec![7]), 0),
            'b' => (Some(vec![8]), 0),
            'f' => (Some(vec![12]), 0),
            'v' => (Some(vec![11]), 0),
            'x' => (after.get(..2).and_then(|digits| number(digits, 16)).map(|byte| vec![(byte & 255) as u8]), 2),
            'u' => (after.get(..4).and_then(|digits| number(digits, 16)).map(utf8), 4),
            'U' => (after.get(..8).and_then(|digits| number(digits, 16)).map(utf8), 8),
            '0'..='7' => (rest.get(..3).and_then(|digits| number(digits, 8)).map(|byte| vec![(byte & 255) as u8]), 2),
            other => (Some(utf8(u32::from(other))), 0),
        };
        match decoded {
            Some(decoded) => {
                bytes.extend(decoded);
                rest = after.get(used..).unwrap_or_default();
            }
            None => rest = after,
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    SmolStr::new(String::from_utf8_lossy(&bytes))
}

fn utf8(code: u32) -> Vec<u8> {
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER).to_string().into_bytes()
}

#[cfg(test)]
mod tests;
