//! The constructs that real C# uses, one by one.

mod declarations;
mod expressions;
mod statements;

use crate::{Language, Tree, lower, print};

fn cs(source: &str) -> Tree {
    lower(Language::CSharp, source.as_bytes())
}

/// The outline of a file that parses, without line numbers.
fn outline(source: &str) -> Vec<String> {
    let tree = cs(source);
    assert_eq!(tree.broken_bytes, 0, "{source}");
    print(&tree).lines().skip(1).map(|line| line.get(6..).unwrap_or_default().to_owned()).collect()
}

/// The outline of the members of a class.
fn members(source: &str) -> Vec<String> {
    let all = outline(&format!("class C\n{{\n{source}\n}}\n"));
    assert_eq!(all[0], "export class C");
    all[1..].iter().map(|line| line.strip_prefix("  ").unwrap_or(line).to_owned()).collect()
}

#[test]
fn a_syntax_error_costs_only_itself() {
    let tree = cs(
        "using A;\nclass X { void M() { a.Send(1); } void N( { x = = ; } void O() { b.Send(\"t\"); } }\nclass Y { int f; }\n",
    );
    assert!(tree.broken_bytes > 0);
    let text = print(&tree);
    for expected in ["import * from A", "a.Send(1)", "b.Send(\"t\")", "field f: int"] {
        assert!(text.contains(expected), "{expected} in\n{text}");
    }
}

#[test]
fn broken_text_is_harmless() {
    let tree = lower(
        Language::CSharp,
        b"class C { void M() { s.Send(\"a\xff\xfeb\", @\"\xc3\", $\"{x}\xff\"); } }\nclass D { string s = \"\\x\\u12\"; }",
    );
    assert!(print(&tree).contains("s.Send("));
    // What is left of a program after this is up to the grammar.
    print(&lower(Language::CSharp, b"var \xff = $\"{x\xff}\"; void \xfe(\xff) { s.Send(1); }"));
}

#[test]
fn deep_nesting_is_cut_off_not_overflowed() {
    const N: usize = 10_000;
    let deep = [
        format!("x = {}1{};", "(".repeat(N), ")".repeat(N)),
        format!("x = {}1{};", "f(".repeat(N), ")".repeat(N)),
        format!("x = {}1{};", "new X { A = ".repeat(N), "}".repeat(N)),
        format!("x = {}1{};", "[".repeat(N), "]".repeat(N)),
        format!("x = new X {}{};", "{".repeat(N), "}".repeat(N)),
        format!("x = {};", vec!["1"; N].join(" + ")),
        format!("x = {};", vec!["1"; N].join(" ?? ")),
        format!("x{};", ".f()".repeat(N)),
        format!("x{};", "?.f()".repeat(N)),
        format!("x{};", "[0]".repeat(N)),
        format!("x = {}y;", "!".repeat(N)),
        format!("x = {}y;", "await ".repeat(N)),
        format!("x = {}y;", "(T)".repeat(N)),
        format!("x = {}null;", "a ? 1 : ".repeat(N)),
        format!("x = {}y;", "a => ".repeat(N)),
        format!("x = {}y;", "a = ".repeat(N)),
        format!("x = y{};", " switch { _ => 1 }".repeat(1_000)),
        format!("x = {};", vec!["y is null"; 300].join(" || ")),
        format!("x = y is {}1;", "not ".repeat(N)),
        format!("x = y is {};", vec!["1"; N].join(" or ")),
        format!("x = y is {}1{};", "{ A: ".repeat(N), "}".repeat(N)),
        format!("x = y is {}1{};", "(".repeat(N), ")".repeat(N)),
        format!("{}{}", "if (a) {".repeat(N), "}".repeat(N)),
        format!("{} {{}}", vec!["if (a) {}"; N].join(" else ")),
        format!("{}x();", "using (a) ".repeat(N)),
        format!("{}x();", "using var a = b(); c();".repeat(1_000)),
        format!("{}x();", "L: ".repeat(N)),
        format!("var {}a, b{} = c;", "(".repeat(N), ")".repeat(N)),
        format!("{}a, b{} = c;", "(".repeat(N), ")".repeat(N)),
        format!("{}{}", "class C {".repeat(N), "}".repeat(N)),
        format!("{}{}", "namespace N {".repeat(N), "}".repeat(N)),
        format!("{}{}", "#if A\n".repeat(N), "#endif\n".repeat(N)),
        format!("class C {{ {}int{} x; }}", "L<".repeat(N), ">".repeat(N)),
        format!("class C {{ int{} x; }}", "[]".repeat(N)),
        format!("class C {{ {} x; }}", vec!["A"; N].join(".")),
        format!("void M() {{ {} }}", "void M() { ".repeat(N)),
        format!("x = $\"{}1{}\";", "{$\"".repeat(100), "\"}".repeat(100)),
        format!("x = {}x select y;", "from x in y ".repeat(1_000)),
    ];
    let run = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        for source in deep {
            let tree = lower(Language::CSharp, source.as_bytes());
            assert_eq!(tree.total_bytes as usize, source.len());
            assert!(!print(&tree).is_empty());
        }
    });
    run.expect("a thread").join().expect("no panic and no overflow");
}
