//! Facts in, model out: the order in which the parts are made, and the operations themselves.

use crate::broker_data::Question;
use crate::delivery::{AckMode, DeadLetterSupport, Delivery, OnError};
use crate::effects::{ack_position, effects, error_handling, name_messages};
use crate::join::{Routes, info};
use crate::services::Services;
use crate::types::{
    Boundary, Channel, Downstream, Flow, FlowModel, Guarantee, GuaranteeValue, Link, Operation, SCHEMA_VERSION, Trigger,
};
use crate::{inventory, patterns, stores};
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Action, BindingFact, BoundaryFact, Certainty, Coverage, Fact, MessageRef, OperationFact, Site};

/// Most aliases listed for one operation.
const MOST_ALIASES: usize = 12;

/// What a model is made of besides facts.
#[derive(Clone, Debug, Default)]
pub struct Context {
    /// Name of the project.
    pub root: String,
    /// How much of it could be seen.
    pub coverage: Coverage,
    /// The least sure operations and joins that are kept.
    pub certainty: Certainty,
    /// Only operations on this kind of broker.
    pub broker: Option<String>,
}

/// Makes the model of a project.
pub fn build(context: Context, facts: Vec<Fact>) -> FlowModel {
    let mut parts = inventory::Parts::default();
    for fact in facts {
        parts.add(fact);
    }
    if let Some(kind) = &context.broker {
        parts.only_broker(kind);
    }
    parts.operations.retain(|operation| operation.certainty <= context.certainty);
    let services = Services::new(std::mem::take(&mut parts.services), &context.root);
    let instances = instances(&parts.operations);
    let mut operations: Vec<Operation> =
        parts.operations.drain(..).map(|fact| operation(fact, &services, &instances)).collect();
    operations.sort_by(|a, b| order(a).cmp(&order(b)));
    number(&mut operations);
    name_messages(&mut operations);
    let channels = inventory::channels(&parts.channels, &operations);
    for operation in &mut operations {
        deliver(operation, &channels);
    }
    let routes = Routes::new(&parts.bindings, &operations, &channels);
    let links = routes.links(&operations, context.certainty);
    alias(&mut operations, &routes, &links);
    let flows = flows(&operations, &links);
    let boundaries = boundaries(&parts.boundaries, &operations, &links, &services);
    let used = used(&operations, &parts.boundaries, &services);
    let mut model = FlowModel {
        schema_version: SCHEMA_VERSION,
        root: context.root,
        services: services.list(&used),
        brokers: inventory::brokers(&parts.brokers, &operations, &parts.unresolved, &instances),
        messages: inventory::messages(&parts.messages, &operations),
        stores: stores::stores(&parts.stores, &operations, &parts.boundaries, &services),
        projections: inventory::projections(parts.projections),
        sagas: inventory::sagas(parts.sagas),
        unresolved: inventory::unresolved(parts.unresolved),
        patterns: Vec::new(),
        coverage: context.coverage,
        bindings: sorted_bindings(parts.bindings),
        triggers: parts.boundaries,
        channels,
        operations,
        boundaries,
        flows,
        links,
    };
    model.patterns = patterns::find(&model, parts.patterns);
    model
}

fn order(operation: &Operation) -> (&Site, Action, &Option<String>, &Option<String>, &str) {
    (&operation.site, operation.action, &operation.channel, &operation.routing_key, &operation.symbol)
}

/// Broker instances by kind, where a kind has more than one that the facts tell apart.
fn instances(operations: &[OperationFact]) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in operations {
        if let Some(connection) = &operation.connection {
            found.entry(operation.broker.clone()).or_default().insert(connection.clone());
        }
    }
    found.retain(|_, names| names.len() > 1);
    found
}

fn operation(fact: OperationFact, services: &Services, instances: &BTreeMap<String, BTreeSet<String>>) -> Operation {
    let service = fact.service.clone().unwrap_or_else(|| services.of(&fact.site).to_owned());
    let broker_id = match (&fact.connection, instances.contains_key(&fact.broker)) {
        (Some(connection), true) => format!("{}::{connection}", fact.broker),
        _ => fact.broker.clone(),
    };
    let broker = info(&fact.broker);
    Operation {
        id: String::new(),
        action: fact.action,
        service,
        broker_id,
        channel_aliases: Vec::new(),
        channel_kind: fact.channel_kind.or(broker.channel_kind),
        channel: fact.channel.map(|name| name.text),
        exchange: fact.exchange,
        routing_key: fact.routing_key,
        queue: fact.queue,
        subject: fact.subject,
        messages: fact.messages,
        other_messages: fact.other_messages,
        key: fact.key,
        payload: fact.payload,
        consumer_group: fact.group,
        handler: fact.handler.as_ref().map(|handler| handler.symbol.clone()),
        handler_site: fact.handler.map(|handler| handler.site),
        library: fact.library,
        guarantee: Guarantee::default(),
        ack: None,
        errors: None,
        via: fact.via,
        certainty: fact.certainty,
        trail: fact.trail,
        effects: fact.program.as_ref().map(effects).unwrap_or_default(),
        test: fact.test,
        origin: fact.origin,
        symbol: fact.symbol,
        settings: fact.settings,
        request: fact.request,
        dead_letter: fact.dead_letter,
        delivery: Delivery::default(),
        program: fact.program,
        broker: fact.broker,
        site: fact.site,
    }
}

/// Ids without lines; what shares everything else is told apart by its order in the file.
fn number(operations: &mut [Operation]) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for operation in operations {
        let action = match operation.action {
            Action::Send => "send",
            Action::Receive => "receive",
        };
        let stem = format!("{}/{action}/{}/{}", operation.service, operation.channel_name(), operation.symbol);
        let number = seen.entry(stem.clone()).or_default();
        *number += 1;
        operation.id = format!("{stem}#{number}");
    }
}

/// What the client does under these settings.
fn deliver(operation: &mut Operation, channels: &[Channel]) {
    let channel = channels.iter().find(|channel| {
        channel.broker_id == operation.broker_id
            && [&operation.queue, &operation.channel].into_iter().flatten().any(|name| *name == channel.name)
    });
    let dead_letter = operation.dead_letter.as_deref().or(channel.and_then(|channel| channel.dead_letter.as_deref()));
    let question = Question {
        library: &operation.library,
        settings: &operation.settings,
        channel_settings: channel.map(|channel| &channel.settings),
        ack: ack_position(operation.program.as_ref()),
        group: operation.consumer_group.as_deref(),
        request: operation.request,
        dead_letter,
    };
    let broker = info(&operation.broker);
    let mut delivery = if operation.is_receive() { broker.receive(&question) } else { broker.send(&question) };
    declare(operation, &mut delivery);
    operation.guarantee = delivery.guarantee.clone();
    if operation.is_receive() {
        operation.ack = ack_words(delivery.ack).map(str::to_owned);
        operation.errors = operation.program.as_ref().and_then(error_handling).or_else(|| {
            let known = delivery.on_error != OnError::Unknown && !delivery.on_error_words.is_empty();
            known.then(|| delivery.on_error_words.clone())
        });
    }
    operation.delivery = delivery;
}

/// What a design says of itself wins over what clients do by default.
fn declare(operation: &Operation, delivery: &mut Delivery) {
    let value = match operation.settings.get("delivery").map(String::as_str) {
        Some("at-most-once") => GuaranteeValue::AtMostOnce,
        Some("at-least-once") => GuaranteeValue::AtLeastOnce,
        Some("exactly-once") => GuaranteeValue::ExactlyOnce,
        _ => return,
    };
    delivery.guarantee = Guarantee { value, why: "declared in the design".to_owned() };
}

fn ack_words(ack: AckMode) -> Option<&'static str> {
    Some(match ack {
        AckMode::BeforeHandler => "before the handler",
        AckMode::AfterHandler => "after the handler",
        AckMode::Timer => "on a timer",
        AckMode::Manual => "by hand",
        AckMode::None => "none",
        AckMode::Unknown => return None,
    })
}

/// Other names under which the messages of an operation pass: what the call itself names, and what routes lead to.
fn alias(operations: &mut [Operation], routes: &Routes, links: &[Link]) {
    let mut names: Vec<BTreeSet<String>> = operations
        .iter()
        .map(|operation| {
            let own = [&operation.exchange, &operation.routing_key, &operation.queue, &operation.subject];
            let mut names: BTreeSet<String> = own.into_iter().flatten().cloned().collect();
            if operation.is_send() {
                names.extend(routes.reached(operation).into_iter().filter(|to| to.routed).map(|to| to.address));
            } else if let Some(queue) = operation.queue.as_ref().or(operation.channel.as_ref()) {
                for route in routes.ending_at(queue).filter(|route| route.broker == operation.broker) {
                    names.insert(route.source.clone());
                    names.extend(route.key.clone());
                }
            }
            names
        })
        .collect();
    for link in links {
        let sent = operations[link.send].channel.clone();
        let heard = operations[link.receive].channel.clone();
        names[link.send].extend(heard);
        names[link.receive].extend(sent);
    }
    for (operation, names) in operations.iter_mut().zip(names) {
        operation.channel_aliases = names
            .into_iter()
            .filter(|name| !name.is_empty() && Some(name) != operation.channel.as_ref())
            .take(MOST_ALIASES)
            .collect();
    }
}

/// One flow per pair of services and channel.
fn flows(operations: &[Operation], links: &[Link]) -> Vec<Flow> {
    let mut found: BTreeMap<(&str, &str, &str, &str), Flow> = BTreeMap::new();
    for link in links {
        let (send, receive) = (&operations[link.send], &operations[link.receive]);
        if info(&send.broker).local {
            continue;
        }
        // A flow is named by what both ends know: the address that is sent to, unless it is only a broker's own name
        // for it (an exchange that many events share is told apart by its key).
        let channel = send.channel_name();
        let key = (send.service.as_str(), send.broker.as_str(), channel, receive.service.as_str());
        let flow = found.entry(key).or_insert_with(|| Flow {
            from: send.service.clone(),
            broker: send.broker.clone(),
            channel: channel.to_owned(),
            channel_aliases: Vec::new(),
            to: receive.service.clone(),
            messages: Vec::new(),
            operations: Vec::new(),
            certainty: link.certainty,
        });
        flow.certainty = flow.certainty.min(link.certainty);
        let names = send.channel_aliases.iter().chain(&receive.channel_aliases).chain(&receive.channel);
        flow.channel_aliases.extend(names.filter(|name| **name != flow.channel).cloned());
        flow.operations.extend([send.id.clone(), receive.id.clone()]);
        flow.messages.extend(passing(send, receive));
    }
    let mut flows: Vec<Flow> = found.into_values().collect();
    for flow in &mut flows {
        for names in [&mut flow.channel_aliases, &mut flow.operations] {
            names.sort();
            names.dedup();
        }
        flow.messages.sort();
        flow.messages.dedup();
    }
    flows
}

/// The messages that both ends speak of, or those of the end that speaks.
fn passing(send: &Operation, receive: &Operation) -> Vec<MessageRef> {
    if receive.messages.is_empty() {
        return send.messages.clone();
    }
    if send.messages.is_empty() {
        return receive.messages.clone();
    }
    let both: Vec<MessageRef> = send
        .messages
        .iter()
        .filter(|sent| receive.messages.iter().any(|heard| crate::same_message(&sent.name, &heard.name)))
        .cloned()
        .collect();
    if both.is_empty() { send.messages.clone() } else { both }
}

fn boundaries(
    triggers: &[BoundaryFact],
    operations: &[Operation],
    links: &[Link],
    services: &Services,
) -> Vec<Boundary> {
    let mut found: Vec<Boundary> = Vec::new();
    for trigger in triggers.iter().filter(|trigger| !trigger.test) {
        for (index, send) in operations.iter().enumerate() {
            if !send.is_send() || send.test || info(&send.broker).local || !trigger.sends.contains(&send.site) {
                continue;
            }
            let mut downstream: Vec<Downstream> = links
                .iter()
                .filter(|link| link.send == index)
                .map(|link| &operations[link.receive])
                .map(|receive| Downstream {
                    service: receive.service.clone(),
                    operation: receive.id.clone(),
                    handler: receive.handler.clone(),
                })
                .collect();
            downstream.sort();
            // In one file both are of one service, and where that file is a design only the send says of which.
            let together = trigger.site.file == send.site.file;
            let service = if together { send.service.as_str() } else { services.of(&trigger.site) };
            found.push(Boundary {
                service: service.to_owned(),
                trigger: Trigger { kind: trigger.trigger, what: trigger.what.clone() },
                operation: send.id.clone(),
                downstream,
                site: trigger.site.clone(),
            });
        }
    }
    found.sort_by(|a, b| (&a.site, &a.trigger.what, &a.operation).cmp(&(&b.site, &b.trigger.what, &b.operation)));
    found.dedup();
    found
}

/// Services by name with the languages of what lies in them.
fn used(
    operations: &[Operation],
    triggers: &[BoundaryFact],
    services: &Services,
) -> BTreeMap<String, BTreeSet<String>> {
    let mut used: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for operation in operations.iter().filter(|operation| !operation.test) {
        let languages = used.entry(operation.service.clone()).or_default();
        languages.extend(language(&operation.site.file).map(str::to_owned));
    }
    for trigger in triggers.iter().filter(|trigger| !trigger.test) {
        let name = services.of(&trigger.site).to_owned();
        if let Some(languages) = used.get_mut(&name) {
            languages.extend(language(&trigger.site.file).map(str::to_owned));
        }
    }
    used
}

/// The language of a file, by its ending.
fn language(file: &str) -> Option<&'static str> {
    Some(match file.rsplit_once('.')?.1 {
        "ts" | "tsx" | "mts" | "cts" => "typescript",
        "js" | "jsx" | "mjs" | "cjs" => "javascript",
        "go" => "go",
        "py" => "python",
        "java" => "java",
        "kt" | "kts" => "kotlin",
        "cs" => "csharp",
        "rs" => "rust",
        _ => return None,
    })
}

fn sorted_bindings(mut bindings: Vec<BindingFact>) -> Vec<BindingFact> {
    let key = |binding: &BindingFact| {
        (
            binding.broker.clone(),
            binding.source.clone(),
            binding.destination.clone(),
            binding.key.clone(),
            binding.site.clone(),
        )
    };
    bindings.sort_by_key(key);
    bindings.dedup_by_key(|binding| key(binding));
    bindings
}

/// True when a receive has a dead-letter channel without asking for one.
pub(crate) fn parks_by_itself(operation: &Operation) -> bool {
    operation.delivery.dead_letter == DeadLetterSupport::BuiltIn
        || matches!(operation.delivery.on_error, OnError::RetriedThenParked | OnError::Parked)
}

impl Operation {
    /// True when the messages never leave the process.
    pub fn is_local(&self) -> bool {
        info(&self.broker).local
    }

    /// True when a message handled by this receive may come a second time.
    pub fn may_repeat(&self) -> bool {
        matches!(self.guarantee.value, GuaranteeValue::AtLeastOnce)
    }
}
