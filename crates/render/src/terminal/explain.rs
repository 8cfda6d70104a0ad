//! `weir explain ID`: how weir came to say what it says, hop by hop.

use super::findings::full;
use super::style::{Item, Look, clean, flow, placed, wrap};
use weir_facts::Certainty;
use weir_model::{FlowModel, Operation, Report};

/// Explains a finding (`dual-write-1`) or an operation (its id); `None` when there is neither.
pub fn explain(id: &str, model: &FlowModel, report: &Report, look: &Look) -> Option<String> {
    if let Some(finding) = report.findings.iter().find(|finding| finding.id == id || finding.fingerprint == id) {
        let mut out = full(finding, look);
        for operation in finding.operations.iter().filter_map(|id| model.operation(id)) {
            out.push('\n');
            out.push_str(&trail(operation, look));
        }
        out.push_str(&format!("\n{}weir rules {}\n", look.dim("page  "), finding.rule));
        return Some(out);
    }
    let operation = model.operation(id).or_else(|| {
        let mut named = model.operations.iter().filter(|operation| operation.id.contains(id));
        let first = named.next()?;
        named.next().is_none().then_some(first)
    })?;
    Some(trail(operation, look))
}

fn sure(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Certain => "certain: every hop was resolved the way the program resolves it",
        Certainty::Likely => {
            "likely: one hop could be overridden at run time (an environment variable, the one implementation)"
        }
        Certainty::Possible => "possible: more than one answer fits",
    }
}

/// How an operation was found.
pub(super) fn trail(operation: &Operation, look: &Look) -> String {
    let verb = if operation.is_send() { "sends to" } else { "receives from" };
    let items = [
        Item { shown: look.bold(&clean(&operation.service)), width: clean(&operation.service).chars().count() },
        Item::plain(verb),
        Item {
            shown: look.bold(&clean(operation.channel_name())),
            width: clean(operation.channel_name()).chars().count(),
        },
        Item::plain("with"),
        Item::plain(&clean(&operation.library)),
    ];
    let mut out = flow(look, "", &items, " ");
    out.push_str(&placed(look, 2, &operation.site, &operation.symbol));
    for via in &operation.via {
        out.push_str(&placed(look, 2, via, "below it: the wrapper or the client's own call"));
    }
    if operation.trail.is_empty() {
        out.push_str(&look.dim("  the name stands where it is used\n"));
    }
    for hop in &operation.trail {
        out.push_str(&placed(look, 2, &hop.site, &hop.what));
    }
    for line in wrap(sure(operation.certainty), look.width.saturating_sub(2)) {
        out.push_str(&format!("  {}\n", look.dim(&line)));
    }
    out
}
