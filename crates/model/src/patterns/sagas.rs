//! Sagas that one function shows: it asks several services and undoes what was done when one fails.

use super::{Shown, is_dead_letter, is_retry, words};
use crate::types::{FlowModel, Operation};
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Arm, Effect, Program, Site, Step};

/// Words of messages that undo something.
const UNDO: &[&str] = &[
    "refund",
    "release",
    "restock",
    "restore",
    "cancel",
    "rollback",
    "compensate",
    "compensation",
    "revert",
    "undo",
    "void",
    "reverse",
];

/// Last words of messages that say something did not work.
pub(super) const FAILURES: &[&str] = &[
    "failed",
    "failure",
    "rejected",
    "declined",
    "denied",
    "unavailable",
    "insufficient",
    "aborted",
    "cancelled",
    "canceled",
];

pub(super) fn find(model: &FlowModel, shown: &mut Shown) {
    let triggers = model.triggers.iter().filter(|trigger| !trigger.test).filter_map(|trigger| trigger.program.as_ref());
    let live = model.operations.iter().filter(|operation| !operation.test && !operation.is_local());
    let programs: Vec<&Program> = triggers.chain(live.filter_map(|operation| operation.program.as_ref())).collect();
    for program in programs {
        program.walk(&mut |step| {
            if let Effect::Try { body, catches, .. } = &step.effect {
                orchestrated(model, step, body, catches, shown);
            }
        });
    }
}

/// Requests to several services in a `try` whose handler undoes some of them.
fn orchestrated(model: &FlowModel, step: &Step, body: &[Step], catches: &[Arm], shown: &mut Shown) {
    let asked: BTreeSet<&str> = sends(model, body).filter(|send| send.request).map(Operation::channel_name).collect();
    let undone: BTreeMap<&str, &Site> = catches
        .iter()
        .flat_map(|arm| sends(model, &arm.steps))
        .filter(|send| says(send, &|words| words.iter().any(|word| UNDO.contains(&word.as_str()))) || send.request)
        .map(|send| (send.channel_name(), &send.site))
        .filter(|(channel, _)| !asked.contains(channel) && !is_dead_letter(channel) && !is_retry(channel))
        .collect();
    if asked.len() < 2 || undone.is_empty() {
        return;
    }
    let list = |names: &mut dyn Iterator<Item = &str>| names.collect::<Vec<_>>().join(", ");
    let (asks, undoes) = (list(&mut asked.iter().copied()), list(&mut undone.keys().copied()));
    shown.add("saga-orchestration", &step.site, format!("asks {asks}; when one fails: {undoes}"));
    for (channel, site) in undone {
        shown.add("saga-orchestration", site, format!("{channel} undoes a step"));
    }
}

/// The sends of some steps, as the operations they are.
fn sends<'m>(model: &'m FlowModel, steps: &[Step]) -> impl Iterator<Item = &'m Operation> {
    let mut found: BTreeSet<(&Site, Option<&str>)> = BTreeSet::new();
    let mut todo: Vec<&[Step]> = vec![steps];
    while let Some(steps) = todo.pop() {
        for step in steps {
            match &step.effect {
                Effect::Publish { channel, .. } => {
                    found.insert((&step.site, channel.as_deref()));
                }
                Effect::Transaction { body, .. } | Effect::Loop { body, .. } | Effect::Spawn { body } => {
                    todo.push(body)
                }
                Effect::Branch { arms } => todo.extend(arms.iter().map(|arm| arm.steps.as_slice())),
                // What a failure leads to is asked for apart.
                Effect::Try { body, .. } => todo.push(body),
                _ => {}
            }
        }
    }
    let is = |send: &Operation| {
        found.iter().any(|(site, channel)| {
            **site == send.site && channel.is_none_or(|channel| Some(channel) == send.channel.as_deref())
        })
    };
    let indexes: Vec<usize> = (0..model.operations.len())
        .filter(|at| {
            let send = &model.operations[*at];
            send.is_send() && !send.test && !send.is_local() && is(send)
        })
        .collect();
    indexes.into_iter().map(|at| &model.operations[at])
}

/// True when a handler does more than to look.
pub(super) fn acts(receive: &Operation) -> bool {
    let mut acts = false;
    if let Some(program) = &receive.program {
        program.walk(&mut |step| {
            acts |= matches!(step.effect, Effect::Write { .. } | Effect::Publish { .. } | Effect::External { .. });
        });
    }
    acts
}

/// Asks the words of an operation's channel, key and messages.
pub(super) fn says(operation: &Operation, ask: &dyn Fn(&[String]) -> bool) -> bool {
    let names = operation.channel.iter().chain(&operation.routing_key).map(String::as_str);
    names.chain(operation.messages.iter().map(|message| message.name.as_str())).any(|name| ask(&words(name)))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::tests::operation;
    use weir_facts::{Action, Fact};

    pub(in crate::patterns) fn publish(line: u32, channel: &str) -> Step {
        let (broker, channel) = ("kafka".to_owned(), Some(channel.to_owned()));
        let effect = Effect::Publish { broker, channel, message: None, confirmed: true, outbox: false };
        Step { site: Site::new("saga.ts", line), effect, awaited: true }
    }

    pub(in crate::patterns) fn program(steps: Vec<Step>) -> Option<Program> {
        Some(Program { symbol: "run".to_owned(), steps, partial: false })
    }

    /// The kinds of sagas of a model, `pub-sub` aside.
    pub(in crate::patterns) fn kinds(facts: Vec<weir_facts::OperationFact>) -> Vec<String> {
        let facts = facts.into_iter().map(|fact| Fact::Operation(Box::new(fact))).collect();
        let model = crate::build(crate::Context { root: "shop".to_owned(), ..crate::Context::default() }, facts);
        model.patterns.into_iter().map(|pattern| pattern.kind).filter(|kind| kind.starts_with("saga")).collect()
    }

    /// A function that asks two services and sends this when one of them fails.
    fn asking(request: bool, on_failure: &str) -> Vec<String> {
        let attempt = Effect::Try {
            body: vec![publish(1, "reserve-stock"), publish(2, "take-payment")],
            catches: vec![Arm { when: String::new(), steps: vec![publish(3, on_failure)] }],
            finally: Vec::new(),
        };
        let whole = vec![Step { site: Site::new("saga.ts", 1), effect: attempt, awaited: true }];
        let send = |line: u32, channel: &str| {
            let mut send = operation(Action::Send, Some("orders"), channel, Site::new("saga.ts", line));
            send.request = request;
            send.program = program(whole.clone());
            send
        };
        kinds(vec![send(1, "reserve-stock"), send(2, "take-payment"), send(3, on_failure)])
    }

    #[test]
    fn asking_and_undoing_is_orchestration() {
        assert_eq!(asking(true, "release-stock"), ["saga-orchestration"]);
        assert_eq!(asking(true, "orders.dlq"), [] as [&str; 0]);
        assert_eq!(asking(true, "take-payment"), [] as [&str; 0], "a second try undoes nothing");
        assert_eq!(asking(false, "release-stock"), [] as [&str; 0], "nobody waits for an answer");
    }

    #[test]
    fn words_of_names() {
        assert_eq!(words("PaymentFailedEvent"), ["payment", "failed"]);
        assert_eq!(words("STOCK_OUT-of.Reach"), ["stock", "out", "of", "reach"]);
        assert_eq!(words("Event"), ["event"]);
    }
}
