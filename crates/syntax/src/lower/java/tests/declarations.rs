//! What a file declares.

use super::{assert_lines, java, outline};
use crate::{FunctionKind, Imported, TypeKind, print};

#[test]
fn packages_and_imports() {
    let tree = java(
        "@Generated package shop . orders;\nimport a.b.C;\nimport a.b.C.D;\nimport a.b.*;\nimport static a.b.C.TOPIC;\nimport static a.b.C.*;\nimport /* x */ Plain;",
    );
    assert_eq!(tree.namespace, "shop.orders");
    let imports: Vec<_> = tree
        .imports
        .iter()
        .map(|import| (import.module.as_str(), import.imported.clone(), import.local.as_str(), import.line))
        .collect();
    assert_eq!(
        imports,
        [
            ("a.b", Imported::Name("C".into()), "C", 2),
            ("a.b.C", Imported::Name("D".into()), "D", 3),
            ("a.b", Imported::All, "", 4),
            ("a.b.C", Imported::Name("TOPIC".into()), "TOPIC", 5),
            ("a.b.C", Imported::All, "", 6),
            ("", Imported::Name("Plain".into()), "Plain", 7),
        ]
    );
}

#[test]
fn classes_have_bases_fields_constructors_and_methods() {
    let tree = java(
        "@Service\npublic abstract class A<T extends X & Y, U> extends base.B<T> implements C, D<U> {\n public static final String TOPIC = \"t\", OTHER[] = {};\n @Inject @Named(\"k\") private Client client;\n static { go(); }\n { run(); }\n protected A(Client client) { super(client, 1); this.client = client; }\n private A() { this(null); }\n @Override\n public <R> List<? extends R> all(final @Payload R first, int[] sizes, String... rest) throws E { return null; }\n abstract void none();\n static synchronized int count()[] { return n; }\n}",
    );
    assert_eq!(tree.broken_bytes, 0);
    let class = &tree.types[0];
    assert_eq!((class.name.as_str(), class.kind, class.exported), ("A", TypeKind::Class, true));
    assert!(class.is_abstract);
    assert_eq!((class.line, class.end_line), (2, 13));
    assert_eq!(class.type_params, ["T", "U"]);
    assert_eq!(class.bases.iter().filter_map(|base| base.name()).collect::<Vec<_>>(), ["base.B", "C", "D"]);
    let lines: Vec<String> = print(&tree).lines().map(str::to_owned).collect();
    assert_lines(
        &lines,
        &[
            "   1  @Service",
            "   2  export abstract class A<T, U> : base.B<T>, C, D<U>",
            "   3    static field TOPIC: String = \"t\"",
            "   3    static field OTHER: [String] = []",
            "   4    field client: Client @Inject @Named(\"k\")",
            "   5    static field  = block #1",
            "   6    field  = block #2",
            "   7    A.constructor(client: Client)",
            "   7      super(client, 1)",
            "   7      this.client = client",
            "   8      this(null)",
            "   9    @Override",
            "  10    export method A.all<R>(@Payload first: R, sizes: [int], ...rest: [String]) -> List<R>",
            "  11    method A.none() -> void without body",
            "  12    static method A.count() -> [int]",
        ],
    );
    let members: Vec<_> = class.members.iter().map(|id| &tree.functions[id.0 as usize]).collect();
    assert_eq!(members[0].kind, FunctionKind::Constructor);
    assert_eq!(members.iter().filter(|member| member.exported).count(), 1);
}

#[test]
fn interfaces_are_public_and_their_fields_static() {
    assert_lines(
        &outline(
            "public interface Bus<E> extends A, B<E> {\n String TOPIC = \"t\";\n void send(E event);\n default void all(List<E> events) { events.forEach(this::send); }\n static Bus of() { return new Bus() { public void send(Object event) { } }; }\n private void hidden() { }\n enum Kind { X }\n}\nsealed interface S permits P, Q {}\nfinal class P implements S {}\nnon-sealed class Q implements S {}",
        ),
        &[
            "   1  export interface Bus<E> : A, B<E>",
            "   2    static field TOPIC: String = \"t\"",
            "   3    export method Bus.send(event: E) -> void without body",
            "   4    export method Bus.all(events: List<E>) -> void",
            "   4      events.forEach(this.send)",
            "   5    export static method Bus.of() -> Bus",
            "   5      return new class #1()",
            "   6    method Bus.hidden() -> void",
            "   7  export enum Bus.Kind",
            "   9  interface S",
            "  10  class P : S",
            "  11  class Q : S",
        ],
    );
}

#[test]
fn enums_have_arguments_and_bodies() {
    assert_eq!(
        outline(
            "enum Topic implements Named {\n @Deprecated PLACED(\"placed\", 1),\n PAID(\"paid\", 2) { @Override String full() { return \"x\"; } }, ;\n private final String name;\n Topic(String name, int n) { this.name = name; }\n String full() { return \"shop.\" + name; }\n}\nenum Plain { A, B }"
        ),
        [
            "   1  enum Topic : Named",
            "   2    variant PLACED(\"placed\", 1)",
            "   3    variant PAID(\"paid\", 2) = class #1",
            "   3      #1 class  : Topic",
            "   3        @Override",
            "   3        method .full() -> String",
            "   3          return \"x\"",
            "   4    field name: String",
            "   5    Topic.constructor(name: String, n: int)",
            "   5      this.name = name",
            "   6    method Topic.full() -> String",
            "   6      return (\"shop.\" + name)",
            "   8  enum Plain",
            "   8    variant A",
            "   8    variant B",
        ]
    );
}

#[test]
fn records_have_a_constructor_and_accessors() {
    assert_eq!(
        outline(
            "public record Placed<T>(@NotNull String id, List<T> items) implements Event {\n Placed { check(id); }\n Placed(String id) { this(id, List.of()); }\n public String id() { return id; }\n}\nrecord Point(int x) {\n Point(int x) { this.x = x; }\n}\nrecord Empty() {}"
        ),
        [
            "   1  export class Placed<T> : Event",
            "   2    Placed.constructor(@NotNull field id: String, field items: List<T>)",
            "   2      check(id)",
            "   3    Placed.constructor(id: String)",
            "   3      this(id, List.of())",
            "   4    export method Placed.id() -> String",
            "   4      return id",
            "   1    export method Placed.items() -> List<T>",
            "   1      return this.items",
            "   6  class Point",
            "   7    Point.constructor(field x: int)",
            "   7      this.x = x",
            "   6    export method Point.x() -> int",
            "   6      return this.x",
            "   9  class Empty",
            "   9    Empty.constructor()",
        ]
    );
}

#[test]
fn annotations_have_positional_named_and_nested_arguments() {
    assert_lines(
        &outline(
            "@A @B() @C(\"x\") @D({\"a\", T.B})\n@E(topics = {\"a\", \"b\"}, groupId = \"g\" + 1, type = X.class)\n@F(@G(\"q\")) @H(value = @I(n = \"m\", keys = {@J, @J(2)}))\n@p.q.K\nclass A { @L(1) int a; void f(@M(\"h\") @N String b) {} }",
        ),
        &[
            "   1  @A",
            "   1  @B",
            "   1  @C(\"x\")",
            "   1  @D([\"a\", T.B])",
            "   2  @E(topics: [\"a\", \"b\"], groupId: (\"g\" + 1), type: typeof X)",
            "   3  @F({ value: \"q\" })",
            "   3  @H(value: { n: \"m\", keys: [{}, { value: 2 }] })",
            "   4  @p.q.K",
            "   5  class A",
            "   5    field a: int @L(1)",
            "   5    method A.f(@M(\"h\") @N b: String) -> void",
        ],
    );
}

#[test]
fn annotation_types_give_their_defaults() {
    assert_eq!(
        outline(
            "@Listener(id = \"x\")\n@interface OrdersListener {\n @AliasFor(attribute = \"topics\") String[] value() default {\"orders\"};\n Class<?> type();\n int MAX = 3;\n}"
        ),
        [
            "   1  @Listener(id: \"x\")",
            "   2  interface OrdersListener : java.lang.annotation.Annotation",
            "   5    static field MAX: int = 3",
            "   3    @AliasFor(attribute: \"topics\")",
            "   3    export method OrdersListener.value() -> [String]",
            "   3      return [\"orders\"]",
            "   4    export method OrdersListener.type() -> Class<?> without body",
        ]
    );
}

#[test]
fn nested_local_and_anonymous_classes() {
    assert_eq!(
        outline(
            "class A {\n static class B { class C {} }\n private interface D {}\n Runnable r = new Base<X>(1) {\n  int n = 2;\n  { go(); }\n  public void run() { use(n); }\n  class Inner {}\n };\n void f() {\n  class Local { void g() {} }\n  record Pair(int a) {}\n  new Local().g();\n }\n}"
        ),
        [
            "   1  class A",
            "   4    field r: Runnable = new class #1(1)",
            "   4      #1 class  : Base<X>",
            "   5        field n: int = 2",
            "   6        field  = block #2",
            "              #2 block",
            "   6            go()",
            "   4        field  = block #3",
            "              #3 block",
            "   8            class Inner",
            "   7        export method .run() -> void",
            "   7          use(n)",
            "  10    method A.f() -> void",
            "  11      class Local",
            "  11        method Local.g() -> void",
            "  12      class Pair",
            "  12        Pair.constructor(field a: int)",
            "  12        export method Pair.a() -> int",
            "  12          return this.a",
            "  13      (new Local()).g()",
            "   2  class A.B",
            "   2  class B.C",
            "   3  interface A.D",
        ]
    );
}

#[test]
fn a_file_may_be_a_program_without_a_class() {
    let tree = java("final String topic = \"t\";\nvoid main() { send(topic); }");
    assert_eq!(tree.broken_bytes, 0);
    assert_eq!((tree.body.len(), tree.functions[0].kind), (2, FunctionKind::Function));
    assert_eq!(tree.functions[0].owner, None);
}
