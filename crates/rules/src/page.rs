//! A rule's page, taken from the header of its own source file, and the examples on it.

/// The page of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// First line: one sentence.
    pub title: String,
    /// The whole page as Markdown.
    pub markdown: String,
    /// Flow files on the page.
    pub examples: Vec<Example>,
}

/// An example on a page: a flow file and what the rule must say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// The flow file.
    pub text: String,
    /// How many problems the rule must find in it; 0 for the repaired version.
    pub finds: usize,
    /// Line of the page (from 1) on which it begins.
    pub line: usize,
}

impl Page {
    /// Reads the header of a rule's source.
    pub(crate) fn of(source: &str) -> Page {
        let lines: Vec<&str> = source
            .lines()
            .take_while(|line| line.starts_with("//!"))
            .map(|line| line.strip_prefix("//! ").unwrap_or(line.trim_start_matches("//!")))
            .collect();
        let title = lines.first().map_or("", |line| line.trim_start_matches('#').trim()).to_owned();
        let mut examples = Vec::new();
        let mut open: Option<(usize, usize, Vec<&str>)> = None;
        for (at, line) in lines.iter().enumerate() {
            match &mut open {
                None => {
                    if let Some(info) = line.strip_prefix("```yaml") {
                        let finds = info.split_once("finds=").map_or(0, |(_, count)| count.trim().parse().unwrap_or(1));
                        open = Some((at + 1, finds, Vec::new()));
                    }
                }
                Some((line_at, finds, text)) if line.starts_with("```") => {
                    examples.push(Example { text: text.join("\n") + "\n", finds: *finds, line: *line_at });
                    open = None;
                }
                Some((_, _, text)) => text.push(line),
            }
        }
        // Readers see plain `yaml` fences; what the test expects is for the test.
        let shown = lines.iter().map(|line| if line.starts_with("```yaml") { "```yaml" } else { line });
        let markdown = shown.collect::<Vec<_>>().join("\n") + "\n";
        Page { title, markdown, examples }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_header_is_the_page() {
        let page =
            Page::of("//! # name: a title\n//!\n//! Text.\n//!\n//! ```yaml finds=2\n//! a: 1\n//! ```\nuse x;\n");
        assert_eq!(page.title, "name: a title");
        assert_eq!(page.examples, vec![Example { text: "a: 1\n".into(), finds: 2, line: 5 }]);
        assert!(page.markdown.ends_with("```yaml\na: 1\n```\n"), "{}", page.markdown);
    }

    #[test]
    fn every_rule_has_a_page_with_a_bad_and_a_good_example() {
        for rule in crate::rules() {
            let page = rule.page();
            assert!(page.title.starts_with(rule.name), "{}: the title names the rule", rule.name);
            assert!(page.examples.iter().any(|example| example.finds > 0), "{}: no example that is found", rule.name);
            assert!(page.examples.iter().any(|example| example.finds == 0), "{}: no repaired example", rule.name);
        }
    }
}
