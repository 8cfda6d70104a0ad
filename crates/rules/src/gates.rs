//! The four questions a design must answer before it goes on, answered from the findings of their rules.

use crate::{RULES, Rule};
use std::collections::BTreeSet;
use weir_model::{Finding, FlowModel, Gate, GateStatus, Severity};

/// The gates in order, with the words people see.
const GATES: &[(&str, &str)] = &[("G1", "dead letters"), ("G2", "idempotency"), ("G3", "lost events"), ("G4", "sagas")];

/// How every gate stands that was asked about. A gate looks at its rules whatever their level is set to; one whose rules
/// were left out says nothing.
pub(crate) fn gates(model: &FlowModel, findings: &[Finding], asked: &dyn Fn(&Rule) -> bool) -> Vec<Gate> {
    let open = |gate: &str| {
        let mut rules = RULES.iter().filter(|rule| rule.gate == Some(gate)).peekable();
        rules.peek().is_none() || rules.all(asked)
    };
    GATES.iter().filter(|(gate, _)| open(gate)).map(|(gate, title)| answer(gate, title, model, findings)).collect()
}

fn answer(gate: &str, title: &str, model: &FlowModel, findings: &[Finding]) -> Gate {
    let rules: BTreeSet<&str> = RULES.iter().filter(|rule| rule.gate == Some(gate)).map(|rule| rule.name).collect();
    let own: Vec<&Finding> = findings.iter().filter(|finding| rules.contains(finding.rule.as_str())).collect();
    let against: Vec<String> =
        own.iter().filter(|finding| finding.severity.is_problem()).map(|finding| finding.id.clone()).collect();
    let applies = match gate {
        "G1" | "G2" => model.live().any(|operation| operation.is_receive()),
        "G3" => model.live().any(|operation| operation.is_send()),
        _ => !model.sagas.is_empty(),
    };
    let unseen = rules.is_empty() || own.iter().any(|finding| finding.severity == Severity::Unknown);
    let fails = own.iter().any(|finding| matches!(finding.severity, Severity::Critical | Severity::Warn));
    let status = match (applies, fails, unseen) {
        (false, ..) => GateStatus::NotApplicable,
        (true, true, _) => GateStatus::Fail,
        (true, false, true) => GateStatus::Unknown,
        (true, false, false) => GateStatus::Pass,
    };
    Gate { gate: gate.to_owned(), title: title.to_owned(), status, findings: against }
}
