//! What a file may cost at most, from one look at its bytes: the parser has no bound of its own.

/// What one level of nesting takes of the stack at most, parser and lowering together, twice as much as was measured.
const LEVEL: usize = if cfg!(debug_assertions) { 24 << 10 } else { 2 << 10 };

/// What a file without nesting takes: the lowering down to the depth bound.
const BASE: usize = if cfg!(debug_assertions) { 4 << 20 } else { 384 << 10 };

/// Beyond this a file is left to the parser that needs no stack; hand-written files stay far below.
const MOST: usize = if cfg!(debug_assertions) { 512 << 20 } else { 64 << 20 };

/// A `<` behind a word may begin type arguments, which are tried before they are given up: each level twice or more.
const MAX_ANGLES: u32 = 600;

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
    Opens,
    /// May begin a character of white space outside ASCII, so that a word ends: a level as well.
    Foreign,
}

const ROLES: [Role; 256] = {
    let mut roles = [Role::Plain; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        roles[at] = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'_' | b'$' | b'\\' => Role::Word,
            b' ' | b'\t' | b'\r' | b'\n' | 0x0b | 0x0c => Role::Blank,
            b'(' | b'[' | b'{' | b'<' | b'!' | b'~' | b'+' | b'-' | b'?' | b':' | b'=' | b'>' | b'*' | b'&' | b'|'
            | b'^' | b'%' | b'/' | b'`' => Role::Opens,
            0xc2 | 0xe1 | 0xe2 | 0xe3 | 0xef => Role::Foreign,
            0x80.. => Role::Word,
            _ => Role::Plain,
        };
        at += 1;
    }
    roles
};

/// How much stack is certainly enough for a file, or `None` where that is more than it may have.
pub(super) fn stack_needed(text: &str) -> Option<usize> {
    let mut levels = 0usize;
    let mut angles = 0u32;
    // What stood before, and whether a word stood before that with only white space in between.
    let mut before = Role::Plain;
    let mut after_word = false;
    for &byte in text.as_bytes() {
        let role = ROLES[byte as usize];
        match role {
            Role::Opens => {
                levels += 1;
                angles += u32::from(byte == b'<' && before == Role::Word);
            }
            Role::Foreign => levels += 1,
            // A word behind a word, as in `typeof new x`, may nest.
            Role::Word if before == Role::Blank && after_word => levels += 1,
            _ => {}
        }
        after_word = match role {
            Role::Blank => after_word,
            _ => role == Role::Word,
        };
        before = role;
    }
    let room = BASE + levels * LEVEL;
    (room <= MOST && angles <= MAX_ANGLES).then_some(room)
}
