//! Where something stands: a file below the root and a line.

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

/// A place in the project. `file` is relative to the root with `/` separators; `line` counts from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Site {
    /// Path below the root, `/`-separated.
    pub file: SmolStr,
    /// Line, from 1.
    pub line: u32,
}

impl Site {
    /// A place in `file` at `line`.
    pub fn new(file: impl Into<SmolStr>, line: u32) -> Self {
        Site { file: file.into(), line }
    }
}

impl std::fmt::Display for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}

/// A place together with the sentence that says what it shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Evidence {
    /// Where it stands.
    #[serde(flatten)]
    pub site: Site,
    /// What it shows, as a short phrase.
    pub what: String,
}
