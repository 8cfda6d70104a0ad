//! Flows: from what starts them over events to consumers, and on to what those send in turn.

use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Site, TriggerKind};
use weir_model::{Boundary, EffectView, FlowModel, Operation, same_message};

/// Farthest a flow is followed from service to service.
const DEEPEST: usize = 8;
/// Most steps of one flow.
const MOST: usize = 240;

/// What starts a flow.
#[derive(Clone, Copy, Debug)]
pub(super) enum Start<'m> {
    /// A trigger that was seen, and the service it belongs to.
    Trigger(&'m Boundary, &'m str),
    /// A function that sends; what calls it was not seen.
    Call(&'m Operation),
    /// A message that nobody here sends.
    Outside(&'m Operation),
}

/// One thing that happens.
#[derive(Clone, Copy, Debug)]
pub(super) enum Step<'m> {
    /// A service changes something.
    Effect(&'m str, &'m EffectView),
    /// A message leaves.
    Send(&'m Operation),
    /// The broker passes a message on to where this receive takes it from.
    Route(&'m Operation, &'m Operation),
    /// A message arrives.
    Receive(&'m Operation),
    /// A message arrives at a handler that this flow has been through.
    Again(&'m Operation),
    /// Nobody here receives what was sent.
    Nobody(&'m Operation),
    /// The flow goes on, but is not followed any farther.
    Cut,
}

/// A flow.
#[derive(Debug)]
pub(super) struct Flow<'m> {
    /// What starts it.
    pub(super) start: Start<'m>,
    /// What happens, with how deep it lies.
    pub(super) steps: Vec<(usize, Step<'m>)>,
}

impl<'m> Flow<'m> {
    /// Messages that are sent.
    pub(super) fn sends(&self) -> impl Iterator<Item = &'m Operation> {
        self.steps.iter().filter_map(|(_, step)| if let Step::Send(send) = *step { Some(send) } else { None })
    }

    /// Messages that are received.
    pub(super) fn receives(&self) -> impl Iterator<Item = &'m Operation> {
        self.steps.iter().filter_map(|(_, step)| if let Step::Receive(receive) = *step { Some(receive) } else { None })
    }
}

/// Every flow: those with a trigger, then those that a function starts, then those that begin outside.
pub(super) fn flows(model: &FlowModel) -> Vec<Flow<'_>> {
    let mut walker = Walker::new(model);
    let mut flows = Vec::new();
    for (start, sends) in triggered(model, &walker) {
        flows.push(walker.walk(start, &sends));
    }
    let next: BTreeSet<&str> = walker.next.values().flatten().map(|send| send.id.as_str()).collect();
    let begins = |send: &&Operation| !next.contains(send.id.as_str());
    flows.extend(walker.calls(model.live().filter(|operation| operation.is_send()).filter(begins)));
    flows.extend(walker.outside(model));
    // What is left sends only because it received, in a circle that nothing else enters.
    flows.extend(walker.calls(model.live().filter(|operation| operation.is_send())));
    flows
}

/// Triggers that lead to sends; one entry for each trigger.
fn triggered<'m>(model: &'m FlowModel, walker: &Walker<'m>) -> Vec<(Start<'m>, Vec<&'m Operation>)> {
    let mut found: Vec<(&Boundary, &str, Vec<&Operation>)> = Vec::new();
    for boundary in &model.boundaries {
        let Some(send) = model.operation(&boundary.operation).filter(|send| !send.test && !model.is_local(send)) else {
            continue;
        };
        // A message that is received is a step of the flow it belongs to.
        if model.live().any(|receive| receive.is_receive() && walker.continues(receive, boundary, send)) {
            continue;
        }
        let service = starts_in(model, boundary, send);
        match found.iter_mut().find(|(other, of, _)| *of == service && other.trigger == boundary.trigger) {
            Some((.., sends)) => sends.push(send),
            None => found.push((boundary, service, vec![send])),
        }
    }
    found.into_iter().map(|(boundary, service, sends)| (Start::Trigger(boundary, service), sends)).collect()
}

/// The service of a trigger. One that is written down in a design lies in no service and belongs to whoever sends.
pub(super) fn starts_in<'m>(model: &FlowModel, boundary: &'m Boundary, send: &'m Operation) -> &'m str {
    let known = model.services.iter().any(|service| service.name == boundary.service);
    if known { &boundary.service } else { &send.service }
}

struct Walker<'m> {
    model: &'m FlowModel,
    /// What a receive sends in turn, by its id.
    next: BTreeMap<&'m str, Vec<&'m Operation>>,
    /// Triggers by the send they lead to.
    triggers: BTreeMap<&'m str, Vec<&'m Boundary>>,
    /// Where live receives are registered.
    receives_at: BTreeSet<&'m Site>,
    /// Operations that some flow has been through.
    visited: BTreeSet<&'m str>,
}

/// One walk.
#[derive(Default)]
struct Walk<'m> {
    steps: Vec<(usize, Step<'m>)>,
    receives: BTreeSet<&'m str>,
    effects: BTreeSet<(&'m str, &'m Site, &'m str)>,
}

impl Walk<'_> {
    /// True when there is no room for more, which is told once.
    fn is_full(&mut self, depth: usize) -> bool {
        let full = self.steps.len() >= MOST;
        if full && !matches!(self.steps.last(), Some((_, Step::Cut))) {
            self.steps.push((depth, Step::Cut));
        }
        full
    }
}

impl<'m> Walker<'m> {
    fn new(model: &'m FlowModel) -> Self {
        let receives = || model.live().filter(|operation| operation.is_receive());
        let receives_at = receives().map(|operation| &operation.site).collect();
        let mut triggers: BTreeMap<&str, Vec<&Boundary>> = BTreeMap::new();
        for boundary in &model.boundaries {
            triggers.entry(&boundary.operation).or_default().push(boundary);
        }
        let mut walker = Walker { model, next: BTreeMap::new(), triggers, receives_at, visited: BTreeSet::new() };
        for receive in receives() {
            let sends = model.live().filter(|send| send.is_send() && walker.follows(receive, send)).collect();
            walker.next.insert(receive.id.as_str(), sends);
        }
        walker
    }

    /// True when handling this receive leads to that send.
    fn follows(&self, receive: &Operation, send: &Operation) -> bool {
        let published = |effect: &EffectView| effect.kind == "publish" && send.site == effect.site;
        let triggers = self.triggers.get(send.id.as_str()).map(Vec::as_slice).unwrap_or_default();
        receive.service == send.service
            && (receive.effects.iter().any(published)
                || triggers.iter().any(|boundary| self.continues(receive, boundary, send)))
    }

    /// True when this receive is the trigger of that send: they stand at one place, or, in a design, the trigger
    /// names the message or the channel that is received.
    fn continues(&self, receive: &Operation, boundary: &Boundary, send: &Operation) -> bool {
        if boundary.trigger.kind != TriggerKind::Queue || receive.service != send.service {
            return false;
        }
        if self.receives_at.contains(&boundary.site) {
            return boundary.site == receive.site;
        }
        let what = boundary.trigger.what.as_str();
        let named = |name: &Option<String>| name.as_deref() == Some(what);
        named(&receive.channel)
            || named(&receive.queue)
            || receive.messages.iter().any(|message| same_message(&message.name, what))
    }

    fn walk(&mut self, start: Start<'m>, sends: &[&'m Operation]) -> Flow<'m> {
        let mut walk = Walk::default();
        for send in sends {
            self.send(send, 0, true, &mut walk);
        }
        Flow { start, steps: walk.steps }
    }

    /// Flows that functions start, one for each function.
    fn calls(&mut self, sends: impl Iterator<Item = &'m Operation>) -> Vec<Flow<'m>> {
        let mut groups: Vec<Vec<&Operation>> = Vec::new();
        for send in sends.filter(|send| !self.visited.contains(send.id.as_str())) {
            let same = |other: &&Operation| other.service == send.service && other.symbol == send.symbol;
            match groups.iter_mut().find(|group| group.first().is_some_and(same)) {
                Some(group) => group.push(send),
                None => groups.push(vec![send]),
            }
        }
        let mut flows = Vec::new();
        for group in groups {
            // An earlier flow of this list may have come through here.
            let Some(first) = group.iter().find(|send| !self.visited.contains(send.id.as_str())) else { continue };
            flows.push(self.walk(Start::Call(first), &group));
        }
        flows
    }

    /// Flows that begin with a message from outside, one for each channel.
    fn outside(&mut self, model: &'m FlowModel) -> Vec<Flow<'m>> {
        let mut groups: Vec<Vec<&Operation>> = Vec::new();
        for receive in model.live().filter(|operation| operation.is_receive()) {
            if self.visited.contains(receive.id.as_str()) || model.senders(receive).any(|send| !send.test) {
                continue;
            }
            let same = |other: &&Operation| other.broker_id == receive.broker_id && other.channel == receive.channel;
            match groups.iter_mut().find(|group| group.first().is_some_and(same)) {
                Some(group) => group.push(receive),
                None => groups.push(vec![receive]),
            }
        }
        let mut flows = Vec::new();
        for group in groups {
            let mut walk = Walk::default();
            for receive in &group {
                self.receive(receive, 0, &mut walk);
            }
            flows.push(Flow { start: Start::Outside(group[0]), steps: walk.steps });
        }
        flows
    }

    fn send(&mut self, send: &'m Operation, depth: usize, tell: bool, walk: &mut Walk<'m>) {
        self.visited.insert(send.id.as_str());
        if walk.is_full(depth) {
            return;
        }
        let at = send.effects.iter().position(|effect| effect.kind == "publish" && sent_at(send, &effect.site));
        let (before, after) = send.effects.split_at(at.unwrap_or(send.effects.len()));
        if tell {
            effects(send, before, depth, walk);
        }
        walk.steps.push((depth, Step::Send(send)));
        if tell {
            effects(send, after, depth, walk);
        }
        let heard: Vec<&Operation> =
            self.model.receivers(send).filter(|receive| !receive.test && receive.is_receive()).collect();
        if heard.is_empty() {
            walk.steps.push((depth + 1, Step::Nobody(send)));
        }
        for receive in heard {
            if receive.channel != send.channel {
                walk.steps.push((depth + 1, Step::Route(send, receive)));
            }
            if walk.receives.contains(receive.id.as_str()) {
                walk.steps.push((depth + 1, Step::Again(receive)));
            } else if depth >= DEEPEST {
                walk.steps.push((depth + 1, Step::Cut));
                return;
            } else if walk.is_full(depth + 1) {
                return;
            } else {
                self.receive(receive, depth + 1, walk);
            }
        }
    }

    fn receive(&mut self, receive: &'m Operation, depth: usize, walk: &mut Walk<'m>) {
        self.visited.insert(receive.id.as_str());
        walk.receives.insert(receive.id.as_str());
        walk.steps.push((depth, Step::Receive(receive)));
        let mut open = self.next.get(receive.id.as_str()).cloned().unwrap_or_default();
        for effect in &receive.effects {
            if effect.kind != "publish" {
                effects(receive, std::slice::from_ref(effect), depth, walk);
                continue;
            }
            if let Some(at) = open.iter().position(|send| sent_at(send, &effect.site)) {
                let send = open.remove(at);
                self.send(send, depth, false, walk);
            }
        }
        for send in open {
            self.send(send, depth, true, walk);
        }
    }
}

/// What an operation changes in the world; each change is told once in a flow.
fn effects<'m>(operation: &'m Operation, effects: &'m [EffectView], depth: usize, walk: &mut Walk<'m>) {
    for effect in effects.iter().filter(|effect| matches!(effect.kind.as_str(), "write" | "external" | "guard")) {
        if !walk.is_full(depth) && walk.effects.insert((&operation.service, &effect.site, &effect.what)) {
            walk.steps.push((depth, Step::Effect(&operation.service, effect)));
        }
    }
}

fn sent_at(send: &Operation, site: &Site) -> bool {
    send.site == *site || send.via.contains(site)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    /// A flow as one short word per step.
    fn told(flow: &Flow<'_>) -> Vec<String> {
        let word = |(depth, step): &(usize, Step<'_>)| match step {
            Step::Effect(service, effect) => format!("{depth} {service} {}", effect.what),
            Step::Send(send) => format!("{depth} -> {}", send.channel_name()),
            Step::Route(send, receive) => format!("{depth} {} => {}", send.channel_name(), receive.channel_name()),
            Step::Receive(receive) => format!("{depth} {} <- {}", receive.service, receive.channel_name()),
            Step::Again(receive) => format!("{depth} again {}", receive.service),
            Step::Nobody(_) => format!("{depth} nobody"),
            Step::Cut => format!("{depth} cut"),
        };
        flow.steps.iter().map(word).collect()
    }

    #[test]
    fn a_flow_goes_from_its_trigger_to_the_last_effect() {
        let (model, _) = sample::shop();
        let flows = flows(&model);
        assert_eq!(flows.len(), 3);
        assert!(
            matches!(flows[0].start, Start::Trigger(boundary, "orders") if boundary.trigger.what == "POST /orders")
        );
        assert_eq!(
            told(&flows[0]),
            [
                "0 orders insert orders",
                "0 -> order-events",
                "1 payments <- order-events",
                "1 payments insert payments",
                "1 -> payment-events",
                "2 orders <- payment-events",
                "2 orders insert orders",
            ]
        );
        assert!(matches!(flows[1].start, Start::Call(send) if send.symbol == "audit"));
        assert_eq!(told(&flows[1]), ["0 -> audit", "1 nobody"]);
        assert!(matches!(flows[2].start, Start::Outside(receive) if receive.channel_name() == "user-events"));
        assert_eq!(told(&flows[2]), ["0 orders <- user-events"]);
    }

    #[test]
    fn in_a_design_the_trigger_names_what_is_received() {
        let (model, _) = sample::design();
        let flows = flows(&model);
        assert_eq!(flows.len(), 1, "the second send belongs to the first flow");
        assert!(matches!(flows[0].start, Start::Trigger(_, "shop")), "a design lies in no service");
        assert_eq!(told(&flows[0]), ["0 -> orders", "1 bank <- orders", "1 -> payments", "2 nobody"]);
    }

    #[test]
    fn a_long_chain_says_where_it_is_cut() {
        let model = sample::chain(12);
        let flows = flows(&model);
        let first = told(&flows[0]);
        assert_eq!(first[..3], ["0 -> c0", "1 s1 <- c0", "1 -> c1"]);
        assert_eq!(first[first.len() - 2..], ["8 -> c8", "9 cut"]);
        let rest: Vec<String> = flows[1..].iter().flat_map(told).collect();
        assert!(rest.iter().any(|step| step.ends_with("-> c11")), "what is cut off has flows of its own: {rest:?}");
    }

    #[test]
    fn circles_end() {
        let (model, _) = sample::circle();
        let flows = flows(&model);
        assert_eq!(flows.len(), 1, "a circle that nothing enters is one flow");
        assert_eq!(told(&flows[0]), ["0 -> ping", "1 b <- ping", "1 -> pong", "2 a <- pong", "2 -> ping", "3 again b"]);
    }
}
