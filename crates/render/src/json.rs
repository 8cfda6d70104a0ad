//! The JSON contract: models and reports as they are.
use serde::Serialize;
use weir_model::{FlowModel, Report};
/// A model.
pub fn flow_model(model: &FlowModel) -> String { pretty(model) }
/// A report.
pub fn report(report: &Report) -> String { pretty(report) }
fn pretty(value: &impl Serialize) -> String { let mut t = serde_json::to_string_pretty(value).unwrap_or_default(); t.push('\n'); t }
