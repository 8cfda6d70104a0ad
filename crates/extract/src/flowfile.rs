//! Flow files: a system as it is meant to be, written down by people or by `weir design`, read into the same facts
//! that code gives.

mod declare;
mod schema;
mod steps;

pub use schema::FlowFile;

use serde_saphyr::Error;
use weir_facts::Fact;

/// Where and why a flow file could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct FlowFileError {
    /// The file as it was named.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// What is wrong and what would be right.
    pub message: String,
}

/// Reads a flow file. `file` is the name used in sites and errors.
pub fn read(file: &str, text: &str) -> Result<Vec<Fact>, Vec<FlowFileError>> {
    let parsed: FlowFile = serde_saphyr::from_str(text).map_err(|error| vec![syntax(file, &error)])?;
    declare::facts(file, &parsed)
}

/// The JSON Schema of a flow file, for editors.
pub fn json_schema() -> serde_json::Value {
    schemars::schema_for!(FlowFile).to_value()
}

fn syntax(file: &str, error: &Error) -> FlowFileError {
    let location = error.location();
    let (line, column) = location.map_or((1, 1), |location| (clamp(location.line()), clamp(location.column())));
    // The library renders the source below its message; the first line is the message.
    let message = error.to_string();
    let message = message.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
    FlowFileError { file: file.to_owned(), line, column, message }
}

fn clamp(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX).max(1)
}
