//! The constructs that real Kotlin uses, one by one.

use crate::{Language, Tree, TypeKind, lower, print};

fn kotlin(source: &str) -> Tree {
    lower(Language::Kotlin, source.as_bytes())
}

/// The outline of a file that parses, without its head and the line numbers.
fn outline(source: &str) -> Vec<String> {
    let tree = kotlin(source);
    assert_eq!(tree.broken_bytes, 0, "{source}");
    print(&tree).lines().skip(1).map(|line| line.get(6..).unwrap_or_default().to_owned()).collect()
}

/// The outline of the body of one function.
fn body(source: &str) -> Vec<String> {
    let lines = outline(&format!("fun f() {{\n{source}\n}}\n"));
    lines.into_iter().skip(1).map(|line| line.get(2..).unwrap_or_default().to_owned()).collect()
}

#[test]
fn packages_and_imports() {
    let tree = kotlin(
        "@file:JvmName(\"X\")\npackage com.`in`.orders\nimport a.b.C\nimport a.b.D as E\nimport a.c.*\nimport top\nval x = 1\n",
    );
    assert_eq!((tree.namespace.as_str(), tree.broken_bytes), ("com.in.orders", 0));
    let text = print(&tree);
    for expected in [
        "   3  import C from a.b",
        "   4  import D as E from a.b",
        "   5  import * from a.c",
        "   6  import top from ",
        "   7  export const x = 1",
    ] {
        assert!(text.lines().any(|line| line == expected), "{expected} in\n{text}");
    }
}

#[test]
fn classes_have_primary_and_secondary_constructors() {
    assert_eq!(
        outline(
            "open class A<out T : Any, K> @Inject constructor(@Named(\"n\") private val a: Foo<T>, b: Int = 1, vararg val c: String) : B<T>(a, size = b), C, D by d() {\n  init { start() }\n  private constructor(x: Foo) : this(x, 2) { more() }\n  init { again() }\n}"
        ),
        [
            "export class A<T, K> : B<T>, C, D (a, size: b)",
            "  field : D = d()",
            "  @Inject",
            "  export A.constructor(@Named(\"n\") field a: Foo<T>, b: Int = 1, field ...c: [String])",
            "    start()",
            "    again()",
            "  A.constructor(x: Foo)",
            "    this(x, 2)",
            "    more()",
        ]
    );
    // Without a primary constructor, `init` runs in the one that calls no other of the class.
    assert_eq!(
        outline(
            "class A : B {\n  constructor(x: Int) : this() { a() }\n  constructor() : super(1) { b() }\n  init { i() }\n}\nclass C {\n  init { j() }\n}"
        ),
        [
            "export class A : B",
            "  export A.constructor(x: Int)",
            "    this(1)".replace('1', "").as_str(),
            "    a()",
            "  export A.constructor()",
            "    super(1)",
            "    i()",
            "    b()",
            "export class C",
            "  export C.constructor()",
            "    j()",
        ]
    );
}

#[test]
fn kinds_of_types() {
    let tree = kotlin(
        "data class A(val x: Int)\nsealed class B\nabstract class C { abstract val n: Int\n abstract fun f() }\ninterface D : E { val m: Int\n fun g() = m }\nfun interface F { fun run(): Int }\nannotation class G(val v: String)\n@JvmInline value class H(val s: String)\nprivate object I : J(\"k\")\ninternal class K { inner class L\n class M { object N }\n}\nsealed interface O\ntypealias P<T> = Map<String, T>\n",
    );
    assert_eq!(tree.broken_bytes, 0);
    let seen: Vec<_> =
        tree.types.iter().map(|ty| (ty.name.as_str(), ty.kind, ty.is_abstract, ty.owner.as_deref())).collect();
    assert_eq!(
        seen,
        [
            ("A", TypeKind::Class, false, None),
            ("B", TypeKind::Class, true, None),
            ("C", TypeKind::Class, true, None),
            ("D", TypeKind::Interface, false, None),
            ("F", TypeKind::Interface, false, None),
            ("G", TypeKind::Class, false, None),
            ("H", TypeKind::Class, false, None),
            ("I", TypeKind::Class, false, None),
            ("L", TypeKind::Class, false, Some("K")),
            ("N", TypeKind::Class, false, Some("M")),
            ("M", TypeKind::Class, false, Some("K")),
            ("K", TypeKind::Class, false, None),
            ("O", TypeKind::Interface, false, None),
            ("P", TypeKind::Alias, false, None),
        ]
    );
    let hidden: Vec<_> = tree.types.iter().filter(|ty| !ty.exported).map(|ty| ty.name.as_str()).collect();
    assert_eq!(hidden, ["I", "K"]);
    assert!(tree.types[2].fields[0].is_abstract && tree.types[3].fields[0].is_abstract);
    assert_eq!(tree.functions.iter().filter(|function| function.body.is_none()).count(), 2);
}

#[test]
fn objects_and_companions_have_static_members() {
    assert_eq!(
        outline(
            "object Topics : Base(\"x\") {\n  const val A = \"a\"\n  init { register(A) }\n  fun of() = A\n}\nclass S {\n  companion object {\n    private val log = logger(S::class)\n    @JvmStatic fun make() = S()\n    init { boot() }\n  }\n  companion object Named : Keys(1), Other\n}"
        ),
        [
            "export class Topics : Base (\"x\")",
            "  static field A = \"a\"",
            "  static field  = block #1",
            "    #1 block",
            "      register(A)",
            "  export static method Topics.of()",
            "    return A",
            "export class S",
            "  static field log = logger(typeof S)",
            "  static field  = block #2",
            "    #2 block",
            "      boot()",
            "  @JvmStatic",
            "  export static method S.make()",
            "    return S()",
            "export class S.Named : Keys, Other (1)",
        ]
    );
}

#[test]
fn enums_have_variants_with_arguments_and_bodies() {
    assert_eq!(
        outline(
            "enum class E(val k: String) {\n  @Old A(\"a\"),\n  B(k = \"b\") {\n    override fun f() = g()\n  };\n  open fun f() = 1\n  companion object { val all = entries }\n}\nenum class Plain { X, Y }"
        ),
        [
            "export enum E",
            "  variant A(\"a\")",
            "  variant B(k: \"b\")",
            "  static field all = entries",
            "  export E.constructor(field k: String)",
            "  export method E.f()",
            "    return 1",
            "export enum Plain",
            "  variant X",
            "  variant Y",
            "class E.B : E",
            "  export method B.f()",
            "    return g()",
        ]
    );
}

#[test]
fn annotations_have_positional_and_named_arguments_and_any_target() {
    assert_eq!(
        outline(
            "@A @B(\"x\") class C(@field:NotNull @get:[D E(1)] val a: Int, @param:F(\"f\") b: Int) {\n  @KafkaListener(topics = [\"a\", T], groupId = \"\\${g}\", ids = arrayOf(\"i\"))\n  @a.b.G<H>(*x)\n  fun f(@Payload x: @Valid X) {}\n  @Value(\"\\${topic}\") private lateinit var t: String\n}"
        ),
        [
            "@A",
            "@B(\"x\")",
            "export class C",
            "  field t: String @Value(\"${topic}\")",
            "  export C.constructor(@NotNull @D @E(1) field a: Int, @F(\"f\") b: Int)",
            "  @KafkaListener(topics: [\"a\", T], groupId: \"${g}\", ids: arrayOf(\"i\"))",
            "  @a.b.G<H>(...x)",
            "  export method C.f(@Payload x: X)",
        ]
    );
}

#[test]
fn functions_are_free_members_or_extensions() {
    assert_eq!(
        outline(
            "suspend inline fun <reified T : Any, K> a.Foo<T>?.bar(vararg x: T, noinline y: (T, z: Int) -> Unit? = {}, s: suspend A.(B) -> C): List<T?>? where K : Any = x\nprivate fun plain(a: Map<*, out B>, c: (D)): (() -> Unit)? { inner() }\nval <T> List<T>.second: T\n  get() = this[1]\nclass A { fun String.up() = here()\n operator fun invoke() { fun local() = 1\n class Local } }"
        ),
        [
            "export async method Foo.bar<T, K>(...x: [T], y: (T, Int) => Unit | null = lambda #1, s: (B) => C) -> List<T | null> | null",
            "  #1 lambda ()",
            "  return x",
            "function plain(a: Map<?, B>, c: D) -> () => Unit | null",
            "  inner()",
            "export getter List.second() -> T",
            "  return this[1]",
            "export class A",
            "  export method String.up()",
            "    return here()",
            "  export method A.invoke()",
            "    export function local()",
            "      return 1",
            "    export class Local",
        ]
    );
}

#[test]
fn properties_have_accessors_and_delegates() {
    assert_eq!(
        outline(
            "const val T = \"t\"\nprivate var v: Int = 1\nval (a, _) = pair()\nval now: Int get() = clock()\nval later get() { return clock() }\nval conf by config(\"c\")\nclass A {\n  val x by lazy { make() }\n  val y: B by lazy(NONE) { val b = B()\n b }\n  var z: Int = 1\n    get() = field + 1\n    set(value) { field = value }\n  val w get() = z\n  var p = 2\n    private set\n  internal val q: Int?\n}"
        ),
        [
            "export const T = \"t\"",
            "let v: Int = 1",
            "export const [a, _] = pair()",
            "export const now: Int = clock()",
            "export const later = () => clock()()",
            "export const conf = config(\"c\")",
            "export class A",
            "  field x = make()",
            "  field y: B = lambda #1()",
            "    #1 lambda ()",
            "      const b = B()",
            "      return b",
            "  field z: Int = 1",
            "  field p = 2",
            "  field q: Int | null",
            "  export getter A.z() -> Int",
            "    return (this.z + 1)",
            "  export setter A.z(value: Int)",
            "    this.z = value",
            "  export getter A.w()",
            "    return z",
        ]
    );
}

#[test]
fn strings_have_escapes_and_templates() {
    assert_eq!(
        body(
            "a = \"x $b.c ${d.e(\"${f}\")}\\n\\$g \\u00e9$\"\nb = \"\"\"raw $x \\n \"q\" ${y}\"\"\"\nc = \"$this $`in` $_u $1\"\nd = \"\"\nf = '\\n'\ng = \"\"\"q\"\"\"\"\nh = \"//$it/*\""
        ),
        [
            "a = `x ${b}.c ${d.e(`${f}`)}\\n$g é$`",
            "b = `raw ${x} \\\\n \\\"q\\\" ${y}`",
            "c = `${this} ${in} ${_u} $1`",
            "d = \"\"",
            "f = \"\\n\"",
            "g = \"q\\\"\"",
            "h = `//${it}/*`",
        ]
    );
    let tree = kotlin("val s = \"\"\"\n a\n $b\n ${c}\n $d\n\"\"\"");
    let lines: Vec<u32> = tree
        .exprs
        .iter()
        .zip(&tree.expr_lines)
        .filter(|(expr, _)| matches!(expr, crate::Expr::Name(_)))
        .map(|(_, line)| *line)
        .collect();
    assert_eq!(lines, [3, 4, 5]);
}

#[test]
fn calls_have_named_arguments_and_trailing_lambdas() {
    assert_eq!(
        body(
            "f(1, b = 2, *c) { d -> e(d) }\ng<A, B<C>> { x() }\na?.b?.c(1)?.d { }\nh({ 1 }, fun(x: Int): Int { return x })\nk { x: Int, (a, _): P, _ -> x }\nm()()\nn { a(); b() }\nlaunch(IO) l@{ s() }\nWidget(1)"
                .replace("(a, _): P", "(a, _)")
                .as_str()
        ),
        [
            "f(1, b: 2, ...c, (d) => e(d))",
            "g<A, B<C>>(() => x())",
            "a.b.c?.(1).d?.(lambda #1)",
            "  #1 lambda ()",
            "h(() => 1, (x: Int) => x)",
            "k((x: Int, [a, _], _) => x)",
            "m()()",
            "n(lambda #2)",
            "  #2 lambda ()",
            "    a()",
            "    return b()",
            "launch(IO, () => s())",
            "Widget(1)",
        ]
    );
}

/// `it` belongs to the innermost lambda without parameters, unless its function is known to give it none.
#[test]
fn it_is_a_parameter_where_it_is_used() {
    assert_eq!(
        body(
            "a.map { it.x }\na.forEach { run { b(it) } }\na.forEach { b { c(it) } }\na.let { \"$it!\" }\na.let { x.it }\na.let { f(it = 1) }\na.map { x -> it }\na.map { b.map { y -> it + y } }\napply { it }\na.let { \"$items\" }\na.use { \"${it.b}\" }\nc.map({ it })"
        ),
        [
            "a.map((it) => it.x)",
            "a.forEach((it) => run(() => b(it)))",
            "a.forEach(() => b((it) => c(it)))",
            "a.let((it) => `${it}!`)",
            "a.let(() => x.it)",
            "a.let(() => f(it: 1))",
            "a.map((x) => it)",
            "a.map((it) => b.map((y) => (it + y)))",
            "apply(() => it)",
            "a.let(() => `${items}`)",
            "a.use((it) => `${it.b}`)",
            "c.map((it) => it)",
        ]
    );
}

#[test]
fn references_and_class_literals() {
    assert_eq!(
        body(
            "a(::f)\na(Foo::bar, this::baz, x::y, a.B::c)\na(Foo::class, a.b.Foo::class.java, Foo::class.java.simpleName)\na(order::class, this::class)\na(::topic.name, Foo::bar.name)\na(List<Int>::size)\na(f()::class)"
        ),
        [
            "a(f)",
            "a(Foo.bar, this.baz, (...$arguments) => x.y(...$arguments), a.B.c)",
            "a(typeof Foo, typeof a.b.Foo, typeof Foo.simpleName)",
            "a(typeof typeof order, typeof typeof this)",
            "a(nameof topic, nameof bar)",
            "a(List.size)",
            "a(f().class)",
        ]
    );
}

#[test]
fn operators() {
    assert_eq!(
        body(
            "a ?: b ?: throw E(\"x\")\nval c = d ?: return null\na!!.b!!\n\"k\" to v\na shl 2 or b\n1..n\n0..<n\na[1][2, 3] += x\nx as T\nx as? List<T>\nx is A && y !is B\nx in y || x !in z\n!a.b() && -c.d < +e\n!(a.b)\ni++\n--j\n(a ?: b).c\ntrue != null\nx = [1, 2]\n@Suppress(\"u\") f()\nsuper<A>.g()\nsuper.g(this@B.x)\na === b"
        ),
        [
            "((a ?? b) ?? block #1)",
            "  #1 block",
            "    throw E(\"x\")",
            "const c = (d ?? block #2)",
            "  #2 block",
            "    return null",
            "cast(cast(a).b)",
            "\"k\".to(v)",
            "a.shl(2).or(b)",
            "(1 .. n)",
            "(0 ..< n)",
            "a[1][[2, 3]] += x",
            "cast(x as T)",
            "cast(x as List<T>)",
            "((x is typeof A) && (y !is typeof B))",
            "((x in y) || (x !in z))",
            "(!a.b() && (-c.d < +e))",
            "!a.b",
            "++i",
            "--j",
            "(a ?? b).c",
            "(true != null)",
            "x = [1, 2]",
            "f()",
            "super.g()",
            "super.g(this.x)",
            "(a === b)",
        ]
    );
}

#[test]
fn conditions_are_statements_or_values() {
    assert_eq!(
        body(
            "if (a) b() else if (c) { d() } else { e() }\nif (a) x = 1\nif (a) else b()\nval v = if (a) 1 else if (b) { 2 } else { c(); 3 }\nreturn if (a) 1 else { c(); 3 }"
        ),
        [
            "if a",
            "  b()",
            "else",
            "  if c",
            "    d()",
            "  else",
            "    e()",
            "if a",
            "  x = 1",
            "if a",
            "else",
            "  b()",
            "const v = (a ? 1 : (b ? 2 : block #1))",
            "  #1 block",
            "    c()",
            "    3",
            "if a",
            "  return 1",
            "else",
            "  c()",
            "  return 3",
        ]
    );
}

#[test]
fn when_is_a_statement_or_a_value() {
    assert_eq!(
        body(
            "when (val e = next()) {\n  is A, !is B -> a(e)\n  in 1..2, !in c -> { d() }\n  \"x\", T.Y -> e = 1\n  is C if e.ok -> g()\n  else if e.late -> h()\n  else -> return\n}\nwhen {\n  a > 1 && b -> c()\n  else -> {}\n}\nval v = when (x) { 1 -> \"a\"; else -> \"b\" }\nval w = when { p -> 1\n else -> 2 }\nreturn when (x) { 1 -> \"a\"\n else -> throw E() }"
        ),
        [
            "const e = next()",
            "switch e",
            "case typeof A, !typeof B",
            "  a(e)",
            "case in (1 .. 2), !in c",
            "  d()",
            "case \"x\", T.Y",
            "  e = 1",
            "case typeof C, e.ok",
            "  g()",
            "case e.late",
            "  h()",
            "default",
            "  return",
            "switch",
            "case ((a > 1) && b)",
            "  c()",
            "default",
            "const v = match x { 1 => \"a\"; default => \"b\" }",
            "const w = match true { p => 1; default => 2 }",
            "switch x",
            "case 1",
            "  return \"a\"",
            "default",
            "  throw E()",
        ]
    );
}

#[test]
fn expression_bodies_are_one_return_unless_branches_hold_statements() {
    assert_eq!(
        outline(
            "fun a() = b(1)\nfun c(x: Int) = when (x) { 1 -> d()\n else -> e() }\nfun g() = try { h() } catch (e: IOException) { null } finally { i() }\nfun j(): Nothing = throw E()\nfun k() = if (x) { l(); 1 } else 2"
        ),
        [
            "export function a()",
            "  return b(1)",
            "export function c(x: Int)",
            "  return match x { 1 => d(); default => e() }",
            "export function g()",
            "  try",
            "    return h()",
            "  catch e: IOException",
            "    return null",
            "  finally",
            "    i()",
            "export function j() -> Nothing",
            "  throw E()",
            "export function k()",
            "  if x",
            "    l()",
            "    return 1",
            "  else",
            "    return 2",
        ]
    );
}

#[test]
fn loops_exceptions_and_jumps() {
    assert_eq!(
        body(
            "outer@ for ((k, v) in map) { if (k) break@outer\n continue@outer }\nfor (i: Int in 0 until n step 2) g(i)\nfor (_ in xs) {}\nwhile (true) { break }\nwhile (a);\ndo { x() } while (y)\ntry { a() } catch (e: A.B) { throw e } catch (_: C) { } finally { c() }\nxs.forEach { if (it) return@forEach\n h() }\nval (p, q) = pair\nlateinit var z: T"
        ),
        [
            "for [k, v] in map",
            "  if k",
            "    break",
            "  continue",
            "for i in 0.until(n).step(2)",
            "  g(i)",
            "for _ in xs",
            "loop while true",
            "  break",
            "loop while a",
            "loop while y",
            "  x()",
            "try",
            "  a()",
            "catch e: A.B",
            "  throw e",
            "catch: C",
            "finally",
            "  c()",
            "xs.forEach(lambda #1)",
            "  #1 lambda (it)",
            "    if it",
            "      return",
            "    return h()",
            "const [p, q] = pair",
            "let z: T",
        ]
    );
}

#[test]
fn anonymous_objects_are_classes() {
    assert_eq!(
        body(
            "val l = object : Base(1), Listener { private val n = 2\n init { i() }\n override fun on(e: E) { g(e) } }"
        ),
        [
            "const l = class #1",
            "  #1 class  : Base, Listener (1)",
            "    field n = 2",
            "    .constructor()",
            "      i()",
            "    export method .on(e: E)",
            "      g(e)",
        ]
    );
}

/// The grammar has errors for these; the lines of what is recovered are those of the file.
#[test]
fn one_line_bodies_parse() {
    assert_eq!(
        outline(
            "class A { fun f() {} }\ninterface B { fun g() }\nclass C { companion object { const val X = \"x\" } }\n"
        ),
        [
            "export class A",
            "  export method A.f()",
            "export interface B",
            "  export method B.g() without body",
            "export class C",
            "  static field X = \"x\"",
        ]
    );
    let tree = kotlin("class A { class B { fun f() { s.send(\"t\") } } } // end\n\nclass C");
    assert_eq!((tree.broken_bytes, tree.total_bytes), (0, 63));
    assert_eq!(tree.types.iter().map(|ty| ty.line).collect::<Vec<_>>(), [1, 1, 3]);
}

#[test]
fn a_call_stands_on_the_line_of_its_method() {
    let tree = kotlin("fun f() {\n b.new()\n  .topic(\"x\")\n  ?.send {\n 1 }\n}");
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
    let tree = kotlin(
        "package p\nfun a() { print(1) }\nclass B {\n fun b( { x = := }\n fun c() { s.send(\"t\") }\n}\nclass D(val a: Int)\n",
    );
    assert!(tree.broken_bytes > 0 && tree.broken_bytes < tree.total_bytes);
    let text = print(&tree);
    assert!(text.contains("print(1)") && text.contains("s.send(\"t\")") && text.contains("class D"), "{text}");
}

/// Where a whole class is one error, its members still find it.
#[test]
fn members_in_an_error_find_their_class() {
    let tree = kotlin(
        "@Service class A(val x: Int) : B(x) {\n companion object { const val T = \"t\"\n }\n context(_: C) fun bad() = 1\n fun good() { s.send(T) }\n",
    );
    assert!(tree.broken_bytes > 0);
    let text = print(&tree);
    for expected in ["class A : B (x)", "static field T = \"t\"", "method A.good()", "s.send(T)"] {
        assert!(text.contains(expected), "{expected} in\n{text}");
    }
}

#[test]
fn broken_text_is_harmless() {
    let tree = lower(
        Language::Kotlin,
        b"package p\nfun f() { s.send(\"a\xff\xfeb\", \"\"\"\xc3\"\"\") }\nval `\xff = 1\nval ok = \"\\xff\\u12\"",
    );
    assert!(print(&tree).contains("s.send("));
    // An annotation at the end of the file; an empty file.
    for source in ["class A\n@Foo", "val x = 1\n@Foo(", "@", "fun f() = @", "\"", "\"\"\"", "\"${", "'", "`", "$", ""] {
        assert_eq!(kotlin(source).total_bytes as usize, source.len());
    }
}

/// The grammar alone does not come back from this one.
#[test]
fn a_parse_without_end_is_given_up() {
    let source = include_str!("../../../../../tests/realistic/kotlin/OrdersController.kt");
    let broken = format!("{}]]}}){}", &source[..5371], &source[5371..]);
    let tree = kotlin(&broken);
    assert!(tree.broken_bytes > 0 && tree.broken_bytes <= tree.total_bytes);
}

#[test]
fn deep_nesting_is_cut_off_not_overflowed() {
    const N: usize = 5_000;
    let inside = |text: String| format!("fun f() {{\n{text}\n}}\n");
    let deep = [
        inside(format!("x = {}1{}", "(".repeat(N), ")".repeat(N))),
        inside(format!("x = {}1{}", "f(".repeat(N), ")".repeat(N))),
        inside(format!("x = {}1{}", "[".repeat(N), "]".repeat(N))),
        inside(format!("x = {}", vec!["1"; N].join(" + "))),
        inside(format!("x = {}", vec!["1"; N].join(" ?: "))),
        inside(format!("x = {}", vec!["a"; N].join(" to "))),
        inside(format!("x{}", ".f()".repeat(N))),
        inside(format!("x{}", "[0]".repeat(N))),
        inside(format!("x{}", "!!".repeat(N))),
        inside(format!("x = {}y", "- ".repeat(N))),
        inside(format!("x = {}y", "return ".repeat(N))),
        inside(format!("{}{}", "if (a) {\n".repeat(N), "}".repeat(N))),
        inside(format!("{} {{}}", vec!["if (a) {}"; N].join(" else "))),
        inside(format!("x = {} 2", vec!["if (a) 1"; N].join(" else "))),
        inside(format!("{}{}", "g {\n".repeat(N), "}\n".repeat(N))),
        inside(format!("{}it{}", "g { x ->\n".repeat(N), "}\n".repeat(N))),
        inside(format!("{}{}", "when { a -> ".repeat(N), "}".repeat(N))),
        inside(format!("{}{}", "try {\n".repeat(N), "} finally {}\n".repeat(N))),
        inside(format!("x = {}1{}", "\"${".repeat(N), "}\"".repeat(N))),
        inside("l@ ".repeat(N)),
        inside(format!("{}f()", "@A ".repeat(N))),
        format!("{}{}", "class A {\n".repeat(N), "}\n".repeat(N)),
        format!("{}{}", "class A { ".repeat(N), "} ".repeat(N)),
        format!("val x: {}Int{}", "List<".repeat(N), ">".repeat(N)),
        format!("val x: {}Int", "() -> ".repeat(N)),
        format!("val x: {}Int{}", "(".repeat(N), ")".repeat(N)),
        format!("class A : {}", "B by object : ".repeat(N)),
    ];
    let run = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        for source in deep {
            let tree = lower(Language::Kotlin, source.as_bytes());
            assert_eq!(tree.total_bytes as usize, source.len());
            assert!(!print(&tree).is_empty());
        }
    });
    run.expect("a thread").join().expect("no panic and no overflow");
}

#[test]
fn a_call_with_a_type_is_no_comparison() {
    assert_eq!(
        body(
            "val a = m.read<Order>(text)\nval b = read<a.Order>(text)\nval c = run<Order> { it }\nval d = x < y\nval e = x < Y && z > (w)"
        ),
        [
            "const a = m.read<Order>(text)",
            "const b = read<a.Order>(text)",
            "const c = run<Order>((it) => it)",
            "const d = (x < y)",
            "const e = ((x < Y) && (z > w))",
        ]
    );
}
