//! Nesting that no person wrote, in every language and format: it is cut off, it brings nothing down.

use crate::project::Project;
use crate::runner::say;
use std::time::{Duration, Instant};

/// A size no bound of weir's can be meant for.
const DEEP: usize = 10_000;

/// One construct nested, in short lines, so that no file passes for a bundle.
fn nests(open: &str, inner: &str, close: &str) -> String {
    let lines = |part: &str| format!("{}\n", part.repeat(50)).repeat(DEEP / 50);
    format!("{}{inner}{}", lines(open), lines(close))
}

/// One construct after the other, each inside the one before for a parser.
fn chain(link: &str) -> String {
    format!("{}\n", link.repeat(20)).repeat(DEEP / 20)
}

/// Every source is read as a tree, at once, and costs nothing of the healthy part.
fn survives(extension: &str, language: &str, head: &str, sources: impl IntoIterator<Item = String>) {
    for source in sources {
        let project = Project::with_pack();
        project.file(&format!("src/deep.{extension}"), format!("{head}\n{source}\n"));
        let begun = Instant::now();
        let start: String = source.chars().take(70).collect();
        say(&format!("{language}: {start}"));
        let map = project.still_mapped();
        map.skips_nothing();
        assert_eq!(map.parsed(language), 1 + u64::from(language == "typescript"), "it is not read");
        assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    }
}

fn ecmascript() -> Vec<String> {
    vec![
        format!("x = {};", nests("(", "1", ")")),
        format!("x = {};", nests("[", "1", "]")),
        format!("x = {};", nests("{a:", "1", "}")),
        format!("x = {};", nests("f(", "1", ")")),
        format!("x = {};", nests("a => (", "1", ")")),
        format!("x = {};", nests("`${", "1", "}`")),
        format!("x = {}1;", chain("a ? 1 : ")),
        format!("x = {}1;", chain("!")),
        format!("x = a{};", chain(" + b")),
        format!("x = a{};", chain(" || b")),
        format!("x = a{};", chain("[0]")),
        format!("x = a{};", chain(".b()")),
        format!("x = a{};", chain(".then(() => b())")),
        nests("if (a) {", "", "}"),
        nests("for (;;) {", "", "}"),
        nests("try {", "", "} finally {}"),
        nests("function f() {", "", "}"),
        nests("class A { m() {", "", "} }"),
        format!("{}{{}}", chain("if (a) {} else ")),
    ]
}

#[test]
fn typescript() {
    survives("ts", "typescript", "import { publish } from 'deepbus';", ecmascript());
    let types = [
        format!("type T = {};", nests("A<", "B", ">")),
        format!("type T = {};", nests("{ a: ", "B", "}")),
        format!("type T = A{};", chain(" | B")),
        nests("namespace a {", "", "}"),
    ];
    survives("ts", "typescript", "import { publish } from 'deepbus';", types);
    survives("tsx", "typescript", "import { publish } from 'deepbus';", [format!("x = {};", nests("<a>", "", "</a>"))]);
}

#[test]
fn javascript() {
    survives("js", "javascript", "const { publish } = require('deepbus');", ecmascript());
}

#[test]
fn python() {
    let stairs = |head: &str| {
        let lines = (0..1_500).map(|at| format!("{}{head}:\n", " ".repeat(at)));
        format!("{}{}pass\n", lines.collect::<String>(), " ".repeat(1_500))
    };
    let sources = [
        format!("x = {}", nests("(", "1", ")")),
        format!("x = {}", nests("[", "1", "]")),
        format!("x = {}", nests("f(", "1", ")")),
        format!("x = {}", nests("{1:", "1", "}")),
        format!("x = ({}1)", chain("not ")),
        format!("x = ({}1)", chain("lambda: ")),
        format!("x = ({}1)", chain("1 if a else ")),
        format!("x = (a{})", chain(".b()")),
        format!("x = ('a'{})", chain(" + 'b'")),
        format!("x = ('a'{})", chain(" 'b'")),
        format!("x = (a{})", chain(" or b")),
        format!("if a:\n  pass\n{}", "elif b:\n  pass\n".repeat(DEEP)),
        stairs("if a"),
        stairs("def f()"),
        stairs("class A"),
        stairs("with a"),
    ];
    survives("py", "python", "import deepbus", sources);
}

#[test]
fn go() {
    let sources = [
        format!("var x = {}", nests("(", "1", ")")),
        format!("var x = {}", nests("f(", "1", ")")),
        format!("var x = {}1", chain("!")),
        format!("var x = \"a\"{}", chain(" + \"b\"")),
        format!("var x = a{}", ".b()".repeat(4_000)),
        format!("var x {}int", chain("[]")),
        format!("func f() {{ {} }}", nests("{", "", "}")),
        format!("func f() {{ {} }}", nests("if a {", "", "}")),
        format!("func f() {{ _ = {} }}", nests("func() { _ = ", "1", "}")),
        format!("func f() {{ {}{{}} }}", "if a {} else ".repeat(1_500)),
    ];
    survives("go", "go", "package a\n\nimport \"deepbus\"\n", sources);
}

#[test]
fn rust() {
    let sources = [
        format!("fn f() {{ let x = {}; }}", nests("(", "1", ")")),
        format!("fn f() {{ let x = {}; }}", nests("[", "1", "]")),
        format!("fn f() {{ let x = {}1; }}", chain("!")),
        format!("fn f() {{ let x = a{}; }}", chain(" + b")),
        format!("fn f() {{ let x = {}1; }}", chain("|| ")),
        format!("fn f() {{ {} }}", nests("{", "", "}")),
        format!("fn f() {{ a{}; }}", chain(".b()")),
        format!("fn f() {{ a{}; }}", chain("?")),
        format!("fn f() {{ {} }}", nests("match a { _ => ", "1", "}")),
        format!("fn f() {{ m!{}; }}", nests("(", "", ")")),
        format!("fn f() {{ {}{{}} }}", chain("if a {} else ")),
        format!("type T = {};", nests("A<", "B", ">")),
        nests("mod a {", "", "}"),
    ];
    survives("rs", "rust", "use deepbus::publish;", sources);
}

#[test]
fn java_kotlin_and_csharp() {
    let both = |expression: &str| {
        [
            format!("class A {{ {expression} = {}; }}", nests("(", "1", ")")),
            format!("class A {{ {expression} = a{}; }}", chain(" + b")),
            format!("class A {{ {expression} = a{}; }}", chain(".b()")),
            nests("class A {", "", "}"),
        ]
    };
    let method = [format!("class A {{ void f() {{ {} }} }}", nests("if (a) {", "", "}"))];
    survives("java", "java", "import deepbus.Bus;", both("int x").into_iter().chain(method.clone()));
    survives("cs", "csharp", "using deepbus;", both("int x").into_iter().chain(method));
    let method = [format!("fun f() {{ {} }}", nests("if (a) {", "", "}"))];
    survives("kt", "kotlin", "import deepbus.Bus", both("val x").into_iter().chain(method));
}

#[test]
fn configuration() {
    let deep = |open: &str, close: &str| format!("{}1{}", open.repeat(DEEP), close.repeat(DEEP));
    let stairs: String = (0..2_000).map(|at| format!("{}a:\n", " ".repeat(at))).collect();
    for (name, text) in [
        ("docker-compose.yaml", format!("services: {}", deep("[", "]"))),
        ("docker-compose.yml", format!("services: {}", deep("{a: ", "}"))),
        ("compose.yaml", stairs),
        ("tsconfig.json", deep("[", "]")),
        ("tsconfig.json", deep("{\"paths\":", "}")),
        ("services/deep/package.json", deep("[", "]")),
        ("nest-cli.json", deep("{\"projects\":", "}")),
    ] {
        let project = Project::healthy();
        project.file(name, text);
        project.still_mapped();
    }
}

#[test]
fn a_chain_of_ten_thousand_operators() {
    let project = Project::healthy();
    let sum = format!("'long'{}", "\n  + '-topic'".repeat(DEEP));
    let source = format!(
        "import {{ Kafka }} from 'kafkajs';\nconst name = {sum};\nconst producer = new Kafka({{}}).producer();\n\
         export const send = () => producer.send({{ topic: name, messages: [] }});\n"
    );
    project.file("src/long.ts", source);
    let map = project.still_mapped();
    let name = format!("long{}", "-topic".repeat(DEEP));
    assert!(map.channels().contains(&name.as_str()), "the name is what the program computes");
}
