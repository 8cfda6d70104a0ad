//! The standard library and the built-in functions of Python, as far as names pass through them.

use crate::eval::Eval;
use crate::value::{Frame, Object, Value};
use crate::world::{Key, Unit, last_name};
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::Call;

/// A member of a standard module that stands for something else: the environment's variables.
pub(in crate::eval) fn member(module: &str, path: &[SmolStr], name: &str) -> Option<Value> {
    let is_environment = module == "os" && matches!(path, [only] if only == "environ");
    let is_method = matches!(name, "get" | "setdefault" | "copy" | "items" | "keys" | "values" | "pop" | "update");
    (is_environment && !is_method).then(|| Value::Env(name.into(), None))
}

/// The position of the function among the arguments of a call that binds or defers one: `partial(f, a)`, `submit(f, a)`.
pub(super) fn deferred(unit: &Unit, call: &Call) -> Option<usize> {
    let at = match last_name(&unit.tree, call.callee)?.as_str() {
        "partial"
        | "to_thread"
        | "run_sync"
        | "add_task"
        | "submit"
        | "start_soon"
        | "call_soon_threadsafe"
        | "run_in_threadpool"
        | "deferToThread"
        | "callInThread"
        | "callFromThread" => 0,
        "run_in_executor" | "call_later" | "call_at" => 1,
        _ => return None,
    };
    (call.args.len() > at).then_some(at)
}

impl Eval<'_, '_> {
    /// A call of a function that comes with Python; `None` when it is none weir knows.
    pub(super) fn python_call(
        &self,
        unit: &Rc<Unit>,
        module: &str,
        path: &[SmolStr],
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        let words: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
        let named = |name: &str| {
            let arg = call.args.iter().find(|arg| arg.name.as_deref() == Some(name))?;
            Some(self.expr(unit, arg.value, frame))
        };
        let arg = |at: usize| {
            let arg = call.args.iter().filter(|arg| arg.name.is_none()).nth(at)?;
            Some(self.expr(unit, arg.value, frame))
        };
        Some(match (module, words.as_slice()) {
            ("os", ["getenv"] | ["environ", "get" | "setdefault" | "pop"]) => {
                let default = arg(1).or_else(|| named("default"));
                match arg(0).or_else(|| named("key"))? {
                    Value::Text(key) => Value::Env(key, default.map(Rc::new)),
                    _ => default?,
                }
            }
            ("json" | "msgpack" | "pickle" | "copy", ["dumps" | "loads" | "packb" | "copy" | "deepcopy"])
            | (
                "",
                [
                    "str" | "bytes" | "bytearray" | "list" | "tuple" | "set" | "frozenset" | "sorted" | "iter"
                    | "reversed",
                ],
            )
            | ("typing", ["cast"]) => {
                if module == "typing" {
                    arg(1)?
                } else {
                    arg(0)?
                }
            }
            ("dataclasses", ["asdict" | "astuple"]) => arg(0)?,
            ("", ["type"]) if call.args.len() == 1 => self.class_behind(&arg(0)?),
            ("", ["dict"]) => self.dict(unit, call, frame),
            ("", ["getattr"]) => match arg(1)? {
                Value::Text(name) => self.member(&arg(0)?, &name),
                _ => return None,
            },
            ("os", ["path", "join"]) => {
                let mut parts = Vec::new();
                for at in 0..call.args.len() {
                    parts.extend([arg(at)?, Value::Text("/".into())]);
                }
                parts.pop();
                Value::concat(parts)
            }
            ("os", ["path", "abspath" | "expanduser" | "normpath" | "realpath"]) => arg(0)?,
            ("asyncio", ["create_task" | "ensure_future" | "wait_for" | "shield" | "run"]) => arg(0)?,
            ("functools", ["partial"]) => {
                let args: Vec<Value> = (1..call.args.len()).filter_map(arg).collect();
                let fields = vec![("func".into(), arg(0)?), ("args".into(), Value::List(args.into()))];
                Value::Object(Rc::new(Object { fields, open: true, ..Object::default() }))
            }
            _ => return None,
        })
    }

    /// The class of an object; of a parameter it is known once the parameter is.
    pub(in crate::eval) fn class_behind(&self, value: &Value) -> Value {
        match value {
            Value::Instance(object) if self.may_be_another(value) => match &object.source {
                Some(source @ Value::Param(..)) => self.class_behind(source),
                _ => Value::Class(object.class),
            },
            Value::Instance(instance) => Value::Class(instance.class),
            Value::This(class) => Value::Class(*class),
            Value::Choice(options) => Value::choice(options.iter().map(|one| self.class_behind(one)).collect()),
            Value::Param(function, at, path) => {
                let path = path.iter().cloned().chain([Key::Name("__class__".into())]);
                Value::Param(*function, *at, path.collect())
            }
            _ => Value::opaque("the class of a value that is not known"),
        }
    }

    /// `dict(first, name=value)`.
    fn dict(&self, unit: &Rc<Unit>, call: &Call, frame: Option<&Rc<Frame>>) -> Value {
        let mut object = Object::default();
        for arg in &call.args {
            match (&arg.name, self.expr(unit, arg.value, frame)) {
                (Some(name), value) => object.fields.push((name.clone(), value)),
                (None, first @ Value::Typed(_)) if matches!(self.read_out(first.clone(), frame), Value::Object(_)) => {
                    if let Value::Object(first) = self.read_out(first, frame) {
                        object.fields.extend(first.fields.iter().cloned());
                        object.open |= first.open;
                    }
                }
                (None, Value::Object(first)) => {
                    object.fields.extend(first.fields.iter().cloned());
                    object.open |= first.open;
                }
                (None, _) => object.open = true,
            }
        }
        Value::Object(Rc::new(object))
    }

    /// A method of a text, list or dictionary of Python.
    pub(in crate::eval) fn python_method(
        &self,
        unit: &Rc<Unit>,
        on: &Value,
        name: &str,
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        let arg = |at: usize| {
            let arg = call.args.iter().filter(|arg| arg.name.is_none()).nth(at)?;
            Some(self.expr(unit, arg.value, frame))
        };
        Some(match (on, name) {
            (
                Value::Text(_) | Value::Concat(_) | Value::Env(..) | Value::Param(..) | Value::Number(_),
                "encode" | "decode" | "strip" | "rstrip" | "lstrip" | "title" | "casefold",
            ) => on.clone(),
            (Value::Env(..) | Value::Param(..), "lower" | "upper") => on.clone(),
            (Value::Text(text), "removeprefix") => {
                Value::Text(text.strip_prefix(arg(0)?.as_text()?).unwrap_or(text).into())
            }
            (Value::Text(text), "removesuffix") => {
                Value::Text(text.strip_suffix(arg(0)?.as_text()?).unwrap_or(text).into())
            }
            (Value::Text(_) | Value::Concat(_), "join") => {
                let Value::List(items) = arg(0)? else { return None };
                let mut parts = Vec::new();
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        parts.push(on.clone());
                    }
                    parts.push(item.clone());
                }
                Value::concat(parts)
            }
            (Value::Text(pattern), "format") => self.formatted(unit, pattern, call, frame),
            (Value::Object(object), "get" | "setdefault" | "pop") => {
                let key = arg(0)?;
                let found = self.index(on, &key);
                match (&key, arg(1)) {
                    (Value::Text(key), Some(default)) if !object.fields.iter().any(|(name, _)| name == key) => default,
                    _ => found,
                }
            }
            (Value::Object(object), "values") => {
                Value::List(object.fields.iter().map(|(_, value)| value.clone()).collect())
            }
            (Value::Object(object), "keys") => crate::eval::maps::keys_of(object),
            (Value::Object(object), "items") => {
                let pair =
                    |(key, value): &(SmolStr, Value)| Value::List(Rc::from([Value::Text(key.clone()), value.clone()]));
                Value::List(object.fields.iter().map(pair).collect())
            }
            // What is written down as text stays what it was.
            (Value::Object(_) | Value::List(_), "copy" | "encode") => on.clone(),
            // What an object is written out as says what it is.
            (
                Value::Instance(instance),
                "model_dump" | "model_dump_json" | "dict" | "json" | "to_dict" | "to_json" | "asdict" | "encode"
                | "SerializeToString",
            ) if self.method(instance.class, name).is_none() => on.clone(),
            _ => return None,
        })
    }

    /// `"a.{}.{name}".format(value, name=value)`.
    fn formatted(&self, unit: &Rc<Unit>, pattern: &str, call: &Call, frame: Option<&Rc<Frame>>) -> Value {
        let mut parts = Vec::new();
        let mut next = 0;
        let mut rest = pattern;
        while let Some(at) = rest.find('{') {
            let (before, from) = rest.split_at(at);
            parts.push(Value::Text(before.into()));
            let Some(end) = from.find('}') else { break };
            let field = from[1..end].split([':', '!']).next().unwrap_or_default();
            let positional = call.args.iter().filter(|arg| arg.name.is_none());
            let arg = match field.parse::<usize>() {
                Ok(at) => positional.clone().nth(at),
                Err(_) if field.is_empty() => {
                    next += 1;
                    positional.clone().nth(next - 1)
                }
                Err(_) => call.args.iter().find(|arg| arg.name.as_deref() == Some(field)),
            };
            parts.push(match arg {
                Some(arg) => self.expr(unit, arg.value, frame),
                None => Value::opaque("an argument is missing"),
            });
            rest = &from[end + 1..];
        }
        parts.push(Value::Text(rest.into()));
        parts.retain(|part| part.as_text() != Some(""));
        Value::concat(parts)
    }
}
