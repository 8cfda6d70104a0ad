//! The JSON contract: models and reports as they are, pretty-printed, with a line feed at the end.
//!
//! What is written is the public shape of `weir_model`'s types; the schemas are published from the same types.

use serde::Serialize;
use weir_model::{FlowModel, Report};

/// `weir discover --format json`.
pub fn flow_model(model: &FlowModel) -> serde_json::Result<String> {
    pretty(model)
}

/// `weir validate --format json`.
pub fn report(report: &Report) -> serde_json::Result<String> {
    pretty(report)
}

/// A value as JSON. An error means that a type cannot be written at all, which is a bug; nobody gets half an answer.
pub(crate) fn pretty(value: &impl Serialize) -> serde_json::Result<String> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use crate::sample;

    #[test]
    fn the_answer_is_the_contract() {
        let (model, report) = sample::shop();
        let written: serde_json::Value =
            serde_json::from_str(&super::flow_model(&model).expect("a model")).expect("is JSON");
        for part in [
            "schemaVersion",
            "root",
            "services",
            "brokers",
            "channels",
            "messages",
            "operations",
            "boundaries",
            "flows",
            "patterns",
            "stores",
            "projections",
            "sagas",
            "unresolved",
            "coverage",
        ] {
            assert!(written.get(part).is_some(), "no {part}");
        }
        let text = super::report(&report).expect("a report");
        assert!(text.ends_with("}\n"), "ends with one line feed");
        let written: serde_json::Value = serde_json::from_str(&text).expect("is JSON");
        assert_eq!(written["findings"][0]["severity"], "critical");
        assert!(written["gates"].is_array() && written["summary"].is_object());
        insta::assert_snapshot!(text);
    }
}
