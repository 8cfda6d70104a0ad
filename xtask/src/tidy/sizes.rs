//! A file has one subject; above 500 lines it mostly has two.

use super::{SourceFile, Violation};

/// Longest file without a reason.
const LONGEST: usize = 500;

/// Files that may be longer, with the reason. A row that is no longer needed fails, so the list only shrinks.
const EXCEPTIONS: &[(&str, &str)] = &[
    (
        "crates/extract/src/flowfile/schema.rs",
        "the reference of the flow file: one struct after another, mostly documentation",
    ),
    ("crates/extract/src/eval/calls.rs", "grown while five languages came in at once; built-in calls are to move out"),
    ("crates/extract/src/eval/classes.rs", "grown while five languages came in at once; fields are to move out"),
    (
        "crates/extract/src/link/bind.rs",
        "grown while five languages came in at once; the functions of paths are to move out",
    ),
    (
        "crates/extract/src/link/pack_index.rs",
        "grown while five languages came in at once; library values are to move out",
    ),
    (
        "crates/extract/src/link/run.rs",
        "grown while five languages came in at once; the frames of chains are to move out",
    ),
    ("crates/extract/src/world/index.rs", "grown while five languages came in at once; the walker is to move out"),
    ("crates/extract/src/link/emit.rs", "one function per emission of a pack, read side by side with packs/README.md"),
    (
        "crates/extract/src/link/program.rs",
        "the walk that builds effect programs; one state, one match per statement kind",
    ),
    (
        "crates/syntax/src/lower/kotlin/repair.rs",
        "the grammar's faults one after the other, each with its repair and the reason",
    ),
    ("crates/syntax/src/lower/kotlin/tests.rs", "one test per construct of one language"),
    ("crates/model/src/types.rs", "the reference of the JSON contract: one struct after another, mostly documentation"),
    ("crates/syntax/src/tree.rs", "the reference of the common tree: one type after another, mostly documentation"),
];

pub(super) fn check(files: &[SourceFile]) -> Vec<Violation> {
    against(files, EXCEPTIONS)
}

fn against(files: &[SourceFile], exceptions: &[(&str, &str)]) -> Vec<Violation> {
    let at = |file: &str, message: String| Violation { file: file.to_owned(), line: 1, message };
    let excepted = |path: &str| exceptions.iter().any(|(file, _)| *file == path);
    let mut violations = Vec::new();
    for file in files {
        let lines = file.text.lines().count();
        if lines > LONGEST && !excepted(&file.path) {
            let message = format!("{lines} lines; split it by subject, or give a reason in xtask/src/tidy/sizes.rs");
            violations.push(at(&file.path, message));
        }
    }
    for (path, _) in exceptions {
        let long = files.iter().any(|file| file.path == *path && file.text.lines().count() > LONGEST);
        if !long {
            let message = format!("no longer above {LONGEST} lines; remove its row in xtask/src/tidy/sizes.rs");
            violations.push(at(path, message));
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree;

    #[test]
    fn long_files_need_a_reason_and_reasons_need_a_long_file() {
        let (short, long) = ("x\n".repeat(500), "x\n".repeat(501));
        let files = tree(&[("short.rs", &short), ("long.rs", &long), ("excused.rs", &long)]);
        let found = against(&files, &[("excused.rs", "a reason"), ("short.rs", "stale"), ("gone.rs", "stale")]);
        let found: Vec<_> = found.iter().map(|violation| (violation.file.as_str(), &violation.message[..6])).collect();
        assert_eq!(found, [("long.rs", "501 li"), ("short.rs", "no lon"), ("gone.rs", "no lon")]);
    }
}
