//! The local half of one file that needs no tree: whether it can be read, whether it can matter, which words it says.

mod declared;

use crate::skip;
use aho_corasick::AhoCorasick;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use weir_syntax::Language;

/// What one source file says about itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Local {
    /// Why it is left out, where it is.
    pub(crate) unfit: Option<String>,
    /// True when it holds one of the literals the packs look for.
    pub(crate) candidate: bool,
    /// True when it hands on whatever other files export.
    pub(crate) hands_on: bool,
    /// Hashes of the identifiers in it, sorted. Two words of one hash make a file look as if it said both, which costs
    /// a look at it and nothing else.
    words: Box<[u32]>,
    /// Hashes of the words in its export declarations, sorted.
    exports: Box<[u32]>,
    /// Package or namespace, in languages whose names are found by it.
    pub(crate) namespace: SmolStr,
    /// Hashes of the names of the types it declares, in languages with namespaces; sorted.
    types: Box<[u32]>,
    /// True when the next run may find it otherwise although the file does not change.
    #[serde(skip)]
    pub(crate) passing: bool,
}

impl Local {
    /// Looks at the bytes once.
    pub(crate) fn of(bytes: &[u8], literals: Option<&AhoCorasick>, language: Option<Language>) -> Local {
        if let Some(why) = skip::unfit(bytes) {
            return Local { unfit: Some(why.to_owned()), ..Local::default() };
        }
        let candidate = literals.is_none_or(|literals| literals.is_match(bytes));
        let hands_on = contains(bytes, b"export *") || contains(bytes, b"export*");
        let words = words_of(bytes);
        let exports = exported_words(bytes);
        let mut local = Local { candidate, hands_on, words, exports, ..Local::default() };
        if let Some(language) = language.filter(|language| declared::has_namespaces(*language)) {
            local.namespace = declared::namespace(bytes, language);
            local.types = declared::types(bytes);
        }
        local
    }

    /// A file that cannot be read; `passing` when that may change although the file does not.
    pub(crate) fn unreadable(why: String, passing: bool) -> Local {
        Local { unfit: Some(why), passing, ..Local::default() }
    }

    /// True when the file may export the word of this hash under its own name.
    pub(crate) fn may_export(&self, word: u32) -> bool {
        self.hands_on || self.exports.binary_search(&word).is_ok()
    }

    /// True when the file may declare a type by the word of this hash.
    pub(crate) fn may_declare_type(&self, word: u32) -> bool {
        self.types.binary_search(&word).is_ok()
    }

    /// True when the file may say the word of this hash.
    pub(crate) fn says(&self, word: u32) -> bool {
        self.words.binary_search(&word).is_ok()
    }
}

/// The hashes of the words in a text, sorted, each once.
fn words_of(bytes: &[u8]) -> Box<[u32]> {
    let mut words = Vec::new();
    let mut hash = START;
    let mut inside = false;
    for byte in bytes {
        if is_word(*byte) {
            hash = step(hash, *byte);
            inside = true;
        } else if inside {
            words.push(hash);
            hash = START;
            inside = false;
        }
    }
    if inside {
        words.push(hash);
    }
    words.sort_unstable();
    words.dedup();
    words.into()
}

/// The words between `export` and the value or body of what is exported, or between its braces; for modules that fill
/// an object called `exports` every word counts.
fn exported_words(bytes: &[u8]) -> Box<[u32]> {
    let mut words = Vec::new();
    for start in memchr::memmem::find_iter(bytes, b"export") {
        let rest = &bytes[start + 6..];
        if start.checked_sub(1).is_some_and(|at| is_word(bytes[at])) {
            continue;
        }
        if rest.first() == Some(&b's') {
            return words_of(bytes);
        }
        let listed = rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        let end = rest.iter().position(|byte| match listed {
            true => *byte == b'}',
            false => matches!(byte, b'=' | b'(' | b'{' | b':' | b'<' | b';' | b'\'' | b'"'),
        });
        words.extend(words_of(&rest[..end.unwrap_or(rest.len())]));
    }
    words.sort_unstable();
    words.dedup();
    words.into()
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    memchr::memmem::find(bytes, text).is_some()
}

/// FNV-1a: the same on every machine, so that hashes can be kept.
const START: u32 = 0x811c_9dc5;

fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

/// The hash of a word.
pub(crate) fn word_hash(word: &str) -> u32 {
    step_all(word.as_bytes())
}

fn step_all(word: &[u8]) -> u32 {
    word.iter().fold(START, |hash, byte| step(hash, *byte))
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_only() {
        let local = Local::of("bus.publish('orders-created', größe)".as_bytes(), None, None);
        for word in ["bus", "publish", "orders", "created", "größe"] {
            assert!(local.says(word_hash(word)), "{word}");
        }
        for word in ["pub", "ublish", "order", "orders-created", ""] {
            assert!(!local.says(word_hash(word)), "{word}");
        }
    }

    #[test]
    fn binaries_say_nothing() {
        let local = Local::of(b"publish\0", None, None);
        assert!(local.unfit.is_some() && !local.says(word_hash("publish")));
    }
}
