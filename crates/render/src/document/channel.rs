//! The page of a channel: what it is, who is at its ends, where failed messages go, and what to do at 3 am.

use super::book::View;
use super::parts::{Known, broker_words, compact, fields, findings, paths, receivers, section, senders};
use crate::markdown::escape::{code, fence, table, text};
use crate::text::clean;
use weir_facts::ChannelKind;
use weir_model::{Channel, Operation, RunbookTask, broker_info};

pub(super) fn page(view: &View<'_, '_>, channel: &Channel) -> String {
    let (sends, receives) = ends(view, channel);
    let mut out = format!("# {}\n\n", code(&channel.name));
    out.push_str(&format!(
        "{} on {}. [All channels]({})\n",
        kind_word(channel.kind),
        broker_words(&channel.broker_id),
        view.page("README.md#channels")
    ));
    out.push_str(&section("Ends", &paths(view, &sends, &receives)));
    let known = Known::Channel(&channel.name);
    out.push_str(&section("Senders", &senders(view, &sends, known)));
    out.push_str(&section("Receivers", &receivers(view, &receives, known)));
    out.push_str(&section("Payload without a name", &unnamed(view, &sends)));
    out.push_str(&section("Dead letters", &dead_letters(view, channel, &receives)));
    out.push_str(&section("Routes", &routes(view, channel)));
    out.push_str(&section("Declared", &declared(view, channel)));
    let both: Vec<&Operation> = sends.iter().chain(&receives).copied().collect();
    out.push_str(&section("What can go wrong", &findings(view, &both)));
    out.push_str(&section("Runbook", &runbook(view, channel, &receives)));
    out
}

/// `Topic`, `Queue`, ...
pub(super) fn kind_word(kind: ChannelKind) -> &'static str {
    match kind {
        ChannelKind::Topic => "Topic",
        ChannelKind::Queue => "Queue",
        ChannelKind::Exchange => "Exchange",
        ChannelKind::Subject => "Subject",
        ChannelKind::Stream => "Stream",
        ChannelKind::Bus => "Bus",
    }
}

/// Operations on a channel, and those that reach it or are reached from it over a route.
pub(super) fn ends<'m>(view: &View<'_, 'm>, channel: &Channel) -> (Vec<&'m Operation>, Vec<&'m Operation>) {
    let is = |name: &Option<String>| name.as_deref() == Some(channel.name.as_str());
    let on = |operation: &Operation| {
        operation.broker_id == channel.broker_id
            && (is(&operation.channel) || is(&operation.queue) || is(&operation.exchange))
    };
    let (mut sends, mut receives): (Vec<&Operation>, Vec<&Operation>) =
        view.model.live().filter(|operation| on(operation)).partition(|operation| operation.is_send());
    let add = |list: &mut Vec<&'m Operation>, found: &'m Operation| {
        if !found.test && list.iter().all(|known| known.id != found.id) {
            list.push(found);
        }
    };
    let (own_sends, own_receives) = (sends.clone(), receives.clone());
    for send in own_sends {
        view.model.receivers(send).for_each(|receive| add(&mut receives, receive));
    }
    for receive in own_receives {
        view.model.senders(receive).for_each(|send| add(&mut sends, send));
    }
    (sends, receives)
}

fn unnamed(view: &View<'_, '_>, sends: &[&Operation]) -> String {
    let mut out = String::new();
    for send in sends.iter().filter(|send| send.messages.is_empty() && !send.payload.is_empty()) {
        out.push_str(&format!(
            "{} sends at {}:\n\n{}\n",
            view.service(&send.service),
            view.site(&send.site),
            fields(&send.payload)
        ));
    }
    out
}

fn dead_letters(view: &View<'_, '_>, channel: &Channel, receives: &[&Operation]) -> String {
    let mut rows = Vec::new();
    for receive in receives {
        let (target, how) = match view.model.dead_letter(receive) {
            Some(found) => {
                let place = found.site.map(|site| format!(" {}", view.site(&site))).unwrap_or_default();
                let target = found
                    .channel
                    .map_or_else(|| "set aside".to_owned(), |name| view.channel_named(&channel.broker_id, &name));
                (target, format!("{}{place}", text(&found.how)))
            }
            None => ("none to be seen".to_owned(), text(receive.errors.as_deref().unwrap_or_default())),
        };
        rows.push(vec![view.service(&receive.service), target, how]);
    }
    rows.dedup();
    compact(&["Receiver", "Failed messages go to", "How"], &rows)
}

fn routes(view: &View<'_, '_>, channel: &Channel) -> String {
    let mut out = String::new();
    for binding in &view.model.bindings {
        if binding.source != channel.name && binding.destination != channel.name {
            continue;
        }
        let key = binding
            .key
            .as_ref()
            .filter(|key| !key.is_empty())
            .map(|key| format!(" with key {}", code(key)))
            .unwrap_or_default();
        out.push_str(&format!(
            "- {} → {}{key} – {}\n",
            view.channel_named(&channel.broker_id, &binding.source),
            view.channel_named(&channel.broker_id, &binding.destination),
            view.site(&binding.site)
        ));
    }
    out
}

fn declared(view: &View<'_, '_>, channel: &Channel) -> String {
    let mut out = String::new();
    for site in &channel.declared_in {
        out.push_str(&format!("- {}\n", view.site(site)));
    }
    let rows: Vec<Vec<String>> = channel.settings.iter().map(|(name, value)| vec![code(name), code(value)]).collect();
    if !rows.is_empty() {
        out.push_str(&format!("\n{}", table(&["Setting", "Value"], &rows)));
    }
    out
}

/// What this broker's operators do, with the names of this channel set.
fn runbook(view: &View<'_, '_>, channel: &Channel, receives: &[&Operation]) -> String {
    let kind = channel.broker_id.split("::").next().unwrap_or(&channel.broker_id);
    let Some(info) = broker_info(kind).filter(|info| !info.runbook.is_empty()) else { return String::new() };
    let group = receives.iter().find_map(|receive| receive.consumer_group.clone());
    let dead = receives.iter().find_map(|receive| view.model.dead_letter(receive)?.channel);
    let dead = dead.or_else(|| channel.dead_letter.clone());
    let uses = |task: &RunbookTask, name: &str| {
        task.steps.iter().any(|step| step.run.as_ref().is_some_and(|run| run.contains(name)))
    };
    let mut names = vec![format!("CHANNEL={}", quoted(&channel.name))];
    match &group {
        Some(group) => names.push(format!("GROUP={}", quoted(group))),
        None if info.runbook.iter().any(|task| uses(task, "$GROUP")) => {
            names.push("GROUP=  # not to be seen in the code".to_owned())
        }
        None => {}
    }
    names.extend(dead.iter().map(|dead| format!("DLQ={}", quoted(dead))));
    let mut out = fence("sh", &names.join("\n"));
    for task in &info.runbook {
        out.push_str(&format!("\n### {}\n\n", text(&task.task)));
        if dead.is_none() && uses(task, "$DLQ") {
            out.push_str("No dead-letter channel of this channel is to be seen, so there is nothing to replay from.\n");
        } else {
            out.push_str(&steps(task));
        }
    }
    out
}

fn steps(task: &RunbookTask) -> String {
    let mut out = String::new();
    for (at, step) in task.steps.iter().enumerate() {
        let gap = if at > 0 { "\n" } else { "" };
        out.push_str(&format!("{gap}{}. {}\n", at + 1, text(&step.say)));
        if let Some(run) = &step.run {
            out.push('\n');
            for line in fence("sh", run).lines() {
                out.push_str(&format!("   {line}\n"));
            }
        }
    }
    out
}

/// A name as one word of a shell.
fn quoted(name: &str) -> String {
    format!("'{}'", clean(name).replace('\'', "'\\''"))
}
