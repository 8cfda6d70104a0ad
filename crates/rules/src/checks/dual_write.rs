//! # dual-write: a row is written, then a message is sent, and nothing ties the two together
//!
//! Two systems are changed one after the other. When the process dies between the two lines, or the broker cannot be
//! reached just then, the row is there and the message never was: nobody downstream hears of the order that exists.
//! Sending right after the commit only makes the window small. A retry of the request does not help: it finds the row
//! already written.
//!
//! ## Found
//! A lasting write, then a publish on the same way through the code, with the transaction of the write committed (or
//! no transaction at all).
//!
//! ```yaml finds=1
//! weir: 1
//! system: shop
//! brokers: { main: { kind: kafka } }
//! messages: { OrderPlaced: { version: 1, payload: { orderId: uuid } } }
//! channels: { orders: { messages: [OrderPlaced] } }
//! sends:
//!   - service: order-service
//!     when: POST /orders
//!     message: OrderPlaced
//!     channel: orders
//!     does: [tx: [insert: orders], publish: OrderPlaced]
//! ```
//!
//! ## Repaired
//! The message is stored in an outbox table in the transaction of the row; a relay publishes it afterwards, as often
//! as it takes. Or the change of the table itself is captured (CDC). Then both happen or neither does.
//!
//! ```yaml
//! weir: 1
//! system: shop
//! brokers: { main: { kind: kafka } }
//! messages: { OrderPlaced: { version: 1, payload: { orderId: uuid } } }
//! channels: { orders: { messages: [OrderPlaced] } }
//! sends:
//!   - { service: order-service, when: POST /orders, message: OrderPlaced, channel: orders, writes: orders, via: outbox }
//! ```
//!
//! ## Not reported
//! Writes to caches, to the outbox itself, and messages that never leave the process. Where messages are at most once
//! by nature (presence, cache hints) it is information only; likewise where the work is redelivered as a whole and
//! every write in it may be repeated.

use crate::entries::{
    Entry, at, channel_of, entries, fingerprint, is_lasting_write, message_of, number, related, send_at, table, then,
    verb,
};
use crate::ways::{Event, Way, ways};
use std::collections::BTreeMap;
use weir_facts::{Certainty, Effect, Site, WriteKind};
use weir_model::{Finding, FlowModel, GuaranteeValue, Operation, Severity};

const RULE: &str = "dual-write";

pub(crate) fn check(model: &FlowModel) -> Vec<Finding> {
    let mut found: BTreeMap<(Site, Option<String>), Finding> = BTreeMap::new();
    for entry in entries(model) {
        for way in &ways(entry.program).ways {
            for (write, publish) in pairs(way) {
                let send = send_at(model, publish);
                if send.is_some_and(|send| send.test || send.is_local()) {
                    continue;
                }
                let key = (publish.step.site.clone(), send.and_then(|send| send.channel.clone()));
                found.entry(key).or_insert_with(|| finding(&entry, way, write, publish, send));
            }
        }
    }
    let mut findings: Vec<Finding> = found.into_values().collect();
    number(&mut findings);
    if findings.is_empty() && model.live().any(Operation::is_send) {
        findings.push(Finding {
            rule: RULE.to_owned(),
            severity: Severity::Pass,
            title: "No message depends on a write it is not tied to".to_owned(),
            message: pass(model),
            fingerprint: fingerprint(RULE, &["pass"]),
            ..Finding::default()
        });
    }
    findings
}

fn pass(model: &FlowModel) -> String {
    let outbox = model.patterns.iter().any(|pattern| pattern.kind == "outbox");
    if outbox {
        "messages are stored in an outbox together with what they tell of".to_owned()
    } else {
        "no send follows a lasting write on any way weir can see".to_owned()
    }
}

/// The last lasting write before each publish that is not tied to it.
fn pairs<'w, 'p>(way: &'w Way<'p>) -> Vec<(&'w Event<'p>, &'w Event<'p>)> {
    let mut pairs = Vec::new();
    for (index, publish) in way.events.iter().enumerate() {
        if !matches!(publish.step.effect, Effect::Publish { outbox: false, .. }) || publish.caught {
            continue;
        }
        let tied = |write: &Event<'_>| write.tx.is_some() && write.tx == publish.tx;
        let before =
            way.events[..index].iter().rev().find(|event| is_lasting_write(event) && !event.caught && !tied(event));
        if let Some(write) = before {
            pairs.push((write, publish));
        }
    }
    pairs
}

fn finding(
    entry: &Entry<'_>,
    way: &Way<'_>,
    write: &Event<'_>,
    publish: &Event<'_>,
    send: Option<&Operation>,
) -> Finding {
    let (table, message, channel) = (table(write), message_of(send, publish), channel_of(send, publish));
    let service = send.map(|send| send.service.clone()).unwrap_or_default();
    let who = if service.is_empty() { entry.program.symbol.clone() } else { service.clone() };
    let severity = severity(entry, way, send);
    let mut timeline = Vec::new();
    if let Some(trigger) = entry.trigger {
        timeline.push(at(&trigger.site, trigger.what.clone()));
    } else if let Some(receive) = entry.receive {
        timeline.push(at(&receive.site, format!("a message arrives from {}", receive.channel_name())));
    }
    timeline.push(at(&write.step.site, format!("{who} {} {table}, which commits", verb(write))));
    timeline.push(then("the process dies, or the broker cannot be reached"));
    timeline.push(at(&publish.step.site, format!("{message} is never sent to {channel}")));
    timeline.push(then(match entry.receive {
        Some(_) => "the message that started it comes again; what it does then decides whether this one is ever sent"
            .to_owned(),
        None => format!("{table} has the row; nobody who listens to {channel} ever hears of it"),
    }));
    let remedy = format!(
        "Store {message} in an outbox table in the same transaction as {table} and let a relay publish it, or capture the changes \
         of {table} (CDC)."
    );
    Finding {
        rule: RULE.to_owned(),
        severity,
        title: "Written, then sent: a crash in between loses the message".to_owned(),
        message: format!(
            "{who} {} {table}, then sends {message} to {channel}; a crash in between loses the message",
            verb(write)
        ),
        site: Some(publish.step.site.clone()),
        here: format!("sends {message} → {channel}"),
        handler: Some(entry.program.symbol.clone()).filter(|symbol| !symbol.is_empty()),
        channel: Some(channel.clone()),
        related: vec![related(&write.step.site, format!("{} {table}, which commits", verb(write)))],
        timeline,
        remedy,
        certainty: send.map_or(Certainty::Likely, |send| send.certainty),
        fingerprint: fingerprint(RULE, &[&service, &entry.program.symbol, &channel]),
        operations: send.map(|send| send.id.clone()).into_iter().collect(),
        service,
        ..Finding::default()
    }
}

fn severity(entry: &Entry<'_>, way: &Way<'_>, send: Option<&Operation>) -> Severity {
    // Nobody may count on what is lost whenever nobody listens.
    if send.is_some_and(|send| send.delivery.durable == Some(false)) {
        return Severity::Info;
    }
    let redelivered = entry.receive.is_some_and(|receive| receive.guarantee.value == GuaranteeValue::AtLeastOnce);
    let repeatable = way.events.iter().all(|event| match &event.step.effect {
        Effect::Write { kind, keyed, .. } => match kind {
            WriteKind::Update | WriteKind::Upsert | WriteKind::Delete => true,
            WriteKind::Insert | WriteKind::Save => *keyed,
            WriteKind::Relative => false,
        },
        // What was already handled is skipped, and with it the message that was lost.
        Effect::Guard { .. } => false,
        Effect::External { idempotency_key, .. } => *idempotency_key,
        _ => true,
    });
    if redelivered && repeatable { Severity::Info } else { Severity::Warn }
}
