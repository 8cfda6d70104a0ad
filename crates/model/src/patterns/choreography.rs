//! Sagas that no service leads: each publishes what the next one waits for, and a failure is taken back by those that
//! came before. No single place says so, so it is likely and never certain.

use super::sagas::{FAILURES, acts, says};
use super::{Shown, words};
use crate::types::{FlowModel, Operation};
use std::collections::BTreeSet;
use weir_facts::{Effect, Program, Site};

/// Services on the way of one saga.
const LONGEST: usize = 5;
/// Services that a way must lead through before it counts without anybody taking a failure back.
const SHORTEST: usize = 3;
/// Ways that are followed; many services that all answer each other have more.
const MOST: usize = 5_000;

/// One way: what was sent first, then what was received in turn.
#[derive(Clone)]
struct Way {
    first: usize,
    hears: Vec<usize>,
    /// A failure that somebody on the way publishes.
    failure: Option<usize>,
}

pub(super) fn find(model: &FlowModel, shown: &mut Shown) {
    let live = |at: usize| !model.operations[at].test && !model.operations[at].is_local();
    let mut open: Vec<Way> = model
        .links
        .iter()
        .filter(|link| live(link.send) && live(link.receive))
        .filter(|link| model.operations[link.send].service != model.operations[link.receive].service)
        .map(|link| Way { first: link.send, hears: vec![link.receive], failure: None })
        .collect();
    open.reverse();
    let mut followed = 0;
    while let Some(way) = open.pop() {
        followed += 1;
        if followed > MOST {
            return;
        }
        let Some(last) = way.hears.last() else { continue };
        let here = &model.operations[*last];
        let answers = answers(model, here);
        let failure = answers.iter().copied().find(|at| fails(&model.operations[*at])).or(way.failure);
        for answer in answers {
            let sent = &model.operations[answer];
            for link in model.links.iter().filter(|link| link.send == answer && live(link.receive)) {
                let back = &model.operations[link.receive];
                if back.service == here.service {
                    continue;
                }
                if way.passes(model, &back.service) {
                    let closes = back.service == model.operations[way.first].service;
                    let long = way.hears.len() + 1 >= SHORTEST;
                    // What a handler does may lie where nothing is followed; that it hears the failure is seen.
                    let unseen = back.program.as_ref().is_some_and(|program| program.partial);
                    if fails(sent) && (acts(back) || unseen) {
                        shown.likely("saga-choreography", &back.site, taken_back(model, &way, sent, back));
                    } else if let Some(failure) = failure.filter(|_| closes && long && acts(back)) {
                        shown.likely("saga-choreography", &back.site, closed(model, &way, failure, back));
                    }
                } else if way.hears.len() + 1 < LONGEST {
                    let mut hears = way.hears.clone();
                    hears.push(link.receive);
                    open.push(Way { first: way.first, hears, failure });
                }
            }
        }
    }
}

impl Way {
    /// True for a service that had its turn.
    fn passes(&self, model: &FlowModel, service: &str) -> bool {
        let turns = std::iter::once(&self.first).chain(&self.hears);
        turns.into_iter().any(|at| model.operations[*at].service == service)
    }

    fn services<'m>(&self, model: &'m FlowModel) -> Vec<&'m str> {
        let turns = std::iter::once(&self.first).chain(&self.hears);
        turns.map(|at| model.operations[*at].service.as_str()).collect()
    }
}

/// What the handler of a receive publishes.
fn answers(model: &FlowModel, receive: &Operation) -> BTreeSet<usize> {
    let Some(program) = &receive.program else { return BTreeSet::new() };
    // What a failure leads to counts as well.
    let mut published: BTreeSet<(&Site, Option<&str>)> = BTreeSet::new();
    program.walk(&mut |step| {
        if let Effect::Publish { channel, .. } = &step.effect {
            published.insert((&step.site, channel.as_deref()));
        }
    });
    let receives = model
        .operations
        .iter()
        .filter(|other| other.is_receive() && !other.test && !other.is_local() && other.service == receive.service);
    // The only receive of a service runs whatever there is that acknowledges.
    let only = receives.count() == 1;
    let sends = model.operations.iter().enumerate().filter(|(_, send)| {
        let own = published.contains(&(&send.site, send.channel.as_deref())) || published.contains(&(&send.site, None));
        let handles = || only && send.service == receive.service && send.program.as_ref().is_some_and(acknowledges);
        send.is_send() && !send.test && (own || handles())
    });
    sends.map(|(at, _)| at).collect()
}

fn acknowledges(program: &Program) -> bool {
    let mut found = false;
    program.walk(&mut |step| found |= matches!(step.effect, Effect::Ack | Effect::Nack { .. }));
    found
}

fn fails(send: &Operation) -> bool {
    says(send, &is_failure)
}

fn is_failure(words: &[String]) -> bool {
    words.last().is_some_and(|word| FAILURES.contains(&word.as_str()))
}

/// The name under which a send says that something failed; what it sends otherwise.
fn name(send: &Operation) -> &str {
    let messages = send.messages.iter().map(|message| message.name.as_str());
    let mut names = messages.chain(send.routing_key.as_deref()).chain(send.channel.as_deref());
    names.clone().find(|name| is_failure(&words(name))).or_else(|| names.next()).unwrap_or_default()
}

fn taken_back(model: &FlowModel, way: &Way, sent: &Operation, back: &Operation) -> String {
    let first = &model.operations[way.first];
    let (service, started) = (&sent.service, first.channel_name());
    format!("{service} answers {started} with {}; {} acts on it", name(sent), back.service)
}

fn closed(model: &FlowModel, way: &Way, failure: usize, back: &Operation) -> String {
    let failure = &model.operations[failure];
    let turns = way.services(model).join(", then ");
    format!("{turns}, then {} again; {} says {} when it fails", back.service, failure.service, name(failure))
}

#[cfg(test)]
mod tests {
    use crate::patterns::sagas::tests::{kinds, program, publish};
    use crate::tests::operation;
    use weir_facts::{Action, OperationFact, Site};

    /// Orders announces, payment answers with this, orders hears it and publishes.
    fn answering(answer: &str) -> Vec<String> {
        let site = |line: u32| Site::new("saga.ts", line);
        let announce = operation(Action::Send, Some("orders"), "order-placed", site(1));
        let mut hear = operation(Action::Receive, Some("payment"), "order-placed", site(2));
        hear.program = program(vec![publish(3, answer)]);
        let reply = operation(Action::Send, Some("payment"), answer, site(3));
        let mut back = operation(Action::Receive, Some("orders"), answer, site(4));
        back.program = program(vec![publish(5, "order-withdrawn")]);
        let last = operation(Action::Send, Some("orders"), "order-withdrawn", site(5));
        kinds(vec![announce, hear, reply, back, last])
    }

    #[test]
    fn a_failure_that_is_taken_back_is_choreography() {
        assert_eq!(answering("payment-failed"), ["saga-choreography"]);
        assert_eq!(answering("PaymentDeclinedEvent"), ["saga-choreography"]);
        assert_eq!(answering("payment-taken"), [] as [&str; 0], "an answer alone is no saga");
    }

    /// Services that hand on to each other in a circle, one of which publishes this as well.
    fn in_turn(services: &[&str], failure: &str) -> Vec<String> {
        let site = |line: usize| Site::new("saga.ts", u32::try_from(line).unwrap_or(1));
        let mut facts: Vec<OperationFact> = Vec::new();
        for (at, service) in services.iter().enumerate() {
            let (line, next) = (at * 10 + 1, (at + 1) % services.len());
            facts.push(operation(Action::Send, Some(*service), &format!("step-{at}"), site(line)));
            let mut hear = operation(Action::Receive, Some(services[next]), &format!("step-{at}"), site(line + 1));
            let line_of_next = u32::try_from(next * 10 + 1).unwrap_or(1);
            let mut steps = vec![publish(line_of_next, &format!("step-{next}"))];
            if next == 1 {
                facts.push(operation(Action::Send, Some(services[next]), failure, site(5)));
                steps.push(publish(5, failure));
            }
            hear.program = program(steps);
            facts.push(hear);
        }
        kinds(facts)
    }

    #[test]
    fn a_circle_in_which_one_may_fail_is_choreography() {
        assert_eq!(in_turn(&["booking", "payment", "seats"], "payment-failed"), ["saga-choreography"]);
        assert_eq!(in_turn(&["booking", "payment", "seats"], "payment-logged"), [] as [&str; 0]);
        assert_eq!(in_turn(&["booking", "payment"], "payment-failed"), [] as [&str; 0], "asked and answered");
    }
}
