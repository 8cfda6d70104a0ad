//! Both lowerings give the same tree: for every construct, for the files of the repository, for hostile nesting.

use super::lower_sound;
use crate::lower::lower_leniently;
use crate::{Language, Tree};
use std::path::{Path, PathBuf};

const LANGUAGES: [Language; 3] = [Language::TypeScript, Language::Tsx, Language::JavaScript];

/// What comes of reading a file both ways.
#[derive(Debug, PartialEq)]
enum Outcome {
    Same,
    /// One of the parsers refuses it.
    Refused,
    /// The first difference.
    Different(String),
}

fn compare(language: Language, source: &[u8]) -> Outcome {
    let Some(sound) = lower_sound(language, source) else {
        return Outcome::Refused;
    };
    let broken = lower_leniently(language, source);
    if broken.broken_bytes > 0 {
        return Outcome::Refused;
    }
    if sound == broken {
        return Outcome::Same;
    }
    let sides = |tree: &Tree| tree.exprs.iter().cloned().zip(tree.expr_lines.clone()).collect::<Vec<_>>();
    let first = sides(&sound).into_iter().zip(sides(&broken)).find(|(sound, broken)| sound != broken);
    Outcome::Different(match first {
        Some((sound, broken)) => format!("{sound:?} is {broken:?}"),
        None => format!("{}\n is \n{}", crate::print(&sound), crate::print(&broken)),
    })
}

/// What all three languages have.
const COMMON: &[&str] = &[
    "#!/usr/bin/env node\n'use strict';\nconst a = 1;",
    "\u{feff}const a = 1;\r\nlet b = `x\r\n${a}y`;\r\nvar c;\r\n",
    "import a, { b as c, default as d, 'e f' as g } from 'm';\nimport * as n from \"./n\";\nimport 's';\nimport {} from 't';",
    "import a from './a.json' with { type: 'json' };",
    "export { x as y, z, x as 'w' } from './o';\nexport * from './p'; export * as q from './q'; export * as default from './r';",
    "export const k = 1, { l, m: [n], ...o } = p; export { k as default }; export function f() {} export class A {}",
    "export default function () { return 1; }",
    "export default function f() {}",
    "export default async function* () { yield 1; }",
    "export default class {}",
    "export default class A extends B {}",
    "export default a + b;",
    "export default async () => {};",
    "module.exports = exports = { a };\nexports.b = c;\nmodule\n  .exports.d = e; module.exports.f.g = h; exports[i] = j; exports.k += l;",
    "const { a } = require('m'), b = require(`n`), c = require(d), e = import('f'), g = import(h), i = import('j', {});",
    "const a = undefined, b = null, c = true, d = false, e = 0x1F, f = 10n, g = 1_000, h = .5, i = this, j = /x[/]y/gi;",
    "const a = 'x\\n\\u0041\\x41\\u{1F600}\\\n\\q\\0', b = \"it's\", c = '';",
    "const a = `p-${b}-s${c}${d}`, e = ``, f = `\\n\\``, g = tag`x${y}`, h = a.b`c`;",
    "a.b.c\n  .d(e)\n  .f?.g(h)\n  ?.i[j]\n  ?.[k](l)(m);",
    "a?.(b); a?.b?.(c).d; (a?.b).c; a?.[b]; delete a?.b;",
    "new A; new A(); new a.B(c, ...d); new (f())(); function g() { new.target; } import.meta.url;",
    "const a = { b, 'c': d, [e]: f, 1: g, h() {}, async i() {}, *j() {}, get k() { return 1; }, set k(l) {}, ...m, 'n o'() {}, [p]() {}, async *q() {}, get() {}, r: (s, t) };",
    "const a = [b, , ...c, (d, e)], f = [,];",
    "const a = b => c, d = async e => { await f; }, g = (h, { i = 1, j: k = 2, 'l': m, [n]: o, ...p }, [q, , r = 3, [s], ...t] = u, ...v) => ({});",
    "const [, /* a */ b, , c, ] = d; const [/* e */] = f; const {} = g, [] = h;",
    "(function () {})(); (async function* a() { yield; yield b; yield* c; })(); (() => {})();",
    "function f(a, b = 1, [c], { d }, ...e) { 'use strict'; return a; } function* g() {} async function h() {} async function* i() {}",
    "a ? b : c ? d : e; a && b || c; (d || e) ?? f; a ** b ** c; a + b - c * d / e % f; a in b; a instanceof B; a << 1 >> 2 >>> 3;",
    "!a; -a; +a; ~a; typeof a; void a; delete a.b; a++; --a; a.b++; (a).b--;",
    "a = b; a += b; a.b ||= c; a[b] ??= c; [a, b] = c; ({ a, b: c } = d); (a) = b; (a.b) = c; a = b = c;",
    "a, b, c; (a, b); for (a, b; c, d; e, f) {}",
    "if (a) b; else if (c) { d; } else e; if (f) {} if (g) h(); else {}",
    "for (let i = 0, j = 1; i < j; i++) { f(); } for (;;) break; for (i = 0; ; ) continue; for (a.b; c;) {}",
    "for (const a of b) c; for (const { d, e: [f] } of g) {} for (h of i) {} for ([j, k = l, ...m] of n) {} for ({ o, p: q = r, s = t, ...u } of v) {} for (w.x of y) {} for (let z in a) {} for (a in b, c) {}",
    "async function f() { for await (const a of b) await c; await d.e(); }",
    "while (a) b; do { c; } while (d) do e; while (f); a: for (;;) { break a; } b: { continue; }",
    "switch (a) { case 1: case 2: f(); break; default: g(); case 'x', y: { h(); } case 3: }",
    "switch (a) { case 1: default: f(); case 2: g(); } switch (b) {}",
    "try { a(); } catch (e) { b(); } finally { c(); } try {} catch { d(); } try {} catch ({ f }) {} try {} finally {}",
    "throw new Error('x'); ; debugger; {} { a; } { { b; } }",
    "class A { constructor() { super(); super.a(); } static b = 1; c; #d = 2; static { this.e(); } get f() { return this.#d; } set f(g) {} static async *h() {} 'i'() {} [j]() {} [k] = l; 'm' = n; 1() {} static get o() { return #d in p; } static() {} get() {} async() {} static q }",
    "class A extends B {} class C extends d.E {} class F extends g(H) {} class I extends j(k.L, M) {} class N extends (o) {} const p = class {}, q = class R extends S {};",
    "function f() {\n  return (\n    a\n      .b(\n        c\n      )\n  );\n}\n\n/* end */\nfunction g() {}\n// last",
    "const a /* b */ = /* c */ (/* d */ e /* f */); f(/* g */); f(h /* i */, /* j */); if (/* k */ l) /* m */ n(); else /* o */ p();",
    "const été = 1, 变量 = été, \\u0061b = 变量, $ = _;",
    "let async = 1, of = 2, get = 3, set = 4, from = 5, as = 6, type = 7; async(of); get.set; ({ async, get, set, of });",
    "import def, * as all from 'm';",
    "a\n++b\nc\n(d)\n[e]",
    "const f = function g(undefined) { return undefined; };",
];

/// What only TypeScript has, with markup or without.
const TYPED: &[&str] = &[
    "import type { A } from 'a'; import { type B, C } from 'b'; import r = require('r'); export type { D } from 'd'; export { type E };",
    "import A = B.C; import D = E; import F = G.H.I.J; export import K = L.M;",
    "export = a;",
    "const a = b as const, c = d as unknown as E, f = g!, h = i satisfies J, k = l<M>, n = o?.p!.q, r = s![t]!;",
    "f<A>(b); new C<D, E[]>(g); a.b<C>(d).e<F>(); a?.b<C>(d);",
    "async function f() { await g<A>(b); const c = await d.e<F>(h); }",
    "let a: string, b: number | null | undefined, c: A.B.C, d: E<F, G>, h: I[], j: Array<K>, l: ReadonlyArray<M>, n: { o: P; q?: R; readonly s: T, 'u': V, [w: string]: X; y(): Z },\n aa: 'x', ab: 1, ac: -1, ad: true, ae: `t`, af: `t${U}`, ag: (b: C, ...d: E[]) => F, ah: new (g: H) => I, aj: typeof k, al: typeof m.n, ao: keyof P, aq: R['s'], at: readonly U[], av: [W, X?, ...Y[]], az: [a: B, c?: D],\n ba: this, bb: unique symbol, bc: (C | D)[], be: A & B, bf: A extends infer U ? X : Y, bg: { [K in T]: V }, bh: { readonly [K in keyof T]?: T[K] }, bi: import('x').Y, bj: any, bk: bigint, bl: never, bm: object, bn: void, bo: symbol, bp: asserts, bq: A<B<C<D>>>, br: abstract new () => E, bs: (this: A) => void, bt: (a) => b, bu: {}, bv: [];",
    "type A = | B | C; type D<E, F extends G = H> = { j: K; l?: M } | N; export type O = { p: Q };\ntype R = S extends T ? U : V\n",
    "type A = typeof b[number]; type C = (typeof d)[number]['e']; type F = keyof typeof g; type H = typeof i['j']; type K = typeof import('l');",
    "interface A<B> extends C, D.E, F<G> { readonly h: I; j?(k: L): M; n: () => void; (o: P): Q; new (r: S): T; [u: string]: V; get w(): X; set w(y: Z); 'q-q': R; [s]: T; async: U,\n  v: W }\nexport interface B {}",
    "export default interface A { b: C }",
    "enum A { B, C = 1, D = 'd', 'E' = f(), 'G H', I = A.B | C } const enum J {} declare enum K { L } export declare const enum M { N }",
    "namespace A.B { export class C { d() { class E {} } } const f = class {}; namespace G { export enum H {} } export function i() { interface J {} } }\nmodule K { type L = M }\nexport namespace N { export const o = 1; export namespace P {} }",
    "declare module 'a' { export const b: C; export default b; interface D {} } declare module 'e'; declare global { interface Window { f: G } }\ndeclare const h: I; declare let j: K, l: M; declare function n(o: P): Q; declare class R { s: T; u(v: W): X }\ndeclare abstract class Y {} export declare function z(): void; declare namespace A { const b: C; }\nexport declare namespace D { function e(): F }",
    "function a(b: C): void;\nfunction a(b: D): void;\nfunction a(this: E, b: F, g?: H, i: J = k, ...l: M[]): asserts b is N { }\nfunction o(p): p is Q { return true }\nfunction r(s): asserts s {}",
    "abstract class A<B> extends C<D, E> implements F, G.H, I<J>, Array<K> { abstract a: L; abstract b(): M; private readonly c?: N = o; protected d!: P; public override e(): Q { } declare f: R; readonly g; constructor(private h: S, readonly i: T, protected override j = k, public readonly l?: U, m?: V) { super() } n?(): W { } [x: string]: Y; static p<Q>(r: Q): Q;\n static p(r) {} abstract get s(): T; abstract set s(u: V); async *[Symbol.iterator](): W {} }",
    "@A @B() @c.D({ e }) export class F { @G() h: I; @J @K('l') m(@N() o: P, @Q('r', s()) t: U) {} constructor(@R() private u: V) {} @V()\n\n  /* w */\n  public async x() {} @Y() get z() { return 1; } @A\n static b = 1; }",
    "class A { accessor b = 1; static c?: D; declare readonly e: F; protected g!: H; override i = j; }",
    "class A extends B { public override e(): Q { } constructor(protected override j = k) { super() } }",
    "abstract class A { abstract a: L; abstract get s(): T; abstract set s(u: V); }",
    "class A { constructor(m?: V, public readonly l?: U) {} readonly g; }",
    "@A({ b: c })\nexport default class D {}",
    "export @A class B {} ",
    "@A\nabstract class B {}\n@C\nclass D {}\n\nconst e = @F class {};",
    "@A<B>('c') class D {}\n@(e.f()) class G {}",
    "@A export abstract class B { @C() abstract d: E }",
    "try {} catch (e: unknown) { f(e); } for (const a of c as D) {}",
    "(a as B) = c; a! = b; a!.b = c; a!++;",
    "const f = async <T,>(a: T): Promise<T> => a, g = function <T>(this: A, b: T) {};",
    "class A { 'constructor'() {} static constructor() {} private 'a-b': C; 1 = 2; #e: F; g = async (h) => { i; }; }",
    "let x: { a: B }[] = [], y: (A | B)[], z: A<typeof b>, w: typeof a.b.c, v: keyof (A | B), u: A[B][C];",
    "export async function* f<T extends A, U = B>(a: T, { b, c }: D = {}, [d]: E[]): AsyncGenerator<F> { yield a; }",
    "export type F = (a: { b: C }, [d]: E, f?: G) => Promise<H<I>>; type J = new <K>(l: K) => M; type N = (a: A) => a is B;",
    "let a = b < c, d = e > f, g = h < i || j > (k);",
    "function overloaded(): void\nfunction overloaded() {\n}\nabstract class A {\n  abstract b(): C\n  abstract d(): E;\n\n  f(): G\n  f() {\n  }\n}",
    "type A = {\n  b: C\n\n  d: E\n}\n\n;\ninterface F {\n}\n",
];

/// What needs files without markup.
const PLAIN: &[&str] = &[
    "const a = <B>c, d = <E<F>>g(), h = <const>['i'], j = <K>(l as M);",
    "const f = <T>(a: T) => a;",
    "for (const a of <B[]>c) {} (<any>d).e = f; (<A>b) = c;",
];

/// Markup.
const MARKUP: &[&str] = &[
    "const a = <div className=\"b\" c={d} {...e} f g-h='i &amp; j' k:l=\"m\">\n  text {n} <P.Q.R s={<T/>} />\n  {/* u */}\n  more &nbsp; text&lt;{' '}\n  {o.map(p => <li key={p}>{p.q()}</li>)}\n</div>;",
    "const a = <><b/>c</>, d = <e:f />, g = <H i>{...j}</H>, k = <l></l>, m = <n>{}</n>;",
    "const a = <b>\n\n   </b>, c = <d> </d>, e = <f>  \n  g</f>, h = <i>\n&copy;\n</i>, j = <k>&copy; {l} &copy;</k>;",
    "const a = b && <c.d onClick={async () => { await e(); }} f=\"multi\n line\">{g ? <h/> : null}</c.d>;",
    "function A() { return (\n    <b>\n      it's {c} (or not) // no comment\n    </b>\n  ); }",
];

#[test]
fn every_construct_gives_one_tree() {
    let sets = [
        (COMMON, &LANGUAGES[..]),
        (TYPED, &[Language::TypeScript, Language::Tsx]),
        (PLAIN, &[Language::TypeScript]),
        (MARKUP, &[Language::Tsx, Language::JavaScript]),
    ];
    let mut wrong = Vec::new();
    for (sources, languages) in sets {
        for source in sources {
            let outcomes = languages.iter().map(|language| (language, compare(*language, source.as_bytes()), source));
            wrong.extend(outcomes.filter(|(_, outcome, _)| *outcome != Outcome::Same));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// So many files of the repository differ, for the grammar of the lenient parser reads sound code wrongly in them:
/// `await f<T>().g()` as `(await f<T>()).g()`.
const MISREAD: usize = 2;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            if !path.ends_with("node_modules") {
                files(&path, found);
            }
        } else {
            found.push(path);
        }
    }
}

#[test]
fn every_file_of_the_repository_gives_one_tree() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut found = Vec::new();
    files(&root.join("examples"), &mut found);
    files(&root.join("tests"), &mut found);
    let (mut same, mut refused, mut different) = (0, Vec::new(), Vec::new());
    for path in found {
        let name = path.display().to_string();
        let Some(language) = Language::of_path(&name).filter(|language| LANGUAGES.contains(language)) else {
            continue;
        };
        let source = std::fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
        match compare(language, &source) {
            Outcome::Same => same += 1,
            Outcome::Refused => refused.push(name),
            Outcome::Different(what) => different.push((name, what)),
        }
    }
    assert!(different.len() <= MISREAD, "{different:#?}");
    assert!(same > 200, "{same}");
    assert!(refused.len() * 50 < same, "{refused:#?}");
}

#[test]
fn what_is_not_sound_is_left_to_the_other_lowering() {
    for source in
        ["function ( {{{", "const a = ;", "class A { b( }", "a = 'x", "\u{0}", "import a from", "let a; let a = 1 1;"]
    {
        for language in LANGUAGES {
            assert!(lower_sound(language, source.as_bytes()).is_none(), "{source}");
        }
    }
    assert!(lower_sound(Language::TypeScript, b"const a = '\xff';").is_none());
}

/// Cuts and foreign bytes anywhere: whatever both read, they read alike, and nothing falls over.
#[test]
fn files_that_end_anywhere_give_one_tree() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/realistic/typescript/orders.controller.ts");
    let source = std::fs::read(&path).expect("the file");
    for at in (0..source.len()).step_by(23) {
        let outcome = compare(Language::TypeScript, &source[..at]);
        assert!(!matches!(outcome, Outcome::Different(_)), "{at} {outcome:?}");
    }
}

#[test]
fn hostile_nesting_neither_overflows_nor_lingers() {
    let nests = [
        "(",
        "[",
        "{",
        "a(",
        "a[",
        "a?",
        "a?a:",
        "a=>",
        "(a)=>",
        "(a,",
        "({a:",
        "[a,...",
        "!",
        "-",
        "typeof ",
        "new ",
        "await ",
        "a=",
        "a.b=",
        "a**",
        "`${",
        "function(){",
        "()=>{",
        "class{a=",
        "class{a(){",
        "class extends ",
        "if(a)",
        "if(a){}else ",
        "if(a){",
        "for(;;)",
        "while(a)",
        "do ",
        "a:",
        "try{",
        "switch(a){case ",
        "async(",
        "async()=>",
        "import(",
        "a?.(",
        "@a(",
        "f<{[",
        "a<{b:c;[(async(typeof d<",
        "f<import(a,{b:",
        "(a:",
        "<a>",
        "f<",
        "f <",
        "f<a,",
        "f<{a:",
        "f<(a:",
        "f<typeof a,",
        "<T>(a:T)=>",
        "(a?:",
        "x as ",
        "x as (",
        "x as [",
        "x as {a:",
        "x as ()=>",
        "type A=(",
        "type A=[",
        "type A={a:",
        "type A=B extends ",
        "a extends b?",
        "A<",
        "keyof ",
        "infer U extends ",
        "namespace a.b{",
        "namespace a.",
        "declare module a{",
        "enum A{a=",
        "<a b={",
        "<a.b.",
        "a<b>(",
        "(a)(b)(",
        "a?(b):(",
        "async<T>(",
        "(async(a,",
        "((a,",
        "({a=",
        "[[a]=",
        "let[",
        "let{a:",
        "let{a=",
        "for(a of ",
        "yield ",
        "return ",
        "throw ",
        "\"use strict\";(",
        "f<<T>()=>",
        "a!",
        "a.b",
        "a[0]",
        "a()",
        "a+",
        "a&&",
        "a??",
        "x as A|",
        "x as A&",
        "x as A[]",
        "...",
    ];
    let run = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        for nest in nests {
            for times in [20, 400, 20_000] {
                for language in LANGUAGES {
                    let source = format!("{}1", nest.repeat(times));
                    let begun = std::time::Instant::now();
                    let tree = lower_sound(language, source.as_bytes());
                    let took = begun.elapsed();
                    // Far above what it takes here, far below what trying again and again takes.
                    assert!(took.as_secs() < 20, "{nest} {times} {language:?} {took:?}");
                    assert!(tree.is_none_or(|tree| tree.total_bytes as usize == source.len()));
                }
            }
        }
    });
    run.expect("a thread").join().expect("no panic and no overflow");
}
