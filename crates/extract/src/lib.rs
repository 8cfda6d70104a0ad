//! From trees and configuration to facts.
//!
//! The local half of the work ([`weir_syntax::lower`]) looks at one file and can be cached; everything here is the link
//! half: it asks a [`Source`] for the trees it needs, in demand rounds, and turns what the packs recognise into facts.

mod eval;
pub mod flowfile;
mod link;
pub mod packs;
mod source;
mod value;
mod world;
mod yaml;

pub use source::{FileId, Mention, Source, is_word};

use serde::{Deserialize, Serialize};
use weir_facts::Fact;

/// What the link half found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Extraction {
    /// The facts, in a deterministic order.
    pub facts: Vec<Fact>,
    /// Messaging calls that a pack recognised, test code left out.
    pub messaging_calls: u32,
    /// Those whose channel was resolved.
    pub resolved_calls: u32,
}

/// Reads a whole project through `source` with the knowledge of `packs`.
pub fn extract(source: &dyn Source, packs: &packs::Packs) -> Extraction {
    link::run(source, packs)
}
