//! When two names of which only the settings are known mean one channel: `{ORDERS_TOPIC}` of the sender and `{TOPIC_IN}`
//! of the receiver, which speak of one message that nobody else speaks of.

use crate::join::{is_reply, listens, same_message, start};
use crate::types::Operation;
use std::collections::{BTreeMap, BTreeSet};

/// Pairs of settings, `(broker, of the sends, of the receives)`, that can only mean one channel.
pub(crate) struct OneChannel<'a> {
    pairs: BTreeSet<(&'a str, &'a str, &'a str)>,
}

/// Who speaks on one broker, by the names used.
#[derive(Default)]
struct Spoken<'a> {
    sent: BTreeMap<&'a str, Vec<&'a Operation>>,
    heard: BTreeMap<&'a str, Vec<&'a Operation>>,
}

impl<'a> OneChannel<'a> {
    pub(crate) fn new(operations: &'a [Operation]) -> Self {
        let mut brokers: BTreeMap<&str, Spoken<'a>> = BTreeMap::new();
        for operation in operations.iter().filter(|operation| !operation.test && !is_reply(operation)) {
            let spoken = brokers.entry(&operation.broker).or_default();
            if operation.is_send() {
                for (address, _) in start(operation) {
                    spoken.sent.entry(address).or_default().push(operation);
                }
            } else if operation.is_receive() {
                for address in listens(operation).into_iter().chain(operation.exchange.as_deref()) {
                    spoken.heard.entry(address).or_default().push(operation);
                }
            }
        }
        let mut pairs = BTreeSet::new();
        for (broker, spoken) in &brokers {
            pairs.extend(spoken.pairs().into_iter().map(|(sent, heard)| (*broker, sent, heard)));
        }
        OneChannel { pairs }
    }

    pub(crate) fn holds(&self, broker: &str, sent: &str, heard: &str) -> bool {
        self.pairs.contains(&(broker, sent, heard))
    }
}

impl<'a> Spoken<'a> {
    fn pairs(&self) -> Vec<(&'a str, &'a str)> {
        let mut found = Vec::new();
        for (sent, sends) in self.sent.iter().filter(|(name, _)| set_outside(name)) {
            // A setting that is used on both ends is the name of its own channel.
            if self.heard.contains_key(sent) {
                continue;
            }
            let mut partners = self.heard.iter().filter(|(_, receives)| share_a_message(sends, receives));
            let (Some((heard, receives)), None) = (partners.next(), partners.next()) else { continue };
            let rivals = self.sent.iter().filter(|(_, others)| share_a_message(others, receives)).count();
            if set_outside(heard)
                && rivals == 1
                && !self.sent.contains_key(heard)
                && !self.told_apart(sent, heard)
                && !self.of_one_family(sent, heard)
            {
                found.push((*sent, *heard));
            }
        }
        found
    }

    /// True when one service uses both names: it would not configure one channel twice.
    fn told_apart(&self, sent: &str, heard: &str) -> bool {
        let users = |name: &str| -> BTreeSet<&str> {
            let all = [self.sent.get(name), self.heard.get(name)].into_iter().flatten().flatten();
            all.map(|operation| operation.service.as_str()).collect()
        };
        !users(sent).is_disjoint(&users(heard))
    }

    /// True when both names are entries of one list of channels, `{topic.orders}` and `{topic.stock}` beside others.
    fn of_one_family(&self, sent: &str, heard: &str) -> bool {
        let Some(place) = differ_at(sent, heard) else { return false };
        let mut names = self.sent.keys().chain(self.heard.keys()).filter(|name| set_outside(name));
        names.any(|name| differ_at(name, sent) == Some(place) && differ_at(name, heard) == Some(place))
    }
}

/// True for a name of which nothing but the name of a setting is known.
fn set_outside(address: &str) -> bool {
    let inner = address.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    inner.is_some_and(|inner| !inner.is_empty() && !inner.contains(['{', '}']))
}

/// The one word in which the names of two settings differ.
fn differ_at(a: &str, b: &str) -> Option<usize> {
    let words = |name| str::split(name, ['.', ':', '_', '-']);
    if words(a).count() != words(b).count() {
        return None;
    }
    let mut places = words(a).zip(words(b)).enumerate().filter(|(_, (a, b))| a != b).map(|(place, _)| place);
    places.next().filter(|_| places.next().is_none())
}

fn share_a_message(sends: &[&Operation], receives: &[&Operation]) -> bool {
    sends.iter().any(|send| {
        receives.iter().any(|receive| {
            send.messages.iter().any(|sent| receive.messages.iter().any(|heard| same_message(&sent.name, &heard.name)))
        })
    })
}

#[cfg(test)]
mod tests {
    use crate::tests::{model, operation};
    use weir_facts::{Action, Fact, MessageRef, Site};

    /// Flows of `service send|receive {setting} Message`, as `from setting to`.
    fn flows(said: &[&str]) -> Vec<String> {
        let fact = |(line, said): (usize, &&str)| {
            let words: Vec<&str> = said.split(' ').collect();
            let action = if words[1] == "send" { Action::Send } else { Action::Receive };
            let line = u32::try_from(line).expect("few lines") + 1;
            let mut fact = operation(action, Some(words[0]), words[2], Site::new(words[0], line));
            fact.messages = vec![MessageRef { name: words[3].to_owned(), ..MessageRef::default() }];
            Fact::Operation(Box::new(fact))
        };
        let model = model(said.iter().enumerate().map(fact).collect());
        model.flows.iter().map(|flow| format!("{} {} {}", flow.from, flow.channel, flow.to)).collect()
    }

    #[test]
    fn one_setting_of_each_end_that_share_a_message() {
        let found = flows(&["orders send {ORDERS_TOPIC} Placed", "mail receive {TOPIC_IN} PlacedEvent"]);
        assert_eq!(found, ["orders {ORDERS_TOPIC} mail"]);
    }

    #[test]
    fn settings_that_speak_of_one_message_are_not_joined_by_it() {
        let found = flows(&[
            "orders send {TOPIC_ORDERS} Order",
            "stock receive {TOPIC_ORDERS} Order",
            "stock send {TOPIC_STOCK} Order",
            "orders receive {TOPIC_STOCK} Order",
            "orders send {TOPIC_MAIL} Order",
            "mail receive {TOPIC_MAIL} Order",
        ]);
        assert_eq!(found, ["orders {TOPIC_MAIL} mail", "orders {TOPIC_ORDERS} stock", "stock {TOPIC_STOCK} orders"]);
    }

    #[test]
    fn two_receivers_or_two_senders_leave_it_open() {
        let two = ["a send {OUT} Placed", "b receive {LEFT} Placed", "c receive {RIGHT_TOPIC} Placed"];
        assert_eq!(flows(&two), [""; 0]);
        let two = ["a send {OUT} Placed", "b send {OTHER_TOPIC} Placed", "c receive {IN} Placed"];
        assert_eq!(flows(&two), [""; 0]);
        // The known channel may be the one that is meant.
        let two = ["a send {OUT} Placed", "b receive placed Placed", "c receive {IN_TOPIC} Placed"];
        assert_eq!(flows(&two), [""; 0]);
    }

    #[test]
    fn one_service_does_not_configure_a_channel_twice() {
        assert_eq!(flows(&["a send {RETRY} Placed", "a receive {INPUT_TOPIC} Placed"]), [""; 0]);
        let three = ["a send {OUT} Placed", "b receive {INPUT_TOPIC} Placed", "a receive {INPUT_TOPIC} Placed"];
        assert_eq!(flows(&three), [""; 0]);
    }

    #[test]
    fn entries_of_one_list_are_different_channels() {
        let found =
            flows(&["a send {topic.placed} Order", "b receive {topic.shipped} Order", "b send {topic.paid} Receipt"]);
        assert_eq!(found, [""; 0]);
    }
}
