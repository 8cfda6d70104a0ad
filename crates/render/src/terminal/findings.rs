//! Findings and gates on the terminal: the sentence, the places, the way it hurts, the way out.

use super::style::{Look, clean, wrap};
use weir_model::{Finding, GateStatus, Report, Severity};

/// The four gates on one line.
pub fn gates(report: &Report, look: &Look) -> String {
    let shown: Vec<String> = report
        .gates
        .iter()
        .map(|gate| {
            let mark = match gate.status {
                GateStatus::Pass => look.green("✓"),
                GateStatus::Fail => look.red("✗"),
                GateStatus::Unknown => look.yellow("cannot see"),
                GateStatus::NotApplicable => look.dim("n/a"),
            };
            format!("{} {mark}", gate.title)
        })
        .collect();
    format!("{}{}\n", look.dim("gates  "), shown.join("   "))
}

/// How much is wrong, in a sentence.
pub(super) fn headline(report: &Report, look: &Look) -> String {
    let summary = &report.summary;
    let mut parts = Vec::new();
    for (number, word) in [
        (summary.critical, "critical"),
        (summary.warn, "to fix"),
        (summary.info, "to know"),
        (summary.unknown, "cannot see"),
    ] {
        if number > 0 {
            parts.push(format!("{number} {word}"));
        }
    }
    if summary.suppressed > 0 {
        parts.push(format!("{} accepted", summary.suppressed));
    }
    if parts.is_empty() { String::new() } else { format!("{}{}\n", look.dim("found  "), parts.join(" · ")) }
}

/// The worst findings, each with its places; the rest is counted.
pub(super) fn worst(report: &Report, look: &Look, most: usize) -> String {
    let problems: Vec<&Finding> = report
        .findings
        .iter()
        .filter(|finding| matches!(finding.severity, Severity::Critical | Severity::Warn))
        .collect();
    // One of each rule before the second of any: variety tells more than five times the same.
    let mut order: Vec<(usize, usize)> = Vec::new();
    for (at, finding) in problems.iter().enumerate() {
        let nth = problems[..at].iter().filter(|other| other.rule == finding.rule).count();
        order.push((nth, at));
    }
    order.sort_unstable();
    let mut out = String::new();
    for (_, at) in order.iter().take(most) {
        out.push('\n');
        out.push_str(&short(problems[*at], look));
    }
    if problems.len() > most {
        out.push_str(&look.dim(&format!("\n… and {} more: weir validate {}\n", problems.len() - most, look.path)));
    }
    out
}

fn level(severity: Severity, look: &Look) -> String {
    let word = severity.word().to_uppercase();
    match severity {
        Severity::Critical => look.red(&word),
        Severity::Warn => look.yellow(&word),
        Severity::Pass => look.green(&word),
        _ => look.dim(&word),
    }
}

/// A finding in three or four lines.
fn short(finding: &Finding, look: &Look) -> String {
    let mut out = sentence(finding, look);
    if let Some(site) = &finding.site {
        out.push_str(&format!("      {}\n", look.site(site)));
    }
    for related in finding.related.iter().take(2) {
        out.push_str(&format!("      {}  {}\n", look.site(&related.site), look.dim(&clean(&related.message))));
    }
    out
}

fn sentence(finding: &Finding, look: &Look) -> String {
    let indent = finding.severity.word().len() + 2;
    let id = clean(&finding.id);
    let text = format!("{id}  {}", finding.message);
    let mut out = String::new();
    for (at, line) in wrap(&text, look.width.saturating_sub(indent)).into_iter().enumerate() {
        if at == 0 {
            let line = line.replacen(&id, &look.bold(&id), 1);
            out.push_str(&format!("{}  {line}\n", level(finding.severity, look)));
        } else {
            out.push_str(&format!("{}{line}\n", " ".repeat(indent)));
        }
    }
    out
}

/// A finding with everything it says.
pub(super) fn full(finding: &Finding, look: &Look) -> String {
    let mut out = sentence(finding, look);
    if finding.timeline.is_empty()
        && let Some(site) = &finding.site
    {
        out.push_str(&format!("      {}\n", look.site(site)));
    }
    for (at, entry) in finding.timeline.iter().enumerate() {
        let number = at + 1;
        let lines = wrap(&entry.what, look.width.saturating_sub(10));
        for (row, line) in lines.iter().enumerate() {
            let label = if row == 0 { format!("{number}") } else { " ".to_owned() };
            out.push_str(&format!("   {} {line}\n", look.dim(&format!("{label:>3}"))));
        }
        if let Some(site) = &entry.site {
            out.push_str(&format!("       {}\n", look.site(site)));
        }
    }
    if !finding.remedy.is_empty() {
        for (at, line) in wrap(&finding.remedy, look.width.saturating_sub(8)).into_iter().enumerate() {
            let label = if at == 0 { "do    " } else { "      " };
            out.push_str(&format!("  {}{line}\n", look.green(label)));
        }
    }
    out
}

/// The answer of `weir validate`: gates, then every finding, worst first.
pub fn findings(report: &Report, look: &Look) -> String {
    let mut out = gates(report, look);
    out.push_str(&headline(report, look));
    for finding in &report.findings {
        out.push('\n');
        if finding.severity.is_problem() {
            out.push_str(&full(finding, look));
        } else {
            out.push_str(&sentence(finding, look));
            if let Some(site) = &finding.site {
                out.push_str(&format!("      {}\n", look.site(site)));
            }
        }
    }
    if !report.summary.notes.is_empty() {
        out.push('\n');
    }
    for note in &report.summary.notes {
        for (at, line) in wrap(note, look.width.saturating_sub(6)).into_iter().enumerate() {
            let label = if at == 0 { "note  " } else { "      " };
            out.push_str(&format!("{}{line}\n", look.dim(label)));
        }
    }
    out
}
