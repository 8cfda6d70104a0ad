//! Strings, characters and text blocks.

use super::{Lowering, named};
use crate::{Expr, Part};
use smol_str::SmolStr;
use tree_sitter::Node;

/// Stands for an embedded expression while the text around it is worked on; no character of Unicode.
const HOLE: char = '\u{FDD0}';

impl Lowering<'_, '_> {
    /// A string or a text block; a template where expressions are embedded.
    pub(super) fn string(&mut self, node: Node<'_>) -> Expr {
        let holes: Vec<Node<'_>> =
            named(node).into_iter().filter(|child| child.kind() == "string_interpolation").collect();
        let mut raw = String::new();
        let mut from = node.start_byte();
        for hole in &holes {
            raw.push_str(&self.source(from, hole.start_byte()));
            raw.push(HOLE);
            from = hole.end_byte();
        }
        raw.push_str(&self.source(from, node.end_byte()));
        let text = match raw.strip_prefix("\"\"\"") {
            Some(block) => without_indentation(block.strip_suffix("\"\"\"").unwrap_or(block)),
            None => raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default().to_owned(),
        };
        if holes.is_empty() {
            return Expr::Text(unescape(&text));
        }
        let mut parts = Vec::new();
        let mut values = holes.into_iter();
        for (at, piece) in text.split(HOLE).enumerate() {
            if at > 0
                && let Some(hole) = values.next()
            {
                parts.push(Part::Value(self.first(hole)));
            }
            if !piece.is_empty() {
                parts.push(Part::Text(unescape(piece)));
            }
        }
        Expr::Template(parts)
    }

    /// The text of a character.
    pub(super) fn character(&self, node: Node<'_>) -> SmolStr {
        let raw = self.text(node);
        unescape(raw.get(1..raw.len().saturating_sub(1)).unwrap_or_default())
    }

    fn source(&self, from: usize, to: usize) -> String {
        let bytes = self.b.source.get(from..to).unwrap_or_default();
        String::from_utf8_lossy(bytes).replace(HOLE, "")
    }
}

/// The lines of a text block without the indentation that all of them share and the space at their ends.
fn without_indentation(block: &str) -> String {
    const SPACE: [char; 3] = [' ', '\t', '\x0c'];
    let block = block.replace("\r\n", "\n");
    // The text begins on the line after the opening quotes.
    let Some((_, content)) = block.split_once('\n') else { return block };
    let lines: Vec<&str> = content.split('\n').collect();
    let is_last = |at: usize| at + 1 == lines.len();
    // The line of the closing quotes counts even where it holds nothing else.
    let counting = lines.iter().enumerate().filter(|(at, line)| is_last(*at) || !line.trim().is_empty());
    let indentation = counting.map(|(_, line)| line.len() - line.trim_start_matches(SPACE).len()).min().unwrap_or(0);
    let stripped = lines.iter().map(|line| line.get(indentation..).unwrap_or_default().trim_end_matches(SPACE));
    stripped.collect::<Vec<_>>().join("\n")
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
        let after = &rest[kind.len_utf8()..];
        rest = match kind {
            'u' => unicode(rest, &mut out),
            '0'..='7' => octal(rest, &mut out),
            _ => {
                match kind {
                    'n' => out.push('\n'),
                    't' => out.push('\t'),
                    'r' => out.push('\r'),
                    'b' => out.push('\x08'),
                    'f' => out.push('\x0c'),
                    's' => out.push(' '),
                    // The end of a line that is none in the text.
                    '\n' => {}
                    other => out.push(other),
                }
                after
            }
        };
    }
    out.push_str(rest);
    SmolStr::new(out)
}

/// `u0041`, the `u` as often as one likes; two of them may be the halves of one character. Returns what follows.
fn unicode<'r>(rest: &'r str, out: &mut String) -> &'r str {
    let Some((first, after)) = code_unit(rest) else {
        out.push('u');
        return rest.get(1..).unwrap_or_default();
    };
    let second = after.strip_prefix('\\').and_then(code_unit);
    if let Some((second, behind)) = second
        && let Some(Ok(both)) = char::decode_utf16([first, second]).next()
        && both.len_utf16() == 2
    {
        out.push(both);
        return behind;
    }
    out.push(char::from_u32(u32::from(first)).unwrap_or(char::REPLACEMENT_CHARACTER));
    after
}

fn code_unit(rest: &str) -> Option<(u16, &str)> {
    let digits = rest.strip_prefix('u')?.trim_start_matches('u');
    let unit = u16::from_str_radix(digits.get(..4)?, 16).ok()?;
    Some((unit, &digits[4..]))
}

/// One to three octal digits, up to 377. Returns what follows.
fn octal<'r>(rest: &'r str, out: &mut String) -> &'r str {
    let most = if rest.starts_with(['0', '1', '2', '3']) { 3 } else { 2 };
    let length = rest.bytes().take(most).take_while(|digit| matches!(digit, b'0'..=b'7')).count();
    let (digits, after) = rest.split_at(length);
    out.push(u8::from_str_radix(digits, 8).map_or(char::REPLACEMENT_CHARACTER, char::from));
    after
}

#[cfg(test)]
mod tests {
    use super::{unescape, without_indentation};

    #[test]
    fn escapes_are_resolved_and_broken_ones_kept() {
        for (raw, text) in [
            ("plain", "plain"),
            (r#"\t\n\r\f\b\s|\'\"\\"#, "\t\n\r\x0c\x08 |'\"\\"),
            (r"\0\101\377\400\18", "\0A\u{ff}\u{20}0\u{1}8"),
            (r"\u0041\uuu0042", "AB"),
            (r"\ud83d\ude00\ud83dx", "😀\u{fffd}x"),
            (r"\u12\u", "u12u"),
            ("a\\\nb", "ab"),
            ("a\\", "a"),
        ] {
            assert_eq!(unescape(raw), text, "{raw}");
        }
    }

    #[test]
    fn text_blocks_lose_what_all_lines_share() {
        for (block, text) in [
            ("\n    a\n      b \n\n    c\n    ", "a\n  b\n\nc\n"),
            ("  \n    a\n  ", "  a\n"),
            ("\r\n  a\r\n  b", "a\nb"),
            ("\n\ta é\n\tb", "a é\nb"),
            ("no line", "no line"),
            ("\n", ""),
        ] {
            assert_eq!(without_indentation(block), text, "{block:?}");
        }
    }
}
