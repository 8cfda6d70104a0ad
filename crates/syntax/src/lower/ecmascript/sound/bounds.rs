//! What a file may cost at most, from one look at its bytes: the parser has no bound of its own.
//!
//! The count is never too small. A byte that may begin a level counts, wherever it stands; what it began is over
//! only where a bracket certainly closes.

use crate::Language;

/// What one level of nesting takes of the stack at most: twice as much as was measured.
const LEVEL: usize = if cfg!(debug_assertions) { 24 << 10 } else { 3584 };

/// What a file without nesting takes: the lowering down to the depth bound.
const BASE: usize = if cfg!(debug_assertions) { 4 << 20 } else { 384 << 10 };

/// Beyond this a file is left to the parser that needs no stack; hand-written files stay far below.
const MOST: usize = if cfg!(debug_assertions) { 512 << 20 } else { 64 << 20 };

/// What `(` and `<` begin is tried as parameters or type arguments before it is read again as what it is, and so is
/// what is inside: each word and sign costs once for each of them that is open. So much takes some tenths of a second;
/// real files stay far below.
const MAX_TRIES: usize = 1_500_000;

/// Types hold values (computed keys, defaults in patterns) and values hold types, and with types the parser forgets what
/// it tried: each such bracket inside of another may double what the file costs. The bytes read may be so many; at a
/// hundred bytes a microsecond that is half a second.
const MAX_DOUBLED: usize = 32 << 20;

/// Computed keys and options of imports in what is tried, one inside the other: `f<{[new f<{[new` costs more than
/// twice as much with each. Real code has one of them at a time.
const MAX_VALUES: u32 = 2;

/// What a byte can mean for nesting.
#[derive(Clone, Copy, PartialEq)]
enum Role {
    /// Begins no level.
    Plain,
    /// Part of a word.
    Word,
    /// White space.
    Blank,
    /// May begin a level.
    Operator,
    Opening,
    Closing,
    /// May begin or end text.
    Quote,
    Dot,
    /// May begin a character of white space outside ASCII, so that a word ends: a level as well.
    Foreign,
}

const ROLES: [Role; 256] = {
    let mut roles = [Role::Plain; 256];
    let mut at = 0;
    while at < 256 {
        roles[at] = match at as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$' => Role::Word,
            b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c => Role::Blank,
            b'(' | b'[' | b'{' => Role::Opening,
            b')' | b']' | b'}' => Role::Closing,
            b'<' | b'@' | b'!' | b'~' | b'+' | b'-' | b'?' | b':' | b'=' | b'>' | b'*' | b'&' | b'|' | b'^' | b'%' => {
                Role::Operator
            }
            b'/' | b'`' | b'\'' | b'"' | b'\\' => Role::Quote,
            b'.' => Role::Dot,
            0xc2 | 0xe1 | 0xe2 | 0xe3 | 0xef => Role::Foreign,
            0x80.. => Role::Word,
            _ => Role::Plain,
        };
        at += 1;
    }
    roles
};

/// An odd number of one kind of quotes, any of it, and what may be a comment, a pattern, a template, markup.
const ODD_SINGLE: u8 = 1;
const ODD_DOUBLE: u8 = 2;
const SINGLE: u8 = 4;
const DOUBLE: u8 = 8;
const UNSURE: u8 = 16;

/// A bracket that is open.
struct Frame {
    bracket: u8,
    /// What was seen since.
    marks: u8,
    /// Whether what is inside may be read twice.
    tried: bool,
    within: Within,
    /// Whether it is a value inside of what may be types.
    value: bool,
    /// The levels that were open before it.
    levels: usize,
}

/// Words behind which `(` begins a value; behind another it begins arguments, which are read once.
const BEFORE_VALUES: &str = " as async await case default delete do else extends in instanceof is keyof new of return satisfies throw typeof void yield ";

/// Whether `(` behind a word begins a value.
fn before_value(word: &[u8]) -> bool {
    let known = BEFORE_VALUES.as_bytes();
    known.split(|byte| *byte == b' ').any(|known| known == word)
}

/// The innermost of what is tried and of the values inside of it.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Neither,
    Tried,
    Value,
}

/// How much stack is certainly enough for a file, or `None` where that is more than it may have.
pub(super) fn stack_needed(language: Language, text: &str) -> Option<usize> {
    let most = Scan::new(language).levels(text.as_bytes())?;
    let room = BASE + most * LEVEL;
    (room <= MOST).then_some(room)
}

struct Scan {
    frames: Vec<Frame>,
    levels: usize,
    most: usize,
    /// How many brackets are open inside of which all may be read twice.
    trying: u32,
    tries: usize,
    /// The most brackets of that kind that were open at once.
    doubled: u32,
    /// How many values inside of what is tried are open, one inside the other.
    values: u32,
    /// The dots of the path that the last words are.
    dots: usize,
    typed: bool,
    markup: bool,
}

impl Scan {
    fn new(language: Language) -> Scan {
        let typed = language != Language::JavaScript;
        let markup = language != Language::TypeScript;
        Scan {
            frames: Vec::with_capacity(64),
            levels: 0,
            most: 0,
            trying: 0,
            tries: 0,
            doubled: 0,
            values: 0,
            dots: 0,
            typed,
            markup,
        }
    }

    /// The most levels that are open at once, or `None` where the parser would try too much.
    fn levels(mut self, text: &[u8]) -> Option<usize> {
        let mut before = Role::Blank;
        // The last byte that is not white space.
        let mut solid = 0u8;
        let mut word = 0..0;
        for (at, &byte) in text.iter().enumerate() {
            let role = ROLES[byte as usize];
            match role {
                Role::Word => {
                    if before == Role::Word {
                        word.end = at + 1;
                    } else {
                        word = at..at + 1;
                        // A word behind a word, as in `typeof new x`, may nest, and so may one behind `if (…)`.
                        let after_word = ROLES[solid as usize] == Role::Word;
                        self.levels += usize::from(solid == b')' || (before == Role::Blank && after_word));
                        self.tries += self.trying as usize;
                        if after_word {
                            self.dots = 0;
                        }
                    }
                    solid = byte;
                }
                Role::Blank => {}
                Role::Dot => {
                    self.dots += 1;
                    solid = byte;
                }
                _ => {
                    // Behind a name the parser knows what `(` begins.
                    let behind = match byte {
                        b'(' if ROLES[solid as usize] == Role::Word => text.get(word.clone()).unwrap_or_default(),
                        _ => &[],
                    };
                    self.sign(byte, role, behind, text.get(at + 1..).unwrap_or_default(), solid);
                    self.most = self.most.max(self.levels);
                    self.tries += self.trying as usize;
                    if self.tries > MAX_TRIES || self.values > MAX_VALUES {
                        return None;
                    }
                    self.dots = 0;
                    solid = byte;
                }
            }
            before = role;
        }
        let doubled = text.len().checked_shl(self.doubled).filter(|bytes| bytes >> self.doubled == text.len());
        let doubles = doubled.is_none_or(|bytes| bytes > MAX_DOUBLED);
        (self.tries <= MAX_TRIES && !doubles).then_some(self.most.max(self.levels))
    }

    fn sign(&mut self, byte: u8, role: Role, behind: &[u8], rest: &[u8], solid: u8) {
        match role {
            Role::Opening => {
                // Each name of `namespace a.b.c {` is a level of its own.
                self.levels += if byte == b'{' { self.dots } else { 0 };
                let tried = byte == b'(' && (behind.is_empty() || before_value(behind));
                self.open(byte, tried, behind == b"import");
                self.levels += 1;
            }
            Role::Closing => self.close(if byte == b')' { b'(' } else { byte - 2 }),
            Role::Quote => self.quote(byte, rest),
            Role::Operator | Role::Foreign => {
                self.levels += 1;
                match byte {
                    b'<' => self.angle(rest),
                    b'>' if solid == b'-' => self.mark(UNSURE),
                    b'>' if solid != b'=' => self.close_angle(),
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn mark(&mut self, marks: u8) {
        if let Some(frame) = self.frames.last_mut() {
            frame.marks |= marks;
        }
    }

    fn quote(&mut self, byte: u8, rest: &[u8]) {
        self.levels += usize::from(matches!(byte, b'/' | b'`'));
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        match byte {
            b'\'' => {
                frame.marks ^= ODD_SINGLE;
                frame.marks |= SINGLE;
            }
            b'"' => {
                frame.marks ^= ODD_DOUBLE;
                frame.marks |= DOUBLE;
            }
            // The end of a tag without children.
            b'/' if rest.starts_with(b">") && frame.bracket == b'<' => {}
            _ => frame.marks |= UNSURE,
        }
    }

    fn angle(&mut self, rest: &[u8]) {
        // What stands between tags is no code, so no bracket around a tag is sure to close.
        if self.markup && self.frames.last().is_some_and(|frame| frame.bracket != b'<') {
            self.mark(UNSURE);
        }
        // `</b>` begins nothing, but `</**/` may.
        let ends = self.markup && rest.starts_with(b"/") && !rest.starts_with(b"/*") && !rest.starts_with(b"//");
        if self.typed && !ends && !rest.starts_with(b"=") {
            self.open(b'<', true, false);
        }
    }

    fn open(&mut self, bracket: u8, tried: bool, import: bool) {
        let (outer, in_braces) =
            self.frames.last().map_or((Within::Neither, false), |frame| (frame.within, frame.bracket == b'{'));
        let value = outer == Within::Tried && (import || (bracket == b'[' && in_braces));
        let within = match (value, tried) {
            (true, _) => Within::Value,
            (_, true) => Within::Tried,
            _ => outer,
        };
        self.trying += u32::from(tried);
        self.doubled = self.doubled.max(self.trying);
        self.values += u32::from(value);
        self.frames.push(Frame { bracket, marks: 0, tried, within, value, levels: self.levels });
    }

    fn drop_from(&mut self, at: usize) {
        for frame in self.frames.drain(at..) {
            self.trying -= u32::from(frame.tried);
            self.values -= u32::from(frame.value);
        }
    }

    /// Closes the innermost bracket, when it is this one and certainly closes here, with all `<` that are inside.
    fn close(&mut self, bracket: u8) {
        let angles = self.frames.iter().rev().take_while(|frame| frame.bracket == b'<').count();
        let at = self.frames.len() - angles;
        let inside = self.frames[at..].iter().fold(0, |marks, frame| merge(marks, frame.marks));
        let Some(frame) = at.checked_sub(1).and_then(|at| self.frames.get(at)) else {
            return;
        };
        let marks = merge(frame.marks, inside);
        if frame.bracket == bracket && closes(marks) {
            self.levels = frame.levels;
            self.drop_from(at - 1);
            self.mark(marks);
        }
    }

    fn close_angle(&mut self) {
        let closed = self.frames.last().filter(|frame| frame.bracket == b'<' && closes(frame.marks));
        if let Some(marks) = closed.map(|frame| frame.marks) {
            self.drop_from(self.frames.len() - 1);
            self.mark(marks);
        }
    }
}

/// The marks of a bracket with those of one that is inside.
fn merge(outer: u8, inner: u8) -> u8 {
    ((outer ^ inner) & (ODD_SINGLE | ODD_DOUBLE)) | ((outer | inner) & (SINGLE | DOUBLE | UNSURE))
}

/// Whether a bracket with these marks since stands where it stood: both in code, or both in the same text.
fn closes(marks: u8) -> bool {
    marks & (ODD_SINGLE | ODD_DOUBLE | UNSURE) == 0 && marks & (SINGLE | DOUBLE) != SINGLE | DOUBLE
}

#[cfg(test)]
mod tests {
    use super::*;

    fn levels(language: Language, text: &str) -> Option<usize> {
        Scan::new(language).levels(text.as_bytes())
    }

    #[test]
    fn what_closes_nests_no_further() {
        for text in ["f({a: [1]});", "f('it', 'is');", "f(\"it's\")", "if (a) { b(c => [d]); }\n"] {
            let once = levels(Language::TypeScript, text).expect("few angles");
            let often = levels(Language::TypeScript, &text.repeat(100)).expect("few angles");
            // What is behind a word or an arrow, and what quotes of two kinds hide, is not seen to end.
            assert!(often <= once + 200, "{text} {once} {often}");
        }
        let types = "type A = Maybe<Scalars['a']['b']>;\n".repeat(10_000);
        assert!(levels(Language::TypeScript, &types).is_some());
    }

    #[test]
    fn what_may_nest_is_counted() {
        let nests = [
            "(",
            "[",
            "{",
            "a?",
            "a=>",
            "(a)=>",
            "!",
            "-",
            "typeof ",
            "new\n",
            "do ",
            "if(a)",
            "if (a) ",
            "while(a)/**/",
            "if(a){}else ",
            "a:",
            "`${",
            "`(`+(",
            "'('+(",
            "/(/+(",
            "// )\n(",
            "(\n-->)\n",
            "a=",
            "namespace a.b.c{",
            "typeof\u{a0}",
            "async(a)=>",
            "f<<T>()=>",
            "f<\">\"|",
            "f<'a\">\"'|",
            "f</**/",
            "{a:{b:'\"'",
            "class{a=",
        ];
        for text in nests {
            let hostile = text.repeat(1_000);
            for language in [Language::TypeScript, Language::Tsx, Language::JavaScript] {
                let levels = levels(language, &hostile);
                assert!(levels.is_none_or(|levels| levels >= 999), "{text} {levels:?}");
            }
        }
        for text in ["<a>", "<a>(<b>)", "<a b='('>", "{<a>}"] {
            for language in [Language::Tsx, Language::JavaScript] {
                let levels = levels(language, &text.repeat(1_000));
                assert!(levels.is_none_or(|levels| levels >= 999), "{text} {levels:?}");
            }
        }
        assert_eq!(levels(Language::TypeScript, &"f<".repeat(4_000)), None);
        for text in
            ["f<{[", "f<{[new ", "1 as({[", "(a:({[yield a?", "{a=f <((", "f<import('a', {b: ", "{[(async(typeof a<"]
        {
            assert_eq!(levels(Language::TypeScript, &text.repeat(25)), None);
            assert_eq!(levels(Language::Tsx, &text.repeat(25)), None);
        }
        assert_eq!(levels(Language::Tsx, &"f<{[new ".repeat(5)), None);
        // Types are read in JavaScript too, before they are refused.
        for text in ["1 as({[", "(a:({[yield a?"] {
            assert_eq!(levels(Language::JavaScript, &text.repeat(25)), None);
        }
        assert_eq!(levels(Language::Tsx, &"f</**/".repeat(4_000)), None);
        assert_eq!(levels(Language::JavaScript, &"([a=".repeat(4_000)), None);
        assert_eq!(levels(Language::TypeScript, &"f <".repeat(4_000)), None);
    }
}
