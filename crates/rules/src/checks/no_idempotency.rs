//! # no-idempotency: a message that comes twice takes effect twice
//!
//! Brokers that do not lose messages repeat them: after a crash between the work and the acknowledgement, after a
//! timeout, after a rebalance, after somebody replays the dead letters. A handler that inserts, adds, mails or pays does
//! so again each time, unless something recognises the message. A cache entry is not enough: it forgets, and it is not
//! written together with the effect.
//!
//! ## Found
//! A consumer whose messages may be repeated, and a way through its handler on which an effect that must not be
//! repeated comes before any guard.
//!
//! ```yaml finds=1
//! weir: 1
//! system: shop
//! brokers: { main: { kind: kafka } }
//! messages: { OrderPlaced: { version: 1, payload: { orderId: uuid } } }
//! channels: { orders: { messages: [OrderPlaced] } }
//! receives:
//!   - service: payment-service
//!     group: payments
//!     channel: orders
//!     messages: [OrderPlaced]
//!     deadLetter: orders.DLQ
//!     does: [pay: charge the card, insert: payments, ack]
//! ```
//!
//! ## Repaired
//! A row under the message's id, inserted under a unique key in the transaction of the effect; an idempotency key that
//! comes from the message for calls to the outside; or an effect that may be repeated (an update to an absolute value,
//! an upsert under a natural key).
//!
//! ```yaml
//! weir: 1
//! system: shop
//! brokers: { main: { kind: kafka } }
//! messages: { OrderPlaced: { version: 1, payload: { orderId: uuid } } }
//! channels: { orders: { messages: [OrderPlaced] } }
//! receives:
//!   - service: payment-service
//!     group: payments
//!     channel: orders
//!     messages: [OrderPlaced]
//!     deadLetter: orders.DLQ
//!     does:
//!       - { pay: charge the card, key: orderId }
//!       - tx: [{ guard: dedup-table, in: processed_events }, insert: payments]
//!       - ack
//! ```
//!
//! ## Not reported
//! Consumers whose messages come at most once; handlers that only read, update to absolute values, upsert or delete by
//! key; a look-up before the write (a race, but not this rule's).

use crate::entries::{CACHE, Entry, at, fingerprint, is_outbox, number, related, table, then, verb};
use crate::ways::{Event, Way, ways};
use weir_facts::{Certainty, Effect, ExternalKind, WriteKind};
use weir_model::{Finding, FlowModel, GuaranteeValue, Operation, Severity};

const RULE: &str = "no-idempotency";

pub(crate) fn check(model: &FlowModel) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut asked = 0;
    for receive in model.live().filter(|operation| operation.is_receive()) {
        match receive.guarantee.value {
            GuaranteeValue::AtLeastOnce => {}
            GuaranteeValue::AtMostOnce | GuaranteeValue::ExactlyOnce | GuaranteeValue::Unknown => continue,
        }
        asked += 1;
        let Some(program) = &receive.program else {
            findings.push(unseen(receive));
            continue;
        };
        let entry = Entry { program, receive: Some(receive), trigger: None };
        let ways = ways(program);
        if let Some(sink) = ways.ways.iter().find_map(unguarded) {
            findings.push(finding(&entry, receive, sink, program.partial || ways.cut));
        }
    }
    number(&mut findings);
    if findings.is_empty() && asked > 0 {
        let consumers = if asked == 1 {
            "the consumer whose messages may be repeated has".to_owned()
        } else {
            format!("all {asked} consumers whose messages may be repeated have")
        };
        findings.push(Finding {
            rule: RULE.to_owned(),
            severity: Severity::Pass,
            title: "Messages that come twice take effect once".to_owned(),
            message: format!("{consumers} a guard before every effect that must not be repeated, or no such effect"),
            fingerprint: fingerprint(RULE, &["pass"]),
            ..Finding::default()
        });
    }
    findings
}

/// The first effect of a way that must not be repeated and that no guard comes before.
fn unguarded<'w, 'p>(way: &'w Way<'p>) -> Option<&'w Event<'p>> {
    let guard = way.events.iter().position(|event| matches!(event.step.effect, Effect::Guard { .. }));
    let end = guard.unwrap_or(way.events.len());
    way.events[..end]
        .iter()
        .enumerate()
        .find(|(index, event)| !repeatable(&way.events[..*index], event))
        .map(|(_, event)| event)
}

/// True for effects that may be repeated without harm.
fn repeatable(before: &[Event<'_>], event: &Event<'_>) -> bool {
    if event.caught {
        return true;
    }
    match &event.step.effect {
        Effect::Write { store, table, kind, keyed } => match kind {
            _ if table.as_deref().is_some_and(is_outbox) => true,
            WriteKind::Update | WriteKind::Upsert | WriteKind::Delete => true,
            WriteKind::Insert => *keyed || store == CACHE,
            // What was read before it is saved is an update.
            WriteKind::Save => {
                *keyed
                    || store == CACHE
                    || before.iter().any(|earlier| {
                        matches!(&earlier.step.effect, Effect::Read { store: read, table: from } if read == store && (from == table || from.is_none() || table.is_none()))
                    })
            }
            WriteKind::Relative => false,
        },
        Effect::External { kind, idempotency_key, .. } => {
            *idempotency_key || !matches!(kind, ExternalKind::Http | ExternalKind::Mail | ExternalKind::Payment)
        }
        _ => true,
    }
}

fn effect_words(event: &Event<'_>) -> (String, String) {
    match &event.step.effect {
        Effect::External { kind: ExternalKind::Mail, .. } => {
            ("sends a mail".to_owned(), "the mail is sent twice".to_owned())
        }
        Effect::External { kind: ExternalKind::Payment, .. } => {
            ("takes a payment".to_owned(), "the money is taken twice".to_owned())
        }
        Effect::External { what, .. } => (format!("calls {what}"), "the call is made twice".to_owned()),
        _ => {
            let table = table(event);
            (
                format!("{} {table}", verb(event)),
                match &event.step.effect {
                    Effect::Write { kind: WriteKind::Relative, .. } => format!("{table} is changed twice"),
                    _ => format!("{table} has the row twice"),
                },
            )
        }
    }
}

fn finding(entry: &Entry<'_>, receive: &Operation, sink: &Event<'_>, partial: bool) -> Finding {
    let (does, harm) = effect_words(sink);
    let channel = receive.channel_name().to_owned();
    let handler = receive.handler.clone().unwrap_or_else(|| entry.program.symbol.clone());
    let message = receive.messages.first().map_or_else(|| "a message".to_owned(), |message| message.name.clone());
    let certainty = receive.certainty.max(if partial { Certainty::Likely } else { Certainty::Certain });
    let timeline = vec![
        at(&receive.site, format!("{message} arrives from {channel}")),
        at(&sink.step.site, format!("{handler} {does}")),
        then("the process dies before the message is acknowledged"),
        at(&receive.site, format!("{message} arrives again ({})", receive.guarantee.why)),
        at(&sink.step.site, harm.clone()),
    ];
    Finding {
        rule: RULE.to_owned(),
        severity: Severity::Warn,
        title: "A message that comes twice takes effect twice".to_owned(),
        message: format!(
            "{handler} in {} {does} for every delivery from {channel}, and nothing recognises a repeated message",
            receive.service
        ),
        site: Some(receive.handler_site.clone().unwrap_or_else(|| receive.site.clone())),
        here: "the handler".to_owned(),
        service: receive.service.clone(),
        handler: Some(handler.clone()),
        channel: Some(channel.clone()),
        related: vec![
            related(&sink.step.site, does.clone()),
            related(&receive.site, format!("receives from {channel}")),
        ],
        timeline,
        remedy: remedy(sink),
        certainty,
        fingerprint: fingerprint(RULE, &[&receive.service, &handler, &channel]),
        operations: vec![receive.id.clone()],
        ..Finding::default()
    }
}

fn remedy(sink: &Event<'_>) -> String {
    match &sink.step.effect {
        Effect::External { kind: ExternalKind::Payment, .. } => {
            "Hand the message's id to the payment provider as its idempotency key, and record it in a table with a unique key.".to_owned()
        }
        Effect::External { .. } => {
            "Claim the message first: insert its id under a unique key, stop when it is there already; hand the id along as an idempotency key where the other side takes one.".to_owned()
        }
        _ => "Insert the message's id into a table under a unique key, in the transaction of the effect; stop when it is there already. Or write under a natural key (upsert).".to_owned(),
    }
}

fn unseen(receive: &Operation) -> Finding {
    Finding {
        rule: RULE.to_owned(),
        severity: Severity::Unknown,
        title: "The handler cannot be seen".to_owned(),
        message: format!(
            "{} receives from {}, but weir cannot see the handler; it would have to be a function in this repository",
            receive.service,
            receive.channel_name()
        ),
        site: Some(receive.site.clone()),
        here: format!("receives from {}", receive.channel_name()),
        service: receive.service.clone(),
        channel: receive.channel.clone(),
        fingerprint: fingerprint(RULE, &["unseen", &receive.service, &receive.symbol, receive.channel_name()]),
        operations: vec![receive.id.clone()],
        ..Finding::default()
    }
}
