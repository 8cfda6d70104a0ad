//! Models and reports as text: for terminals, for machines, for pages.
//!
//! Whatever comes from the project (names, paths, code) is hostile until a format's own escaping has seen it.

pub mod document;
pub mod github;
pub mod json;
mod links;
pub mod markdown;
mod mermaid;
#[cfg(test)]
mod sample;
pub mod sarif;
pub mod terminal;
mod text;

pub use links::Links;
