//! Colours, links and the width of the terminal; names from the project are made harmless here.

use crate::text::{grouped, url};
use weir_facts::Site;

pub(super) use crate::text::{count, schedule};

/// Longest name that is written out.
const LONGEST_NAME: usize = 160;
/// Longest path that is written out.
const LONGEST_PATH: usize = 400;
/// Longest text that is written out.
const LONGEST_TEXT: usize = 2_000;

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
        let shown = self.dim(&crate::text::clean(&place(site)));
        match &self.links {
            Some(root) => {
                let target = format!("file://{}/{}", url(root), url(&crate::text::clean(&site.file)));
                format!("\u{1b}]8;;{target}\u{1b}\\{shown}\u{1b}]8;;\u{1b}\\")
            }
            None => shown,
        }
    }
}

/// A name made harmless; one that no screen could hold is shortened, and its length told.
pub(super) fn clean(text: &str) -> String {
    crate::text::clean(&shortened(text, LONGEST_NAME))
}

fn shortened(text: &str, most: usize) -> String {
    // Bytes are enough to know that a text is short; characters are counted only when it is not.
    let length = if text.len() > most { text.chars().count() } else { 0 };
    if length <= most {
        return text.to_owned();
    }
    let head: String = text.chars().take(most / 2).collect();
    format!("{head}…({} characters)", grouped(length))
}

/// `file:line`, whole as long as somebody could follow it.
fn place(site: &Site) -> String {
    shortened(&site.to_string(), LONGEST_PATH)
}

/// Lines of at most `width` columns, broken between words; a word is split only where it is longer than a line.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    wrap_after(0, text, width)
}

/// The same where some columns of the first line are taken.
pub(super) fn wrap_after(taken: usize, text: &str, width: usize) -> Vec<String> {
    let width = width.max(20);
    let text = shortened(text, LONGEST_TEXT);
    let mut lines: Vec<String> = Vec::new();
    let mut line = String::new();
    let mut room = width.saturating_sub(taken);
    let mut starts = true;
    for word in text.split_whitespace().map(clean) {
        let length = word.chars().count();
        let needed = line.chars().count() + usize::from(!line.is_empty()) + length;
        if needed > room && !(starts && line.is_empty() && taken == 0) {
            lines.push(std::mem::take(&mut line));
            room = width;
        }
        starts = false;
        if !line.is_empty() {
            line.push(' ');
        }
        if length > room {
            let mut parts = split(&word, room);
            line.push_str(&parts.pop().unwrap_or_default());
            lines.append(&mut parts);
            room = width;
        } else {
            line.push_str(&word);
        }
    }
    if !line.is_empty() {
        lines.push(line);
    }
    lines
}

/// A word in pieces of at most `width` columns: behind a separator where one stands late enough, else anywhere.
pub(super) fn split(word: &str, width: usize) -> Vec<String> {
    let width = width.max(4);
    let mut parts = Vec::new();
    let mut rest: Vec<char> = word.chars().collect();
    while rest.len() > width {
        let cut =
            rest[..width].iter().rposition(|c| matches!(c, '-' | '.' | '_' | '/' | ':')).map_or(width, |at| at + 1);
        let cut = if cut < width / 3 { width } else { cut };
        parts.push(rest.drain(..cut).collect());
    }
    parts.push(rest.into_iter().collect());
    parts
}

/// Something that is kept on one line, with the columns it takes; colours take none.
pub(super) struct Item {
    pub(super) shown: String,
    pub(super) width: usize,
}

impl Item {
    /// Text without colours.
    pub(super) fn plain(text: &str) -> Item {
        Item { shown: text.to_owned(), width: text.chars().count() }
    }
}

/// A label, then items with a separator between them; a line that is full goes on under the first item.
pub(super) fn flow(look: &Look, label: &str, items: &[Item], between: &str) -> String {
    let indent = label.chars().count();
    let room = look.width.saturating_sub(indent).max(20);
    let gap = between.chars().count();
    let mut lines: Vec<String> = Vec::new();
    let (mut line, mut taken) = (String::new(), 0);
    for item in items {
        if taken > 0 && taken + gap + item.width > room {
            lines.push(std::mem::take(&mut line));
            taken = 0;
        }
        if taken > 0 {
            line.push_str(between);
            taken += gap;
        }
        if item.width > room && !item.shown.contains('\u{1b}') {
            let mut parts = wrap_after(taken, &item.shown, room);
            let last = parts.pop().unwrap_or_default();
            for part in parts {
                line.push_str(&part);
                lines.push(std::mem::take(&mut line));
            }
            taken = last.chars().count();
            line.push_str(&last);
        } else {
            line.push_str(&item.shown);
            taken += item.width;
        }
    }
    lines.push(line);
    let blank = " ".repeat(indent);
    let mut out = String::new();
    for (at, line) in lines.iter().enumerate() {
        let label = if at == 0 { look.dim(label) } else { blank.clone() };
        out.push_str(&format!("{label}{line}\n"));
    }
    out
}

/// A place and what stands there: on one line where both fit, else one under the other.
pub(super) fn placed(look: &Look, indent: usize, site: &Site, text: &str) -> String {
    let blank = " ".repeat(indent);
    let shown = look.site(site);
    let text = text.trim();
    let taken = indent + site.to_string().chars().count() + 2;
    if text.is_empty() {
        return format!("{blank}{shown}\n");
    }
    let lines = wrap(text, look.width.saturating_sub(indent + 2));
    match lines.as_slice() {
        [line] if taken + line.chars().count() <= look.width => format!("{blank}{shown}  {line}\n"),
        lines => {
            let mut out = format!("{blank}{shown}\n");
            for line in lines {
                out.push_str(&format!("{blank}  {line}\n"));
            }
            out
        }
    }
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
        assert_eq!(wrap_after(12, "one two three four", 20), ["one two", "three four"]);
        assert_eq!(wrap_after(18, "three four", 20), ["", "three four"]);
    }

    #[test]
    fn only_words_longer_than_a_line_are_split() {
        assert_eq!(wrap("a notification-service-group", 20), ["a", "notification-", "service-group"]);
        assert_eq!(wrap("a notification-svc", 20), ["a notification-svc"]);
        assert_eq!(split("abcdefghij", 4), ["abcd", "efgh", "ij"]);
    }

    #[test]
    fn a_name_no_screen_can_hold_is_shortened() {
        let name = "x".repeat(5 << 20);
        let shown = clean(&name);
        assert!(shown.ends_with("…(5,242,880 characters)") && shown.chars().count() < 120, "{shown}");
        assert_eq!(clean(&"y".repeat(160)), "y".repeat(160));
        assert!(wrap(&format!("sends to {}", "many words ".repeat(1 << 20)), 60).len() < 40);
    }

    #[test]
    fn items_stay_whole() {
        let items: Vec<Item> = ["dead letters ok", "idempotency ok", "lost events ok"].map(Item::plain).into();
        let look = Look::plain(40);
        assert_eq!(
            flow(&look, "gates  ", &items, "   "),
            "gates  dead letters ok   idempotency ok\n       lost events ok\n"
        );
        let long = [Item::plain("one two three four five six seven eight nine")];
        assert_eq!(flow(&look, "x  ", &long, " "), "x  one two three four five six seven\n   eight nine\n");
    }
}
