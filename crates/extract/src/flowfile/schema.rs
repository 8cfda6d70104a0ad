//! The shape of a flow file. Names are AsyncAPI's and OpenTelemetry's where they have one.

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, de::value::MapAccessDeserializer};
use serde_saphyr::Spanned;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A value and the place it stands at.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub struct At<T>(pub Spanned<T>);

impl<T> At<T> {
    /// Line, from 1.
    pub(super) fn line(&self) -> u32 {
        super::clamp(self.0.referenced.line())
    }

    /// Column, from 1.
    pub(super) fn column(&self) -> u32 {
        super::clamp(self.0.referenced.column())
    }

    /// The value.
    pub(super) fn get(&self) -> &T {
        &self.0.value
    }
}

impl<T: JsonSchema> JsonSchema for At<T> {
    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

/// A system as it is meant to be.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(title = "weir flow file")]
pub struct FlowFile {
    /// Version of this format; 1.
    pub weir: At<u32>,
    /// Name of the system.
    pub system: String,
    /// Brokers by name.
    #[serde(default)]
    pub brokers: BTreeMap<String, At<Broker>>,
    /// Services by name.
    #[serde(default)]
    pub services: BTreeMap<String, At<Service>>,
    /// Messages by name.
    #[serde(default)]
    pub messages: BTreeMap<String, At<Message>>,
    /// Types that payloads refer to: name to fields.
    #[serde(default)]
    pub types: BTreeMap<String, BTreeMap<String, String>>,
    /// Channels by name.
    #[serde(default)]
    pub channels: BTreeMap<String, At<Channel>>,
    /// Who sends.
    #[serde(default)]
    pub sends: Vec<At<Send>>,
    /// Who receives.
    #[serde(default)]
    pub receives: Vec<At<Receive>>,
    /// Sagas by name.
    #[serde(default)]
    pub sagas: BTreeMap<String, At<Saga>>,
}

/// A broker.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Broker {
    /// `kafka`, `rabbitmq`, `sqs`, `nats`, `redis-streams`, ...
    pub kind: String,
    /// Why this one.
    #[serde(default)]
    pub why: Option<String>,
    /// Version.
    #[serde(default)]
    pub version: Option<String>,
}

/// A service.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Service {
    /// Folder below the root.
    #[serde(default)]
    pub path: Option<String>,
    /// Framework.
    #[serde(default)]
    pub framework: Option<String>,
}

/// A message type.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Message {
    /// Version, from 1.
    #[serde(default)]
    pub version: Option<u32>,
    /// Field that orders messages.
    #[serde(default)]
    pub key: Option<String>,
    /// Fields: name to type; a trailing `?` makes one optional.
    #[serde(default)]
    pub payload: BTreeMap<String, String>,
}

/// A channel.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Channel {
    /// `topic`, `queue`, `exchange`, `subject`, `stream`, `bus`.
    #[serde(default)]
    pub kind: Option<Kind>,
    /// Name of a broker above; may be left out when there is one.
    #[serde(default)]
    pub broker: Option<String>,
    /// Field that keeps order.
    #[serde(default)]
    pub key: Option<String>,
    /// Kafka partitions.
    #[serde(default)]
    pub partitions: Option<u32>,
    /// How long messages stay (`7d`).
    #[serde(default)]
    pub retention: Option<String>,
    /// Messages that pass.
    #[serde(default)]
    pub messages: Vec<String>,
    /// Where failed messages go.
    #[serde(default)]
    pub dead_letter: Option<String>,
}

/// What kind of address a channel is.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A topic.
    Topic,
    /// A queue.
    Queue,
    /// An exchange.
    Exchange,
    /// A subject.
    Subject,
    /// A stream.
    Stream,
    /// An event bus.
    Bus,
}

/// A service sends a message.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Send {
    /// Who.
    pub service: At<String>,
    /// What starts it (`POST /orders`, `every 5m`).
    #[serde(default)]
    pub when: Option<String>,
    /// The message.
    pub message: At<String>,
    /// Where to.
    pub channel: At<String>,
    /// Table that is written along with it.
    #[serde(default)]
    pub writes: Option<String>,
    /// `outbox`: stored in the transaction of the write, published afterwards. `direct` is the default.
    #[serde(default)]
    pub via: Option<Via>,
    /// What the sending function does, in order, instead of `writes` and `via`.
    #[serde(default)]
    #[schemars(with = "Vec<Step>")]
    pub does: Vec<At<Step>>,
}

/// How a message leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// Through an outbox table.
    Outbox,
    /// Straight to the broker.
    Direct,
}

/// A service receives messages.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Receive {
    /// Who.
    pub service: At<String>,
    /// Consumer group.
    #[serde(default)]
    pub group: Option<String>,
    /// Where from.
    pub channel: At<String>,
    /// Which messages; all of the channel when left out.
    #[serde(default)]
    pub messages: Vec<At<String>>,
    /// Name of the handler.
    #[serde(default)]
    pub handler: Option<String>,
    /// `at-most-once`, `at-least-once`, `exactly-once`.
    #[serde(default)]
    pub delivery: Option<Delivery>,
    /// How a message that comes twice takes effect once.
    #[serde(default)]
    pub idempotency: Option<Idempotency>,
    /// Attempts before a message is set aside.
    #[serde(default)]
    pub retry: Option<Retry>,
    /// Where failed messages go: a name or a description.
    #[serde(default)]
    pub dead_letter: Option<DeadLetter>,
    /// Table the handler writes.
    #[serde(default)]
    pub writes: Option<String>,
    /// What the handler does, in order.
    #[serde(default)]
    #[schemars(with = "Vec<Step>")]
    pub does: Vec<At<Step>>,
}

/// How often a message takes effect.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[allow(clippy::enum_variant_names)] // The field's own words.
pub enum Delivery {
    /// It may be lost.
    AtMostOnce,
    /// It may be repeated.
    AtLeastOnce,
    /// Neither.
    ExactlyOnce,
}

impl Delivery {
    pub(super) fn word(self) -> &'static str {
        match self {
            Delivery::AtMostOnce => "at-most-once",
            Delivery::AtLeastOnce => "at-least-once",
            Delivery::ExactlyOnce => "exactly-once",
        }
    }
}

/// A strategy against duplicates.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Idempotency {
    /// `dedup-table`, `natural` or `key`.
    pub strategy: Strategy,
    /// Table or store that remembers.
    #[serde(default)]
    pub table: Option<String>,
    /// Field that identifies a message.
    #[serde(default)]
    pub key: Option<String>,
}

/// The kinds of strategies against duplicates.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Strategy {
    /// A row under a unique key, in the transaction of the effect.
    DedupTable,
    /// The effect itself may be repeated without harm.
    Natural,
    /// An idempotency key goes along with the effect.
    Key,
}

/// Attempts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Retry {
    /// How many.
    pub attempts: u32,
    /// `fixed` or `exponential`.
    #[serde(default)]
    pub backoff: Option<String>,
    /// First pause (`1s`).
    #[serde(default)]
    pub first: Option<String>,
    /// Factor from pause to pause.
    #[serde(default)]
    pub factor: Option<u32>,
}

/// Where failed messages go.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum DeadLetter {
    /// The channel.
    Channel(String),
    /// The channel with who watches it.
    #[serde(rename_all = "camelCase")]
    Watched {
        /// The channel.
        channel: String,
        /// Depth that alerts.
        #[serde(default)]
        alert_above: Option<u32>,
        /// Who is told.
        #[serde(default)]
        owner: Option<String>,
    },
}

impl DeadLetter {
    pub(super) fn channel(&self) -> &str {
        match self {
            DeadLetter::Channel(channel) | DeadLetter::Watched { channel, .. } => channel,
        }
    }
}

/// A saga.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Saga {
    /// `orchestration` or `choreography`.
    pub style: Style,
    /// Why this style.
    #[serde(default)]
    pub why: Option<String>,
    /// Field that ties its messages together.
    #[serde(default)]
    pub correlation: Option<String>,
    /// How long the whole may take.
    #[serde(default)]
    pub timeout: Option<String>,
    /// Steps in order.
    #[serde(default)]
    pub steps: Vec<SagaStep>,
}

/// How a saga is led.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Style {
    /// One service leads.
    Orchestration,
    /// Every service reacts.
    Choreography,
}

/// One step of a saga.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SagaStep {
    /// Name.
    pub name: String,
    /// Who does it.
    #[serde(default)]
    pub service: Option<String>,
    /// Message that says it worked.
    #[serde(default)]
    pub ok: Option<String>,
    /// Message that says it failed.
    #[serde(default)]
    pub failed: Option<String>,
    /// What undoes it.
    #[serde(default)]
    pub compensate: Option<String>,
    /// How long it may take.
    #[serde(default)]
    pub timeout: Option<String>,
}

/// One step of a handler: a word (`ack`, `throw`, `return`, `log`, `wait`) or one key with its value.
#[derive(Clone, Debug, Default)]
pub struct Step(pub StepMap);

/// The keys of a step; exactly one of the verbs is given.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(rename = "StepKeys")]
pub struct StepMap {
    /// `ack`, `throw`, `return`, `log`, `wait`.
    #[serde(skip)]
    pub word: Option<String>,
    /// Insert a row into this table.
    #[serde(default)]
    pub insert: Option<String>,
    /// Update rows of this table by key.
    #[serde(default)]
    pub update: Option<String>,
    /// Change a number or list in this table relatively.
    #[serde(default)]
    pub increment: Option<String>,
    /// Insert or update under a natural key.
    #[serde(default)]
    pub upsert: Option<String>,
    /// Delete from this table.
    #[serde(default)]
    pub delete: Option<String>,
    /// Insert or update, decided at run time.
    #[serde(default)]
    pub save: Option<String>,
    /// Read this table.
    #[serde(default)]
    pub read: Option<String>,
    /// Publish this message.
    #[serde(default)]
    pub publish: Option<String>,
    /// Call this.
    #[serde(default)]
    pub call: Option<String>,
    /// Send this mail.
    #[serde(default)]
    pub mail: Option<String>,
    /// Pay this.
    #[serde(default)]
    pub pay: Option<String>,
    /// Test for a duplicate: `dedup-table`, `key`, `check-then-act`, `conditional`.
    #[serde(default)]
    pub guard: Option<Guard>,
    /// Refuse the message: `requeue` or `drop`.
    #[serde(default)]
    pub nack: Option<String>,
    /// A transaction around these steps.
    #[serde(default)]
    #[schemars(with = "Option<Vec<Step>>")]
    pub tx: Option<Vec<At<Step>>>,
    /// Repeat these steps.
    #[serde(default, rename = "loop")]
    #[schemars(with = "Option<Vec<Step>>")]
    pub repeat: Option<Vec<At<Step>>>,
    /// Try these steps; with `catch` and `finally`.
    #[serde(default, rename = "try")]
    #[schemars(with = "Option<Vec<Step>>")]
    pub attempt: Option<Vec<At<Step>>>,
    /// One of several ways: lists of steps.
    #[serde(default)]
    #[schemars(with = "Option<Vec<Vec<Step>>>")]
    pub either: Option<Vec<Vec<At<Step>>>>,
    /// Steps that run beside the handler.
    #[serde(default)]
    #[schemars(with = "Option<Vec<Step>>")]
    pub spawn: Option<Vec<At<Step>>>,
    /// Something weir cannot see into.
    #[serde(default)]
    pub unknown: Option<String>,
    /// With `publish`: the channel; the only channel that carries the message when left out.
    #[serde(default)]
    pub to: Option<String>,
    /// With `publish`: false when nobody waits for the broker.
    #[serde(default)]
    pub confirmed: Option<bool>,
    /// With `publish`: true when it only reaches an outbox table.
    #[serde(default)]
    pub outbox: Option<bool>,
    /// With a write: the key it writes under. With a call: the idempotency key.
    #[serde(default)]
    pub key: Option<String>,
    /// With `guard`: where it remembers.
    #[serde(default, rename = "in")]
    pub store: Option<String>,
    /// With `try`: what happens on an error.
    #[serde(default)]
    #[schemars(with = "Option<Vec<Step>>")]
    pub catch: Option<Vec<At<Step>>>,
    /// With `try`: what happens always.
    #[serde(default)]
    #[schemars(with = "Option<Vec<Step>>")]
    pub finally: Option<Vec<At<Step>>>,
}

/// How a handler recognises a duplicate.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Guard {
    /// A row under a unique key.
    DedupTable,
    /// A key in a store of its own.
    Key,
    /// A look-up, then an early return.
    CheckThenAct,
    /// A condition in the write itself.
    Conditional,
}

impl<'de> Deserialize<'de> for Step {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Steps;
        impl<'de> Visitor<'de> for Steps {
            type Value = Step;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a step: `ack`, `throw`, `return`, `log`, `wait`, or a key such as `insert: orders`")
            }

            fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<Step, E> {
                if matches!(word, "ack" | "throw" | "return" | "log" | "wait") {
                    Ok(Step(StepMap { word: Some(word.to_owned()), ..StepMap::default() }))
                } else {
                    Err(E::custom(format!(
                        "`{word}` is no step; expected `ack`, `throw`, `return`, `log`, `wait`, or a key"
                    )))
                }
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Step, A::Error> {
                StepMap::deserialize(MapAccessDeserializer::new(map)).map(Step)
            }
        }
        deserializer.deserialize_any(Steps)
    }
}

impl JsonSchema for Step {
    fn schema_name() -> Cow<'static, str> {
        "Step".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let keys = generator.subschema_for::<StepMap>();
        schemars::json_schema!({
            "description": "One step of a handler: a word or one key with its value.",
            "anyOf": [{ "enum": ["ack", "throw", "return", "log", "wait"] }, keys]
        })
    }
}
