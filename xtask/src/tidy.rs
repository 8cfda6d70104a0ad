//! `cargo xtask tidy`: what a compiler cannot see, checked on every commit.
//!
//! Each check is a function from texts to violations, so that its test shows it fail on a tree of three lines.

mod arrows;
mod headers;
mod leftovers;
mod mask;
mod names;
mod sizes;

use crate::output::say;
use std::path::Path;
use std::process::{Command, ExitCode};

/// Something that is to fix.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// File below the root of the repository.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

/// A Rust file of this repository.
pub(crate) struct SourceFile {
    /// Path below the root, `/`-separated.
    pub(crate) path: String,
    pub(crate) text: String,
}

/// Folders that hold no source of this project: builds, inputs of tests, the small apps weir is tried on.
const OUTSIDE: &[&str] = &[
    "target",
    "fuzz/target",
    "fuzz/corpus",
    "fuzz/artifacts",
    "tests/realistic",
    "tests/fixtures",
    "examples",
    "docs",
];

/// Runs all checks and prints what they find.
pub(crate) fn run(root: &Path) -> Result<ExitCode, String> {
    let violations = check(root)?;
    for Violation { file, line, message } in &violations {
        say(&format!("{file}:{line}: {message}"));
    }
    if violations.is_empty() {
        say("tidy");
        return Ok(ExitCode::SUCCESS);
    }
    say(&format!("\n{} to fix", violations.len()));
    Ok(ExitCode::FAILURE)
}

/// Every violation in the repository at `root`, sorted.
pub fn check(root: &Path) -> Result<Vec<Violation>, String> {
    let files = rust_files(root)?;
    let libraries = names::of_packs(root)?;
    let metadata = metadata(root)?;
    let mut violations = arrows::check(&metadata, root);
    violations.extend(headers::check(&files));
    violations.extend(names::check(&files, &libraries));
    violations.extend(sizes::check(&files));
    violations.extend(leftovers::check(&files));
    violations.sort();
    Ok(violations)
}

fn metadata(root: &Path) -> Result<serde_json::Value, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root)
        .output()
        .map_err(|error| format!("cannot run cargo metadata: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo metadata failed:\n{}", String::from_utf8_lossy(&output.stderr)));
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata gave no JSON: {error}"))
}

fn rust_files(root: &Path) -> Result<Vec<SourceFile>, String> {
    let mut files = Vec::new();
    collect(root, "", &mut files)?;
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn collect(root: &Path, below: &str, files: &mut Vec<SourceFile>) -> Result<(), String> {
    let folder = root.join(below);
    let entries = std::fs::read_dir(&folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if kind.is_dir() && !name.starts_with('.') && !OUTSIDE.contains(&path.as_str()) {
            collect(root, &path, files)?;
        } else if kind.is_file() && name.ends_with(".rs") {
            let text = std::fs::read_to_string(entry.path()).map_err(|error| format!("cannot read {path}: {error}"))?;
            files.push(SourceFile { path, text });
        }
    }
    Ok(())
}

#[cfg(test)]
fn tree(files: &[(&str, &str)]) -> Vec<SourceFile> {
    files.iter().map(|(path, text)| SourceFile { path: (*path).to_owned(), text: (*text).to_owned() }).collect()
}
