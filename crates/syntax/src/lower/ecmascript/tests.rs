//! The constructs that real TypeScript and JavaScript use, one by one.

use crate::{ExportTarget, Expr, ExprId, FunctionKind, Imported, Language, Pattern, Stmt, Tree, TypeKind, lower};

fn ts(source: &str) -> Tree {
    lower(Language::TypeScript, source.as_bytes())
}

#[test]
fn imports_and_exports() {
    let tree = ts(
        "import a, { b as c, type D } from 'm';\nimport * as n from './n';\nimport 's';\nimport r = require('r');\n\
                   export { x as y } from './o'; export * from './p'; export * as q from './q'; export const k = 1; export default k;",
    );
    let imports: Vec<_> = tree
        .imports
        .iter()
        .map(|import| (import.module.as_str(), import.imported.clone(), import.local.as_str()))
        .collect();
    assert_eq!(imports[0], ("m", Imported::Default, "a"));
    assert_eq!(imports[1], ("m", Imported::Name("b".into()), "c"));
    assert_eq!(imports[2], ("m", Imported::Name("D".into()), "D"));
    assert_eq!(imports[3], ("./n", Imported::Module, "n"));
    assert_eq!(imports[4], ("s", Imported::Nothing, ""));
    assert_eq!(imports[5], ("r", Imported::Module, "r"));
    let names: Vec<_> = tree.exports.iter().map(|export| export.name.as_str()).collect();
    assert_eq!(names, ["y", "*", "q", "k", "default"]);
    assert_eq!(tree.broken_bytes, 0);
}

#[test]
fn common_js_exports_and_requires() {
    let tree =
        lower(Language::JavaScript, b"const { a } = require('m');\nmodule.exports = { a, b: 1 };\nexports.c = a;");
    assert!(matches!(&tree.stmts[0], Stmt::Let { pattern: Pattern::Object(fields, None), .. } if fields.len() == 1));
    assert!(tree.exprs.iter().any(|expr| matches!(expr, Expr::Module(module) if module == "m")));
    let names: Vec<_> = tree.exports.iter().map(|export| export.name.as_str()).collect();
    assert_eq!(names, ["=", "c"]);
    assert!(matches!(tree.exports[0].target, ExportTarget::Value(_)));
}

#[test]
fn classes_with_decorators_fields_and_constructors() {
    let tree = ts(
        "@Controller('x') export class A<T> extends B<C> implements D {\n  static readonly topic = 'orders';\n  protected abstract name: string;\n\
                   constructor(@Inject('K') private readonly client: Client, plain = 1) { super('q'); }\n  @EventPattern('e') async on(@Payload() data: any) { return this.client; }\n  get g() { return 1; }\n  run = async () => {};\n}",
    );
    let class = &tree.types[0];
    assert_eq!((class.name.as_str(), class.kind, class.exported), ("A", TypeKind::Class, true));
    assert_eq!(class.annotations[0].name, "Controller");
    assert_eq!(class.bases.iter().filter_map(|base| base.name()).collect::<Vec<_>>(), ["B", "D"]);
    assert_eq!(class.fields.iter().map(|field| field.name.as_str()).collect::<Vec<_>>(), ["topic", "name", "run"]);
    assert!(class.fields[0].is_static && class.fields[1].is_abstract);
    let members: Vec<_> = class.members.iter().map(|id| &tree.functions[id.0 as usize]).collect();
    assert_eq!(members[0].kind, FunctionKind::Constructor);
    assert!(members[0].params[0].field && !members[0].params[1].field);
    assert_eq!(members[0].params[0].annotations[0].name, "Inject");
    assert_eq!(members[1].annotations[0].name, "EventPattern");
    assert!(members[1].is_async);
    assert_eq!(members[2].kind, FunctionKind::Getter);
}

#[test]
fn a_call_stands_on_the_line_of_its_method() {
    let tree = ts("client\n  .producer()\n  .send({ topic: `a.${b}` });");
    let lines: Vec<u32> = tree
        .exprs
        .iter()
        .zip(&tree.expr_lines)
        .filter(|(expr, _)| matches!(expr, Expr::Call(_)))
        .map(|(_, line)| *line)
        .collect();
    assert_eq!(lines, [2, 3]);
}

#[test]
fn strings_templates_and_casts() {
    let tree = ts("const a = 'x\\n\\u0041' as const; const b = <T>c!; const d = `p-${e}-s`;");
    assert!(tree.exprs.iter().any(|expr| matches!(expr, Expr::Text(text) if text == "x\nA")));
    assert!(tree.exprs.iter().any(|expr| matches!(expr, Expr::Template(parts) if parts.len() == 3)));
}

#[test]
fn enums_switches_and_else_if_chains() {
    let tree = ts(
        "enum E { A = 'a', B }\nswitch (x) { case 1: case 2: f(); break; default: g(); }\nif (a) {} else if (b) {} else { c(); }",
    );
    assert_eq!(tree.types[0].variants.len(), 2);
    let switch =
        tree.stmts.iter().find_map(|stmt| if let Stmt::Switch { cases, .. } = stmt { Some(cases) } else { None });
    let cases = switch.expect("the switch");
    assert_eq!((cases.len(), cases[0].tests.len(), cases[1].tests.len()), (2, 2, 0));
    let ifs = tree.stmts.iter().filter(|stmt| matches!(stmt, Stmt::If { .. })).count();
    assert_eq!(ifs, 2);
}

#[test]
fn a_syntax_error_costs_only_itself() {
    let tree = ts("import { K } from 'k';\nconst a = new K();\nfunction ( {{{\nclass B { m() { return a.send(1); } }");
    assert!(tree.broken_bytes > 0);
    assert_eq!(tree.imports.len(), 1);
    assert!(tree.exprs.iter().any(|expr| matches!(expr, Expr::New(_))));
}

#[test]
fn deep_nesting_is_cut_off_not_overflowed() {
    let deep = [
        format!("x = {}1{};", "(".repeat(10_000), ")".repeat(10_000)),
        format!("x = {}1{};", "[".repeat(10_000), "]".repeat(10_000)),
        format!("x = {};", vec!["1"; 10_000].join(" + ")),
        format!("x{};", ".f()".repeat(10_000)),
        format!("{}{}", "if (a) {".repeat(10_000), "}".repeat(10_000)),
        format!("{} {{}}", vec!["if (a) {}"; 10_000].join(" else ")),
        format!("x = {}null;", "a ? 1 : ".repeat(10_000)),
        format!("type T = {}string{};", "Array<".repeat(5_000), ">".repeat(5_000)),
    ];
    let run = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        for source in deep {
            for language in [Language::TypeScript, Language::Tsx, Language::JavaScript] {
                let tree = lower(language, source.as_bytes());
                assert_eq!(tree.total_bytes as usize, source.len());
            }
        }
    });
    run.expect("a thread").join().expect("no panic and no overflow");
}

#[test]
fn a_long_chain_is_a_shallow_tree_in_the_order_of_its_operands() {
    fn walk(tree: &Tree, id: ExprId, depth: usize, out: &mut String) -> usize {
        match &tree.exprs[id.0 as usize] {
            Expr::Binary { left, right, .. } => {
                walk(tree, *left, depth + 1, out).max(walk(tree, *right, depth + 1, out))
            }
            Expr::Text(text) => {
                out.push_str(text);
                depth
            }
            other => panic!("{other:?}"),
        }
    }
    let letters: Vec<String> = (0..10_000).map(|at| char::from(b'a' + (at % 26) as u8).to_string()).collect();
    let source = format!("x = {};", letters.iter().map(|letter| format!("'{letter}'")).collect::<Vec<_>>().join(" + "));
    let tree = ts(&source);
    let mut ids = (0..tree.exprs.len()).rev().map(|at| ExprId(at as u32));
    let top = ids.find(|id| matches!(tree.exprs[id.0 as usize], Expr::Binary { .. })).expect("the chain");
    let mut text = String::new();
    let depth = walk(&tree, top, 0, &mut text);
    assert!(depth <= 15, "{depth}");
    assert_eq!(text, letters.concat());
}

#[test]
fn a_long_chain_of_else_ifs_is_one_switch() {
    let tree = ts(&format!("{}{{ last(); }}", "if (a) { f(); } else ".repeat(10_000)));
    let cases = tree.stmts.iter().find_map(|stmt| match stmt {
        Stmt::Switch { cases, .. } => Some(cases),
        _ => None,
    });
    let cases = cases.expect("a switch");
    assert_eq!(cases.len(), 10_001);
    assert!(cases.iter().all(|case| case.body.len() == 1), "no arm is lost");
    assert!(cases[10_000].tests.is_empty(), "the last is the default");
}
