//! The literals that make a file a candidate, found by the words they consist of.
//!
//! Nearly every file lacks the longest word of every literal, so that its bytes need not be searched for any of them.

use super::words::{is_word, word_hash};
use memchr::memmem::Finder;
use rustc_hash::FxHashMap;

/// What the packs look for.
pub(crate) struct Sought {
    /// The literals by the hash of their longest word; of those that are more than a word, the text.
    by_word: FxHashMap<u32, Vec<Option<Finder<'static>>>>,
    /// Literals without a word.
    wordless: Vec<Finder<'static>>,
}

impl Sought {
    /// Literals, which count where they stand as whole words.
    pub(crate) fn new(literals: &[String]) -> Sought {
        let mut sought = Sought { by_word: FxHashMap::default(), wordless: Vec::new() };
        for literal in literals {
            let words = literal.split(|c: char| !u8::try_from(c).map_or(true, is_word));
            let longest = words.max_by_key(|word| word.len()).unwrap_or_default();
            let text = || Finder::new(literal.as_bytes()).into_owned();
            match longest {
                "" => sought.wordless.push(text()),
                word if word == literal => sought.by_word.entry(word_hash(word)).or_default().push(None),
                word => sought.by_word.entry(word_hash(word)).or_default().push(Some(text())),
            }
        }
        sought
    }

    /// True for a text of these words that holds one of the literals.
    pub(super) fn is_in(&self, words: &[u32], bytes: &[u8]) -> bool {
        let said = words.iter().filter_map(|word| self.by_word.get(word)).flatten();
        let mut said = said.map(|literal| literal.as_ref().is_none_or(|text| stands(text, bytes)));
        said.any(|found| found) || self.wordless.iter().any(|text| text.find(bytes).is_some())
    }
}

/// True where a literal stands in a text, and no word goes on beyond it.
fn stands(literal: &Finder<'_>, bytes: &[u8]) -> bool {
    let needle = literal.needle();
    let ends = |at: Option<&u8>, edge: Option<&u8>| {
        !(at.is_some_and(|byte| is_word(*byte)) && edge.is_some_and(|byte| is_word(*byte)))
    };
    literal.find_iter(bytes).any(|start| {
        let before = start.checked_sub(1).and_then(|at| bytes.get(at));
        ends(before, needle.first()) && ends(bytes.get(start + needle.len()), needle.last())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::words::words_of;

    fn is_in(literal: &str, text: &str) -> bool {
        Sought::new(&[literal.to_owned()]).is_in(&words_of(text.as_bytes()), text.as_bytes())
    }

    #[test]
    fn literals_are_whole_words() {
        assert!(is_in("bus", "import { connect } from 'bus';"));
        assert!(!is_in("bus", "let busy = omnibus"));
        assert!(is_in("@shop/bus-client", "from '@shop/bus-client'"));
        assert!(!is_in("@shop/bus-client", "from '@shop/bus-client2'"));
        assert!(!is_in("@shop/bus-client", "from '@shop/bus'; let client"));
        assert!(is_in("IReader<", "class A : IReader<Order>"));
        assert!(is_in("Bus.", "using Bus.Kernel;"));
        assert!(!is_in("'events'", "let events = 1"));
        assert!(is_in("'events'", "require('events')"));
        assert!(is_in("<<", "a << b") && !is_in("<<", "a < b"));
    }
}
