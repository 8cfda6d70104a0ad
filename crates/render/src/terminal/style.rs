//! Colours, links and the width of the terminal; names from the project are made harmless here.

use weir_facts::Site;

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

/// Text from the project without anything a terminal would act on.
pub(super) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || is_direction(c) { '\u{fffd}' } else { c }).collect()
}

/// Characters that turn the reading direction, so that a name looks like another.
fn is_direction(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn url(path: &str) -> String {
    let mut out = String::new();
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// At most `width` columns; what is cut ends with an ellipsis.
pub(super) fn fit(text: &str, width: usize) -> String {
    let text = clean(text);
    if text.chars().count() <= width {
        return text;
    }
    let mut cut: String = text.chars().take(width.saturating_sub(1)).collect();
    cut.push('…');
    cut
}

/// Lines of at most `width` columns, broken between words.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let width = width.max(20);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    for word in clean(text).split_whitespace() {
        let longer = line.chars().count() + 1 + word.chars().count();
        if !line.is_empty() && longer > width {
            lines.push(std::mem::take(&mut line));
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// `1 file`, `2 files`.
pub(super) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {one}s", grouped(number)) }
}

/// `12,345`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_names_cannot_steer_the_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\nc\u{202e}d"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d");
        let look = Look { links: Some("/tmp/a b".into()), ..Look::plain(80) };
        let link = look.site(&Site::new("x\u{1b}]8;;evil\u{7}.ts", 3));
        assert!(!link.contains("\u{7}") && link.contains("/tmp/a%20b/"), "{link:?}");
    }

    #[test]
    fn words_wrap_and_cut() {
        assert_eq!(fit("notification-service", 8), "notific…");
        assert_eq!(wrap("one two three four five six", 20), ["one two three four", "five six"]);
        assert_eq!(count(1, "file"), "1 file");
        assert_eq!(count(12345, "file"), "12,345 files");
    }
}
