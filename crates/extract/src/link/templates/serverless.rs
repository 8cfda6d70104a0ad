//! Files of a framework that deploys functions by name: its variables filled in, its functions and events.

use super::code::{self, Named};
use super::events::At;
use super::node::{Data, Node};
use super::stack::Stack;
use super::values::Values;
use super::{Deployed, Event, Message, What};
use crate::source::Source;
use crate::world::join;
use std::collections::BTreeMap;
use weir_facts::{ChannelKind, Site, TriggerKind};

/// Variables that lead to variables; the bound ends circles.
const MAX_DEPTH: usize = 16;
/// Nodes of one file with everything filled in; more multiply.
const MAX_NODES: usize = 50_000;

/// The template that a file stands for, its variables filled in.
pub(super) fn stack(source: &dyn Source, path: &str, folder: &str, root: &Node) -> Stack {
    let mut filler = Filler { source, folder, root, files: BTreeMap::new(), nodes: 0 };
    let filled = filler.filled(root, 0);
    let nothing = Node { line: 1, data: Data::Nothing };
    let mut stack = Stack::new(path, folder, nothing);
    for section in filled.get("resources").map(Node::each).unwrap_or_default() {
        if let Some(resources) = section.get("Resources") {
            stack.add(resources);
        }
        if let Some(outputs) = section.get("Outputs") {
            stack.outputs = Some(outputs.clone());
        }
    }
    stack.root = filled;
    stack
}

struct Filler<'s> {
    source: &'s dyn Source,
    folder: &'s str,
    root: &'s Node,
    files: BTreeMap<String, Option<Node>>,
    nodes: usize,
}

impl Filler<'_> {
    fn filled(&mut self, node: &Node, depth: usize) -> Node {
        self.nodes += 1;
        if depth > 64 + MAX_DEPTH || self.nodes > MAX_NODES {
            return Node { line: node.line, data: Data::Nothing };
        }
        let data = match &node.data {
            Data::Text(text) => return self.text(node.line, text, depth),
            Data::List(items) => Data::List(items.iter().map(|item| self.filled(item, depth + 1)).collect()),
            Data::Map(entries) => {
                let entry = |(key, line, value): &(String, u32, Node)| {
                    let value = self.filled(value, depth + 1);
                    (key.clone(), *line, value)
                };
                Data::Map(entries.iter().map(entry).collect())
            }
            Data::Call(name, given) => Data::Call(name.clone(), Box::new(self.filled(given, depth + 1))),
            Data::Nothing => Data::Nothing,
        };
        Node { line: node.line, data }
    }

    /// A text with its variables filled in; one that is nothing but a variable may be anything.
    fn text(&mut self, line: u32, text: &str, depth: usize) -> Node {
        if let Some((0, end, inner)) = first(text)
            && end == text.len()
        {
            let inner = inner.to_owned();
            let node = self.variable(&inner, depth).unwrap_or_else(|| open(&inner, line));
            return Node { line, data: node.data };
        }
        let mut out = String::new();
        let mut rest = text;
        while let Some((from, end, inner)) = first(rest) {
            out.push_str(&rest[..from]);
            let value = self.variable(inner, depth).and_then(|node| node.text().map(str::to_owned));
            out.push_str(&value.or_else(|| open(inner, line).text().map(str::to_owned)).unwrap_or_default());
            rest = &rest[end..];
        }
        out.push_str(rest);
        Node { line, data: Data::Text(out) }
    }

    /// What stands for `scheme:path, default`.
    fn variable(&mut self, inner: &str, depth: usize) -> Option<Node> {
        if depth > MAX_DEPTH {
            return None;
        }
        for part in alternatives(inner) {
            let literal = part.strip_prefix(['\'', '"']).and_then(|rest| rest.strip_suffix(['\'', '"']));
            if let Some(literal) = literal {
                return Some(Node { line: 0, data: Data::Text(literal.to_owned()) });
            }
            // As what it is deployed is told when it is deployed.
            if part.starts_with("opt:") || part == "sls:stage" || part == "self:provider.stage" {
                return None;
            }
            let found = match part.split_once(':') {
                _ if part.starts_with("file(") => self.of_file(part),
                Some(("self", path)) => self.own(path, depth),
                _ => None,
            };
            if let Some(found) = found {
                return Some(self.filled(&found, depth + 1));
            }
        }
        None
    }

    /// What stands in the file itself under a path; on the way there may be variables.
    fn own(&mut self, path: &str, depth: usize) -> Option<Node> {
        let mut at = self.root.clone();
        for key in path.split('.') {
            if let Data::Text(_) = at.data {
                at = self.filled(&at, depth + 1);
            }
            at = at.get(key)?.clone();
        }
        Some(at)
    }

    /// `file(path):key`.
    fn of_file(&mut self, part: &str) -> Option<Node> {
        let (path, rest) = part.strip_prefix("file(")?.split_once(')')?;
        let path = join(self.folder, path.trim());
        let source = self.source;
        let read = || {
            let text = source.find(&path).and_then(|file| source.text(file))?;
            let loaded = [".yml", ".yaml", ".json"].iter().any(|ending| path.ends_with(ending));
            loaded.then(|| crate::yaml::load(&text).ok()?.first().map(Node::of)).flatten()
        };
        let root = self.files.entry(path.clone()).or_insert_with(read).clone()?;
        match rest.strip_prefix(':') {
            Some(keys) => root.at(&keys.split('.').collect::<Vec<_>>()).cloned(),
            None => Some(root),
        }
    }
}

/// The first `${…}` of the framework in a text: where it begins and ends, and what is inside.
fn first(text: &str) -> Option<(usize, usize, &str)> {
    let mut from = 0;
    while let Some(at) = text[from..].find("${").map(|at| at + from) {
        let mut depth = 0_usize;
        let mut end = None;
        for (offset, letter) in text[at..].char_indices() {
            match letter {
                '{' => depth += 1,
                '}' => {
                    depth = depth.saturating_sub(1);
                    if depth == 0 {
                        end = Some(at + offset + 1);
                        break;
                    }
                }
                _ => {}
            }
        }
        let end = end?;
        let inner = &text[at + 2..end - 1];
        let scheme = inner.split(':').next().unwrap_or_default();
        let own = inner.starts_with("file(")
            || inner.contains(':')
                && !inner.contains("::")
                && scheme.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if own {
            return Some((at, end, inner));
        }
        from = end;
    }
    None
}

/// The parts between commas outside of braces and quotes.
fn alternatives(inner: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut from, mut depth, mut quoted) = (0, 0_usize, false);
    for (at, letter) in inner.char_indices() {
        match letter {
            '\'' | '"' => quoted = !quoted,
            '{' | '(' => depth += 1,
            '}' | ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 && !quoted => {
                parts.push(inner[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(inner[from..].trim());
    parts
}

/// A variable that is told elsewhere, as a placeholder.
fn open(inner: &str, line: u32) -> Node {
    let whole = alternatives(inner).first().copied().unwrap_or(inner).to_owned();
    let word = whole.rsplit([':', '.', '/']).next().unwrap_or(&whole).trim_matches(|c: char| !c.is_alphanumeric());
    Node { line, data: Data::Text(format!("{{{word}}}")) }
}

/// The functions of such a file.
pub(super) fn functions(source: &dyn Source, values: &Values<'_>, at: usize) -> Vec<Deployed> {
    let stack = &values.stacks[at];
    let place = At { values, at };
    let site = |line: u32| Site::new(stack.path.clone(), line);
    let provider = stack.root.get("provider");
    let runtime = |node: Option<&'_ Node>| node.and_then(|node| node.get("runtime")?.text().map(str::to_owned));
    let mut found = Vec::new();
    for section in stack.root.get("functions").map(Node::each).unwrap_or_default() {
        for (id, line, function) in section.entries() {
            let runtime = runtime(Some(function)).or_else(|| runtime(provider)).unwrap_or_default();
            let named = Named {
                folder: &stack.folder,
                code: None,
                handler: function.get("handler").and_then(Node::text),
                runtime: &runtime,
                entries: Vec::new(),
            };
            let mut environment: Vec<(String, String, Site)> = Vec::new();
            for from in [Some(function), provider].into_iter().flatten() {
                for (name, line, value) in from.get("environment").map(Node::entries).unwrap_or_default() {
                    let set = environment.iter().any(|(known, ..)| known == name);
                    if let Some(value) = values.variable(at, value).filter(|_| !set) {
                        environment.push((name.clone(), value, site(*line)));
                    }
                }
            }
            let events = function.get("events").map(Node::items).unwrap_or_default();
            let events = events.iter().flat_map(Node::entries);
            let events = events.filter_map(|(kind, line, event)| of_function(&place, kind, event, *line));
            found.push(Deployed {
                name: id.clone(),
                id: id.clone(),
                folder: stack.folder.clone(),
                packed: None,
                code: code::find(source, &named),
                environment,
                events: events.collect(),
                site: site(*line),
            });
        }
    }
    found
}

/// One event of a function.
fn of_function(place: &At<'_, '_>, kind: &str, event: &Node, line: u32) -> Option<Event> {
    let site = || Site::new(place.values.stacks[place.at].path.clone(), line);
    let text = |key: &str| event.get(key).and_then(|node| place.values.text(place.at, node));
    let whole = || place.values.text(place.at, event);
    let trigger = |kind, what: String| Some(Event { what: What::Trigger(kind, what), site: site() });
    let message =
        |broker, kind, channel| Some(Event { what: What::Message(Message::of(broker, kind, channel)), site: site() });
    match kind {
        "sqs" => place.queue(event.get("arn").unwrap_or(event), line),
        "sns" => place.topic(event.get("topicName").or_else(|| event.get("arn")).unwrap_or(event), line),
        "eventBridge" => match text("schedule") {
            Some(when) => trigger(TriggerKind::Schedule, when),
            None => place.rule(event.get("eventBus"), event.get("pattern"), line),
        },
        "msk" | "kafka" => message("kafka", ChannelKind::Topic, text("topic")?),
        "rabbitmq" => message("rabbitmq", ChannelKind::Queue, text("queue")?),
        "schedule" => trigger(TriggerKind::Schedule, text("rate").or_else(whole)?),
        "http" | "httpApi" => {
            let method = text("method").unwrap_or_default().to_ascii_uppercase();
            let path = text("path").map(|path| format!("{method} /{}", path.trim_start_matches('/')));
            trigger(TriggerKind::Http, path.or_else(whole)?.trim().to_owned())
        }
        "stream" => trigger(TriggerKind::Cdc, "stream".to_owned()),
        _ => None,
    }
}
