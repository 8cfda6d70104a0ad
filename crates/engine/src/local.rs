//! The local half of one file that needs no tree: whether it can be read, whether it can matter, which words it says.

mod declared;
mod sought;
mod words;

pub(crate) use sought::Sought;
pub(crate) use words::word_hash;

use crate::skip;
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
    /// Looks at the bytes once; without anything sought every file is a candidate.
    pub(crate) fn of(bytes: &[u8], sought: Option<&Sought>, language: Option<Language>) -> Local {
        if let Some(why) = skip::unfit(bytes) {
            return Local { unfit: Some(why.to_owned()), ..Local::default() };
        }
        let words = words::words_of(bytes);
        let candidate = sought.is_none_or(|sought| sought.is_in(&words, bytes));
        let mut local = Local { candidate, words, ..Local::default() };
        if language.is_none_or(Language::has_exports) {
            local.hands_on = contains(bytes, b"export *") || contains(bytes, b"export*");
            local.exports = words::exported(bytes, &local.words);
        }
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

    /// Hashes of the words it says.
    pub(crate) fn words(&self) -> &[u32] {
        &self.words
    }

    /// True when the file may say the word of this hash.
    pub(crate) fn says(&self, word: u32) -> bool {
        self.words.binary_search(&word).is_ok()
    }
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    memchr::memmem::find(bytes, text).is_some()
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
