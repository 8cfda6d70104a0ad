//! The constructs that real C# uses, one by one.

use crate::{Export, ExportTarget, Expr, FunctionKind, Imported, Language, Stmt, Tree, TypeKind, lower, print};

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

/// The outline of the statements of a program.
fn body(source: &str) -> Vec<String> {
    outline(source)
}

#[test]
fn usings_and_aliases() {
    let tree = cs(
        "extern alias Old;\nglobal using Shop.Core;\nusing static Shop.Topics;\nusing Json = System.Text.Json;\nglobal using G = A.B;\nusing Pair = (string, int);\nusing global::X.Y;",
    );
    assert_eq!(tree.broken_bytes, 0);
    let imports: Vec<_> = tree
        .imports
        .iter()
        .map(|import| (import.module.as_str(), import.imported.clone(), import.local.as_str(), import.line))
        .collect();
    assert_eq!(
        imports,
        [
            ("Old", Imported::Module, "Old", 1),
            ("Shop.Core", Imported::All, "", 2),
            ("Shop.Topics", Imported::All, "", 3),
            ("System.Text.Json", Imported::Module, "Json", 4),
            ("A.B", Imported::Module, "G", 5),
            ("X.Y", Imported::All, "", 7),
        ]
    );
    // Global ones hold for the other files, too.
    let from = |module: &str| ExportTarget::From { module: module.into(), name: "*".into() };
    assert_eq!(
        tree.exports,
        [Export { name: "*".into(), target: from("Shop.Core") }, Export { name: "G".into(), target: from("A.B") }]
    );
    assert_eq!((tree.types[0].kind, tree.types[0].name.as_str()), (TypeKind::Alias, "Pair"));
}

#[test]
fn namespaces_of_either_form() {
    let tree = cs("namespace Shop.Orders;\nclass A { class B { enum C { X } } }");
    assert_eq!(tree.namespace, "Shop.Orders");
    let tree = cs(
        "namespace Shop { using X; namespace Orders { class A {} } namespace Orders.Web { class B {} } }\nnamespace Other { class D {} }",
    );
    assert_eq!((tree.namespace.as_str(), tree.imports.len()), ("Shop.Orders", 1));
    let owners: Vec<_> = tree.types.iter().map(|ty| (ty.name.as_str(), ty.owner.as_deref())).collect();
    assert_eq!(owners, [("A", None), ("B", Some("Web")), ("D", Some("Other"))]);
    assert_eq!(cs("namespace A;\n[assembly: X]").namespace, "A");
    assert_eq!(cs("var x = 1;").namespace, "");
}

#[test]
fn types_and_what_others_see_of_them() {
    assert_eq!(
        outline(
            "namespace N;\ninternal abstract class A<T> : B<T>, I.J where T : class, new() { class In {} public struct Out {} }\nfile class F {}\npublic interface I<in T> : J { void M(); private void P() {} }\nenum E : byte { A = 1, [Obsolete] B }\npublic delegate Task<R> D<R>(Order o, string[] s);\nreadonly ref struct S;\npublic partial class P { public int a; protected int b; internal void M() {} private protected void Q() {} }"
        ),
        [
            "export abstract class A<T> : B<T>, I.J",
            "class A.In",
            "export class A.Out",
            "class F",
            "export interface I<T> : J",
            "  export method I.M() -> void without body",
            "  method I.P() -> void",
            "export enum E : byte",
            "  variant A = 1",
            "  variant B",
            "export alias D<R> = (Order, [string]) => Task<R>",
            "export class S",
            "export class P",
            "  field a: int",
            "  field b: int",
            "  export method P.M() -> void",
            "  method P.Q() -> void",
        ]
    );
}

#[test]
fn primary_constructors_and_records_have_fields() {
    let source = "record Placed([property: Json(\"id\")] Guid Id, string? Note = null) : Event(Id), IEvent;\nclass Handler(IBus bus, params string[] topics) : Base<Placed>(bus, name: \"h\") { void M() => bus.Send(1); }\nreadonly record struct P(int X);";
    assert_eq!(
        outline(source),
        [
            "export class Placed : Event, IEvent (Id)",
            "  export Placed.constructor(@Json(\"id\") field Id: Guid, field Note: string | null = null)",
            "export class Handler : Base<Placed> (bus, name: \"h\")",
            "  export Handler.constructor(field bus: IBus, field ...topics: [string])",
            "  method Handler.M() -> void",
            "    return bus.Send(1)",
            "export class P",
            "  export P.constructor(field X: int)",
        ]
    );
}

#[test]
fn constructors_call_others_first() {
    assert_eq!(
        members(
            "public C(IBus bus) : base(bus.Name, x: 1) { _bus = bus; }\ninternal C() : this(null) {}\nC(int a, int b) => (A, B) = (a, b);\nstatic C() { Init(); }\n~C() => Free();"
        ),
        [
            "static field  = block #1",
            "  #1 block",
            "    Init()",
            "export C.constructor(bus: IBus)",
            "  super(bus.Name, x: 1)",
            "  _bus = bus",
            "export C.constructor()",
            "  this(null)",
            "C.constructor(a: int, b: int)",
            "  A = a",
            "  B = b",
            "method C.~C()",
            "  return Free()",
        ]
    );
}

#[test]
fn fields_and_properties() {
    assert_eq!(
        members(
            "public const string A = \"a\", B = \"b\";\nprivate static readonly string[] Xs = { \"x\" };\n[Json(\"n\")] public required string? Name { get; init; } = \"n\";\npublic abstract int Size { get; }\npublic static string Topic => $\"t.{A}\";\n[J] public int N { get => n; private set { n = value; } }\nint Semi { get; set => field = value; }"
        ),
        [
            "static field A: string = \"a\"",
            "static field B: string = \"b\"",
            "static field Xs: [string] = [\"x\"]",
            "field Name?: string | null = \"n\" @Json(\"n\")",
            "abstract field Size: int",
            "field Semi: int",
            "export static getter C.Topic() -> string",
            "  return `t.${A}`",
            "@J",
            "export getter C.N() -> int",
            "  return n",
            "setter C.N(value: int)",
            "  n = value",
            "setter C.Semi(value: int)",
            "  return field = value",
        ]
    );
}

#[test]
fn events_indexers_and_operators() {
    assert_eq!(
        members(
            "public event EventHandler<Placed>? Placed;\nevent Action E { add { A(value); } remove => B(); }\npublic T this[int i, string k] { get => xs[i, k]; set { xs[i] = value; } }\npublic static C operator +(C a, C b) => a;\npublic static implicit operator string(C c) => c.Name;\nvoid IFoo.Bar() {}\nint IFoo<T>.Q => 1;"
        ),
        [
            "field Placed?: EventHandler<Placed> | null",
            "field E: Action",
            "method C.add_E(value: Action)",
            "  A(value)",
            "method C.remove_E(value: Action)",
            "  return B()",
            "export getter C.Item(i: int, k: string) -> T",
            "  return xs[[i, k]]",
            "export setter C.Item(i: int, k: string, value: T)",
            "  xs[i] = value",
            "export static method C.operator +(a: C, b: C) -> C",
            "  return a",
            "export static method C.operator string(c: C) -> string",
            "  return c.Name",
            "export method C.Bar() -> void implements IFoo",
            "export getter C.Q() -> int implements IFoo<T>",
            "  return 1",
        ]
    );
}

#[test]
fn methods_and_extensions() {
    let source = "static class X {\npublic static async Task<int> Run<T, U>(this IBus<T> bus, in U key, CancellationToken ct = default, params object?[] rest) where T : IEvent => await bus.Go(key);\ninternal static string Last(this string[] xs, out int at) { at = 0; return xs[^1]; }\nextern static void Native(ref int* p);\n}";
    assert_eq!(
        outline(source)[1..],
        [
            "  export async method IBus.Run<T, U>(key: U, ct: CancellationToken = null, ...rest: [object | null]) -> Task<int> on bus",
            "    return await bus.Go(key)",
            "  export method Array.Last(at: int) -> string on xs",
            "    at = 0",
            "    return xs[^1]",
            "  static method X.Native(p: int) -> void without body",
        ]
    );
    // The static class still declares them.
    assert_eq!(cs(source).types[0].members.len(), 3);
}

#[test]
fn attributes_with_targets_types_and_names() {
    let tree = cs(
        "[assembly: Startup(typeof(S))]\n[ApiController, Route(\"o\", Name = \"n\")]\nclass C {\n[HttpPost(\"x\")]\n[return: Ns.Queue<Placed>(\"q\")]\npublic void M([FromBody] B b, [Q(name: \"c\")] params int[] r) {}\n}",
    );
    assert_eq!(tree.broken_bytes, 0);
    let names = |all: &[crate::Annotation]| all.iter().map(|a| (a.name.to_string(), a.line)).collect::<Vec<_>>();
    assert_eq!(names(&tree.types[0].annotations), [("ApiController".to_owned(), 2), ("Route".to_owned(), 2)]);
    assert_eq!(tree.types[0].annotations[1].args[1].name.as_deref(), Some("Name"));
    let method = &tree.functions[0];
    assert_eq!(names(&method.annotations), [("HttpPost".to_owned(), 4), ("Ns.Queue".to_owned(), 5)]);
    assert_eq!(method.annotations[1].type_args[0].name(), Some("Placed"));
    // The function itself stands on the line of its name, not of its attributes.
    assert_eq!((tree.types[0].line, method.line), (3, 6));
    assert_eq!(method.params[0].annotations[0].name, "FromBody");
    assert_eq!((method.params[1].annotations[0].name.as_str(), method.params[1].rest), ("Q", true));
    assert!(print(&tree).contains("new Startup(typeof S)"));
}

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
fn objects_and_collections_that_are_made() {
    assert_eq!(
        body(
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
        body(
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
        body(
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
        body(
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
fn switches_with_patterns_and_guards() {
    assert_eq!(
        body(
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
        body(
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
        body(
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
        body(
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
fn lambdas_and_local_functions() {
    assert_eq!(
        body(
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
fn tuples_are_taken_apart() {
    assert_eq!(
        body(
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

#[test]
fn queries_bind_what_they_walk_over() {
    assert_eq!(
        body(
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
fn both_branches_of_directives_are_there() {
    assert_eq!(
        outline(
            "#define X\n#if A\nusing P;\n#elif B\nusing Q;\n#else\nusing R;\n#endif\n#region r\nclass C {\n#if A\n  int a;\n#else\n  void M() {\n#pragma warning disable 1\n    f();\n#if B\n    g();\n#else\n    h();\n#endif\n  }\n#endif\n}\nenum E {\n#if A\n  X\n#endif\n}\n#endregion\n"
        ),
        [
            "import * from P",
            "import * from Q",
            "import * from R",
            "export class C",
            "  field a: int",
            "  method C.M() -> void",
            "    f()",
            "    g()",
            "    h()",
            "export enum E",
            "  variant X",
        ]
    );
}

#[test]
fn types_as_written() {
    let text = outline(
        "class C { void M(A.B<C, int?> a, string[][] b, (int X, string) c, dynamic d, ref readonly int e, Func<Task>? f, Outer<T>.Inner<U> g, delegate*<int, void> h, global::N.T i) { } }",
    );
    assert_eq!(
        text[1],
        "  method C.M(a: A.B<C, int | null>, b: [[string]], c: tuple<int, string>, d: dynamic, e: int, f: Func<Task> | null, g: Outer.Inner<T, U>, h: (int) => void, i: N.T) -> void"
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
