//! Bytes in, one small common tree out, whatever the language. Never fails, never panics.
//!
//! [`lower`] is the only entry: broken source still gives a [`Tree`], with the share that parsed in
//! [`Tree::broken_bytes`]. What a *library* means is no node here; that is pack knowledge.

mod build;
mod language;
mod lower;
mod print;
mod tree;

pub use build::Builder;
pub use language::Language;
pub use lower::lower;
pub use print::print;
pub use tree::*;
