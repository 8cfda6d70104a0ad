//! Whether two names can mean the same channel: literal text, `{placeholders}`, broker wildcards, regular expressions.
//!
//! Both sides may be patterns (a send to `orders.{id}.paid`, a receive on `orders.*.paid`), so the question is whether
//! the two languages meet; it is answered by a walk over both token lists with a table, bounded by their lengths.

use serde::Deserialize;
use weir_facts::Certainty;

/// Longest name that is looked at as a pattern; longer ones must be equal.
const LONGEST: usize = 300;
/// Most `zero or more words` wildcards in one name.
const MOST_REST: usize = 3;

/// How a broker writes patterns over names.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct NameRules {
    /// What stands between the words of a name.
    #[serde(default)]
    pub(crate) separator: Option<char>,
    /// The word that stands for exactly one word.
    #[serde(default)]
    pub(crate) one: Option<String>,
    /// The word that stands for one or more words at the end.
    #[serde(default)]
    pub(crate) rest: Option<String>,
    /// The word that stands for zero or more words.
    #[serde(default)]
    pub(crate) any: Option<String>,
    /// A word may have no letters: `paused.` ends in one, and the word for one word stands for it.
    #[serde(default)]
    pub(crate) empty: bool,
    /// `*` and `?` as in file names.
    #[serde(default)]
    pub(crate) glob: bool,
    /// Names written as a regular expression (`^a.*`, `/a.*/`).
    #[serde(default)]
    pub(crate) regex: bool,
}

/// One position of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Token {
    /// This character.
    Is(char),
    /// One character, of the class.
    One(Class),
    /// Any number of characters of the class.
    Many(Class),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    /// Anything but a separator.
    Word,
    /// Anything.
    All,
}

impl Class {
    fn has(self, c: char) -> bool {
        self == Class::All || !matches!(c, '.' | '/' | ':')
    }

    fn meets(self, token: Token) -> bool {
        match token {
            Token::Is(c) => self.has(c),
            Token::One(_) | Token::Many(_) => true,
        }
    }
}

impl NameRules {
    /// Whether a name that is sent to and a name that is listened on can meet, and how sure that is.
    pub(crate) fn meet(&self, sent: &str, heard: &str) -> Option<Certainty> {
        if sent.is_empty() || heard.is_empty() {
            return None;
        }
        let bare = !has_text(sent) || !has_text(heard);
        if sent == heard {
            return Some(match (bare && has_placeholder(sent), env_like(sent)) {
                (false, _) => Certainty::Certain,
                (true, true) => Certainty::Likely,
                (true, false) => Certainty::Possible,
            });
        }
        let placeholder = has_placeholder(sent) || has_placeholder(heard);
        if !placeholder && !self.is_pattern(sent) && !self.is_pattern(heard) {
            return None;
        }
        // A name without any text of its own would meet everything; only a broker's own catch-all may.
        if has_placeholder(sent) && !has_text(sent) || has_placeholder(heard) && !has_text(heard) {
            return None;
        }
        if sent.len() > LONGEST || heard.len() > LONGEST {
            return None;
        }
        let (left, right) = (self.tokens(sent), self.tokens(heard));
        let meets = left.iter().any(|left| right.iter().any(|right| intersect(left, right)));
        meets.then_some(if placeholder { Certainty::Likely } else { Certainty::Certain })
    }

    /// True when the name uses this broker's wildcards.
    pub(crate) fn is_pattern(&self, name: &str) -> bool {
        if self.glob && name.contains(['*', '?']) || self.regex && regex_body(name).is_some() {
            return true;
        }
        self.words(name).any(|word| [&self.one, &self.rest, &self.any].iter().any(|wild| wild.as_deref() == Some(word)))
    }

    fn words<'a>(&self, name: &'a str) -> impl Iterator<Item = &'a str> {
        name.split(self.separator.unwrap_or('\u{0}'))
    }

    /// The alternatives a name stands for; `zero or more words` gives two each.
    fn tokens(&self, name: &str) -> Vec<Vec<Token>> {
        if self.regex
            && let Some(body) = regex_body(name)
        {
            return crate::regex::alternatives(body)
                .into_iter()
                .map(|parts| parts.into_iter().map(regex_token).collect())
                .collect();
        }
        let Some(separator) = self.separator else { return vec![self.literal(name)] };
        let mut found: Vec<Vec<Vec<Token>>> = vec![Vec::new()];
        let mut rests = 0;
        for word in self.words(name) {
            let is = |wild: &Option<String>| wild.as_deref() == Some(word);
            if is(&self.any) && rests < MOST_REST {
                rests += 1;
                let mut with = found.clone();
                with.iter_mut().for_each(|words| words.push(vec![Token::One(Class::All), Token::Many(Class::All)]));
                found.extend(with);
                continue;
            }
            let tokens = if is(&self.rest) || is(&self.any) {
                vec![Token::One(Class::All), Token::Many(Class::All)]
            } else if is(&self.one) && self.empty {
                vec![Token::Many(Class::Word)]
            } else if is(&self.one) {
                vec![Token::One(Class::Word), Token::Many(Class::Word)]
            } else {
                self.literal(word)
            };
            found.iter_mut().for_each(|words| words.push(tokens.clone()));
        }
        found.into_iter().map(|words| words.join(&Token::Is(separator))).collect()
    }

    /// Literal text with placeholders, and `*` and `?` where the broker has them.
    fn literal(&self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut rest = text;
        while let Some(c) = rest.chars().next() {
            if c == '{'
                && let Some(end) = rest.find('}')
            {
                tokens.extend([Token::One(Class::Word), Token::Many(Class::Word)]);
                rest = &rest[end + 1..];
                continue;
            }
            match c {
                '*' if self.glob => tokens.push(Token::Many(Class::All)),
                '?' if self.glob => tokens.push(Token::One(Class::All)),
                _ => tokens.push(Token::Is(c)),
            }
            rest = &rest[c.len_utf8()..];
        }
        tokens
    }
}

fn regex_token(part: crate::regex::Part) -> Token {
    match part {
        crate::regex::Part::Is(c) => Token::Is(c),
        crate::regex::Part::One => Token::One(Class::All),
        crate::regex::Part::Many => Token::Many(Class::All),
    }
}

/// The expression inside `/…/flags` or after `^`.
fn regex_body(name: &str) -> Option<&str> {
    if let Some(inner) = name.strip_prefix('/') {
        let end = inner.rfind('/')?;
        return inner[end + 1..].chars().all(|flag| flag.is_ascii_lowercase()).then_some(&inner[..end]);
    }
    name.starts_with('^').then_some(name)
}

fn has_placeholder(name: &str) -> bool {
    let counts = regex_body(name).is_some();
    name.match_indices('{').any(|(at, _)| match name[at + 1..].split_once('}') {
        Some((inside, _)) => !counts || !crate::regex::is_quantifier(inside),
        None => false,
    })
}

/// True when something outside the placeholders could tell this name from another.
fn has_text(name: &str) -> bool {
    let mut depth = 0u32;
    name.chars().any(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => return depth == 0 && c.is_alphanumeric(),
        }
        false
    })
}

/// `{ORDERS_TOPIC}`: named after an environment variable, so two services that share it mean one thing.
fn env_like(name: &str) -> bool {
    name.chars().any(|c| c.is_ascii_uppercase()) && !name.chars().any(|c| c.is_ascii_lowercase())
}

fn intersect(left: &[Token], right: &[Token]) -> bool {
    let width = right.len() + 1;
    let mut table = vec![false; (left.len() + 1) * width];
    for i in (0..=left.len()).rev() {
        for j in (0..=right.len()).rev() {
            let at = |i: usize, j: usize| table[i * width + j];
            let value = match (left.get(i), right.get(j)) {
                (None, None) => true,
                (Some(Token::Many(class)), other) => {
                    at(i + 1, j)
                        || other.is_some_and(|token| match token {
                            Token::Many(_) => at(i, j + 1),
                            token => class.meets(*token) && at(i, j + 1),
                        })
                }
                (other, Some(Token::Many(class))) => {
                    at(i, j + 1) || other.is_some_and(|token| class.meets(*token) && at(i + 1, j))
                }
                (Some(Token::Is(a)), Some(Token::Is(b))) => a == b && at(i + 1, j + 1),
                (Some(Token::One(class)), Some(token)) | (Some(token), Some(Token::One(class))) => {
                    class.meets(*token) && at(i + 1, j + 1)
                }
                _ => false,
            };
            table[i * width + j] = value;
        }
    }
    table[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amqp() -> NameRules {
        NameRules {
            separator: Some('.'),
            one: Some("*".into()),
            any: Some("#".into()),
            empty: true,
            ..NameRules::default()
        }
    }

    #[test]
    fn words_may_be_empty_where_the_broker_says_so() {
        assert_eq!(amqp().meet("paused.", "paused.*"), Some(Certainty::Certain));
        assert_eq!(amqp().meet("paused", "paused.*"), None);
        assert_eq!(subjects().meet("paused.", "paused.*"), None);
    }

    fn subjects() -> NameRules {
        NameRules { separator: Some('.'), one: Some("*".into()), rest: Some(">".into()), ..NameRules::default() }
    }

    #[test]
    fn literal_names_are_equal_or_nothing() {
        let plain = NameRules::default();
        assert_eq!(plain.meet("orders", "orders"), Some(Certainty::Certain));
        assert_eq!(plain.meet("orders", "Orders"), None);
        assert_eq!(plain.meet("a.b", "a.*"), None);
        assert_eq!(plain.meet("", ""), None);
    }

    #[test]
    fn placeholders_stand_for_one_segment() {
        let plain = NameRules::default();
        assert_eq!(plain.meet("stream:{id}", "stream:42"), Some(Certainty::Likely));
        assert_eq!(plain.meet("stream:{id}", "stream:{taskId}"), Some(Certainty::Likely));
        assert_eq!(plain.meet("stream:{id}", "stream:{id}"), Some(Certainty::Certain));
        assert_eq!(plain.meet("a.{x}", "a.b.c"), None);
        assert_eq!(plain.meet("{topic}", "orders"), None);
        assert_eq!(plain.meet("{topic}", "{topic}"), Some(Certainty::Possible));
        assert_eq!(plain.meet("{ORDER_TOPIC}", "{ORDER_TOPIC}"), Some(Certainty::Likely));
    }

    #[test]
    fn quantifiers_are_no_placeholders() {
        let kafka = NameRules { regex: true, ..NameRules::default() };
        let heard = "^(){0,1}(save-parcel|drop-parcel){1}$";
        assert_eq!(kafka.meet("save-parcel", heard), Some(Certainty::Certain));
        assert_eq!(kafka.meet("{tenant}-other", heard), None);
        assert_eq!(kafka.meet("other", heard), None);
        assert_eq!(kafka.meet("eu-save", "^({tenant}-){0,1}save$"), Some(Certainty::Likely));
        assert_eq!(kafka.meet("save", "^({tenant}-){0,1}save$"), Some(Certainty::Likely));
        assert_eq!(kafka.meet("saved", "^({tenant}-){0,1}save$"), None);
        assert_eq!(kafka.meet("aab", "^a{2}b$"), Some(Certainty::Certain));
    }

    #[test]
    fn words_of_routing_keys() {
        let amqp = amqp();
        for (key, pattern, meets) in [
            ("order.created", "order.*", true),
            ("order.created.eu", "order.*", false),
            ("order.created.eu", "order.#", true),
            ("order", "order.#", true),
            ("order", "#", true),
            ("a.order", "#.order", true),
            ("order", "#.order", true),
            ("a.b.c", "a.#.c", true),
            ("a.c", "a.#.c", true),
            ("ac", "a.#.c", false),
            ("order.created", "order.deleted", false),
        ] {
            assert_eq!(amqp.meet(key, pattern).is_some(), meets, "{key} {pattern}");
        }
        assert_eq!(amqp.meet("order.{kind}", "order.*"), Some(Certainty::Likely));
        assert_eq!(amqp.meet("order.created", "order.*"), Some(Certainty::Certain));
    }

    #[test]
    fn subjects_have_a_rest_that_is_not_empty() {
        let subjects = subjects();
        assert!(subjects.meet("orders.eu.created", "orders.>").is_some());
        assert!(subjects.meet("orders", "orders.>").is_none());
        assert!(subjects.meet("orders.eu", "*.eu").is_some());
    }

    #[test]
    fn globs_and_regular_expressions() {
        let globs = NameRules { glob: true, ..NameRules::default() };
        assert!(globs.meet("news.sport.uk", "news.*").is_some());
        let expressions = NameRules { regex: true, ..NameRules::default() };
        for (name, pattern, meets) in [
            ("orders-eu", "^orders-.*", true),
            ("my-orders-eu", "^orders-.*", false),
            ("my-orders-eu", "/orders-.*/i", true),
            ("orders.eu", r"^orders\.(eu|us)$", true),
            ("orders.de", r"^orders\.(eu|us)$", false),
            ("orders42", r"^orders\d+$", true),
        ] {
            assert_eq!(expressions.meet(name, pattern).is_some(), meets, "{name} {pattern}");
        }
    }

    #[test]
    fn hostile_names_end_soon() {
        let amqp = amqp();
        let long = "#.".repeat(140);
        let _ = amqp.meet(&long, &long.replace('#', "*"));
        let _ = amqp.meet("{{{{", "}}}{");
        let expressions = NameRules { regex: true, ..NameRules::default() };
        let _ = expressions.meet("a", &format!("^{}", "((a|b)|".repeat(60)));
    }
}
