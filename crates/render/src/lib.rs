//! Models and reports as text: for terminals, for machines, for pages.

pub mod terminal;
