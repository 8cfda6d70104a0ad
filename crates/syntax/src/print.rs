//! Prints a tree as text that a person can compare with the source: for snapshots and `weir explain`.
//!
//! Every line starts with the line of the source it speaks of. Expressions stand on one line, close to how the
//! source says them; what holds statements (lambdas, blocks, classes in expressions) gets a number there and
//! follows below.

mod expressions;

use crate::{
    Annotation, ExportTarget, ExprId, FieldDecl, Function, FunctionId, FunctionKind, Imported, Stmt, StmtId, Tree,
    TypeDecl, TypeId, TypeKind,
};
use expressions::{type_ref, types};
use smol_str::SmolStr;
use std::fmt::Write as _;

/// Statements nested deeper than this are cut off.
const MAX_NESTING: usize = 120;

/// The tree as indented text, one node a line.
pub fn print(tree: &Tree) -> String {
    let mut printer = Printer {
        tree,
        out: String::new(),
        indent: 0,
        next: 0,
        pending: Vec::new(),
        functions: vec![false; tree.functions.len()],
        types: vec![false; tree.types.len()],
    };
    printer.tree();
    printer.out
}

/// Something with statements inside an expression, printed below the line that names it by its number.
enum Nested {
    Function(FunctionId),
    Block(Vec<StmtId>),
    Type(TypeId),
}

struct Printer<'t> {
    tree: &'t Tree,
    out: String,
    indent: usize,
    /// Number of the last nested thing.
    next: u32,
    pending: Vec<(u32, Nested)>,
    functions: Vec<bool>,
    types: Vec<bool>,
}

impl Printer<'_> {
    fn tree(&mut self) {
        let tree = self.tree;
        let mut head = tree.language.name().to_owned();
        if !tree.namespace.is_empty() {
            let _ = write!(head, " {}", tree.namespace);
        }
        let _ = write!(head, ", {} bytes", tree.total_bytes);
        if tree.broken_bytes > 0 {
            let _ = write!(head, ", {} broken", tree.broken_bytes);
        }
        self.out.push_str(&head);
        self.out.push('\n');
        for import in &tree.imports {
            let (module, local) = (&import.module, &import.local);
            let text = match &import.imported {
                Imported::Name(name) if name == local => format!("import {name} from {module}"),
                Imported::Name(name) => format!("import {name} as {local} from {module}"),
                Imported::Default => format!("import default as {local} from {module}"),
                Imported::Module => format!("import {module} as {local}"),
                Imported::All => format!("import * from {module}"),
                Imported::Nothing => format!("import {module}"),
            };
            self.line(import.line, &text);
        }
        self.block(&tree.body);
        for export in &tree.exports {
            let name = &export.name;
            match &export.target {
                ExportTarget::Local(local) => self.line(0, &format!("export {name} = {local}")),
                ExportTarget::From { module, name: from } => {
                    self.line(0, &format!("export {name} = {from} from {module}"));
                }
                ExportTarget::Value(value) => {
                    let text = format!("export {name} = {}", self.expr(*value));
                    let line = tree.expr_lines.get(value.0 as usize).copied().unwrap_or(0);
                    self.finish(line, &text);
                }
            }
        }
        // What no statement declares is still part of the file.
        for at in 0..tree.types.len() {
            if !self.types[at] {
                self.type_decl(TypeId(u32::try_from(at).unwrap_or(u32::MAX)), "");
            }
        }
        for at in 0..tree.functions.len() {
            if !self.functions[at] {
                self.function(FunctionId(u32::try_from(at).unwrap_or(u32::MAX)), "");
            }
        }
    }

    fn line(&mut self, line: u32, text: &str) {
        let gutter = if line == 0 { String::new() } else { line.to_string() };
        let _ = writeln!(self.out, "{gutter:>4}  {:width$}{text}", "", width = self.indent * 2);
    }

    /// A line and, below it, what its expressions hold.
    fn finish(&mut self, line: u32, text: &str) {
        self.line(line, text);
        let pending = std::mem::take(&mut self.pending);
        self.indent += 1;
        for (number, nested) in pending {
            let label = format!("#{number} ");
            match nested {
                Nested::Function(function) => self.function(function, &label),
                Nested::Type(ty) => self.type_decl(ty, &label),
                Nested::Block(body) => {
                    self.line(0, &format!("{label}block"));
                    self.inner(&body);
                }
            }
        }
        self.indent -= 1;
    }

    fn inner(&mut self, body: &[StmtId]) {
        self.indent += 1;
        self.block(body);
        self.indent -= 1;
    }

    fn block(&mut self, body: &[StmtId]) {
        if self.indent > MAX_NESTING {
            if !body.is_empty() {
                self.line(0, "…");
            }
            return;
        }
        for stmt in body {
            self.stmt(*stmt);
        }
    }

    fn stmt(&mut self, id: StmtId) {
        let tree = self.tree;
        let Some(stmt) = tree.stmts.get(id.0 as usize) else { return };
        let line = tree.stmt_lines.get(id.0 as usize).copied().unwrap_or(0);
        match stmt {
            Stmt::Let { pattern: bound, ty, value, constant, exported } => {
                let bound = self.pattern(bound);
                let mut text = format!(
                    "{}{} {bound}",
                    if *exported { "export " } else { "" },
                    if *constant { "const" } else { "let" }
                );
                if let Some(ty) = ty {
                    let _ = write!(text, ": {}", type_ref(ty));
                }
                if let Some(value) = value {
                    let _ = write!(text, " = {}", self.expr(*value));
                }
                self.finish(line, &text);
            }
            Stmt::Expr(value) => {
                let text = self.expr(*value);
                self.finish(line, &text);
            }
            Stmt::Return(value) => self.keyword(line, "return", *value),
            Stmt::Throw(value) => self.keyword(line, "throw", *value),
            Stmt::Defer(value) => self.keyword(line, "defer", Some(*value)),
            Stmt::Spawn(value) => self.keyword(line, "spawn", Some(*value)),
            Stmt::If { test, then, otherwise } => {
                self.keyword(line, "if", Some(*test));
                self.inner(then);
                if !otherwise.is_empty() {
                    self.line(0, "else");
                    self.inner(otherwise);
                }
            }
            Stmt::Switch { subject, cases } => {
                self.keyword(line, "switch", *subject);
                for case in cases {
                    let tests = self.exprs(&case.tests);
                    let text = if case.tests.is_empty() { "default".to_owned() } else { format!("case {tests}") };
                    let line = case.tests.first().and_then(|test| tree.expr_lines.get(test.0 as usize)).copied();
                    self.finish(line.unwrap_or(0), &text);
                    self.inner(&case.body);
                }
            }
            Stmt::Loop { pattern: bound, over, test, body } => {
                let mut text = match (bound, over) {
                    (Some(bound), Some(over)) => format!("for {} in {}", self.pattern(bound), self.expr(*over)),
                    (None, Some(over)) => format!("for {}", self.expr(*over)),
                    _ => "loop".to_owned(),
                };
                if let Some(test) = test {
                    let _ = write!(text, " while {}", self.expr(*test));
                }
                self.finish(line, &text);
                self.inner(body);
            }
            Stmt::Try { body, catches, finally } => {
                self.line(line, "try");
                self.inner(body);
                for catch in catches {
                    let mut text = "catch".to_owned();
                    if let Some(binding) = &catch.binding {
                        let _ = write!(text, " {binding}");
                    }
                    if !catch.types.is_empty() {
                        let _ = write!(text, ": {}", types(&catch.types, " | "));
                    }
                    self.line(0, &text);
                    self.inner(&catch.body);
                }
                if !finally.is_empty() {
                    self.line(0, "finally");
                    self.inner(finally);
                }
            }
            Stmt::Using { resources, body } => {
                self.line(line, "using");
                self.inner(resources);
                self.line(0, "do");
                self.inner(body);
            }
            Stmt::SendTo { channel, value } => {
                let text = format!("{} <- {}", self.expr(*channel), self.expr(*value));
                self.finish(line, &text);
            }
            Stmt::Block(body) => {
                self.line(line, "block");
                self.inner(body);
            }
            Stmt::Function(function) => self.function(*function, ""),
            Stmt::Type(ty) => self.type_decl(*ty, ""),
            Stmt::Break => self.line(line, "break"),
            Stmt::Continue => self.line(line, "continue"),
        }
    }

    fn keyword(&mut self, line: u32, word: &str, value: Option<ExprId>) {
        let text = match value {
            Some(value) => format!("{word} {}", self.expr(value)),
            None => word.to_owned(),
        };
        self.finish(line, &text);
    }

    fn annotations(&mut self, annotations: &[Annotation]) {
        for annotation in annotations {
            let text = self.annotation(annotation);
            self.finish(annotation.line, &text);
        }
    }

    fn function(&mut self, id: FunctionId, label: &str) {
        let Some(function) = self.tree.functions.get(id.0 as usize) else { return };
        if std::mem::replace(&mut self.functions[id.0 as usize], true) || self.indent > MAX_NESTING {
            return;
        }
        self.annotations(&function.annotations);
        let text = self.signature(function);
        self.finish(function.line, &format!("{label}{text}"));
        if let Some(body) = &function.body {
            self.inner(body);
        }
    }

    fn signature(&mut self, function: &Function) -> String {
        let mut text = String::new();
        for (set, word) in
            [(function.exported, "export "), (function.is_static, "static "), (function.is_async, "async ")]
        {
            if set {
                text.push_str(word);
            }
        }
        text.push_str(match function.kind {
            FunctionKind::Function => "function ",
            FunctionKind::Method => "method ",
            FunctionKind::Constructor => "",
            FunctionKind::Getter => "getter ",
            FunctionKind::Setter => "setter ",
            FunctionKind::Lambda => "lambda ",
        });
        if let Some(owner) = &function.owner {
            let _ = write!(text, "{owner}.");
        }
        let _ = write!(text, "{}{}({})", function.name, generics(&function.type_params), self.params(&function.params));
        if let Some(returns) = &function.returns {
            let _ = write!(text, " -> {}", type_ref(returns));
        }
        if let Some(receiver) = &function.receiver {
            let _ = write!(text, " on {receiver}");
        }
        if let Some(implements) = &function.implements {
            let _ = write!(text, " implements {}", type_ref(implements));
        }
        if function.body.is_none() {
            text.push_str(" without body");
        }
        text
    }

    fn type_decl(&mut self, id: TypeId, label: &str) {
        let Some(ty) = self.tree.types.get(id.0 as usize) else { return };
        if std::mem::replace(&mut self.types[id.0 as usize], true) || self.indent > MAX_NESTING {
            return;
        }
        self.annotations(&ty.annotations);
        let text = self.type_head(ty);
        self.finish(ty.line, &format!("{label}{text}"));
        self.indent += 1;
        for variant in &ty.variants {
            let mut text = format!("variant {}", variant.name);
            if !variant.args.is_empty() {
                let _ = write!(text, "({})", self.args(&variant.args));
            }
            if let Some(value) = variant.value {
                let _ = write!(text, " = {}", self.expr(value));
            }
            self.finish(variant.line, &text);
        }
        for field in &ty.fields {
            self.field(field);
        }
        for member in &ty.members {
            self.function(*member, "");
        }
        self.indent -= 1;
    }

    fn type_head(&mut self, ty: &TypeDecl) -> String {
        let mut text = String::new();
        if ty.exported {
            text.push_str("export ");
        }
        if ty.is_abstract {
            text.push_str("abstract ");
        }
        text.push_str(match ty.kind {
            TypeKind::Class => "class ",
            TypeKind::Interface => "interface ",
            TypeKind::Enum => "enum ",
            TypeKind::Alias => "alias ",
        });
        if let Some(owner) = &ty.owner {
            let _ = write!(text, "{owner}.");
        }
        let _ = write!(text, "{}{}", ty.name, generics(&ty.type_params));
        if !ty.bases.is_empty() {
            let _ = write!(text, " : {}", types(&ty.bases, ", "));
        }
        if !ty.base_args.is_empty() {
            let _ = write!(text, " ({})", self.args(&ty.base_args));
        }
        if let Some(alias) = &ty.alias {
            let _ = write!(text, " = {}", type_ref(alias));
        }
        text
    }

    fn field(&mut self, field: &FieldDecl) {
        let mut text = String::new();
        for (set, word) in [(field.is_static, "static "), (field.is_abstract, "abstract ")] {
            if set {
                text.push_str(word);
            }
        }
        let _ = write!(text, "field {}{}", field.name, if field.optional { "?" } else { "" });
        if let Some(ty) = &field.ty {
            let _ = write!(text, ": {}", type_ref(ty));
        }
        if let Some(value) = field.value {
            let _ = write!(text, " = {}", self.expr(value));
        }
        for annotation in &field.annotations {
            let _ = write!(text, " {}", self.annotation(annotation));
        }
        self.finish(field.line, &text);
    }
}

fn generics(params: &[SmolStr]) -> String {
    if params.is_empty() { String::new() } else { format!("<{}>", params.join(", ")) }
}
