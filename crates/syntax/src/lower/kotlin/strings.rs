//! Strings with their escapes and templates.

use super::{Lowering, line, named};
use crate::{Expr, ExprId, Part};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    /// `"a $b ${c.d}\n"` or `"""raw $b"""`: a text, or a template where values stand in it.
    pub(super) fn string(&mut self, node: Node<'_>) -> ExprId {
        let is_raw = node.kind() == "multiline_string_literal";
        let quotes = if is_raw { 3 } else { 1 };
        let (mut from, to) = (node.start_byte() + quotes, node.end_byte().saturating_sub(quotes));
        let mut pieces = Pieces { is_raw, line: line(node), text: String::new(), parts: Vec::new() };
        for child in named(node) {
            // The grammar takes `$name` in a plain string for text; so it is read here, wherever it stands.
            if child.kind() != "interpolation" || !self.text(child).starts_with("${") {
                continue;
            }
            self.plain(from, child.start_byte(), &mut pieces);
            from = child.end_byte();
            pieces.flush();
            pieces.line = Self::end_line(child);
            let value = named(child).first().map(|inner| self.expression(*inner));
            let value = value.unwrap_or_else(|| self.opaque(child));
            pieces.parts.push(Part::Value(value));
        }
        self.plain(from, to, &mut pieces);
        if pieces.parts.is_empty() {
            return self.expr(node, Expr::Text(pieces.text.into()));
        }
        pieces.flush();
        self.expr(node, Expr::Template(pieces.parts))
    }

    fn end_line(node: Node<'_>) -> u32 {
        crate::Builder::end_line(node)
    }

    /// Text between `${…}`: escapes are resolved, `$name` is a value.
    fn plain(&mut self, from: usize, to: usize, pieces: &mut Pieces) {
        let bytes = self.b.source.get(from..to).unwrap_or_default();
        let source = String::from_utf8_lossy(bytes);
        let mut rest: &str = &source;
        while let Some(c) = rest.chars().next() {
            let after = &rest[c.len_utf8()..];
            match c {
                '\\' if !pieces.is_raw => {
                    let (decoded, used) = escape(after);
                    pieces.text.push(decoded);
                    rest = after.get(used..).unwrap_or_default();
                }
                '$' => {
                    let length = identifier_length(after);
                    let name = after[..length].trim_matches('`');
                    if name.is_empty() {
                        pieces.text.push('$');
                    } else {
                        pieces.flush();
                        let value = self.named_value(pieces.line, SmolStr::new(name));
                        pieces.parts.push(Part::Value(value));
                    }
                    rest = &after[length..];
                }
                _ => {
                    pieces.line = pieces.line.saturating_add(u32::from(c == '\n'));
                    pieces.text.push(c);
                    rest = after;
                }
            }
        }
    }

    /// `'a'`, `'\n'`.
    pub(super) fn character(&self, node: Node<'_>) -> SmolStr {
        let raw = self.text(node);
        let inner = raw.strip_prefix('\'').unwrap_or(&raw);
        let inner = inner.strip_suffix('\'').unwrap_or(inner);
        match inner.strip_prefix('\\') {
            Some(escaped) => SmolStr::new(escape(escaped).0.to_string()),
            None => SmolStr::new(inner),
        }
    }
}

/// The parts of a string as they are found.
struct Pieces {
    is_raw: bool,
    /// The line that is being read.
    line: u32,
    text: String,
    parts: Vec<Part>,
}

impl Pieces {
    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.parts.push(Part::Text(SmolStr::new(&self.text)));
            self.text.clear();
        }
    }
}

/// The character behind a backslash, and how many bytes say it.
fn escape(after: &str) -> (char, usize) {
    match after.chars().next() {
        Some('n') => ('\n', 1),
        Some('t') => ('\t', 1),
        Some('r') => ('\r', 1),
        Some('b') => ('\u{8}', 1),
        Some('u') => {
            let code = after.get(1..5).and_then(|digits| u32::from_str_radix(digits, 16).ok());
            code.and_then(char::from_u32).map_or(('u', 1), |decoded| (decoded, 5))
        }
        Some(other) => (other, other.len_utf8()),
        None => ('\\', 0),
    }
}

/// Bytes of the identifier that a text starts with; 0 where it starts with none.
pub(super) fn identifier_length(text: &str) -> usize {
    if let Some(quoted) = text.strip_prefix('`') {
        return quoted.find(['`', '\n']).filter(|end| quoted[*end..].starts_with('`')).map_or(0, |end| end + 2);
    }
    if !text.starts_with(|c: char| c.is_alphabetic() || c == '_') {
        return 0;
    }
    text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len())
}
