//! Prints one realistic file per language, so that a change of any lowering shows as a change of its outline.

use std::path::Path;
use weir_syntax::{Language, lower, print};

fn outline(language: Language, file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/realistic").join(language.name()).join(file);
    let source = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let tree = lower(language, &source);
    assert_eq!(tree.broken_bytes, 0, "{} parses", path.display());
    print(&tree)
}

#[test]
fn typescript() {
    insta::assert_snapshot!(outline(Language::TypeScript, "orders.controller.ts"));
}

#[test]
fn go() {
    insta::assert_snapshot!(outline(Language::Go, "orders.go"));
}

#[test]
fn python() {
    insta::assert_snapshot!(outline(Language::Python, "orders.py"));
}

#[test]
fn rust() {
    insta::assert_snapshot!(outline(Language::Rust, "orders.rs"));
}

#[test]
fn java() {
    insta::assert_snapshot!(outline(Language::Java, "OrdersController.java"));
}

#[test]
fn csharp() {
    insta::assert_snapshot!(outline(Language::CSharp, "OrdersController.cs"));
}

#[test]
fn kotlin() {
    insta::assert_snapshot!(outline(Language::Kotlin, "OrdersController.kt"));
}

/// Files that end anywhere, and files with foreign bytes in the middle, give a tree and an outline.
#[test]
fn what_is_cut_off_or_mixed_up_is_harmless() {
    for (language, file) in [
        (Language::TypeScript, "orders.controller.ts"),
        (Language::Go, "orders.go"),
        (Language::Python, "orders.py"),
        (Language::Rust, "orders.rs"),
        (Language::Java, "OrdersController.java"),
        (Language::CSharp, "OrdersController.cs"),
        (Language::Kotlin, "OrdersController.kt"),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/realistic").join(language.name()).join(file);
        let source = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for at in (0..source.len()).step_by(41) {
            let tree = lower(language, &source[..at]);
            assert_eq!(tree.total_bytes as usize, at);
            print(&tree);
            let foreign: &[u8] = [&b"\xff\xfe{("[..], b"\0\"'`", b"!(;=>", b"]]})"][at % 4];
            let mixed = [&source[..at], foreign, &source[at..]].concat();
            print(&lower(language, &mixed));
        }
    }
}
