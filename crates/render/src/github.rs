//! Workflow commands: findings as annotations on the lines of a pull request.
//!
//! Only problems become annotations: hosts show ten of a kind per step, and a passed check has no line to stand on. The
//! last line sums up, for those who read the log.

use crate::text::clean;
use weir_model::{Finding, GateStatus, Report, Severity};

/// The commands, worst first. `base` is the way from the root of the repository to the root of the project, with a
/// slash at its end, or empty: annotations name files from the repository's root.
pub fn report(report: &Report, base: &str) -> String {
    let mut out = String::new();
    for finding in &report.findings {
        if let Some(command) = command(finding.severity) {
            out.push_str(&annotation(command, finding, base));
        }
    }
    let summary = &report.summary;
    out.push_str(&format!(
        "weir: {} critical, {} to fix, {} to know, {} cannot see, {} accepted",
        summary.critical, summary.warn, summary.info, summary.unknown, summary.suppressed
    ));
    let failed: Vec<&str> =
        report.gates.iter().filter(|gate| gate.status == GateStatus::Fail).map(|gate| gate.title.as_str()).collect();
    if !failed.is_empty() {
        out.push_str(&format!("; failed gates: {}", clean(&failed.join(", "))));
    }
    out.push('\n');
    out
}

fn command(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("error"),
        Severity::Warn => Some("warning"),
        Severity::Info => Some("notice"),
        Severity::Unknown | Severity::Pass | Severity::NotApplicable => None,
    }
}

fn annotation(command: &str, finding: &Finding, base: &str) -> String {
    let mut properties = Vec::new();
    if let Some(site) = &finding.site {
        properties.push(format!("file={}", property(&format!("{base}{}", site.file))));
        properties.push(format!("line={}", site.line.max(1)));
    }
    properties.push(format!("title={}", property(&clean(&format!("{}: {}", finding.id, finding.title)))));
    let mut lines = vec![clean(&finding.message)];
    for (at, entry) in finding.timeline.iter().enumerate() {
        let place = entry.site.as_ref().map(|site| format!(" ({})", clean(&site.to_string()))).unwrap_or_default();
        lines.push(format!("{}. {}{place}", at + 1, clean(&entry.what)));
    }
    if !finding.remedy.is_empty() {
        lines.push(clean(&finding.remedy));
    }
    format!("::{command} {}::{}\n", properties.join(","), data(&lines.join("\n")))
}

/// What stands behind the second `::`.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// The value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use proptest::prelude::*;
    use weir_facts::Site;

    #[test]
    fn problems_become_annotations() {
        insta::assert_snapshot!(report(&sample::shop().1, "apps/"));
    }

    #[test]
    fn a_finding_without_a_place_has_no_file() {
        let finding = Finding { message: "x".into(), ..Finding::default() };
        assert_eq!(annotation("notice", &finding, ""), "::notice title=%3A ::x\n");
    }

    /// Reads a command as a runner does.
    fn read(line: &str) -> (String, Vec<(String, String)>, String) {
        let unescape = |text: &str| {
            text.replace("%2C", ",").replace("%3A", ":").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
        };
        let (head, message) = line.strip_prefix("::").expect("a command").split_once("::").expect("a message");
        let (command, properties) = head.split_once(' ').expect("properties");
        let pairs = properties.split(',').map(|pair| pair.split_once('=').expect("name and value"));
        (
            command.to_owned(),
            pairs.map(|(name, value)| (name.to_owned(), unescape(value))).collect(),
            unescape(message.trim_end_matches('\n')),
        )
    }

    proptest! {
        #[test]
        fn nothing_breaks_out_of_its_command(file in any::<String>(), text in any::<String>()) {
            let finding = Finding {
                id: "r-1".into(),
                title: text.clone(),
                message: text.clone(),
                site: Some(Site::new(file.as_str(), 3)),
                ..Finding::default()
            };
            let line = annotation("error", &finding, "");
            prop_assert_eq!(line.lines().count(), 1);
            let (command, properties, message) = read(&line);
            prop_assert_eq!(command, "error");
            let expected = [("file", file), ("line", "3".to_owned()), ("title", format!("r-1: {}", clean(&text)))];
            let expected: Vec<(String, String)> = expected.into_iter().map(|(n, v)| (n.to_owned(), v)).collect();
            prop_assert_eq!(properties, expected);
            prop_assert_eq!(message, clean(&text));
        }
    }
}
