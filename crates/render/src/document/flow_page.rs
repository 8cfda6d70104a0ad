//! The page of a flow: the sequence from its trigger to the last effect, drawn, as text, and with the place of each step.

use super::book::{View, message_words, spot, start_title, start_words};
use super::flow::{Flow, Start, Step};
use super::parts::{findings, guarantee, left_out, receive_line, section, send_line};
use crate::markdown::escape::{code, fence, table, text};
use crate::mermaid::Sequence;
use crate::text::clean;
use std::collections::BTreeMap;
use weir_facts::TriggerKind;
use weir_model::Operation;

pub(super) fn page(view: &View<'_, '_>, flow: &Flow<'_>) -> String {
    let (_, service) = start_words(&flow.start);
    let within = if matches!(flow.start, Start::Outside(_)) { String::new() } else { format!(" in {}", code(service)) };
    let mut out = format!("# {}{within}\n\n", start_title(&flow.start));
    out.push_str(&match flow.start {
        Start::Trigger(boundary, _) => format!("Starts in {} at {}.", view.service(service), view.site(&boundary.site)),
        Start::Call(send) => format!(
            "Starts in {} where {} sends, {}; what calls it is not to be seen.",
            view.service(service),
            code(&send.symbol),
            view.site(&send.site)
        ),
        Start::Outside(receive) => {
            format!(
                "Starts with a message in {} that nobody here sends.",
                view.channel_named(&receive.broker_id, receive.channel_name())
            )
        }
    });
    out.push_str(&format!(" [All flows]({})\n", view.page("README.md#flows")));
    let diagram = drawn(flow);
    let more = left_out(diagram.left_out(), "step");
    out.push_str(&section("Drawn", &format!("{}{more}", fence("mermaid", &diagram.draw()))));
    out.push_str(&section("In words", &fence("text", &words(flow))));
    out.push_str(&section("Step by step", &steps(view, flow)));
    let both: Vec<&Operation> = flow.sends().chain(flow.receives()).collect();
    out.push_str(&section("What can go wrong", &findings(view, &both)));
    out
}

/// The first line: `POST /orders -> order-service`.
fn begins(start: &Start<'_>) -> Option<String> {
    let (what, service) = start_words(start);
    match start {
        Start::Trigger(..) => Some(clean(&format!("{what} -> {service}"))),
        Start::Call(_) => Some(clean(&format!("{what} in {service}"))),
        Start::Outside(receive) => {
            Some(clean(&format!("outside -> {}: {}", spot(receive), message_words(&receive.messages))))
        }
    }
}

/// The flow as text, each level of it farther in.
fn words(flow: &Flow<'_>) -> String {
    let mut lines: Vec<String> = begins(&flow.start).into_iter().collect();
    for (depth, step) in &flow.steps {
        let line = match step {
            Step::Effect(service, effect) => clean(&format!("{service}: {}", effect.what)),
            Step::Send(send) => send_line(send),
            Step::Route(send, receive) => clean(&format!("{} -> {}", spot(send), spot(receive))),
            Step::Receive(receive) => receive_line(receive),
            Step::Again(receive) => format!("{} (again: a circle)", receive_line(receive)),
            Step::Nobody(send) => clean(&format!("{} -> nobody here", spot(send))),
            Step::Cut => "… and on from here".to_owned(),
        };
        lines.push(format!("{}{line}", "    ".repeat(*depth)));
    }
    lines.join("\n")
}

/// The flow as a sequence diagram: services, and channels between them.
fn drawn(flow: &Flow<'_>) -> Sequence {
    let mut diagram = Sequence::default();
    // Who sends under a key and who receives without one meet at the same channel.
    let mut sent: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let channel = |diagram: &mut Sequence, operation: &Operation| {
        let key = format!("channel {} {}", operation.broker_id, super::book::address(operation));
        diagram.participant(&key, &spot(operation), false)
    };
    let service = |diagram: &mut Sequence, name: &str| diagram.participant(&format!("service {name}"), name, false);
    if let Start::Trigger(boundary, _) = flow.start {
        let (what, name) = start_words(&flow.start);
        let outside = diagram.participant("outside", outside_word(boundary.trigger.kind), true);
        let inside = service(&mut diagram, name);
        diagram.message(outside, inside, &what);
    }
    if let Start::Outside(receive) = flow.start {
        let outside = diagram.participant("outside", "somebody outside", true);
        let at = channel(&mut diagram, receive);
        diagram.message(outside, at, &message_words(&receive.messages));
    }
    for (_, step) in &flow.steps {
        match step {
            Step::Effect(name, effect) => {
                let over = service(&mut diagram, name);
                diagram.note(over, &effect.what);
            }
            Step::Send(send) => {
                let from = service(&mut diagram, &send.service);
                let to = channel(&mut diagram, send);
                sent.insert((&send.broker_id, send.channel_name()), to);
                diagram.message(from, to, &message_words(&send.messages));
            }
            Step::Route(send, receive) => {
                let from = channel(&mut diagram, send);
                let to = channel(&mut diagram, receive);
                diagram.message(from, to, receive.routing_key.as_deref().unwrap_or("passes it on"));
            }
            Step::Receive(receive) | Step::Again(receive) => {
                let known = sent.get(&(receive.broker_id.as_str(), receive.channel_name())).copied();
                let from = known.unwrap_or_else(|| channel(&mut diagram, receive));
                let to = service(&mut diagram, &receive.service);
                diagram.message(from, to, receive.handler.as_deref().unwrap_or(&receive.symbol));
                if matches!(step, Step::Again(_)) {
                    diagram.note(to, "again: a circle");
                }
            }
            Step::Nobody(send) => {
                let over = channel(&mut diagram, send);
                diagram.note(over, "nobody here receives it");
            }
            Step::Cut => {}
        }
    }
    diagram
}

fn outside_word(kind: TriggerKind) -> &'static str {
    match kind {
        TriggerKind::Http => "client",
        TriggerKind::Webhook => "webhook",
        TriggerKind::Schedule => "timer",
        TriggerKind::Cdc => "database",
        TriggerKind::Queue => "broker",
        TriggerKind::Cli => "command line",
    }
}

/// Each step with its place.
fn steps(view: &View<'_, '_>, flow: &Flow<'_>) -> String {
    let mut rows = Vec::new();
    if let Start::Trigger(boundary, _) = flow.start {
        rows.push((
            format!("{} starts it", code(&start_words(&flow.start).0)),
            view.site(&boundary.site),
            String::new(),
        ));
    }
    for (_, step) in &flow.steps {
        rows.push(match step {
            Step::Effect(service, effect) => {
                (format!("{}: {}", view.service(service), text(&effect.what)), view.site(&effect.site), String::new())
            }
            Step::Send(send) => {
                let messages =
                    if send.messages.is_empty() { "a message".to_owned() } else { view.messages(&send.messages) };
                let what = format!("{} sends {messages} to {}", view.service(&send.service), view.channel(send));
                (what, view.site(&send.site), guarantee(send))
            }
            Step::Route(send, receive) => {
                let what = format!("{} passes it on to {}", view.channel(send), view.channel(receive));
                (what, String::new(), String::new())
            }
            Step::Receive(receive) => {
                let handler = code(receive.handler.as_deref().unwrap_or(&receive.symbol));
                let what =
                    format!("{} receives from {} in {handler}", view.service(&receive.service), view.channel(receive));
                (what, view.site(receive.handler_site.as_ref().unwrap_or(&receive.site)), guarantee(receive))
            }
            Step::Again(receive) => (
                format!("{} receives again: a circle", view.service(&receive.service)),
                view.site(&receive.site),
                String::new(),
            ),
            Step::Nobody(send) => {
                (format!("nobody here receives from {}", view.channel(send)), String::new(), String::new())
            }
            Step::Cut => {
                ("the flow goes on; the pages of the channels tell how".to_owned(), String::new(), String::new())
            }
        });
    }
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .enumerate()
        .map(|(at, (what, place, guarantee))| vec![format!("{}", at + 1), what, place, guarantee])
        .collect();
    table(&["", "Step", "Where", "Guarantee"], &rows)
}
