//! Reads `brokers/*.yaml`: what is known of brokers and their clients, so that the code knows none by name.
//!
//! An entry applies when its libraries and its `when` fit an operation. Every entry that fits has a say, and for each
//! thing the first one that speaks of it wins; a file goes from the special to the general.

use crate::delivery::{AckMode, DeadLetterSupport, Delivery, OnError, TimeLimit};
use crate::names::NameRules;
use crate::types::{Guarantee, GuaranteeValue};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;
use weir_facts::ChannelKind;

include!(concat!(env!("OUT_DIR"), "/embedded_brokers.rs"));

/// What a binding's key is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum BindingKeys {
    /// With the routing key of the send.
    #[default]
    Routing,
    /// With the names of the messages sent.
    Message,
    /// With attributes weir does not follow, so that any message may pass.
    Filter,
}

/// What is known of one broker.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BrokerInfo {
    /// Kind, as in the JSON contract.
    pub kind: String,
    /// Name for people.
    pub name: String,
    /// What kind of address its channels are.
    #[serde(default)]
    pub channel_kind: Option<ChannelKind>,
    /// True when messages never leave the process.
    #[serde(default)]
    pub local: bool,
    /// How names and keys are written as patterns.
    #[serde(default)]
    pub(crate) names: NameRules,
    /// True when the wildcards of `names` also stand in channel names, not only in binding keys.
    #[serde(default)]
    pub(crate) wildcard_channels: bool,
    /// What binding keys are compared with.
    #[serde(default)]
    pub(crate) binding_keys: BindingKeys,
    /// Words (settings values) of an exchange type that passes everything on.
    #[serde(default)]
    pub(crate) broadcast_types: Vec<String>,
    /// How receives behave.
    #[serde(default)]
    receive: Vec<Entry>,
    /// How sends behave.
    #[serde(default)]
    send: Vec<Entry>,
    /// What to do at 3 am.
    #[serde(default)]
    pub runbook: Vec<RunbookTask>,
}

/// One task of a runbook.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunbookTask {
    /// What the reader wants: `See that messages flow`, ...
    pub task: String,
    /// How.
    pub steps: Vec<RunbookStep>,
}

/// One step of a task.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunbookStep {
    /// A sentence.
    pub say: String,
    /// A command; `$CHANNEL`, `$GROUP`, `$DLQ` are set by the page.
    #[serde(default)]
    pub run: Option<String>,
}

/// A condition on a setting.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
enum Condition {
    Is(String),
    OneOf(Vec<String>),
}

impl Condition {
    fn holds(&self, value: Option<&str>) -> bool {
        match self {
            Condition::Is(word) if word == "present" => value.is_some(),
            Condition::Is(word) if word == "missing" => value.is_none(),
            Condition::Is(word) => value.is_some_and(|value| same_word(word, value)),
            Condition::OneOf(words) => words.iter().any(|word| match word.as_str() {
                "missing" => value.is_none(),
                word => value.is_some_and(|value| same_word(word, value)),
            }),
        }
    }
}

/// `MANUAL` also fits `AckMode.MANUAL` and `ContainerProperties::MANUAL`: library constants go by their last segment.
fn same_word(word: &str, value: &str) -> bool {
    let value = value.trim_matches(|c| matches!(c, '"' | '\''));
    let last = value.rsplit(['.', ':']).next().unwrap_or(value);
    word.eq_ignore_ascii_case(value) || word.eq_ignore_ascii_case(last)
}

/// One statement about a client.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Entry {
    /// Client libraries it speaks of; all when empty.
    #[serde(default)]
    libraries: Vec<String>,
    /// Settings that must hold: name, or `one|other`, to condition. `$ack`, `$group`, `$request`, `$deadLetter` and
    /// `$channel.NAME` are what the model adds.
    #[serde(default)]
    when: BTreeMap<String, Condition>,
    #[serde(default)]
    guarantee: Option<GuaranteeValue>,
    #[serde(default)]
    why: Option<String>,
    #[serde(default)]
    ack: Option<AckMode>,
    #[serde(default)]
    on_error: Option<OnError>,
    #[serde(default)]
    errors: Option<String>,
    #[serde(default)]
    attempts: Option<u32>,
    #[serde(default)]
    unbounded: Option<bool>,
    #[serde(default)]
    dead_letter: Option<DeadLetterSupport>,
    #[serde(default)]
    limit: Option<TimeLimit>,
    #[serde(default)]
    durable: Option<bool>,
    #[serde(default)]
    confirmed: Option<bool>,
}

static BROKERS: LazyLock<BTreeMap<String, BrokerInfo>> = LazyLock::new(|| {
    // A broken file is a bug that a test catches; the rest still works.
    EMBEDDED.iter().filter_map(|(file, text)| parse(file, text).ok()).map(|info| (info.kind.clone(), info)).collect()
});

/// What is known of a broker kind.
pub fn broker_info(kind: &str) -> Option<&'static BrokerInfo> {
    BROKERS.get(kind)
}

/// The name of a broker kind for people.
pub fn broker_name(kind: &str) -> &str {
    BROKERS.get(kind).map_or_else(|| kind.strip_prefix("other:").unwrap_or(kind), |info| info.name.as_str())
}

/// All brokers that are known, by kind.
pub fn broker_kinds() -> impl Iterator<Item = &'static BrokerInfo> {
    BROKERS.values()
}

fn parse(file: &str, text: &str) -> Result<BrokerInfo, String> {
    serde_json::from_str(text).map_err(|error| format!("{file}: {error}"))
}

/// What decides an operation's behaviour.
pub(crate) struct Question<'a> {
    pub(crate) library: &'a str,
    pub(crate) settings: &'a BTreeMap<String, String>,
    pub(crate) channel_settings: Option<&'a BTreeMap<String, String>>,
    /// `before-work`, `after-work`, `none` or `unknown`.
    pub(crate) ack: &'a str,
    pub(crate) group: Option<&'a str>,
    pub(crate) request: bool,
    pub(crate) dead_letter: Option<&'a str>,
}

impl Question<'_> {
    fn value(&self, name: &str) -> Option<&str> {
        match name {
            "$ack" => Some(self.ack),
            "$group" => self.group,
            "$request" => Some(if self.request { "true" } else { "false" }),
            "$deadLetter" => self.dead_letter,
            _ => match name.strip_prefix("$channel.") {
                Some(name) => self.channel_settings.and_then(|settings| look_up(settings, name)),
                None => look_up(self.settings, name),
            },
        }
    }

    fn fits(&self, entry: &Entry) -> bool {
        (entry.libraries.is_empty() || entry.libraries.iter().any(|library| library.eq_ignore_ascii_case(self.library)))
            && entry
                .when
                .iter()
                .all(|(names, condition)| condition.holds(names.split('|').find_map(|name| self.value(name.trim()))))
    }
}

fn look_up<'a>(settings: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    settings
        .get(name)
        .or_else(|| settings.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value))
        .map(String::as_str)
}

impl BrokerInfo {
    /// How a receive behaves.
    pub(crate) fn receive(&self, question: &Question<'_>) -> Delivery {
        answer(&self.receive, question)
    }

    /// How a send behaves.
    pub(crate) fn send(&self, question: &Question<'_>) -> Delivery {
        answer(&self.send, question)
    }

    /// Patterns over channel names; a broker may keep its wildcards to binding keys.
    pub(crate) fn channel_names(&self) -> NameRules {
        if self.wildcard_channels {
            self.names.clone()
        } else {
            NameRules { regex: self.names.regex, ..NameRules::default() }
        }
    }
}

fn answer(entries: &[Entry], question: &Question<'_>) -> Delivery {
    let mut found = Delivery::default();
    let mut guarantee = None;
    let (mut ack, mut on_error, mut words, mut attempts, mut unbounded) = (None, None, None, None, None);
    let mut dead_letter = None;
    for entry in entries.iter().filter(|entry| question.fits(entry)) {
        if guarantee.is_none()
            && let Some(value) = entry.guarantee
        {
            guarantee = Some(Guarantee { value, why: entry.why.clone().unwrap_or_default() });
        }
        ack = ack.or(entry.ack);
        if on_error.is_none() && entry.on_error.is_some() {
            // How often and in which words belongs to what happens, so they come from the same entry.
            (on_error, words, attempts, unbounded) =
                (entry.on_error, entry.errors.clone(), entry.attempts, entry.unbounded);
        }
        dead_letter = dead_letter.or(entry.dead_letter);
        found.limit = found.limit.or_else(|| entry.limit.clone());
        found.durable = found.durable.or(entry.durable);
        found.confirmed = found.confirmed.or(entry.confirmed);
    }
    found.guarantee = guarantee.unwrap_or_else(|| Guarantee {
        value: GuaranteeValue::Unknown,
        why: "nothing is known of this client".to_owned(),
    });
    found.ack = ack.unwrap_or_default();
    found.on_error = on_error.unwrap_or_default();
    found.on_error_words = words.unwrap_or_default();
    found.attempts = attempts;
    found.unbounded = unbounded.unwrap_or(false);
    found.dead_letter = dead_letter.unwrap_or_default();
    if let Some(limit) = &mut found.limit {
        let configured = question
            .value(&limit.setting)
            .or_else(|| question.channel_settings.and_then(|settings| look_up(settings, &limit.setting)));
        if let Some(number) = configured.and_then(|text| text.replace('_', "").parse::<u64>().ok()) {
            limit.millis = number.saturating_mul(limit.unit_millis);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_broker_reads() {
        let errors: Vec<_> = EMBEDDED.iter().filter_map(|(file, text)| parse(file, text).err()).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        assert!(EMBEDDED.len() >= 14, "only {} brokers", EMBEDDED.len());
        for (file, text) in EMBEDDED {
            let info = parse(file, text).expect("read above");
            assert_eq!(*file, format!("{}.yaml", info.kind), "a file is named after its kind");
            assert!(
                info.receive.iter().chain(&info.send).all(|e| e.guarantee.is_none() || e.why.is_some()),
                "{file}: a guarantee without a why"
            );
            assert!(info.local || !info.runbook.is_empty(), "{file}: no runbook");
        }
    }

    fn ask(kind: &str, library: &str, settings: &[(&str, &str)], ack: &str) -> Delivery {
        let settings = settings.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let question = Question {
            library,
            settings: &settings,
            channel_settings: None,
            ack,
            group: None,
            request: false,
            dead_letter: None,
        };
        broker_info(kind).expect("known broker").receive(&question)
    }

    #[derive(serde::Deserialize)]
    struct Case {
        broker: String,
        library: String,
        #[serde(default)]
        settings: BTreeMap<String, String>,
        ack: String,
        guarantee: String,
        #[serde(default)]
        limit: Option<u64>,
    }

    /// The cases are data like what they check: `brokers/cases.yml`.
    #[test]
    fn defaults_of_well_known_clients() {
        let cases: Vec<Case> = serde_saphyr::from_str(include_str!("../../../brokers/cases.yml")).expect("cases read");
        assert!(cases.len() > 8);
        for case in cases {
            let settings: Vec<(&str, &str)> =
                case.settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            let delivery = ask(&case.broker, &case.library, &settings, &case.ack);
            let place = format!("{} {} {settings:?} {}", case.broker, case.library, case.ack);
            let value = serde_json::to_value(delivery.guarantee.value).expect("a word");
            assert_eq!(value, case.guarantee, "{place}");
            if case.limit.is_some() {
                assert_eq!(delivery.limit.map(|limit| limit.millis), case.limit, "{place}");
            }
        }
    }
}
