//! # no-dlq: a message that cannot be processed has nowhere to go
//!
//! Sooner or later a message arrives that the handler cannot process: a field is missing, the row it names is gone.
//! Without a dead-letter channel one of three things happens: it is lost, it comes back for ever and everything behind
//! it waits, or it sits somewhere nobody looks. With one, it is set aside with its error, somebody is told, and it can
//! be sent again when the cause is fixed.
//!
//! ## Found
//! A consumer without a dead-letter channel, as far as that can be seen: the client has none of its own, none is
//! declared with the queue, and the handler's own error handling sends failed messages nowhere.
//!
//! ```yaml finds=1
//! weir: 1
//! system: shop
//! brokers: { main: { kind: kafka } }
//! messages: { OrderPlaced: { version: 1, payload: { orderId: uuid } } }
//! channels: { orders: { messages: [OrderPlaced] } }
//! receives:
//!   - { service: stock-service, channel: orders, messages: [OrderPlaced], does: [upsert: stock, ack] }
//! ```
//!
//! ## Repaired
//! ```yaml
//! weir: 1
//! system: shop
//! brokers: { main: { kind: kafka } }
//! messages: { OrderPlaced: { version: 1, payload: { orderId: uuid } } }
//! channels: { orders: { messages: [OrderPlaced] } }
//! receives:
//!   - service: stock-service
//!     channel: orders
//!     messages: [OrderPlaced]
//!     retry: { attempts: 3, backoff: exponential, first: 1s, factor: 5 }
//!     deadLetter: { channel: orders.DLQ, alertAbove: 10, owner: stock }
//!     does: [upsert: stock, ack]
//! ```
//!
//! ## Cannot see
//! Queues that are declared outside the repository may well have a dead-letter queue; then the answer is "unknown", with
//! what would have to be visible. Questions whose error goes back to the caller, and messages that are worth nothing a
//! second later (presence, live updates), need none.

use crate::entries::{at, fingerprint, number, related, then};
use weir_facts::{Certainty, Effect, Program};
use weir_model::{DeadLetterSupport, Finding, FlowModel, OnError, Operation, Severity, broker_name};

const RULE: &str = "no-dlq";

pub(crate) fn check(model: &FlowModel) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut fine = 0;
    for receive in model.live().filter(|operation| operation.is_receive()) {
        if model.dead_letter(receive).is_some() {
            fine += 1;
            continue;
        }
        if receive.delivery.dead_letter == DeadLetterSupport::Never || receive.delivery.on_error == OnError::Replied {
            continue;
        }
        match seen(model, receive) {
            Seen::Absent => findings.push(finding(model, receive)),
            Seen::Unknown(why) => findings.push(unknown(receive, &why)),
        }
    }
    number(&mut findings);
    if findings.is_empty() && fine > 0 {
        let consumers = if fine == 1 { "the consumer has".to_owned() } else { format!("all {fine} consumers have") };
        findings.push(Finding {
            rule: RULE.to_owned(),
            severity: Severity::Pass,
            title: "Messages that fail for good are set aside".to_owned(),
            message: format!("{consumers} somewhere to put them"),
            fingerprint: fingerprint(RULE, &["pass"]),
            ..Finding::default()
        });
    }
    findings
}

enum Seen {
    Absent,
    Unknown(String),
}

/// Whether the absence of a dead-letter channel can be seen at all.
fn seen(model: &FlowModel, receive: &Operation) -> Seen {
    let broker = broker_name(&receive.broker);
    if receive.program.as_ref().is_some_and(rescue_is_hidden) {
        return Seen::Unknown("the handler's error handling calls something weir cannot follow".to_owned());
    }
    match receive.delivery.dead_letter {
        DeadLetterSupport::OptIn => {
            let channel = model.channel_of(receive);
            let declared = channel.is_some_and(|channel| !channel.declared_in.is_empty());
            if declared {
                Seen::Absent
            } else {
                Seen::Unknown(format!(
                    "{} is declared outside this repository; its declaration or policy on {broker} would have to be visible",
                    receive.channel_name()
                ))
            }
        }
        DeadLetterSupport::Unknown if receive.delivery.on_error == OnError::Unknown => {
            Seen::Unknown(format!("nothing is known of what {} does with errors on {broker}", receive.library))
        }
        _ => Seen::Absent,
    }
}

/// True when a handler of errors hides what it does.
fn rescue_is_hidden(program: &Program) -> bool {
    let mut hidden = false;
    program.walk(&mut |step| {
        if let Effect::Try { catches, .. } = &step.effect {
            for arm in catches {
                let probe = Program { symbol: String::new(), steps: arm.steps.clone(), partial: false };
                probe.walk(&mut |step| hidden |= matches!(step.effect, Effect::Unknown { .. }));
            }
        }
    });
    hidden
}

fn finding(model: &FlowModel, receive: &Operation) -> Finding {
    let channel = receive.channel_name().to_owned();
    let handler = receive.handler.clone().unwrap_or_else(|| receive.symbol.clone());
    let outcome = receive.errors.clone().unwrap_or_else(|| "nobody is told".to_owned());
    let mut timeline = vec![
        at(&receive.site, format!("a message arrives from {channel} that cannot be processed")),
        at(receive.handler_site.as_ref().unwrap_or(&receive.site), format!("{handler} fails on it")),
        then(outcome.clone()),
    ];
    timeline.push(then(match receive.delivery.on_error {
        OnError::Blocks | OnError::HotLoop => "everything behind it waits until somebody finds out",
        OnError::Stuck => "it stays where nobody looks",
        OnError::CodeDecides | OnError::Unknown => {
            "it is skipped or repeated, and no copy of it is kept for a second try"
        }
        OnError::Lost | OnError::RetriedThenLost | OnError::RetriedThenParked | OnError::Parked | OnError::Replied => {
            "it is gone, and nobody can send it again"
        }
    }));
    let declared = model.channel_of(receive).and_then(|channel| channel.declared_in.first());
    Finding {
        rule: RULE.to_owned(),
        severity: Severity::Warn,
        title: "A message that cannot be processed has nowhere to go".to_owned(),
        message: format!(
            "{handler} in {} receives from {channel} without a dead-letter channel: {outcome}",
            receive.service
        ),
        site: Some(receive.site.clone()),
        here: format!("receives from {channel}"),
        service: receive.service.clone(),
        handler: Some(handler.clone()),
        channel: Some(channel.clone()),
        related: declared
            .map(|site| related(site, "declared here, without a dead-letter channel"))
            .into_iter()
            .collect(),
        timeline,
        remedy: remedy(receive),
        certainty: receive.certainty.max(if receive.program.as_ref().is_some_and(|program| program.partial) {
            Certainty::Likely
        } else {
            Certainty::Certain
        }),
        fingerprint: fingerprint(RULE, &[&receive.service, &handler, &channel]),
        operations: vec![receive.id.clone()],
        ..Finding::default()
    }
}

fn remedy(receive: &Operation) -> String {
    let channel = receive.channel_name();
    let broker = broker_name(&receive.broker);
    match receive.delivery.dead_letter {
        DeadLetterSupport::OptIn => format!(
            "Give {channel} a dead-letter channel where it is declared on {broker}, limit the attempts, and alert on its depth."
        ),
        _ => format!(
            "Catch what fails for good in the handler, publish it with its error to {channel}.DLQ and wait for the broker's \
             confirmation, then let the message count as done; alert on the depth of {channel}.DLQ."
        ),
    }
}

fn unknown(receive: &Operation, why: &str) -> Finding {
    Finding {
        rule: RULE.to_owned(),
        severity: Severity::Unknown,
        title: "Whether failed messages are kept cannot be seen".to_owned(),
        message: format!("{} receives from {}: {why}", receive.service, receive.channel_name()),
        site: Some(receive.site.clone()),
        here: format!("receives from {}", receive.channel_name()),
        service: receive.service.clone(),
        handler: receive.handler.clone(),
        channel: receive.channel.clone(),
        remedy: "Check the declaration on the broker, or put it into the repository (definitions, Terraform) so that it can be seen.".to_owned(),
        certainty: receive.certainty,
        fingerprint: fingerprint(RULE, &["unseen", &receive.service, &receive.symbol, receive.channel_name()]),
        operations: vec![receive.id.clone()],
        ..Finding::default()
    }
}
