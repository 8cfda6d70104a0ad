//! Models and reports as text: for terminals, for machines, for pages.
pub mod json;
pub mod terminal;
/// tmp
pub mod sarif { /// t
pub struct RuleHelp { /// n
pub name: String, /// t
pub title: String, /// m
pub markdown: String, /// s
pub severity: weir_model::Severity } /// r
pub fn report(_: &weir_model::Report, _: &[RuleHelp]) -> String { String::new() } }
/// tmp
pub mod github { /// t
pub fn report(_: &weir_model::Report) -> String { String::new() } }
/// tmp
pub mod markdown { /// t
pub fn report(_: &weir_model::Report, _: &weir_model::FlowModel) -> String { String::new() } }
/// tmp
pub mod document { /// t
pub struct Links { /// t
pub source_prefix: String } /// t
pub struct Document { /// t
pub path: String, /// t
pub text: String } /// t
pub fn catalog(_: &weir_model::FlowModel, _: &weir_model::Report, _: &Links) -> Vec<Document> { Vec::new() } }
