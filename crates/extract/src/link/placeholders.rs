//! Texts of annotations and configuration that say where a name stands instead of the name: `${key:default}`,
//! `#{bean.property}`.

use super::bind::Binder;
use crate::value::Value;
use crate::world::{Piece, pieces};
use smol_str::SmolStr;
use std::rc::Rc;

/// The table in which packs keep the objects of a container, by name.
const BEANS: &str = "beans";
/// Placeholders inside the defaults of placeholders.
const MAX_NESTED: usize = 6;

impl Binder<'_, '_, '_> {
    /// A value with what its texts stand for.
    pub(super) fn expanded(&self, value: &Value) -> Vec<Value> {
        match value {
            Value::Text(text) => self.expand(text, 0),
            Value::Concat(parts) => {
                let part = |part: &Value| match part {
                    Value::Text(text) => Value::choice(self.expand(text, 0)),
                    other => other.clone(),
                };
                vec![Value::concat(parts.iter().map(part).collect())]
            }
            Value::Choice(options) => {
                vec![Value::choice(options.iter().flat_map(|option| self.expanded(option)).collect())]
            }
            Value::List(items) => {
                vec![Value::List(items.iter().flat_map(|item| self.expanded(item)).collect())]
            }
            other => vec![other.clone()],
        }
    }

    /// A text that a library takes for a regular expression over whole names.
    pub(super) fn as_pattern(&self, value: &Value) -> Value {
        match value {
            Value::Choice(options) => Value::choice(options.iter().map(|option| self.as_pattern(option)).collect()),
            Value::Env(name, _) => match self.eval.world.settings.get(name, &self.unit.path) {
                Some((text, site)) => {
                    self.eval.hop(site, format!("{name}={text}"));
                    Value::Text(whole_names(&text))
                }
                None => value.clone(),
            },
            Value::Text(text) => Value::Text(whole_names(text)),
            Value::Concat(parts) => {
                let says = |part: &Value| matches!(part, Value::Text(text) if is_expression(text));
                let anchored = matches!(parts.first(), Some(Value::Text(text)) if text.starts_with('^'));
                if anchored || !parts.iter().any(says) {
                    return value.clone();
                }
                let ends = |end: &'static str| std::iter::once(Value::Text(SmolStr::new_static(end)));
                Value::concat(ends("^").chain(parts.iter().cloned()).chain(ends("$")).collect())
            }
            other => other.clone(),
        }
    }

    /// The configured value of a key, when something configures it.
    pub(super) fn configured(&self, key: &Value) -> Option<Value> {
        let key = key.as_text()?;
        let (value, site) = self.eval.world.settings.get(key, &self.unit.path)?;
        self.eval.hop(site, format!("{key}={value}"));
        Some(Value::Text(value))
    }

    fn expand(&self, text: &str, depth: usize) -> Vec<Value> {
        let trimmed = text.trim();
        if let Some(inner) = trimmed.strip_prefix("#{").and_then(|rest| rest.strip_suffix('}'))
            && !inner.contains("#{")
        {
            return self.expression(inner.trim());
        }
        let pieces = pieces(text);
        let value = |piece: &Piece<'_>| match piece {
            Piece::Text(text) => Value::Text((*text).into()),
            Piece::Key(key, default) => {
                let default = default
                    .filter(|_| depth < MAX_NESTED)
                    .map(|default| Rc::new(Value::choice(self.expand(default, depth + 1))));
                Value::Env((*key).into(), default)
            }
        };
        vec![Value::concat(pieces.iter().map(value).collect())]
    }

    /// `'text'`, `'a,b'.split(',')`, `T(a.Type).CONSTANT`, `@bean.property`, `__listener.field`.
    fn expression(&self, text: &str) -> Vec<Value> {
        let unknown = || vec![Value::opaque("an expression that is evaluated at run time")];
        if let Some(rest) = text.strip_prefix('\'') {
            let Some((literal, rest)) = rest.split_once('\'') else { return unknown() };
            let value = Value::choice(self.expand(literal, 0));
            let by = rest.trim().strip_prefix(".split('").and_then(|rest| rest.strip_suffix("')"));
            return match (by, rest.trim().is_empty()) {
                (_, true) => vec![value],
                (Some(by), _) => self.parts(&value, &by.chars().collect::<Vec<char>>()),
                _ => unknown(),
            };
        }
        if text.starts_with("${") && text.ends_with('}') && text.matches("${").count() == 1 {
            return self.expand(text, 0);
        }
        if let Some((ty, rest)) = text.strip_prefix("T(").and_then(|rest| rest.split_once(')')) {
            let simple = ty.trim().rsplit('.').next().unwrap_or(ty);
            let class = match self.eval.type_name(&self.unit, simple) {
                Some(crate::eval::TypeTarget::Class(class)) => Value::Class(class),
                _ => match self.eval.type_name(&self.unit, ty.trim()) {
                    Some(crate::eval::TypeTarget::Class(class)) => Value::Class(class),
                    _ => return unknown(),
                },
            };
            return self.members(class, rest.trim_start_matches('.'));
        }
        let path = text.trim_start_matches('@');
        let (head, rest) = path.split_once('.').unwrap_or((path, ""));
        if head.is_empty() || !head.chars().all(|letter| letter.is_alphanumeric() || letter == '_') {
            return unknown();
        }
        if head == "__listener" {
            let Some(class) = self.class else { return unknown() };
            return self.members(Value::This(class), rest);
        }
        let beans = self.eval.packs.registry.lookup(BEANS, &Value::Text(head.into()), &self.unit.path);
        match beans.into_iter().next() {
            Some(bean) => self.members(bean, rest),
            None => unknown(),
        }
    }

    /// `a.getB().c` on a value.
    fn members(&self, value: Value, path: &str) -> Vec<Value> {
        let names = path.split('.').filter(|name| !name.is_empty());
        let walked = names.fold(value, |value, name| {
            let bare = name.trim_end_matches("()");
            let property = crate::eval::property(bare).unwrap_or_else(|| SmolStr::new(bare));
            self.eval.member(&value, &property)
        });
        match walked {
            Value::List(items) => items.to_vec(),
            walked => vec![walked],
        }
    }

    /// The parts of a text as far as configuration tells it.
    fn parts(&self, value: &Value, by: &[char]) -> Vec<Value> {
        let text = match value {
            Value::Env(name, default) => match self.eval.world.settings.get(name, &self.unit.path) {
                Some((text, _)) => Some(text),
                None => default.as_deref().and_then(Value::as_text).map(SmolStr::new),
            },
            Value::Text(text) => Some(text.clone()),
            _ => None,
        };
        match text {
            Some(text) => {
                let parts = text.split(|letter| by.contains(&letter)).map(str::trim);
                parts.filter(|part| !part.is_empty()).map(|part| Value::Text(part.into())).collect()
            }
            None => vec![value.clone()],
        }
    }

    /// The value split as configuration writes lists.
    pub(super) fn listed(&self, value: &Value) -> Vec<Value> {
        self.parts(value, &[',', ';'])
    }
}

/// An expression that must fit a name from its first letter to its last; a text that is none is the name itself.
pub(crate) fn whole_names(text: &str) -> SmolStr {
    if !is_expression(text) || text.starts_with(['^', '/']) { text.into() } else { SmolStr::new(format!("^{text}$")) }
}

/// True for text that means more than its letters; a dot alone separates the words of a name.
fn is_expression(text: &str) -> bool {
    text.contains(['*', '+', '?', '(', '[', '|', '\\', '^'])
}
