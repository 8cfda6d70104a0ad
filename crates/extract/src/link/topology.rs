//! What files that set a broker up say of its exchanges, queues and bindings: definitions that a broker loads, and
//! scripts that call its administration tool.

use crate::source::{FileId, Source};
use crate::yaml::{get, line, load, text_of};
use saphyr::{MarkedYaml, YamlData};
use std::collections::BTreeMap;
use weir_facts::{BindingFact, ChannelFact, ChannelKind, Fact, Name, Origin, Site};

/// The broker whose files these are.
const BROKER: &str = "rabbitmq";
/// Its administration tool, as scripts call it.
const TOOL: &str = "rabbitmqadmin";
/// Declarations of one file; beyond it lies an export of a machine.
const MAX_DECLARED: usize = 2_000;

/// Adds what is declared, where code of the project speaks to such a broker at all.
pub(super) fn facts(source: &dyn Source, facts: &mut Vec<Fact>) {
    if !facts.iter().any(|fact| matches!(fact, Fact::Operation(operation) if operation.broker == BROKER)) {
        return;
    }
    for (at, path) in source.paths().iter().enumerate() {
        let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
        let definitions = name.ends_with(".json") && (name.contains("definition") || name.contains("rabbit"));
        let script = [".sh", ".bash", ".mk"].iter().any(|ending| name.ends_with(ending))
            || name == "makefile"
            || name.contains("dockerfile");
        if !definitions && !script {
            continue;
        }
        let Some(text) = source.text(FileId(u32::try_from(at).unwrap_or(u32::MAX))) else { continue };
        let found = if script { scripted(path, &text) } else { loaded(path, &text) };
        facts.extend(found.into_iter().take(MAX_DECLARED));
    }
}

/// What the entries of a file of definitions or the words of a command say.
type Said = BTreeMap<String, String>;

fn declared(what: &str, said: &Said, site: Site) -> Option<Fact> {
    let get = |key: &str| said.get(key).filter(|value| !value.contains('$')).cloned();
    let channel = |kind, settings| -> Option<Fact> {
        let dead_letter = get("x-dead-letter-exchange").filter(|name| !name.is_empty());
        let name = Name::literal(&get("name").filter(|name| !name.is_empty())?);
        let (origin, broker) = (Origin::Observed, BROKER.to_owned());
        Some(Fact::Channel(ChannelFact { origin, broker, kind, name, dead_letter, settings, site: site.clone() }))
    };
    match what {
        "exchange" | "exchanges" => {
            let kind = get("type").map(|kind| ("type".to_owned(), kind));
            channel(ChannelKind::Exchange, kind.into_iter().collect())
        }
        "queue" | "queues" => channel(ChannelKind::Queue, BTreeMap::new()),
        "binding" | "bindings" => Some(Fact::Binding(BindingFact {
            broker: BROKER.to_owned(),
            source: get("source").filter(|name| !name.is_empty())?,
            destination: get("destination").filter(|name| !name.is_empty())?,
            // A key that only the run tells may be any.
            key: match said.contains_key("routing_key") {
                true => get("routing_key"),
                false => Some(String::new()),
            },
            site,
        })),
        _ => None,
    }
}

/// A file that the broker loads when it starts.
fn loaded(path: &str, text: &str) -> Vec<Fact> {
    let Ok(documents) = load(text) else { return Vec::new() };
    let Some(root) = documents.first() else { return Vec::new() };
    // Files of other things may have lists of these names, but none has virtual hosts in their entries.
    let mut found = Vec::new();
    for what in ["exchanges", "queues", "bindings"] {
        let Some(YamlData::Sequence(entries)) = get(root, what).map(|list| &list.data) else { continue };
        for entry in entries.iter().filter(|entry| get(entry, "vhost").is_some()) {
            let mut said = Said::new();
            scalars(entry, &mut said);
            if let Some(arguments) = get(entry, "arguments") {
                scalars(arguments, &mut said);
            }
            found.extend(declared(what, &said, Site::new(path, line(entry))));
        }
    }
    found
}

fn scalars(node: &MarkedYaml<'_>, into: &mut Said) {
    let YamlData::Mapping(entries) = &node.data else { return };
    let texts = entries.iter().filter_map(|(key, value)| Some((text_of(key)?, text_of(value)?)));
    into.extend(texts);
}

/// The calls of the tool in a script: `declare binding source=a destination=b routing_key=c`, or with the words the
/// other way round and options, `bindings declare --source a --destination b`.
fn scripted(path: &str, text: &str) -> Vec<Fact> {
    let mut found = Vec::new();
    let mut open = String::new();
    let mut start = 0;
    for (at, written) in text.lines().enumerate() {
        if open.is_empty() {
            start = at;
        }
        if let Some(continued) = written.trim_end().strip_suffix('\\') {
            open.push_str(continued);
            open.push(' ');
            continue;
        }
        open.push_str(written);
        let whole = std::mem::take(&mut open);
        let comment = whole.trim_start().starts_with('#');
        for command in whole.split([';', '&', '|']).filter(|command| !comment && command.contains(TOOL)) {
            let words = words(command);
            let Some(at_tool) = words.iter().position(|word| word.rsplit('/').next() == Some(TOOL)) else { continue };
            let rest = &words[at_tool + 1..];
            let Some(verb) = rest.iter().position(|word| word == "declare") else { continue };
            let before = verb.checked_sub(1).and_then(|at| rest.get(at));
            let plural = before.filter(|word| matches!(word.as_str(), "exchanges" | "queues" | "bindings"));
            let Some(what) = plural.or_else(|| rest.get(verb + 1)) else { continue };
            let site = Site::new(path, u32::try_from(start).unwrap_or(0) + 1);
            found.extend(declared(what, &options(&rest[verb + 1..]), site));
        }
    }
    found
}

/// `name=value`, `--name value` and `--name=value`; dashes inside a name count as underscores.
fn options(words: &[String]) -> Said {
    let mut said = Said::new();
    let mut words = words.iter().peekable();
    while let Some(word) = words.next() {
        let (name, value) = match (word.strip_prefix("--"), word.split_once('=')) {
            (_, Some((name, value))) => (name.trim_start_matches('-'), value.to_owned()),
            (Some(name), None) => match words.peek().filter(|next| !next.starts_with('-')) {
                Some(_) => (name, words.next().cloned().unwrap_or_default()),
                None => continue,
            },
            (None, None) => continue,
        };
        said.insert(name.replace('-', "_"), value);
    }
    said
}

/// The words of a command; quotes hold one together.
fn words(command: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut begun = false;
    for letter in command.chars() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (Some(_), letter) => word.push(letter),
            (None, '#') if word.is_empty() && !begun => break,
            (None, '"' | '\'') => {
                quote = Some(letter);
                begun = true;
            }
            (None, letter) if letter.is_whitespace() => {
                if begun || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            (None, letter) => word.push(letter),
        }
    }
    if begun || !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(facts: Vec<Fact>) -> Vec<String> {
        let show = |fact| match fact {
            Fact::Channel(fact) => {
                format!("{} {:?} {}", fact.name.text, fact.kind, fact.settings.get("type").cloned().unwrap_or_default())
            }
            Fact::Binding(fact) => {
                format!("{} -> {} {:?} :{}", fact.source, fact.destination, fact.key.as_deref(), fact.site.line)
            }
            _ => String::new(),
        };
        facts.into_iter().map(show).collect()
    }

    #[test]
    fn scripts_declare() {
        let script = "# rabbitmqadmin declare queue name=no\nsudo docker exec -it r rabbitmqadmin -u a declare exchange name=sales type=fanout -p b\n\
            rabbitmqadmin declare binding source=\"sales\" \\\n  destination='sales.mail' && printf declare queue name=x\n\
            rabbitmqadmin declare binding source=sales destination=audit routing_key=$KEY\n\
            /usr/bin/rabbitmqadmin bindings declare --source sales --destination-type queue --destination=stock --routing-key a.b\n\
            rabbitmqadmin list queues name\n";
        assert_eq!(
            shown(scripted("setup.sh", script)),
            [
                "sales Exchange fanout",
                "sales -> sales.mail Some(\"\") :3",
                "sales -> audit None :5",
                "sales -> stock Some(\"a.b\") :6"
            ]
        );
    }

    #[test]
    fn definitions_declare() {
        let text = r#"{"exchanges": [{"name": "sales", "vhost": "/", "type": "topic"}],
 "queues": [{"name": "mail", "vhost": "/", "arguments": {"x-dead-letter-exchange": "dead"}}, {"name": "none"}],
 "bindings": [
  {"source": "sales", "vhost": "/", "destination": "mail", "destination_type": "queue", "routing_key": "sale.*"}]}"#;
        assert_eq!(
            shown(loaded("definitions.json", text)),
            ["sales Exchange topic", "mail Queue ", "sales -> mail Some(\"sale.*\") :4"]
        );
        assert_eq!(shown(loaded("definitions.json", "{\"queues\": [1, {\"name\": 2}]")), [""; 0]);
    }
}
