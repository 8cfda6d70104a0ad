//! Which send reaches which receive: names, routes inside the broker, keys, and the messages both ends speak of.

use crate::broker_data::{BindingKeys, BrokerInfo, broker_info};
use crate::names::NameRules;
use crate::outside::OneChannel;
use crate::types::{Channel, Link, Operation};
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{BindingFact, Certainty, ChannelKind, MessageRef};

/// Farthest a message is followed from exchange to exchange.
const FARTHEST: usize = 6;
/// Most addresses one send is followed to.
const MOST: usize = 256;

/// A route inside a broker.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Route {
    pub(crate) broker: String,
    pub(crate) source: String,
    pub(crate) destination: String,
    pub(crate) key: Option<String>,
}

/// An address a send reaches.
#[derive(Clone, Debug)]
pub(crate) struct Reached {
    pub(crate) address: String,
    pub(crate) key: Option<String>,
    pub(crate) certainty: Certainty,
    /// True when a route led here: the address may then lie on another broker.
    pub(crate) routed: bool,
}

/// The routes of the project and what exchanges do with keys.
pub(crate) struct Routes {
    by_broker: BTreeMap<String, Vec<Route>>,
    /// Exchange types as declared.
    types: BTreeMap<(String, String), String>,
}

static NOTHING: std::sync::LazyLock<BrokerInfo> = std::sync::LazyLock::new(BrokerInfo::default);

pub(crate) fn info(kind: &str) -> &'static BrokerInfo {
    broker_info(kind).unwrap_or(&NOTHING)
}

fn filled(text: &Option<String>) -> Option<&str> {
    text.as_deref().filter(|text| !text.is_empty())
}

impl Routes {
    /// Declared bindings, and those that receives make when they name exchange and queue together.
    pub(crate) fn new(bindings: &[BindingFact], operations: &[Operation], channels: &[Channel]) -> Self {
        let mut routes: BTreeSet<Route> = bindings
            .iter()
            .map(|binding| Route {
                broker: binding.broker.clone(),
                source: binding.source.clone(),
                destination: binding.destination.clone(),
                key: binding.key.clone(),
            })
            .collect();
        for operation in operations.iter().filter(|operation| operation.is_receive()) {
            if let (Some(exchange), Some(queue)) = (filled(&operation.exchange), filled(&operation.queue))
                && exchange != queue
            {
                routes.insert(Route {
                    broker: operation.broker.clone(),
                    source: exchange.to_owned(),
                    destination: queue.to_owned(),
                    key: operation.routing_key.clone(),
                });
            }
        }
        let mut by_broker: BTreeMap<String, Vec<Route>> = BTreeMap::new();
        for route in routes {
            by_broker.entry(route.broker.clone()).or_default().push(route);
        }
        let types = channels
            .iter()
            .filter(|channel| channel.kind == ChannelKind::Exchange)
            .filter_map(|channel| {
                let kind = channel.broker_id.split(':').next().unwrap_or_default().to_owned();
                Some(((kind, channel.name.clone()), channel.settings.get("type")?.to_ascii_lowercase()))
            })
            .collect();
        Routes { by_broker, types }
    }

    /// Routes that end at an address.
    pub(crate) fn ending_at<'a>(&'a self, address: &'a str) -> impl Iterator<Item = &'a Route> {
        self.by_broker.values().flatten().filter(move |route| route.destination == address)
    }

    /// Everything a send reaches, its own address first.
    pub(crate) fn reached(&self, send: &Operation) -> Vec<Reached> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        for (address, key) in start(send) {
            if seen.insert((address.to_owned(), key.map(str::to_owned))) {
                found.push(Reached {
                    address: address.to_owned(),
                    key: key.map(str::to_owned),
                    certainty: Certainty::Certain,
                    routed: false,
                });
            }
        }
        let mut next = 0;
        let mut depth_ends = found.len();
        let mut depth = 0;
        while next < found.len() && found.len() < MOST && depth < FARTHEST {
            let from = found[next].clone();
            // After a route has led to another broker, that broker's routes apply as well.
            let brokers: Vec<&String> = if from.routed {
                self.by_broker.keys().collect()
            } else {
                self.by_broker.keys().filter(|broker| **broker == send.broker).collect()
            };
            for route in brokers.into_iter().filter_map(|broker| self.by_broker.get(broker)).flatten() {
                let rules = info(&route.broker).channel_names();
                let Some(named) = rules.meet(&from.address, &route.source) else { continue };
                let Some(keyed) =
                    self.passes(&route.broker, &route.source, from.key.as_deref(), &route.key, &send.messages)
                else {
                    continue;
                };
                if seen.insert((route.destination.clone(), from.key.clone())) {
                    found.push(Reached {
                        address: route.destination.clone(),
                        key: from.key.clone(),
                        certainty: from.certainty.max(named).max(keyed),
                        routed: true,
                    });
                }
            }
            next += 1;
            if next == depth_ends {
                depth += 1;
                depth_ends = found.len();
            }
        }
        found
    }

    /// Whether an exchange lets a message with this key through to a binding with that one.
    fn passes(
        &self,
        broker: &str,
        exchange: &str,
        sent: Option<&str>,
        bound: &Option<String>,
        messages: &[MessageRef],
    ) -> Option<Certainty> {
        let info = info(broker);
        let declared = self.types.get(&(broker.to_owned(), exchange.to_owned()));
        if declared.is_some_and(|kind| info.broadcast_types.contains(kind)) {
            return Some(Certainty::Certain);
        }
        let Some(bound) = bound.as_deref() else {
            return Some(Certainty::Certain);
        };
        match info.binding_keys {
            BindingKeys::Filter => Some(Certainty::Likely),
            BindingKeys::Message if messages.is_empty() => Some(Certainty::Likely),
            BindingKeys::Message => bound
                .split([',', '|'])
                .any(|word| messages.iter().any(|message| same_message(word.trim(), &message.name)))
                .then_some(Certainty::Certain),
            BindingKeys::Routing => match sent {
                None if bound.is_empty() => Some(Certainty::Certain),
                None => Some(Certainty::Likely),
                Some("") if bound.is_empty() => Some(Certainty::Certain),
                // An exchange whose type is not seen may well be one that ignores keys.
                Some(_) if bound.is_empty() => declared.is_none().then_some(Certainty::Likely),
                // A key of which nothing is known lets any message through, and no message is known to come through.
                Some(sent) if is_unknown(bound) && !is_unknown(sent) => Some(Certainty::Possible),
                // One queue may be bound under several keys.
                Some(sent) => bound.split(", ").filter_map(|bound| info.names.meet(sent, bound)).min(),
            },
        }
    }

    /// Whether a receive hears what reached an address.
    fn hears(
        &self,
        receive: &Operation,
        reached: &Reached,
        send: &Operation,
        one_channel: &OneChannel<'_>,
    ) -> Option<Certainty> {
        if receive.broker != send.broker && !reached.routed {
            return None;
        }
        let mut best: Option<Certainty> = None;
        let mut consider = |certainty: Option<Certainty>| {
            if let Some(certainty) = certainty {
                best = Some(best.map_or(certainty, |best| best.min(certainty)));
            }
        };
        if let Some(exchange) = filled(&receive.exchange)
            && exchange == reached.address
        {
            consider(self.passes(
                &receive.broker,
                exchange,
                reached.key.as_deref(),
                &receive.routing_key,
                &send.messages,
            ));
        }
        let rules = info(&receive.broker).channel_names();
        for address in listens(receive) {
            consider(rules.meet(&reached.address, address));
            // Both names are given by the environment, each side under its own word: what is sent tells.
            if one_channel.holds(&send.broker, &reached.address, address) {
                consider(Some(Certainty::Likely));
            }
        }
        best.map(|certainty| certainty.max(reached.certainty))
    }

    /// Every send joined with the receives it reaches; `sure` is the least sure join that is kept.
    pub(crate) fn links(&self, operations: &[Operation], sure: Certainty) -> Vec<Link> {
        let index = Heard::new(operations);
        let one_channel = OneChannel::new(operations);
        let mut links = BTreeSet::new();
        for (send, operation) in operations.iter().enumerate() {
            if !operation.is_send() || operation.test || is_reply(operation) {
                continue;
            }
            let mut best: BTreeMap<usize, Certainty> = BTreeMap::new();
            for reached in self.reached(operation) {
                for receive in index.candidates(&reached.address) {
                    let other = &operations[receive];
                    if !same_instance(operation, other)
                        || info(&operation.broker).local && operation.service != other.service
                    {
                        continue;
                    }
                    let heard = self.hears(other, &reached, operation, &one_channel);
                    if let Some((certainty, from)) = heard.zip(from_source(operation, other)) {
                        let certainty = certainty.max(from).max(operation.certainty).max(other.certainty);
                        best.entry(receive).and_modify(|best| *best = certainty.min(*best)).or_insert(certainty);
                    }
                }
            }
            links.extend(
                best.into_iter().filter(|(_, certainty)| *certainty <= sure).map(|(receive, certainty)| Link {
                    send,
                    receive,
                    certainty,
                }),
            );
        }
        by_messages(links.into_iter().collect(), operations)
    }
}

/// True for a key of which nothing at all is known.
fn is_unknown(key: &str) -> bool {
    key == "{}"
}

/// Where a send enters the broker, with its key.
pub(crate) fn start(send: &Operation) -> Vec<(&str, Option<&str>)> {
    let key = filled(&send.routing_key);
    if let Some(exchange) = filled(&send.exchange) {
        // A pack may give the key as the channel of a send that names its exchange apart.
        let key =
            send.routing_key.as_deref().or_else(|| send.channel.as_deref().filter(|channel| *channel != exchange));
        return vec![(exchange, key)];
    }
    let mut found: Vec<(&str, Option<&str>)> = [&send.channel, &send.queue, &send.subject]
        .into_iter()
        .filter_map(filled)
        .map(|address| (address, key))
        .collect();
    // The nameless exchange delivers to the queue that the key names.
    if found.is_empty()
        && let Some(key) = key
    {
        found.push((key, None));
    }
    found
}

/// The addresses a receive listens on, its exchange aside.
pub(crate) fn listens(receive: &Operation) -> Vec<&str> {
    if let Some(exchange) = filled(&receive.exchange) {
        if let Some(queue) = filled(&receive.queue) {
            return vec![queue];
        }
        return filled(&receive.channel)
            .filter(|channel| *channel != exchange && Some(*channel) != receive.routing_key.as_deref())
            .into_iter()
            .collect();
    }
    [&receive.channel, &receive.queue, &receive.subject].into_iter().filter_map(filled).collect()
}

/// Receives by the addresses they hear, so that literal names need no search.
struct Heard<'a> {
    literal: BTreeMap<&'a str, Vec<usize>>,
    patterns: Vec<usize>,
    all: Vec<usize>,
    rules: Vec<NameRules>,
}

impl<'a> Heard<'a> {
    fn new(operations: &'a [Operation]) -> Self {
        let mut heard = Heard { literal: BTreeMap::new(), patterns: Vec::new(), all: Vec::new(), rules: Vec::new() };
        let mut kinds = BTreeSet::new();
        for (index, operation) in operations.iter().enumerate() {
            if !operation.is_receive() || operation.test || is_reply(operation) {
                continue;
            }
            heard.all.push(index);
            let rules = info(&operation.broker).channel_names();
            let mut pattern = false;
            for address in listens(operation).into_iter().chain(filled(&operation.exchange)) {
                heard.literal.entry(address).or_default().push(index);
                pattern |= address.contains('{') || rules.is_pattern(address);
            }
            if pattern {
                heard.patterns.push(index);
            }
            if kinds.insert(operation.broker.as_str()) {
                heard.rules.push(rules);
            }
        }
        heard
    }

    fn candidates(&self, address: &str) -> Vec<usize> {
        if address.contains('{') || self.rules.iter().any(|rules| rules.is_pattern(address)) {
            return self.all.clone();
        }
        let mut found: Vec<usize> =
            self.literal.get(address).into_iter().flatten().chain(&self.patterns).copied().collect();
        found.sort_unstable();
        found.dedup();
        found
    }
}

pub(crate) fn is_reply(operation: &Operation) -> bool {
    operation.settings.get("reply").is_some_and(|value| value == "true")
}

/// Operations of one kind lie on one broker unless both say otherwise.
fn same_instance(send: &Operation, receive: &Operation) -> bool {
    if send.broker != receive.broker {
        return true;
    }
    let instance = |operation: &Operation| operation.broker_id.split_once("::").map(|(_, name)| name.to_owned());
    match (instance(send), instance(receive)) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    }
}

/// Whether a receive that asks who sent a message takes it from this send.
fn from_source(send: &Operation, receive: &Operation) -> Option<Certainty> {
    const SOURCE: &str = "eventSource";
    let Some(wanted) = filled_setting(receive, SOURCE) else { return Some(Certainty::Certain) };
    match filled_setting(send, SOURCE) {
        Some(source) if !source.contains('{') => {
            let fits = wanted.split('|').any(|wanted| wanted == source || wanted.contains('{'));
            fits.then_some(Certainty::Certain)
        }
        // The message's name may tell as much.
        _ => Some(if receive.messages.is_empty() { Certainty::Likely } else { Certainty::Certain }),
    }
}

fn filled_setting<'o>(operation: &'o Operation, name: &str) -> Option<&'o str> {
    operation.settings.get(name).map(String::as_str).filter(|value| !value.is_empty())
}

/// Takes out joins on a shared channel whose ends speak of different messages.
fn by_messages(links: Vec<Link>, operations: &[Operation]) -> Vec<Link> {
    let messages = |index: usize| operations[index].messages.as_slice();
    let meet = |link: &Link| {
        messages(link.send).iter().any(|a| messages(link.receive).iter().any(|b| same_message(&a.name, &b.name)))
    };
    // A name counts against a join only where names are seen to line up across the channel: two services may well
    // call one message by two names.
    let mut lined_up_sends = BTreeSet::new();
    let mut lined_up_receives = BTreeSet::new();
    for link in links.iter().filter(|link| meet(link)) {
        lined_up_sends.insert(link.send);
        lined_up_receives.insert(link.receive);
    }
    links
        .into_iter()
        .filter(|link| {
            let open = operations[link.receive].other_messages;
            if messages(link.send).is_empty() || messages(link.receive).is_empty() || open || meet(link) {
                return true;
            }
            let by_name = info(&operations[link.send].broker).binding_keys == BindingKeys::Message;
            !by_name
                && !lined_up_sends.contains(&link.send)
                && !lined_up_receives.contains(&link.receive)
                && messages(link.receive).len() < 2
        })
        .collect()
}

/// Whether two names mean one message: namespaces, case, punctuation and the usual endings aside.
pub fn same_message(a: &str, b: &str) -> bool {
    a == b || bare(a) == bare(b)
}

fn bare(name: &str) -> String {
    let squeeze =
        |text: &str| -> String { text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    // `orders.OrderPlaced` has a namespace, `order.placed` is one name with dots: types begin with a capital.
    let last = name.rsplit(['.', ':', '/', '\\', '+']).next().unwrap_or(name);
    let name = if last.starts_with(|c: char| c.is_uppercase()) { last } else { name };
    let mut text = squeeze(name);
    for ending in ["integrationevent", "event", "message", "msg", "dto", "payload"] {
        if let Some(rest) = text.strip_suffix(ending)
            && !rest.is_empty()
        {
            text.truncate(rest.len());
            break;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_receive_takes_events_of_the_sources_it_asks_for() {
        use crate::tests::{model, operation};
        use weir_facts::{Action, Fact, Site};
        let fact = |line: u32, service: &str, source: Option<&str>| {
            let action = if service == "rules" { Action::Receive } else { Action::Send };
            let mut fact = operation(action, Some(service), "bus", Site::new("a.py", line));
            fact.broker = "eventbridge".to_owned();
            fact.settings.extend(source.map(|source| ("eventSource".to_owned(), source.to_owned())));
            Fact::Operation(Box::new(fact))
        };
        let facts = vec![
            fact(1, "shop", Some("app.shop")),
            fact(2, "bank", Some("app.bank")),
            fact(3, "mail", None),
            fact(4, "rules", Some("app.shop|app.post")),
        ];
        let mut from: Vec<String> = model(facts).flows.into_iter().map(|flow| flow.from).collect();
        from.sort();
        assert_eq!(from, ["mail", "shop"]);
    }

    #[test]
    fn message_names() {
        for (a, b, same) in [
            ("OrderPlaced", "OrderPlacedEvent", true),
            ("orders.OrderPlaced", "Shop.Contracts:OrderPlaced", true),
            ("order.placed", "OrderPlaced", true),
            ("OrderPlaced", "OrderShipped", false),
            ("Event", "Message", false),
        ] {
            assert_eq!(same_message(a, b), same, "{a} {b}");
        }
    }
}
