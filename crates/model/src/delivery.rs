//! How one operation's client behaves: when it acknowledges, what an error does, how long it may take.
//!
//! The values come from `brokers/*.yaml`; rules read them here and never ask for a broker or library by name.

use crate::types::Guarantee;
use serde::Deserialize;

/// When a message counts as done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AckMode {
    /// Before the handler runs: a crash loses it.
    BeforeHandler,
    /// After the handler returns without an error.
    AfterHandler,
    /// On a timer, whatever the handler does.
    Timer,
    /// When the code says so.
    Manual,
    /// There is nothing to acknowledge.
    None,
    /// Cannot be seen.
    #[default]
    Unknown,
}

/// What the client does when the handler throws.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnError {
    /// The message is gone.
    Lost,
    /// It comes back, without a limit and without a pause.
    HotLoop,
    /// It comes back again and again; what stands behind it waits.
    Blocks,
    /// It comes back until a limit and is then gone.
    RetriedThenLost,
    /// It comes back until a limit and is then set aside.
    RetriedThenParked,
    /// It is set aside at once.
    Parked,
    /// It stays pending until somebody claims it.
    Stuck,
    /// The answer carries the error to the caller.
    Replied,
    /// The loop in the code decides.
    CodeDecides,
    /// Cannot be seen.
    #[default]
    Unknown,
}

/// Whether there is a dead-letter channel without asking for one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeadLetterSupport {
    /// The client or the broker sets failed messages aside by default.
    BuiltIn,
    /// It does when told to.
    OptIn,
    /// The code must do it.
    Code,
    /// Such messages are not worth keeping here (presence, cache hints).
    Never,
    /// Cannot be seen.
    #[default]
    Unknown,
}

/// How long a handler may take before the broker gives the message to somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TimeLimit {
    /// Milliseconds by default.
    pub millis: u64,
    /// The setting that changes it, as an operation's settings or a channel's settings name it.
    pub setting: String,
    /// What the number means, as a phrase.
    pub what: String,
    /// Factor that turns the setting's number into milliseconds.
    #[serde(default = "one")]
    pub unit_millis: u64,
}

fn one() -> u64 {
    1
}

/// How one operation's client behaves under its settings.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Delivery {
    /// Guarantee with its reason.
    pub guarantee: Guarantee,
    /// When the message counts as done.
    pub ack: AckMode,
    /// What an error does.
    pub on_error: OnError,
    /// The same as a phrase for people.
    pub on_error_words: String,
    /// Attempts in all before the client gives up; `None` when unbounded, unknown or none.
    pub attempts: Option<u32>,
    /// Whether retries never end by default.
    pub unbounded: bool,
    /// Whether there is a dead-letter channel by default.
    pub dead_letter: DeadLetterSupport,
    /// How long the handler may take.
    pub limit: Option<TimeLimit>,
    /// True when the broker keeps messages for consumers that are away.
    pub durable: Option<bool>,
    /// For sends: true when the call, awaited, waits for the broker's confirmation.
    pub confirmed: Option<bool>,
}
