//! Strings, f-strings and strings that stand side by side.

use super::{Lowering, line, named};
use crate::{Expr, ExprId, Part};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// A string or several in a row: a text, or a template when one has a value inside.
    pub(super) fn string_expression(&mut self, node: Node<'_>) -> ExprId {
        let mut parts = Vec::new();
        if node.kind() == "concatenated_string" {
            named(node).into_iter().for_each(|piece| self.string_parts(piece, &mut parts));
        } else {
            self.string_parts(node, &mut parts);
        }
        let expr = match parts.as_slice() {
            [] => Expr::Text(SmolStr::default()),
            [Part::Text(text)] => Expr::Text(text.clone()),
            _ => Expr::Template(parts),
        };
        self.b.expr(line(node), expr)
    }

    /// The text of a string without values in it.
    pub(super) fn plain_string(&mut self, node: Node<'_>) -> Option<SmolStr> {
        let mut parts = Vec::new();
        self.string_parts(node, &mut parts);
        match parts.as_slice() {
            [] => Some(SmolStr::default()),
            [Part::Text(text)] => Some(text.clone()),
            _ => None,
        }
    }

    fn string_parts(&mut self, node: Node<'_>, parts: &mut Vec<Part>) {
        let mut cursor = node.walk();
        let children: Vec<Node<'_>> = node.children(&mut cursor).collect();
        let prefix = children.first().map(|start| self.text(*start).to_ascii_lowercase()).unwrap_or_default();
        let prefix = prefix.trim_end_matches(['"', '\'']);
        let (is_raw, is_format) = (prefix.contains('r'), prefix.contains(['f', 't']));
        for child in children {
            match child.kind() {
                "string_content" => {
                    let raw = self.text(child);
                    let mut text = if is_raw { raw } else { unescape(&raw, prefix.contains('b')) };
                    if is_format && text.contains(['{', '}']) {
                        text = text.replace("{{", "{").replace("}}", "}").into();
                    }
                    push_text(parts, text);
                }
                "interpolation" => {
                    let inner = child.child_by_field_name("expression").or_else(|| named(child).first().copied());
                    let value = match inner {
                        Some(inner) => self.expression(inner),
                        None => self.opaque(child),
                    };
                    parts.push(Part::Value(value));
                }
                _ => {}
            }
        }
    }
}

fn push_text(parts: &mut Vec<Part>, text: SmolStr) {
    match parts.last_mut() {
        Some(Part::Text(before)) => *before = SmolStr::new(format!("{before}{text}")),
        _ if text.is_empty() => {}
        _ => parts.push(Part::Text(text)),
    }
}

/// Resolves escapes; what is none keeps its backslash, as the language does.
fn unescape(raw: &str, is_bytes: bool) -> SmolStr {
    if !raw.contains('\\') {
        return SmolStr::new(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(kind) = rest.chars().next() else {
            out.push('\\');
            break;
        };
        let after = &rest[kind.len_utf8()..];
        let code = |digits: Option<&str>, radix| {
            digits.and_then(|digits| u32::from_str_radix(digits, radix).ok()).and_then(char::from_u32)
        };
        let octal = rest.bytes().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
        let (decoded, used) = match kind {
            'n' => (Some('\n'), 0),
            't' => (Some('\t'), 0),
            'r' => (Some('\r'), 0),
            'a' => (Some('\u{7}'), 0),
            'b' => (Some('\u{8}'), 0),
            'f' => (Some('\u{c}'), 0),
            'v' => (Some('\u{b}'), 0),
            '\\' | '\'' | '"' => (Some(kind), 0),
            '\n' => {
                rest = after;
                continue;
            }
            '\r' => {
                rest = after.strip_prefix('\n').unwrap_or(after);
                continue;
            }
            'x' => (code(after.get(..2), 16), 2),
            'u' if !is_bytes => (code(after.get(..4), 16), 4),
            'U' if !is_bytes => (code(after.get(..8), 16), 8),
            '0'..='7' => (code(rest.get(..octal), 8), octal - 1),
            _ => (None, 0),
        };
        match decoded {
            Some(decoded) => {
                out.push(decoded);
                rest = after.get(used..).unwrap_or_default();
            }
            None => {
                out.push('\\');
                out.push(kind);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    SmolStr::new(out)
}
