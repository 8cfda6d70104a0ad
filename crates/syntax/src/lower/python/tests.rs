//! The constructs that real Python uses, one by one.

use crate::{FunctionKind, Language, Tree, TypeKind, lower, print};

fn py(source: &str) -> Tree {
    lower(Language::Python, source.as_bytes())
}

/// The outline of a file without line numbers; the source must parse.
fn outline(source: &str) -> Vec<String> {
    let tree = py(source);
    assert_eq!(tree.broken_bytes, 0, "{source}");
    print(&tree).lines().skip(1).map(|line| line.get(6..).unwrap_or_default().to_owned()).collect()
}

#[test]
fn imports() {
    assert_eq!(
        outline(
            "from __future__ import annotations\nimport json\nimport a.b as c\nimport x.y\nfrom . import d\nfrom ..e.f import g as h, i\nfrom k import *\nfrom m import (n,\n  o)\n"
        ),
        [
            "import json as json",
            "import a.b as c",
            "import x as x",
            "import x.y",
            "import d from .",
            "import g as h from ..e.f",
            "import i from ..e.f",
            "import * from k",
            "import n from m",
            "import o from m",
        ]
    );
}

#[test]
fn classes_methods_and_their_receivers() {
    let tree = py(
        "@dataclass(frozen=True)\nclass Order(Base, mod.Mixin[int], metaclass=ABCMeta, table=True):\n  '''Doc'''\n  id: str\n  items: list[Item] = field(default_factory=list)\n  TOPIC: str = 'orders'\n  kind = 'k'\n  note: Optional[str] = None\n  def __init__(self, a, *args, b: int = 1, **kw):\n    super().__init__(a)\n    self.a: A = a\n  @property\n  def p(self): return self.a\n  @staticmethod\n  def s(x): return x\n  @classmethod\n  async def c(cls, x) -> 'Order': return cls(x)\n  @abstractmethod\n  def m(self): ...\n  def n(this):\n    def inner(this): return this\n    return lambda x: this\n  class Meta:\n    t = 1\n",
    );
    assert_eq!(tree.broken_bytes, 0);
    let text = print(&tree);
    let order = tree.types.iter().find(|ty| ty.name == "Order").expect("the class");
    assert!(order.is_abstract && order.exported);
    assert_eq!(order.base_args[0].name.as_deref(), Some("table"));
    let statics: Vec<_> =
        order.fields.iter().filter(|field| field.is_static).map(|field| field.name.as_str()).collect();
    assert_eq!(statics, ["TOPIC", "kind"]);
    assert!(order.fields.iter().any(|field| field.name == "note" && field.optional));
    let kinds: Vec<_> = order.members.iter().map(|id| tree.functions[id.0 as usize].kind).collect();
    use FunctionKind::{Constructor, Getter, Method};
    assert_eq!(kinds, [Constructor, Getter, Method, Method, Method, Method]);
    for expected in [
        "@dataclass(frozen: true)",
        "export abstract class Order : Base, mod.Mixin<int> (table: true)",
        "export Order.constructor(a, ...args, b: int = 1, ...kw: dict<str, object>)",
        "super(a)",
        "this.a = cast(a as A)",
        "return this.a",
        "export static method Order.s(x)",
        "export static async method Order.c(x) -> Order",
        "return this(x)",
        "export method Order.m() without body",
        "export function inner(this)",
        "return this",
        "return (x) => this",
        "export class Order.Meta",
    ] {
        assert!(
            text.lines().any(|line| line.get(6..).unwrap_or_default().trim().contains(expected)),
            "{expected} in\n{text}"
        );
    }
}

#[test]
fn an_inner_parameter_hides_the_receiver() {
    let tree = py("class A:\n  def m(self):\n    def f(self): g(self)\n    h(self)\n");
    let text = print(&tree);
    assert!(text.contains("g(self)") && text.contains("h(this)"), "{text}");
}

#[test]
fn enums_and_protocols() {
    let tree = py(
        "class Topic(str, Enum):\n  PLACED = 'orders.placed'\n  PAID = auto()\n  def full(self): return self.value\nclass Bus(Protocol[T]):\n  async def send(self, topic: str) -> None: ...\n",
    );
    assert_eq!(tree.types[0].kind, TypeKind::Enum);
    assert_eq!(tree.types[0].variants.len(), 2);
    assert_eq!((tree.types[1].kind, tree.types[1].type_params[0].as_str()), (TypeKind::Interface, "T"));
    assert!(tree.functions[tree.types[1].members[0].0 as usize].body.is_none());
}

#[test]
fn assignments_declare_once() {
    assert_eq!(
        outline(
            "X = 1\ny: int\ny = 2\na = b = f()\nc, d = 1, 2\ne, (g, *h) = k()\nX, s.t = m()\nn += 1\nx.y = z[0] = 3\n_ = call()\n"
        )
        .iter()
        .map(|line| line.split('@').next().unwrap_or_default().to_owned())
        .collect::<Vec<_>>(),
        [
            "export const X = 1",
            "export let y: int",
            "y = 2",
            "export let b = f()",
            "export let a = b",
            "export let c = 1",
            "export let d = 2",
            "export let [e, [g, h]] = k()",
            "export let [$0",
            "X = $0",
            "s.t = $1",
            "n += 1",
            "z[0] = 3",
            "x.y = z[0]",
            "call()",
        ]
    );
}

#[test]
fn globals_are_assigned_not_declared() {
    assert_eq!(
        outline("p = None\ndef f(q):\n  global p\n  p = q\n  q = 1\n  r = 2\n  r = 3\n"),
        ["export let p = null", "export function f(q)", "  p = q", "  q = 1", "  let r = 2", "  r = 3",]
    );
}

#[test]
fn strings_and_templates() {
    assert_eq!(
        outline(
            "f(f'o.{a.b}.{c!r:>{w}}{{x}}', r'\\d', 'a\\n\\x41\\q' 'b', f'{a}' 'z', b'y', '''t\n''', rf'{d}\\e', '')\n"
        ),
        ["f(`o.${a.b}.${c}{x}`, \"\\\\d\", \"a\\nA\\\\qb\", `${a}z`, \"y\", \"t\\n\", `${d}\\\\e`, \"\")"]
    );
}

#[test]
fn calls_operators_and_literals() {
    assert_eq!(
        outline(
            "a(b, *c, d=e, **g, **{'k': 1})\nh = {'x': 1, y: 2, **z}\ni = [1, (2, 3), {4}]\nj = k if l else m\nn = o or p and not q\nr = s not in t\nu = await v.w(1)[x]\nBox[int](1)\ntable[KEY](1)\nxs[1:2]\nt = lambda q, *r: q\n1 < a <= 2\n"
        ),
        [
            "a(b, ...c, d: e, ...g, k: 1)",
            "export let h = { x: 1, [y]: 2, ...z }",
            "export let i = [1, [2, 3], [4]]",
            "export let j = (l ? k : m)",
            "export let n = (o || (p && !q))",
            "export let r = (s not in t)",
            "export let u = await v.w(1)[x]",
            "Box<int>(1)",
            "table[KEY](1)",
            "xs[...?(?(1, 2))]",
            "export let t = (q, ...r) => q",
            "((1 < a) <= 2)",
        ]
    );
}

#[test]
fn walrus_and_comprehensions() {
    assert_eq!(
        outline("if (m := poll()) is None:\n  x = [f(t) for t in ts if t]\ny = {k: v for k, v in d.items()}\n"),
        [
            "if (block #1 is null)",
            "  #1 block",
            "    let m = poll()",
            "    m",
            "  export let x = block #2",
            "    #2 block",
            "      for t in ts",
            "        if t",
            "          f(t)",
            "export let y = block #3",
            "  #3 block",
            "    for [k, v] in d.items()",
            "      { [k]: v }",
        ]
    );
}

#[test]
fn statements() {
    assert_eq!(
        outline(
            "async def f():\n  async with a() as b, c(d) as (e, g):\n    async for m in b:\n      await h(m)\n    else:\n      i()\n  with (x as y, z): pass\n  try:\n    j()\n  except (A, b.C) as err:\n    raise D(err) from err\n  except:\n    raise\n  else:\n    k()\n  finally:\n    l()\n  while True:\n    break\n  while n:\n    continue\n  if o: p()\n  elif q: r()\n  else: s()\n  assert t(1), 'u'\n  del v[w()]\n  return x, y\n"
        ),
        [
            "export async function f()",
            "  using",
            "    let b = a()",
            "    let [e, g] = c(d)",
            "  do",
            "    for m in b",
            "      await h(m)",
            "    i()",
            "  using",
            "    let y = x",
            "    z",
            "  do",
            "  try",
            "    j()",
            "    k()",
            "  catch err: A | b.C",
            "    throw D(err)",
            "  catch",
            "    throw",
            "  finally",
            "    l()",
            "  loop",
            "    break",
            "  loop while n",
            "    continue",
            "  if o",
            "    p()",
            "  else",
            "    if q",
            "      r()",
            "    else",
            "      s()",
            "  ?(t(1), \"u\")",
            "  ?(v[w()])",
            "  return [x, y]",
        ]
    );
}

#[test]
fn matches() {
    assert_eq!(
        outline(
            "match event:\n  case OrderPlaced(id=oid, kind='x') as e if ok(e):\n    a(oid)\n  case 'b' | 'c':\n    b()\n  case {'type': 'd', 'data': data}:\n    c(data)\n  case Kind.E:\n    d()\n  case [p, *q]:\n    pass\n  case -1:\n    e()\n  case other:\n    f(other)\n  case _:\n    g()\n"
        ),
        [
            "switch event",
            "case typeof OrderPlaced",
            "  let oid = event.id",
            "  let e: OrderPlaced = event",
            "  if ok(e)",
            "    a(oid)",
            "case \"b\", \"c\"",
            "  b()",
            "case { type: \"d\", data: ?() }",
            "  let data = event[\"data\"]",
            "  c(data)",
            "case Kind.E",
            "  d()",
            "case [?(), ?()]",
            "  let p",
            "  let q",
            "case -1",
            "  e()",
            "default",
            "  let other = event",
            "  f(other)",
            "default",
            "  g()",
        ]
    );
}

#[test]
fn type_hints() {
    let text = outline(
        "def f(a: Optional[A], b: 'm.B | None', c: dict[str, list[C]], d: Callable[[int], D], e: Annotated[E, Depends(get)] = 1, *g: Literal['x', 'y'], h: typing.Union[H, None] = None) -> A | B | None: ...\ntype T[K] = list[K]\ni: ClassVar[Final[int]] = 1\n",
    );
    assert_eq!(
        text,
        [
            "export function f(a: A | null, b: m.B | null, c: dict<str, list<C>>, d: (int) => D, @Depends(get) e: E = 1, ...g: [\"x\" | \"y\"], h: H | null = null) -> A | B | null",
            "export alias T<K> = list<K>",
            "export let i: int = 1",
        ]
    );
}

#[test]
fn a_call_stands_on_the_line_of_its_method() {
    let tree = py("(client\n  .topic('x')\n  .send(1))\n");
    let lines: Vec<u32> = tree
        .exprs
        .iter()
        .zip(&tree.expr_lines)
        .filter(|(expr, _)| matches!(expr, crate::Expr::Call(_)))
        .map(|(_, line)| *line)
        .collect();
    assert_eq!(lines, [2, 3]);
}

#[test]
fn a_syntax_error_costs_only_itself() {
    let tree = py(
        "from k import K\n\ndef a():\n    s.send('t')\n\ndef b(y):\n    x = = 1\n    z()\n\n@app.task\ndef c():\n    s.other('u')\n\nclass T:\n    x: int\n",
    );
    let text = print(&tree);
    assert!(tree.broken_bytes > 0 && tree.broken_bytes < tree.total_bytes / 2, "{text}");
    for expected in ["import K from k", "s.send(\"t\")", "s.other(\"u\")", "class T"] {
        assert!(text.contains(expected), "{expected} in\n{text}");
    }
}

#[test]
fn broken_text_is_harmless() {
    let tree = lower(
        Language::Python,
        b"s.send('a\xff\xfeb', f'\xc3{x}')\n\xff = 1\nu = '\\xf\\u12\\N{DASH}\\777'\nv = b'\\xff\n",
    );
    assert!(print(&tree).contains("s.send("));
}

#[test]
fn deep_nesting_is_cut_off_not_overflowed() {
    const N: usize = 10_000;
    let stairs = |depth: usize, head: &str| -> String {
        (0..depth).map(|at| format!("{}{head}\n", " ".repeat(at))).collect::<String>()
    };
    let deep = [
        format!("x = {}1{}\n", "(".repeat(N), ")".repeat(N)),
        format!("x = {}1{}\n", "f(".repeat(N), ")".repeat(N)),
        format!("x = {}1{}\n", "[".repeat(N), "]".repeat(N)),
        format!("x = {}1{}\n", "{'a': ".repeat(N), "}".repeat(N)),
        format!("x = {}\n", vec!["1"; N].join(" + ")),
        format!("x = {}\n", vec!["a"; N].join(" or ")),
        format!("x = {}\n", vec!["a"; N].join(" < ")),
        format!("x = {}1\n", "not ".repeat(N)),
        format!("x = {}1\n", "a if b else ".repeat(N)),
        format!("x = {}1\n", "lambda: ".repeat(N)),
        format!("x{}\n", ".f()".repeat(N)),
        format!("x{}\n", "[0]".repeat(N)),
        format!("{}x\n", "a = ".repeat(N)),
        format!("x = {}\n", vec!["'a'"; N].join(" ")),
        format!("x: {}int{}\n", "list[".repeat(N), "]".repeat(N)),
        format!("x: {}\n", vec!["int"; N].join(" | ")),
        format!("if a:\n  b\n{}", "elif c:\n  d\n".repeat(N)),
        format!("x = [a {}]\n", "for b in c ".repeat(N)),
        format!("match a:\n  case {}b{}: pass\n", "[".repeat(N), "]".repeat(N)),
        format!("for {}b{} in c: pass\n", "(".repeat(N), ",)".repeat(N)),
        stairs(1_000, "if a:"),
        stairs(1_000, "class A:"),
        stairs(1_000, "def a():"),
    ];
    let run = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        for source in deep {
            let tree = lower(Language::Python, source.as_bytes());
            assert_eq!(tree.total_bytes as usize, source.len());
            assert!(!print(&tree).is_empty());
        }
    });
    run.expect("a thread").join().expect("no panic and no overflow");
}
