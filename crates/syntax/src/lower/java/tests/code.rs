//! Statements and expressions.

use super::{body, java};
use crate::Expr;

#[test]
fn literals_strings_and_concatenations() {
    assert_eq!(
        body(
            "var a = \"x\\n\\u0041\\u0042\\101\\ud83d\\ude00\\t\\\"\\s|\";\nvar b = \"\"\"\n    {\n      \"id\": \\\"%s\\\" \\\n      end\n    }\n    \"\"\";\nString c = prefix + '.' + name + '\\'';\nlong d = 0x1FL + 1_000 + 1.5e3f;\nvar e = x == null ? true : false;\nClass<?> g = Order.class;\nvar h = a.b.C[].class;\nvar i = STR.\"a\\{b}c\";"
        ),
        [
            "let a = \"x\\nABA😀\\t\\\" |\"",
            "let b = \"{\\n  \\\"id\\\": \\\"%s\\\"   end\\n}\\n\"",
            "let c: String = (((prefix + \".\") + name) + \"\\'\")",
            "let d: long = ((0x1FL + 1_000) + 1.5e3f)",
            "let e = ((x == null) ? true : false)",
            "let g: Class<?> = typeof Order",
            "let h = typeof [a.b.C]",
            "let i = `a${b}c`",
        ]
    );
}

#[test]
fn calls_constructions_and_arrays() {
    assert_eq!(
        body(
            "client.<Order>send(a, b[0]).get();\nbar();\nsuper.close();\nBase.super.hello();\nthis.x = A.this.y;\nvar a = new HashMap<String, List<Order>>();\nvar b = new a.b.C<>(1);\nvar c = outer.new Inner(2);\nvar d = new int[n][2];\nvar e = new String[][] {{\"a\"}, {}};\nfinal Order f = (Order & Paid) g, h[] = {f};\nx += y = 1;\ni++; --j; boolean k = !ok & ~m;"
        ),
        [
            "client.send<Order>(a, b[0]).get()",
            "bar()",
            "super.close()",
            "super.hello()",
            "this.x = A.this.y",
            "let a = new HashMap<String, List<Order>>()",
            "let b = new a.b.C(1)",
            "let c = new outer.Inner(2)",
            "let d = cast(?(n, 2) as [[int]])",
            "let e = [[\"a\"], []]",
            "const f: Order = cast(g as Order)",
            "const h: [Order] = [f]",
            "x += y = 1",
            "++i",
            "--j",
            "let k: boolean = (!ok & ~m)",
        ]
    );
}

#[test]
fn lambdas_and_method_references() {
    assert_eq!(
        body(
            "run(() -> go());\nmap(x -> x.y, (a, _) -> a, (final Order o, int... n) -> { send(o); });\nuse(this::on, Orders::on, a.b.Orders::on, super::on, x.y()::on, List<String>::size);\nmake(Order::new, a.b.Box<String>::new, int[]::new);"
        ),
        [
            "run(() => go())",
            "map((x) => x.y, (a, _) => a, lambda #1)",
            "  #1 lambda (o: Order, ...n: [int])",
            "    send(o)",
            "use(this.on, Orders.on, a.b.Orders.on, super.on, x.y().on, List.size)",
            "make((...$arguments) => new Order(...$arguments), (...$arguments) => new a.b.Box<String>(...$arguments), (...$arguments) => ?())",
        ]
    );
}

#[test]
fn switch_statements_test_values_and_types() {
    assert_eq!(
        body(
            "switch (kind) { case A: case B: a(); break; case C: { c(); } default: d(); }\nswitch (kind) { case A, B -> a(); case C -> { c(); } default -> throw e; }\nswitch (event) { case Placed p when p.ok() -> a(p); case Point(int x, Box(var y), _) -> b(x, y); case Paid _ -> c(); case null, default -> d(); }\nswitch (next()) { case Refused(String id, var why): use(id); }"
        )
        .into_iter()
        .map(|line| line.split('@').next().unwrap_or_default().to_owned())
        .collect::<Vec<_>>(),
        [
            "switch kind",
            "case A, B",
            "  a()",
            "  break",
            "case C",
            "  c()",
            "default",
            "  d()",
            "switch kind",
            "case A, B",
            "  a()",
            "case C",
            "  c()",
            "default",
            "  throw e",
            "switch event",
            "case typeof Placed",
            "  let p: Placed = event",
            "  if p.ok()",
            "    a(p)",
            "case typeof Point",
            "  let [x, [y], _]: Point = event",
            "  b(x, y)",
            "case typeof Paid",
            "  c()",
            "default",
            "  d()",
            "let $switch",
            "switch $switch",
            "case typeof Refused",
            "  let [id, why]: Refused = $switch",
            "  use(id)",
        ]
    );
}

#[test]
fn switch_expressions_have_values() {
    assert_eq!(
        body(
            "String topic = switch (kind) { case A, B -> \"ab\"; case C -> { log(); yield \"c\"; } case D -> { yield \"d\"; } default -> throw e; };\nreturn switch (n) { case 1: case 2: yield one(); default: yield 0; };\nf(switch (event) { case Placed p when p.ok() -> p.id(); case Paid _ -> 2; });"
        ),
        [
            "let topic: String = match kind { A, B => \"ab\"; C => block #1; D => \"d\"; default => block #2 }",
            "  #1 block",
            "    log()",
            "    \"c\"",
            "  #2 block",
            "    throw e",
            "return match n { 1, 2 => one(); default => 0 }",
            "f(match event { typeof Placed, p.ok() => block #3; typeof Paid => 2 })",
            "  #3 block",
            "    let p: Placed = event",
            "    p.id()",
        ]
    );
}

#[test]
fn instance_tests_bind() {
    assert_eq!(
        body(
            "if (x instanceof Order) a();\nif (!(x.y() instanceof final Order o)) return;\nboolean b = x instanceof Point(int p, _) && p > 0;"
        ),
        [
            "if (x instanceof typeof Order)",
            "  a()",
            "if !block #1",
            "  #1 block",
            "    let o: Order = x.y()",
            "    typeof Order",
            "  return",
            "let b: boolean = (block #2 && (p > 0))",
            "  #2 block",
            "    let [p, _]: Point = x",
            "    typeof Point",
        ]
    );
}

#[test]
fn loops_and_jumps() {
    assert_eq!(
        body(
            "for (int i = 0, n = 3; i < n; i++, n--) f();\nfor (i = 0; ; ) { break; }\nfor (Order order : orders()) { g(order); }\nfor (var _ : xs) h();\nfor (final var x : xs) { }\nouter: while (a) { continue outer; }\ndo { b(); } while (c);"
        ),
        [
            "let i: int = 0",
            "let n: int = 3",
            "loop while (i < n)",
            "  f()",
            "  ++i",
            "  --n",
            "i = 0",
            "loop",
            "  break",
            "for order in orders()",
            "  let order: Order",
            "  g(order)",
            "for _ in xs",
            "  h()",
            "for x in xs",
            "loop while a",
            "  continue",
            "loop while c",
            "  b()",
        ]
    );
}

#[test]
fn try_catches_closes_and_throws() {
    assert_eq!(
        body(
            "try { a(); } catch (IOException | a.b.E e) { throw new F(e); } catch (RuntimeException _) { } finally { b(); }\ntry (Connection c = open(); var s = c.make(); this.other) { c(); }\ntry (var d = open()) { } catch (E e) { f(); }\nsynchronized (lock()) { g(); }\nassert x() : y();\nif (a) b(); else if (c) d(); else { e(); }\n;{ h(); }"
        ),
        [
            "try",
            "  a()",
            "catch e: IOException | a.b.E",
            "  throw new F(e)",
            "catch: RuntimeException",
            "finally",
            "  b()",
            "using",
            "  const c: Connection = open()",
            "  const s = c.make()",
            "  this.other",
            "do",
            "  c()",
            "try",
            "  using",
            "    const d = open()",
            "  do",
            "catch e: E",
            "  f()",
            "using",
            "  lock()",
            "do",
            "  g()",
            "?(x(), y())",
            "if a",
            "  b()",
            "else",
            "  if c",
            "    d()",
            "  else",
            "    e()",
            "block",
            "  h()",
        ]
    );
}

#[test]
fn a_call_stands_on_the_line_of_its_method() {
    let tree = java("class A { void f() {\n b.make()\n  .topic(\"x\")\n  .send(\n   new\n   B());\n} }");
    let lines: Vec<u32> = tree
        .exprs
        .iter()
        .zip(&tree.expr_lines)
        .filter(|(expr, _)| matches!(expr, Expr::Call(_) | Expr::New(_)))
        .map(|(_, line)| *line)
        .collect();
    assert_eq!(lines, [2, 3, 6, 4]);
}
