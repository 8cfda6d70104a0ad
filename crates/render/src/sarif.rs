//! SARIF 2.1.0, for code scanning and for editors.
//!
//! Only problems (critical, warn, info) become results. The standard has `kind: pass | open | notApplicable` for the rest,
//! but the hosts that show SARIF ignore `kind` and would list every passed check as an alert. What could not be seen
//! is about weir's own work, so it is a notification of the invocation, next to the notes on the whole; passes and
//! checks that do not apply are left to the other formats.

mod log;

use crate::json::pretty;
use crate::text::{clean, url};
use log::{
    ArtifactLocation, BaseUri, CodeFlow, Configuration, Descriptor, Driver, Help, Invocation, Level, Location, Log,
    Notification, Outcome, PhysicalLocation, Region, RuleReference, Run, Text, ThreadFlow, ThreadFlowLocation, Tool,
};
use std::collections::BTreeMap;
use weir_facts::{Certainty, Site};
use weir_model::{Finding, Report, Severity};

const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Name of the folder that paths are relative to.
const ROOT: &str = "SRCROOT";

/// A rule as a reader of findings needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleHelp {
    /// Name; part of the contract.
    pub name: String,
    /// First line of its page, `name: a sentence`.
    pub title: String,
    /// Its page.
    pub markdown: String,
    /// Its level unless configured otherwise.
    pub severity: Severity,
}

/// A report as SARIF. `base` is the way from the root of the repository to the root of the project, with a slash at
/// its end, or empty: hosts resolve paths from the repository's root.
pub fn report(report: &Report, rules: &[RuleHelp], base: &str) -> serde_json::Result<String> {
    let writer = Writer { rules, base: url(base) };
    let results = report.findings.iter().filter(|finding| finding.severity.is_problem());
    let unseen = report.findings.iter().filter(|finding| finding.severity == Severity::Unknown);
    let notes = report.summary.notes.iter().map(|note| Notification {
        level: Level::Note,
        message: text(note),
        locations: Vec::new(),
        associated_rule: None,
    });
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: "weir",
                semantic_version: env!("CARGO_PKG_VERSION"),
                rules: rules.iter().map(descriptor).collect(),
            },
        },
        invocations: vec![Invocation {
            execution_successful: true,
            tool_execution_notifications: notes.chain(unseen.map(|finding| writer.notification(finding))).collect(),
        }],
        original_uri_base_ids: BTreeMap::from([(ROOT, BaseUri { description: text("Root of the repository") })]),
        results: results.map(|finding| writer.outcome(finding)).collect(),
    };
    pretty(&Log { schema: SCHEMA, version: "2.1.0", runs: vec![run] })
}

fn descriptor(rule: &RuleHelp) -> Descriptor {
    let sentence = rule.title.split_once(": ").map_or(rule.title.as_str(), |(_, rest)| rest);
    Descriptor {
        id: rule.name.clone(),
        name: pascal(&rule.name),
        short_description: text(&capital(sentence)),
        full_description: Text { text: first_paragraph(&rule.markdown).unwrap_or_else(|| capital(sentence)) },
        help: Help { text: rule.markdown.clone(), markdown: rule.markdown.clone() },
        default_configuration: Configuration { level: level(rule.severity) },
    }
}

fn level(severity: Severity) -> Level {
    match severity {
        Severity::Critical => Level::Error,
        Severity::Warn => Level::Warning,
        Severity::Info => Level::Note,
        Severity::Unknown | Severity::Pass | Severity::NotApplicable => Level::None,
    }
}

/// `no-dlq` as `NoDlq`: names of rules are identifiers.
fn pascal(name: &str) -> String {
    name.split('-').map(capital).collect()
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

/// The first paragraph below the title, on one line.
fn first_paragraph(markdown: &str) -> Option<String> {
    let lines = markdown.lines().skip_while(|line| line.is_empty() || line.starts_with('#'));
    let paragraph: Vec<&str> = lines.take_while(|line| !line.is_empty()).map(str::trim).collect();
    (!paragraph.is_empty()).then(|| paragraph.join(" "))
}

/// A message. Where its text would be read as a link (`[a](b)`) or a placeholder (`{0}`) it is escaped as the
/// standard says; elsewhere brackets stay, since few readers undo the escape.
fn text(message: &str) -> Text {
    let mut text = clean(message);
    if text.contains("](") {
        text = text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]");
    }
    let placeholder = |part: &str| {
        part.split_once('}').is_some_and(|(inside, _)| !inside.is_empty() && inside.bytes().all(|b| b.is_ascii_digit()))
    };
    if text.split('{').skip(1).any(placeholder) {
        text = text.replace('{', "{{").replace('}', "}}");
    }
    Text { text }
}

struct Writer<'a> {
    rules: &'a [RuleHelp],
    base: String,
}

impl Writer<'_> {
    fn index(&self, rule: &str) -> Option<usize> {
        self.rules.iter().position(|known| known.name == rule)
    }

    fn outcome(&self, finding: &Finding) -> Outcome {
        let mut message = text(&finding.message);
        if !finding.remedy.is_empty() {
            message.text = format!("{}\n\n{}", message.text, text(&finding.remedy).text);
        }
        let related = finding.related.iter().enumerate();
        Outcome {
            rule_id: finding.rule.clone(),
            rule_index: self.index(&finding.rule),
            level: level(finding.severity),
            message,
            locations: primary(finding).map(|site| self.location(site, None)).into_iter().collect(),
            related_locations: related
                .map(|(at, related)| Location {
                    id: Some(at + 1),
                    ..self.location(&related.site, Some(&related.message))
                })
                .collect(),
            code_flows: self.code_flow(finding).into_iter().collect(),
            partial_fingerprints: BTreeMap::from([("weir/v1", finding.fingerprint.clone())]),
            properties: properties(finding),
        }
    }

    /// The way it hurts. What the world does (a crash, a redelivery) has no place of its own and is shown where the
    /// story stands, since readers refuse steps without a place.
    fn code_flow(&self, finding: &Finding) -> Option<CodeFlow> {
        let mut stands = finding.timeline.iter().find_map(|entry| entry.site.as_ref()).or(finding.site.as_ref())?;
        let mut locations = Vec::new();
        for (at, entry) in finding.timeline.iter().enumerate() {
            stands = entry.site.as_ref().unwrap_or(stands);
            let location = self.location(stands, Some(&entry.what));
            locations.push(ThreadFlowLocation { location, execution_order: at + 1 });
        }
        (!locations.is_empty()).then(|| CodeFlow { thread_flows: vec![ThreadFlow { locations }] })
    }

    fn notification(&self, finding: &Finding) -> Notification {
        let index = self.index(&finding.rule);
        Notification {
            level: Level::None,
            message: text(&finding.message),
            locations: finding.site.iter().map(|site| self.location(site, None)).collect(),
            associated_rule: Some(RuleReference { id: finding.rule.clone(), index }),
        }
    }

    fn location(&self, site: &Site, message: Option<&str>) -> Location {
        let uri = format!("{}{}", self.base, url(&site.file).trim_start_matches('/'));
        let artifact_location = ArtifactLocation { uri, uri_base_id: ROOT };
        let region = Region { start_line: site.line.max(1) };
        Location {
            id: None,
            physical_location: Some(PhysicalLocation { artifact_location, region }),
            message: message.map(text),
        }
    }
}

/// Where a finding stands; one about the whole stands where its story or its evidence does.
fn primary(finding: &Finding) -> Option<&Site> {
    let related = finding.related.iter().map(|related| &related.site);
    let timeline = finding.timeline.iter().filter_map(|entry| entry.site.as_ref());
    finding.site.iter().chain(related).chain(timeline).next()
}

fn properties(finding: &Finding) -> BTreeMap<&'static str, String> {
    let certainty = match finding.certainty {
        Certainty::Certain => "certain",
        Certainty::Likely => "likely",
        Certainty::Possible => "possible",
    };
    let service = (!finding.service.is_empty()).then(|| finding.service.clone());
    [
        ("certainty", Some(certainty.to_owned())),
        ("channel", finding.channel.clone()),
        ("handler", finding.handler.clone()),
        ("id", Some(finding.id.clone())),
        ("service", service),
    ]
    .into_iter()
    .filter_map(|(name, value)| Some((name, value?)))
    .collect()
}

#[cfg(test)]
mod tests;
