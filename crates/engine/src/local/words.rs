//! The words of a text, as hashes: enough to say of most files that they do not say a word.

/// Recent hashes that are remembered while a text is read: most words of a text stand in it many times.
const RECENT: usize = 1 << 10;

/// Before anything was read: each place holds a hash that belongs elsewhere.
const NOTHING: [u32; RECENT] = {
    let mut places = [0; RECENT];
    let mut at = 0;
    while at < RECENT {
        places[at] = at as u32 + 1;
        at += 1;
    }
    places
};

/// The hashes of the words in a text, sorted, each once.
pub(super) fn words_of(bytes: &[u8]) -> Box<[u32]> {
    let mut words = Vec::with_capacity(bytes.len() / 32);
    let mut recent = NOTHING;
    each(bytes, |hash| {
        let place = &mut recent[hash as usize % RECENT];
        if *place != hash {
            *place = hash;
            words.push(hash);
        }
    });
    sorted(words)
}

/// The words between `export` and the value or body of what is exported, or between its braces, sorted; for modules that
/// fill an object called `exports` every word of the text (`all`) counts.
pub(super) fn exported(bytes: &[u8], all: &[u32]) -> Box<[u32]> {
    let mut words = Vec::new();
    for start in memchr::memmem::find_iter(bytes, b"export") {
        let rest = &bytes[start + 6..];
        if start.checked_sub(1).is_some_and(|at| is_word(bytes[at])) {
            continue;
        }
        if rest.first() == Some(&b's') {
            return all.into();
        }
        let listed = rest.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        let end = rest.iter().position(|byte| match listed {
            true => *byte == b'}',
            false => matches!(byte, b'=' | b'(' | b'{' | b':' | b'<' | b';' | b'\'' | b'"'),
        });
        each(&rest[..end.unwrap_or(rest.len())], |hash| words.push(hash));
    }
    sorted(words)
}

fn sorted(mut words: Vec<u32>) -> Box<[u32]> {
    words.sort_unstable();
    words.dedup();
    words.into()
}

/// Says the hash of each word in a text, in order.
fn each(bytes: &[u8], mut say: impl FnMut(u32)) {
    let mut rest = bytes;
    while let Some(start) = rest.iter().position(|byte| is_word(*byte)) {
        let word = &rest[start..];
        let end = word.iter().position(|byte| !is_word(*byte)).unwrap_or(word.len());
        say(hash_of(&word[..end]));
        rest = &word[end..];
    }
}

/// The hash of a word.
pub(crate) fn word_hash(word: &str) -> u32 {
    hash_of(word.as_bytes())
}

/// The same on every machine, so that hashes can be kept; eight bytes at a time, as most words are short.
pub(super) fn hash_of(word: &[u8]) -> u32 {
    let mut hash = 0xcbf2_9ce4_8422_2325 ^ word.len() as u64;
    for part in word.chunks(8) {
        let value = part.iter().rev().fold(0, |value: u64, byte| value << 8 | u64::from(*byte));
        hash = (hash ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        hash ^= hash >> 32;
    }
    hash as u32
}

/// Which bytes stand in words.
const WORD: [bool; 256] = {
    let mut word = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        word[byte] = weir_extract::is_word(byte as u8);
        byte += 1;
    }
    word
};

pub(super) fn is_word(byte: u8) -> bool {
    WORD[usize::from(byte)]
}
