//! What can go wrong with messages, as questions to the flow model: one file per rule, whose header is its page.
//!
//! A rule sees operations and effect programs and never knows whether they came from code, a design or a broker.

mod checks;
mod entries;
mod gates;
mod page;
mod ways;

pub use page::{Example, Page};

use weir_model::{Finding, FlowModel, Report, Severity};

/// One rule.
pub struct Rule {
    /// Name; part of the contract.
    pub name: &'static str,
    /// Level of its findings unless configured otherwise.
    pub level: Severity,
    /// The gate it belongs to, if any.
    pub gate: Option<&'static str>,
    source: &'static str,
    check: fn(&FlowModel) -> Vec<Finding>,
}

macro_rules! rules {
    ($($name:literal, $module:ident, $level:ident, $gate:expr;)*) => {
        &[$(Rule {
            name: $name,
            level: Severity::$level,
            gate: $gate,
            source: include_str!(concat!("checks/", stringify!($module), ".rs")),
            check: checks::$module::check,
        }),*]
    };
}

/// Every rule, in the order of the gates.
static RULES: &[Rule] = rules! {
    "no-dlq", no_dlq, Warn, Some("G1");
    "no-idempotency", no_idempotency, Warn, Some("G2");
    "dual-write", dual_write, Warn, Some("G3");
    "publish-before-write", publish_before_write, Warn, Some("G3");
};

/// Every rule, in the order of the gates.
pub fn rules() -> &'static [Rule] {
    RULES
}

/// The rule of this name.
pub fn rule(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

impl Rule {
    /// The rule's page: what it looks for, why it hurts, what to do, with examples that are executed as tests.
    pub fn page(&self) -> Page {
        Page::of(self.source)
    }

    /// What this rule says of a model; levels are the rule's own.
    pub fn check(&self, model: &FlowModel) -> Vec<Finding> {
        (self.check)(model)
    }
}

/// Asks every rule; `None` as `only` asks all of them.
pub fn check(model: &FlowModel, only: Option<&[String]>) -> Report {
    let asked = |rule: &Rule| only.is_none_or(|names| names.iter().any(|name| name == rule.name));
    let findings: Vec<Finding> = RULES.iter().filter(|rule| asked(rule)).flat_map(|rule| rule.check(model)).collect();
    let report = Report::finish(findings, Vec::new(), notes(model));
    let gates = gates::gates(model, &report.findings, &asked);
    Report { gates, ..report }
}

/// What the reader must know about the whole.
fn notes(model: &FlowModel) -> Vec<String> {
    let mut notes = Vec::new();
    if model.live().any(|operation| operation.origin == weir_facts::Origin::Observed) {
        notes
            .push("This result rests on code alone; check it against the running broker before you deploy.".to_owned());
    }
    let open = model.unresolved.len();
    if open > 0 {
        notes.push(format!(
            "{open} messaging {} could not be resolved and {} not checked; `weir discover` lists {}.",
            if open == 1 { "call" } else { "calls" },
            if open == 1 { "was" } else { "were" },
            if open == 1 { "it" } else { "them" },
        ));
    }
    notes
}
