//! The facts themselves: what was observed, declared or seen live, each with its site.

use crate::{Certainty, Evidence, Hop, Name, Origin, Program, Site};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Sending or receiving, in AsyncAPI's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// A message leaves the service.
    Send,
    /// A message enters the service.
    Receive,
}

/// What kind of address a channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelKind {
    /// Kafka, SNS, Pub/Sub topic.
    Topic,
    /// A queue.
    Queue,
    /// A RabbitMQ exchange.
    Exchange,
    /// A NATS or Redis subject or pub/sub channel.
    Subject,
    /// A stream.
    Stream,
    /// An event bus (EventBridge).
    Bus,
}

/// One statement about the system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "fact")]
pub enum Fact {
    /// A broker is in use.
    Broker(BrokerFact),
    /// A deployable unit exists.
    Service(ServiceFact),
    /// A message is sent or received.
    Operation(Box<OperationFact>),
    /// A channel is declared.
    Channel(ChannelFact),
    /// Messages flow from one channel to another inside the broker.
    Binding(BindingFact),
    /// A message type is declared.
    Message(MessageFact),
    /// Something outside starts work.
    Boundary(BoundaryFact),
    /// A datastore is in use.
    Store(StoreFact),
    /// An architecture pattern shows.
    Pattern(PatternFact),
    /// A saga is declared or shows.
    Saga(SagaFact),
    /// A read model is kept up to date by events.
    Projection(ProjectionFact),
    /// A messaging call that could not be resolved.
    Unresolved(UnresolvedFact),
}

/// Evidence that a broker is in use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BrokerFact {
    /// Kind as in the JSON contract: `kafka`, `rabbitmq`, `sqs`, ...
    pub kind: String,
    /// Version of the broker or its client, where written.
    pub version: Option<String>,
    /// Where it shows.
    pub evidence: Evidence,
    /// True when this alone proves use (a running container, a call); false for a mere dependency.
    pub proves: bool,
}

/// A deployable unit and the folder that holds it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServiceFact {
    /// Bare name.
    pub name: String,
    /// Folder below the root, `""` for the root itself.
    pub path: String,
    /// Frameworks in use.
    pub frameworks: Vec<String>,
    /// Other names of the same unit (compose service, package name).
    pub aliases: Vec<String>,
    /// True when it is a library other services share, not a unit that runs.
    pub library: bool,
    /// Where it shows.
    pub evidence: Evidence,
}

/// A message named at an operation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MessageRef {
    /// Event, command or type name.
    pub name: String,
    /// Version, where the code or design says one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub version: Option<u32>,
}

/// A field of a payload.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Field {
    /// Name on the wire.
    pub name: String,
    /// Type as written, empty when unknown.
    #[serde(rename = "type")]
    pub ty: String,
    /// True when it may be absent.
    pub optional: bool,
}

/// The function that handles a received message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handler {
    /// `Class.method` or function name; the enclosing function for an anonymous callback.
    pub symbol: String,
    /// Where it stands.
    pub site: Site,
}

/// One send or receive at one site on one channel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OperationFact {
    /// Where the fact comes from.
    pub origin: Origin,
    /// Send or receive.
    pub action: Action,
    /// Broker kind.
    pub broker: String,
    /// Which configured broker instance, where more than one is told apart.
    pub connection: Option<String>,
    /// Primary channel; `None` when unresolved.
    pub channel: Option<Name>,
    /// What kind of address the channel is.
    pub channel_kind: Option<ChannelKind>,
    /// RabbitMQ exchange.
    pub exchange: Option<String>,
    /// RabbitMQ routing key or binding key.
    pub routing_key: Option<String>,
    /// Queue.
    pub queue: Option<String>,
    /// NATS subject or pattern.
    pub subject: Option<String>,
    /// Messages known to pass here.
    pub messages: Vec<MessageRef>,
    /// True when others may pass as well: the code that reads them has a way for the rest.
    pub other_messages: bool,
    /// Ordering key expression as written.
    pub key: Option<String>,
    /// Payload fields.
    pub payload: Vec<Field>,
    /// Consumer group, queue group, durable name.
    pub group: Option<String>,
    /// Handler of a receive.
    pub handler: Option<Handler>,
    /// Enclosing symbol, `Class.method`.
    pub symbol: String,
    /// Service it belongs to, where the origin says so outright (flow files); else found by path.
    pub service: Option<String>,
    /// Client library that makes it.
    pub library: String,
    /// Settings that decide delivery, as the pack names them (`autoCommit`, `noAck`, `acks`, ...).
    pub settings: BTreeMap<String, String>,
    /// True when this sends a command or a request that expects an answer.
    pub request: bool,
    /// Dead-letter channel, where the registration itself names it.
    pub dead_letter: Option<String>,
    /// Where the business code sends or registers.
    pub site: Site,
    /// Wrapper and raw client calls below it.
    pub via: Vec<Site>,
    /// How sure it is.
    pub certainty: Certainty,
    /// How the names were found.
    pub trail: Vec<Hop>,
    /// What the handler (receive) or the enclosing function (send) does.
    pub program: Option<Program>,
    /// True in test code.
    pub test: bool,
}

/// A channel that is declared somewhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChannelFact {
    /// Where the fact comes from.
    pub origin: Origin,
    /// Broker kind.
    pub broker: String,
    /// What kind of address it is.
    pub kind: ChannelKind,
    /// Its name.
    pub name: Name,
    /// Where messages go that cannot be processed.
    pub dead_letter: Option<String>,
    /// Settings as declared.
    pub settings: BTreeMap<String, String>,
    /// Where it is declared.
    pub site: Site,
}

/// A route inside the broker: exchange to queue, topic to queue, rule to target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BindingFact {
    /// Broker kind of the source.
    pub broker: String,
    /// Channel that is read.
    pub source: String,
    /// Channel that is fed.
    pub destination: String,
    /// Binding key or filter.
    pub key: Option<String>,
    /// Where it is declared.
    pub site: Site,
}

/// A message type with its schema.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MessageFact {
    /// Name.
    pub name: String,
    /// Version.
    pub version: Option<u32>,
    /// Fields.
    pub fields: Vec<Field>,
    /// Where it is declared.
    pub evidence: Evidence,
}

/// What starts asynchronous work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TriggerKind {
    /// An HTTP route.
    Http,
    /// A webhook received.
    Webhook,
    /// A timer.
    Schedule,
    /// A change in a database.
    Cdc,
    /// A message.
    Queue,
    /// A command line.
    Cli,
}

/// A trigger, and the program that runs when it fires.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BoundaryFact {
    /// What starts it.
    pub trigger: TriggerKind,
    /// The route, the cron line, ...
    pub what: String,
    /// Function that runs.
    pub symbol: String,
    /// Sites of the sends reachable from it (the operation's own `site`).
    pub sends: Vec<Site>,
    /// What the function does; messages that trigger work have theirs at the receive.
    pub program: Option<Program>,
    /// Where the trigger is declared.
    pub site: Site,
    /// True in test code.
    pub test: bool,
}

/// A datastore in use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoreFact {
    /// Name: table or database where known, else the client's.
    pub name: String,
    /// Kind: `postgres`, `mongodb`, `sql`, ...
    pub kind: String,
    /// Where it shows.
    pub evidence: Evidence,
}

/// An architecture pattern at a place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PatternFact {
    /// Kind as in the JSON contract.
    pub kind: String,
    /// Where it shows.
    pub evidence: Evidence,
}

/// One step of a saga.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SagaStepFact {
    /// Name.
    pub name: String,
    /// Message that says it worked.
    pub ok: Option<String>,
    /// Message that says it failed.
    pub failed: Option<String>,
    /// What undoes it.
    pub compensate: Option<String>,
    /// How long it may take, as written.
    pub timeout: Option<String>,
}

/// A saga.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SagaFact {
    /// Name.
    pub name: String,
    /// True for orchestration, false for choreography.
    pub orchestrated: bool,
    /// What ties its messages together.
    pub correlation: Option<String>,
    /// How long the whole may take, as written.
    pub timeout: Option<String>,
    /// Steps in order.
    pub steps: Vec<SagaStepFact>,
    /// Where it shows.
    pub evidence: Vec<Evidence>,
}

/// A read model kept up to date by events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectionFact {
    /// Name.
    pub name: String,
    /// Channel or table it reads.
    pub source: String,
    /// Store or table it writes.
    pub store: String,
    /// Where it keeps its position.
    pub position: Option<String>,
    /// Where it shows.
    pub evidence: Vec<Evidence>,
}

/// A recognised messaging call whose channel could not be followed to the end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UnresolvedFact {
    /// The call as written.
    pub what: String,
    /// Where it stands.
    pub site: Site,
    /// The calls of wrappers between there and the library's, the library's first.
    pub via: Vec<Site>,
    /// Why it could not be resolved.
    pub why: String,
    /// What would make it resolvable.
    pub hint: String,
    /// Kind of broker the library speaks to; empty where the library speaks to several.
    pub broker: String,
}

/// How much of the tree weir could see.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Coverage {
    /// Per language.
    pub languages: BTreeMap<String, LanguageCoverage>,
    /// Files left out, with the reason.
    pub skipped: Vec<Evidence>,
    /// Calls recognised as messaging.
    pub messaging_calls: u32,
    /// Those whose channel was resolved.
    pub resolved_calls: u32,
}

/// Files of one language.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LanguageCoverage {
    /// Files of this language.
    pub seen: u32,
    /// Files that were read as a tree because they could matter.
    pub parsed: u32,
    /// Of the parsed bytes, the share without syntax errors, in thousandths.
    pub clean_permille: u32,
}
