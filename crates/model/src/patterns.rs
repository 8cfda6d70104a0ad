//! Architecture patterns that the model itself shows, each where it shows. Precision comes first: what a name alone
//! suggests is no pattern.

mod choreography;
mod gathered;
mod readmodels;
mod relay;
mod sagas;

use crate::assemble::parks_by_itself;
use crate::join::info;
use crate::types::{FlowModel, Operation, Pattern};
use std::collections::BTreeMap;
use weir_facts::{Certainty, ChannelKind, Effect, Evidence, GuardKind, PatternFact, Site};

/// Most places listed as evidence of one pattern.
const MOST_EVIDENCE: usize = 8;

/// What shows patterns, by kind.
#[derive(Default)]
struct Shown {
    found: BTreeMap<String, (Certainty, Vec<Evidence>)>,
}

impl Shown {
    /// Takes one piece of evidence: the kind of pattern, where, what is there.
    fn add(&mut self, kind: &str, site: &Site, what: String) {
        self.take(kind, Certainty::Certain, site, what);
    }

    /// Takes a piece of evidence that no single place is: only how services work together.
    fn likely(&mut self, kind: &str, site: &Site, what: String) {
        self.take(kind, Certainty::Likely, site, what);
    }

    fn take(&mut self, kind: &str, certainty: Certainty, site: &Site, what: String) {
        let (surest, evidence) = self.found.entry(kind.to_owned()).or_insert((certainty, Vec::new()));
        *surest = (*surest).min(certainty);
        evidence.push(Evidence { site: site.clone(), what });
    }
}

/// Every pattern with its evidence, by kind.
pub(crate) fn find(model: &FlowModel, facts: Vec<PatternFact>) -> Vec<Pattern> {
    let mut shown = Shown::default();
    for fact in facts {
        shown.add(&fact.kind, &fact.evidence.site, fact.evidence.what);
    }
    for link in &model.links {
        let (send, receive) = (&model.operations[link.send], &model.operations[link.receive]);
        if !send.is_local() && broadcasts(send) {
            shown.add("pub-sub", &receive.site, format!("{} receives {}", receive.service, send.channel_name()));
        }
    }
    for channel in &model.channels {
        if let (Some(dead_letter), Some(site)) = (&channel.dead_letter, channel.declared_in.first()) {
            shown.add("dlq", site, format!("{} goes to {dead_letter} after failures", channel.name));
        }
    }
    for operation in model.operations.iter().filter(|operation| !operation.test && !operation.is_local()) {
        if let Some(dead_letter) = &operation.dead_letter {
            shown.add(
                "dlq",
                &operation.site,
                format!("{} goes to {dead_letter} after failures", operation.channel_name()),
            );
        } else if operation.is_receive() && parks_by_itself(operation) && named_dead_letter(model, operation) {
            shown.add("dlq", &operation.site, operation.delivery.on_error_words.clone());
        } else if operation.is_send() && is_dead_letter(operation.channel_name()) {
            shown.add("dlq", &operation.site, format!("sends to {}", operation.channel_name()));
        }
        if is_retry(operation.channel_name()) {
            shown.add("retry-topic", &operation.site, operation.channel_name().to_owned());
        }
        let Some(program) = &operation.program else { continue };
        program.walk(&mut |step| match &step.effect {
            Effect::Publish { outbox: true, channel, .. } => {
                shown.add("outbox", &step.site, format!("stored for {}", channel.as_deref().unwrap_or("a relay")));
            }
            Effect::Guard { kind: GuardKind::DedupTable, store } if operation.is_receive() => {
                shown.add(
                    "inbox-dedup",
                    &step.site,
                    format!("remembers handled messages in {}", store.as_deref().unwrap_or("a table")),
                );
            }
            _ => {}
        });
    }
    relay::find(model, &mut shown);
    sagas::find(model, &mut shown);
    gathered::find(model, &mut shown);
    choreography::find(model, &mut shown);
    readmodels::find(model, &mut shown);
    for saga in &model.sagas {
        for evidence in &saga.evidence {
            shown.add(&format!("saga-{}", saga.style), &evidence.site, saga.name.clone());
        }
    }
    let found = shown.found.into_iter();
    found
        .map(|(kind, (certainty, mut evidence))| {
            evidence.sort_by(|a, b| (&a.site, &a.what).cmp(&(&b.site, &b.what)));
            evidence.dedup();
            evidence.truncate(MOST_EVIDENCE);
            Pattern { kind, certainty, evidence }
        })
        .collect()
}

/// True when more than one service could hear the same message: a plain queue has one reader.
fn broadcasts(send: &Operation) -> bool {
    if send.exchange.as_deref().is_some_and(|exchange| !exchange.is_empty()) {
        return true;
    }
    let kind = send.channel_kind.or(info(&send.broker).channel_kind);
    kind.is_some_and(|kind| kind != ChannelKind::Queue) && !send.request
}

fn named_dead_letter(model: &FlowModel, operation: &Operation) -> bool {
    model.dead_letter(operation).is_some_and(|found| found.channel.is_some())
}

/// `orders.dlq`, `OrdersDLQ`, `orders-dead-letter`, `orders.DLT`.
pub(crate) fn is_dead_letter(name: &str) -> bool {
    let bare: String = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    ["dlq", "dlt", "dlx"].iter().any(|ending| bare.ends_with(ending)) || bare.contains("deadletter")
}

fn is_retry(name: &str) -> bool {
    name.to_ascii_lowercase().split(['.', '-', '_', ':', '/']).any(|word| word == "retry" || word == "retries")
}

/// `PaymentFailedEvent`, `payment.failed`, `PAYMENT_FAILED`: payment, failed.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            words.push(String::new());
        } else {
            if c.is_uppercase() && lower {
                words.push(String::new());
            }
            match words.last_mut() {
                Some(word) => word.extend(c.to_lowercase()),
                None => words.push(c.to_lowercase().collect()),
            }
        }
        lower = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    if words.len() > 1 && words.last().is_some_and(|word| word == "event" || word == "message") {
        words.pop();
    }
    words
}
