//! Markdown in which everything that comes from the project is inert: prose, names, links, tables, fences.
//!
//! Hosts do more with Markdown than the standard says: they turn `@name` into a mention, `#1` into a reference, bare
//! addresses into links, `:name:` into a picture and `$x$` into a formula. None of that happens in code, so a word that
//! could set it off is written as code, and names are always code.

use crate::text::clean;

/// Prose on one line: white space becomes single spaces, what Markdown or a host would act on is made inert.
pub(crate) fn text(prose: &str) -> String {
    let mut out = String::with_capacity(prose.len() + 8);
    for word in prose.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        if provokes(word) {
            out.push_str(&code(word));
        } else {
            let first = out.is_empty();
            escape(&clean(word), first, &mut out);
        }
    }
    out
}

/// Prose in which a rule may have set words between backticks; those become code.
pub(crate) fn prose(sentence: &str) -> String {
    let parts: Vec<&str> = sentence.split('`').collect();
    // Without its partner a backtick is only a character.
    if parts.len().is_multiple_of(2) {
        return text(sentence);
    }
    let mut out = String::new();
    for (at, part) in parts.iter().enumerate() {
        let written =
            if at % 2 == 1 { code(&part.split_whitespace().collect::<Vec<_>>().join(" ")) } else { text(part) };
        let spaced =
            at % 2 == 0 && part.starts_with(char::is_whitespace) || out.ends_with('`') && written.starts_with('`');
        if spaced && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
        out.push_str(&written);
        if at % 2 == 0 && part.ends_with(char::is_whitespace) && !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.trim_end().to_owned()
}

/// True for words that hosts turn into something else.
fn provokes(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    word.contains(['@', '#', '$'])
        || word.matches(':').count() > 1
        || lower.contains("://")
        || lower.contains("www.")
        || lower.contains("gh-")
}

fn escape(word: &str, first: bool, out: &mut String) {
    let digits = word.chars().take_while(char::is_ascii_digit).count();
    for (at, c) in word.chars().enumerate() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '!' | '|' | '~' | '^' => {
                out.push('\\');
                out.push(c);
            }
            // At the start of a line these make lists, headings and rules.
            '-' | '+' | '=' | ':' if first && at == 0 => {
                out.push('\\');
                out.push(c);
            }
            '.' | ')' if first && at == digits && digits > 0 && at + 1 == word.len() => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
    }
}

/// A name as code, between more backticks than it holds itself.
pub(crate) fn code(name: &str) -> String {
    let name = clean(name);
    if name.is_empty() {
        return String::new();
    }
    let ticks = "`".repeat(longest_run(&name) + 1);
    // One space on either side is taken off again by whoever reads it.
    let spaced = |c| c == ' ' || c == '`';
    let pad = if name.starts_with(spaced) || name.ends_with(spaced) { " " } else { "" };
    // A span of spaces alone keeps them all.
    let pad = if name.trim_matches(' ').is_empty() { "" } else { pad };
    format!("{ticks}{pad}{name}{pad}{ticks}")
}

/// Length of the longest run of backticks.
fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// A link; the label is Markdown already, the target an address already.
pub(crate) fn link(label: &str, target: &str) -> String {
    format!("[{label}]({target})")
}

/// A fenced block whose content cannot close it.
pub(crate) fn fence(language: &str, content: &str) -> String {
    let ticks = "`".repeat(3.max(longest_run(content) + 1));
    let body = content.trim_end_matches('\n');
    format!("{ticks}{language}\n{body}\n{ticks}\n")
}

/// A table; empty when it has no rows. Cells are Markdown already; a bar in one, even in code, does not end it.
pub(crate) fn table(head: &[&str], rows: &[Vec<String>]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let mut out = format!("| {} |\n|{}\n", head.join(" | "), " --- |".repeat(head.len()));
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| cell.replace('|', "\\|")).collect();
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markdown::parsed::{Seen, parse};
    use proptest::prelude::*;

    /// Words that do something in Markdown, in HTML or on a host, glued together in any order.
    fn nasty() -> impl Strategy<Value = String> {
        let pieces = prop::sample::select(vec![
            "<img src=x onerror=alert(1)>",
            "<script>",
            "<!--",
            "-->",
            "|",
            "\\",
            "`",
            "``",
            "```",
            "](javascript:alert(1))",
            "[a]",
            "![i](u)",
            "*b*",
            "_i_",
            "__",
            "~~s~~",
            "# h",
            "\n",
            "\r\n",
            "\n\n",
            "---",
            "===",
            "- ",
            "+ ",
            "1. ",
            "2)",
            "> q",
            "&lt;",
            "&#64;",
            "@org/team",
            "#12",
            "o/r#1",
            "http://e.example",
            "www.e.example",
            "a@b.example",
            ":tada:",
            "$x$",
            "$$",
            "[^1]",
            "[ ]",
            "\t",
            "    ",
            "\u{202e}",
            "\u{1b}[2J",
            "name",
            "orders.created",
            " ",
            "é",
            "{a}",
            "(",
            ")",
            "!",
            "\"",
            "'",
            "%%",
            "GH-1",
            "| --- |",
            "~~~",
            "\u{2028}",
            "\u{a0}",
        ]);
        let any = prop_oneof![3 => pieces.prop_map(str::to_owned), 1 => any::<String>()];
        prop::collection::vec(any, 0..8).prop_map(|parts| parts.concat())
    }

    fn words(text: &str) -> String {
        text.split_whitespace().map(clean).collect::<Vec<_>>().join(" ")
    }

    fn inert(seen: &Seen) -> Result<(), TestCaseError> {
        prop_assert!(seen.links.is_empty() && seen.html.is_empty() && seen.other.is_empty(), "{seen:?}");
        Ok(())
    }

    proptest! {
        #[test]
        fn prose_stays_prose(source in nasty()) {
            for (before, after) in [("", ""), ("- ", ""), ("x ", ". y"), ("**x ", "**")] {
                let seen = parse(&format!("{before}{}{after}\n", text(&source)));
                inert(&seen)?;
                let bare = |text: &str| text.replace(['*', '-'], "");
                if before.is_empty() {
                    prop_assert_eq!(words(&seen.text), words(&source));
                } else {
                    prop_assert!(words(&bare(&seen.text)).contains(&words(&bare(&source))), "{:?}", seen);
                }
            }
        }

        #[test]
        fn code_within_prose_is_inert(source in nasty()) {
            let seen = parse(&format!("- {}\n", prose(&source)));
            inert(&seen)?;
            let dropped = |c: char| c.is_whitespace() || c == '`' || c == '-';
            let bare = |text: &str| text.chars().filter(|c| !dropped(*c)).collect::<String>();
            prop_assert_eq!(bare(&seen.text), bare(&words(&source)));
        }

        #[test]
        fn names_stay_names(source in nasty()) {
            let seen = parse(&format!("x {} y\n", code(&source)));
            inert(&seen)?;
            prop_assert_eq!(words(&seen.text), words(&format!("x {} y", clean(&source))));
        }

        #[test]
        fn cells_and_labels_hold_anything(source in nasty()) {
            let cells = vec![vec![code(&source), text(&source), link(&code(&format!("a{source}")), "a.md")]];
            let seen = parse(&table(&["a", "b", "c"], &cells));
            prop_assert!(seen.html.is_empty() && seen.other.is_empty(), "{:?}", seen);
            prop_assert_eq!(&seen.cells, &[3, 3]);
            prop_assert_eq!(&seen.links, &["a.md".to_owned()]);
        }

        #[test]
        fn nothing_leaves_a_fence(source in nasty()) {
            let seen = parse(&fence("text", &format!("x\n{source}")));
            inert(&seen)?;
        }
    }

    #[test]
    fn ordinary_text_reads_as_it_is() {
        assert_eq!(text("order-service saves, then sends (twice)."), "order-service saves, then sends (twice).");
        assert_eq!(text("uses @acme/events a_b"), "uses `@acme/events` a\\_b");
        assert_eq!(prose("run `a_b --c`, then (`d`)."), "run `a_b --c`, then (`d`).");
        assert_eq!(prose("a lone ` tick"), "a lone \\` tick");
        assert_eq!(text("- x"), "\\- x");
        assert_eq!(text("1. x"), "1\\. x");
        assert_eq!(code("orders.created"), "`orders.created`");
        assert_eq!(code("a``b"), "```a``b```");
        assert_eq!(code("`"), "`` ` ``");
        assert_eq!(table(&["a"], &[vec![code("x|y")]]), "| a |\n| --- |\n| `x\\|y` |\n");
        assert_eq!(code(""), "");
    }
}
