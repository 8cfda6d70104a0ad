//! Lowers TypeScript, TSX and JavaScript: sound files fast, the others by a parser that recovers.
//!
//! Both ways give the same tree; what they share stands here.

mod broken;
mod sound;

use crate::{Builder, Export, ExportTarget, Expr, ExprId, Pattern, Stmt, StmtId};
use smol_str::SmolStr;

pub(super) use broken::lower as lower_broken;
pub(super) use sound::lower as lower_sound;

/// `else if` chains longer than this become one switch, so that the tree stays shallow.
const MAX_ELSE_IFS: usize = 100;

/// Chains of operators that nest to the left deeper than this are lowered flat, into a tree of little depth.
const LONG_CHAIN: u32 = 40;

/// A chain as a tree of little depth, with its operands in their order: whoever walks it later has a stack too.
fn balanced(b: &mut Builder<'_>, operands: &[ExprId], operators: &[(u32, SmolStr)]) -> ExprId {
    let middle = operators.len() / 2;
    let Some((at, op)) = operators.get(middle).cloned() else {
        return operands[0];
    };
    let left = balanced(b, &operands[..=middle], &operators[..middle]);
    let right = balanced(b, &operands[middle + 1..], &operators[middle + 1..]);
    b.expr(at, Expr::Binary { op, left, right })
}

/// Hands out what these statements declare, by their names or as the default.
fn export_declared(b: &mut Builder<'_>, declared: &[StmtId], default: bool) {
    for &stmt in declared {
        mark_exported(b, stmt);
        for name in declared_names(b, stmt) {
            let exported = if default { SmolStr::new_static("default") } else { name.clone() };
            b.export(Export { name: exported, target: ExportTarget::Local(name) });
        }
    }
}

/// Marks a declared statement as visible outside.
fn mark_exported(b: &mut Builder<'_>, stmt: StmtId) {
    match b.tree.stmts[stmt.0 as usize] {
        Stmt::Function(id) => b.tree.functions[id.0 as usize].exported = true,
        Stmt::Type(id) => b.tree.types[id.0 as usize].exported = true,
        Stmt::Let { ref mut exported, .. } => *exported = true,
        _ => {}
    }
}

/// The names a declaration introduces.
fn declared_names(b: &Builder<'_>, stmt: StmtId) -> Vec<SmolStr> {
    let tree = &b.tree;
    match &tree.stmts[stmt.0 as usize] {
        Stmt::Function(id) => vec![tree.functions[id.0 as usize].name.clone()],
        Stmt::Type(id) => vec![tree.types[id.0 as usize].name.clone()],
        Stmt::Let { pattern, .. } => {
            let mut names = Vec::new();
            pattern_names(pattern, &mut names);
            names
        }
        _ => Vec::new(),
    }
}

fn pattern_names(pattern: &Pattern, names: &mut Vec<SmolStr>) {
    match pattern {
        Pattern::Name(name) => names.push(name.clone()),
        Pattern::Object(fields, rest) => {
            fields.iter().for_each(|(_, pattern, _)| pattern_names(pattern, names));
            names.extend(rest.clone());
        }
        Pattern::List(patterns) => patterns.iter().for_each(|pattern| pattern_names(pattern, names)),
        Pattern::Ignore => {}
    }
}

/// What an assignment to this path hands out, when the path is one of CommonJS: `=` for `module.exports`, the name for
/// `module.exports.name` and `exports.name`.
fn common_js_name(path: &str) -> Option<&str> {
    if path == "module.exports" {
        return Some("=");
    }
    let member = path.strip_prefix("module.exports.").or_else(|| path.strip_prefix("exports."));
    member.filter(|name| !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '$'))
}

/// Resolves the escapes of a string or template piece.
fn unescape(raw: &str) -> SmolStr {
    if !raw.contains('\\') {
        return SmolStr::new(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('0') => out.push('\0'),
            Some('\n') | None => {}
            Some(kind @ ('u' | 'x')) => {
                let rest = chars.as_str();
                let (digits, skip) = match (kind, rest.strip_prefix('{')) {
                    ('u', Some(braced)) => {
                        let end = braced.find('}').unwrap_or(0);
                        (braced.get(..end).unwrap_or_default(), end + 2)
                    }
                    ('u', None) => (rest.get(..4).unwrap_or_default(), 4),
                    _ => (rest.get(..2).unwrap_or_default(), 2),
                };
                match u32::from_str_radix(digits, 16).ok().and_then(char::from_u32) {
                    Some(decoded) => {
                        out.push(decoded);
                        chars = rest.get(skip..).unwrap_or_default().chars();
                    }
                    None => out.push(kind),
                }
            }
            Some(other) => out.push(other),
        }
    }
    SmolStr::new(out)
}

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod tests;
