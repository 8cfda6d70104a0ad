//! Mermaid diagrams: nodes and messages by number, labels escaped so that every diagram parses.
//!
//! Names never become ids, keywords or syntax: ids are numbers, and in a label everything but letters, digits and a few
//! plain signs is written as `#code;`, which Mermaid turns back after parsing.

use std::collections::{BTreeMap, BTreeSet};

/// Longest label; a diagram with whole sentences in it shows nothing.
const LONGEST: usize = 72;

/// Text as a label.
pub(crate) fn label(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut chars: Vec<char> = words.join(" ").chars().collect();
    if chars.len() > LONGEST {
        chars.truncate(LONGEST - 1);
        chars.push('…');
    }
    let mut out = String::new();
    for (at, &c) in chars.iter().enumerate() {
        let between =
            at > 0 && chars[at - 1].is_alphanumeric() && chars.get(at + 1).is_some_and(|next| next.is_alphanumeric());
        match c {
            c if c.is_alphanumeric() => out.push(c),
            ' ' | '/' | ',' | '…' => out.push(c),
            // Between letters these are part of a name; elsewhere Markdown inside labels might read them.
            '-' | '_' => {
                if between {
                    out.push(c);
                } else {
                    code(c, &mut out);
                }
            }
            '.' if between && !chars[..at].iter().all(char::is_ascii_digit) => out.push(c),
            c if c.is_control() => code('\u{fffd}', &mut out),
            c => code(c, &mut out),
        }
    }
    // A lone `end` closes blocks wherever it stands.
    if out.eq_ignore_ascii_case("end") {
        let first = out.remove(0);
        let mut coded = String::new();
        code(first, &mut coded);
        out.insert_str(0, &coded);
    }
    if out.is_empty() { "?".to_owned() } else { out }
}

fn code(c: char, out: &mut String) {
    out.push_str(&format!("#{};", u32::from(c)));
}

/// What a node of a flowchart is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Shape {
    /// Something that runs.
    Service,
    /// An address on a broker.
    Channel,
}

/// Boxes and arrows.
#[derive(Debug, Default)]
pub(crate) struct Flowchart {
    ids: BTreeMap<(Shape, String), usize>,
    nodes: Vec<(Shape, String)>,
    edges: Vec<(usize, usize, String)>,
    left_out: BTreeSet<(Shape, String, Shape, String)>,
}

impl Flowchart {
    /// Most arrows; hosts refuse diagrams with more than some hundreds, and nobody reads them.
    const MOST: usize = 120;

    /// The node of this key; `text` is its label when it is new.
    fn node(&mut self, shape: Shape, key: &str, text: &str) -> usize {
        let next = self.nodes.len();
        let id = *self.ids.entry((shape, key.to_owned())).or_insert(next);
        if id == next {
            self.nodes.push((shape, label(text)));
        }
        id
    }

    /// An arrow; each node is told by shape, key and label. An empty `words` leaves it bare.
    pub(crate) fn edge(&mut self, from: (Shape, &str, &str), to: (Shape, &str, &str), words: &str) {
        if self.edges.len() >= Self::MOST {
            let ends = [from, to].map(|(shape, key, _)| self.ids.get(&(shape, key.to_owned())));
            if let [Some(from), Some(to)] = ends
                && self.edges.iter().any(|(a, b, _)| (a, b) == (from, to))
            {
                return;
            }
            self.left_out.insert((from.0, from.1.to_owned(), to.0, to.1.to_owned()));
            return;
        }
        let words = if words.is_empty() { String::new() } else { label(words) };
        let edge = (self.node(from.0, from.1, from.2), self.node(to.0, to.1, to.2), words);
        if !self.edges.contains(&edge) {
            self.edges.push(edge);
        }
    }

    /// Arrows that had no room.
    pub(crate) fn left_out(&self) -> usize {
        self.left_out.len()
    }

    /// The diagram; `None` when there is nothing to draw.
    pub(crate) fn draw(&self) -> Option<String> {
        if self.edges.is_empty() {
            return None;
        }
        let mut out = String::from("flowchart LR\n");
        for (id, (shape, label)) in self.nodes.iter().enumerate() {
            out.push_str(&match shape {
                Shape::Service => format!("  n{id}[\"{label}\"]\n"),
                Shape::Channel => format!("  n{id}([\"{label}\"])\n"),
            });
        }
        for (from, to, words) in &self.edges {
            let words = if words.is_empty() { String::new() } else { format!("|\"{words}\"|") };
            out.push_str(&format!("  n{from} -->{words} n{to}\n"));
        }
        Some(out)
    }
}

/// Who tells whom what, in order.
#[derive(Debug, Default)]
pub(crate) struct Sequence {
    ids: BTreeMap<String, usize>,
    people: Vec<(bool, String)>,
    lines: Vec<String>,
    left_out: usize,
}

impl Sequence {
    /// Most lines of one diagram.
    const MOST: usize = 80;

    /// The participant of this key, drawn as a person when it stands outside the system.
    pub(crate) fn participant(&mut self, key: &str, text: &str, outside: bool) -> usize {
        let next = self.people.len();
        let id = *self.ids.entry(key.to_owned()).or_insert(next);
        if id == next {
            self.people.push((outside, label(text)));
        }
        id
    }

    /// Something is told.
    pub(crate) fn message(&mut self, from: usize, to: usize, text: &str) {
        self.line(format!("p{from}->>p{to}: {}", label(text)));
    }

    /// Something is remarked.
    pub(crate) fn note(&mut self, over: usize, text: &str) {
        self.line(format!("Note over p{over}: {}", label(text)));
    }

    fn line(&mut self, line: String) {
        if self.lines.len() < Self::MOST {
            self.lines.push(line);
        } else {
            self.left_out += 1;
        }
    }

    /// Lines that had no room.
    pub(crate) fn left_out(&self) -> usize {
        self.left_out
    }

    /// The diagram.
    pub(crate) fn draw(&self) -> String {
        let mut out = String::from("sequenceDiagram\n");
        for (id, (outside, label)) in self.people.iter().enumerate() {
            let word = if *outside { "actor" } else { "participant" };
            out.push_str(&format!("  {word} p{id} as {label}\n"));
        }
        for line in &self.lines {
            out.push_str(&format!("  {line}\n"));
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn plain_names_stay_readable() {
        assert_eq!(label("order-events v1.2 a_b/c"), "order-events v1.2 a_b/c");
        assert_eq!(label("a\"b;c#d[e]\nf"), "a#34;b#59;c#35;d#91;e#93; f");
        assert_eq!(label("1. x"), "1#46; x");
        assert_eq!(label("end"), "#101;nd");
        assert_eq!(label(" \n"), "?");
    }

    #[test]
    fn a_large_diagram_says_what_it_leaves_out() {
        let mut chart = Flowchart::default();
        for number in (0..130).chain(0..130) {
            let name = format!("s{number}");
            chart.edge((Shape::Service, &name, &name), (Shape::Channel, "c", "c"), "");
        }
        assert_eq!(chart.left_out(), 10);
        assert_eq!(chart.draw().map(|text| text.matches("-->").count()), Some(120));
    }

    proptest! {
        #[test]
        fn labels_hold_no_syntax(text in any::<String>()) {
            let label = label(&text);
            let bare: String = label.split('#').enumerate().map(|(at, part)| match part.split_once(';') {
                Some((number, rest)) if at > 0 && number.bytes().all(|b| b.is_ascii_digit()) => rest,
                _ => part,
            }).collect();
            prop_assert!(bare.chars().all(|c| c.is_alphanumeric() || " /,…-_.".contains(c) || c == '?'), "{label}");
            prop_assert!(!label.contains("--") && label.lines().count() == 1);
        }
    }
}
