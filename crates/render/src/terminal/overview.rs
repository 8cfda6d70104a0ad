//! The map on one screen: brokers, channels with who sends and who receives, what starts work, what is wrong.

use super::findings::{gates, headline, worst};
use super::style::{Item, Look, clean, count, flow, placed, schedule, wrap};
use super::table;
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Site, TriggerKind};
use weir_model::{Broker, FlowModel, Operation, Report, broker_name};

/// Channels shown before the rest is counted.
const MOST_CHANNELS: usize = 16;
/// Triggers shown before the rest is counted.
const MOST_TRIGGERS: usize = 8;
/// Pieces of evidence shown for one broker.
const MOST_EVIDENCE: usize = 4;
/// Findings shown before the rest is counted.
const MOST_FINDINGS: usize = 5;

/// The answer of `weir PATH`: the map, then what is wrong, then where to go from here.
pub fn everything(model: &FlowModel, report: &Report, files: usize, took: &str, look: &Look) -> String {
    let mut out = head(model, files, took, look);
    out.push_str(&brokers(model, look));
    if model.live().next().is_none() {
        out.push_str(&nothing(model, look));
        return out;
    }
    out.push('\n');
    out.push_str(&channels(model, look, Some(MOST_CHANNELS)));
    out.push_str(&triggers(model, look, Some(MOST_TRIGGERS)));
    out.push_str(&unresolved(model, look, 3));
    out.push('\n');
    out.push_str(&gates(report, look));
    out.push_str(&headline(report, look));
    out.push_str(&worst(report, look, MOST_FINDINGS));
    out.push_str(&next(model, report, look));
    out
}

/// The answer of `weir discover`: the whole map.
pub fn map(model: &FlowModel, files: usize, took: &str, look: &Look) -> String {
    let mut out = head(model, files, took, look);
    out.push_str(&brokers(model, look));
    if model.live().next().is_none() {
        out.push_str(&nothing(model, look));
        return out;
    }
    out.push('\n');
    out.push_str(&channels(model, look, None));
    out.push_str(&triggers(model, look, None));
    out.push_str(&unresolved(model, look, usize::MAX));
    out.push_str(&skipped(model, look));
    out
}

fn head(model: &FlowModel, files: usize, took: &str, look: &Look) -> String {
    let services: BTreeSet<&str> = model.live().map(|operation| operation.service.as_str()).collect();
    let running = model.services.iter().filter(|service| !service.library).count().max(services.len());
    let mut parts = vec![count(running, "service"), count(files, "file")];
    let (resolved, calls) = (model.coverage.resolved_calls, model.coverage.messaging_calls);
    if calls > 0 {
        let rest = if resolved < calls { "; the rest listed" } else { "" };
        parts.push(format!("{resolved} of {calls} messaging calls resolved{rest}"));
    }
    if !took.is_empty() {
        parts.push(took.to_owned());
    }
    let root = clean(&model.root);
    let mut items =
        vec![Item { shown: format!("{}  {}", look.bold(&root), parts[0]), width: width(&root) + 2 + width(&parts[0]) }];
    items.extend(parts[1..].iter().map(|part| Item::plain(part)));
    flow(look, "", &items, " · ")
}

fn width(text: &str) -> usize {
    text.chars().count()
}

fn nothing(model: &FlowModel, look: &Look) -> String {
    let mut out = String::new();
    let read: Vec<String> = model
        .coverage
        .languages
        .iter()
        .map(|(language, coverage)| format!("{language} ({})", count(coverage.seen as usize, "file")))
        .collect();
    let calls = model.coverage.messaging_calls as usize;
    out.push_str(&match (calls, model.brokers.is_empty()) {
        (0, true) => "No messaging found.\n".to_owned(),
        (0, false) => "No code here sends or receives messages yet.\n".to_owned(),
        (calls, _) => format!("{} here, none resolved.\n", count(calls, "messaging call")),
    });
    if read.is_empty() {
        out.push_str("There is no source file here in a language weir reads.\n");
    } else {
        out.push_str(&format!("Read: {}.\n", read.join(", ")));
    }
    let local = model.operations.iter().filter(|operation| operation.is_local() && !operation.test).count();
    if local > 0 {
        out.push_str(&format!("{} within the process; they reach no broker.\n", count(local, "event call")));
    }
    out.push_str(&unresolved(model, look, usize::MAX));
    out.push_str(&skipped(model, look));
    out.push_str(&format!("\n{}  weir packs lists the libraries weir recognises\n", look.dim("next")));
    out
}

fn brokers(model: &FlowModel, look: &Look) -> String {
    let mut out = String::new();
    let shown: Vec<&Broker> = model.brokers.iter().filter(|broker| broker.kind != "in-process").collect();
    for (at, broker) in shown.iter().enumerate() {
        let label = if at == 0 { "brokers   " } else { "          " };
        let mut whats: Vec<String> = Vec::new();
        for evidence in &broker.evidence {
            let what = clean(&evidence.what);
            if !whats.contains(&what) && !what.ends_with(" call") {
                whats.push(what);
            }
        }
        if whats.is_empty() {
            whats.extend(broker.evidence.first().map(|evidence| clean(&evidence.what)));
        }
        whats.truncate(MOST_EVIDENCE);
        if !model.is_used(broker) {
            whats.push("runs here, no code uses it yet".to_owned());
        }
        let name = if broker.id == broker.kind { broker_name(&broker.kind).to_owned() } else { clean(&broker.id) };
        let first = whats.first().cloned().unwrap_or_default();
        let mut items = vec![Item {
            shown: format!("{}  {}", look.bold(&name), look.dim(&first)),
            width: width(&name) + 2 + width(&first),
        }];
        items.extend(whats.iter().skip(1).map(|what| Item { shown: look.dim(what), width: width(what) }));
        out.push_str(&flow(look, label, &items, " · "));
    }
    if !model.patterns.is_empty() {
        let kinds: Vec<Item> = model.patterns.iter().map(|pattern| Item::plain(&clean(&pattern.kind))).collect();
        out.push_str(&flow(look, "patterns  ", &kinds, " · "));
    }
    out
}

/// One line of the map: what is sent to one address, and who hears it.
#[derive(Default)]
struct Row<'m> {
    channel: String,
    messages: BTreeSet<&'m str>,
    from: BTreeSet<&'m str>,
    to: BTreeSet<String>,
    guarantees: BTreeSet<String>,
}

fn rows(model: &FlowModel) -> Vec<Row<'_>> {
    let mut rows: BTreeMap<(&str, String, bool), Row<'_>> = BTreeMap::new();
    let shown = |operation: &Operation| !operation.test && !operation.is_local();
    let mut heard: BTreeSet<usize> = BTreeSet::new();
    for (index, send) in
        model.operations.iter().enumerate().filter(|(_, operation)| shown(operation) && operation.is_send())
    {
        let key = (send.broker_id.as_str(), address(send), false);
        let row = rows.entry(key).or_default();
        row.channel = address(send);
        row.from.insert(&send.service);
        row.messages.extend(send.messages.iter().map(|message| message.name.as_str()));
        for link in model.links.iter().filter(|link| link.send == index) {
            let receive = &model.operations[link.receive];
            heard.insert(link.receive);
            row.messages.extend(receive.messages.iter().map(|message| message.name.as_str()));
            row.to.insert(receiver(send, receive));
            row.guarantees.insert(guarantee(receive));
        }
    }
    for (index, receive) in model.operations.iter().enumerate() {
        if !shown(receive) || !receive.is_receive() || heard.contains(&index) {
            continue;
        }
        let row = rows.entry((receive.broker_id.as_str(), address(receive), true)).or_default();
        row.channel = address(receive);
        row.to.insert(receive.service.clone());
        row.messages.extend(receive.messages.iter().map(|message| message.name.as_str()));
        row.guarantees.insert(guarantee(receive));
    }
    rows.into_values().collect()
}

/// The address a reader knows an operation by: an exchange that many keys share is told apart by its key.
fn address(operation: &Operation) -> String {
    let channel = operation.channel_name();
    match (&operation.exchange, &operation.routing_key) {
        (Some(exchange), Some(key)) if exchange == channel && !key.is_empty() && operation.is_send() => {
            format!("{channel} {key}")
        }
        _ => channel.to_owned(),
    }
}

fn receiver(send: &Operation, receive: &Operation) -> String {
    let same = receive.channel == send.channel;
    match &receive.channel {
        Some(channel) if !same && send.exchange.is_some() => format!("{} ({channel})", receive.service),
        _ => receive.service.clone(),
    }
}

fn guarantee(receive: &Operation) -> String {
    let why = &receive.guarantee.why;
    if why.is_empty() {
        receive.guarantee.value.words().to_owned()
    } else {
        format!("{}: {why}", receive.guarantee.value.words())
    }
}

fn channels(model: &FlowModel, look: &Look, most: Option<usize>) -> String {
    let rows = rows(model);
    let brief = most.is_some();
    let join = |set: &BTreeSet<&str>| set.iter().copied().collect::<Vec<_>>().join(", ");
    let most = most.unwrap_or(usize::MAX);
    let cells: Vec<Vec<String>> = rows
        .iter()
        .take(most)
        .map(|row| {
            let from = if row.from.is_empty() { "nobody here".to_owned() } else { join(&row.from) };
            let to = if row.to.is_empty() {
                "nobody here".to_owned()
            } else {
                row.to.iter().cloned().collect::<Vec<_>>().join(", ")
            };
            let guarantee = match row.guarantees.len() {
                0 => String::new(),
                1 if !brief => row.guarantees.iter().next().cloned().unwrap_or_default(),
                _ => {
                    let words: BTreeSet<&str> =
                        row.guarantees.iter().map(|text| text.split(':').next().unwrap_or(text)).collect();
                    words.into_iter().collect::<Vec<_>>().join(" / ")
                }
            };
            vec![row.channel.clone(), join(&row.messages), from, "→".to_owned(), to, guarantee]
        })
        .collect();
    // Reasons need room to be read; without them a word or two will do.
    let last = if brief { 8 } else { 22 };
    let head = ["channel", "messages", "from", "", "to", "guarantee"];
    let mut out = table::draw(look, &head, &cells, &[16, 10, 12, 1, 12, last]);
    if rows.len() > most {
        let rest = rows.len() - most;
        out.push_str(&look.dim(&format!("… and {}: weir discover {}\n", count(rest, "more channel"), look.path)));
    }
    out
}

fn triggers(model: &FlowModel, look: &Look, most: Option<usize>) -> String {
    let mut found: Vec<(String, BTreeSet<String>, &Site)> = Vec::new();
    for boundary in model.boundaries.iter().filter(|boundary| boundary.trigger.kind != TriggerKind::Queue) {
        let Some(send) = model.operation(&boundary.operation) else { continue };
        let what = match boundary.trigger.kind {
            TriggerKind::Schedule => schedule(&boundary.trigger.what),
            _ => boundary.trigger.what.clone(),
        };
        let what = format!("{what} ({})", boundary.service);
        match found.iter_mut().find(|(known, ..)| *known == what) {
            Some((_, channels, _)) => {
                channels.insert(address(send));
            }
            None => found.push((what, BTreeSet::from([address(send)]), &boundary.site)),
        }
    }
    if found.is_empty() {
        return String::new();
    }
    let most = most.unwrap_or(usize::MAX);
    let mut out = String::new();
    for (at, (what, channels, _)) in found.iter().take(most).enumerate() {
        let label = if at == 0 { "starts async  " } else { "              " };
        let text = format!("{what} → {}", channels.iter().cloned().collect::<Vec<_>>().join(", "));
        for (line, text) in wrap(&text, look.width.saturating_sub(14)).into_iter().enumerate() {
            let label = if line == 0 { label } else { "              " };
            out.push_str(&format!("{}{text}\n", look.dim(label)));
        }
    }
    if found.len() > most {
        out.push_str(&look.dim(&format!("              … and {}\n", count(found.len() - most, "more trigger"))));
    }
    format!("\n{out}")
}

fn unresolved(model: &FlowModel, look: &Look, most: usize) -> String {
    if model.unresolved.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{}\n", look.yellow("not resolved"));
    for entry in model.unresolved.iter().take(most) {
        out.push_str(&placed(look, 2, &entry.site, &format!("{}: {}", clean(&entry.what), clean(&entry.why))));
    }
    if model.unresolved.len() > most {
        let rest = model.unresolved.len() - most;
        out.push_str(&look.dim(&format!("  … and {}: weir discover {}\n", count(rest, "more call"), look.path)));
    }
    out
}

fn skipped(model: &FlowModel, look: &Look) -> String {
    if model.coverage.skipped.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{}\n", look.dim("left out"));
    for entry in model.coverage.skipped.iter().take(20) {
        out.push_str(&format!("  {}  {}\n", clean(&entry.site.file), clean(&entry.what)));
    }
    if model.coverage.skipped.len() > 20 {
        out.push_str(&look.dim(&format!("  … and {} in the JSON output\n", model.coverage.skipped.len() - 20)));
    }
    out
}

/// The commands that lead on from here.
fn next(model: &FlowModel, report: &Report, look: &Look) -> String {
    let mut commands = Vec::new();
    let path = &look.path;
    if let Some(finding) = report.findings.iter().find(|finding| finding.severity.is_problem()) {
        commands.push(format!("weir explain {} {path}", finding.id));
        commands.push(format!("weir rules {}", finding.rule));
    }
    if let Some(send) = model.live().find(|operation| operation.channel.is_some()) {
        commands.push(format!("weir show {} {path}", clean(send.channel_name())));
    }
    commands.push(format!("weir document {path} --out docs/events"));
    let items: Vec<Item> = commands.iter().map(|command| Item::plain(command)).collect();
    format!("\n{}", flow(look, "next  ", &items, " · "))
}
