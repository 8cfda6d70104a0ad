//! What all pages know: which page each thing has, and how one page points at another.

use super::flow::{Flow, Start, flows};
use super::names::Slugs;
use super::parts::trigger_words;
use crate::links::Links;
use crate::markdown::escape::code;
use crate::markdown::named;
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{MessageRef, Site};
use weir_model::{Channel, FlowModel, Message, Operation, Report, Service, broker_name, same_message};

/// A message with who sends and who receives it.
pub(super) struct Event<'m> {
    pub(super) message: &'m Message,
    pub(super) path: String,
    pub(super) sends: Vec<&'m Operation>,
    pub(super) receives: Vec<&'m Operation>,
}

/// The catalog before it is written.
pub(super) struct Book<'m> {
    pub(super) model: &'m FlowModel,
    pub(super) report: &'m Report,
    pub(super) events: Vec<Event<'m>>,
    pub(super) channels: Vec<(&'m Channel, String)>,
    pub(super) services: Vec<(&'m Service, String)>,
    pub(super) flows: Vec<(Flow<'m>, String)>,
    links: Links,
    /// Pages by name of the message.
    event_pages: BTreeMap<&'m str, String>,
    /// Pages by broker and name of the channel.
    channel_pages: BTreeMap<(&'m str, &'m str), String>,
    /// Pages by name of the service.
    service_pages: BTreeMap<&'m str, String>,
}

impl<'m> Book<'m> {
    pub(super) fn new(model: &'m FlowModel, report: &'m Report, links: &Links) -> Self {
        let mut slugs = Slugs::default();
        let mut path = |name: &str| format!("events/{}.md", slugs.take(name));
        let events: Vec<Event<'_>> =
            model.messages.iter().filter_map(|message| event(model, message, &mut path)).collect();
        let mut slugs = Slugs::default();
        let local = |channel: &Channel| {
            let mut users =
                model.operations.iter().filter(|operation| operation.broker_id == channel.broker_id).peekable();
            users.peek().is_some() && users.all(|operation| operation.test || model.is_local(operation))
        };
        let channels: Vec<(&Channel, String)> = model
            .channels
            .iter()
            .filter(|channel| !local(channel))
            .map(|channel| (channel, format!("channels/{}.md", slugs.take(&channel.name))))
            .collect();
        let mut slugs = Slugs::default();
        let services: Vec<(&Service, String)> = model
            .services
            .iter()
            .map(|service| (service, format!("services/{}.md", slugs.take(&service.name))))
            .collect();
        let mut slugs = Slugs::default();
        let flows: Vec<(Flow<'_>, String)> = flows(model)
            .into_iter()
            .map(|flow| {
                let path = format!("flows/{}.md", slugs.take(&file_name(&flow.start)));
                (flow, path)
            })
            .collect();
        Book {
            event_pages: events.iter().map(|event| (event.message.name.as_str(), event.path.clone())).collect(),
            channel_pages: channels
                .iter()
                .map(|(channel, path)| ((channel.broker_id.as_str(), channel.name.as_str()), path.clone()))
                .collect(),
            service_pages: services.iter().map(|(service, path)| (service.name.as_str(), path.clone())).collect(),
            links: links.clone(),
            model,
            report,
            events,
            channels,
            services,
            flows,
        }
    }
}

fn file_name(start: &Start<'_>) -> String {
    match start {
        Start::Trigger(boundary, service) => format!("{service}-{}", boundary.trigger.what),
        Start::Call(send) => format!("{}-{}", send.service, send.symbol),
        Start::Outside(receive) => format!("outside-{}", receive.channel_name()),
    }
}

/// A message with its ends; `None` when it only passes within a process or in tests.
fn event<'m>(model: &'m FlowModel, message: &'m Message, path: &mut impl FnMut(&str) -> String) -> Option<Event<'m>> {
    let names = |operation: &Operation| operation.messages.iter().any(|used| same_message(&used.name, &message.name));
    let mut ends: BTreeSet<&str> = BTreeSet::new();
    for operation in model.live().filter(|operation| names(operation)) {
        ends.insert(&operation.id);
        // The other end may not say what it sends or expects; then it is this.
        let others: Vec<&Operation> =
            if operation.is_send() { model.receivers(operation).collect() } else { model.senders(operation).collect() };
        ends.extend(
            others.into_iter().filter(|other| !other.test && other.messages.is_empty()).map(|other| other.id.as_str()),
        );
    }
    let used = model.operations.iter().any(names);
    if used && ends.is_empty() {
        return None;
    }
    let (sends, receives) = model
        .live()
        .filter(|operation| ends.contains(operation.id.as_str()))
        .partition(|operation| operation.is_send());
    Some(Event { message, path: path(&message.name), sends, receives })
}

/// The book as seen from one page.
pub(super) struct View<'b, 'm> {
    pub(super) book: &'b Book<'m>,
    pub(super) model: &'m FlowModel,
    links: Links,
    up: String,
}

impl<'b, 'm> View<'b, 'm> {
    /// A page that lies this many folders below the catalog's own.
    pub(super) fn new(book: &'b Book<'m>, depth: usize) -> Self {
        let up = "../".repeat(depth);
        let prefix = &book.links.source_prefix;
        let absolute = prefix.starts_with('/') || prefix.contains("://");
        let source_prefix = if absolute { prefix.clone() } else { format!("{up}{prefix}") };
        View { book, model: book.model, links: Links { source_prefix }, up }
    }

    /// Links to the source.
    pub(super) fn links(&self) -> &Links {
        &self.links
    }

    /// A place in the source.
    pub(super) fn site(&self, site: &Site) -> String {
        self.links.site(site)
    }

    /// Another page.
    pub(super) fn page(&self, path: &str) -> String {
        format!("{}{path}", self.up)
    }

    fn linked(&self, name: &str, path: Option<&String>) -> String {
        path.map_or_else(|| code(name), |path| named(name, &self.page(path)))
    }

    /// A service.
    pub(super) fn service(&self, name: &str) -> String {
        self.linked(name, self.book.service_pages.get(name))
    }

    /// A message without its version.
    pub(super) fn message(&self, name: &str) -> String {
        self.linked(name, self.book.event_pages.get(name))
    }

    /// The messages of an operation with their versions; empty when nothing is known of them.
    pub(super) fn messages(&self, messages: &[MessageRef]) -> String {
        let one = |message: &MessageRef| {
            let version = message.version.map(|version| format!(" (v{version})")).unwrap_or_default();
            format!("{}{version}", self.message(&message.name))
        };
        messages.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    /// A channel by name on a broker.
    pub(super) fn channel_named(&self, broker_id: &str, name: &str) -> String {
        let kind = broker_id.split("::").next().unwrap_or(broker_id);
        let pages = &self.book.channel_pages;
        self.linked(name, pages.get(&(broker_id, name)).or_else(|| pages.get(&(kind, name))))
    }

    /// The channel of an operation, with what tells its messages apart there.
    pub(super) fn channel(&self, operation: &Operation) -> String {
        let Some(name) = &operation.channel else { return "not known".to_owned() };
        let mut text = self.channel_named(&operation.broker_id, name);
        let rest = address(operation);
        if let Some(key) = rest.strip_prefix(name.as_str()).map(str::trim).filter(|key| !key.is_empty()) {
            text.push_str(&format!(" with key {}", code(key)));
        }
        if let Some(queue) = operation.queue.as_ref().filter(|queue| *queue != name && !queue.is_empty()) {
            text.push_str(&format!(", queue {}", self.channel_named(&operation.broker_id, queue)));
        }
        text
    }
}

/// The address a reader knows an operation by: an exchange that many keys share is told apart by its key.
pub(super) fn address(operation: &Operation) -> String {
    let channel = operation.channel_name();
    match (&operation.exchange, &operation.routing_key) {
        (Some(exchange), Some(key)) if exchange == channel && !key.is_empty() && operation.is_send() => {
            format!("{channel} {key}")
        }
        _ => channel.to_owned(),
    }
}

/// Broker and address: `Kafka[order-events]`.
pub(super) fn spot(operation: &Operation) -> String {
    format!("{}[{}]", broker_name(&operation.broker), address(operation))
}

/// `OrderPlaced (v1), OrderShipped`, or `a message`.
pub(super) fn message_words(messages: &[MessageRef]) -> String {
    if messages.is_empty() {
        return "a message".to_owned();
    }
    let one = |message: &MessageRef| match message.version {
        Some(version) => format!("{} (v{version})", message.name),
        None => message.name.clone(),
    };
    messages.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// What starts a flow, and the service it starts in.
pub(super) fn start_words<'m>(start: &Start<'m>) -> (String, &'m str) {
    match start {
        Start::Trigger(boundary, service) => (trigger_words(&boundary.trigger), service),
        Start::Call(send) => (send.symbol.clone(), &send.service),
        Start::Outside(receive) => (receive.channel_name().to_owned(), &receive.service),
    }
}

/// What starts a flow, for a heading and for links to it.
pub(super) fn start_title(start: &Start<'_>) -> String {
    let name = code(&start_words(start).0);
    if matches!(start, Start::Outside(_)) { format!("{name} from outside") } else { name }
}
