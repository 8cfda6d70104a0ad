//! What expressions of C# are lowered to, construct by construct.

use super::{cs, members, outline};
use crate::{Expr, Stmt, print};

#[test]
fn objects_and_collections_that_are_made() {
    assert_eq!(
        outline(
            "var a = new X(1, n: 2) { A = 1, B = { C = 2 }, D = { 1, 2 } };\nvar b = new Ns.Map<string, int> { [\"k\"] = 1, [K] = 2 };\nvar c = new Map { { \"k\", v }, { K, w } };\nvar d = new List<string>(9) { \"a\", \"b\" };\nvar e = new[] { 1 }; var f = new string[] { \"s\" }; var g = new int[3];\nT[] h = [a, .. b]; var i = new { A = 1, b.C, d, e?.F };\nvar j = o with { A = 1 }; var k = (1, Name: \"n\"); var l = new X { };"
        ),
        [
            "let a = new X(1, n: 2, { A: 1, B: { C: 2 }, D: [1, 2] })",
            "let b = new Ns.Map<string, int>({ k: 1, [K]: 2 })",
            "let c = new Map({ k: v, [K]: w })",
            "let d = new List<string>(9, [\"a\", \"b\"])",
            "let e = [1]",
            "let f = [\"s\"]",
            "let g = []",
            "let h: [T] = [a, ...b]",
            "let i = { A: 1, C: b.C, d: d, F: e.F }",
            "let j = { ...o, A: 1 }",
            "let k = [1, \"n\"]",
            "let l = new X()",
        ]
    );
}

#[test]
fn handlers_of_events_are_given_to_accessors() {
    assert_eq!(
        outline(
            "c.Received += OnMessage;\nc.Received += (s, e) => Take(e);\nc.Received += new Handler(this.OnMessage);\ntotal.Sum += amount; count += 1;"
        ),
        [
            "c.add_Received(OnMessage)",
            "c.add_Received((s, e) => Take(e))",
            "c.add_Received(this.OnMessage)",
            "total.Sum += amount",
            "count += 1"
        ]
    );
}

#[test]
fn a_method_that_is_called_by_its_name_is_called() {
    assert_eq!(
        outline(
            "GetType().GetMethod(\"Subscribe\", flags).MakeGenericMethod(t).Invoke(this, new object[] { a });\ntypeof(X).GetMethod(nameof(X.M)).MakeGenericMethod(typeof(Y)).Invoke(x, new object[] { });\nmethod.Invoke(x, null);"
        ),
        ["this.Subscribe<typeof t>(a)", "x.M<Y>()", "method.Invoke(x, null)"]
    );
}

#[test]
fn new_without_a_type_has_that_of_its_place() {
    assert_eq!(
        members(
            "Ns.Topic<K> A = new(\"a\") { P = 1 };\nTopic? B { get; } = new();\nTopic C2 => new(\"c\");\nasync Task<Topic> D() { if (x) return new(1); return y ?? (z ? new(2) : k switch { 1 => new(3), _ => null }); }\nTopic[] E = { new(4) }; List<Topic> F = [new(5)]; Dictionary<string, Topic> G = new() { [\"k\"] = new(6) };\nvoid H(Topic t = new()) { Topic u = new(7), v = (new(8)); f(new(9)); }"
        ),
        [
            "field A: Ns.Topic<K> = new Ns.Topic<K>(\"a\", { P: 1 })",
            "field B?: Topic | null = new Topic()",
            "field E: [Topic] = [new Topic(4)]",
            "field F: List<Topic> = [new Topic(5)]",
            "field G: Dictionary<string, Topic> = new Dictionary<string, Topic>({ k: new Topic(6) })",
            "getter C.C2() -> Topic",
            "  return new Topic(\"c\")",
            "async method C.D() -> Task<Topic>",
            "  if x",
            "    return new Topic(1)",
            "  return (y ?? (z ? new Topic(2) : match k { 1 => new Topic(3); default => null }))",
            "method C.H(t: Topic = new Topic()) -> void",
            "  let u: Topic = new Topic(7)",
            "  let v: Topic = new Topic(8)",
            "  f(new ?()(9))",
        ]
    );
}

#[test]
fn strings_of_all_kinds() {
    let source = r#####"var a = "x\n\u0041\x41\"é\0"; var b = @"c:\d""e"; var c = 'q'; var d = '\''; var e = "u"u8;
var f = """
    {
      "a": 1
    }
    """;
var g = """one "line" here""";
var h = $"a{{b}}\t{x:F2}{y,5}{(z ? "p" : "q")}"; var i = $@"c:\{x} ""q"" "; var j = @$"{x}";
var k = $$"""
    {"k": {{x}}}
      more
    """;
"#####;
    let tree = cs(source);
    assert_eq!(tree.broken_bytes, 0);
    let texts: Vec<&str> = tree
        .stmts
        .iter()
        .filter_map(|stmt| match stmt {
            Stmt::Let { value: Some(value), .. } => match &tree.exprs[value.0 as usize] {
                Expr::Text(text) => Some(text.as_str()),
                _ => None,
            },
            _ => None,
        })
        .collect();
    assert_eq!(texts, ["x\nAA\"é\0", "c:\\d\"e", "q", "'", "u", "{\n  \"a\": 1\n}", "one \"line\" here"]);
    let text = print(&tree);
    for expected in [
        "let h = `a{b}\\t${x}${y}${(z ? \"p\" : \"q\")}`",
        "let i = `c:\\\\${x} \\\"q\\\" `",
        "let j = `${x}`",
        "let k = `{\\\"k\\\": ${x}}\\n  more`",
    ] {
        assert!(text.lines().any(|line| line.ends_with(expected)), "{expected} in\n{text}");
    }
}

#[test]
fn names_types_and_casts() {
    assert_eq!(
        outline(
            "f(nameof(a.B.C), nameof(List<int>), nameof(x), typeof(A.B<C>), typeof(I<>), typeof(int[]));\ng((T)a, b as T?, c!, d is T, default, default(T), sizeof(int));\n@event.Raise<Placed>(@class: 1); string.Join(x); global::A.B.C(); Cache<K>.Get<V>();\nh(ref a, in b, out _); i ??= j; n += -1; k++; unchecked(l)++;"
        ),
        [
            "f(nameof C, nameof List, nameof x, typeof A.B<C>, typeof I, typeof [int])",
            "g(cast(a as T), cast(b as T | null), cast(c), (d is typeof T), null, null, ?())",
            "event.Raise<Placed>(class: 1)",
            "string.Join(x)",
            "A.B.C()",
            "Cache.Get<V>()",
            "h(a, b, _)",
            "i ??= j",
            "n += -1",
            "++k",
            "++l",
        ]
    );
}

#[test]
fn conditional_access_binds_closer_than_the_grammar_says() {
    assert_eq!(
        outline(
            "a?.B(1)?.C<T>(2)?[\"k\"].D();\nvar x = await a?.B(1);\nvar y = p == q?.r && !s?.t;\nvar z = (T)u?.v ?? w?.x.y;\nf(a?.b ? c : d?.e);"
        ),
        [
            "a.B?.(1).C?.<T>(2)[\"k\"].D()",
            "let x = await a.B?.(1)",
            "let y = ((p == q.r) && !s.t)",
            "let z = (cast(u.v as T) ?? w.x.y)",
            "f((a.b ? c : d.e))",
        ]
    );
}

#[test]
fn comparisons_with_patterns() {
    assert_eq!(
        outline(
            "var a = x is null || y is not null && z;\nvar b = x is null || y?.Z(1).W == 2;\nvar c = x is A.B && f();\nvar d = x is int or string; var e = x is > 3 and < 5 || y; var g = x is { A: 1, B.C: \"s\" }; var h = x is Foo;\nif (x is Order o && o.Ok) { }\nif (f() is not Order { Id: var id, Who: { Name: string n } } p) { }\nif (t is (1, var q)) { }\nif (l is [var first, .., 9]) { }"
        ),
        [
            "let a = ((x == null) || ((y != null) && z))",
            "let b = (((x == null) || y.Z?.(1).W) == 2)",
            "let c = ((x is A.B) && f())",
            "let d = (x is ?(typeof int, typeof string))",
            "let e = ((x is (>3 && <5)) || y)",
            "let g = (x is { A: 1, B.C: \"s\" })",
            "let h = (x is typeof Foo)",
            "if (block #1 && o.Ok)",
            "  #1 block",
            "    let o: Order = x",
            "    (o is typeof Order)",
            "if block #2",
            "  #2 block",
            "    let $is@6:5 = f()",
            "    let p: Order = $is@6:5",
            "    let { Id: id, Who: { Name: n } } = $is@6:5",
            "    ($is@6:5 is not typeof Order)",
            "if block #3",
            "  #3 block",
            "    let [_, q] = t",
            "    (t is [1, ?()])",
            "if block #4",
            "  #4 block",
            "    let [first, _, _] = l",
            "    (l is [?(), ?(), 9])",
        ]
    );
}

#[test]
fn lambdas_and_local_functions() {
    assert_eq!(
        outline(
            "f(x => x.Y, (a, _) => a, static async (int a, string b = \"d\") => await g(a));\nh(delegate (int q) { return q; }, delegate { });\nvar l = [A] int (ref int z) => z;\nasync IAsyncEnumerable<int> Gen<T>(T t) { yield return 1; yield break; }"
        ),
        [
            "f((x) => x.Y, (a, _) => a, async (a: int, b: string = \"d\") => await g(a))",
            "h((q: int) => q, lambda #1)",
            "  #1 lambda ()",
            "let l = lambda #2",
            "  @A",
            "  #2 lambda (z: int) -> int",
            "    return z",
            "async function Gen<T>(t: T) -> IAsyncEnumerable<int>",
            "  ?(1)",
            "  return",
        ]
    );
}

#[test]
fn queries_bind_what_they_walk_over() {
    assert_eq!(
        outline(
            "var q = from Order o in orders\njoin c in customers on o.C equals c.Id into g\nwhere o.Paid\nlet t = f(o)\norderby t descending, o.Id\nselect new { o.Id } into z\ngroup z by z.Id;"
        ),
        [
            "let q = block #1",
            "  #1 block",
            "    for o in orders",
            "      let o: Order",
            "      for c in customers",
            "        ?(o.C, c.Id)",
            "        let g",
            "        if o.Paid",
            "          let t = f(o)",
            "          ?(t, o.Id)",
            "          { Id: o.Id }",
            "          let z",
            "          ?(z, z.Id)",
        ]
    );
}

#[test]
fn a_call_stands_on_the_line_of_its_method() {
    let tree = cs("b.New()\n  .Topic(\"x\")\n  ?.Send(1);");
    let lines: Vec<u32> = tree
        .exprs
        .iter()
        .zip(&tree.expr_lines)
        .filter(|(expr, _)| matches!(expr, Expr::Call(_)))
        .map(|(_, line)| *line)
        .collect();
    assert_eq!(lines, [1, 2, 3]);
}

#[test]
fn a_method_is_looked_up_in_several_steps() {
    assert_eq!(
        outline(
            "var m = typeof(X).GetMethod(nameof(X.M));\nvar g = m!.MakeGenericMethod(t);\ng.Invoke(x, null);\ntypeof(X).GetMethods().First(m => m.IsGenericMethod && m.Name == \"N\").MakeGenericMethod(t).Invoke(x, new object[] { a });"
        ),
        [
            "let m = typeof X.GetMethod(nameof M)",
            "let g = cast(m).MakeGenericMethod(t)",
            "x.M<typeof t>()",
            "x.N<typeof t>(a)",
            "lambda (m)",
            "  return (m.IsGenericMethod && (m.Name == \"N\"))"
        ]
    );
}

#[test]
fn a_method_that_a_sequence_is_given_is_called() {
    assert_eq!(
        outline("all.ForEach(bus.Publish);\nall.Select(Map);\nall.Select(map);\nall.Other(bus.Publish);"),
        [
            "all.ForEach((...$arguments) => bus.Publish(...$arguments))",
            "all.Select((...$arguments) => Map(...$arguments))",
            "all.Select(map)",
            "all.Other(bus.Publish)"
        ]
    );
}
