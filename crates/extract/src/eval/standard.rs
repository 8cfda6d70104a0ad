//! Functions of the languages' own standard libraries that hand text on, join it, or read the environment.

mod python;

use crate::world::ClassRef;

pub(super) use python::member;

use super::Eval;
use crate::value::{Frame, Value};
use crate::world::Unit;
use smol_str::SmolStr;
use std::rc::Rc;
use weir_syntax::{Call, Language};

impl Eval<'_, '_> {
    /// A call of a function of the standard library; `None` when it is none weir knows.
    pub(super) fn standard_call(
        &self,
        unit: &Rc<Unit>,
        module: &str,
        path: &[SmolStr],
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        match (unit.tree.language, path) {
            (Language::Go, [name]) if module == "reflect" && name == "TypeOf" => {
                Some(self.class_behind(&self.expr(unit, call.args.first()?.value, frame)))
            }
            (Language::Go, [name]) => {
                let args = self.args(unit, call, frame).0;
                match (module, args.as_slice()) {
                    ("strings", [Value::Env(key, default), Value::Text(by)]) if name == "Split" => {
                        Some(self.listed_setting(unit, key, default.as_deref(), by))
                    }
                    _ => go(module, name, &args),
                }
            }
            (Language::Python, path) => self.python_call(unit, module, path, call, frame),
            _ => None,
        }
    }
}

impl Eval<'_, '_> {
    /// The argument of a call that is a function to be called later with the arguments behind it.
    pub(crate) fn deferred(&self, unit: &Unit, call: &Call) -> Option<usize> {
        match unit.tree.language {
            Language::Python => python::deferred(unit, call),
            _ => None,
        }
    }

    /// The classes of the program that a call makes objects of.
    pub(crate) fn made_by(&self, unit: &Rc<Unit>, call: &Call) -> Vec<ClassRef> {
        let made = self.expr(unit, call.callee, None);
        let classes = made.alternatives().iter().filter_map(|value| match value {
            Value::Class(class) => Some(*class),
            _ => None,
        });
        classes.collect()
    }
}

fn go(module: &str, name: &str, args: &[Value]) -> Option<Value> {
    let first = || args.first().cloned();
    let text = |at: usize| args.get(at).and_then(Value::as_text);
    Some(match (module, name) {
        ("os", "Getenv" | "LookupEnv") | ("syscall", "Getenv") => Value::Env(text(0)?.into(), None),
        ("os", "ExpandEnv") => match text(0)?.trim_start_matches('$').trim_matches(['{', '}']) {
            name if name.chars().all(|c| c.is_alphanumeric() || c == '_') => Value::Env(name.into(), None),
            _ => return None,
        },
        ("fmt", "Sprintf") => format(text(0)?, &args[1..]),
        ("fmt", "Sprint") => Value::concat(args.to_vec()),
        ("encoding/json", "Marshal" | "MarshalIndent") | ("encoding/xml" | "encoding/gob", "Marshal") => first()?,
        ("strings", "ToLower") => Value::Text(text(0)?.to_lowercase().into()),
        ("strings", "ToUpper") => Value::Text(text(0)?.to_uppercase().into()),
        ("strings" | "bytes", "TrimSpace" | "Trim" | "TrimRight" | "TrimLeft" | "Clone") => first()?,
        ("strings", "TrimPrefix") => Value::Text(text(0)?.trim_start_matches(text(1)?).into()),
        ("strings", "TrimSuffix") => Value::Text(text(0)?.trim_end_matches(text(1)?).into()),
        ("strings", "ReplaceAll") => Value::Text(text(0)?.replace(text(1)?, text(2)?).into()),
        ("strings", "Join") | ("path", "Join") => {
            let by = if module == "path" { Value::Text("/".into()) } else { args.get(1)?.clone() };
            let items: Vec<Value> = match args.first()? {
                Value::List(items) if module == "strings" => items.to_vec(),
                _ if module == "path" => args.to_vec(),
                _ => return None,
            };
            let mut parts = Vec::new();
            for (at, item) in items.into_iter().enumerate() {
                if at > 0 {
                    parts.push(by.clone());
                }
                parts.push(item);
            }
            Value::concat(parts)
        }
        ("strings", "Split" | "SplitN" | "Fields" | "FieldsFunc") => match args.first()? {
            Value::Text(text) => match args.get(1).and_then(Value::as_text) {
                Some(by) if !by.is_empty() => {
                    Value::List(text.split(by).take(64).map(|part| Value::Text(part.trim().into())).collect())
                }
                _ => return None,
            },
            // A list in one variable: as many names as it holds where it is set.
            env @ Value::Env(..) => Value::List(Rc::from([env.clone()])),
            _ => return None,
        },
        ("strconv", "Itoa" | "Quote" | "FormatInt") => first()?,
        ("cmp", "Or") => {
            let mut values = args.to_vec();
            let last = values.pop()?;
            values.into_iter().rev().fold(last, |rest, value| match value {
                Value::Env(name, None) => Value::Env(name, Some(Rc::new(rest))),
                value if value.is_empty() => rest,
                value => value,
            })
        }
        _ => return None,
    })
}

/// `Sprintf`: every verb takes the next argument.
pub(super) fn format(pattern: &str, args: &[Value]) -> Value {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut given = args.iter();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '%' {
            text.push(c);
            continue;
        }
        // Flags, width and precision stand before the verb.
        while chars.peek().is_some_and(|c| matches!(c, '+' | '-' | '#' | ' ' | '.') || c.is_ascii_digit()) {
            chars.next();
        }
        match chars.next() {
            Some('%') => text.push('%'),
            _ => {
                parts.push(Value::Text(std::mem::take(&mut text).into()));
                parts.push(given.next().cloned().unwrap_or_else(|| Value::opaque("an argument is missing")));
            }
        }
    }
    parts.push(Value::Text(text.into()));
    parts.retain(|part| part.as_text() != Some(""));
    Value::concat(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_take_their_arguments_in_order() {
        let text = |text: &str| Value::Text(text.into());
        assert_eq!(format("%s.%-4s-100%%", &[text("a"), text("b")]), text("a.b-100%"));
        let open = format("orders.%d", &[Value::opaque("unknown")]);
        assert!(matches!(&open, Value::Concat(parts) if parts[0] == text("orders.")), "{open:?}");
    }

    #[test]
    fn the_environment_may_have_a_default() {
        let found = go("os", "Getenv", &[Value::Text("TOPIC".into())]);
        assert_eq!(found, Some(Value::Env("TOPIC".into(), None)));
        let env = Value::Env("TOPIC".into(), None);
        let default = Value::Text("orders".into());
        let found = go("cmp", "Or", &[env, default.clone()]);
        assert_eq!(found, Some(Value::Env("TOPIC".into(), Some(Rc::new(default)))));
    }
}
