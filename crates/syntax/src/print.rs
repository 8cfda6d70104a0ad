//! Prints a tree as text that a person can compare with the source: for snapshots and `weir explain`.

use crate::Tree;

/// The tree as indented text, one node a line.
pub fn print(tree: &Tree) -> String {
    format!("{tree:#?}")
}
