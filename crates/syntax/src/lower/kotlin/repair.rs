//! Parses Kotlin around the faults of the grammar.
//!
//! - It wants a line break or `;` behind the last member of a class, where the language wants nothing: `class A { fun
//!   f() {} }` is an error to it, often for the whole file. A `;` is put there, which means nothing.
//! - It has no guards in a `when`: the `if` of `is A if ready ->` becomes a comma, so that the guard is one more test;
//!   `else if ready ->` becomes a plain test.
//! - It takes `get`, `set`, `where` and `suspend` for its own where they are names (`a get b`, `get("/orders") { }`,
//!   `where?.let`, `suspend { }`); the quotes of an identifier tell it otherwise.
//!
//! For these only a file with errors is touched, and the result is kept only where it parses better.
//!
//! - It may take `@A("x")` for an annotated `("x")`, without an error, and with it the class behind for something else.
//!   A comma behind the last argument, which means nothing, leaves it no choice.
//!
//! No line moves.
//!
//! And its scanner, once it has met an `@`, looks for white space without end, also past the end of the file; so the
//! text that is parsed always ends with a line break.

use crate::{Builder, Language};
use std::{borrow::Cow, ops::ControlFlow};

/// How often the parser may report progress: once for so many bytes, and so often in any file. Others stay far below.
const BYTES_PER_CHECK: usize = 4;
const MIN_CHECKS: usize = 500;

/// Parses a file; also gives the text that the nodes are of.
pub(in crate::lower) fn parse<'s>(
    parser: &mut tree_sitter::Parser,
    source: &'s [u8],
) -> (Option<tree_sitter::Tree>, Cow<'s, [u8]>) {
    let mut whole = Cow::Borrowed(source);
    if source.last() != Some(&b'\n') {
        whole.to_mut().push(b'\n');
    }
    let mut reader = Reader::default();
    reader.read(&whole);
    let text = edited(&whole, reader.edits.iter().filter(|edit| edit.is_silent)).map_or(whole.clone(), Cow::Owned);
    let Some(parsed) = bounded(parser, &text) else { return (None, text) };
    let broken = broken_bytes(&parsed);
    if broken > 0
        && let Some(mended) = edited(&whole, reader.edits.iter())
        && let Some(better) = bounded(parser, &mended).filter(|again| broken_bytes(again) < broken)
    {
        return (Some(better), Cow::Owned(mended));
    }
    (Some(parsed), text)
}

/// Parses with a bound. On broken source the grammar can go on for ever with separators of no length, which its scanner
/// gives at the end of the file; such a parse is given up.
pub(super) fn bounded(parser: &mut tree_sitter::Parser, text: &[u8]) -> Option<tree_sitter::Tree> {
    let mut left = (text.len() / BYTES_PER_CHECK).saturating_add(MIN_CHECKS);
    let mut progress = |_: &tree_sitter::ParseState| {
        left = left.saturating_sub(1);
        if left == 0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    let options = tree_sitter::ParseOptions::new().progress_callback(&mut progress);
    let parsed = parser.parse_with_options(&mut |at, _| text.get(at..).unwrap_or_default(), None, Some(options));
    if parsed.is_none() {
        // Else the parser would go on where it stopped.
        parser.reset();
    }
    parsed
}

fn broken_bytes(parsed: &tree_sitter::Tree) -> u32 {
    let mut counter = Builder::new(Language::Kotlin, &[]);
    counter.count_errors(parsed.root_node());
    counter.tree.broken_bytes
}

/// The source with changes; `None` where there are none.
fn edited<'e>(source: &[u8], edits: impl Iterator<Item = &'e Edit>) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut from = 0;
    for edit in edits {
        out.extend_from_slice(source.get(from..edit.from).unwrap_or_default());
        out.extend_from_slice(edit.text);
        from = edit.to;
    }
    if out.is_empty() {
        return None;
    }
    out.extend_from_slice(source.get(from..).unwrap_or_default());
    Some(out)
}

/// A change of the source.
struct Edit {
    from: usize,
    to: usize,
    text: &'static [u8],
    /// The fault it mends makes no error.
    is_silent: bool,
}

impl Edit {
    fn insert(at: usize, text: &'static [u8]) -> Self {
        Edit { from: at, to: at, text, is_silent: false }
    }

    fn replace(from: usize, text: &'static [u8]) -> Self {
        Edit { from, to: from + text.len(), text, is_silent: false }
    }
}

/// What an open brace holds.
enum Brace {
    /// Members; of an enum, entries before them. Parentheses that were open count.
    Class { in_entries: bool, parens: usize },
    /// Conditions and what follows from them.
    When { parens: usize },
    /// Statements.
    Block,
    /// The value in a string, which goes on behind it.
    Template { is_raw: bool },
}

/// The class or `when` whose body comes next.
struct Head {
    is_when: bool,
    is_enum: bool,
    parens: usize,
}

/// What the last token was.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Last {
    /// It ends a value or a type, or is one.
    Operand,
    Else,
    #[default]
    Other,
}

/// Reads just enough of the language to know which braces hold what.
#[derive(Default)]
struct Reader {
    braces: Vec<Brace>,
    parens: usize,
    head: Option<Head>,
    /// The word `enum` has just been read.
    after_enum: bool,
    /// The last byte that is no white space and no comment, and where it ends.
    last_byte: u8,
    last_end: usize,
    last: Last,
    /// Where the last token began.
    last_start: usize,
    /// A line break stood behind it.
    broke: bool,
    /// An annotation is being read, up to its arguments.
    in_annotation: bool,
    /// Parentheses that were open before the arguments of annotations.
    annotations: Vec<usize>,
    /// In order, none over another.
    edits: Vec<Edit>,
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
                let (end, last) = self.token(at, rest);
                let end = at + end.clamp(1, rest.len());
                self.last = last;
                self.last_byte = source[end - 1];
                self.last_start = at;
                self.last_end = end;
                self.broke = false;
                at = end;
            }
        }
    }

    /// Reads one token and tells its length and what it is.
    fn token(&mut self, at: usize, rest: &[u8]) -> (usize, Last) {
        let byte = rest.first().copied().unwrap_or_default();
        let touches = at == self.last_end && !self.broke;
        let begins = byte == b'@' && !(touches && is_word(self.last_byte));
        let was_in_annotation = std::mem::replace(&mut self.in_annotation, begins) && touches;
        self.in_annotation |= was_in_annotation && (is_word(byte) || matches!(byte, b'.' | b':' | b'<' | b'>'));
        if is_word(byte) {
            let length = rest.iter().position(|byte| !is_word(*byte)).unwrap_or(rest.len());
            return (length, self.word(at, &rest[..length], &rest[length..]));
        }
        let length = match byte {
            b'"' => {
                let is_raw = rest.starts_with(b"\"\"\"");
                let quotes = if is_raw { 3 } else { 1 };
                quotes + self.string(&rest[quotes..], is_raw)
            }
            b'\'' => character_length(rest),
            b'`' => rest.iter().skip(1).position(|byte| matches!(byte, b'`' | b'\n')).map_or(1, |end| end + 2),
            b'{' => {
                self.open();
                1
            }
            b'}' => 1 + self.close(&rest[1..]),
            b'(' | b'[' => {
                if was_in_annotation && byte == b'(' {
                    self.annotations.push(self.parens);
                }
                self.parens += 1;
                1
            }
            b')' | b']' => {
                self.parens = self.parens.saturating_sub(1);
                self.end_annotation();
                1
            }
            b';' => {
                self.separator();
                1
            }
            _ => 1,
        };
        let is_arrow = byte == b'>' && self.last_byte == b'-';
        let is_operand = matches!(byte, b'"' | b'\'' | b'`' | b'}' | b')' | b']' | b'?' | b'>') && !is_arrow;
        (length, if is_operand { Last::Operand } else { Last::Other })
    }

    fn end_annotation(&mut self) {
        if self.annotations.last() == Some(&self.parens) {
            self.annotations.pop();
            if !matches!(self.last_byte, b'(' | b',') {
                self.edits.push(Edit { is_silent: true, ..Edit::insert(self.last_end, b",") });
            }
        }
    }

    fn separator(&mut self) {
        self.head = None;
        let now = self.parens;
        if let Some(Brace::Class { in_entries, parens }) = self.braces.last_mut()
            && *parens == now
        {
            *in_entries = false;
        }
    }

    fn word(&mut self, at: usize, word: &[u8], rest: &[u8]) -> Last {
        let is_enum = std::mem::replace(&mut self.after_enum, word == b"enum");
        let parens = self.parens;
        match word {
            // `X::class` is no declaration.
            b"class" if self.last_byte == b':' => return Last::Operand,
            b"class" | b"interface" | b"object" => self.head = Some(Head { is_when: false, is_enum, parens }),
            b"when" => self.head = Some(Head { is_when: true, is_enum: false, parens }),
            b"fun" | b"val" | b"var" | b"typealias" | b"import" => {
                if self.head.as_ref().is_some_and(|head| head.parens == parens) {
                    self.head = None;
                }
            }
            b"else" => return Last::Else,
            b"if" => self.guard(at, rest),
            b"get" | b"set" | b"where" | b"suspend" if self.is_name(word, rest) => {
                self.edits.push(Edit::insert(at, b"`"));
                self.edits.push(Edit::insert(at + word.len(), b"`"));
                return Last::Operand;
            }
            b"return" | b"throw" | b"in" | b"is" | b"as" | b"by" | b"do" | b"try" | b"finally" => {}
            // `return@label`, `@Annotation`.
            _ if self.last_byte == b'@' => {}
            _ => return Last::Operand,
        }
        Last::Other
    }

    /// True for a word that the grammar reserves where it is the name of a function or a variable.
    fn is_name(&self, word: &[u8], rest: &[u8]) -> bool {
        let mut follows = rest.iter().copied().filter(|byte| !byte.is_ascii_whitespace());
        let (next, second) = (follows.next().unwrap_or_default(), follows.next().unwrap_or_default());
        let is_infix = self.last == Last::Operand && !self.broke;
        match word {
            // `a get b`; a call on a line of its own, which no accessor is.
            b"get" if next == b'(' => second != b')' && (is_infix || self.broke),
            b"set" if next == b'(' => self.broke && matches!(second, b'"' | b'0'..=b'9'),
            b"get" | b"set" => is_infix && continues(rest),
            // A constraint has a name behind it.
            b"where" => self.broke && !is_word(next) && next != b'`' && next != b'@',
            b"suspend" => next == b'{',
            _ => false,
        }
    }

    /// The `if` of a guard stands where no other can: behind a condition.
    fn guard(&mut self, at: usize, rest: &[u8]) {
        if !matches!(self.braces.last(), Some(Brace::When { parens }) if *parens == self.parens) {
            return;
        }
        match self.last {
            Last::Operand => self.edits.push(Edit::replace(at, b", ")),
            Last::Else if leads_to_arrow(rest) => {
                self.edits.push(Edit::replace(self.last_start, b"    "));
                self.edits.push(Edit::replace(at, b"  "));
            }
            _ => {}
        }
    }

    fn open(&mut self) {
        let now = self.parens;
        let brace = match (self.head.take(), self.braces.last()) {
            (Some(head), _) if head.parens == now && head.is_when => Brace::When { parens: now },
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
            Some(Brace::Class { .. }) if !self.broke && !matches!(self.last_byte, b'{' | b';' | b',') => {
                self.edits.push(Edit::insert(self.last_end, b";"));
            }
            _ => {}
        }
        // A lambda among the parameters of a class does not end its head.
        if self.head.as_ref().is_some_and(|head| head.parens >= self.parens) {
            self.head = None;
        }
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

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

/// True where an operand follows on the line: a name, a number, a string.
fn continues(rest: &[u8]) -> bool {
    let next = rest.iter().find(|byte| !matches!(byte, b' ' | b'\t'));
    next.is_some_and(|byte| is_word(*byte) || *byte == b'"')
}

/// True where the line has an arrow that belongs to no lambda.
fn leads_to_arrow(rest: &[u8]) -> bool {
    let mut braces = 0usize;
    for pair in rest.windows(2).take_while(|pair| pair[0] != b'\n') {
        match pair {
            b"->" if braces == 0 => return true,
            [b'{', _] => braces += 1,
            [b'}', _] => braces = braces.saturating_sub(1),
            _ => {}
        }
    }
    false
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
    use super::{Reader, edited};

    fn repaired(source: &str) -> String {
        let mut reader = Reader::default();
        reader.read(source.as_bytes());
        let bytes = edited(source.as_bytes(), reader.edits.iter());
        bytes.map_or_else(|| source.to_owned(), |bytes| String::from_utf8(bytes).expect("text"))
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
    fn guards_become_tests_and_names_get_quotes() {
        for (source, expected) in [
            (
                "when (x) { is A if x.b -> 1\n B.C if (d) -> 2\n else if e -> 3\n else -> 4 }",
                "when (x) { is A ,  x.b -> 1\n B.C ,  (d) -> 2\n         e -> 3\n else -> 4 }",
            ),
            ("val a = b { } get C.d", "val a = b { } `get` C.d"),
            ("a[1] set b", "a[1] `set` b"),
            ("val a = b { } get (C.d)", "val a = b { } `get` (C.d)"),
            ("val a = 1\nget(\"/\") { }\nwhere?.x()", "val a = 1\n`get`(\"/\") { }\n`where`?.x()"),
            ("val a = suspend { }", "val a = `suspend` { }"),
        ] {
            assert_eq!(repaired(source), expected);
        }
    }

    #[test]
    fn arguments_of_annotations_end_with_a_comma() {
        for (source, expected) in [
            ("@A @b.B(\"x\") class C", "@A @b.B(\"x\",) class C"),
            ("@field:A(f(1), [2]) val x = y", "@field:A(f(1), [2],) val x = y"),
            ("@A(1,) @B() @C<D>(2) fun f() = this@f(1)", "@A(1,) @B() @C<D>(2,) fun f() = this@f(1)"),
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
            "when (x) { A -> if (a) b else if (c) d else e\n B -> return if (a) b else c\n C -> return@f if (a) b else c\n else -> 1\n }",
            "when (x) { A -> { f(); if (a) b }\n else -> f(if (a) b else c) }",
            "val x: Int get() = 1; var y = 1\n  private set\n val z get() = get(1)",
            "var x: Int\n  get() = 1\n  set(value) { }",
            "suspend fun <T> f(): suspend () -> T\n  where T : A {\n}",
        ] {
            assert_eq!(repaired(source), source);
        }
    }
}
