//! Where work starts: received messages, routes, timers, and sends that nothing above them is known of.

use crate::ways::Event;
use std::collections::BTreeSet;
use weir_facts::{BoundaryFact, Effect, Program, Site, WriteKind};
use weir_model::{Finding, FlowModel, Operation, Related, TimelineEntry};

/// A piece of work with its program.
pub(crate) struct Entry<'m> {
    /// What it does.
    pub(crate) program: &'m Program,
    /// The receive that starts it, when a message does.
    pub(crate) receive: Option<&'m Operation>,
    /// The trigger, when something outside starts it.
    pub(crate) trigger: Option<&'m BoundaryFact>,
}

/// Every piece of work of the model. A send is its own entry only when no entry leads to it.
pub(crate) fn entries(model: &FlowModel) -> Vec<Entry<'_>> {
    let mut found: Vec<Entry<'_>> = Vec::new();
    for operation in model.live().filter(|operation| operation.is_receive()) {
        if let Some(program) = &operation.program {
            found.push(Entry { program, receive: Some(operation), trigger: None });
        }
    }
    for trigger in model.triggers.iter().filter(|trigger| !trigger.test) {
        if let Some(program) = &trigger.program {
            found.push(Entry { program, receive: None, trigger: Some(trigger) });
        }
    }
    let mut reached: BTreeSet<&Site> = BTreeSet::new();
    for entry in &found {
        entry.program.walk(&mut |step| {
            if matches!(step.effect, Effect::Publish { .. }) {
                reached.insert(&step.site);
            }
        });
    }
    for operation in model.live().filter(|operation| operation.is_send() && !reached.contains(&operation.site)) {
        if let Some(program) = &operation.program {
            found.push(Entry { program, receive: None, trigger: None });
        }
    }
    found
}

/// The send that a publish step belongs to.
pub(crate) fn send_at<'m>(model: &'m FlowModel, event: &Event<'_>) -> Option<&'m Operation> {
    let Effect::Publish { channel, .. } = &event.step.effect else { return None };
    let here = |operation: &&Operation| operation.is_send() && operation.site == event.step.site;
    let named = |operation: &&Operation| operation.channel == *channel;
    let mut sends = model.operations.iter().filter(here);
    sends.clone().find(named).or_else(|| sends.next())
}

/// A write that a restart cannot bring back: caches and the outbox itself are none.
pub(crate) fn is_lasting_write(event: &Event<'_>) -> bool {
    match &event.step.effect {
        Effect::Write { store, table, .. } => store != CACHE && !table.as_deref().is_some_and(is_outbox),
        _ => false,
    }
}

/// The store kind packs give to what may be lost.
pub(crate) const CACHE: &str = "cache";

/// Tables that hold messages on their way out.
pub(crate) fn is_outbox(table: &str) -> bool {
    let bare: String = table.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    ["outbox", "eventpublication", "outgoingmessage"].iter().any(|word| bare.contains(word))
}

/// The table a write touches, for people.
pub(crate) fn table(event: &Event<'_>) -> String {
    match &event.step.effect {
        Effect::Write { store, table, .. } => {
            table.clone().filter(|table| !table.is_empty()).unwrap_or_else(|| store.clone())
        }
        _ => String::new(),
    }
}

/// The verb of a write, for people.
pub(crate) fn verb(event: &Event<'_>) -> &'static str {
    match &event.step.effect {
        Effect::Write { kind, .. } => match kind {
            WriteKind::Insert => "inserts into",
            WriteKind::Update => "updates",
            WriteKind::Relative => "changes",
            WriteKind::Upsert => "upserts",
            WriteKind::Delete => "deletes from",
            WriteKind::Save => "saves",
        },
        _ => "writes",
    }
}

/// What is sent, for people: the message, else a message.
pub(crate) fn message_of(send: Option<&Operation>, event: &Event<'_>) -> String {
    let named = send.and_then(|send| send.messages.first()).map(|message| message.name.clone());
    let own = match &event.step.effect {
        Effect::Publish { message, .. } => message.clone(),
        _ => None,
    };
    named.or(own).unwrap_or_else(|| "a message".to_owned())
}

/// Where it is sent, for people.
pub(crate) fn channel_of(send: Option<&Operation>, event: &Event<'_>) -> String {
    let own = match &event.step.effect {
        Effect::Publish { channel, .. } => channel.clone(),
        _ => None,
    };
    send.and_then(|send| send.channel.clone()).or(own).unwrap_or_else(|| "the broker".to_owned())
}

/// A line of a timeline at a place.
pub(crate) fn at(site: &Site, what: impl Into<String>) -> TimelineEntry {
    TimelineEntry { site: Some(site.clone()), what: what.into() }
}

/// A line of a timeline that the world writes.
pub(crate) fn then(what: impl Into<String>) -> TimelineEntry {
    TimelineEntry { site: None, what: what.into() }
}

/// A related place.
pub(crate) fn related(site: &Site, message: impl Into<String>) -> Related {
    Related { site: site.clone(), message: message.into() }
}

/// The identity of a finding: rule, service, symbol, channel, and a number where they repeat; no lines.
pub(crate) fn fingerprint(rule: &str, parts: &[&str]) -> String {
    let mut text = rule.to_owned();
    for part in parts {
        text.push('/');
        text.push_str(part);
    }
    text
}

/// Tells findings apart that share everything but their place.
pub(crate) fn number(findings: &mut [Finding]) {
    findings.sort_by(|a, b| (&a.fingerprint, &a.site).cmp(&(&b.fingerprint, &b.site)));
    let mut count = 0;
    for index in 1..findings.len() {
        let stem = findings[index - 1].fingerprint.split('#').next().unwrap_or_default().to_owned();
        if findings[index].fingerprint == stem {
            count += 1;
            findings[index].fingerprint = format!("{stem}#{}", count + 1);
        } else {
            count = 0;
        }
    }
}
