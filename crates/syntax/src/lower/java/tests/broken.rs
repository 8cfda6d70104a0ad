//! What does not parse, or nests without end.

use super::{assert_lines, java};
use crate::{Language, lower, print};

#[test]
fn a_syntax_error_costs_only_itself() {
    let tree = java(
        "package p;\nimport a.B;\nclass A {\n void a() { b.send(1); }\n void b( { int x = = ; c.send(2); }\n void c() { d.send(3); }\n}\nclass E { int f = 1; }\n",
    );
    assert!(tree.broken_bytes > 0 && tree.broken_bytes < tree.total_bytes / 2);
    let text = print(&tree);
    for expected in ["import B from a", "b.send(1)", "d.send(3)", "class E", "field f: int = 1"] {
        assert!(text.contains(expected), "{expected} in\n{text}");
    }
}

#[test]
fn what_is_cut_off_keeps_its_members() {
    let text = print(&java(
        "package p;\n@Service\npublic class A extends B implements C {\n Bus bus = new Bus();\n A(C c) { this.c = c; }\n @On(\"t\")\n void a() { b.send(1); }\n void d() {\n e.send(2);\n f",
    ));
    let lines: Vec<String> = text.lines().map(str::to_owned).collect();
    assert_lines(
        &lines,
        &[
            "   2  @Service",
            "   3  export class A : B, C",
            "   4    field bus: Bus = new Bus()",
            "   5    A.constructor(c: C)",
            "   6    @On(\"t\")",
            "   7    method A.a() -> void",
            "   7      b.send(1)",
        ],
    );
    assert!(text.contains("e.send(2)"), "{text}");
    let text = print(&java("interface A {\n void a();\n enum B {\n C(1), D;\n void e() { f(); }\n void g() { h("));
    assert!(text.contains("interface A") && text.contains("A.a()") && text.contains("f()"), "{text}");
}

#[test]
fn a_record_pattern_with_a_qualified_name_is_recovered() {
    let text =
        print(&java("class A { void f(E e) { switch (e) { case E.Refused(String id, var why) -> send(id); } } }"));
    assert!(text.contains("case typeof E.Refused") && text.contains("let [id, why]: E.Refused = e"), "{text}");
}

#[test]
fn an_import_the_grammar_does_not_know_brings_nothing() {
    let tree = java("import module java.base;\nimport a.B;\nclass A {}");
    assert_eq!(tree.imports.iter().map(|import| import.local.as_str()).collect::<Vec<_>>(), ["B"]);
}

#[test]
fn broken_text_is_harmless() {
    let tree = lower(
        Language::Java,
        b"class A { void f() { s.send(\"a\xff\xfeb\", '\xff', \"\"\"\n \xc3\"\"\"); } int \xff = 1; }",
    );
    assert!(print(&tree).contains("s.send("));
    let tree = lower(
        Language::Java,
        b"class A { void f() { s.send(\"a\"); t.send(\"\\u12\"); u.send(\"\\u\"); } char c = '\xff",
    );
    assert!(print(&tree).contains("s.send(\"a\")"));
}

#[test]
fn deep_nesting_is_cut_off_not_overflowed() {
    const N: usize = 10_000;
    let inside = |text: String| format!("class A {{ void f() {{\n{text}\n}} }}\n");
    let deep = [
        inside(format!("x = {}1{};", "(".repeat(N), ")".repeat(N))),
        inside(format!("x = {}1{};", "f(".repeat(N), ")".repeat(N))),
        inside(format!("int[] x = {}{};", "{".repeat(N), "}".repeat(N))),
        inside(format!("x = {};", vec!["1"; N].join(" + "))),
        inside(format!("x{};", ".f()".repeat(N))),
        inside(format!("x = y{};", ".z".repeat(N))),
        inside(format!("x{} = 1;", "[0]".repeat(N))),
        inside(format!("x = {}y;", "-".repeat(N))),
        inside(format!("x = {}y;", "(T) ".repeat(N))),
        inside(format!("x = {}null;", "a ? 1 : ".repeat(N))),
        inside(format!("x = {}1;", "a -> ".repeat(N))),
        inside(format!("x = new int{};", "[1]".repeat(N))),
        inside(format!("x = y{};", " instanceof T t && z".repeat(N))),
        inside(format!("{}{}", "if (a) {\n".repeat(N), "}".repeat(N))),
        inside(format!("{} {{}}", vec!["if (a) {}"; N].join(" else "))),
        inside(format!("{}{}", "new A() { void f() {\n".repeat(N), "} };\n".repeat(N))),
        inside(format!("{}{}", "switch (a) { case 1 -> { ".repeat(N), "} }".repeat(N))),
        inside(format!("switch (a) {{ case {}int x{} -> b(); }}", "P(".repeat(N), ")".repeat(N))),
        inside(format!("switch (a) {{ case {}x{} -> b(); }}", "p.P(int ".repeat(N), ")".repeat(N))),
        inside("l: ".repeat(N)),
        inside("class B { void g() { ".repeat(N)),
        format!("{}{}", "class A {\n".repeat(N), "}".repeat(N)),
        format!("class A {{ int{} a; }}", "[]".repeat(N)),
        format!("class A {{ {}int{} a; }}", "List<".repeat(N), ">".repeat(N)),
        format!("class A {{ {}int{} a; }}", "List<".repeat(N), format!("{}>", "[]".repeat(50)).repeat(N)),
        format!("class A {{ a{} b; T x = new a{}(); }}", ".b".repeat(N), ".b".repeat(N)),
        format!("{}1{} class A {{}}", "@A(".repeat(N), ")".repeat(N)),
        format!("@A({}{}) class A {{}}", "{".repeat(N), "}".repeat(N)),
        format!("import a{};", ".b".repeat(N)),
    ];
    let run = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        for source in deep {
            let tree = lower(Language::Java, source.as_bytes());
            assert_eq!(tree.total_bytes as usize, source.len());
            assert!(!print(&tree).is_empty());
        }
    });
    run.expect("a thread").join().expect("no panic and no overflow");
}
