//! Expressions, patterns and types of a tree on one line.

use super::{Nested, Printer};
use crate::{Annotation, Arg, Call, Entry, Expr, ExprId, Param, Part, Pattern, Stmt, TypeRef};
use std::fmt::Write as _;

/// Expressions nested deeper than this are cut off.
const MAX_DEPTH: usize = 100;
/// Texts longer than this are cut off.
const MAX_TEXT: usize = 200;

impl Printer<'_> {
    pub(super) fn expr(&mut self, id: ExprId) -> String {
        let mut out = String::new();
        self.write(id, &mut out, 0);
        out
    }

    pub(super) fn exprs(&mut self, ids: &[ExprId]) -> String {
        let mut out = String::new();
        self.list(ids, &mut out, 0);
        out
    }

    pub(super) fn pattern(&mut self, bound: &Pattern) -> String {
        pattern(bound, &mut |default| self.expr(default), 0)
    }

    pub(super) fn annotation(&mut self, annotation: &Annotation) -> String {
        let mut text = format!("@{}", annotation.name);
        if !annotation.type_args.is_empty() {
            let _ = write!(text, "<{}>", types(&annotation.type_args, ", "));
        }
        if !annotation.args.is_empty() {
            let _ = write!(text, "({})", self.args(&annotation.args));
        }
        text
    }

    pub(super) fn args(&mut self, args: &[Arg]) -> String {
        let mut out = String::new();
        self.write_args(args, &mut out, 0);
        out
    }

    pub(super) fn params(&mut self, params: &[Param]) -> String {
        let mut parts = Vec::new();
        for param in params {
            let mut text = String::new();
            for annotation in &param.annotations {
                let _ = write!(text, "{} ", self.annotation(annotation));
            }
            if param.field {
                text.push_str("field ");
            }
            if param.rest {
                text.push_str("...");
            }
            text.push_str(&self.pattern(&param.pattern));
            if let Some(ty) = &param.ty {
                let _ = write!(text, ": {}", type_ref(ty));
            }
            if let Some(default) = param.default {
                let _ = write!(text, " = {}", self.expr(default));
            }
            parts.push(text);
        }
        parts.join(", ")
    }

    fn nested(&mut self, nested: Nested, out: &mut String) {
        self.next += 1;
        let _ = write!(out, "#{}", self.next);
        self.pending.push((self.next, nested));
    }

    fn list(&mut self, ids: &[ExprId], out: &mut String, depth: usize) {
        for (at, id) in ids.iter().enumerate() {
            if at > 0 {
                out.push_str(", ");
            }
            self.write(*id, out, depth);
        }
    }

    fn write_args(&mut self, args: &[Arg], out: &mut String, depth: usize) {
        for (at, arg) in args.iter().enumerate() {
            if at > 0 {
                out.push_str(", ");
            }
            if let Some(name) = &arg.name {
                let _ = write!(out, "{name}: ");
            }
            self.write(arg.value, out, depth);
        }
    }

    fn call(&mut self, call: &Call, out: &mut String, depth: usize) {
        self.operand(call.callee, out, depth);
        if call.optional {
            out.push_str("?.");
        }
        if !call.type_args.is_empty() {
            let _ = write!(out, "<{}>", types(&call.type_args, ", "));
        }
        out.push('(');
        self.write_args(&call.args, out, depth);
        out.push(')');
    }

    fn write(&mut self, id: ExprId, out: &mut String, depth: usize) {
        let tree = self.tree;
        let Some(expr) = tree.exprs.get(id.0 as usize) else { return };
        if depth > MAX_DEPTH {
            out.push('…');
            return;
        }
        let depth = depth + 1;
        match expr {
            Expr::Name(name) => out.push_str(name),
            Expr::This => out.push_str("this"),
            Expr::Super => out.push_str("super"),
            Expr::Text(text) => quoted(text, out),
            Expr::Number(number) => out.push_str(number),
            Expr::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
            Expr::Null => out.push_str("null"),
            Expr::Regex(regex) => {
                let _ = write!(out, "regex {regex}");
            }
            Expr::Template(parts) => {
                out.push('`');
                for part in parts {
                    match part {
                        Part::Text(text) => out.push_str(&text.escape_debug().to_string()),
                        Part::Value(value) => {
                            out.push_str("${");
                            self.write(*value, out, depth);
                            out.push('}');
                        }
                    }
                }
                out.push('`');
            }
            Expr::Member { object, name } => {
                self.operand(*object, out, depth);
                let _ = write!(out, ".{name}");
            }
            Expr::Index { object, index } => {
                self.operand(*object, out, depth);
                out.push('[');
                self.write(*index, out, depth);
                out.push(']');
            }
            Expr::Call(call) => self.call(call, out, depth),
            Expr::New(call) => {
                out.push_str("new ");
                self.call(call, out, depth);
            }
            Expr::Object(entries) => self.object(entries, out, depth),
            Expr::List(items) => {
                out.push('[');
                self.list(items, out, depth);
                out.push(']');
            }
            Expr::Spread(value) => {
                out.push_str("...");
                self.write(*value, out, depth);
            }
            Expr::Lambda(function) => self.lambda(*function, out, depth),
            Expr::Class(ty) => {
                out.push_str("class ");
                self.nested(Nested::Type(*ty), out);
            }
            Expr::Binary { op, left, right } => {
                out.push('(');
                self.write(*left, out, depth);
                let _ = write!(out, " {op} ");
                self.write(*right, out, depth);
                out.push(')');
            }
            Expr::Unary { op, value } => {
                out.push_str(op);
                if op.chars().all(char::is_alphabetic) {
                    out.push(' ');
                }
                self.write(*value, out, depth);
            }
            Expr::Conditional { test, then, otherwise } => {
                out.push('(');
                self.write(*test, out, depth);
                out.push_str(" ? ");
                self.write(*then, out, depth);
                out.push_str(" : ");
                self.write(*otherwise, out, depth);
                out.push(')');
            }
            Expr::Match { subject, arms } => {
                out.push_str("match ");
                self.write(*subject, out, depth);
                out.push_str(" { ");
                for (at, (tests, value)) in arms.iter().enumerate() {
                    if at > 0 {
                        out.push_str("; ");
                    }
                    if tests.is_empty() {
                        out.push_str("default");
                    }
                    self.list(tests, out, depth);
                    out.push_str(" => ");
                    self.write(*value, out, depth);
                }
                out.push_str(" }");
            }
            Expr::Assign { op, target, value } => {
                self.write(*target, out, depth);
                let _ = write!(out, " {op} ");
                self.write(*value, out, depth);
            }
            Expr::Await(value) => {
                out.push_str("await ");
                self.write(*value, out, depth);
            }
            Expr::ReceiveFrom(value) => {
                out.push_str("<-");
                self.write(*value, out, depth);
            }
            Expr::Cast { value, ty } => {
                out.push_str("cast(");
                self.write(*value, out, depth);
                if let Some(ty) = ty {
                    let _ = write!(out, " as {}", type_ref(ty));
                }
                out.push(')');
            }
            Expr::TypeLiteral(ty) => {
                let _ = write!(out, "typeof {}", type_ref(ty));
            }
            Expr::NameOf(name) => {
                let _ = write!(out, "nameof {name}");
            }
            Expr::Module(module) => {
                let _ = write!(out, "module {module}");
            }
            Expr::Block(body) => {
                out.push_str("block ");
                self.nested(Nested::Block(body.clone()), out);
            }
            Expr::Opaque(parts) => {
                out.push_str("?(");
                self.list(parts, out, depth);
                out.push(')');
            }
        }
    }

    /// What a member, an index or a call is taken of: in parentheses where it would read as something else.
    fn operand(&mut self, id: ExprId, out: &mut String, depth: usize) {
        let loose = matches!(
            self.tree.exprs.get(id.0 as usize),
            Some(Expr::Await(_) | Expr::Unary { .. } | Expr::ReceiveFrom(_) | Expr::New(_) | Expr::Assign { .. })
        );
        if loose {
            out.push('(');
        }
        self.write(id, out, depth);
        if loose {
            out.push(')');
        }
    }

    fn object(&mut self, entries: &[Entry], out: &mut String, depth: usize) {
        out.push('{');
        for (at, entry) in entries.iter().enumerate() {
            out.push_str(if at > 0 { ", " } else { " " });
            match entry {
                Entry::Field { key, value } => {
                    let _ = write!(out, "{key}: ");
                    self.write(*value, out, depth);
                }
                Entry::Computed { key, value } => {
                    out.push('[');
                    self.write(*key, out, depth);
                    out.push_str("]: ");
                    self.write(*value, out, depth);
                }
                Entry::Spread(value) => {
                    out.push_str("...");
                    self.write(*value, out, depth);
                }
            }
        }
        out.push_str(if entries.is_empty() { "}" } else { " }" });
    }

    /// A lambda of one expression stays on the line, any other follows below.
    fn lambda(&mut self, id: crate::FunctionId, out: &mut String, depth: usize) {
        let tree = self.tree;
        let Some(function) = tree.functions.get(id.0 as usize) else { return };
        if let Some([only]) = function.body.as_deref()
            && let Some(Stmt::Return(Some(value))) = tree.stmts.get(only.0 as usize)
            && function.annotations.is_empty()
        {
            self.functions[id.0 as usize] = true;
            if function.is_async {
                out.push_str("async ");
            }
            let params = self.params(&function.params);
            let _ = write!(out, "({params}) => ");
            self.write(*value, out, depth);
        } else {
            out.push_str("lambda ");
            self.nested(Nested::Function(id), out);
        }
    }
}

fn quoted(text: &str, out: &mut String) {
    let cut: String = text.chars().take(MAX_TEXT).collect();
    let more = if cut.len() < text.len() { "…" } else { "" };
    let _ = write!(out, "\"{}{more}\"", cut.escape_debug());
}

/// A pattern; `default` prints the defaults in it.
fn pattern(bound: &Pattern, default: &mut dyn FnMut(ExprId) -> String, depth: usize) -> String {
    if depth > MAX_DEPTH {
        return "…".to_owned();
    }
    match bound {
        Pattern::Name(name) => name.to_string(),
        Pattern::Ignore => "_".to_owned(),
        Pattern::List(items) => {
            let items: Vec<String> = items.iter().map(|item| pattern(item, default, depth + 1)).collect();
            format!("[{}]", items.join(", "))
        }
        Pattern::Object(fields, rest) => {
            let mut parts = Vec::new();
            for (key, bound, value) in fields {
                let inner = pattern(bound, default, depth + 1);
                let mut text = if inner == key.as_str() { inner } else { format!("{key}: {inner}") };
                if let Some(value) = value {
                    let _ = write!(text, " = {}", default(*value));
                }
                parts.push(text);
            }
            if let Some(rest) = rest {
                parts.push(format!("...{rest}"));
            }
            format!("{{ {} }}", parts.join(", "))
        }
    }
}

pub(super) fn types(all: &[TypeRef], between: &str) -> String {
    let mut out = String::new();
    write_types(all, between, &mut out, 0);
    out
}

pub(super) fn type_ref(ty: &TypeRef) -> String {
    let mut out = String::new();
    write_type(ty, &mut out, 0);
    out
}

fn write_types(all: &[TypeRef], between: &str, out: &mut String, depth: usize) {
    for (at, ty) in all.iter().enumerate() {
        if at > 0 {
            out.push_str(between);
        }
        write_type(ty, out, depth);
    }
}

fn write_type(ty: &TypeRef, out: &mut String, depth: usize) {
    if depth > MAX_DEPTH {
        out.push('…');
        return;
    }
    let depth = depth + 1;
    match ty {
        TypeRef::Named { name, args } => {
            out.push_str(name);
            if !args.is_empty() {
                out.push('<');
                write_types(args, ", ", out, depth);
                out.push('>');
            }
        }
        TypeRef::Union(all) => write_types(all, " | ", out, depth),
        TypeRef::List(inner) => {
            out.push('[');
            write_type(inner, out, depth);
            out.push(']');
        }
        TypeRef::Record(fields) => {
            out.push('{');
            for (at, (name, ty, optional)) in fields.iter().enumerate() {
                let _ = write!(out, "{} {name}{}: ", if at > 0 { "," } else { "" }, if *optional { "?" } else { "" });
                write_type(ty, out, depth);
            }
            out.push_str(" }");
        }
        TypeRef::Text(text) => quoted(text, out),
        TypeRef::Function(params, result) => {
            out.push('(');
            write_types(params, ", ", out, depth);
            out.push_str(") => ");
            match result {
                Some(result) => write_type(result, out, depth),
                None => out.push_str("nothing"),
            }
        }
        TypeRef::ValueOf(name) => {
            let _ = write!(out, "typeof {name}");
        }
        TypeRef::Other => out.push('?'),
    }
}
