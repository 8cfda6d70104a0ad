//! The globals and the methods of texts, lists and objects that languages bring along.

mod jvm;

pub(super) use jvm::entry_key;

use super::Eval;
use crate::value::{Frame, Value};
use crate::world::Unit;
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::Call;

/// A member of a global: `process.env.NAME` and the like.
pub(super) fn global_member(path: &Rc<[SmolStr]>, name: &str) -> Value {
    let words: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
    if matches!(words.as_slice(), ["process" | "Bun", "env"] | ["import", "meta", "env"] | ["Deno", "env"]) {
        return Value::Env(name.into(), None);
    }
    let mut path = path.to_vec();
    path.push(name.into());
    Value::Library("".into(), path.into())
}

impl Eval<'_, '_> {
    /// A call of a global function; `None` when it is none weir knows.
    pub(super) fn global_call(&self, path: &[SmolStr], args: &[Value]) -> Option<Value> {
        let words: Vec<&str> = path.iter().map(SmolStr::as_str).collect();
        let first = args.first().cloned();
        Some(match words.as_slice() {
            ["JSON", "stringify" | "parse"]
            | ["String"]
            | ["structuredClone"]
            | ["Buffer", "from"]
            | ["Object", "freeze" | "assign"] => first?,
            ["encodeURIComponent" | "decodeURIComponent"] | ["Promise", "resolve"] | ["Array", "from"] => first?,
            ["Promise", "all" | "allSettled"] => first?,
            ["Object", "values"] => self.entries(&first?, false),
            ["Object", "keys"] => self.entries(&first?, true),
            ["Symbol"] | ["Symbol", "for"] => first?,
            // Go: what is put behind a list; spreads were resolved with the arguments.
            ["append"] => {
                let mut items = match first? {
                    Value::List(items) => items.to_vec(),
                    _ => Vec::new(),
                };
                items.extend(args[1..].iter().cloned());
                Value::List(items.into())
            }
            ["min" | "max" | "len" | "cap" | "make" | "new" | "panic"] => return None,
            _ => return None,
        })
    }

    fn entries(&self, value: &Value, keys: bool) -> Value {
        match value {
            Value::Object(object) => {
                let pick = |(key, value): &(SmolStr, Value)| {
                    if keys { Value::Text(key.clone()) } else { value.clone() }
                };
                Value::List(object.fields.iter().map(pick).collect())
            }
            Value::Class(class) => match self.world.unit(class.file) {
                Some(unit) => {
                    let variants = unit.class(class.id).variants.iter();
                    let pick = |variant: &weir_syntax::Variant| {
                        if keys { Value::Text(variant.name.clone()) } else { self.static_member(*class, &variant.name) }
                    };
                    Value::List(variants.map(pick).collect())
                }
                None => Value::opaque("the file cannot be read"),
            },
            _ => Value::opaque("the members of a value that is not known"),
        }
    }

    /// A method of a text, list or object; `None` when it is none.
    pub(super) fn value_method(
        &self,
        unit: &Rc<Unit>,
        on: &Value,
        name: &str,
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        if unit.tree.language == weir_syntax::Language::CSharp {
            return self.dotnet_method(unit, on, name, call, frame);
        }
        if unit.tree.language == weir_syntax::Language::Python
            && let Some(value) = self.python_method(unit, on, name, call, frame)
        {
            return Some(value);
        }
        let arg = |at: usize| call.args.get(at).map(|arg| self.expr(unit, arg.value, frame));
        Some(match (on, name) {
            (Value::Text(text), "toLowerCase" | "toLocaleLowerCase" | "lower") => {
                Value::Text(text.to_lowercase().into())
            }
            (Value::Text(text), "toUpperCase" | "toLocaleUpperCase" | "upper") => {
                Value::Text(text.to_uppercase().into())
            }
            (Value::Text(text), "trim" | "strip") => Value::Text(text.trim().into()),
            (Value::Text(text), "replace" | "replaceAll") => match (arg(0)?, arg(1)?) {
                (Value::Text(from), Value::Text(to)) if name == "replace" && !unit.tree.language.is_jvm() => {
                    Value::Text(text.replacen(from.as_str(), &to, 1).into())
                }
                (Value::Text(from), Value::Text(to)) => Value::Text(text.replace(from.as_str(), &to).into()),
                _ => Value::opaque("computed at run time"),
            },
            (Value::Text(text), "split") => match arg(0)? {
                Value::Text(by) if !by.is_empty() => {
                    Value::List(text.split(by.as_str()).take(64).map(|part| Value::Text(part.into())).collect())
                }
                _ => Value::opaque("computed at run time"),
            },
            (Value::Env(..), "trim" | "toLowerCase" | "toString") => on.clone(),
            (Value::Env(name, default), "split") => match (default.as_deref(), arg(0)) {
                (Some(Value::Text(text)), Some(Value::Text(by))) if !by.is_empty() => {
                    Value::List(text.split(by.as_str()).take(64).map(|part| Value::Text(part.into())).collect())
                }
                _ => Value::List(Rc::from([Value::Env(name.clone(), None)])),
            },
            (
                Value::Text(_) | Value::Concat(_) | Value::Number(_) | Value::Param(..) | Value::Env(..),
                "toString" | "valueOf" | "String",
            ) => on.clone(),
            (Value::Text(_) | Value::Concat(_), "concat") => {
                let mut parts = vec![on.clone()];
                parts.extend((0..call.args.len()).filter_map(arg));
                Value::concat(parts)
            }
            (Value::List(items), "join") => {
                let by = arg(0).unwrap_or_else(|| Value::Text(",".into()));
                let mut parts = Vec::new();
                for (at, item) in items.iter().enumerate() {
                    if at > 0 {
                        parts.push(by.clone());
                    }
                    parts.push(item.clone());
                }
                Value::concat(parts)
            }
            (Value::List(items), "concat") => {
                let mut all = items.to_vec();
                match arg(0)? {
                    Value::List(more) => all.extend(more.iter().cloned()),
                    other => all.push(other),
                }
                Value::List(all.into())
            }
            (Value::List(_), "filter" | "slice" | "reverse" | "sort" | "flat") => on.clone(),
            (Value::List(items), "map" | "flatMap") => {
                let mapper = arg(0)?;
                Value::List(items.iter().take(64).map(|item| self.apply(&mapper, vec![item.clone()])).collect())
            }
            (Value::List(_), "find" | "at" | "pop" | "shift") => self.every(on),
            (Value::Closure(closure), "bind") => {
                let this = arg(0);
                Value::Closure(Rc::new(crate::value::Closure {
                    this: this.or_else(|| closure.this.clone()),
                    ..closure.as_ref().clone()
                }))
            }
            _ => return None,
        })
    }
}
