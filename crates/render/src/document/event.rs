//! The page of an event: what it is, who sends it and who receives it, what is in it, what can go wrong with it.

use super::book::{Event, View, message_words};
use super::parts::{Known, fields, findings, paths, receivers, section, senders};
use crate::markdown::escape::{code, text};
use std::collections::BTreeSet;
use weir_facts::{Field, MessageRef};
use weir_model::{MessageKind, Operation};

pub(super) fn page(view: &View<'_, '_>, event: &Event<'_>) -> String {
    let message = event.message;
    let mut out = format!("# {}\n\n", code(&message.name));
    let version = match message.version {
        Some(version) => format!("version {version}"),
        None => "no version written".to_owned(),
    };
    out.push_str(&format!(
        "{}, {version}. Sent by {}; received by {}. [All events]({})\n",
        kind_word(message.kind),
        services(view, &event.sends),
        services(view, &event.receives),
        view.page("README.md#events")
    ));
    out.push_str(&section("The way it takes", &paths(view, &event.sends, &event.receives)));
    out.push_str(&section("Payload", &payload(event)));
    let known = Known::Event(&message.name);
    out.push_str(&section("Producers", &or(senders(view, &event.sends, known), "Nobody here sends it.")));
    out.push_str(&section("Consumers", &or(receivers(view, &event.receives, known), "Nobody here receives it.")));
    let both: Vec<&Operation> = event.sends.iter().chain(&event.receives).copied().collect();
    out.push_str(&section("What can go wrong", &findings(view, &both)));
    out.push_str(&section("Where it shows", &evidence(view, event, &both)));
    out
}

/// `Event`, `Command`, ...
pub(super) fn kind_word(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Event => "Event",
        MessageKind::Command => "Command",
        MessageKind::Query => "Query",
        MessageKind::Reply => "Reply",
    }
}

/// The services of some operations, each once.
pub(super) fn services(view: &View<'_, '_>, operations: &[&Operation]) -> String {
    let names: BTreeSet<&str> = operations.iter().map(|operation| operation.service.as_str()).collect();
    let linked: Vec<String> = names.into_iter().map(|name| view.service(name)).collect();
    if linked.is_empty() { "nobody here".to_owned() } else { linked.join(", ") }
}

fn or(table: String, otherwise: &str) -> String {
    if table.is_empty() { format!("{otherwise}\n") } else { table }
}

/// The fields; where nothing declares them, those that senders put in.
fn payload(event: &Event<'_>) -> String {
    let declared = event.message.schema.clone().unwrap_or_default();
    let found = if declared.is_empty() { sent(&event.sends) } else { declared };
    if found.is_empty() {
        "Its fields are not known: no type or literal at the senders tells them.\n".to_owned()
    } else {
        fields(&found)
    }
}

fn sent(sends: &[&Operation]) -> Vec<Field> {
    let all: BTreeSet<&Field> = sends.iter().flat_map(|send| &send.payload).collect();
    all.into_iter().cloned().collect()
}

/// Places that are not those of the senders and receivers, which have their tables.
fn evidence(view: &View<'_, '_>, event: &Event<'_>, shown: &[&Operation]) -> String {
    let mut out = String::new();
    let reference = MessageRef { name: event.message.name.clone(), version: event.message.version };
    for evidence in &event.message.evidence {
        if shown.iter().all(|operation| operation.site != evidence.site) {
            let what = if evidence.what.is_empty() {
                message_words(std::slice::from_ref(&reference))
            } else {
                evidence.what.clone()
            };
            out.push_str(&format!("- {}: {}\n", view.site(&evidence.site), text(&what)));
        }
    }
    out
}
