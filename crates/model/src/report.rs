//! Findings and gates: the shapes of `weir validate --format json`.

use crate::schema;
use schemars::JsonSchema;
use serde::Serialize;
use weir_facts::{Certainty, Site};

/// How bad a finding is. Ordered from the worst to the mildest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Messages are lost, or work is done twice, in ordinary operation.
    Critical,
    /// It hurts when something fails.
    Warn,
    /// Worth knowing.
    Info,
    /// The question could not be answered; the message says what would have to be visible.
    Unknown,
    /// Checked and fine; the message says why.
    Pass,
    /// Does not apply here.
    #[serde(rename = "n/a")]
    NotApplicable,
}

impl Severity {
    /// The word of the JSON contract.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Critical => "critical",
            Severity::Warn => "warn",
            Severity::Info => "info",
            Severity::Unknown => "unknown",
            Severity::Pass => "pass",
            Severity::NotApplicable => "n/a",
        }
    }

    /// True for levels that ask for work: critical, warn, info.
    pub fn is_problem(self) -> bool {
        matches!(self, Severity::Critical | Severity::Warn | Severity::Info)
    }
}

/// A further place a finding speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Related {
    /// Where.
    #[serde(flatten)]
    #[schemars(with = "schema::Place")]
    pub site: Site,
    /// What stands there.
    pub message: String,
}

/// One line of the story that shows how it hurts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct TimelineEntry {
    /// Where it happens; absent for what the world does (a crash, a redelivery).
    #[serde(flatten)]
    #[schemars(with = "schema::OptionalPlace")]
    pub site: Option<Site>,
    /// What happens.
    pub what: String,
}

/// One answer of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Finding {
    /// `rule-n`, numbered in report order; what `weir explain` takes.
    pub id: String,
    /// Name of the rule.
    pub rule: String,
    /// How bad it is.
    pub severity: Severity,
    /// One line without names.
    pub title: String,
    /// One sentence with names.
    pub message: String,
    /// Primary place; absent for findings about the whole (pass, n/a).
    #[serde(flatten)]
    #[schemars(with = "schema::OptionalPlace")]
    pub site: Option<Site>,
    /// What stands at the primary place, in a few words.
    #[serde(skip)]
    pub here: String,
    /// Service it concerns; empty for the whole project.
    pub service: String,
    /// Handler it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handler: Option<String>,
    /// Channel it concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// Further places.
    pub related: Vec<Related>,
    /// At most six lines that show how it hurts.
    pub timeline: Vec<TimelineEntry>,
    /// What to do about it, for this framework.
    pub remedy: String,
    /// How sure it is.
    #[schemars(with = "schema::Certainty")]
    pub certainty: Certainty,
    /// Stable across edits elsewhere; holds no line numbers.
    pub fingerprint: String,
    /// Ids of the operations it concerns.
    #[serde(skip)]
    pub operations: Vec<String>,
}

impl Default for Finding {
    fn default() -> Self {
        Finding {
            id: String::new(),
            rule: String::new(),
            severity: Severity::Info,
            title: String::new(),
            message: String::new(),
            site: None,
            here: String::new(),
            service: String::new(),
            handler: None,
            channel: None,
            related: Vec::new(),
            timeline: Vec::new(),
            remedy: String::new(),
            certainty: Certainty::Certain,
            fingerprint: String::new(),
            operations: Vec::new(),
        }
    }
}

/// How a gate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GateStatus {
    /// Nothing stands against it.
    Pass,
    /// At least one finding stands against it.
    Fail,
    /// It cannot be seen.
    Unknown,
    /// Nothing here that it could look at.
    #[serde(rename = "n/a")]
    NotApplicable,
}

impl GateStatus {
    /// The word of the JSON contract.
    pub fn word(self) -> &'static str {
        match self {
            GateStatus::Pass => "pass",
            GateStatus::Fail => "fail",
            GateStatus::Unknown => "unknown",
            GateStatus::NotApplicable => "n/a",
        }
    }
}

/// A question that must be answered before a design goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Gate {
    /// `G1` to `G4`.
    pub gate: String,
    /// A few words: `dead letters`, `idempotency`, `lost events`, `sagas`.
    pub title: String,
    /// How it stands.
    pub status: GateStatus,
    /// Ids of the findings against it.
    pub findings: Vec<String>,
}

/// Findings by level, and what the reader must know about the whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    /// Number of critical findings.
    pub critical: u32,
    /// Number of warnings.
    pub warn: u32,
    /// Number of informational findings.
    pub info: u32,
    /// Number of questions that could not be answered.
    pub unknown: u32,
    /// Number of checks that passed.
    pub pass: u32,
    /// Number of checks that do not apply.
    #[serde(rename = "n/a")]
    pub not_applicable: u32,
    /// Findings left out because a baseline or a comment accepts them.
    pub suppressed: u32,
    /// Sentences that qualify the result (`rests on code alone`).
    pub notes: Vec<String>,
}

/// What the rules say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Report {
    /// Findings, worst first.
    pub findings: Vec<Finding>,
    /// Gates in order.
    pub gates: Vec<Gate>,
    /// The whole in figures.
    pub summary: Summary,
}

impl Report {
    /// Puts findings in report order (worst first, then place), numbers them per rule and counts the levels.
    pub fn finish(mut findings: Vec<Finding>, gates: Vec<Gate>, notes: Vec<String>) -> Self {
        findings.sort_by(|a, b| {
            (a.severity, &a.rule, a.site.is_none(), &a.site, &a.channel, &a.message, &a.fingerprint).cmp(&(
                b.severity,
                &b.rule,
                b.site.is_none(),
                &b.site,
                &b.channel,
                &b.message,
                &b.fingerprint,
            ))
        });
        let mut summary = Summary { notes, ..Summary::default() };
        let mut numbers = std::collections::BTreeMap::<String, u32>::new();
        for finding in &mut findings {
            let number = numbers.entry(finding.rule.clone()).or_default();
            *number += 1;
            finding.id = format!("{}-{number}", finding.rule);
            *match finding.severity {
                Severity::Critical => &mut summary.critical,
                Severity::Warn => &mut summary.warn,
                Severity::Info => &mut summary.info,
                Severity::Unknown => &mut summary.unknown,
                Severity::Pass => &mut summary.pass,
                Severity::NotApplicable => &mut summary.not_applicable,
            } += 1;
        }
        Report { findings, gates, summary }
    }

    /// Takes out findings that are accepted and counts them as such; gates look at what is left.
    pub fn suppress(&mut self, accepted: impl Fn(&Finding) -> bool) {
        let before = self.findings.len();
        let mut gone: Vec<String> = Vec::new();
        self.findings.retain(|finding| {
            let keep = !finding.severity.is_problem() || !accepted(finding);
            if !keep {
                gone.push(finding.id.clone());
                let count = match finding.severity {
                    Severity::Critical => &mut self.summary.critical,
                    Severity::Warn => &mut self.summary.warn,
                    _ => &mut self.summary.info,
                };
                *count = count.saturating_sub(1);
            }
            keep
        });
        self.summary.suppressed += u32::try_from(before - self.findings.len()).unwrap_or(u32::MAX);
        for gate in &mut self.gates {
            let had = !gate.findings.is_empty();
            gate.findings.retain(|id| !gone.contains(id));
            let hurts = |id: &String| {
                let of = self.findings.iter().find(|finding| finding.id == *id);
                of.is_some_and(|finding| matches!(finding.severity, Severity::Critical | Severity::Warn))
            };
            if had && gate.status == GateStatus::Fail && !gate.findings.iter().any(hurts) {
                gate.status = GateStatus::Pass;
            }
        }
    }
}
