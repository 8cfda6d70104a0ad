//! Templates as one tree: short and long forms of functions alike, texts with their lines, whatever the file format.

use crate::yaml::line;
use saphyr::{MarkedYaml, YamlData};

/// People do not nest deeper; generated templates that do are cut off.
const MAX_DEPTH: usize = 64;
/// Words in front of functions that are written as keys.
const FUNCTION: &str = "Fn::";

/// One node of a template.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) line: u32,
    pub(super) data: Data,
}

/// What a node is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Data {
    Text(String),
    List(Vec<Node>),
    /// Keys in the order of the file, each with its line.
    Map(Vec<(String, u32, Node)>),
    /// A function of the template language with what it is given: `!Ref Name`, `{"Fn::Sub": …}`.
    Call(String, Box<Node>),
    Nothing,
}

impl Node {
    pub(super) fn of(yaml: &MarkedYaml<'_>) -> Node {
        Node::within(yaml, 0)
    }

    fn within(yaml: &MarkedYaml<'_>, depth: usize) -> Node {
        let here = line(yaml);
        let node = |data| Node { line: here, data };
        if depth > MAX_DEPTH {
            return node(Data::Nothing);
        }
        match &yaml.data {
            YamlData::Sequence(items) => {
                node(Data::List(items.iter().map(|item| Node::within(item, depth + 1)).collect()))
            }
            YamlData::Mapping(entries) => {
                let entry = |(key, value): (&MarkedYaml<'_>, &MarkedYaml<'_>)| {
                    Some((crate::yaml::text_of(key)?, line(key), Node::within(value, depth + 1)))
                };
                let mut entries: Vec<_> = entries.iter().filter_map(entry).collect();
                let function = match entries.as_slice() {
                    [(key, ..)] if key == "Ref" => Some(key.clone()),
                    [(key, ..)] => key.strip_prefix(FUNCTION).map(str::to_owned),
                    _ => None,
                };
                match (function, entries.len()) {
                    (Some(function), 1) => {
                        let given = entries.swap_remove(0).2;
                        node(Data::Call(function, Box::new(given)))
                    }
                    _ => node(Data::Map(entries)),
                }
            }
            YamlData::Tagged(tag, inner) => {
                let inner = Node::within(inner, depth + 1);
                let own = tag.handle == "!" && tag.suffix.starts_with(|first: char| first.is_ascii_uppercase());
                if own { node(Data::Call(tag.suffix.clone(), Box::new(inner))) } else { inner }
            }
            _ => node(crate::yaml::text_of(yaml).map_or(Data::Nothing, Data::Text)),
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value under a key.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(name, ..)| name == key).map(|(_, _, value)| value)
    }

    /// The value under keys one below the other.
    pub(super) fn at(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    pub(super) fn entries(&self) -> &[(String, u32, Node)] {
        match &self.data {
            Data::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(super) fn items(&self) -> &[Node] {
        match &self.data {
            Data::List(items) => items,
            _ => &[],
        }
    }

    /// The items of a list, or the one thing that stands in its place.
    pub(super) fn each(&self) -> &[Node] {
        match &self.data {
            Data::List(items) => items,
            Data::Nothing => &[],
            _ => std::slice::from_ref(self),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Node {
        Node::of(&crate::yaml::load(text).expect("the text is read")[0])
    }

    #[test]
    fn all_forms_of_a_function_are_one() {
        let call = |text: &str| match read(text).get("a").map(|node| node.data.clone()) {
            Some(Data::Call(name, given)) => format!("{name} {:?}", given.text()),
            other => format!("{other:?}"),
        };
        for text in ["a: !Ref Name", "a: { Ref: Name }", r#"{"a": {"Ref": "Name"}}"#] {
            assert_eq!(call(text), "Ref Some(\"Name\")", "{text}");
        }
        assert_eq!(call("a: !GetAtt Name.Arn"), "GetAtt Some(\"Name.Arn\")");
        assert_eq!(call("a: { 'Fn::GetAtt': Name.Arn }"), "GetAtt Some(\"Name.Arn\")");
        assert!(call("a: { Ref: Name, b: 1 }").starts_with("Some(Map"));
    }

    #[test]
    fn places_are_lines_of_the_file() {
        let node = read("a:\n  - x\n  - !Ref y\nb: { c: d }\n");
        assert_eq!(node.get("a").map(|list| list.items().iter().map(|item| item.line).collect()), Some(vec![2, 3]));
        assert_eq!(node.at(&["b", "c"]).and_then(Node::text), Some("d"));
    }
}
