//! The lists of a model that are not operations: brokers, channels, messages, sagas, what stayed unresolved.

use crate::join::info;
use crate::types::{Broker, Channel, Message, MessageKind, Operation, Projection, Saga, SagaStep, Unresolved};
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{
    BindingFact, BoundaryFact, BrokerFact, ChannelFact, ChannelKind, Evidence, Fact, Field, MessageFact, OperationFact,
    PatternFact, ProjectionFact, SagaFact, ServiceFact, StoreFact, UnresolvedFact,
};

/// Most places listed as evidence of one thing.
const MOST_EVIDENCE: usize = 12;

/// Facts by kind.
#[derive(Default)]
pub(crate) struct Parts {
    pub(crate) brokers: Vec<BrokerFact>,
    pub(crate) services: Vec<ServiceFact>,
    pub(crate) operations: Vec<OperationFact>,
    pub(crate) channels: Vec<ChannelFact>,
    pub(crate) bindings: Vec<BindingFact>,
    pub(crate) messages: Vec<MessageFact>,
    pub(crate) boundaries: Vec<BoundaryFact>,
    pub(crate) stores: Vec<StoreFact>,
    pub(crate) patterns: Vec<PatternFact>,
    pub(crate) sagas: Vec<SagaFact>,
    pub(crate) projections: Vec<ProjectionFact>,
    pub(crate) unresolved: Vec<UnresolvedFact>,
}

impl Parts {
    pub(crate) fn add(&mut self, fact: Fact) {
        match fact {
            Fact::Broker(fact) => self.brokers.push(fact),
            Fact::Service(fact) => self.services.push(fact),
            Fact::Operation(fact) => self.operations.push(*fact),
            Fact::Channel(fact) => self.channels.push(fact),
            Fact::Binding(fact) => self.bindings.push(fact),
            Fact::Message(fact) => self.messages.push(fact),
            Fact::Boundary(fact) => self.boundaries.push(fact),
            Fact::Store(fact) => self.stores.push(fact),
            Fact::Pattern(fact) => self.patterns.push(fact),
            Fact::Saga(fact) => self.sagas.push(fact),
            Fact::Projection(fact) => self.projections.push(fact),
            Fact::Unresolved(fact) => self.unresolved.push(fact),
        }
    }

    /// Leaves out what other brokers do.
    pub(crate) fn only_broker(&mut self, kind: &str) {
        self.brokers.retain(|fact| fact.kind == kind);
        self.operations.retain(|fact| fact.broker == kind);
        self.channels.retain(|fact| fact.broker == kind);
        self.bindings.retain(|fact| fact.broker == kind);
    }
}

pub(crate) fn tidy(evidence: &mut Vec<Evidence>) {
    evidence.sort_by(|a, b| (&a.site, &a.what).cmp(&(&b.site, &b.what)));
    evidence.dedup();
    evidence.truncate(MOST_EVIDENCE);
}

/// Brokers that something proves: an operation, a call whose channel nobody can tell, a container that runs. A dependency
/// alone proves nothing.
pub(crate) fn brokers(
    facts: &[BrokerFact],
    operations: &[Operation],
    unresolved: &[UnresolvedFact],
    instances: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<Broker> {
    let mut proved: BTreeSet<&str> =
        operations.iter().filter(|operation| !operation.test).map(|operation| operation.broker.as_str()).collect();
    proved.extend(unresolved.iter().map(|fact| fact.broker.as_str()).filter(|broker| !broker.is_empty()));
    proved.extend(facts.iter().filter(|fact| fact.proves).map(|fact| fact.kind.as_str()));
    let mut found = Vec::new();
    for kind in proved {
        let of_kind = || facts.iter().filter(move |fact| fact.kind == kind);
        let mut evidence: Vec<Evidence> = of_kind().map(|fact| fact.evidence.clone()).collect();
        if evidence.is_empty() {
            let calls = unresolved.iter().filter(|fact| fact.broker == kind);
            evidence.extend(calls.map(|fact| Evidence { site: fact.site.clone(), what: fact.what.clone() }));
        }
        // What stands in the infrastructure and the dependencies says more than one call among many.
        evidence.sort_by_key(|evidence| (is_code(&evidence.site.file), evidence.site.clone()));
        evidence.dedup();
        evidence.truncate(MOST_EVIDENCE);
        let mut versions: Vec<&String> = of_kind().filter_map(|fact| fact.version.as_ref()).collect();
        versions.sort();
        let version = versions.first().map(|version| (*version).clone());
        let ids: Vec<String> = match instances.get(kind) {
            Some(names) => names.iter().map(|name| format!("{kind}::{name}")).collect(),
            None => vec![kind.to_owned()],
        };
        for id in ids {
            found.push(Broker { id, kind: kind.to_owned(), version: version.clone(), evidence: evidence.clone() });
        }
    }
    found
}

fn is_code(file: &str) -> bool {
    !file.ends_with(".json") && !file.ends_with(".yml") && !file.ends_with(".yaml") && !file.ends_with(".toml")
}

/// Channels that operations or declarations name.
pub(crate) fn channels(facts: &[ChannelFact], operations: &[Operation]) -> Vec<Channel> {
    let mut found: BTreeMap<(String, String), Channel> = BTreeMap::new();
    let mut entry = |broker_id: &str, name: &str, kind: ChannelKind, declared: bool| {
        let key = (broker_id.to_owned(), name.to_owned());
        let channel = found.entry(key).or_insert_with(|| Channel {
            id: format!("{broker_id}/{name}"),
            broker_id: broker_id.to_owned(),
            kind,
            name: name.to_owned(),
            declared_in: Vec::new(),
            dead_letter: None,
            settings: BTreeMap::new(),
        });
        if declared {
            channel.kind = kind;
        }
        (channel.broker_id.clone(), channel.name.clone())
    };
    let mut keys = Vec::new();
    for operation in operations.iter().filter(|operation| !operation.test) {
        let Some(name) = &operation.channel else { continue };
        let kind = operation.channel_kind.or(info(&operation.broker).channel_kind).unwrap_or(ChannelKind::Topic);
        entry(&operation.broker_id, name, kind, false);
        if let Some(exchange) = operation.exchange.as_ref().filter(|exchange| !exchange.is_empty()) {
            entry(&operation.broker_id, exchange, ChannelKind::Exchange, true);
        }
        if let Some(queue) = operation.queue.as_ref().filter(|queue| !queue.is_empty()) {
            entry(&operation.broker_id, queue, ChannelKind::Queue, true);
        }
        let own = operation.queue.as_ref().filter(|queue| !queue.is_empty()).unwrap_or(name);
        if let Some(dead_letter) = &operation.dead_letter {
            keys.push(((operation.broker_id.clone(), own.clone()), dead_letter.clone()));
        }
    }
    for fact in facts {
        entry(&fact.broker, &fact.name.text, fact.kind, true);
    }
    for (key, dead_letter) in keys {
        if let Some(channel) = found.get_mut(&key) {
            channel.dead_letter.get_or_insert(dead_letter);
        }
    }
    for fact in facts {
        if let Some(channel) = found.get_mut(&(fact.broker.clone(), fact.name.text.clone())) {
            channel.declared_in.push(fact.site.clone());
            if channel.dead_letter.is_none() {
                channel.dead_letter.clone_from(&fact.dead_letter);
            }
            for (name, value) in &fact.settings {
                channel.settings.entry(name.clone()).or_insert_with(|| value.clone());
            }
        }
    }
    let mut channels: Vec<Channel> = found.into_values().collect();
    for channel in &mut channels {
        channel.declared_in.sort();
        channel.declared_in.dedup();
    }
    channels
}

/// Message types that operations name or that are declared.
pub(crate) fn messages(facts: &[MessageFact], operations: &[Operation]) -> Vec<Message> {
    let mut found: BTreeMap<String, Message> = BTreeMap::new();
    for fact in facts {
        let message = found.entry(fact.name.clone()).or_default();
        message.name.clone_from(&fact.name);
        message.version = message.version.or(fact.version);
        if message.schema.is_none() && !fact.fields.is_empty() {
            message.schema = Some(fact.fields.clone());
        }
        message.evidence.push(fact.evidence.clone());
    }
    for operation in operations.iter().filter(|operation| !operation.test) {
        for used in &operation.messages {
            let message = found.entry(used.name.clone()).or_default();
            if message.name.is_empty() {
                message.kind = kind_of(&used.name, operation.request);
            }
            message.name.clone_from(&used.name);
            message.version = message.version.or(used.version);
            let one = operation.messages.len() == 1;
            if one && message.schema.is_none() && !operation.payload.is_empty() {
                message.schema = Some(sorted(&operation.payload));
            }
            let what = if operation.is_send() { "sent" } else { "received" };
            message.evidence.push(Evidence { site: operation.site.clone(), what: what.to_owned() });
        }
    }
    let mut messages: Vec<Message> = found.into_values().collect();
    for message in &mut messages {
        tidy(&mut message.evidence);
    }
    messages
}

fn sorted(fields: &[Field]) -> Vec<Field> {
    let mut fields = fields.to_vec();
    fields.sort();
    fields.dedup();
    fields
}

fn kind_of(name: &str, request: bool) -> MessageKind {
    let ends = |ending: &str| name.to_ascii_lowercase().ends_with(ending);
    if ends("command") || ends("cmd") {
        MessageKind::Command
    } else if ends("query") {
        MessageKind::Query
    } else if ends("reply") || ends("response") {
        MessageKind::Reply
    } else if request {
        MessageKind::Command
    } else {
        MessageKind::Event
    }
}

/// Read models.
pub(crate) fn projections(facts: Vec<ProjectionFact>) -> Vec<Projection> {
    let mut found: Vec<Projection> = facts
        .into_iter()
        .map(|fact| Projection {
            name: fact.name,
            source: fact.source,
            store: fact.store,
            position: fact.position,
            evidence: fact.evidence,
        })
        .collect();
    found.sort_by(|a, b| (&a.name, &a.source, &a.store).cmp(&(&b.name, &b.source, &b.store)));
    found
}

/// Sagas.
pub(crate) fn sagas(facts: Vec<SagaFact>) -> Vec<Saga> {
    let mut found: Vec<Saga> = facts
        .into_iter()
        .map(|fact| Saga {
            name: fact.name,
            style: if fact.orchestrated { "orchestration" } else { "choreography" }.to_owned(),
            correlation: fact.correlation,
            timeout: fact.timeout,
            steps: fact
                .steps
                .into_iter()
                .map(|step| SagaStep {
                    name: step.name,
                    ok: step.ok,
                    failed: step.failed,
                    compensate: step.compensate,
                    timeout: step.timeout,
                })
                .collect(),
            evidence: fact.evidence,
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    found
}

/// What could not be resolved, once each.
pub(crate) fn unresolved(facts: Vec<UnresolvedFact>) -> Vec<Unresolved> {
    let mut found: Vec<Unresolved> = facts
        .into_iter()
        .map(|fact| Unresolved {
            site: fact.site,
            via: fact.via,
            what: fact.what,
            why: fact.why,
            hint: fact.hint,
            broker: fact.broker,
        })
        .collect();
    found.sort();
    found.dedup();
    found
}
