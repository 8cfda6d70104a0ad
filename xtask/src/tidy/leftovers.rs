//! Nothing unfinished: no `todo!`, no `unimplemented!`, no `dbg!`, no test that is switched off.

use super::mask::code_only;
use super::{SourceFile, Violation};

/// What is looked for, without white space, and what to do about it.
const LEFTOVERS: &[(&str, &str)] = &[
    ("todo!(", "is not done; do it or leave it out"),
    ("unimplemented!(", "is not done; do it or leave it out"),
    ("dbg!(", "was for debugging; remove it"),
    ("#[ignore", "switches a test off; make it pass or delete it"),
];

/// Looks at code alone: texts and comments may speak of these words.
pub(super) fn check(files: &[SourceFile]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in files {
        for (at, line) in code_only(&file.text).lines().enumerate() {
            let dense: String = line.chars().filter(|char| !char.is_whitespace()).collect();
            for (what, why) in LEFTOVERS {
                let found = dense.match_indices(what).any(|(start, _)| {
                    let before = dense[..start].chars().next_back();
                    !before.is_some_and(|char| char.is_alphanumeric() || char == '_')
                });
                if found {
                    let shown = what.trim_end_matches('(').trim_start_matches("#[");
                    let message = format!("`{shown}` {why}");
                    violations.push(Violation { file: file.path.clone(), line: at + 1, message });
                }
            }
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use crate::tidy::tree;

    #[test]
    fn each_leftover_is_found_in_code_and_nowhere_else() {
        let code = "fn a() {\n    todo!()\n}\nunimplemented! (\"x\");\ndbg!(x);\n#[ignore]\n#[ignore = \"slow\"]\n";
        let found = super::check(&tree(&[("crates/a/src/lib.rs", code)]));
        assert_eq!(found.iter().map(|violation| violation.line).collect::<Vec<_>>(), [2, 4, 5, 6, 7]);
        let texts = "// todo!()\nlet a = \"dbg!(x)\";\nlet b = r\"#[ignore]\";\nmy_todo!();\n";
        assert_eq!(super::check(&tree(&[("crates/a/src/lib.rs", texts)])), []);
    }
}
