//! The constructs that real Java uses, one by one.

mod broken;
mod code;
mod declarations;

use crate::{Language, Tree, lower, print};

fn java(source: &str) -> Tree {
    lower(Language::Java, source.as_bytes())
}

/// The outline of a file that parses, without its first line.
fn outline(source: &str) -> Vec<String> {
    let tree = java(source);
    assert_eq!(tree.broken_bytes, 0, "{source}");
    print(&tree).lines().skip(1).map(str::to_owned).collect()
}

/// The outline of the body of one method, without line numbers and indentation of the method.
fn body(source: &str) -> Vec<String> {
    let lines = outline(&format!("class A {{ void f() {{\n{source}\n}} }}\n"));
    lines.iter().skip(2).map(|line| line.get(10..).unwrap_or_default().to_owned()).collect()
}

fn assert_lines(lines: &[String], expected: &[&str]) {
    for line in expected {
        assert!(lines.iter().any(|found| found == line), "{line} in\n{}", lines.join("\n"));
    }
}
