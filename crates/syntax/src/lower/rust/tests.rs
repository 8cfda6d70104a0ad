//! The constructs that real Rust uses, one by one.

use crate::{Language, Tree, lower, print};

fn rs(source: &str) -> Tree {
    lower(Language::Rust, source.as_bytes())
}

/// The outline of a file without line numbers; the source must parse.
fn outline(source: &str) -> Vec<String> {
    let tree = rs(source);
    assert_eq!(tree.broken_bytes, 0, "{source}");
    print(&tree).lines().skip(1).map(|line| line.get(6..).unwrap_or_default().to_owned()).collect()
}

/// The outline of the body of one function.
fn body(source: &str) -> Vec<String> {
    let lines = outline(&format!("fn f() {{\n{source}\n}}\n"));
    let inside = lines.iter().skip_while(|line| !line.starts_with("function f()")).skip(1);
    inside.map(|line| line.get(2..).unwrap_or_default().to_owned()).collect()
}

#[test]
fn use_trees_are_flat() {
    assert_eq!(
        outline(
            "use a::b::{self, C as D, e::{F, *}, G};\nuse h;\nuse i as j;\nuse ::k::L;\nuse crate::m::N as _;\nextern crate o as p;\npub use super::q::*;\nuse r#type::r#match;\n"
        ),
        [
            "import b from a",
            "import C as D from a::b",
            "import F from a::b::e",
            "import * from a::b::e",
            "import G from a::b",
            "import h as h",
            "import i as j",
            "import L from k",
            "import N as  from crate::m",
            "import o as p",
            "import * from super::q",
            "import r#match from r#type",
        ]
    );
}

#[test]
fn structs_enums_and_attributes() {
    assert_eq!(
        outline(
            "#[derive(Debug, codec::Serialize)]\n#[codec(rename_all = \"camelCase\", tag = \"type\", default)]\npub struct Order<'a, T: Clone> {\n  #[codec(rename = \"orderId\")]\n  pub id: &'a str,\n  next: Option<Box<T>>,\n}\npub struct Id(pub String, u8);\nstruct Unit;\nenum Event {\n  #[default] Placed(Order),\n  Paid { id: String, n: i32 },\n  Code = 7,\n}\ntype Shared<T> = Arc<Mutex<T>>;\n#[doc = \"x\"] union U { a: u8 }\n"
        ),
        [
            "import codec as codec",
            "@derive(Debug, codec.Serialize)",
            "@codec(rename_all: \"camelCase\", tag: \"type\", default)",
            "export class Order<T>",
            "  field id: str @codec(rename: \"orderId\")",
            "  field next: Option<Box<T>>",
            "export class Id",
            "  field 0: String",
            "  field 1: u8",
            "class Unit",
            "enum Event",
            "  variant Placed(typeof Order)",
            "  variant Paid(id: typeof String, n: typeof i32)",
            "  variant Code = 7",
            "alias Shared<T> = Arc<Mutex<T>>",
            "@doc(\"x\")",
            "class U",
            "  field a: u8",
        ]
    );
}

#[test]
fn traits_impls_and_self() {
    assert_eq!(
        outline(
            "#[boxed]\npub trait Bus: Send + Closer<u8> + 'static {\n  const NAME: &'static str;\n  type Out;\n  async fn send(&self, m: &[u8]) -> Result<(), Error>;\n  fn name() -> String { format!(\"{}.x\", Self::NAME) }\n}\nstruct Hare { c: Channel }\n#[boxed]\nimpl<'a, T> Bus for Hare where T: X {\n  const NAME: &'static str = \"r\";\n  type Out = u8;\n  #[inline] async fn send(&self, m: &[u8]) -> Result<(), Error> { self.c.publish(m).await?; Ok(()) }\n}\nimpl Hare {\n  pub const MAX: usize = 3;\n  pub fn new(c: Channel) -> Self { Self { c } }\n  fn max(self: Arc<Self>) -> usize { Self::MAX }\n}\nimpl Display for Other { fn fmt(&self) {} }\n"
        ),
        [
            "@boxed",
            "export interface Bus : Send, Closer<u8>",
            "  static abstract field NAME: str",
            "  static abstract field Out",
            "  export async method Bus.send(m: [u8]) -> Result<tuple, Error> without body",
            "  export static method Bus.name() -> String",
            "    return `${this.NAME}.x`",
            "class Hare : Bus",
            "  field c: Channel",
            "  static field NAME: str = \"r\"",
            "  static field Out: u8 = typeof u8",
            "  static field MAX: usize = 3",
            "@boxed",
            "@inline",
            "export async method Hare.send(m: [u8]) -> Result<tuple, Error> implements Bus",
            "  cast(await this.c.publish(m))",
            "  return Ok(null)",
            "export static method Hare.new(c: Channel) -> Hare",
            "  return new Hare({ c: c })",
            "method Hare.max() -> usize",
            "  return Hare.MAX",
            "export method Other.fmt() implements Display",
        ]
    );
}

#[test]
fn constants_modules_and_declaring_macros() {
    assert_eq!(
        outline(
            "pub const TOPIC: &str = \"a\\n\\u{41}\\x42\";\nstatic mut N: u8 = 1;\nconst RAW: &str = r#\"b\\n\"#;\nonce! {\n  static ref URL: String = env::var(\"URL\").unwrap();\n}\nmacro_rules! m { ($a:expr) => { f($a) } }\n#[cfg(test)]\nmod tests {\n  use super::*;\n  #[test]\n  fn t() {}\n  struct S;\n}\nmod inner { pub fn g() {} }\n"
        ),
        [
            "import env as env",
            "export const TOPIC: str = \"a\\nAB\"",
            "let N: u8 = 1",
            "const RAW: str = \"b\\\\n\"",
            "const URL: String = env.var(\"URL\").unwrap()",
            "@cfg(test)",
            "@test",
            "function t()",
            "@cfg(test)",
            "class S",
            "export function g()",
            "export const inner = { g: g }",
        ]
    );
}

#[test]
fn modules_and_the_roots_of_paths_are_imports() {
    assert_eq!(
        outline(
            "mod bus;\n#[path = \"../x/shared.rs\"]\nmod shared;\npub mod topics {\n  use super::bus::Bus;\n  use super::*;\n  pub mod v1 { pub const A: &str = \"a\"; pub const B: &str = concat!(\"b\"); }\n  pub fn h() -> u8 { u8::MAX }\n}\nfn f<B: bus::Bus + Send, T>(b: B, t: &T) where T: crate::port::Port { client::connect(b); Kind::A; topics::h(); }\nstruct S<P> { p: P }\nimpl<P: Port> S<P> { fn new(p: P) -> Self { Self { p } } }\n"
        ),
        [
            "import self::bus as bus",
            "import ../x/shared.rs as shared",
            "import Bus from self::bus",
            "import client as client",
            "import crate as crate",
            "export const A: str = \"a\"",
            "export const B: str = concat!(\"b\")",
            "export const v1 = { A: \"a\", B: B }",
            "export function h() -> u8",
            "  return u8.MAX",
            "export const topics = { v1: { A: \"a\", B: B }, h: h }",
            "function f<B, T>(b: B | bus.Bus, t: T | crate.port.Port)",
            "  client.connect(b)",
            "  Kind.A",
            "  topics.h()",
            "class S<P>",
            "  field p: P | Port",
            "static method S.new(p: P | Port) -> S",
            "  return new S({ p: p })",
        ]
    );
}

#[test]
fn tails_are_returns_and_control_flow_stays() {
    assert_eq!(
        body(
            "if a { b() } else if let Some(x) = c() { x } else { match d { Kind::A => 1, Kind::B(y) if y > 2 => { e(y) } _ => return Err(g) } }"
        ),
        [
            "if a",
            "  return b()",
            "else",
            "  if block #1",
            "    #1 block",
            "      let x = c()",
            "      typeof Some",
            "    return x",
            "  else",
            "    switch d",
            "    case Kind.A",
            "      return 1",
            "    case typeof Kind.B",
            "      let { 0: y } = d",
            "      if (y > 2)",
            "        return e(y)",
            "    default",
            "      return Err(g)",
        ]
    );
}

#[test]
fn matches_bind_through_their_subject() {
    let lines = body(
        "match rx.recv().await { Ok(m) => handle(m), Err(RecvError::Lagged(n)) | Err(n) => warn(n), }\nlet v = match k { \"a\" | \"b\" => 1, Event::P { id, n: Some(q) } => id, other => other };\nlet w = match z() { Some(s) => s, None => 0 };\ndone();",
    );
    let lines: Vec<String> =
        lines.iter().map(|line| line.replace("$match@2:1", "$m").replace("$match@4:9", "$n")).collect();
    assert_eq!(
        lines,
        [
            "let $m = await rx.recv()",
            "switch $m",
            "case typeof Ok",
            "  let m = $m",
            "  handle(m)",
            "case typeof Err, typeof Err",
            "  let { 0: n } = $m",
            "  warn(n)",
            "let v = match k { \"a\", \"b\" => 1; typeof Event.P => block #1; default => block #2 }",
            "  #1 block",
            "    let { id, n: q } = k",
            "    id",
            "  #2 block",
            "    let other = k",
            "    other",
            "let w = block #3",
            "  #3 block",
            "    let $n = z()",
            "    match $n { typeof Some => block #4; None => 0 }",
            "      #4 block",
            "        let s = $n",
            "        s",
            "done()",
        ]
    );
}

#[test]
fn loops_conditions_and_let_else() {
    assert_eq!(
        body(
            "for (i, x) in xs.iter().enumerate() { g(x); }\nwhile let Some(Ok(m)) = s.next().await { h(m) }\n'o: loop { break 'o; }\nwhile a < 3 { continue }\nlet Some(y) = opt else { return };\nif let Ok(p) = q && p.r() || t { u() }\nlet _ = tx.send(1);\nunsafe { k() }\nlet (mut b, c): (u8, _) = d;\n"
        ),
        [
            "for [i, x] in xs.iter().enumerate()",
            "  g(x)",
            "loop while block #1",
            "  #1 block",
            "    let m = await s.next()",
            "    typeof Some",
            "  h(m)",
            "loop",
            "  break",
            "loop while (a < 3)",
            "  continue",
            "let y = opt",
            "if !typeof Some",
            "  return",
            "if (block #2 && (p.r() || t))",
            "  #2 block",
            "    let p = q",
            "    typeof Ok",
            "  u()",
            "tx.send(1)",
            "block",
            "  k()",
            "let [b, c]: tuple<u8, ?> = d",
        ]
    );
}

#[test]
fn expressions() {
    assert_eq!(
        body(
            "let a = b::<u8>::new(&c, *d)?.e.0[1] as u64;\nlet f = g.parse::<Order>().map_err(|e| h(e))?;\nlet i = S { x, y: 1, ..Default::default() };\nlet j = m::T::<u8> { z: [1, 2] };\nlet k = if l { 1 } else { n(); 2 };\nlet o = <P as Q>::R;\nlet r = (1, ());\nlet s = [0u8; 4];\nt = u..=v;\nw += !x;\nlet y = xs[1..].len();\n"
        ),
        [
            "let a = cast(cast(b.new(cast(c), cast(d))).e.0[1] as u64)",
            "let f = cast(g.parse<Order>().map_err((e) => h(e)))",
            "let i = new S({ x: x, y: 1, ...Default.default() })",
            "let j = new m.T<u8>({ z: [1, 2] })",
            "let k = (l ? 1 : block #1)",
            "  #1 block",
            "    n()",
            "    2",
            "let o = P.R",
            "let r = [1, null]",
            "let s = [0u8]",
            "t = ?(u, v)",
            "w += !x",
            "let y = ?(xs, ?(1)).len()",
        ]
    );
}

#[test]
fn closures_and_async_blocks_are_lambdas() {
    assert_eq!(
        body(
            "rt::spawn(async move { a().await; b });\ns.for_each(|m: Msg| async move { c(m) });\nlet d = move |(x, y), Z { q, .. }| { e(x); q };\nfn inner(self_: u8) {}\n"
        ),
        [
            "rt.spawn(lambda #1)",
            "  #1 async lambda ()",
            "    await a()",
            "    return b",
            "s.for_each(async (m: Msg) => c(m))",
            "let d = lambda #2",
            "  #2 lambda ([x, y], { q })",
            "    e(x)",
            "    return q",
            "function inner(self_: u8)",
        ]
    );
}

#[test]
fn macros_are_parsed_again() {
    assert_eq!(
        body(
            "let a = vec![b(1), c];\nlet d = format!(\"o.{}.{e:?}.{{x}}.{0}\", f(g));\ninfo!(id = %h, ?i, \"got {}\", j.k());\nlet l = json!({ \"a\": m, \"b\": [1, { \"c\": n(o) }], \"d\": null });\ntrail::warn!(\"plain {q}\");\nlet p = query!(\"select $1\", r);\nreturn Err(fault!(\"no {}\", s));\n"
        ),
        [
            "let a = [b(1), c]",
            "let d = `o.${f(g)}.${e}.{x}.${?()}`",
            "info!(id: h, i, `got ${j.k()}`)",
            "let l = json!({ a: m, b: [1, { c: n(o) }], d: null })",
            "trail.warn!(`plain ${q}`)",
            "let p = query!(\"select $1\", r)",
            "return Err(fault!(`no ${s}`))",
        ]
    );
}

#[test]
fn macros_with_blocks_hold_statements() {
    assert_eq!(
        body("stream! {\n  let a = b();\n  yield a;\n};\nlet x = vec![];\nprintln!();\nassert_eq!(y.z(), 1);\n"),
        [
            "stream!(block #1)",
            "  #1 block",
            "    let a = b()",
            "    ?(a)",
            "let x = []",
            "println!()",
            "assert_eq!(y.z(), 1)",
        ]
    );
}

#[test]
fn select_is_a_switch() {
    assert_eq!(
        body(
            "loop {\n rt::select! {\n  biased;\n  Some(m) = rx.recv(), if ready => { handle(m).await; }\n  _ = tick.tick() => flush(),\n  r = &mut job => break,\n  else => return,\n }\n}\n"
        ),
        [
            "loop",
            "  switch",
            "  case block #1",
            "    #1 block",
            "      let m = await rx.recv()",
            "      ready",
            "    await handle(m)",
            "  case await tick.tick()",
            "    flush()",
            "  case block #2",
            "    #2 block",
            "      let r = await cast(job)",
            "    break",
            "  default",
            "    return",
        ]
    );
}

#[test]
fn parsed_again_keeps_its_lines() {
    let tree = rs(
        "fn f() {\n\n  select! {\n    a = b() => {\n      c(\n        d());\n    }\n  }\n  json!({\n    \"k\": e(),\n    \"l\": [\n      g()],\n  });\n}\n",
    );
    let mut lines: Vec<(String, u32)> = Vec::new();
    for (expr, line) in tree.exprs.iter().zip(&tree.expr_lines) {
        if let crate::Expr::Call(call) = expr
            && let Some(crate::Expr::Name(name)) = tree.exprs.get(call.callee.0 as usize)
        {
            lines.push((name.to_string(), *line));
        }
    }
    lines.sort();
    let expected = [("b", 4), ("c", 5), ("d", 6), ("e", 10), ("g", 12), ("json!", 9)];
    assert_eq!(lines, expected.map(|(name, line)| (name.to_owned(), line)));
}

#[test]
fn a_call_stands_on_the_line_of_its_method() {
    let tree = rs("fn f() {\n  b::new()\n    .topic(\"x\")\n    .send(1)\n    .await\n}");
    let lines: Vec<u32> = tree
        .exprs
        .iter()
        .zip(&tree.expr_lines)
        .filter(|(expr, _)| matches!(expr, crate::Expr::Call(_)))
        .map(|(_, line)| *line)
        .collect();
    assert_eq!(lines, [2, 3, 4]);
}

#[test]
fn a_syntax_error_costs_only_itself() {
    let tree =
        rs("use k::K;\nfn a() { s.send(\"t\"); }\nfn b( { let = ; }\nfn c() { s.other(\"u\"); }\nstruct T { x: u8 }\n");
    let text = print(&tree);
    assert!(tree.broken_bytes > 0 && tree.broken_bytes < tree.total_bytes / 2, "{text}");
    for expected in ["import K from k", "s.send(\"t\")", "s.other(\"u\")", "class T"] {
        assert!(text.contains(expected), "{expected} in\n{text}");
    }
}

#[test]
fn broken_text_is_harmless() {
    let tree = lower(
        Language::Rust,
        b"fn f() { s.send(\"a\xff\xfeb\"); info!(\"\xc3{}\", \xff); select! { = => , => => } json!({ : , \"a\" }); m!(\"{\", \"}\", \"{x\"); vec![; ]; }\nconst \xff: u8 = '\\u{';\nconst U: &str = \"\\u{zz}\\x\\u{\";",
    );
    assert!(print(&tree).contains("s.send("));
}

#[test]
fn deep_nesting_is_cut_off_not_overflowed() {
    const N: usize = 10_000;
    let inside = |text: String| format!("fn f() {{\n{text};\n}}\n");
    let deep = [
        inside(format!("x = {}1{}", "(".repeat(N), ")".repeat(N))),
        inside(format!("x = {}1{}", "f(".repeat(N), ")".repeat(N))),
        inside(format!("x = {}1{}", "[".repeat(N), "]".repeat(N))),
        inside(format!("x = {}1{}", "T { a: ".repeat(N), "}".repeat(N))),
        inside(format!("x = {}", vec!["1"; N].join(" + "))),
        inside(format!("x{}", ".f()".repeat(N))),
        inside(format!("x{}", "?".repeat(N))),
        inside(format!("x = a{}", "::b".repeat(N))),
        inside(format!("x = {}y", "-".repeat(N))),
        inside(format!("x = {}y", "&".repeat(N))),
        inside(format!("x = {}y", "|a| ".repeat(N))),
        inside(format!("{}{}", "{".repeat(N), "}".repeat(N))),
        inside(format!("{}{}", "if a {".repeat(N), "}".repeat(N))),
        inside(format!("let x = {}1{}", "if a {".repeat(N), "} else { 2 }".repeat(N))),
        inside(format!("{} {{}}", vec!["if a {}"; N].join(" else "))),
        inside(format!("let x = {} {{ 1 }}", vec!["if a { 2 }"; N].join(" else "))),
        inside(format!("{}{}", "match a { _ => ".repeat(N), "}".repeat(N))),
        inside(format!("let x = {}1{}", "match a { _ => ".repeat(N), "}".repeat(N))),
        inside(format!("if let A = b {} {{}}", "&& let C = d ".repeat(N))),
        inside(format!("{}{}", "async {".repeat(N), "}".repeat(N))),
        inside(format!("x = {}1{}", "m!(".repeat(N), ")".repeat(N))),
        inside(format!("x = json!({}1{})", "{\"a\": ".repeat(N), "}".repeat(N))),
        inside(format!("{}{}", "select! { a = b => ".repeat(N), "}".repeat(N))),
        inside(format!("let {}a{} = b", "(".repeat(N), ",)".repeat(N))),
        inside(format!("let {}a{} = b", "Some(".repeat(N), ")".repeat(N))),
        inside(format!("match a {{ {} => 1 }}", vec!["B"; N].join(" | "))),
        format!("use {}a{};\n", "a::{".repeat(N), "}".repeat(N)),
        format!("type T = {}u8{};\n", "Vec<".repeat(N), ">".repeat(N)),
        format!("type T = {}u8;\n", "&".repeat(N)),
        format!("{}{}", "mod a {".repeat(N), "}".repeat(N)),
        format!("{}{}", "fn a() {".repeat(N), "}".repeat(N)),
        format!("#[a{}{}]\nfn f() {{}}\n", "(b".repeat(N), ")".repeat(N)),
    ];
    let run = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        for source in deep {
            let tree = lower(Language::Rust, source.as_bytes());
            assert_eq!(tree.total_bytes as usize, source.len());
            assert!(!print(&tree).is_empty());
        }
    });
    run.expect("a thread").join().expect("no panic and no overflow");
}
