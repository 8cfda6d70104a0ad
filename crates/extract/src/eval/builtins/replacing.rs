//! Texts in which a part is replaced: literally, or by a regular expression as programs use it to set the words of a
//! type's name apart.

use regex::{NoExpand, Regex, RegexBuilder};
use weir_syntax::Language;

/// Bytes that a compiled expression may take; those that make names of types are short.
const MAX_COMPILED: usize = 1 << 18;
/// Names are short; a text is not looked through without end.
const MAX_TEXT: usize = 4096;

/// What a method that replaces yields in a language; `None` when it cannot be told.
pub(in super::super) fn replaced(
    language: Language,
    method: &str,
    text: &str,
    pattern: &str,
    by: &str,
) -> Option<String> {
    let expression = match language {
        Language::Java => method != "replace",
        // `"…".toRegex()` and the text itself are followed alike; no name of anything has brackets.
        Language::Kotlin => pattern.contains(['(', '[', '\\']),
        _ => false,
    };
    if expression {
        return by_expression(text, pattern, by, method == "replaceFirst");
    }
    let first = match language {
        Language::TypeScript | Language::JavaScript => method == "replace",
        _ => method == "replaceFirst",
    };
    Some(if first { text.replacen(pattern, by, 1) } else { text.replace(pattern, by) })
}

/// A text with what an expression finds replaced; `$1` and `\1` stand for what its groups found.
pub(in super::super) fn by_expression(text: &str, pattern: &str, by: &str, first: bool) -> Option<String> {
    if text.len() > MAX_TEXT {
        return None;
    }
    let (pattern, by) = without_looks(pattern, by);
    let expression = compiled(&pattern)?;
    let limit = usize::from(first);
    let found = match template(&by) {
        Some(template) => expression.replacen(text, limit, template.as_str()),
        None => expression.replacen(text, limit, NoExpand(&by)),
    };
    Some(found.into_owned())
}

fn compiled(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).size_limit(MAX_COMPILED).build().ok()
}

/// A replacement with its groups written out (`${1}`), so that a letter behind one is no part of its name; `None` when
/// it names none.
fn template(by: &str) -> Option<String> {
    let mut out = String::new();
    let mut grouped = false;
    let mut chars = by.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '$' | '\\' if chars.peek().is_some_and(char::is_ascii_digit) => {
                out.push_str("${");
                while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                    out.push(digit);
                }
                out.push('}');
                grouped = true;
            }
            '$' => out.push_str("$$"),
            c => out.push(c),
        }
    }
    grouped.then_some(out)
}

/// The two ways to say "between a small and a capital letter" that need a look around, said without one.
fn without_looks(pattern: &str, by: &str) -> (String, String) {
    let class = |text: &str| (text.starts_with('[') && text.ends_with(']') || text == ".").then(|| text.to_owned());
    let ahead = |text: &str| text.strip_prefix("(?=").and_then(|rest| rest.strip_suffix(')')).and_then(class);
    if let Some(next) = pattern.strip_prefix("(?<!^)").and_then(|rest| match rest.strip_prefix("(?=") {
        Some(_) => ahead(rest),
        None => rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')).and_then(class),
    }) {
        let behind = if pattern.contains("(?=") { format!("{by}$1") } else { by.to_owned() };
        return (format!(r"\B({next})"), behind);
    }
    let behind = pattern.strip_prefix("(?<=").and_then(|rest| rest.split_once(')'));
    if let Some((before, rest)) = behind
        && let (Some(before), Some(next)) = (class(before), ahead(rest))
    {
        return (format!("({before})({next})"), format!("$1{by}$2"));
    }
    (pattern.to_owned(), by.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_set_apart() {
        let kebab = |pattern: &str, by: &str| by_expression("ShipArrivedEvent", pattern, by, false);
        assert_eq!(kebab("([a-z])([A-Z])", "$1-$2").as_deref(), Some("Ship-Arrived-Event"));
        assert_eq!(kebab("(?<=[a-z0-9])(?=[A-Z])", "_").as_deref(), Some("Ship_Arrived_Event"));
        assert_eq!(kebab("(?<!^)(?=[A-Z])", ".").as_deref(), Some("Ship.Arrived.Event"));
        assert_eq!(kebab("(?<!^)([A-Z])", "-$1").as_deref(), Some("Ship-Arrived-Event"));
        assert_eq!(kebab("Event$", "").as_deref(), Some("ShipArrived"));
        assert_eq!(kebab("(", ""), None, "no expression");
    }

    #[test]
    fn languages_replace_in_their_own_ways() {
        let all = |language, method| replaced(language, method, "a.b.c", ".", "-").unwrap_or_default();
        assert_eq!(all(Language::Java, "replace"), "a-b-c");
        assert_eq!(all(Language::Java, "replaceAll"), "-----");
        assert_eq!(all(Language::Kotlin, "replace"), "a-b-c");
        assert_eq!(all(Language::Kotlin, "replaceFirst"), "a-b.c");
        assert_eq!(all(Language::JavaScript, "replace"), "a-b.c");
        assert_eq!(all(Language::JavaScript, "replaceAll"), "a-b-c");
    }
}
