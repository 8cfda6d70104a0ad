//! String literals of all kinds, and interpolated ones.

use super::{Lowering, child_of_kind, line, operands};
use crate::{Expr, ExprId, Part};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// The text of a literal without prefix, quotes and suffix, escapes resolved.
    pub(super) fn string(&self, node: Node<'_>) -> SmolStr {
        let text = self.text(node);
        if node.kind() == "raw_string_literal" {
            let content = child_of_kind(node, "raw_string_content").map(|content| self.text(content));
            let mut parts = vec![content.unwrap_or_default().replace("\r\n", "\n")];
            dedent(&mut parts);
            return SmolStr::new(parts.concat());
        }
        let quote = if node.kind() == "character_literal" { '\'' } else { '"' };
        let (Some(from), Some(to)) = (text.find(quote), text.rfind(quote)) else { return text };
        let inner = text.get(from + 1..to).unwrap_or_default();
        if node.kind() == "verbatim_string_literal" {
            return SmolStr::new(inner.replace("\"\"", "\""));
        }
        unescape(inner)
    }

    /// `$"…"`, `$@"…"`, `$$"""…"""`.
    pub(super) fn interpolated(&mut self, node: Node<'_>) -> ExprId {
        let prefix = child_of_kind(node, "interpolation_start").map(|start| self.text(start)).unwrap_or_default();
        let is_raw = child_of_kind(node, "interpolation_quote").is_some();
        let mut texts = vec![String::new()];
        let mut values = Vec::new();
        let mut cursor = node.walk();
        let children: Vec<Node<'_>> = node.children(&mut cursor).collect();
        for child in children {
            match child.kind() {
                "interpolation" => {
                    let value = operands(child).into_iter().find(|part| !part.kind().starts_with("interpolation_"));
                    values.extend(value.map(|value| self.expression(value)));
                    texts.resize(values.len() + 1, String::new());
                }
                "string_content" | "escape_sequence" => {
                    let text = self.text(child);
                    if let Some(last) = texts.last_mut() {
                        last.push_str(&text);
                    }
                }
                _ => {}
            }
        }
        if is_raw {
            texts.iter_mut().for_each(|text| *text = text.replace("\r\n", "\n"));
            dedent(&mut texts);
        } else {
            for text in &mut texts {
                // An escape may name a brace, which is then no doubled one.
                let braces = text.replace("{{", "{").replace("}}", "}");
                *text = match prefix.contains('@') {
                    true => braces.replace("\"\"", "\""),
                    false => unescape(&braces).to_string(),
                };
            }
        }
        let mut parts = Vec::new();
        let mut values = values.into_iter();
        for text in texts {
            if !text.is_empty() {
                parts.push(Part::Text(SmolStr::new(text)));
            }
            parts.extend(values.next().map(Part::Value));
        }
        self.b.expr(line(node), Expr::Template(parts))
    }
}

/// Takes from a raw string of several lines the first and the last break and the indentation of its last line.
fn dedent(texts: &mut [String]) {
    let opens = texts.first().is_some_and(|text| text.trim_start_matches([' ', '\t']).starts_with('\n'));
    let indentation = texts.last().and_then(|text| text.rfind('\n').map(|at| text[at..].to_owned()));
    let (true, Some(indentation)) = (opens, indentation) else { return };
    if !indentation.trim().is_empty() {
        return;
    }
    for text in &mut *texts {
        *text = text.replace(&indentation, "\n");
    }
    if let Some(first) = texts.first_mut()
        && let Some(at) = first.find('\n')
    {
        first.drain(..=at);
    }
    if let Some(last) = texts.last_mut()
        && let Some(at) = last.rfind('\n')
    {
        last.truncate(at);
    }
}

/// Resolves the escapes of a string.
fn unescape(raw: &str) -> SmolStr {
    if !raw.contains('\\') {
        return SmolStr::new(raw);
    }
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let Some(kind) = rest.chars().next() else { break };
        rest = &rest[kind.len_utf8()..];
        let most = match kind {
            'x' | 'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let digits = rest.bytes().take(most).take_while(u8::is_ascii_hexdigit).count();
        match kind {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            '0' => out.push('\0'),
            'a' => out.push('\u{7}'),
            'b' => out.push('\u{8}'),
            'e' => out.push('\u{1b}'),
            'f' => out.push('\u{c}'),
            'v' => out.push('\u{b}'),
            'x' | 'u' | 'U' if digits > 0 => {
                let decoded = u32::from_str_radix(&rest[..digits], 16).ok().and_then(char::from_u32);
                out.push(decoded.unwrap_or(char::REPLACEMENT_CHARACTER));
                rest = &rest[digits..];
            }
            other => out.push(other),
        }
    }
    out.push_str(rest);
    SmolStr::new(out)
}
