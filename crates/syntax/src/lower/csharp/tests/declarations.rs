//! Usings, namespaces, types and their members.

use super::{cs, members, outline};
use crate::{Export, ExportTarget, Imported, TypeKind, print};

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
    assert_eq!(tree.namespace, "Shop.Orders");
    // Inside a namespace a name may be short of it.
    let modules: Vec<_> = tree.imports.iter().map(|import| import.module.as_str()).collect();
    assert_eq!(modules, ["Shop.X", "X"]);
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
