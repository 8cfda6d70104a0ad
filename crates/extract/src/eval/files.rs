//! Files that a program opens by their path and reads as configuration: the values are in the file.

use super::Eval;
use crate::packs::{Document, Path, Root, Term};
use crate::source::FileId;
use crate::value::{Frame, Object, Typed, Value};
use crate::world::{Def, Unit, sections};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_facts::{Certainty, Site};
use weir_syntax::{Call, Expr, ExprId};

/// Files that a path may mean; more are a folder of data.
const MAX_FILES: usize = 8;
/// Files of one call that reads several.
const MAX_READ: usize = 16;
/// Calls and names between a path and the call that reads it.
const MAX_STEPS: usize = 8;
/// Nesting of what is read.
const MAX_DEPTH: usize = 16;
/// Endings of files that stand for one that is not part of the tree.
const EXAMPLES: &[&str] = &["", ".example", ".sample", ".template", ".dist"];
/// Words of an example that stand inside a name: `config.example.ini`.
const INNER: &[&str] = &[".example.", ".sample.", ".template."];

impl Eval<'_, '_> {
    /// What an object of a library holds that reads files, as far as the calls that make it read tell.
    pub(crate) fn opened(&self, typed: &Typed, frame: Option<&Rc<Frame>>) -> Option<Value> {
        let reading = self.packs.reading(typed);
        if reading.is_empty() {
            return None;
        }
        let mut read: Vec<Value> = Vec::new();
        for unit in self.world.loaded() {
            if !self.packs.imported(typed.pack, &unit) {
                continue;
            }
            for (method, document) in &reading {
                for site in unit.index.calls.get(*method).into_iter().flatten() {
                    let Expr::Call(call) = unit.expr(site.expr) else { continue };
                    let Expr::Member { object, .. } = unit.expr(call.callee) else { continue };
                    let is_it = |one: &Value| matches!(one, Value::Typed(one) if one.origin == typed.origin && one.pack == typed.pack);
                    if self.expr(&unit, *object, frame).alternatives().iter().any(is_it) {
                        read.extend(self.document(&unit, call, document, frame));
                    }
                }
            }
        }
        let first = (!read.is_empty()).then(|| read.remove(0))?;
        Some(read.iter().fold(first, |known, more| merged(&known, more)))
    }

    /// What a call that reads a file yields.
    pub(crate) fn document(
        &self,
        unit: &Rc<Unit>,
        call: &Call,
        document: &Document,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        let path = self.packs.path(&document.path)?;
        let arg = argument(call, &path)?;
        let paths = match self.path_behind(unit, arg, frame, 0) {
            Value::List(items) => items.to_vec(),
            one => vec![one],
        };
        let mut whole: Option<Value> = None;
        for path in paths.iter().take(MAX_READ) {
            let read = path.alternatives().iter().flat_map(|path| self.files(path, unit, document));
            let mut files: Vec<FileId> = Vec::new();
            read.into_iter().for_each(|file| {
                if !files.contains(&file) {
                    files.push(file);
                }
            });
            let values: Vec<Value> = files.into_iter().filter_map(|file| self.contents(file)).collect();
            if values.is_empty() {
                continue;
            }
            let value = Value::choice(values);
            whole = Some(match whole {
                Some(known) => merged(&known, &value),
                None => value,
            });
        }
        self.doubt(Certainty::Likely);
        whole
    }

    /// The path of the file that an expression stands for: the path itself, or what opens it.
    fn path_behind(&self, unit: &Rc<Unit>, expr: ExprId, frame: Option<&Rc<Frame>>, depth: usize) -> Value {
        let deeper = |expr: ExprId| self.path_behind(unit, expr, frame, depth + 1);
        if depth > MAX_STEPS {
            return Value::opaque("the way to the file is too long");
        }
        match unit.expr(expr) {
            Expr::Call(call) => match (unit.expr(call.callee), call.args.first()) {
                (Expr::Name(name), Some(path))
                    if matches!(name.as_str(), "open" | "Path" | "str" | "PurePath" | "readFileSync" | "readFile") =>
                {
                    deeper(path.value)
                }
                (Expr::Member { object, name }, _)
                    if matches!(name.as_str(), "read" | "read_text" | "resolve" | "absolute" | "expanduser")
                        || name == "open" && call.args.iter().all(|arg| !self.is_path(unit, arg.value, frame)) =>
                {
                    deeper(*object)
                }
                (Expr::Member { name, .. }, Some(path))
                    if matches!(name.as_str(), "open" | "Path" | "abspath" | "readFileSync" | "readFile") =>
                {
                    deeper(path.value)
                }
                (Expr::Member { name, .. }, Some(_)) if matches!(name.as_str(), "join" | "joinpath" | "resolve") => {
                    let mut parts = Vec::new();
                    for arg in &call.args {
                        parts.push(deeper(arg.value));
                        parts.push(Value::Text("/".into()));
                    }
                    parts.pop();
                    Value::concat(parts)
                }
                _ => self.expr(unit, expr, frame),
            },
            Expr::Binary { op, left, right } if op == "/" => {
                Value::concat(vec![deeper(*left), Value::Text("/".into()), deeper(*right)])
            }
            Expr::Name(name) => {
                // A name of the function or of the file that is bound once, to what opens or names the file.
                let scope = unit.index.scope[expr.0 as usize];
                let defs =
                    unit.index.defs.get(&(scope, name.clone())).or_else(|| unit.index.defs.get(&(None, name.clone())));
                match defs.map(Vec::as_slice) {
                    Some([Def::Let { value: Some(value), path, .. }]) if path.is_empty() => match unit.expr(*value) {
                        Expr::Call(_) | Expr::Binary { .. } => deeper(*value),
                        _ => self.expr(unit, expr, frame),
                    },
                    _ => self.expr(unit, expr, frame),
                }
            }
            _ => self.expr(unit, expr, frame),
        }
    }

    /// True for an argument that is a path and no mode.
    fn is_path(&self, unit: &Rc<Unit>, expr: ExprId, frame: Option<&Rc<Frame>>) -> bool {
        match self.expr(unit, expr, frame) {
            Value::Text(text) => text.len() > 3,
            _ => true,
        }
    }

    /// The files of the tree that a path may mean.
    fn files(&self, path: &Value, unit: &Unit, document: &Document) -> Vec<FileId> {
        let (folder, name) = match path {
            Value::Text(text) => (None, Some(text.to_string())),
            Value::Concat(parts) => {
                let last = parts.last().and_then(Value::as_text).map(|text| text.trim_start_matches('/').to_owned());
                let first =
                    parts.first().and_then(Value::as_text).and_then(|text| Some(text.rsplit_once('/')?.0.to_owned()));
                (first, last.filter(|last| last.contains('.')))
            }
            Value::Env(_, Some(default)) => return self.files(default, unit, document),
            _ => (None, None),
        };
        let ends = |path: &str| {
            let name = path.rsplit('/').next().unwrap_or(path);
            document.endings.iter().any(|ending| name.rsplit('.').next() == Some(ending) && name.contains('.'))
        };
        let paths = self.world.source.paths().iter().enumerate();
        let id = |at: usize| FileId(u32::try_from(at).unwrap_or(u32::MAX));
        let mut found: Vec<(usize, FileId)> = Vec::new();
        if let Some(name) = name {
            let wanted = relative(&name);
            let inner =
                |example: &str| Some(format!("{}{example}{}", wanted.rsplit_once('.')?.0, wanted.rsplit_once('.')?.1));
            let names = EXAMPLES.iter().map(|example| format!("{wanted}{example}"));
            for name in names.chain(INNER.iter().filter_map(|example| inner(example))) {
                let is_it = |path: &str| {
                    path == name || path.strip_suffix(name.as_str()).is_some_and(|rest| rest.ends_with('/'))
                };
                found.extend(
                    paths.clone().filter(|(_, path)| is_it(path)).map(|(at, path)| (common(path, &unit.path), id(at))),
                );
                if !found.is_empty() {
                    break;
                }
            }
            // The nearest is the one that is meant.
            let nearest = found.iter().map(|(common, _)| *common).max().unwrap_or(0);
            found.retain(|(common, _)| *common == nearest);
        } else {
            let folder = folder.map(|folder| relative(&folder).to_owned()).filter(|folder| !folder.is_empty());
            let lies = |path: &str| match (&folder, path.rsplit_once('/')) {
                (Some(folder), Some((of, _))) => {
                    of == folder || of.strip_suffix(folder.as_str()).is_some_and(|rest| rest.ends_with('/'))
                }
                (Some(_), None) => false,
                // Files of sections hold configuration; the other kinds may hold anything.
                (None, _) => document.endings.iter().any(|ending| ending == "ini"),
            };
            let fitting = paths.filter(|(_, path)| ends(path) && lies(path));
            found.extend(fitting.map(|(at, path)| (common(path, &unit.path), id(at))));
            if found.len() > MAX_FILES {
                return Vec::new();
            }
        }
        found.truncate(MAX_FILES);
        found.into_iter().map(|(_, file)| file).collect()
    }

    /// A file as a value; what it does not say may be said elsewhere.
    fn contents(&self, file: FileId) -> Option<Value> {
        let path = &self.world.source.paths()[file.0 as usize];
        let text = self.world.source.text(file)?;
        let name = path.rsplit('/').next().unwrap_or(path);
        let ending =
            name.split('.').find(|part| matches!(*part, "ini" | "cfg" | "conf" | "json" | "yaml" | "yml" | "toml"));
        let value = match ending? {
            "json" => json(&serde_json::from_str(&text).ok()?, 0),
            "toml" => json(&toml::from_str(&text).ok()?, 0),
            "yaml" | "yml" => json(&serde_saphyr::from_str(&text).ok()?, 0),
            _ => {
                let sections = sections(&text).into_iter().map(|(name, keys)| (SmolStr::new(name), section(keys)));
                Value::Object(Rc::new(Object { fields: sections.collect(), open: true, ..Object::default() }))
            }
        };
        self.hop(Site::new(path.clone(), 1), format!("is read from {path}"));
        Some(value)
    }

    /// An object of a library that reads files as what it read.
    pub(super) fn read_out(&self, value: Value, frame: Option<&Rc<Frame>>) -> Value {
        match &value {
            Value::Typed(typed) => self.opened(typed, frame).unwrap_or(value),
            _ => value,
        }
    }
}

/// The argument that a path of a rule begins with.
fn argument(call: &Call, path: &Path) -> Option<ExprId> {
    let found = path.alternatives.iter().find_map(|(term, _)| match term {
        Term::Walk(Root::Arg(at), _) => call.args.iter().filter(|arg| arg.name.is_none()).nth(*at),
        Term::Walk(Root::Joined(name), _) => call.args.iter().find(|arg| arg.name.as_ref() == Some(name)),
        _ => None,
    });
    found.map(|arg| arg.value)
}

/// A path without what leads up or to the root.
fn relative(path: &str) -> &str {
    let mut path = path.trim_start_matches('/');
    while let Some(rest) = path.strip_prefix("./").or_else(|| path.strip_prefix("../")) {
        path = rest;
    }
    path
}

/// Folders that both paths go through.
fn common(a: &str, b: &str) -> usize {
    a.split('/').zip(b.split('/')).take_while(|(a, b)| a == b).count()
}

/// The keys of a section, in small letters as programs ask for them and as they are written.
fn section(keys: Vec<(String, String)>) -> Value {
    let mut object = Object { open: true, ..Object::default() };
    for (key, value) in keys {
        let lower = key.to_lowercase();
        let value = Value::Text(value.into());
        if lower != key {
            object.fields.push((lower.into(), value.clone()));
        }
        object.fields.push((key.into(), value));
    }
    Value::Object(Rc::new(object))
}

fn json(value: &serde_json::Value, depth: usize) -> Value {
    if depth > MAX_DEPTH {
        return Value::opaque("the file nests too deeply");
    }
    match value {
        serde_json::Value::Object(fields) => {
            let fields = fields.iter().map(|(key, value)| (SmolStr::new(key), json(value, depth + 1)));
            Value::Object(Rc::new(Object { fields: fields.collect(), open: true, ..Object::default() }))
        }
        serde_json::Value::Array(items) => Value::List(items.iter().map(|item| json(item, depth + 1)).collect()),
        serde_json::Value::String(text) => Value::Text(text.into()),
        serde_json::Value::Number(number) => Value::Number(number.to_string().into()),
        serde_json::Value::Bool(flag) => Value::Bool(*flag),
        serde_json::Value::Null => Value::Null,
    }
}

/// What is read later stands before what was read first.
fn merged(known: &Value, more: &Value) -> Value {
    match (known, more) {
        (Value::Object(known), Value::Object(more)) => {
            let mut object = known.as_ref().clone();
            for (key, value) in &more.fields {
                match object.fields.iter_mut().find(|(name, _)| name == key) {
                    Some((_, slot)) => *slot = merged(slot, value),
                    None => object.fields.push((key.clone(), value.clone())),
                }
            }
            Value::Object(Rc::new(object))
        }
        _ => Value::choice(vec![more.clone()]),
    }
}
