//! The constructs that real Go uses, one by one.

use crate::{Language, Tree, TypeKind, lower, print};

fn go(source: &str) -> Tree {
    lower(Language::Go, source.as_bytes())
}

/// The outline of the body of one function, without line numbers and indentation of the function.
fn body(source: &str) -> Vec<String> {
    let tree = go(&format!("package p\nfunc f() {{\n{source}\n}}\n"));
    assert_eq!(tree.broken_bytes, 0, "{source}");
    let text = print(&tree);
    text.lines().skip(2).map(|line| line.get(8..).unwrap_or_default().to_owned()).collect()
}

#[test]
fn packages_and_imports() {
    let tree = go(
        "package orders\nimport \"fmt\"\nimport (\n k \"a.com/x/y-go\"\n . \"a.com/dot\"\n _ \"a.com/side\"\n \"a.com/z/v2\"\n)\n",
    );
    assert_eq!(tree.namespace, "orders");
    let text = print(&tree);
    for expected in [
        "   2  import fmt as fmt",
        "   4  import a.com/x/y-go as k",
        "   5  import * from a.com/dot",
        "   6  import a.com/side",
        "   7  import a.com/z/v2 as z",
    ] {
        assert!(text.lines().any(|line| line == expected), "{expected} in\n{text}");
    }
}

#[test]
fn structs_have_tags_and_embed_their_bases() {
    let tree = go(
        "package p\ntype Order[T any] struct {\n *Base\n bus.Writer\n ID, Ref string `json:\"id,omitempty\" db:\"order_id\"`\n next *Order[T]\n}",
    );
    let ty = &tree.types[0];
    assert_eq!((ty.kind, ty.exported, ty.type_params[0].as_str()), (TypeKind::Class, true, "T"));
    assert_eq!(ty.bases.iter().filter_map(|base| base.name()).collect::<Vec<_>>(), ["Base", "bus.Writer"]);
    let names: Vec<_> = ty.fields.iter().map(|field| field.name.as_str()).collect();
    assert_eq!(names, ["Base", "Writer", "ID", "Ref", "next"]);
    assert_eq!(ty.fields[2].annotations.iter().map(|tag| tag.name.as_str()).collect::<Vec<_>>(), ["json", "db"]);
}

#[test]
fn interfaces_methods_and_named_types() {
    let text = print(&go(
        "package p\ntype Bus interface {\n io.Closer\n Publish(ctx context.Context, topic string, body ...[]byte) (int, error)\n}\ntype Topic string\ntype Handler func(Event) error\ntype A = B\nfunc (s *Service[T]) Run(a, b int, c func()) (n int, err error) { return }\nfunc (Service) ping() {}\nfunc Map[K comparable, V any](m map[K]V) []V { return nil }",
    ));
    for expected in [
        "   2  export interface Bus : io.Closer",
        "   4    export method Bus.Publish(ctx: context.Context, topic: string, ...body: [[byte]]) -> tuple<int, error> without body",
        "   6  export alias Topic = string",
        "   7  export alias Handler = (Event) => error",
        "   8  export alias A = B",
        "   9  export method Service.Run(a: int, b: int, c: () => nothing) -> tuple<int, error> on s",
        "   9    return [n, err]",
        "  10  method Service.ping()",
        "  11  export function Map<K, V>(m: map<K, V>) -> [V]",
    ] {
        assert!(text.lines().any(|line| line == expected), "{expected} in\n{text}");
    }
}

#[test]
fn constants_repeat_with_the_next_iota() {
    let text = print(&go(
        "package p\nconst Topic = \"orders\"\nconst (\n A Kind = iota + 1\n B\n _\n C\n)\nconst x, y = \"a\", `b\\n`",
    ));
    for expected in [
        "   2  export const Topic = \"orders\"",
        "   4  export const A: Kind = (0 + 1)",
        "   5  export const B: Kind = (1 + 1)",
        "   7  export const C: Kind = (3 + 1)",
        "   9  const x = \"a\"",
        "   9  const y = \"b\\\\n\"",
    ] {
        assert!(text.lines().any(|line| line == expected), "{expected} in\n{text}");
    }
}

#[test]
fn literals_are_constructions_lists_and_objects() {
    assert_eq!(
        body(
            "w := &bus.Writer{Addr: a, Topic: \"t\"}\nms := []*bus.Message{{Key: k}, {Key: l}}\nm := map[string][]T{\"a\": {{X: 1}}, K: nil}\np := Point{1, 2}\nx := struct{ A int }{A: 1}\ng := Box[int]{V: 1}\nt := []string{0: \"a\"}"
        ),
        [
            "let w = cast(new bus.Writer({ Addr: a, Topic: \"t\" }))",
            "let ms = [new bus.Message({ Key: k }), new bus.Message({ Key: l })]",
            "let m = { a: [new T({ X: 1 })], [K]: null }",
            "let p = new Point(1, 2)",
            "let x = { A: 1 }",
            "let g = new Box<int>({ V: 1 })",
            "let t = [\"a\"]",
        ]
    );
}

#[test]
fn several_values_and_look_ups() {
    assert_eq!(
        body(
            "a, err := f()\nv, ok := m[k]\nt, ok := x.(T)\nb, c := 1, 2\ns.conn, err = dial()\n_, err = g()\nx.y, ok = <-ch\n_ = z\nn += 1"
        )
        .iter()
        .map(|line| line.split('@').next().unwrap_or_default().to_owned())
        .collect::<Vec<_>>(),
        [
            "let [a, err] = f()",
            "let v = m[k]",
            "let ok",
            "let t = cast(x as T)",
            "let ok",
            "let b = 1",
            "let c = 2",
            "let [$0",
            "s.conn = $0",
            "err = $1",
            "let [_, $1",
            "err = $1",
            "x.y = <-ch",
            "z",
            "n += 1",
        ]
    );
}

#[test]
fn conversions_generics_and_allocations() {
    assert_eq!(
        body(
            "a := []byte(\"x\")\nb := string(a)\nc := new(T)\nd := make(chan Event, 8)\ne := Publish[OrderPlaced](ctx, xs...)\nh := s.Handle\ni := *p\nk := (*T)(nil)\nj := xs[1:n]\nfor range 3 {}"
        ),
        [
            "let a = cast(\"x\" as [byte])",
            "let b = cast(a as string)",
            "let c = new T()",
            "let d = make<chan<Event>>(8)",
            "let e = Publish<OrderPlaced>(ctx, ...xs)",
            "let h = s.Handle",
            "let i = cast(p)",
            "let k = cast(null as T)",
            "let j = xs[...?(1, n)]",
            "for 3",
        ]
    );
}

#[test]
fn channels_select_and_goroutines() {
    assert_eq!(
        body(
            "go func(id int) { work(id) }(1)\ndefer close(ch)\nch <- v\nselect {\ncase m, ok := <-in:\n use(m)\ncase <-ctx.Done():\n return\ncase out <- v:\ncase s.last = <-in:\ndefault:\n idle()\n}"
        ),
        [
            "spawn lambda #1(1)",
            "  #1 lambda (id: int)",
            "    work(id)",
            "defer close(ch)",
            "ch <- v",
            "switch",
            "case block #2",
            "  #2 block",
            "    let m = <-in",
            "    let ok",
            "  use(m)",
            "case <-ctx.Done()",
            "  return",
            "case block #3",
            "  #3 block",
            "    out <- v",
            "case block #4",
            "  #4 block",
            "    s.last = <-in",
            "default",
            "  idle()",
        ]
    );
}

#[test]
fn switches_loops_and_conditions() {
    assert_eq!(
        body(
            "switch e := ev.(type) {\ncase *A, B:\n x(e)\ncase C:\n y(e)\ndefault:\n z()\n}\nswitch k := f(); k {\ncase 1:\n fallthrough\ncase 2, 3:\n g()\ndefault:\n}\nfor i, t := range topics { h(t) }\nfor m := range ch {}\nfor i := 0; i < 3; i++ { j() }\nfor ok { break }\nfor {}\nif err := f(); err != nil { return } else if x { a() } else { b() }\nL: for { continue L }"
        ),
        [
            "let e = ev",
            "switch e",
            "case typeof A, typeof B",
            "  x(e)",
            "case typeof C",
            "  let e: C",
            "  y(e)",
            "default",
            "  z()",
            "let k = f()",
            "switch k",
            "case 1, 2, 3",
            "  g()",
            "default",
            "for [i, t] in topics",
            "  h(t)",
            "for m in ch",
            "let i = 0",
            "loop while (i < 3)",
            "  j()",
            "  ++i",
            "loop while ok",
            "  break",
            "loop",
            "let err = f()",
            "if (err != null)",
            "  return",
            "else",
            "  if x",
            "    a()",
            "  else",
            "    b()",
            "loop",
            "  continue",
        ]
    );
}

#[test]
fn a_call_stands_on_the_line_of_its_method() {
    let text = print(&go("package p\nfunc f() {\n b.New().\n  Topic(\"x\").\n  Send(\"a\\tb\\u00e9\\x41\")\n}"));
    assert!(text.contains("b.New().Topic(\"x\").Send(\"a\\tbéA\")"), "{text}");
    let tree = go("package p\nfunc f() {\n b.New().\n  Topic(\"x\").\n  Send(1)\n}");
    let lines: Vec<u32> = tree
        .exprs
        .iter()
        .zip(&tree.expr_lines)
        .filter(|(expr, _)| matches!(expr, crate::Expr::Call(_)))
        .map(|(_, line)| *line)
        .collect();
    assert_eq!(lines, [3, 4, 5]);
}

#[test]
fn a_syntax_error_costs_only_itself() {
    let tree = go(
        "package p\nimport \"fmt\"\nfunc a() { fmt.Println(1) }\nfunc b( { x := := }\nfunc c() { s.Send(\"t\") }\ntype T struct { A int }\n",
    );
    assert!(tree.broken_bytes > 0 && tree.broken_bytes < tree.total_bytes / 2);
    let text = print(&tree);
    assert!(text.contains("fmt.Println(1)") && text.contains("s.Send(\"t\")") && text.contains("class T"), "{text}");
}

#[test]
fn broken_text_is_harmless() {
    let tree = lower(
        Language::Go,
        b"package p\nfunc f() { s.Send(\"a\xff\xfeb\", `\xc3`) }\nvar \xff = 1\nvar ok = \"\\xff\\u12\"",
    );
    assert!(print(&tree).contains("s.Send("));
}

#[test]
fn deep_nesting_is_cut_off_not_overflowed() {
    const N: usize = 10_000;
    let inside = |text: String| format!("package p\nfunc f() {{\n{text}\n}}\n");
    let deep = [
        inside(format!("x = {}1{}", "(".repeat(N), ")".repeat(N))),
        inside(format!("x = {}1{}", "f(".repeat(N), ")".repeat(N))),
        inside(format!("x = {}1{}", "[]T{".repeat(N), "}".repeat(N))),
        inside(format!("x = T{}{}", "{".repeat(N), "}".repeat(N))),
        inside(format!("x = {}", vec!["1"; N].join(" + "))),
        inside(format!("x{}", ".f()".repeat(N))),
        inside(format!("x{}", "[0]".repeat(N))),
        inside(format!("x = {}y", "-".repeat(N))),
        inside(format!("{}{}", "if a {\n".repeat(N), "}".repeat(N))),
        inside(format!("{} {{}}", vec!["if a {}"; N].join(" else "))),
        inside(format!("{}{}", "func() {\n".repeat(N), "}()\n".repeat(N))),
        inside(format!("{}{}", "for { select { case <-c: ".repeat(N), "}}".repeat(N))),
        format!("package p\ntype T {}int\n", "[]".repeat(N)),
        format!("package p\ntype T {}int{}\n", "struct { a ".repeat(N), "}".repeat(N)),
        format!("package p\nfunc f(a {}) {{}}\n", "func(".repeat(N)),
        inside("L: ".repeat(N)),
    ];
    let run = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        for source in deep {
            let tree = lower(Language::Go, source.as_bytes());
            assert_eq!(tree.total_bytes as usize, source.len());
            assert!(!print(&tree).is_empty());
        }
    });
    run.expect("a thread").join().expect("no panic and no overflow");
}
