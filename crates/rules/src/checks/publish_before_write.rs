//! # publish-before-write: a message is sent before what it tells of is safely stored
//!
//! The message is out, then the write fails or its transaction is rolled back: everybody downstream acts on something
//! that never happened. Even when nothing fails, a fast consumer reads the table before the row is visible.
//!
//! ## Found
//! A publish inside a transaction of a store that still has to commit, or before the only write on its way.
//!
//! ```yaml finds=1
//! weir: 1
//! system: shop
//! brokers: { main: { kind: rabbitmq } }
//! messages: { OrderPlaced: { version: 1, payload: { orderId: uuid } } }
//! channels: { orders: { kind: exchange, messages: [OrderPlaced] } }
//! sends:
//!   - service: order-service
//!     when: POST /orders
//!     message: OrderPlaced
//!     channel: orders
//!     does: [tx: [insert: orders, publish: OrderPlaced]]
//! ```
//!
//! ```yaml finds=1
//! weir: 1
//! system: shop
//! brokers: { main: { kind: rabbitmq } }
//! messages: { CodeSent: { version: 1, payload: { userId: uuid } } }
//! channels: { mails: { kind: queue, messages: [CodeSent] } }
//! sends:
//!   - { service: auth, when: POST /signin, message: CodeSent, channel: mails, does: [publish: CodeSent, insert: codes] }
//! ```
//!
//! ## Repaired
//! Write first, and tie the message to the write with an outbox; merely turning the two lines around makes a
//! `dual-write` of it.
//!
//! ```yaml
//! weir: 1
//! system: shop
//! brokers: { main: { kind: rabbitmq } }
//! messages: { OrderPlaced: { version: 1, payload: { orderId: uuid } } }
//! channels: { orders: { kind: exchange, messages: [OrderPlaced] } }
//! sends:
//!   - service: order-service
//!     when: POST /orders
//!     message: OrderPlaced
//!     channel: orders
//!     does: [tx: [insert: orders, { publish: OrderPlaced, outbox: true }]]
//! ```
//!
//! ## Not reported
//! The relay of an outbox, which publishes and then marks the row as sent; questions that wait for their answer; writes
//! that only note that something was sent.

use crate::entries::{
    Entry, at, channel_of, entries, fingerprint, is_lasting_write, is_outbox, message_of, number, related, send_at,
    table, then, verb,
};
use crate::ways::{Event, Way, ways};
use std::collections::BTreeMap;
use weir_facts::{Certainty, Effect, Site, WriteKind};
use weir_model::{Finding, FlowModel, Operation, Severity};

const RULE: &str = "publish-before-write";

pub(crate) fn check(model: &FlowModel) -> Vec<Finding> {
    let mut found: BTreeMap<(Site, Option<String>), Finding> = BTreeMap::new();
    for entry in entries(model) {
        for way in &ways(entry.program).ways {
            if relays(way) {
                continue;
            }
            for (publish, write, inside) in pairs(way) {
                let send = send_at(model, publish);
                if send.is_some_and(|send| {
                    send.test || send.is_local() || send.request || send.delivery.durable == Some(false)
                }) {
                    continue;
                }
                let key = (publish.step.site.clone(), send.and_then(|send| send.channel.clone()));
                found.entry(key).or_insert_with(|| finding(&entry, publish, write, inside, send));
            }
        }
    }
    let mut findings: Vec<Finding> = found.into_values().collect();
    number(&mut findings);
    if findings.is_empty() && model.live().any(Operation::is_send) {
        findings.push(Finding {
            rule: RULE.to_owned(),
            severity: Severity::Pass,
            title: "No message runs ahead of its write".to_owned(),
            message: "no send comes before the write it tells of on any way weir can see".to_owned(),
            fingerprint: fingerprint(RULE, &["pass"]),
            ..Finding::default()
        });
    }
    findings
}

/// True for the work of a relay: it reads what waits to be sent.
fn relays(way: &Way<'_>) -> bool {
    way.events.iter().any(|event| match &event.step.effect {
        Effect::Read { table: Some(table), .. }
        | Effect::Write { table: Some(table), kind: WriteKind::Update | WriteKind::Save | WriteKind::Delete, .. } => {
            is_outbox(table)
        }
        _ => false,
    })
}

/// Publishes with a write after them, or around them in a transaction that is still open.
fn pairs<'w, 'p>(way: &'w Way<'p>) -> Vec<(&'w Event<'p>, &'w Event<'p>, bool)> {
    let mut pairs = Vec::new();
    for (index, publish) in way.events.iter().enumerate() {
        if !matches!(publish.step.effect, Effect::Publish { outbox: false, .. }) || publish.caught {
            continue;
        }
        let lasting = |event: &&Event<'_>| is_lasting_write(event) && !event.caught;
        if publish.tx.is_some() {
            if let Some(write) = way.events.iter().filter(lasting).find(|write| write.tx == publish.tx) {
                pairs.push((publish, write, true));
            }
            continue;
        }
        // What was written before it is another story, and another rule's.
        if way.events[..index].iter().any(|event| is_lasting_write(event)) {
            continue;
        }
        if let Some(write) = way.events[index..].iter().find(lasting) {
            pairs.push((publish, write, false));
        }
    }
    pairs
}

fn finding(
    entry: &Entry<'_>,
    publish: &Event<'_>,
    write: &Event<'_>,
    inside: bool,
    send: Option<&Operation>,
) -> Finding {
    let (table, message, channel) = (table(write), message_of(send, publish), channel_of(send, publish));
    let service = send.map(|send| send.service.clone()).unwrap_or_default();
    let who = if service.is_empty() { entry.program.symbol.clone() } else { service.clone() };
    let (what, fails) = if inside {
        (
            format!("{who} sends {message} to {channel} while the transaction on {table} is still open"),
            "the transaction is rolled back",
        )
    } else {
        (
            format!("{who} sends {message} to {channel} before it {} {table}", verb(write)),
            "the write fails, or the process dies before it",
        )
    };
    let timeline = vec![
        at(&publish.step.site, format!("{message} leaves for {channel}")),
        at(&write.step.site, format!("{who} {} {table}", verb(write))),
        then(fails),
        then(format!("whoever listens to {channel} acts on something that never happened")),
    ];
    Finding {
        rule: RULE.to_owned(),
        severity: Severity::Warn,
        title: "Sent before it is stored: a failure makes a ghost message".to_owned(),
        message: format!("{what}; when {fails}, the message was wrong"),
        site: Some(publish.step.site.clone()),
        here: format!("sends {message} → {channel}"),
        handler: Some(entry.program.symbol.clone()).filter(|symbol| !symbol.is_empty()),
        channel: Some(channel.clone()),
        related: vec![related(&write.step.site, format!("{} {table}", verb(write)))],
        timeline,
        remedy: format!(
            "Write {table} first and store {message} in an outbox in the same transaction; a relay publishes it after the commit."
        ),
        certainty: send.map_or(Certainty::Likely, |send| send.certainty),
        fingerprint: fingerprint(RULE, &[&service, &entry.program.symbol, &channel]),
        operations: send.map(|send| send.id.clone()).into_iter().collect(),
        service,
        ..Finding::default()
    }
}
