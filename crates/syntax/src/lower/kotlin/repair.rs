//! Parses Kotlin around two faults of the grammar.
//!
//! It wants a line break or `;` behind the last member of a class, where the language wants nothing: `class A { fun f()
//! {} }` is an error to it, often for the whole class. In a file with errors a `;` is put behind such members, which
//! the language allows there and which means nothing; no line moves. The result is kept where it parses better.
//!
//! And its scanner, once it has met an `@`, looks for white space without end, also past the end of the file; so the
//! text that is parsed always ends with a line break.

use crate::{Builder, Language};
use std::borrow::Cow;

/// Parses a file; also gives the text that the nodes are of.
pub(in crate::lower) fn parse<'s>(
    parser: &mut tree_sitter::Parser,
    source: &'s [u8],
) -> (Option<tree_sitter::Tree>, Cow<'s, [u8]>) {
    let mut text = Cow::Borrowed(source);
    if source.last() != Some(&b'\n') {
        text.to_mut().push(b'\n');
    }
    let Some(parsed) = parser.parse(text.as_ref(), None) else { return (None, text) };
    let broken = broken_bytes(&parsed);
    if broken > 0
        && let Some(repaired) = with_separators(&text)
        && let Some(better) = parser.parse(&repaired, None).filter(|again| broken_bytes(again) < broken)
    {
        return (Some(better), Cow::Owned(repaired));
    }
    (Some(parsed), text)
}

fn broken_bytes(parsed: &tree_sitter::Tree) -> u32 {
    let mut counter = Builder::new(Language::Kotlin, &[]);
    counter.count_errors(parsed.root_node());
    counter.tree.broken_bytes
}

/// The source with a `;` behind each last member that has its class's closing brace on its line.
fn with_separators(source: &[u8]) -> Option<Vec<u8>> {
    let mut reader = Reader::default();
    reader.read(source);
    if reader.ends.is_empty() {
        return None;
    }
    let mut out = Vec::with_capacity(source.len() + reader.ends.len());
    let mut from = 0;
    for end in reader.ends {
        out.extend_from_slice(&source[from..end]);
        out.push(b';');
        from = end;
    }
    out.extend_from_slice(&source[from..]);
    Some(out)
}

/// What an open brace holds.
enum Brace {
    /// Members; of an enum, entries before them. Parentheses that were open count.
    Class { in_entries: bool, parens: usize },
    /// Statements.
    Block,
    /// The value in a string, which goes on behind it.
    Template { is_raw: bool },
}

/// The class whose body comes next.
struct Head {
    is_enum: bool,
    parens: usize,
}

/// Reads just enough of the language to know which braces are class bodies.
#[derive(Default)]
struct Reader {
    braces: Vec<Brace>,
    parens: usize,
    head: Option<Head>,
    /// The word `enum` has just been read.
    after_enum: bool,
    /// The last byte that is no white space and no comment, and where it ends.
    last: u8,
    last_end: usize,
    /// A line break stood behind it.
    broke: bool,
    /// Where a separator is missing, in order.
    ends: Vec<usize>,
}

impl Reader {
    fn read(&mut self, source: &[u8]) {
        let mut at = 0;
        while let Some(byte) = source.get(at) {
            let rest = &source[at..];
            if byte.is_ascii_whitespace() {
                self.broke |= *byte == b'\n';
                at += 1;
            } else if rest.starts_with(b"//") {
                at += rest.iter().position(|byte| *byte == b'\n').unwrap_or(rest.len());
            } else if rest.starts_with(b"/*") {
                at += comment_length(rest);
            } else {
                let end = at + self.token(rest).clamp(1, rest.len());
                self.last = source[end - 1];
                self.last_end = end;
                self.broke = false;
                at = end;
            }
        }
    }

    /// Reads one token and tells its length.
    fn token(&mut self, rest: &[u8]) -> usize {
        let byte = rest.first().copied().unwrap_or_default();
        if byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80 {
            let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_' || *byte >= 0x80;
            let length = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
            self.word(&rest[..length]);
            return length;
        }
        match byte {
            b'"' => {
                let is_raw = rest.starts_with(b"\"\"\"");
                let quotes = if is_raw { 3 } else { 1 };
                return quotes + self.string(&rest[quotes..], is_raw);
            }
            b'\'' => return character_length(rest),
            b'`' => return rest.iter().skip(1).position(|byte| matches!(byte, b'`' | b'\n')).map_or(1, |end| end + 2),
            b'{' => self.open(),
            b'}' => return 1 + self.close(&rest[1..]),
            b'(' | b'[' => self.parens += 1,
            b')' | b']' => self.parens = self.parens.saturating_sub(1),
            b';' => {
                self.head = None;
                let now = self.parens;
                if let Some(Brace::Class { in_entries, parens }) = self.braces.last_mut()
                    && *parens == now
                {
                    *in_entries = false;
                }
            }
            _ => {}
        }
        1
    }

    fn word(&mut self, word: &[u8]) {
        match word {
            // `X::class` is no declaration.
            b"class" | b"interface" | b"object" if self.last != b':' || word != b"class" => {
                self.head = Some(Head { is_enum: self.after_enum, parens: self.parens });
            }
            b"fun" | b"val" | b"var" | b"typealias" | b"import"
                if self.head.as_ref().is_some_and(|head| head.parens == self.parens) =>
            {
                self.head = None;
            }
            _ => {}
        }
        self.after_enum = word == b"enum";
    }

    fn open(&mut self) {
        let now = self.parens;
        let brace = match (self.head.take(), self.braces.last()) {
            (Some(head), _) if head.parens == now => Brace::Class { in_entries: head.is_enum, parens: now },
            (None, Some(Brace::Class { in_entries: true, parens })) if *parens == now => {
                Brace::Class { in_entries: false, parens: now }
            }
            (head, _) => {
                self.head = head;
                Brace::Block
            }
        };
        self.braces.push(brace);
    }

    /// Closes a brace; how many bytes of a string follow that goes on behind it.
    fn close(&mut self, rest: &[u8]) -> usize {
        match self.braces.pop() {
            Some(Brace::Template { is_raw }) => return self.string(rest, is_raw),
            Some(Brace::Class { .. }) if !self.broke && !matches!(self.last, b'{' | b';' | b',') => {
                self.ends.push(self.last_end);
            }
            _ => {}
        }
        self.head = None;
        0
    }

    /// The length of a string up to its end or its next `${`.
    fn string(&mut self, rest: &[u8], is_raw: bool) -> usize {
        let mut at = 0;
        while let Some(byte) = rest.get(at) {
            match byte {
                b'\\' if !is_raw => at += 1,
                b'$' if rest.get(at + 1) == Some(&b'{') => {
                    self.braces.push(Brace::Template { is_raw });
                    return at + 2;
                }
                b'"' if !is_raw => return at + 1,
                // The last three of more quotes end it.
                b'"' if rest[at..].starts_with(b"\"\"\"") && rest.get(at + 3) != Some(&b'"') => return at + 3,
                // A string that does not end on its line is broken; what follows is not.
                b'\n' if !is_raw => return at,
                _ => {}
            }
            at += 1;
        }
        rest.len()
    }
}

/// The length of a block comment; they nest.
fn comment_length(rest: &[u8]) -> usize {
    let mut depth = 0usize;
    let mut at = 0;
    while at < rest.len() {
        if rest[at..].starts_with(b"/*") {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(b"*/") {
            depth = depth.saturating_sub(1);
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// The length of `'x'`, `'\n'`, `'\u0041'`; a quote that is none of these counts alone.
fn character_length(rest: &[u8]) -> usize {
    let from = if rest.get(1) == Some(&b'\\') { 3 } else { 2 };
    let tail = rest.get(from..).unwrap_or_default();
    tail.iter()
        .take(5)
        .take_while(|byte| **byte != b'\n')
        .position(|byte| *byte == b'\'')
        .map_or(1, |end| from + end + 1)
}

#[cfg(test)]
mod tests {
    use super::with_separators;

    fn repaired(source: &str) -> String {
        with_separators(source.as_bytes())
            .map_or_else(|| source.to_owned(), |bytes| String::from_utf8(bytes).expect("text"))
    }

    #[test]
    fn the_last_member_before_a_brace_gets_a_separator() {
        for (source, expected) in [
            ("class A { fun f() {} }", "class A { fun f() {}; }"),
            ("class A { fun f() {} /* c */ }", "class A { fun f() {}; /* c */ }"),
            (
                "class A(val x: () -> Unit = {}) : B({ 1 }) { val y = 1 }",
                "class A(val x: () -> Unit = {}) : B({ 1 }) { val y = 1; }",
            ),
            (
                "interface A { companion object { const val X = \"}\" } }",
                "interface A { companion object { const val X = \"}\"; }; }",
            ),
            (
                "enum class E(val k: Int) { A(1) { override fun f() = 1 }, B; fun f() = 2 }",
                "enum class E(val k: Int) { A(1) { override fun f() = 1; }, B; fun f() = 2; }",
            ),
            ("foo(object : B { override fun f() { g() } })", "foo(object : B { override fun f() { g() }; })"),
            ("fun f() = \"${object { val x = \"}\" }.x}}\"", "fun f() = \"${object { val x = \"}\"; }.x}}\""),
        ] {
            assert_eq!(repaired(source), expected);
        }
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        for source in [
            "class A { fun f() {}\n}",
            "class A {}",
            "class A { val x = 1; }",
            "class A\nfun f() { g() }",
            "fun f() { run { X::class } }",
            "val s = \"class A { x }\"",
            "val s = \"\"\"class A { \"x\" }\"\"\"",
            "val c = '{'; val d = '\\''; class A { // fun f() {} }\n}",
            "/* class A { x } /* class B { x } */ */",
            "val `class A { x }` = 1",
        ] {
            assert_eq!(repaired(source), source);
        }
    }
}
