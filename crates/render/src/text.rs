//! Text from the project made harmless, and the small words every format needs.

/// One line without anything a terminal or a reader would be misled by: control characters and the characters that turn
/// the reading direction (so that a name looks like another) are replaced.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || is_invisible(c) { '\u{fffd}' } else { c }).collect()
}

/// Directional marks and line separators.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A path as part of a URL: everything but unreserved characters and slashes percent-encoded.
pub(crate) fn url(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'.' | b'-' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// How often a timer fires, for people.
pub(crate) fn schedule(what: &str) -> String {
    if what.starts_with("every ") { what.to_owned() } else { format!("every {what}") }
}

/// `1 file`, `2 files`.
pub(crate) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {one}s", grouped(number)) }
}

/// `12,345`.
pub(crate) fn grouped(number: usize) -> String {
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
    fn hostile_characters_are_replaced() {
        assert_eq!(clean("a\u{1b}[2Jb\nc\u{202e}d\u{2028}"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}d\u{fffd}");
    }

    #[test]
    fn paths_become_urls() {
        assert_eq!(url("a b/c%d#e?f:g.ts"), "a%20b/c%25d%23e%3Ff%3Ag.ts");
        assert_eq!(url("ü"), "%C3%BC");
    }

    #[test]
    fn timers_read_well() {
        assert_eq!(schedule("every 1000 ms"), "every 1000 ms");
        assert_eq!(schedule("hour"), "every hour");
    }

    #[test]
    fn numbers_read_well() {
        assert_eq!(count(1, "file"), "1 file");
        assert_eq!(count(12345, "file"), "12,345 files");
    }
}
