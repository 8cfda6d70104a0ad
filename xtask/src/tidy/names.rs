//! No library's name stands in `crates/`: what is known of libraries lives in `packs/`, and only there.
//!
//! The names are those of the packs themselves, so the check grows with them. Code, texts and comments all count: a
//! comment that needs a library as its example explains the library, not the mechanism.

use super::{SourceFile, Violation};
use std::collections::BTreeSet;
use std::path::Path;
use weir_engine::packs;

/// Names that also mean something else, with that meaning.
const ALLOWED: &[(&str, &str)] = &[
    ("bull", "broker kind of the JSON contract"),
    ("bun", "a runtime of JavaScript, by whose name its environment is asked for"),
    ("celery", "broker kind of the JSON contract"),
    ("config", "an English word"),
    ("console", "an English word: what a person types at"),
    ("cron", "the notation of schedules"),
    ("dotenv", "the format of files that set variables"),
    ("envconfig", "the tag of struct fields that are read from the environment"),
    ("environ", "the table of environment variables in Python's standard library"),
    ("events", "an English word; weir is about them"),
    ("express", "an English word; part of image names that are no brokers"),
    ("fetch", "an English word"),
    ("flag", "an English word; an option of the command line"),
    ("got", "an English word"),
    ("json", "a format of texts"),
    ("kafka", "broker kind of the JSON contract"),
    ("logging", "an English word"),
    ("microsoft.aspnetcore", "a namespace that the SDK of .NET brings into every file"),
    ("microsoft.aspnetcore.builder", "a namespace that the SDK of .NET brings into every file"),
    ("microsoft.extensions.configuration", "a namespace that the SDK of .NET brings into every file"),
    ("microsoft.extensions.dependencyinjection", "a namespace that the SDK of .NET brings into every file"),
    ("microsoft.extensions.hosting", "a namespace that the SDK of .NET brings into every file"),
    ("microsoft.extensions.logging", "a namespace that the SDK of .NET brings into every file"),
    ("mongodb", "the name of a database"),
    ("mysql", "the name of a database"),
    ("nats", "broker kind of the JSON contract"),
    ("pg", "the short name of a database"),
    ("postgres", "the name of a database"),
    ("pulsar", "broker kind of the JSON contract"),
    ("rabbitmq", "broker kind of the JSON contract"),
    ("redis", "broker kind family of the JSON contract, and a store"),
    ("requests", "an English word"),
    ("schedule", "an English word"),
    ("sns", "broker kind of the JSON contract"),
    ("sqs", "broker kind of the JSON contract"),
    ("std", "the standard library that weir itself is written with"),
    ("system.net.http", "a namespace that the SDK of .NET brings into every file"),
    ("timers", "an English word"),
    ("toml", "a format of texts"),
    ("types", "an English word; every language has them"),
    ("yaml", "a format of texts"),
];

/// The names of the libraries in `packs/`, in lower case.
pub(super) fn of_packs(root: &Path) -> Result<BTreeSet<String>, String> {
    let (packs, errors) = packs::load_dir(&root.join("packs"));
    if let Some(error) = errors.first() {
        return Err(error.to_string());
    }
    if packs.packs.is_empty() {
        return Err(format!("no packs below {}", root.join("packs").display()));
    }
    let names = packs.packs.iter().flat_map(|pack| pack.when.import.iter().chain([&pack.library]));
    // A name of several words (`@scope/package Part`) is shown to people; its first word is the package.
    Ok(names.filter_map(|name| name.split_whitespace().next()).map(str::to_lowercase).collect())
}

pub(super) fn check(files: &[SourceFile], libraries: &BTreeSet<String>) -> Vec<Violation> {
    let wanted: Vec<&String> =
        libraries.iter().filter(|name| !ALLOWED.iter().any(|(allowed, _)| allowed == &name.as_str())).collect();
    let mut violations = Vec::new();
    for file in files.iter().filter(|file| file.path.starts_with("crates/")) {
        let text = file.text.to_lowercase();
        for name in wanted.iter().filter(|name| text.contains(name.as_str())) {
            for (at, line) in text.lines().enumerate().filter(|(_, line)| has_word(line, name)) {
                // `use serde` in a crate is that crate's own dependency, not knowledge about other people's code.
                if is_own_import(line, name) {
                    continue;
                }
                let message =
                    format!("`{name}` is a library's name; what is known of it belongs into its pack (packs/)");
                violations.push(Violation { file: file.path.clone(), line: at + 1, message });
            }
        }
    }
    violations
}

fn has_word(line: &str, name: &str) -> bool {
    // An underscore separates words here, so that an identifier made with a library's name is found.
    let part = |char: Option<char>| char.is_some_and(|char| char.is_alphanumeric() || char == '-');
    line.match_indices(name).any(|(start, _)| {
        let before = line[..start].chars().next_back();
        let after = line[start + name.len()..].chars().next();
        !part(before) && !part(after)
    })
}

/// A Rust path that begins with the name: the crate uses this library itself.
fn is_own_import(line: &str, name: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("pub ").unwrap_or(line);
    line.strip_prefix("use ").is_some_and(|path| path.strip_prefix(name).is_some_and(|rest| rest.starts_with("::")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree;

    fn found(text: &str) -> Vec<usize> {
        let libraries = ["kafkajs", "kafka", "node-kafka", "@scope/queue", "rayon"].map(str::to_owned).into();
        let files = tree(&[("crates/a/src/lib.rs", text), ("xtask/src/lib.rs", text)]);
        check(&files, &libraries).iter().map(|violation| violation.line).collect()
    }

    #[test]
    fn names_are_found_in_code_texts_and_comments() {
        assert_eq!(found("x\n\"kafkajs\"\n// as KafkaJS does\nfn is_kafkajs() {}\n'@scope/queue'\n"), [5, 2, 3, 4]);
        assert_eq!(found("node-kafka\n"), [1]);
    }

    #[test]
    fn other_words_and_allowed_ones_are_not() {
        assert_eq!(found("kafkajsx my-kafkajs kafkajs-x\nkafka\n@scope/queues\n"), [0; 0]);
        assert_eq!(found("use rayon::prelude::*;\n"), [0; 0]);
        assert_eq!(found("// rayon spawns\n"), [1]);
    }

    #[test]
    fn every_pack_gives_its_names() {
        let names = of_packs(&crate::root()).expect("the packs read");
        assert!(names.contains("kafkajs") && names.contains("@nestjs/common"), "{names:?}");
    }
}
