//! Questions one can ask a model: who sends here, who hears it, where failed messages go.

use crate::assemble::parks_by_itself;
use crate::join::info;
use crate::patterns::is_dead_letter;
use crate::types::{Broker, Channel, FlowModel, Operation};
use weir_facts::{Effect, Site};

/// Where messages of a receive go that cannot be processed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeadLetter {
    /// The channel, where it has a name.
    pub channel: Option<String>,
    /// How it gets there, as a phrase.
    pub how: String,
    /// Where that is written.
    pub site: Option<Site>,
}

impl FlowModel {
    /// The operation with this id.
    pub fn operation(&self, id: &str) -> Option<&Operation> {
        self.operations.iter().find(|operation| operation.id == id)
    }

    /// Operations that run, test code and in-process events left out.
    pub fn live(&self) -> impl Iterator<Item = &Operation> {
        self.operations.iter().filter(|operation| !operation.test && !operation.is_local())
    }

    /// False for a broker that only runs: nothing that is no test sends to it or receives from it, not even a call whose
    /// channel is not known.
    pub fn is_used(&self, broker: &Broker) -> bool {
        self.operations.iter().any(|operation| !operation.test && operation.broker_id == broker.id)
            || self.unresolved.iter().any(|call| call.broker == broker.kind)
    }

    /// The channel an operation reads from or writes to.
    pub fn channel_of(&self, operation: &Operation) -> Option<&Channel> {
        let names = [&operation.queue, &operation.channel];
        names.into_iter().flatten().find_map(|name| {
            self.channels.iter().find(|channel| channel.broker_id == operation.broker_id && channel.name == *name)
        })
    }

    /// Receives that hear a send.
    pub fn receivers<'a>(&'a self, send: &'a Operation) -> impl Iterator<Item = &'a Operation> {
        let at = |index: usize| &self.operations[index];
        self.links.iter().filter(move |link| at(link.send).id == send.id).map(move |link| at(link.receive))
    }

    /// Sends that a receive hears.
    pub fn senders<'a>(&'a self, receive: &'a Operation) -> impl Iterator<Item = &'a Operation> {
        let at = |index: usize| &self.operations[index];
        self.links.iter().filter(move |link| at(link.receive).id == receive.id).map(move |link| at(link.send))
    }

    /// Where failed messages of a receive go, as far as it can be seen.
    pub fn dead_letter(&self, receive: &Operation) -> Option<DeadLetter> {
        if let Some(channel) = &receive.dead_letter {
            return Some(DeadLetter {
                channel: Some(channel.clone()),
                how: "named where the handler is registered".to_owned(),
                site: Some(receive.site.clone()),
            });
        }
        if let Some(channel) = self.channel_of(receive)
            && let Some(dead_letter) = &channel.dead_letter
        {
            return Some(DeadLetter {
                channel: Some(dead_letter.clone()),
                how: "declared with the channel".to_owned(),
                site: channel.declared_in.first().cloned(),
            });
        }
        if let Some(found) = self.published_on_failure(receive) {
            return Some(found);
        }
        if parks_by_itself(receive) {
            return Some(DeadLetter { channel: None, how: receive.delivery.on_error_words.clone(), site: None });
        }
        None
    }

    /// A catch clause of the handler that publishes elsewhere sets the message aside by hand.
    fn published_on_failure(&self, receive: &Operation) -> Option<DeadLetter> {
        let program = receive.program.as_ref()?;
        let mut found = None;
        program.walk(&mut |step| {
            if let Effect::Try { catches, .. } = &step.effect {
                for arm in catches {
                    let probe = weir_facts::Program { symbol: String::new(), steps: arm.steps.clone(), partial: false };
                    probe.walk(&mut |step| {
                        if let Effect::Publish { channel, .. } = &step.effect
                            && found.is_none()
                            && *channel != receive.channel
                            && channel.as_deref().is_none_or(|name| is_dead_letter(name) || is_failure(name))
                        {
                            found = Some(DeadLetter {
                                channel: channel.clone(),
                                how: "published by the handler's own error handling".to_owned(),
                                site: Some(step.site.clone()),
                            });
                        }
                    });
                }
            }
        });
        found
    }

    /// True when the broker of this operation never leaves the process.
    pub fn is_local(&self, operation: &Operation) -> bool {
        info(&operation.broker).local
    }
}

fn is_failure(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["retry", "error", "fail", "poison", "park"].iter().any(|word| name.contains(word))
}
