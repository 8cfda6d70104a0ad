//! The shape of a pack file. Field by field this is the reference that `packs/README.md` explains.

use serde::Deserialize;
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// One path or several; several mean all that are present.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Paths {
    /// One path expression.
    One(SmolStr),
    /// The union of several.
    Many(Vec<SmolStr>),
}

/// What a pack is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PackKind {
    /// Brokers and buses.
    Messaging,
    /// Databases, caches, object-relational mappers.
    Storage,
    /// HTTP and RPC servers.
    Web,
    /// Timers.
    Schedule,
    /// HTTP and RPC clients.
    Http,
    /// Mail, SMS, push.
    Mail,
    /// Payments.
    Payment,
    /// Configuration.
    Config,
    /// Dependency injection and other wiring.
    Di,
    /// Logging.
    Log,
}

/// Languages a pack speaks about.
pub type Languages = Vec<SmolStr>;

/// A pack: one library, what it looks like in code and what that means.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Pack {
    /// Name shown to people; unique.
    pub library: SmolStr,
    /// What it is about.
    pub kind: PackKind,
    /// `typescript`, `javascript`, `python`, ...
    pub languages: Languages,
    /// What must be imported for anything of this pack to match.
    pub when: When,
    /// Package names in manifests, as evidence with a version; `when.import` when left out.
    #[serde(default)]
    pub manifest: Vec<SmolStr>,
    /// Namespaces that one of these packages brings into every file of a project that refers to it.
    #[serde(default)]
    pub brings: Vec<SmolStr>,
    /// What the prefilter looks for in the bytes, as whole words; `when.import` when left out.
    #[serde(default)]
    pub literals: Vec<SmolStr>,
    /// Broker kind of everything here, unless a fact says otherwise.
    #[serde(default)]
    pub broker: Option<SmolStr>,
    /// Store kind for storage packs.
    #[serde(default)]
    pub store: Option<SmolStr>,
    /// Name of the framework, when using this library makes a service one of it.
    #[serde(default)]
    pub framework: Option<SmolStr>,
    /// Objects the library exports whose functions a rule may name (`Object.function`).
    #[serde(default)]
    pub exports: Vec<SmolStr>,
    /// Library types and how values of them come about.
    #[serde(default)]
    pub types: BTreeMap<SmolStr, TypeRule>,
    /// What to emit where.
    #[serde(default)]
    pub facts: Vec<FactRule>,
}

/// The guard of a pack.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct When {
    /// Modules, packages or namespaces; `a` also covers `a/b` and `a.b`. Empty list: global names of the language.
    #[serde(default)]
    pub import: Vec<SmolStr>,
}

/// A library type.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TypeRule {
    /// Exported names that denote it in annotations and constructions; its own key when left out. `default` is the
    /// default export or the module itself.
    #[serde(default)]
    pub names: Vec<SmolStr>,
    /// Calls that yield it: `Type.method`, or `function` exported by the library.
    #[serde(default)]
    pub from: Vec<SmolStr>,
    /// Members that hold it: `Type.member`, `Type.*`; `Type.[]` are its elements.
    #[serde(default)]
    pub member: Vec<SmolStr>,
    /// Constructing a value of these types yields it (`new Model()`).
    #[serde(default)]
    pub instance: Vec<SmolStr>,
    /// Annotations that make it of the function they stand on: `@Type.method` of an object, `@name` of the library.
    #[serde(default)]
    pub decorates: Vec<SmolStr>,
    /// Fields of the project's classes that extend it are configuration values.
    #[serde(default)]
    pub settings: Option<SettingsRule>,
    /// Its members are the constants of the project's modules of these names, where the library's object of this name is
    /// filled from one.
    #[serde(default)]
    pub constants: Vec<SmolStr>,
    /// Members of it that are well-known texts.
    #[serde(default)]
    pub texts: BTreeMap<SmolStr, SmolStr>,
    /// Its members are whatever the program assigns to them, anywhere.
    #[serde(default)]
    pub bag: bool,
    /// Its members and elements are configuration values under this key, `$member` being the name.
    #[serde(default)]
    pub entries: Option<SmolStr>,
    /// Annotations that inject it into a parameter or field (their arguments are `$0`, …).
    #[serde(default)]
    pub inject: Vec<SmolStr>,
    /// Types whose members it has as well.
    #[serde(default, rename = "extends")]
    pub bases: Vec<SmolStr>,
    /// A builder: a method that yields no other type keeps the object and notes what it was given, `x.name(value)` and
    /// `x.set('name', value)` both as the property `name`; what is set again becomes a list.
    #[serde(default)]
    pub fluent: bool,
    /// A project class whose base comes from a package that is not part of the tree and that no pack knows, made with a
    /// client of a messaging library: a company's own wrapper of which only the use is visible.
    #[serde(default)]
    pub absent: bool,
    /// Properties bound where a value comes about; rules read them as `$this.name`.
    #[serde(default, rename = "let")]
    pub properties: BTreeMap<SmolStr, SmolStr>,
}

/// How the fields of a settings class are named in the environment: as they are, in capitals.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SettingsRule {
    /// Members of the class that hold what stands before every name, dotted.
    #[serde(default)]
    pub prefix: Vec<SmolStr>,
}

/// A condition on a path.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum Condition {
    /// `text`, `object`, `list`, `function`, `number`, `type`, `present`, `missing`, `filled`, or one exact text in quotes.
    Is(SmolStr),
    /// One of these exact texts (library constants by their last segment).
    OneOf(Vec<SmolStr>),
}

/// One rule: where it matches and what it says.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FactRule {
    /// What it matches: `Type.method`, `function`, `new Type`, `@Annotation`, `extends Type`, `Type <-` (a send to a
    /// channel of that type), `Type.[]` (a loop over the object), `Type.field =` and `NAME =` (an assignment, `$0` being
    /// what is assigned), `*.method` (one that the library adds to types of others); alternatives separated by
    /// `|`. `Type.*` matches any member.
    #[serde(rename = "match")]
    pub pattern: SmolStr,
    /// Conditions that must all hold: path to condition.
    #[serde(default, rename = "where")]
    pub conditions: BTreeMap<SmolStr, Condition>,
    /// Repeats the emission for each element of this path, bound as `$each`.
    #[serde(default)]
    pub each: Option<SmolStr>,
    /// Calls on the same object whose arguments the emission needs: name to `Type.method`, or to `Type.method of path`
    /// when they are calls on another object.
    #[serde(default)]
    pub join: BTreeMap<SmolStr, SmolStr>,
    /// Types of the parameters of a callback argument: position, or position and property, to types
    /// (`{'0': [Channel], '0.setup': [Channel]}`). Of `extends Type` it is the name of a method that the library calls.
    #[serde(default)]
    pub callback: BTreeMap<SmolStr, Vec<SmolStr>>,
    /// What is said. Absent when the rule only types a callback.
    #[serde(default)]
    pub emit: Option<Emit>,
}

/// What a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageKind {
    /// Something happened.
    Event,
    /// Something should happen.
    Command,
    /// A question that expects an answer.
    Request,
}

/// One or several facts about the match. Keys that are absent say nothing.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Emit {
    /// A message leaves to this channel.
    #[serde(default)]
    pub send: Option<Paths>,
    /// A message enters from this channel.
    #[serde(default)]
    pub receive: Option<Paths>,
    /// Broker kind: a fixed word or `{ of: path, is: { VALUE: kind } }`.
    #[serde(default)]
    pub broker: Option<BrokerRule>,
    /// `topic`, `queue`, `exchange`, `subject`, `stream`, `bus`.
    #[serde(default)]
    pub kind: Option<SmolStr>,
    /// RabbitMQ exchange.
    #[serde(default)]
    pub exchange: Option<SmolStr>,
    /// RabbitMQ routing or binding key, SNS filter.
    #[serde(default)]
    pub routing_key: Option<Paths>,
    /// Queue.
    #[serde(default)]
    pub queue: Option<SmolStr>,
    /// Messages by name.
    #[serde(default)]
    pub messages: Option<Paths>,
    /// Ordering key.
    #[serde(default)]
    pub key: Option<SmolStr>,
    /// Payload.
    #[serde(default)]
    pub payload: Option<SmolStr>,
    /// Consumer group.
    #[serde(default)]
    pub group: Option<SmolStr>,
    /// Handler function.
    #[serde(default)]
    pub handler: Option<SmolStr>,
    /// Types of the handler's parameters.
    #[serde(default)]
    pub takes: Vec<SmolStr>,
    /// Where the messages are read when no handler is given: `Type` (a loop over the object), `Type.method`.
    #[serde(default)]
    pub reads: Vec<SmolStr>,
    /// What the message is.
    #[serde(default)]
    pub message_kind: Option<MessageKind>,
    /// Dead-letter channel of a receive.
    #[serde(default)]
    pub dead_letter: Option<SmolStr>,
    /// Delivery settings: name to path.
    #[serde(default)]
    pub settings: BTreeMap<SmolStr, SmolStr>,
    /// True when awaiting the call waits for the broker's confirmation.
    #[serde(default)]
    pub confirmed: bool,
    /// True when the send's argument must be consumed for anything to happen (a cold observable).
    #[serde(default)]
    pub cold: bool,

    /// A channel is declared.
    #[serde(default)]
    pub declare: Option<DeclareRule>,
    /// A route inside the broker.
    #[serde(default)]
    pub bind: Option<BindRule>,
    /// A value is registered under a token for other rules (`lookup`, `all`).
    #[serde(default)]
    pub provide: Option<ProvideRule>,

    /// The message is acknowledged.
    #[serde(default)]
    pub ack: bool,
    /// The message is refused.
    #[serde(default)]
    pub nack: Option<NackRule>,
    /// A transaction begins, ends, or spans a callback.
    #[serde(default)]
    pub transaction: Option<Transaction>,
    /// A store is read.
    #[serde(default)]
    pub read: Option<ReadRule>,
    /// A store is written.
    #[serde(default)]
    pub write: Option<WriteRule>,
    /// Objects of the annotated class are rows of this table.
    #[serde(default)]
    pub entity: Option<SmolStr>,
    /// The match itself shows this architecture pattern: `outbox`, `inbox-dedup`, `event-sourcing`, `cqrs`, `retry-topic`,
    /// `saga-orchestration`.
    #[serde(default)]
    pub pattern: Option<SmolStr>,
    /// A call to the outside.
    #[serde(default)]
    pub external: Option<ExternalRule>,
    /// A duplicate guard: `key` (SET NX) or `dedup-table`.
    #[serde(default)]
    pub guard: Option<SmolStr>,
    /// Only a log line.
    #[serde(default)]
    pub log: bool,
    /// A wait.
    #[serde(default)]
    pub backoff: bool,
    /// The call yields the configuration value of this key.
    #[serde(default)]
    pub config: Option<SmolStr>,
    /// Default of `config`.
    #[serde(default)]
    pub default: Option<SmolStr>,
    /// The annotated field or parameter, or the result of the call, is this value: pointers to constants, encoders, conversions.
    #[serde(default)]
    pub value: Option<SmolStr>,
    /// The call yields, or makes its object hold, what a file of configuration says.
    #[serde(default)]
    pub document: Option<Document>,
    /// The fields of the annotated class are the configuration values below this key.
    #[serde(default)]
    pub fields: Option<SmolStr>,
    /// An HTTP route.
    #[serde(default)]
    pub route: Option<RouteRule>,
    /// A timer.
    #[serde(default)]
    pub schedule: Option<ScheduleRule>,
    /// The callbacks named by this path run as part of the call (iteration helpers, promise chains).
    #[serde(default)]
    pub runs: Option<Paths>,
}

/// A file that is read as configuration.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Document {
    /// The argument that is its path, or that opens it.
    pub path: SmolStr,
    /// Endings of such files.
    pub endings: Vec<SmolStr>,
}

/// How the broker of a fact is found.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum BrokerRule {
    /// Always this kind.
    Fixed(SmolStr),
    /// Decided by a value.
    Of {
        /// Path of the deciding value.
        of: SmolStr,
        /// Value (library constants by their last segment) to kind; empty when the value is the kind.
        #[serde(default)]
        is: BTreeMap<SmolStr, SmolStr>,
    },
}

/// A declared channel.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DeclareRule {
    /// Its name.
    pub channel: Paths,
    /// `topic`, `queue`, `exchange`, `subject`, `stream`, `bus`.
    pub kind: SmolStr,
    /// Dead-letter channel or exchange.
    #[serde(default)]
    pub dead_letter: Option<SmolStr>,
    /// Settings: name to path.
    #[serde(default)]
    pub settings: BTreeMap<SmolStr, SmolStr>,
}

/// A route inside the broker.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BindRule {
    /// Channel that is read.
    pub source: SmolStr,
    /// Channel that is fed.
    pub destination: SmolStr,
    /// Key or filter.
    #[serde(default)]
    pub key: Option<Paths>,
}

/// A value other rules look up.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProvideRule {
    /// Table, local to a service.
    pub table: SmolStr,
    /// Key; absent for entries that only `all(table)` reads.
    #[serde(default)]
    pub key: Option<SmolStr>,
    /// Value.
    pub value: SmolStr,
}

/// A refusal.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NackRule {
    /// Whether the message goes back: a path, or `'true'` / `'false'`.
    #[serde(default)]
    pub requeue: Option<SmolStr>,
}

/// How a call takes part in a transaction.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Transaction {
    /// `begin`, `commit`, `rollback`, or a path to the callback that runs inside.
    Word(SmolStr),
}

/// A read.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ReadRule {
    /// Table or collection.
    #[serde(default)]
    pub table: Option<SmolStr>,
    /// SQL text whose tables and kind count instead.
    #[serde(default)]
    pub sql: Option<SmolStr>,
}

/// A write.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct WriteRule {
    /// Table or collection.
    #[serde(default)]
    pub table: Option<SmolStr>,
    /// `insert`, `update`, `relative`, `upsert`, `delete`, `save`.
    pub kind: SmolStr,
    /// Path whose presence says that the write names its key.
    #[serde(default)]
    pub keyed: Option<SmolStr>,
}

/// A call to the outside.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExternalRule {
    /// `http`, `http-read`, `rpc`, `mail`, `payment`.
    pub kind: SmolStr,
    /// Path whose presence says that an idempotency key goes along.
    #[serde(default)]
    pub idempotency_key: Option<SmolStr>,
}

/// An HTTP route.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RouteRule {
    /// `GET`, `POST`, … or a path.
    pub method: SmolStr,
    /// Path of the route.
    #[serde(default)]
    pub path: Option<Paths>,
    /// Handler functions.
    pub handler: Paths,
}

/// A timer.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ScheduleRule {
    /// When.
    #[serde(default)]
    pub when: Option<SmolStr>,
    /// Function that runs.
    pub handler: SmolStr,
}
