//! Picks the grammar and the lowering for a language; the one place that knows all of them.

mod csharp;
mod ecmascript;
mod go;
mod java;
mod kotlin;
mod python;
mod rust;

use crate::{Builder, Language, Tree};
use std::borrow::Cow;

/// Lowers one file. Always returns a tree; what could not be parsed is counted in [`Tree::broken_bytes`].
pub fn lower(language: Language, source: &[u8]) -> Tree {
    if matches!(language, Language::TypeScript | Language::Tsx | Language::JavaScript)
        && let Some(tree) = ecmascript::lower_sound(language, source)
    {
        return tree;
    }
    lower_leniently(language, source)
}

/// Lowers one file with the parser that recovers from errors, which sound ECMAScript does not need.
fn lower_leniently(language: Language, source: &[u8]) -> Tree {
    let grammar: tree_sitter::Language = match language {
        Language::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
        Language::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
        Language::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
        Language::Python => tree_sitter_python::LANGUAGE.into(),
        Language::Java => tree_sitter_java::LANGUAGE.into(),
        Language::Kotlin => tree_sitter_kotlin_ng::LANGUAGE.into(),
        Language::Go => tree_sitter_go::LANGUAGE.into(),
        Language::CSharp => tree_sitter_c_sharp::LANGUAGE.into(),
        Language::Rust => tree_sitter_rust::LANGUAGE.into(),
    };
    let mut parser = tree_sitter::Parser::new();
    let (parsed, text) = match (parser.set_language(&grammar), language) {
        (Err(_), _) => (None, Cow::Borrowed(source)),
        (Ok(()), Language::Kotlin) => kotlin::parse(&mut parser, source),
        (Ok(()), _) => (parser.parse(source, None), Cow::Borrowed(source)),
    };
    let mut builder = Builder::new(language, &text);
    // The figures are those of the file, also where a repaired text was parsed.
    builder.tree.total_bytes = u32::try_from(source.len()).unwrap_or(u32::MAX);
    let Some(parsed) = parsed else {
        builder.tree.broken_bytes = builder.tree.total_bytes;
        return builder.tree;
    };
    let root = parsed.root_node();
    builder.count_errors(root);
    builder.tree.broken_bytes = builder.tree.broken_bytes.min(builder.tree.total_bytes);
    match language {
        Language::TypeScript | Language::Tsx | Language::JavaScript => ecmascript::lower_broken(&mut builder, root),
        Language::Python => python::lower(&mut builder, root),
        Language::Java => java::lower(&mut builder, root),
        Language::Kotlin => kotlin::lower(&mut builder, root),
        Language::Go => go::lower(&mut builder, root),
        Language::CSharp => csharp::lower(&mut builder, root),
        Language::Rust => rust::lower(&mut builder, root),
    }
    builder.tree
}
