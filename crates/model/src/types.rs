//! The flow model: the shapes of `weir discover --format json`, one struct per array of the contract.
//!
//! Field names are the contract's, in camel case on the wire. Fields marked `skip` carry what rules need and readers
//! of the JSON do not.

use crate::delivery::Delivery;
use crate::schema;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use weir_facts::{
    Action, BindingFact, BoundaryFact, Certainty, ChannelKind, Coverage, Evidence, Field, Hop, MessageRef, Name,
    Origin, Program, Site, TriggerKind,
};

/// Version of the JSON contract.
pub const SCHEMA_VERSION: u32 = 1;

/// Everything weir knows of one project, joined.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct FlowModel {
    /// Version of this format.
    pub schema_version: u32,
    /// Name of the project that was read.
    pub root: String,
    /// Units that run.
    pub services: Vec<Service>,
    /// Brokers in use.
    pub brokers: Vec<Broker>,
    /// Channels that operations or declarations name.
    pub channels: Vec<Channel>,
    /// Message types.
    pub messages: Vec<Message>,
    /// Sends and receives.
    pub operations: Vec<Operation>,
    /// Where something synchronous starts something asynchronous.
    pub boundaries: Vec<Boundary>,
    /// Which service reaches which, over what.
    pub flows: Vec<Flow>,
    /// Architecture patterns with their evidence.
    pub patterns: Vec<Pattern>,
    /// Datastores.
    pub stores: Vec<Store>,
    /// Read models.
    pub projections: Vec<Projection>,
    /// Sagas.
    pub sagas: Vec<Saga>,
    /// Messaging calls whose channel is not known.
    pub unresolved: Vec<Unresolved>,
    /// How much of the project could be seen.
    #[schemars(with = "schema::Coverage")]
    pub coverage: Coverage,
    /// Routes inside brokers, for rules and queries.
    #[serde(skip)]
    pub bindings: Vec<BindingFact>,
    /// All triggers, also those that send nothing, for rules.
    #[serde(skip)]
    pub triggers: Vec<BoundaryFact>,
    /// Joined pairs of operations, for rules and queries; test code is left out.
    #[serde(skip)]
    pub links: Vec<Link>,
}

/// A unit that runs, or a library that services share when operations lie in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// Bare name.
    pub name: String,
    /// Folder below the root, empty for the root itself.
    pub path: String,
    /// Languages its operations are written in.
    pub languages: Vec<String>,
    /// Frameworks in use.
    pub frameworks: Vec<String>,
    /// Owners, from CODEOWNERS or a catalog file.
    pub owners: Vec<String>,
    /// Other names of the same unit.
    #[serde(skip)]
    pub aliases: Vec<String>,
    /// True for shared code that does not run by itself.
    #[serde(skip)]
    pub library: bool,
}

/// A broker in use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Broker {
    /// Id that other parts refer to: the kind, or `kind:connection` where instances are told apart.
    pub id: String,
    /// `kafka`, `rabbitmq`, `sqs`, ...
    pub kind: String,
    /// Version of the broker or client, where written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Where it shows.
    #[schemars(with = "Vec<schema::Evidence>")]
    pub evidence: Vec<Evidence>,
}

/// An address on a broker.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Channel {
    /// `brokerId/name`.
    pub id: String,
    /// Broker it lives on.
    pub broker_id: String,
    /// What kind of address it is.
    #[schemars(with = "schema::ChannelKind")]
    pub kind: ChannelKind,
    /// Name, with `{part}` for what varies.
    pub name: String,
    /// Where it is declared.
    #[schemars(with = "Vec<schema::Place>")]
    pub declared_in: Vec<Site>,
    /// Where messages go that cannot be processed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dead_letter: Option<String>,
    /// Settings as declared.
    pub settings: BTreeMap<String, String>,
}

/// What a message is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MessageKind {
    /// Something happened.
    #[default]
    Event,
    /// Something should happen.
    Command,
    /// A question.
    Query,
    /// An answer.
    Reply,
}

/// A message type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Name.
    pub name: String,
    /// Version, where written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// What it is.
    pub kind: MessageKind,
    /// Fields, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<Vec<schema::Field>>")]
    pub schema: Option<Vec<Field>>,
    /// Where it is declared or used.
    #[schemars(with = "Vec<schema::Evidence>")]
    pub evidence: Vec<Evidence>,
}

/// How often a message takes effect.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, serde::Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum GuaranteeValue {
    /// It may be lost, it is never repeated.
    AtMostOnce,
    /// It is not lost, it may be repeated.
    AtLeastOnce,
    /// Neither lost nor repeated.
    ExactlyOnce,
    /// Cannot be seen.
    #[default]
    Unknown,
}

impl GuaranteeValue {
    /// The words people use.
    pub fn words(self) -> &'static str {
        match self {
            GuaranteeValue::AtMostOnce => "at most once",
            GuaranteeValue::AtLeastOnce => "at least once",
            GuaranteeValue::ExactlyOnce => "exactly once",
            GuaranteeValue::Unknown => "unknown",
        }
    }
}

/// A guarantee with its reason.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Guarantee {
    /// Which one.
    pub value: GuaranteeValue,
    /// Why, as a phrase.
    pub why: String,
}

/// One effect of a handler or publisher, flattened from its program.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct EffectView {
    /// `read`, `write`, `publish`, `ack`, `external`, ...
    pub kind: String,
    /// What it touches, as a phrase.
    pub what: String,
    /// Where.
    #[serde(flatten)]
    #[schemars(with = "schema::Place")]
    pub site: Site,
}

/// One send or receive at one site on one channel.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// `service/action/channel/symbol#n`; holds no line numbers.
    pub id: String,
    /// Send or receive.
    #[schemars(with = "schema::Action")]
    pub action: Action,
    /// Bare service name.
    pub service: String,
    /// Broker kind.
    pub broker: String,
    /// Broker instance.
    pub broker_id: String,
    /// Primary channel, `null` when not resolved.
    pub channel: Option<String>,
    /// Other names under which the same messages pass.
    pub channel_aliases: Vec<String>,
    /// Exchange.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exchange: Option<String>,
    /// Routing or binding key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub routing_key: Option<String>,
    /// Queue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue: Option<String>,
    /// Subject or subject pattern.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Messages known to pass.
    #[schemars(with = "Vec<schema::MessageRef>")]
    pub messages: Vec<MessageRef>,
    /// True when others may pass as well.
    #[serde(skip)]
    pub other_messages: bool,
    /// Ordering key as written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Payload fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Option<Vec<schema::Field>>")]
    pub payload: Vec<Field>,
    /// Consumer group, queue group, durable name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub consumer_group: Option<String>,
    /// Handler of a receive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handler: Option<String>,
    /// Client library.
    pub library: String,
    /// Delivery guarantee with its reason.
    pub guarantee: Guarantee,
    /// When the message is acknowledged, as a phrase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ack: Option<String>,
    /// What happens on an error, as a phrase.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub errors: Option<String>,
    /// Where the business code sends or registers.
    #[serde(flatten)]
    #[schemars(with = "schema::Place")]
    pub site: Site,
    /// Wrapper and raw client calls below it.
    #[schemars(with = "Vec<schema::Place>")]
    pub via: Vec<Site>,
    /// How sure it is.
    #[schemars(with = "schema::Certainty")]
    pub certainty: Certainty,
    /// How the names were found.
    #[schemars(with = "Vec<schema::Evidence>")]
    pub trail: Vec<Hop>,
    /// What the handler or the sending function does.
    pub effects: Vec<EffectView>,
    /// True in test code.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schemars(default)]
    pub test: bool,
    /// Where the fact came from.
    #[serde(skip)]
    pub origin: Origin,
    /// What kind of address the channel is.
    #[serde(skip)]
    pub channel_kind: Option<ChannelKind>,
    /// Where the handler stands.
    #[serde(skip)]
    pub handler_site: Option<Site>,
    /// Enclosing symbol of the call.
    #[serde(skip)]
    pub symbol: String,
    /// Settings that decide delivery, as the pack names them.
    #[serde(skip)]
    pub settings: BTreeMap<String, String>,
    /// True when an answer is expected.
    #[serde(skip)]
    pub request: bool,
    /// Dead-letter channel that the registration itself names.
    #[serde(skip)]
    pub dead_letter: Option<String>,
    /// What is known of this client's behaviour under these settings.
    #[serde(skip)]
    pub delivery: Delivery,
    /// What the handler or the sending function does, in control-flow order.
    #[serde(skip)]
    pub program: Option<Program>,
}

impl Operation {
    /// The channel for people: its name or `?`.
    pub fn channel_name(&self) -> &str {
        self.channel.as_deref().unwrap_or("?")
    }

    /// True for a receive.
    pub fn is_receive(&self) -> bool {
        self.action == Action::Receive
    }

    /// True for a send.
    pub fn is_send(&self) -> bool {
        self.action == Action::Send
    }

    /// The primary channel as a name with certainty and trail.
    pub fn channel_as_name(&self) -> Option<Name> {
        self.channel.clone().map(|text| Name { text, certainty: self.certainty, trail: self.trail.clone() })
    }
}

/// What starts asynchronous work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Trigger {
    /// Kind.
    #[schemars(with = "schema::TriggerKind")]
    pub kind: TriggerKind,
    /// The route, the cron line, ...
    pub what: String,
}

/// A consumer reached from a boundary.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Downstream {
    /// Service that receives.
    pub service: String,
    /// Id of the receiving operation.
    pub operation: String,
    /// Its handler.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handler: Option<String>,
}

/// Where something synchronous starts something asynchronous.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Boundary {
    /// Service of the trigger.
    pub service: String,
    /// The trigger.
    pub trigger: Trigger,
    /// Id of the send it leads to.
    pub operation: String,
    /// Who consumes it.
    pub downstream: Vec<Downstream>,
    /// Where the trigger is declared.
    #[serde(flatten)]
    #[schemars(with = "schema::Place")]
    pub site: Site,
}

/// Messages pass from one service to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Flow {
    /// Sending service.
    pub from: String,
    /// Broker kind.
    pub broker: String,
    /// Channel.
    pub channel: String,
    /// Other names of the channel.
    pub channel_aliases: Vec<String>,
    /// Receiving service.
    pub to: String,
    /// Messages that pass, where known.
    #[schemars(with = "Vec<schema::MessageRef>")]
    pub messages: Vec<MessageRef>,
    /// Ids of the operations on both ends.
    pub operations: Vec<String>,
    /// How sure the join is.
    #[schemars(with = "schema::Certainty")]
    pub certainty: Certainty,
}

/// A send that reaches a receive; indexes into [`FlowModel::operations`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Link {
    /// Index of the send.
    pub send: usize,
    /// Index of the receive.
    pub receive: usize,
    /// How sure the join is.
    pub certainty: Certainty,
}

/// An architecture pattern with its evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Pattern {
    /// `pub-sub`, `outbox`, `dlq`, ...
    pub kind: String,
    /// How sure that is: `likely` where no single place says so, only how the services work together.
    #[schemars(with = "schema::Certainty")]
    pub certainty: Certainty,
    /// Where it shows.
    #[schemars(with = "Vec<schema::Evidence>")]
    pub evidence: Vec<Evidence>,
}

/// A datastore.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Store {
    /// Name.
    pub name: String,
    /// Kind.
    pub kind: String,
    /// Service that uses it.
    pub service: String,
    /// Where it shows.
    #[schemars(with = "Vec<schema::Evidence>")]
    pub evidence: Vec<Evidence>,
}

/// A read model kept up to date by events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Projection {
    /// Name.
    pub name: String,
    /// What it reads.
    pub source: String,
    /// Where it writes.
    pub store: String,
    /// Where it keeps its position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// Where it shows.
    #[schemars(with = "Vec<schema::Evidence>")]
    pub evidence: Vec<Evidence>,
}

/// One step of a saga.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct SagaStep {
    /// Name.
    pub name: String,
    /// Message that says it worked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ok: Option<String>,
    /// Message that says it failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
    /// What undoes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub compensate: Option<String>,
    /// How long it may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<String>,
}

/// A saga.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Saga {
    /// Name.
    pub name: String,
    /// `orchestration` or `choreography`.
    pub style: String,
    /// What ties its messages together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correlation: Option<String>,
    /// Steps in order.
    pub steps: Vec<SagaStep>,
    /// Where it shows.
    #[schemars(with = "Vec<schema::Evidence>")]
    pub evidence: Vec<Evidence>,
    /// How long the whole may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<String>,
}

/// A messaging call whose channel is not known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Unresolved {
    /// Where.
    #[serde(flatten)]
    #[schemars(with = "schema::Place")]
    pub site: Site,
    /// The calls of wrappers between there and the library's, the library's first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(with = "Vec<schema::Place>")]
    pub via: Vec<Site>,
    /// The call as written.
    pub what: String,
    /// Why it could not be resolved.
    pub why: String,
    /// What would make it resolvable.
    pub hint: String,
    /// Kind of broker the call speaks to; empty where its library speaks to several.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub broker: String,
}
