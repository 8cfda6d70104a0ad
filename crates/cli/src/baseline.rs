//! Findings a team has accepted, by fingerprint, so that only new ones fail a build.

use crate::Failure;
use std::collections::BTreeSet;
use std::path::Path;
use weir_model::Report;

/// Takes out of a report what an earlier `weir validate --format json` held.
pub(crate) fn accept(report: &mut Report, file: &Path) -> Result<(), Failure> {
    let wrong = |why: String| {
        Failure::Input(format!(
            "cannot read the baseline {}: {why}\n  make one with: weir validate PATH --format json > FILE",
            file.display()
        ))
    };
    let text = std::fs::read_to_string(file).map_err(|error| wrong(error.to_string()))?;
    let json: serde_json::Value = serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
    let findings = json.get("findings").and_then(|findings| findings.as_array());
    let Some(findings) = findings else { return Err(wrong("it has no `findings`".to_owned())) };
    let known: BTreeSet<&str> =
        findings.iter().filter_map(|finding| finding.get("fingerprint").and_then(|text| text.as_str())).collect();
    report.suppress(|finding| known.contains(finding.fingerprint.as_str()));
    Ok(())
}
