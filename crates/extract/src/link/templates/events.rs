//! What makes functions run: the events of a function, subscriptions, rules and mappings beside it.

use super::code::{self, Named};
use super::node::{Data, Node};
use super::stack::{Resource, Stack};
use super::values::Values;
use super::{Deployed, Event, Message, What};
use crate::source::Source;
use weir_facts::{BindingFact, ChannelKind, Site, TriggerKind};

/// The bus of events that name none.
const DEFAULT_BUS: &str = "default";
/// Sources of events that the platform itself sends.
const PLATFORM: &str = "aws.";

/// A place in a template.
pub(super) struct At<'v, 't> {
    pub(super) values: &'v Values<'t>,
    pub(super) at: usize,
}

impl<'t> At<'_, 't> {
    fn stack(&self) -> &'t Stack {
        &self.values.stacks[self.at]
    }

    fn site(&self, line: u32) -> Site {
        Site::new(self.stack().path.clone(), line)
    }

    fn channel(&self, node: &Node) -> Option<String> {
        self.values.channel(self.at, node)
    }

    pub(super) fn queue(&self, address: &Node, line: u32) -> Option<Event> {
        let other = |resource: &Resource| resource.ty.ends_with("::Stream") || resource.ty.ends_with("::Table");
        if self.values.resource(self.at, address, &other).is_some() {
            return None;
        }
        let text = self.values.text(self.at, address)?;
        if [":kinesis:", ":dynamodb:", ":mq:"].iter().any(|service| text.contains(service)) {
            return None;
        }
        let message = Message::of("sqs", ChannelKind::Queue, self.channel(address)?);
        Some(Event { what: What::Message(message), site: self.site(line) })
    }

    pub(super) fn topic(&self, address: &Node, line: u32) -> Option<Event> {
        let message = Message::of("sns", ChannelKind::Topic, self.channel(address)?);
        Some(Event { what: What::Message(message), site: self.site(line) })
    }

    /// Events of a bus that a pattern lets through; what the platform tells of itself is no message.
    pub(super) fn rule(&self, bus: Option<&Node>, pattern: Option<&Node>, line: u32) -> Option<Event> {
        let (bus, messages, sources) = self.let_through(bus, pattern)?;
        let message = Message { messages, sources, ..Message::of("eventbridge", ChannelKind::Bus, bus) };
        Some(Event { what: What::Message(message), site: self.site(line) })
    }

    fn let_through(&self, bus: Option<&Node>, pattern: Option<&Node>) -> Option<(String, Vec<String>, Vec<String>)> {
        let texts = |key: &str| -> Vec<String> {
            let given = pattern.and_then(|pattern| pattern.get(key)).map(Node::each).unwrap_or_default();
            given.iter().filter_map(|word| self.values.text(self.at, word)).collect()
        };
        let sources = texts("source");
        let platform = !sources.is_empty() && sources.iter().all(|source| source.starts_with(PLATFORM));
        if platform || pattern.is_none() {
            return None;
        }
        let bus = match bus {
            Some(bus) => self.channel(bus)?,
            None => DEFAULT_BUS.to_owned(),
        };
        Some((bus, texts("detail-type"), sources))
    }

    fn kafka(&self, properties: &Node, line: u32) -> Vec<Event> {
        let topics = properties.get("Topics").map(Node::each).unwrap_or_default();
        let group = properties.get("ConsumerGroupId").and_then(|group| self.values.text(self.at, group));
        let event = |topic: &Node| {
            let message = Message::of("kafka", ChannelKind::Topic, self.values.text(self.at, topic)?);
            let what = What::Message(Message { group: group.clone(), ..message });
            Some(Event { what, site: self.site(line) })
        };
        topics.iter().filter_map(event).collect()
    }

    fn trigger(&self, kind: TriggerKind, what: String, line: u32) -> Event {
        Event { what: What::Trigger(kind, what), site: self.site(line) }
    }

    /// One entry of the events of a function.
    fn of_function(&self, event: &Node, line: u32) -> Vec<Event> {
        let nothing = Node { line, data: Data::Nothing };
        let properties = event.get("Properties").unwrap_or(&nothing);
        let text = |key: &str| properties.get(key).and_then(|node| self.values.text(self.at, node)).unwrap_or_default();
        let one = match event.get("Type").and_then(Node::text).unwrap_or_default() {
            "SQS" => properties.get("Queue").and_then(|queue| self.queue(queue, line)),
            "SNS" => properties.get("Topic").and_then(|topic| self.topic(topic, line)),
            "EventBridgeRule" | "CloudWatchEvent" => {
                self.rule(properties.get("EventBusName"), properties.get("Pattern"), line)
            }
            "MSK" | "SelfManagedKafka" => return self.kafka(properties, line),
            "Schedule" => Some(self.trigger(TriggerKind::Schedule, text("Schedule"), line)),
            "ScheduleV2" => Some(self.trigger(TriggerKind::Schedule, text("ScheduleExpression"), line)),
            "Api" | "HttpApi" => {
                let what = format!("{} {}", text("Method").to_ascii_uppercase(), text("Path"));
                Some(self.trigger(TriggerKind::Http, what.trim().to_owned(), line))
            }
            "DynamoDB" => Some(self.trigger(TriggerKind::Cdc, "table".to_owned(), line)),
            _ => None,
        };
        one.into_iter().collect()
    }

    /// What a resource beside the functions makes one of them run on, with the function.
    fn beside(&self, resource: &Resource) -> Vec<(String, Event)> {
        let properties = &resource.properties;
        let function = |node: &Node| self.values.resource(self.at, node, &Resource::is_function);
        let line = resource.line;
        match resource.ty.as_str() {
            "AWS::SNS::Subscription" => {
                let called = properties.get("Endpoint").and_then(function);
                let event = properties.get("TopicArn").and_then(|topic| self.topic(topic, line));
                let dead = properties.at(&["RedrivePolicy", "deadLetterTargetArn"]).and_then(|dead| self.channel(dead));
                let event = event.map(|event| event.with_dead_letter(dead));
                called.zip(event).into_iter().collect()
            }
            "AWS::SNS::Topic" => {
                let id = self.stack().resources.iter().find(|(_, other)| std::ptr::eq(*other, resource));
                let Some((id, _)) = id else { return Vec::new() };
                let topic = Node::reference(id, line);
                let entries = properties.get("Subscription").map(Node::items).unwrap_or_default();
                let entry =
                    |entry: &Node| Some((entry.get("Endpoint").and_then(function)?, self.topic(&topic, entry.line)?));
                entries.iter().filter_map(entry).collect()
            }
            "AWS::Lambda::EventSourceMapping" => {
                let Some(called) = properties.get("FunctionName").and_then(function) else { return Vec::new() };
                let kafka = self.kafka(properties, line);
                let queue = || properties.get("EventSourceArn").and_then(|source| self.queue(source, line));
                let events = if kafka.is_empty() { queue().into_iter().collect() } else { kafka };
                events.into_iter().map(|event| (called.clone(), event)).collect()
            }
            "AWS::Events::Rule" => {
                let targets = properties.get("Targets").map(Node::items).unwrap_or_default();
                let called = targets.iter().filter_map(|target| target.get("Arn").and_then(function));
                let timer = properties.get("ScheduleExpression").and_then(|when| self.values.text(self.at, when));
                let event = match timer {
                    Some(when) => Some(self.trigger(TriggerKind::Schedule, when, line)),
                    None => self.rule(properties.get("EventBusName"), properties.get("EventPattern"), line),
                };
                called.filter_map(|called| Some((called, event.clone()?))).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Where a function's failed runs go, when nobody waits for them.
    fn failed(&self, properties: &Node) -> Option<String> {
        let ways = [
            &["DeadLetterQueue", "TargetArn"][..],
            &["DeadLetterConfig", "TargetArn"],
            &["EventInvokeConfig", "DestinationConfig", "OnFailure", "Destination"],
        ];
        ways.iter().find_map(|way| properties.at(way)).and_then(|target| self.channel(target))
    }
}

impl Message {
    pub(super) fn of(broker: &'static str, kind: ChannelKind, channel: String) -> Message {
        Message { broker, kind, channel, messages: Vec::new(), sources: Vec::new(), group: None, dead_letter: None }
    }
}

impl Event {
    /// The same, where messages that cannot be handled go somewhere; what the event says itself counts more.
    pub(super) fn with_dead_letter(mut self, dead: Option<String>) -> Event {
        if let What::Message(message) = &mut self.what
            && message.dead_letter.is_none()
        {
            message.dead_letter = dead;
        }
        self
    }

    /// True where the platform calls the function and does not wait: its dead letters are those of the message.
    fn is_pushed(&self) -> bool {
        matches!(&self.what, What::Message(message) if matches!(message.broker, "sns" | "eventbridge"))
    }
}

impl Node {
    /// The resource of this name in the same template.
    pub(super) fn reference(id: &str, line: u32) -> Node {
        let name = Node { line, data: Data::Text(id.to_owned()) };
        Node { line, data: Data::Call("Ref".to_owned(), Box::new(name)) }
    }
}

/// The functions among the resources of a template.
pub(super) fn functions(source: &dyn Source, values: &Values<'_>, at: usize) -> Vec<Deployed> {
    let place = At { values, at };
    let stack = place.stack();
    let beside: Vec<(String, Event)> = stack.resources.values().flat_map(|resource| place.beside(resource)).collect();
    let resources = stack.resources.iter().filter(|(_, resource)| resource.is_function());
    let function = |(id, resource): (&String, &Resource)| {
        let own = &resource.properties;
        let global = stack.globals.as_ref().filter(|_| resource.ty.contains("Serverless"));
        let either = |key: &str| own.get(key).or_else(|| global.and_then(|global| global.get(key)));
        let words = |key: &str| either(key).and_then(Node::text);
        // The code of other kinds of functions is where a build puts it.
        let folder = words("CodeUri").or_else(|| words("Code"));
        let built = resource.metadata.as_ref();
        let entries = built.and_then(|built| built.at(&["BuildProperties", "EntryPoints"])).map(Node::items);
        let image = built.and_then(|built| built.get("DockerContext")).and_then(Node::text);
        let command = || own.at(&["ImageConfig", "Command"]).and_then(|command| command.items().first()?.text());
        let named = Named {
            folder: &stack.folder,
            code: folder.or(image),
            handler: words("Handler").or_else(command),
            runtime: words("Runtime").unwrap_or_default(),
            entries: entries.unwrap_or_default().iter().filter_map(Node::text).collect(),
        };
        let mut environment: Vec<(String, String, Site)> = Vec::new();
        for variables in [Some(own), global].into_iter().flatten() {
            let variables = variables.at(&["Environment", "Variables"]).map(Node::entries).unwrap_or_default();
            for (name, line, value) in variables {
                let set = environment.iter().any(|(known, ..)| known == name);
                if let Some(value) = values.variable(at, value).filter(|_| !set) {
                    environment.push((name.clone(), value, place.site(*line)));
                }
            }
        }
        let own_events = own.get("Events").map(Node::entries).unwrap_or_default();
        let own_events = own_events.iter().flat_map(|(_, line, event)| place.of_function(event, *line));
        let others = beside.iter().filter(|(called, _)| called == id).map(|(_, event)| event.clone());
        let failed = place.failed(own);
        let dead = |event: Event| if event.is_pushed() { event.with_dead_letter(failed.clone()) } else { event };
        let called = resource.name().and_then(|name| values.text(at, name));
        Deployed {
            name: called.and_then(|called| bare(&called)).unwrap_or_else(|| id.clone()),
            id: id.clone(),
            folder: stack.folder.clone(),
            packed: named.code.map(|code| crate::world::join(&stack.folder, code)),
            code: code::find(source, &named),
            environment,
            events: own_events.chain(others).map(dead).collect(),
            site: place.site(resource.line),
        }
    };
    resources.map(function).collect()
}

/// A name without what differs from one deployment to the next.
fn bare(name: &str) -> Option<String> {
    let mut out = String::new();
    let mut depth = 0_usize;
    for letter in name.chars() {
        match letter {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            letter if depth == 0 => out.push(letter),
            _ => {}
        }
    }
    let out = out.trim_matches(|letter: char| !letter.is_alphanumeric());
    (!out.is_empty()).then(|| out.to_owned())
}

/// The ways from one channel to another that a template lays.
pub(super) fn bindings(values: &Values<'_>, at: usize) -> Vec<BindingFact> {
    let place = At { values, at };
    let mut found = Vec::new();
    for (id, resource) in &place.stack().resources {
        let properties = &resource.properties;
        let mut bind = |broker: &str, source: String, destination: String, key: Option<String>, line: u32| {
            let (broker, site) = (broker.to_owned(), place.site(line));
            found.push(BindingFact { broker, source, destination, key, site });
        };
        let is_queue = |entry: &Node| entry.get("Protocol").and_then(Node::text) == Some("sqs");
        let filter = |entry: &Node| entry.get("FilterPolicy").map(|_| "filter".to_owned());
        match resource.ty.as_str() {
            "AWS::SNS::Subscription" if is_queue(properties) => {
                let ends = properties.get("TopicArn").zip(properties.get("Endpoint"));
                let ends = ends.and_then(|(topic, queue)| place.channel(topic).zip(place.channel(queue)));
                if let Some((topic, queue)) = ends {
                    bind("sns", topic, queue, filter(properties), resource.line);
                }
            }
            "AWS::SNS::Topic" => {
                let Some(topic) = place.channel(&Node::reference(id, resource.line)) else { continue };
                let entries = properties.get("Subscription").map(Node::items).unwrap_or_default();
                for entry in entries.iter().filter(|entry| is_queue(entry)) {
                    if let Some(queue) = entry.get("Endpoint").and_then(|queue| place.channel(queue)) {
                        bind("sns", topic.clone(), queue, filter(entry), entry.line);
                    }
                }
            }
            "AWS::Events::Rule" => {
                let Some((bus, messages, sources)) =
                    place.let_through(properties.get("EventBusName"), properties.get("EventPattern"))
                else {
                    continue;
                };
                // Keys are names of messages: where a rule asks for senders alone, what it lets through cannot be told.
                let asked = if messages.is_empty() { sources } else { messages };
                let key = Some(asked.join(",")).filter(|key| !key.is_empty());
                for target in properties.get("Targets").map(Node::items).unwrap_or_default() {
                    let Some(address) = target.get("Arn") else { continue };
                    let channel = |other: &Resource| other.channel().is_some();
                    if values.resource(at, address, &channel).is_some()
                        && let Some(destination) = place.channel(address)
                    {
                        bind("eventbridge", bus.clone(), destination, key.clone(), target.line);
                    }
                }
            }
            _ => {}
        }
    }
    found
}
