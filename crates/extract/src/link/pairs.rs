//! Which of several messages goes to which of several channels, where one call sends to channels that are called after
//! their messages: `OrderPlaced` to `shop.order-placed`, never to `shop.order-paid`.

use super::emit::Found;
use std::collections::BTreeMap;
use weir_facts::{Action, MessageRef, Site};

/// Leaves each channel of a call with the messages it is called after, where that tells for every one of them.
pub(super) fn settle(found: &mut [Found]) {
    let mut calls: BTreeMap<(Site, String), Vec<usize>> = BTreeMap::new();
    for (at, one) in found.iter().enumerate() {
        if one.fact.action == Action::Send && one.fact.channel.is_some() {
            calls.entry((one.fact.site.clone(), one.fact.broker.clone())).or_default().push(at);
        }
    }
    for sends in calls.into_values().filter(|sends| sends.len() > 1) {
        let mut all: Vec<MessageRef> = Vec::new();
        for at in &sends {
            for message in &found[*at].fact.messages {
                if !all.contains(message) {
                    all.push(message.clone());
                }
            }
        }
        let named = |at: &usize| {
            let channel = found[*at].fact.channel.as_ref().map(|name| name.text.as_str()).unwrap_or_default();
            called_after(channel, &all)
        };
        let told: Vec<Option<MessageRef>> = sends.iter().map(named).collect();
        if all.len() > 1 && told.iter().all(Option::is_some) {
            for (at, message) in sends.iter().zip(told) {
                found[*at].fact.messages = message.into_iter().collect();
            }
        }
    }
}

/// The one message at the end of a channel's name; the longest where one ends with another.
fn called_after(channel: &str, messages: &[MessageRef]) -> Option<MessageRef> {
    let channel = letters(channel);
    let ends = messages.iter().filter(|message| channel.ends_with(&letters(&message.name)));
    ends.max_by_key(|message| message.name.len()).cloned()
}

fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_name_tells() {
        let message = |name: &str| MessageRef { name: name.to_owned(), version: None };
        let all = [message("OrderPlaced"), message("Placed"), message("OrderPaid")];
        let told = |channel: &str| called_after(channel, &all).map(|message| message.name);
        assert_eq!(told("shop.order-placed").as_deref(), Some("OrderPlaced"));
        assert_eq!(told("shop:ORDER_PAID").as_deref(), Some("OrderPaid"));
        assert_eq!(told("shop.orders"), None);
    }
}
