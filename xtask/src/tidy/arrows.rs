//! The arrows of the house: which crate may see which, as `cargo metadata` tells it.
//!
//! A crate is there because its boundary forbids something. This table is that boundary; a row says why.

use super::Violation;
use serde_json::Value;
use std::path::Path;

/// A crate, what it may see, and why not more.
type Row = (&'static str, &'static [&'static str], &'static str);

const ARROWS: &[Row] = &[
    ("facts", &[], "the vocabulary everything shares changes slowly because it knows nothing else"),
    ("syntax", &["facts"], "a tree is a file as written; what a library means is pack knowledge"),
    ("extract", &["facts", "syntax"], "facts come from trees and packs alone, so designs and brokers can replace them"),
    ("live", &["facts"], "a running broker gives the same facts as code"),
    ("model", &["facts"], "the model knows no language and no broker, so it works on designs alike"),
    ("rules", &["facts", "model"], "a rule sees the model only, so it holds for code and designs alike"),
    ("design", &["facts", "model"], "a design is declared facts; it needs no language"),
    ("prove", &["facts", "model"], "a proof is about effect programs, whatever they came from"),
    ("render", &["facts", "model"], "a page shows the model; what is not in there cannot be shown"),
    (
        "engine",
        &["facts", "syntax", "extract", "live", "model", "rules", "design", "prove", "render"],
        "the one boundary that commands and servers call puts the parts together",
    ),
    (
        "serve",
        &["facts", "model", "render", "engine"],
        "a server asks the engine; it extracts and judges nothing itself",
    ),
    (
        "cli",
        &["facts", "model", "render", "engine", "serve"],
        "the command line asks the engine and renders the answer",
    ),
];

/// Packages outside `crates/`, which put the house to the test and may see all of it.
const UNBOUND: &[&str] = &["weir-tests", "xtask"];

/// Async runtimes; only servers and live brokers wait for the network.
const RUNTIMES: &[&str] = &["tokio", "async-std", "smol", "futures", "async-executor"];
const MAY_WAIT: &[&str] = &["serve", "live", "cli"];

/// Checks the answer of `cargo metadata --no-deps`; dependencies of tests and builds count as well.
pub(super) fn check(metadata: &Value, root: &Path) -> Vec<Violation> {
    let mut violations = Vec::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default();
        if UNBOUND.contains(&name) {
            continue;
        }
        let manifest = Path::new(package["manifest_path"].as_str().unwrap_or_default());
        let text = std::fs::read_to_string(manifest).unwrap_or_default();
        let file = manifest.strip_prefix(root).unwrap_or(manifest).display().to_string();
        let mut complain = |dependency: &str, message: String| {
            violations.push(Violation { file: file.clone(), line: line_of(&text, dependency), message });
        };
        let short = name.strip_prefix("weir-").unwrap_or(name);
        let Some((_, allowed, why)) = ARROWS.iter().find(|(of, _, _)| *of == short) else {
            complain("name", format!("`{name}` has no row in xtask/src/tidy/arrows.rs; say what it may see and why"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let on = dependency["name"].as_str().unwrap_or_default();
            if RUNTIMES.contains(&on) && !MAY_WAIT.contains(&short) {
                complain(on, format!("the core knows no async runtime; `{short}` must do without `{on}`"));
            }
            if let Some(seen) = on.strip_prefix("weir-")
                && !allowed.contains(&seen)
            {
                complain(on, format!("`{short}` must not see `{seen}`: {why}; it may see {}", list(allowed)));
            }
        }
    }
    violations
}

fn list(names: &[&str]) -> String {
    if names.is_empty() { "no other crate".to_owned() } else { names.join(", ") }
}

/// The line of a manifest that begins with this key.
fn line_of(manifest: &str, key: &str) -> usize {
    let begins = |line: &str| {
        let rest = line.trim_start().strip_prefix(key);
        rest.is_some_and(|rest| rest.starts_with([' ', '.', '=']))
    };
    manifest.lines().position(begins).map_or(1, |at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(name: &str, dependencies: &[&str]) -> Vec<String> {
        let dependencies: Vec<_> = dependencies.iter().map(|name| json!({ "name": name })).collect();
        let metadata = json!({ "packages": [{ "name": name, "manifest_path": "/gone/Cargo.toml", "dependencies": dependencies }] });
        check(&metadata, Path::new("/gone")).into_iter().map(|violation| violation.message).collect()
    }

    #[test]
    fn forbidden_arrows_are_found() {
        assert!(found("weir-rules", &["weir-syntax"])[0].starts_with("`rules` must not see `syntax`"));
        assert!(found("weir-rules", &["weir-extract"])[0].starts_with("`rules` must not see `extract`"));
        assert!(found("weir-model", &["weir-rules"])[0].contains("it may see facts"));
        assert!(found("weir-facts", &["weir-model"])[0].contains("it may see no other crate"));
        assert!(found("weir-cli", &["weir-extract"])[0].starts_with("`cli` must not see `extract`"));
        assert!(found("weir-model", &["tokio"])[0].contains("async runtime"));
        assert!(found("weir-novel", &[])[0].contains("no row"));
    }

    #[test]
    fn allowed_arrows_are_fine() {
        assert_eq!(found("weir-rules", &["weir-facts", "weir-model", "serde"]), [""; 0]);
        assert_eq!(found("weir-engine", &["weir-extract", "weir-render"]), [""; 0]);
        assert_eq!(found("weir-tests", &["weir-syntax"]), [""; 0]);
    }

    #[test]
    fn the_line_of_the_manifest_is_named() {
        assert_eq!(line_of("[package]\nname = \"a\"\n[dependencies]\nweir-b.workspace = true\n", "weir-b"), 4);
        assert_eq!(line_of("", "weir-b"), 1);
    }

    /// The table has no circle: what a crate may see never sees it.
    #[test]
    fn the_table_has_no_circle() {
        for (at, (name, allowed, _)) in ARROWS.iter().enumerate() {
            for seen in *allowed {
                let below = ARROWS.iter().position(|(of, _, _)| of == seen);
                assert!(below.is_some_and(|below| below < at), "{name} -> {seen}");
            }
        }
    }
}
