//! Findings and gates on the terminal: the sentence, the places, the way it hurts, the way out.

use super::style::{Item, Look, clean, flow, placed, wrap, wrap_after};
use weir_facts::Site;
use weir_model::{Finding, GateStatus, Report, Severity};

/// Places shown beside the first one.
const MOST_RELATED: usize = 2;

/// The four gates.
pub fn gates(report: &Report, look: &Look) -> String {
    let items: Vec<Item> = report
        .gates
        .iter()
        .map(|gate| {
            let (mark, paint): (&str, fn(&Look, &str) -> String) = match gate.status {
                GateStatus::Pass => ("✓", Look::green),
                GateStatus::Fail => ("✗", Look::red),
                GateStatus::Unknown => ("cannot see", Look::yellow),
                GateStatus::NotApplicable => ("n/a", Look::dim),
            };
            let width = gate.title.chars().count() + 1 + mark.chars().count();
            Item { shown: format!("{} {}", gate.title, paint(look, mark)), width }
        })
        .collect();
    flow(look, "gates  ", &items, "   ")
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
    let items: Vec<Item> = parts.iter().map(|part| Item::plain(part)).collect();
    if items.is_empty() { String::new() } else { flow(look, "found  ", &items, " · ") }
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
    for (site, what) in places(finding) {
        out.push_str(&placed(look, 6, site, what));
    }
    out
}

/// The places of a finding with what stands there, in the order in which they hurt.
fn places(finding: &Finding) -> Vec<(&Site, &str)> {
    let order = |site: &Site| finding.timeline.iter().position(|entry| entry.site.as_ref() == Some(site));
    let related = finding.related.iter().take(MOST_RELATED).map(|related| (&related.site, related.message.as_str()));
    let mut places: Vec<(&Site, &str)> = related.collect();
    if let Some(site) = &finding.site
        && places.iter().all(|(other, _)| *other != site)
    {
        places.insert(0, (site, &finding.here));
    }
    places.sort_by_key(|(site, _)| order(site).unwrap_or(usize::MAX));
    places
}

/// The sentence behind its level and its id.
fn sentence(finding: &Finding, look: &Look) -> String {
    let word = finding.severity.word().to_uppercase();
    let id = clean(&finding.id);
    let indent = word.chars().count() + 2;
    let room = look.width.saturating_sub(indent);
    let mut out = format!("{}  {}", level(finding.severity, look), look.bold(&id));
    for (at, line) in wrap_after(id.chars().count() + 2, &finding.message, room).into_iter().enumerate() {
        if at == 0 && !line.is_empty() {
            out.push_str(&format!("  {line}"));
        } else if at > 0 {
            out.push_str(&format!("\n{}{line}", " ".repeat(indent)));
        }
    }
    out.push('\n');
    out
}

/// A finding with everything it says.
pub(super) fn full(finding: &Finding, look: &Look) -> String {
    let mut out = sentence(finding, look);
    if finding.timeline.is_empty()
        && let Some(site) = &finding.site
    {
        out.push_str(&placed(look, 6, site, &finding.here));
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
                out.push_str(&placed(look, 6, site, &finding.here));
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
