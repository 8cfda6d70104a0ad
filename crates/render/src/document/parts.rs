//! Tables and paragraphs that several kinds of page share.

use super::book::{View, address, spot};
use crate::markdown::escape::{code, fence, table, text};
use crate::markdown::{brief, named};
use crate::mermaid::{Flowchart, Shape};
use crate::text::schedule;
use std::collections::BTreeSet;
use weir_facts::{Field, TriggerKind};
use weir_model::{Operation, Trigger, broker_name};

/// A section, left out when it is empty.
pub(super) fn section(title: &str, body: &str) -> String {
    if body.is_empty() { String::new() } else { format!("\n## {title}\n\n{body}") }
}

/// A table without the columns that no row fills.
pub(super) fn compact(head: &[&str], rows: &[Vec<String>]) -> String {
    let filled: Vec<usize> =
        (0..head.len()).filter(|at| rows.iter().any(|row| row.get(*at).is_some_and(|cell| !cell.is_empty()))).collect();
    let head: Vec<&str> = filled.iter().map(|at| head[*at]).collect();
    let rows: Vec<Vec<String>> =
        rows.iter().map(|row| filled.iter().map(|at| row.get(*at).cloned().unwrap_or_default()).collect()).collect();
    table(&head, &rows)
}

/// What a page says in its heading already, so that its tables need not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known<'a> {
    /// The event, by name.
    Event(&'a str),
    /// The channel, by name.
    Channel(&'a str),
    /// The service.
    Service,
}

impl Known<'_> {
    fn service(self, view: &View<'_, '_>, operation: &Operation) -> String {
        if self == Known::Service { String::new() } else { view.service(&operation.service) }
    }

    fn channel(self, view: &View<'_, '_>, operation: &Operation) -> String {
        match self {
            Known::Channel(name) if address(operation) == name && operation.queue.is_none() => String::new(),
            _ => view.channel(operation),
        }
    }

    fn messages(self, view: &View<'_, '_>, operation: &Operation) -> String {
        match (self, operation.messages.as_slice()) {
            (Known::Event(name), [only]) if only.name == name => String::new(),
            _ => view.messages(&operation.messages),
        }
    }
}

/// Who sends.
pub(super) fn senders(view: &View<'_, '_>, sends: &[&Operation], known: Known<'_>) -> String {
    let row = |send: &&Operation| {
        vec![
            known.service(view, send),
            code(&send.symbol),
            known.channel(view, send),
            known.messages(view, send),
            code(send.key.as_deref().unwrap_or_default()),
            guarantee(send),
            places(view, send),
        ]
    };
    let head = ["Service", "Module", "Channel", "Message", "Key", "Guarantee", "Where"];
    compact(&head, &sends.iter().map(row).collect::<Vec<_>>())
}

/// Who receives.
pub(super) fn receivers(view: &View<'_, '_>, receives: &[&Operation], known: Known<'_>) -> String {
    let row = |receive: &&Operation| {
        vec![
            known.service(view, receive),
            code(receive.handler.as_deref().unwrap_or(&receive.symbol)),
            known.channel(view, receive),
            known.messages(view, receive),
            code(receive.consumer_group.as_deref().unwrap_or_default()),
            guarantee(receive),
            text(receive.errors.as_deref().unwrap_or_default()),
            dead_letters(view, receive),
            places(view, receive),
        ]
    };
    let head =
        ["Service", "Module", "Channel", "Message", "Group", "Guarantee", "On an error", "Dead letters", "Where"];
    compact(&head, &receives.iter().map(row).collect::<Vec<_>>())
}

/// The guarantee with its reason.
pub(super) fn guarantee(operation: &Operation) -> String {
    let words = operation.guarantee.value.words();
    if operation.guarantee.why.is_empty() {
        words.to_owned()
    } else {
        format!("{words}: {}", text(&operation.guarantee.why))
    }
}

/// Where failed messages of a receive go.
pub(super) fn dead_letters(view: &View<'_, '_>, receive: &Operation) -> String {
    match view.model.dead_letter(receive) {
        Some(found) => match found.channel {
            Some(channel) => view.channel_named(&receive.broker_id, &channel),
            None => text(&found.how),
        },
        None => "none to be seen".to_owned(),
    }
}

/// Where it stands, and where its handler does when that is elsewhere.
fn places(view: &View<'_, '_>, operation: &Operation) -> String {
    let mut text = view.site(&operation.site);
    if let Some(handler) = operation.handler_site.as_ref().filter(|site| **site != operation.site) {
        text.push_str(&format!(", handler {}", view.site(handler)));
    }
    text
}

/// Fields of a payload.
pub(super) fn fields(fields: &[Field]) -> String {
    let row = |field: &Field| {
        let ty = if field.ty.is_empty() { "not known".to_owned() } else { code(&field.ty) };
        vec![code(&field.name), ty, if field.optional { "no" } else { "yes" }.to_owned()]
    };
    table(&["Field", "Type", "Required"], &fields.iter().map(row).collect::<Vec<_>>())
}

/// Findings about these operations.
pub(super) fn findings(view: &View<'_, '_>, operations: &[&Operation]) -> String {
    let ids: BTreeSet<&str> = operations.iter().map(|operation| operation.id.as_str()).collect();
    view.book
        .report
        .findings
        .iter()
        .filter(|finding| finding.severity.is_problem())
        .filter(|finding| finding.operations.iter().any(|id| ids.contains(id.as_str())))
        .map(|finding| brief(finding, &named(&finding.id, &view.page("findings.md")), view.links()))
        .collect()
}

/// The way of messages in words: `OrderService -> Kafka[order-events]: OrderPlaced (v1)`, and on to who receives them.
pub(super) fn paths(view: &View<'_, '_>, sends: &[&Operation], receives: &[&Operation]) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut add = |line: String| {
        if !lines.contains(&line) {
            lines.push(line);
        }
    };
    for send in sends {
        add(send_line(send));
    }
    for receive in receives {
        add(receive_line(receive));
    }
    if sends.is_empty() && receives.is_empty() {
        return String::new();
    }
    let diagram = chart(view, sends, receives);
    let drawn = diagram.draw().map(|text| format!("\n{}", fence("mermaid", &text))).unwrap_or_default();
    format!("{}{drawn}{}", fence("text", &lines.join("\n")), left_out(diagram.left_out(), "arrow"))
}

/// A send as one line.
pub(super) fn send_line(send: &Operation) -> String {
    let line = format!("{} -> {}: {}", send.service, spot(send), super::book::message_words(&send.messages));
    crate::text::clean(&line)
}

/// A receive as one line.
pub(super) fn receive_line(receive: &Operation) -> String {
    let group = receive.consumer_group.as_ref().map(|group| format!(" (group {group})")).unwrap_or_default();
    let handler = receive.handler.as_deref().unwrap_or(&receive.symbol);
    crate::text::clean(&format!("{} -> {}{group}: {handler}", spot(receive), receive.service))
}

/// Says what a diagram had no room for.
pub(super) fn left_out(number: usize, one: &str) -> String {
    if number == 0 {
        return String::new();
    }
    format!("\nThe diagram has no room for {} more; the tables hold everything.\n", crate::text::count(number, one))
}

/// Services and channels with the ways between them.
pub(super) fn chart(view: &View<'_, '_>, sends: &[&Operation], receives: &[&Operation]) -> Flowchart {
    let mut chart = Flowchart::default();
    let wanted: BTreeSet<&str> = receives.iter().map(|receive| receive.id.as_str()).collect();
    let key = |operation: &Operation| format!("{} {}", operation.broker_id, address(operation));
    let service = |chart: &mut Flowchart, at: &str, words: &str, receive: &Operation| {
        let to = (Shape::Service, receive.service.as_str(), receive.service.as_str());
        chart.edge((Shape::Channel, at, words), to, "");
    };
    let mut drawn: BTreeSet<&str> = BTreeSet::new();
    for send in sends {
        let (at, words) = (key(send), spot(send));
        chart.edge((Shape::Service, &send.service, &send.service), (Shape::Channel, &at, &words), "");
        for receive in view.model.receivers(send).filter(|receive| wanted.contains(receive.id.as_str())) {
            if receive.channel == send.channel {
                service(&mut chart, &at, &words, receive);
                drawn.insert(&receive.id);
            } else {
                // A queue that an exchange feeds is a station of its own.
                chart.edge((Shape::Channel, &at, &words), (Shape::Channel, &key(receive), &spot(receive)), "");
            }
        }
    }
    for receive in receives.iter().filter(|receive| !drawn.contains(receive.id.as_str())) {
        service(&mut chart, &key(receive), &spot(receive), receive);
    }
    chart
}

/// A trigger in words.
pub(super) fn trigger_words(trigger: &Trigger) -> String {
    match trigger.kind {
        TriggerKind::Http => trigger.what.clone(),
        TriggerKind::Webhook => format!("webhook {}", trigger.what),
        TriggerKind::Schedule => schedule(&trigger.what),
        TriggerKind::Cdc => format!("change of {}", trigger.what),
        TriggerKind::Queue => format!("message from {}", trigger.what),
        TriggerKind::Cli => format!("command {}", trigger.what),
    }
}

/// The broker by name, and its instance where there are several.
pub(super) fn broker_words(broker_id: &str) -> String {
    match broker_id.split_once("::") {
        Some((kind, instance)) => format!("{} {}", text(broker_name(kind)), code(instance)),
        None => text(broker_name(broker_id)),
    }
}
