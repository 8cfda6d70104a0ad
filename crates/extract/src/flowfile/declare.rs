//! Flow file to facts, with every reference checked: a channel, message or broker that is not declared is an error.

use super::FlowFileError;
use super::schema::{At, FlowFile, Kind, Receive, Send, Step, Strategy, Style, Via};
use super::steps::Context;
use std::collections::BTreeMap;
use weir_facts::{
    Action, BoundaryFact, BrokerFact, Certainty, ChannelFact, ChannelKind, Evidence, Fact, Field, Handler, MessageFact,
    MessageRef, Name, OperationFact, Origin, Program, SagaFact, SagaStepFact, ServiceFact, Site, StoreFact,
    TriggerKind,
};

/// Version of the format this reader knows.
const VERSION: u32 = 1;
/// Name of the library of operations that are only declared.
const DESIGN: &str = "design";

struct Declare<'f> {
    file: &'f str,
    flow: &'f FlowFile,
    errors: Vec<FlowFileError>,
    facts: Vec<Fact>,
}

/// The facts of a flow file, or everything that is wrong with it.
pub(super) fn facts(file: &str, flow: &FlowFile) -> Result<Vec<Fact>, Vec<FlowFileError>> {
    let mut declare = Declare { file, flow, errors: Vec::new(), facts: Vec::new() };
    if *flow.weir.get() != VERSION {
        declare
            .error(&flow.weir, format!("version {} is not known; this weir reads version {VERSION}", flow.weir.get()));
    }
    declare.inventory();
    for send in &flow.sends {
        declare.send(send);
    }
    for receive in &flow.receives {
        declare.receive(receive);
    }
    declare.sagas();
    if declare.errors.is_empty() { Ok(declare.facts) } else { Err(declare.errors) }
}

impl<'f> Declare<'f> {
    fn error<T>(&mut self, at: &At<T>, message: String) {
        let (line, column) = (at.line(), at.column());
        self.errors.push(FlowFileError { file: self.file.to_owned(), line, column, message });
    }

    fn site<T>(&self, at: &At<T>) -> Site {
        Site::new(self.file, at.line())
    }

    fn inventory(&mut self) {
        for broker in self.flow.brokers.values() {
            let evidence = Evidence { site: self.site(broker), what: "declared in the design".to_owned() };
            let broker = broker.get();
            let fact =
                BrokerFact { kind: broker.kind.clone(), version: broker.version.clone(), evidence, proves: true };
            self.facts.push(Fact::Broker(fact));
        }
        for (name, service) in &self.flow.services {
            let evidence = Evidence { site: self.site(service), what: "declared in the design".to_owned() };
            let service = service.get();
            self.facts.push(Fact::Service(ServiceFact {
                name: name.clone(),
                path: service.path.clone().unwrap_or_else(|| name.clone()),
                frameworks: service.framework.iter().cloned().collect(),
                aliases: Vec::new(),
                library: false,
                evidence,
            }));
        }
        for (name, message) in &self.flow.messages {
            let evidence = Evidence { site: self.site(message), what: "declared in the design".to_owned() };
            let message = message.get();
            self.facts.push(Fact::Message(MessageFact {
                name: name.clone(),
                version: message.version,
                fields: fields(&message.payload),
                evidence,
            }));
        }
        for (name, channel) in &self.flow.channels {
            for message in &channel.get().messages {
                if !self.flow.messages.contains_key(message) {
                    self.error(channel, format!("the message `{message}` is not declared under `messages`"));
                }
            }
            let broker = self.broker_of(channel, channel.get().broker.as_deref());
            let site = self.site(channel);
            let channel = channel.get();
            let mut settings = BTreeMap::new();
            let mut set = |name: &str, value: Option<String>| {
                if let Some(value) = value {
                    settings.insert(name.to_owned(), value);
                }
            };
            set("key", channel.key.clone());
            set("partitions", channel.partitions.map(|count| count.to_string()));
            set("retention", channel.retention.clone());
            self.facts.push(Fact::Channel(ChannelFact {
                origin: Origin::Declared,
                broker,
                kind: channel.kind.map_or(ChannelKind::Topic, kind),
                name: Name::literal(name),
                dead_letter: channel.dead_letter.clone(),
                settings,
                site,
            }));
        }
    }

    /// The kind of the broker a channel lives on.
    fn broker_of<T>(&mut self, at: &At<T>, named: Option<&str>) -> String {
        let brokers = &self.flow.brokers;
        let found = match named {
            Some(name) => brokers.get(name),
            None if brokers.len() == 1 => brokers.values().next(),
            None => None,
        };
        match (found, named) {
            (Some(broker), _) => broker.get().kind.clone(),
            (None, Some(name)) => {
                let known: Vec<&str> = brokers.keys().map(String::as_str).collect();
                self.error(at, format!("the broker `{name}` is not declared under `brokers` ({})", known.join(", ")));
                String::new()
            }
            (None, None) => {
                self.error(at, "which broker is meant? name it with `broker:` (there is not exactly one)".to_owned());
                String::new()
            }
        }
    }

    /// The broker kind and address kind of a channel an operation names.
    fn channel(&mut self, name: &At<String>) -> Option<(String, ChannelKind)> {
        let Some(channel) = self.flow.channels.get(name.get()) else {
            let known: Vec<&str> = self.flow.channels.keys().map(String::as_str).collect();
            let known = if known.is_empty() { "none is".to_owned() } else { known.join(", ") };
            self.error(name, format!("the channel `{}` is not declared under `channels` ({known})", name.get()));
            return None;
        };
        let broker = self.broker_of(channel, channel.get().broker.as_deref());
        Some((broker, channel.get().kind.map_or(ChannelKind::Topic, kind)))
    }

    fn message(&mut self, name: &At<String>) -> MessageRef {
        match self.flow.messages.get(name.get()) {
            Some(message) => MessageRef { name: name.get().clone(), version: message.get().version },
            None => {
                self.error(name, format!("the message `{}` is not declared under `messages`", name.get()));
                MessageRef { name: name.get().clone(), version: None }
            }
        }
    }

    fn service(&mut self, name: &At<String>) -> String {
        if !self.flow.services.is_empty() && !self.flow.services.contains_key(name.get()) {
            self.error(name, format!("the service `{}` is not declared under `services`", name.get()));
        }
        name.get().clone()
    }

    fn steps(&mut self, steps: &'f [At<Step>]) {
        for step in steps {
            let map = &step.get().0;
            match map.verbs() {
                1 => {}
                0 => self.error(step, "a step needs a verb, such as `insert: orders`".to_owned()),
                _ => self.error(step, "a step has one verb; make several steps of it".to_owned()),
            }
            let inner: Vec<&'f At<Step>> = map.inner().collect();
            for step in inner {
                self.steps(std::slice::from_ref(step));
            }
        }
    }

    fn context<'c>(&'c self, broker: &'c str, service: &str) -> Context<'c> {
        Context { file: self.file, flow: self.flow, broker, store: format!("{service}-db") }
    }

    fn store(&mut self, program: &Program, service: &str, site: &Site) {
        let mut writes = false;
        program.walk(&mut |step| writes |= matches!(step.effect, weir_facts::Effect::Write { .. }));
        if writes {
            let name = format!("{service}-db");
            let evidence = Evidence { site: site.clone(), what: "written in the design".to_owned() };
            self.facts.push(Fact::Store(StoreFact { kind: "database".to_owned(), name, evidence }));
        }
    }

    fn send(&mut self, at: &'f At<Send>) {
        let send = at.get();
        let service = self.service(&send.service);
        let message = self.message(&send.message);
        let Some((broker, channel_kind)) = self.channel(&send.channel) else { return };
        self.steps(&send.does);
        let site = self.site(at);
        let symbol = format!("{service} {}", message.name);
        let context = self.context(&broker, &service);
        let outbox = send.via == Some(Via::Outbox);
        let program = if send.does.is_empty() {
            let steps = context.sending(&site, &message.name, send.channel.get(), send.writes.as_deref(), outbox);
            Program { symbol: symbol.clone(), steps, partial: false }
        } else {
            context.program(&symbol, &send.does)
        };
        self.store(&program, &service, &site);
        let mut fact = operation(Action::Send, &broker, channel_kind, send.channel.get(), service, site.clone());
        fact.key = self.flow.messages.get(&message.name).and_then(|message| message.get().key.clone());
        fact.payload =
            self.flow.messages.get(&message.name).map(|message| fields(&message.get().payload)).unwrap_or_default();
        fact.messages = vec![message];
        fact.symbol.clone_from(&symbol);
        fact.program = Some(program.clone());
        self.facts.push(Fact::Operation(Box::new(fact)));
        if let Some(when) = &send.when {
            self.facts.push(Fact::Boundary(BoundaryFact {
                trigger: trigger(when),
                what: when.clone(),
                symbol,
                sends: vec![site.clone()],
                program: Some(program),
                site,
                test: false,
            }));
        }
    }

    fn receive(&mut self, at: &'f At<Receive>) {
        let receive = at.get();
        let service = self.service(&receive.service);
        let messages: Vec<MessageRef> = receive.messages.iter().map(|name| self.message(name)).collect();
        let Some((broker, channel_kind)) = self.channel(&receive.channel) else { return };
        self.steps(&receive.does);
        let site = self.site(at);
        let symbol = receive.handler.clone().unwrap_or_else(|| format!("{service} handler"));
        let context = self.context(&broker, &service);
        let program = if receive.does.is_empty() {
            let steps = context.short(&site, receive.idempotency.as_ref(), receive.writes.as_deref());
            Program { symbol: symbol.clone(), steps, partial: false }
        } else {
            context.program(&symbol, &receive.does)
        };
        self.store(&program, &service, &site);
        let mut fact = operation(Action::Receive, &broker, channel_kind, receive.channel.get(), service, site.clone());
        fact.messages = messages;
        fact.group.clone_from(&receive.group);
        fact.handler = Some(Handler { symbol: symbol.clone(), site });
        fact.symbol = symbol;
        fact.dead_letter = receive.dead_letter.as_ref().map(|dead_letter| dead_letter.channel().to_owned());
        let mut set = |name: &str, value: String| fact.settings.insert(name.to_owned(), value);
        if let Some(delivery) = receive.delivery {
            set("delivery", delivery.word().to_owned());
        }
        if let Some(retry) = &receive.retry {
            set("attempts", retry.attempts.to_string());
            if let Some(backoff) = &retry.backoff {
                set("backoff", backoff.clone());
            }
        }
        if let Some(idempotency) = &receive.idempotency {
            let word = match idempotency.strategy {
                Strategy::DedupTable => "dedup-table",
                Strategy::Natural => "natural",
                Strategy::Key => "key",
            };
            set("idempotency", word.to_owned());
        }
        fact.program = Some(program);
        self.facts.push(Fact::Operation(Box::new(fact)));
    }

    fn sagas(&mut self) {
        for (name, saga) in &self.flow.sagas {
            let evidence = vec![Evidence { site: self.site(saga), what: "declared in the design".to_owned() }];
            let saga = saga.get();
            let steps = saga.steps.iter().map(|step| SagaStepFact {
                name: step.name.clone(),
                ok: step.ok.clone(),
                failed: step.failed.clone(),
                compensate: step.compensate.clone(),
                timeout: step.timeout.clone(),
            });
            self.facts.push(Fact::Saga(SagaFact {
                name: name.clone(),
                orchestrated: saga.style == Style::Orchestration,
                correlation: saga.correlation.clone(),
                timeout: saga.timeout.clone(),
                steps: steps.collect(),
                evidence,
            }));
        }
    }
}

fn operation(
    action: Action,
    broker: &str,
    channel_kind: ChannelKind,
    channel: &str,
    service: String,
    site: Site,
) -> OperationFact {
    OperationFact {
        origin: Origin::Declared,
        action,
        broker: broker.to_owned(),
        connection: None,
        channel: Some(Name::literal(channel)),
        channel_kind: Some(channel_kind),
        exchange: None,
        routing_key: None,
        queue: None,
        subject: None,
        messages: Vec::new(),
        other_messages: false,
        key: None,
        payload: Vec::new(),
        group: None,
        handler: None,
        symbol: String::new(),
        service: Some(service),
        library: DESIGN.to_owned(),
        settings: BTreeMap::new(),
        request: false,
        dead_letter: None,
        site,
        via: Vec::new(),
        certainty: Certainty::Certain,
        trail: Vec::new(),
        program: None,
        test: false,
    }
}

fn fields(payload: &BTreeMap<String, String>) -> Vec<Field> {
    let field = |(name, ty): (&String, &String)| Field {
        name: name.clone(),
        optional: ty.ends_with('?'),
        ty: ty.trim_end_matches('?').to_owned(),
    };
    payload.iter().map(field).collect()
}

fn kind(kind: Kind) -> ChannelKind {
    match kind {
        Kind::Topic => ChannelKind::Topic,
        Kind::Queue => ChannelKind::Queue,
        Kind::Exchange => ChannelKind::Exchange,
        Kind::Subject => ChannelKind::Subject,
        Kind::Stream => ChannelKind::Stream,
        Kind::Bus => ChannelKind::Bus,
    }
}

fn trigger(when: &str) -> TriggerKind {
    let first = when.split_whitespace().next().unwrap_or_default();
    let method = matches!(first, "GET" | "POST" | "PUT" | "PATCH" | "DELETE");
    if method && when.to_ascii_lowercase().contains("webhook") {
        TriggerKind::Webhook
    } else if method {
        TriggerKind::Http
    } else if matches!(first, "every" | "cron" | "at") {
        TriggerKind::Schedule
    } else {
        TriggerKind::Queue
    }
}
