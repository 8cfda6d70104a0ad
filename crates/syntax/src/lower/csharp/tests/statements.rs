//! Statements and whole programs.

use super::{cs, outline};
use crate::{FunctionKind, print};

#[test]
fn programs_without_a_class() {
    let tree = cs(
        "var app = WebApplication.Create(args);\napp.MapPost(\"/x\", async (Order o, [FromServices] IBus bus) => { await bus.Publish<Order>(o); return Results.Ok(); });\nstatic int Twice(int n) => n * 2;\nusing var c = Open();\nc.Run();\npublic partial class Program { }",
    );
    assert_eq!(tree.broken_bytes, 0);
    let text = print(&tree);
    for expected in [
        "   2  app.MapPost(\"/x\", lambda #1)",
        "   2    #1 async lambda (o: Order, @FromServices bus: IBus)",
        "   2      await bus.Publish<Order>(o)",
        "   3  static function Twice(n: int) -> int",
        "   4    let c = Open()",
        "   5    c.Run()",
        "   6  export class Program",
    ] {
        assert!(text.lines().any(|line| line == expected), "{expected} in\n{text}");
    }
    assert_eq!(tree.functions[1].kind, FunctionKind::Function);
}

#[test]
fn switches_with_patterns_and_guards() {
    assert_eq!(
        outline(
            "switch (k) { case \"a\": case \"b\": f(); break; case Order { Total: > 5 } o when o.Ok: g(o); break; case null: default: h(); break; }\nvar v = m.Kind switch { A or B => 1, Placed p when p.Ok => p.Id, { X: 1 } => 2, not null => 3, _ => throw new E() };\nvar w = (a, b) switch { (1, true) => \"x\", _ => \"y\" };"
        ),
        [
            "switch k",
            "case \"a\", \"b\"",
            "  f()",
            "  break",
            "case typeof Order",
            "  let o: Order = k",
            "  if o.Ok",
            "    g(o)",
            "    break",
            "default",
            "  h()",
            "  break",
            "let v = block #1",
            "  #1 block",
            "    let $switch@2:9 = m.Kind",
            "    match $switch@2:9 { A, B => 1; typeof Placed, p.Ok => block #2; { X: 1 } => 2; not null => 3; default => block #3 }",
            "      #2 block",
            "        let p: Placed = $switch@2:9",
            "        p.Id",
            "      #3 block",
            "        throw new E()",
            "let w = match [a, b] { [1, true] => \"x\"; default => \"y\" }",
        ]
    );
}

#[test]
fn loops_jumps_and_locks() {
    assert_eq!(
        outline(
            "for (int i = 0, j = 9; i < j; i++, j--) f();\nforeach (var (k, (v, _)) in map) { continue; }\nawait foreach (Order o in s.Read(ct)) { break; }\nwhile (q.TryDequeue(out Order m)) { }\ndo { x--; } while (x > 0);\nfor (;;) { goto L; }\nL: lock (gate) g();\nif (a) { } else if (b) h(); else { }"
        ),
        [
            "let i: int = 0",
            "let j: int = 9",
            "loop while (i < j)",
            "  f()",
            "  ++i",
            "  --j",
            "for [k, [v, _]] in map",
            "  continue",
            "for o in s.Read(ct)",
            "  let o: Order",
            "  break",
            "loop while q.TryDequeue(block #1)",
            "  #1 block",
            "    let m: Order",
            "    m",
            "loop while (x > 0)",
            "  --x",
            "loop",
            "  ?(L)",
            "using",
            "  gate",
            "do",
            "  g()",
            "if a",
            "else",
            "  if b",
            "    h()",
        ]
    );
}

#[test]
fn what_is_used_is_held_for_the_rest_of_the_block() {
    assert_eq!(
        outline(
            "a();\nusing var x = f();\nawait using var y = g(x);\nb();\nusing Z z = new();\nc();\nusing (var s = S()) using (T()) d();"
        ),
        [
            "a()",
            "using",
            "  let x = f()",
            "  let y = g(x)",
            "do",
            "  b()",
            "  using",
            "    let z: Z = new Z()",
            "  do",
            "    c()",
            "    using",
            "      let s = S()",
            "    do",
            "      using",
            "        T()",
            "      do",
            "        d()",
        ]
    );
}

#[test]
fn failures() {
    assert_eq!(
        outline(
            "try { f(); } catch (IoException e) when (e.Code == 1) { g(); } catch (E) { throw; } catch { } finally { h(); }\nvar x = y ?? throw new E(\"m\");\nFunc<int> z = () => throw new E();"
        ),
        [
            "try",
            "  f()",
            "catch e: IoException",
            "  if (e.Code == 1)",
            "    g()",
            "  else",
            "    throw",
            "catch: E",
            "  throw",
            "catch",
            "finally",
            "  h()",
            "let x = (y ?? block #1)",
            "  #1 block",
            "    throw new E(\"m\")",
            "let z: Func<int> = lambda #2",
            "  #2 lambda ()",
            "    throw new E()",
        ]
    );
}

#[test]
fn tuples_are_taken_apart() {
    assert_eq!(
        outline(
            "var (a, _) = f();\n(b, var c, int d) = g();\n(this.X, _) = (1, h());\n_ = i();\n(string j, var k) = l();"
        ),
        [
            "let [a, _] = f()",
            "let [$tuple@2:2, c, d] = g()",
            "b = $tuple@2:2",
            "this.X = 1",
            "h()",
            "i()",
            "let [j, k] = l()",
        ]
    );
}
