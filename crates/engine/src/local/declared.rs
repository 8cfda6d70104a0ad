//! What a file of a language with packages says of itself before it is lowered: its namespace and the types it declares.

use super::words::{hash_of, is_word};
use smol_str::SmolStr;
use weir_syntax::Language;

/// Words that a type's name follows.
const KEYWORDS: &[&[u8]] =
    &[b"class", b"interface", b"enum", b"record", b"struct", b"object", b"delegate", b"typealias", b"trait"];

/// True for the languages whose names are found by namespace and not by the path of a file.
pub(super) fn has_namespaces(language: Language) -> bool {
    matches!(language, Language::Java | Language::Kotlin | Language::CSharp)
}

/// The first `package a.b` or `namespace a.b` that begins a line; empty when there is none.
pub(super) fn namespace(bytes: &[u8], language: Language) -> SmolStr {
    let keyword: &[u8] = if language == Language::CSharp { b"namespace" } else { b"package" };
    let stated = bytes.split(|byte| *byte == b'\n').find_map(|line| {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line).trim_ascii_start();
        let rest = line.strip_prefix(keyword)?;
        rest.first()?.is_ascii_whitespace().then(|| rest.trim_ascii_start())
    });
    let stated = stated.unwrap_or_default();
    // Words of the language are quoted where they are names: com.shop.`in`, Shop.@event.
    let quote = |byte: u8| matches!(byte, b'`' | b'@');
    let end = stated.iter().position(|byte| !is_word(*byte) && *byte != b'.' && !quote(*byte));
    let plain: Vec<u8> = stated[..end.unwrap_or(stated.len())].iter().copied().filter(|byte| !quote(*byte)).collect();
    SmolStr::new(String::from_utf8_lossy(&plain))
}

/// The hashes of the words that follow a keyword of declaration, sorted. Comments count too: a word too many costs a
/// look at the file and nothing else.
pub(super) fn types(bytes: &[u8]) -> Box<[u32]> {
    let mut words = Vec::new();
    let mut follows = false;
    for word in bytes.split(|byte| !is_word(*byte)).filter(|word| !word.is_empty()) {
        let keyword = KEYWORDS.contains(&word);
        if follows && !keyword {
            words.push(hash_of(word));
        }
        follows = keyword;
    }
    // `delegate Task Handler(…)` has its result in between: all that delegates mention may be one.
    for start in memchr::memmem::find_iter(bytes, b"delegate ") {
        let line = &bytes[start..];
        let end = line.iter().position(|byte| matches!(byte, b'(' | b'{' | b';')).unwrap_or(line.len());
        words.extend(line[..end].split(|byte| !is_word(*byte)).filter(|word| !word.is_empty()).map(hash_of));
    }
    words.sort_unstable();
    words.dedup();
    words.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::local::word_hash;

    #[test]
    fn namespaces_begin_a_line() {
        let java = b"// package x;\npackage com.shop.orders;\nimport a.B;\n";
        assert_eq!(namespace(java, Language::Java), "com.shop.orders");
        assert_eq!(namespace(b"using A;\nnamespace Shop.Orders\n{\n", Language::CSharp), "Shop.Orders");
        assert_eq!(namespace(b"package com.shop.`in`.dto\n", Language::Kotlin), "com.shop.in.dto");
        assert_eq!(namespace(b"namespaces;\n", Language::CSharp), "");
    }

    #[test]
    fn types_follow_their_keyword() {
        let words = types(b"public sealed record class OrderPlaced(Guid Id);\ndelegate Task Handle<T>(T it);");
        for (word, there) in [("OrderPlaced", true), ("Handle", true), ("Guid", false), ("class", false)] {
            assert_eq!(words.binary_search(&word_hash(word)).is_ok(), there, "{word}");
        }
    }
}
