//! A file says in its first lines why it exists.

use super::{SourceFile, Violation};

/// Every file begins with `//!`, and that header holds a sentence. A heading alone (the title of a rule's page) is none.
pub(super) fn check(files: &[SourceFile]) -> Vec<Violation> {
    let lacking = files.iter().filter(|file| !has_sentence(&file.text));
    lacking
        .map(|file| Violation {
            file: file.path.clone(),
            line: 1,
            message: "begin the file with `//! ` and a sentence that says why it exists; a single word does not"
                .to_owned(),
        })
        .collect()
}

fn has_sentence(text: &str) -> bool {
    let mut paragraphs = vec![String::new()];
    for line in text.lines().map_while(|line| line.strip_prefix("//!")).map(str::trim) {
        // An empty line, a heading and an item of a list each begin anew.
        if line.is_empty() || line.starts_with(['#', '-', '*']) {
            paragraphs.push(String::new());
        } else if let Some(paragraph) = paragraphs.last_mut() {
            paragraph.push_str(line);
            paragraph.push(' ');
        }
    }
    // A sentence ends, or leads into what follows.
    let ends = |text: &str| text.ends_with(['.', ':', '?', '!', ')']) || text.contains(". ");
    paragraphs.iter().any(|text| text.split_whitespace().count() > 1 && ends(text.trim_end()))
}

#[cfg(test)]
mod tests {
    use crate::tidy::tree;

    #[test]
    fn a_header_is_a_sentence_at_the_top() {
        let bad = [
            "",
            "use a;\n",
            "//!\nuse a;\n",
            "// A comment is none.\n",
            "use a;\n//! Too late to matter.\n",
            "//! # heading alone\n",
            "//! no end\n",
        ];
        for text in bad {
            assert_eq!(super::check(&tree(&[("a.rs", text)])).len(), 1, "{text:?}");
        }
        let good = [
            "//! Says why it exists.\n",
            "//! # title\n//!\n//! Goes on\n//! over lines.\n",
            "//! Three kinds of it:\n//! - a\n",
        ];
        for text in good {
            assert_eq!(super::check(&tree(&[("a.rs", text)])), [], "{text:?}");
        }
    }
}
