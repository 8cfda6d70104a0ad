//! The JSON Schema of the flow model, for `docs/flow-model.schema.json`.
//!
//! The facts crate stays free of schema machinery, so the shapes it contributes are mirrored here; a test holds the
//! mirrors to what is really written.

use schemars::JsonSchema;
use serde_json::Value;
use std::collections::BTreeMap;

/// The JSON Schema of `weir discover --format json`.
pub fn json_schema() -> Value {
    schemars::schema_for!(crate::FlowModel).to_value()
}

/// The JSON Schema of `weir validate --format json`.
pub fn report_json_schema() -> Value {
    schemars::schema_for!(crate::Report).to_value()
}

/// A place in the project.
#[derive(JsonSchema)]
#[allow(dead_code)]
pub(crate) struct Place {
    /// Path below the root, `/`-separated.
    file: String,
    /// Line, from 1.
    line: u32,
}

/// A place in the project, where there is one.
#[derive(JsonSchema)]
#[allow(dead_code)]
pub(crate) struct OptionalPlace {
    /// Path below the root, `/`-separated.
    file: Option<String>,
    /// Line, from 1.
    line: Option<u32>,
}

/// A place and what it shows.
#[derive(JsonSchema)]
#[allow(dead_code)]
pub(crate) struct Evidence {
    /// Path below the root, `/`-separated.
    file: String,
    /// Line, from 1.
    line: u32,
    /// What it shows, as a short phrase.
    what: String,
}

/// A message named at an operation.
#[derive(JsonSchema)]
#[allow(dead_code)]
pub(crate) struct MessageRef {
    /// Event, command or type name.
    name: String,
    /// Version, where written.
    version: Option<u32>,
}

/// A field of a payload.
#[derive(JsonSchema)]
#[allow(dead_code)]
pub(crate) struct Field {
    /// Name on the wire.
    name: String,
    /// Type as written, empty when unknown.
    #[schemars(rename = "type")]
    ty: String,
    /// True when it may be absent.
    optional: bool,
}

/// Sending or receiving.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
#[allow(dead_code)]
pub(crate) enum Action {
    Send,
    Receive,
}

/// How sure weir is.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
#[allow(dead_code)]
pub(crate) enum Certainty {
    Certain,
    Likely,
    Possible,
}

/// What kind of address a channel is.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
#[allow(dead_code)]
pub(crate) enum ChannelKind {
    Topic,
    Queue,
    Exchange,
    Subject,
    Stream,
    Bus,
}

/// What starts asynchronous work.
#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
#[allow(dead_code)]
pub(crate) enum TriggerKind {
    Http,
    Webhook,
    Schedule,
    Cdc,
    Queue,
    Cli,
}

/// How much of the project could be seen.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[allow(dead_code)]
pub(crate) struct Coverage {
    /// Per language.
    languages: BTreeMap<String, LanguageCoverage>,
    /// Files left out, with the reason.
    skipped: Vec<Evidence>,
    /// Calls recognised as messaging.
    messaging_calls: u32,
    /// Those whose channel was resolved.
    resolved_calls: u32,
}

/// Files of one language.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase")]
#[allow(dead_code)]
pub(crate) struct LanguageCoverage {
    /// Files of this language.
    seen: u32,
    /// Files read as a tree because they could matter.
    parsed: u32,
    /// Share of the parsed bytes without syntax errors, in thousandths.
    clean_permille: u32,
}
