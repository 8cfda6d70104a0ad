//! The first page: the map of services and channels, what is wrong, and a table of each kind of thing.

use super::book::{View, start_title, start_words};
use super::channel::{ends, kind_word};
use super::event::{kind_word as message_kind, services};
use super::flow::{Flow, Start};
use super::parts::{broker_words, chart, compact, dead_letters, left_out, section};
use crate::markdown::escape::{code, fence, link, prose, text};
use crate::markdown::{gates, headline};
use crate::mermaid::{Flowchart, Shape};
use crate::text::count;
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::Evidence;
use weir_model::{Operation, broker_name};

/// Places shown for one broker or pattern.
const MOST_PLACES: usize = 4;
/// Channels that a map can hold.
const MOST_CHANNELS: usize = 30;

pub(super) fn page(view: &View<'_, '_>) -> String {
    let model = view.model;
    let mut out = format!("# Events of {}\n\n{}\n", code(&model.root), figures(view));
    out.push_str(&section("Map", &map(view)));
    out.push_str(&section("What can go wrong", &wrong(view)));
    out.push_str(&section("Flows", &flows(view)));
    out.push_str(&section("Events", &events(view)));
    out.push_str(&section("Channels", &channels(view)));
    out.push_str(&section("Services", &list_services(view)));
    out.push_str(&section("Brokers", &brokers(view)));
    out.push_str(&section("Patterns", &patterns(view)));
    out.push_str(&section("Sagas", &sagas(view)));
    out.push_str(&section("Read models", &projections(view)));
    out.push_str(&section("Not resolved", &unresolved(view)));
    out.push_str(&section("What was read", &coverage(view)));
    out
}

fn figures(view: &View<'_, '_>) -> String {
    let book = view.book;
    let brokers: BTreeSet<&str> = view.model.live().map(|operation| operation.broker.as_str()).collect();
    let names: Vec<String> = brokers.into_iter().map(|kind| text(broker_name(kind))).collect();
    let on = if names.is_empty() { String::new() } else { format!(" on {}", names.join(", ")) };
    format!(
        "{} · {}{on} · {} · {}",
        count(book.services.len(), "service"),
        count(book.channels.len(), "channel"),
        count(book.events.len(), "event"),
        count(book.flows.len(), "flow"),
    )
}

/// Services and channels; in a large system services alone, since nobody reads a hundred boxes.
fn map(view: &View<'_, '_>) -> String {
    let large = view.book.channels.len() > MOST_CHANNELS;
    let diagram = if large {
        between(view)
    } else {
        let (sends, receives): (Vec<&Operation>, Vec<&Operation>) =
            view.model.live().partition(|operation| operation.is_send());
        chart(view, &sends, &receives)
    };
    let Some(drawn) = diagram.draw() else {
        return "No message goes from one service to another here that weir can see.\n".to_owned();
    };
    let note = if large { "\nOnly services are drawn; [the channels](#channels) have their table.\n" } else { "" };
    format!("{}{note}{}", fence("mermaid", &drawn), left_out(diagram.left_out(), "arrow"))
}

/// Which service reaches which, over how many channels.
fn between(view: &View<'_, '_>) -> Flowchart {
    let mut ways: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for flow in &view.model.flows {
        ways.entry((&flow.from, &flow.to)).or_default().insert(&flow.channel);
    }
    let mut chart = Flowchart::default();
    for ((from, to), channels) in ways {
        let words = match channels.iter().next() {
            Some(only) if channels.len() == 1 => (*only).to_owned(),
            _ => count(channels.len(), "channel"),
        };
        chart.edge((Shape::Service, from, from), (Shape::Service, to, to), &words);
    }
    chart
}

fn wrong(view: &View<'_, '_>) -> String {
    let report = view.book.report;
    let mut out = format!("{}: {}.\n", link("All findings", &view.page("findings.md")), headline(report));
    let gates = gates(report);
    if !gates.is_empty() {
        out.push_str(&format!("\n{gates}"));
    }
    for note in &report.summary.notes {
        out.push_str(&format!("\n{}\n", prose(note)));
    }
    out
}

/// The flows; a message is followed to the last service it reaches.
fn flows(view: &View<'_, '_>) -> String {
    let row = |(flow, path): &(Flow<'_>, String)| {
        let (_, service) = start_words(&flow.start);
        let service = if matches!(flow.start, Start::Outside(_)) { String::new() } else { view.service(service) };
        let mut channels: Vec<String> = Vec::new();
        for operation in flow.sends() {
            let channel = view.channel(operation);
            if !channels.contains(&channel) {
                channels.push(channel);
            }
        }
        let receives: Vec<&Operation> = flow.receives().collect();
        let reached = services(view, &receives);
        vec![link(&start_title(&flow.start), &view.page(path)), service, shortened(channels), reached]
    };
    compact(&["Begins with", "In", "Sends to", "Reaches"], &view.book.flows.iter().map(row).collect::<Vec<_>>())
}

/// A list of which a cell shows the head.
fn shortened(mut list: Vec<String>) -> String {
    let rest = list.len().saturating_sub(MOST_PLACES);
    list.truncate(MOST_PLACES);
    let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
    format!("{}{more}", list.join(", "))
}

/// The words for guarantees, each once.
fn guarantees(receives: &[&Operation]) -> String {
    let words: BTreeSet<&str> = receives.iter().map(|receive| receive.guarantee.value.words()).collect();
    words.into_iter().collect::<Vec<_>>().join(" / ")
}

fn events(view: &View<'_, '_>) -> String {
    let mut rows = Vec::new();
    for event in &view.book.events {
        let both = event.sends.iter().chain(&event.receives);
        let mut channels: Vec<String> = Vec::new();
        for operation in both {
            let channel = operation.channel.as_ref().map(|name| view.channel_named(&operation.broker_id, name));
            channels.extend(channel.filter(|channel| !channels.contains(channel)));
        }
        rows.push(vec![
            view.message(&event.message.name),
            message_kind(event.message.kind).to_lowercase(),
            event.message.version.map(|version| version.to_string()).unwrap_or_default(),
            services(view, &event.sends),
            services(view, &event.receives),
            shortened(channels),
            guarantees(&event.receives),
        ]);
    }
    let unnamed = view.book.channels.iter().filter(|(channel, _)| {
        let (sends, receives) = ends(view, channel);
        !sends.is_empty() && sends.iter().chain(&receives).all(|operation| operation.messages.is_empty())
    });
    let unnamed = unnamed.count();
    let table = compact(&["Event", "Kind", "Version", "Producers", "Consumers", "Channel", "Guarantee"], &rows);
    if unnamed == 0 {
        return table;
    }
    let note = format!(
        "The messages on {} have no name in the code; the pages of the channels tell what is in them.\n",
        count(unnamed, "channel")
    );
    if table.is_empty() { note } else { format!("{table}\n{note}") }
}

fn channels(view: &View<'_, '_>) -> String {
    let mut rows = Vec::new();
    for (channel, _) in &view.book.channels {
        let (sends, receives) = ends(view, channel);
        let names: BTreeSet<&str> = sends
            .iter()
            .chain(&receives)
            .flat_map(|operation| &operation.messages)
            .map(|message| message.name.as_str())
            .collect();
        let used = !sends.is_empty() || !receives.is_empty();
        let mut dead: Vec<String> = receives.iter().map(|receive| dead_letters(view, receive)).collect();
        dead.sort();
        dead.dedup();
        let ends_of = |operations: &[&Operation]| if used { services(view, operations) } else { String::new() };
        rows.push(vec![
            view.channel_named(&channel.broker_id, &channel.name),
            kind_word(channel.kind).to_lowercase(),
            broker_words(&channel.broker_id),
            shortened(names.into_iter().map(|name| view.message(name)).collect()),
            ends_of(&sends),
            ends_of(&receives),
            guarantees(&receives),
            shortened(dead),
        ]);
    }
    compact(&["Channel", "Kind", "Broker", "Messages", "From", "To", "Guarantee", "Dead letters"], &rows)
}

fn list_services(view: &View<'_, '_>) -> String {
    let mut rows = Vec::new();
    for (service, _) in &view.book.services {
        let of = |send: bool| view.model.live().filter(|o| o.service == service.name && o.is_send() == send).count();
        let number = |number: usize| if number == 0 { String::new() } else { number.to_string() };
        let technology: Vec<String> =
            service.languages.iter().chain(&service.frameworks).map(|word| text(word)).collect();
        let owners: Vec<String> = service.owners.iter().map(|owner| code(owner)).collect();
        rows.push(vec![
            view.service(&service.name),
            code(&service.path),
            technology.join(", "),
            number(of(true)),
            number(of(false)),
            owners.join(", "),
        ]);
    }
    compact(&["Service", "Folder", "Made with", "Sends", "Receives", "Owners"], &rows)
}

/// What shows it, each with its place.
fn shown(view: &View<'_, '_>, evidence: &[Evidence]) -> String {
    let one = |evidence: &Evidence| format!("{} {}", text(&evidence.what), view.site(&evidence.site));
    shortened(evidence.iter().map(one).collect())
}

fn brokers(view: &View<'_, '_>) -> String {
    let rows: Vec<Vec<String>> = view
        .model
        .brokers
        .iter()
        .filter(|broker| broker.kind != "in-process")
        .map(|broker| {
            let version = broker.version.as_deref().unwrap_or_default();
            vec![broker_words(&broker.id), text(version), shown(view, &broker.evidence)]
        })
        .collect();
    compact(&["Broker", "Version", "Where it shows"], &rows)
}

fn patterns(view: &View<'_, '_>) -> String {
    let row = |pattern: &weir_model::Pattern| vec![text(&pattern.kind), shown(view, &pattern.evidence)];
    compact(&["Pattern", "Where it shows"], &view.model.patterns.iter().map(row).collect::<Vec<_>>())
}

fn sagas(view: &View<'_, '_>) -> String {
    let row = |saga: &weir_model::Saga| {
        let steps: Vec<String> = saga.steps.iter().map(|step| code(&step.name)).collect();
        vec![
            code(&saga.name),
            text(&saga.style),
            steps.join(" → "),
            code(saga.correlation.as_deref().unwrap_or_default()),
            text(saga.timeout.as_deref().unwrap_or_default()),
            shown(view, &saga.evidence),
        ]
    };
    let head = ["Saga", "Style", "Steps", "Correlation", "Time limit", "Where it shows"];
    compact(&head, &view.model.sagas.iter().map(row).collect::<Vec<_>>())
}

fn projections(view: &View<'_, '_>) -> String {
    let row = |projection: &weir_model::Projection| {
        vec![
            code(&projection.name),
            code(&projection.source),
            code(&projection.store),
            code(projection.position.as_deref().unwrap_or_default()),
            shown(view, &projection.evidence),
        ]
    };
    let head = ["Read model", "Reads", "Writes", "Position", "Where it shows"];
    compact(&head, &view.model.projections.iter().map(row).collect::<Vec<_>>())
}

fn unresolved(view: &View<'_, '_>) -> String {
    let row = |entry: &weir_model::Unresolved| {
        vec![view.site(&entry.site), code(&entry.what), text(&entry.why), text(&entry.hint)]
    };
    let rows: Vec<Vec<String>> = view.model.unresolved.iter().map(row).collect();
    let table = compact(&["Where", "Call", "Why", "What would help"], &rows);
    if table.is_empty() {
        table
    } else {
        format!("These calls are in no flow above and no rule has looked at them.\n\n{table}")
    }
}

fn coverage(view: &View<'_, '_>) -> String {
    let coverage = &view.model.coverage;
    let mut out = String::new();
    if coverage.messaging_calls > 0 {
        out.push_str(&format!(
            "{} of {} messaging calls resolved.\n",
            coverage.resolved_calls, coverage.messaging_calls
        ));
    }
    let rows: Vec<Vec<String>> = coverage
        .languages
        .iter()
        .map(|(language, files)| vec![text(language), files.seen.to_string(), files.parsed.to_string()])
        .collect();
    let table = compact(&["Language", "Files", "Read closely"], &rows);
    if !table.is_empty() {
        out.push_str(&format!("\n{table}"));
    }
    if !coverage.skipped.is_empty() {
        out.push_str(&format!("\n{} left out; `weir discover` lists them.\n", count(coverage.skipped.len(), "file")));
    }
    out
}
