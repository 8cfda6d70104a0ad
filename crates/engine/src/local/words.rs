//! The words of a text, as hashes: enough to say of most files that they do not say a word.

/// Recent hashes that are remembered while a text is read: most words of a text stand in it many times.
const RECENT: usize = 1 << 10;

/// The hashes of the words in a text, sorted, each once.
pub(super) fn words_of(bytes: &[u8]) -> Box<[u32]> {
    let mut words = Vec::new();
    collect(bytes, &mut words);
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
        collect(&rest[..end.unwrap_or(rest.len())], &mut words);
    }
    sorted(words)
}

fn sorted(mut words: Vec<u32>) -> Box<[u32]> {
    words.sort_unstable();
    words.dedup();
    words.into()
}

/// Adds the hashes of the words in a text, most of them once.
fn collect(bytes: &[u8], words: &mut Vec<u32>) {
    // Each place begins with a hash that belongs elsewhere.
    let mut recent: [u32; RECENT] = std::array::from_fn(|at| at as u32 + 1);
    let mut add = |hash: u32| {
        let place = &mut recent[hash as usize % RECENT];
        if *place != hash {
            *place = hash;
            words.push(hash);
        }
    };
    let mut hash = START;
    let mut inside = false;
    for byte in bytes {
        if is_word(*byte) {
            hash = step(hash, *byte);
            inside = true;
        } else if inside {
            add(hash);
            hash = START;
            inside = false;
        }
    }
    if inside {
        add(hash);
    }
}

/// FNV-1a: the same on every machine, so that hashes can be kept.
const START: u32 = 0x811c_9dc5;

fn step(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

/// The hash of a word.
pub(crate) fn word_hash(word: &str) -> u32 {
    hash_of(word.as_bytes())
}

pub(super) fn hash_of(word: &[u8]) -> u32 {
    word.iter().fold(START, |hash, byte| step(hash, *byte))
}

/// Which bytes stand in words.
const WORD: [bool; 256] = {
    let mut word = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        word[byte] = byte >= 0x80 || (byte as u8).is_ascii_alphanumeric() || byte == b'_' as usize;
        byte += 1;
    }
    word
};

pub(super) fn is_word(byte: u8) -> bool {
    WORD[usize::from(byte)]
}
