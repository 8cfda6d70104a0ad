//! Which files the search looks at: those that import a library, and those that import such a file of the same program.
//!
//! A program often makes its queue or producer in one file and uses it in others, which never name the library.

use std::collections::BTreeSet;
use weir_syntax::Language;

/// Endings that a specifier leaves out, or writes as they are after compilation.
const ENDINGS: [&str; 4] = [".ts", ".tsx", ".js", ".mjs"];

/// A path without the ending, and without `/index`, which a specifier may leave out too.
pub(super) fn stem(path: &str) -> &str {
    let path = ENDINGS.iter().find_map(|ending| path.strip_suffix(ending)).unwrap_or(path);
    path.strip_suffix("/index").unwrap_or(path)
}

/// The stems of the files this one imports by a relative path; empty in languages that import by name.
pub(super) fn neighbours(path: &str, text: &str, language: Language) -> BTreeSet<String> {
    if !matches!(language, Language::TypeScript | Language::Tsx | Language::JavaScript) {
        return BTreeSet::new();
    }
    let folder: Vec<&str> = path.rsplit_once('/').map(|(folder, _)| folder.split('/').collect()).unwrap_or_default();
    text.lines().filter_map(specifier).filter_map(|specifier| join(folder.clone(), specifier)).collect()
}

/// The relative specifier of an import, also where the line only ends one that began above.
fn specifier(line: &str) -> Option<&str> {
    let (before, after) = ["from ", "import ", "require(", "import("].iter().find_map(|word| line.split_once(word))?;
    if before.trim_start().starts_with("//") {
        return None;
    }
    let quote = after.chars().next().filter(|char| matches!(char, '\'' | '"'));
    quote.and_then(|quote| after[1..].split(quote).next()).filter(|specifier| specifier.starts_with('.'))
}

/// Nothing for a path that leaves the root.
fn join<'p>(mut folder: Vec<&'p str>, specifier: &'p str) -> Option<String> {
    for step in specifier.split('/') {
        match step {
            "." | "" => {}
            ".." => {
                folder.pop()?;
            }
            step => folder.push(step),
        }
    }
    Some(stem(&folder.join("/")).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn relative_imports_meet_the_files_they_name() {
        let text = "import { a } from './a.js';\n} from \"../b\";\nconst c = require('../../c/index');\nimport './d';\n\
            import x from 'kafkajs';\n// import e from './e';\nexport * from '..';\nimport f from '../../../f';\n";
        let found = neighbours("src/in/main.ts", text, Language::TypeScript);
        assert_eq!(found, ["c", "src", "src/b", "src/in/a", "src/in/d"].map(str::to_owned).into());
        assert_eq!(["src/b.ts", "c/index.js", "src/in/a.tsx"].map(stem), ["src/b", "c", "src/in/a"]);
        assert_eq!(neighbours("main.py", text, Language::Python), BTreeSet::new());
    }
}
