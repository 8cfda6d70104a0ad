//! Colours, links and the width of the terminal; names from the project are made harmless here.

use crate::text::url;
use weir_facts::Site;

pub(super) use crate::text::{clean, count};

/// How text is drawn.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// Columns.
    pub width: usize,
    /// Colours; they carry no meaning alone.
    pub color: bool,
    /// The absolute root of the project when places become links.
    pub links: Option<String>,
    /// The path as the user typed it, for the commands to run next.
    pub path: String,
}

impl Look {
    /// Plain text of this width.
    pub fn plain(width: usize) -> Self {
        Look { width, path: ".".to_owned(), ..Look::default() }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.color && !text.is_empty() { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    pub(super) fn bold(&self, text: &str) -> String {
        self.paint("1", text)
    }

    pub(super) fn dim(&self, text: &str) -> String {
        self.paint("2", text)
    }

    pub(super) fn red(&self, text: &str) -> String {
        self.paint("31", text)
    }

    pub(super) fn yellow(&self, text: &str) -> String {
        self.paint("33", text)
    }

    pub(super) fn green(&self, text: &str) -> String {
        self.paint("32", text)
    }

    /// `file:line`, a link where terminals can follow it.
    pub(super) fn site(&self, site: &Site) -> String {
        let text = clean(&site.to_string());
        let shown = self.dim(&text);
        match &self.links {
            Some(root) => {
                let target = format!("file://{}/{}", url(root), url(&clean(&site.file)));
                format!("\u{1b}]8;;{target}\u{1b}\\{shown}\u{1b}]8;;\u{1b}\\")
            }
            None => shown,
        }
    }
}

/// Lines of at most `width` columns, broken between words.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(20);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in text.split_whitespace().map(clean) {
        let longer = line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && longer > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(&word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_cannot_steer_the_terminal() {
        let look = Look { links: Some("/tmp/a b".into()), ..Look::plain(80) };
        let link = look.site(&Site::new("x\u{1b}]8;;evil\u{7}.ts", 3));
        assert!(!link.contains("\u{7}") && link.contains("/tmp/a%20b/"), "{link:?}");
    }

    #[test]
    fn words_wrap() {
        assert_eq!(wrap("one two three four five six", 20), ["one two three four", "five six"]);
    }
}
