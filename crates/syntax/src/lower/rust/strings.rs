//! String literals and the pieces of format strings.

use super::Lowering;
use smol_str::SmolStr;
use tree_sitter::Node;

/// A piece of a format string.
pub(super) enum Piece {
    /// Fixed text.
    Text(String),
    /// `{}`: the next argument.
    Next,
    /// `{2}`.
    At(usize),
    /// `{name}`.
    Named(String),
}

impl Lowering<'_, '_, '_> {
    /// The text of a string literal without prefix and quotes, escapes resolved.
    pub(super) fn string(&self, node: Node<'_>) -> SmolStr {
        let text = self.text(node);
        let (Some(from), Some(to)) = (text.find('"'), text.rfind('"')) else { return text };
        let inner = text.get(from + 1..to).unwrap_or_default();
        if node.kind() == "raw_string_literal" { SmolStr::new(inner) } else { unescape(inner) }
    }
}

/// Splits a format string; `{{` is a brace, what stands behind a colon says nothing about the value.
pub(super) fn pieces(format: &str) -> Vec<Piece> {
    let mut all = Vec::new();
    let mut text = String::new();
    let mut rest = format;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            text.push_str(brace);
            rest = after;
            continue;
        }
        let Some(end) = rest.find('}').filter(|_| brace == "{") else {
            text.push_str(brace);
            continue;
        };
        let name = rest[..end].split(':').next().unwrap_or_default().trim();
        if !text.is_empty() {
            all.push(Piece::Text(std::mem::take(&mut text)));
        }
        all.push(match name.parse() {
            Ok(position) => Piece::At(position),
            Err(_) if name.is_empty() => Piece::Next,
            Err(_) => Piece::Named(name.to_owned()),
        });
        rest = &rest[end + 1..];
    }
    text.push_str(rest);
    if !text.is_empty() {
        all.push(Piece::Text(text));
    }
    all
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
        match kind {
            'n' => out.push('\n'),
            't' => out.push('\t'),
            'r' => out.push('\r'),
            '0' => out.push('\0'),
            // A line that ends in a backslash goes on at the next text.
            '\n' | '\r' => rest = rest.trim_start(),
            'x' => {
                let digits = rest.get(..2).unwrap_or_default();
                out.extend(u32::from_str_radix(digits, 16).ok().and_then(char::from_u32));
                rest = rest.get(2..).unwrap_or_default();
            }
            'u' if rest.starts_with('{') => {
                let end = rest.find('}').unwrap_or(rest.len() - 1);
                let digits: String = rest[1..end.max(1)].chars().filter(|c| *c != '_').collect();
                out.extend(u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32));
                rest = rest.get(end + 1..).unwrap_or_default();
            }
            other => out.push(other),
        }
    }
    out.push_str(rest);
    SmolStr::new(out)
}
