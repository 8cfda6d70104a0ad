//! Findings as Markdown, for the comment on a pull request and for the catalog.

pub(crate) mod escape;
#[cfg(test)]
pub(crate) mod parsed;

use crate::links::Links;
use crate::text::count;
use escape::{code, link, prose, table, text};
use weir_model::{Finding, FlowModel, Gate, GateStatus, Report, Severity};

/// Comments longer than 65,536 characters are refused; the rest is left for the head and the end.
const ROOM: usize = 60_000;

/// A report as a comment: the gates, then what is wrong, worst first. What does not fit is counted.
pub fn report(report: &Report, model: &FlowModel, links: &Links) -> String {
    page(report, model, links, ROOM)
}

/// A report of at most about `room` bytes.
pub(crate) fn page(report: &Report, model: &FlowModel, links: &Links, room: usize) -> String {
    let mut sheet = Sheet {
        text: format!("# Event flows of {}\n\n{}.\n\n", code(&model.root), headline(report)),
        room,
        left_out: 0,
    };
    sheet.text.push_str(&gates(report));
    for (severity, title) in [
        (Severity::Critical, "Critical: messages are lost, or work is done twice, in ordinary operation"),
        (Severity::Warn, "To fix: it hurts when something fails"),
        (Severity::Info, "To know"),
        (Severity::Unknown, "Cannot be seen"),
        (Severity::Pass, "Checked and fine"),
        (Severity::NotApplicable, "Does not apply"),
    ] {
        let group = report.findings.iter().filter(|finding| finding.severity == severity);
        if severity.is_problem() {
            sheet.section(&format!("\n## {title}\n"), group.map(|finding| full(finding, links)));
        } else {
            sheet.section(&format!("\n## {title}\n\n"), group.map(|finding| brief(finding, &code(&finding.id), links)));
        }
    }
    if sheet.left_out > 0 {
        let rest = count(sheet.left_out, "finding");
        sheet.text.push_str(&format!("\n… and {rest} that did not fit here; `weir validate` lists them.\n"));
    }
    for note in &report.summary.notes {
        sheet.text.push_str(&format!("\n{}\n", prose(note)));
    }
    sheet.text
}

/// Text that must not grow beyond its room.
struct Sheet {
    text: String,
    room: usize,
    left_out: usize,
}

impl Sheet {
    /// Adds a title and what fits of its parts; nothing when none fits.
    fn section(&mut self, title: &str, parts: impl Iterator<Item = String>) {
        let mut section = title.to_owned();
        for part in parts {
            if self.text.len() + section.len() + part.len() < self.room {
                section.push_str(&part);
            } else {
                self.left_out += 1;
            }
        }
        if section.len() > title.len() {
            self.text.push_str(&section);
        }
    }
}

/// How much is wrong, in a few words.
pub(crate) fn headline(report: &Report) -> String {
    let summary = &report.summary;
    let figures = [
        (summary.critical, "critical"),
        (summary.warn, "to fix"),
        (summary.info, "to know"),
        (summary.unknown, "cannot be seen"),
        (summary.pass, "fine"),
        (summary.suppressed, "accepted"),
    ];
    let parts: Vec<String> =
        figures.iter().filter(|(number, _)| *number > 0).map(|(number, word)| format!("{number} {word}")).collect();
    if parts.is_empty() { "Nothing to report".to_owned() } else { parts.join(" · ") }
}

/// The gates as a table.
pub(crate) fn gates(report: &Report) -> String {
    let row = |gate: &Gate| {
        let found: Vec<String> = gate.findings.iter().take(3).map(|id| code(id)).collect();
        let rest = gate.findings.len().saturating_sub(found.len());
        let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
        vec![
            format!("{} {}", text(&gate.gate), text(&gate.title)),
            status(gate.status).to_owned(),
            format!("{}{more}", found.join(", ")),
        ]
    };
    table(&["Gate", "Status", "Findings"], &report.gates.iter().map(row).collect::<Vec<_>>())
}

fn status(status: GateStatus) -> &'static str {
    match status {
        GateStatus::Pass => "✓ pass",
        GateStatus::Fail => "✗ **fail**",
        GateStatus::Unknown => "? cannot see",
        GateStatus::NotApplicable => "n/a",
    }
}

/// A finding with everything it says.
fn full(finding: &Finding, links: &Links) -> String {
    let mut out = format!("\n### {}: {}\n\n{}\n", code(&finding.id), prose(&finding.title), prose(&finding.message));
    let told: Vec<_> = finding.timeline.iter().filter_map(|entry| entry.site.as_ref()).collect();
    let mut places = Vec::new();
    if let Some(site) = finding.site.as_ref().filter(|site| !told.contains(site)) {
        places.push(links.site(site));
    }
    for related in finding.related.iter().filter(|related| !told.contains(&&related.site)) {
        places.push(format!("{} {}", links.site(&related.site), prose(&related.message)));
    }
    if !places.is_empty() {
        out.push('\n');
    }
    for place in places {
        out.push_str(&format!("- {place}\n"));
    }
    if !finding.timeline.is_empty() {
        out.push('\n');
    }
    for (at, entry) in finding.timeline.iter().enumerate() {
        let place = entry.site.as_ref().map(|site| format!(" – {}", links.site(site))).unwrap_or_default();
        out.push_str(&format!("{}. {}{place}\n", at + 1, prose(&entry.what)));
    }
    if !finding.remedy.is_empty() {
        out.push_str(&format!("\n**What to do:** {}\n", prose(&finding.remedy)));
    }
    out
}

/// A finding on one line, after its id, which may be a link.
pub(crate) fn brief(finding: &Finding, id: &str, links: &Links) -> String {
    let place = finding.site.as_ref().map(|site| format!(" – {}", links.site(site))).unwrap_or_default();
    format!("- {id}: {}{place}\n", prose(&finding.message))
}

/// A name that leads to a page.
pub(crate) fn named(name: &str, target: &str) -> String {
    link(&code(name), target)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_report_as_a_comment() {
        let (model, findings) = sample::shop();
        let links = Links { source_prefix: "https://host.example/o/r/blob/main/".to_owned() };
        insta::assert_snapshot!(report(&findings, &model, &links));
    }

    #[test]
    fn what_the_project_wrote_is_inert() {
        let thorn = "<img src=x onerror=alert(1)> | `](javascript:alert(1)) @org/team #1 ![x](y)\n# h";
        let (model, findings) = sample::hostile(thorn);
        let text = report(&findings, &model, &Links::default());
        let seen = parsed::parse(&text);
        assert!(seen.html.is_empty() && seen.other.is_empty(), "{seen:#?}");
        assert!(seen.links.iter().all(|target| !target.contains(':')), "{:?}", seen.links);
        assert_eq!(seen.cells, [3; 5], "the head and four gates");
        assert!(!seen.headings.iter().any(|heading| heading == "h"), "{:?}", seen.headings);
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let (model, findings) = sample::shop();
        let short = page(&findings, &model, &Links::default(), 900);
        assert!(short.contains("did not fit"), "{short}");
        assert!(short.len() < 1200);
    }
}
