//! From values to the names a broker would see.

use crate::eval::Eval;
use crate::value::Value;
use smol_str::SmolStr;
use weir_facts::{Certainty, Hop, Name};

/// Why a name of no letters is none.
pub(crate) const EMPTY_NAME: &str = "the name is empty";

/// What a value says about a name.
#[derive(Clone, Debug)]
pub(crate) enum Named {
    /// Resolved, perhaps with placeholders.
    Known(Name),
    /// Not resolved, with the reason.
    Unknown(SmolStr),
}

/// Members that only read what a constant says: `Topics.ORDERS.value`, `topics["orders"].name`.
const READERS: &[&str] = &["name", "value", "Name", "Value"];

impl Eval<'_, '_> {
    /// The names a value can be, as seen by the code at `path`.
    pub(crate) fn names(&self, value: &Value, path: &str, trail: &[Hop], certainty: Certainty) -> Vec<Named> {
        // What the code falls back to counts where an object that arrives could say something else.
        let own = has_own(value)
            .then(|| Value::choice(value.alternatives().iter().filter(|one| !one.is_symbolic()).cloned().collect()));
        let certainty = if own.is_some() { certainty.max(Certainty::Likely) } else { certainty };
        let value = own.as_ref().unwrap_or(value);
        // Nobody climbs any further: what calls hand in is the last that can tell.
        let settled = value.is_symbolic().then(|| self.ask(|| self.settled(value)));
        let certainty = settled.as_ref().map_or(certainty, |settled| certainty.max(settled.certainty));
        let value = settled.as_ref().map_or(value, |settled| &settled.value);
        let alternatives = value.alternatives();
        let several = alternatives.len() > 1;
        let mut found = Vec::new();
        for alternative in alternatives {
            let mut trail = trail.to_vec();
            let mut certainty = certainty;
            if several {
                certainty = certainty.max(Certainty::Likely);
            }
            match self.text(alternative, path, &mut trail, &mut certainty) {
                Ok(text) if text.trim().is_empty() => found.push(Named::Unknown(SmolStr::new_static(EMPTY_NAME))),
                Ok(text) => found.push(Named::Known(Name { text, certainty, trail })),
                Err(why) => found.push(Named::Unknown(why)),
            }
        }
        // One alternative that cannot be told does not take away the others.
        if found.iter().any(|named| matches!(named, Named::Known(_))) {
            found.retain(|named| matches!(named, Named::Known(_)));
        }
        found
    }

    /// The first name of a value that may be empty by what the code itself says.
    pub(crate) fn one_key(&self, value: &Value, path: &str) -> Option<String> {
        if says_empty(value) { None } else { self.one_name(value, path) }
    }

    /// Every name of a value, unless the code itself says that it is empty.
    pub(crate) fn every_key(&self, value: &Value, path: &str) -> Vec<String> {
        if says_empty(value) {
            return Vec::new();
        }
        let named = self.names(value, path, &[], Certainty::Certain).into_iter();
        let known = named.filter_map(|named| match named {
            Named::Known(name) => Some(name.text),
            Named::Unknown(_) => None,
        });
        let mut known: Vec<String> = known.collect();
        if known.is_empty() {
            // Who registers the keys is not who reads.
            let told = value.alternatives().iter().flat_map(|one| self.told_by_callers(one, 0));
            known.extend(told.filter_map(|one| self.one_name(&one, path)));
            known.dedup();
        }
        known
    }

    /// The same of what is no channel: there the constants of a library are the words for it.
    pub(crate) fn one_word(&self, value: &Value, path: &str) -> Option<String> {
        match value {
            Value::Library(module, names) if !module.is_empty() => names.last().map(ToString::to_string),
            value => self.one_name(value, path),
        }
    }

    /// The first name of a value, where there is one.
    pub(crate) fn one_name(&self, value: &Value, path: &str) -> Option<String> {
        self.names(value, path, &[], Certainty::Certain).into_iter().find_map(|named| match named {
            Named::Known(name) => Some(name.text),
            Named::Unknown(_) => None,
        })
    }

    fn text(
        &self,
        value: &Value,
        path: &str,
        trail: &mut Vec<Hop>,
        certainty: &mut Certainty,
    ) -> Result<String, SmolStr> {
        match value {
            Value::Text(text) => Ok(text.to_string()),
            Value::Number(number) => Ok(number.to_string()),
            Value::Regex(text) => Ok(text.to_string()),
            Value::Bool(flag) => Ok(flag.to_string()),
            Value::Env(name, default) => {
                *certainty = (*certainty).max(Certainty::Likely);
                if let Some((value, site)) = self.world.settings.get(name, path) {
                    trail.push(Hop { site, what: format!("{name}={value}") });
                    return Ok(value.to_string());
                }
                let same = |a: &str, b: &str| self.packs.registry.services.same(a, b);
                // A path below the configuration as a whole: variables may say it in their own spelling.
                let key = name.strip_prefix('.').unwrap_or(name);
                let spelled = if key == name { None } else { self.world.settings.spelled(key, path) };
                // What the code falls back to counts before a file that only shows what one may write.
                let configured = || match default.as_deref() {
                    Some(default) if !default.is_empty() => self.world.settings.really_configured(key, path, &same),
                    _ => self.world.settings.configured(key, path, &same),
                };
                // A library that programs share may bring the file along that it reads.
                let services = &self.packs.registry.services;
                let brought = || {
                    let library = |file: &str, _: &str| services.is_library(file);
                    self.world
                        .settings
                        .configured(key, path, &library)
                        .filter(|(_, site)| services.is_library(&site.file))
                };
                if let Some((value, site)) = spelled.or_else(configured).or_else(brought) {
                    trail.push(Hop { site, what: format!("{name}={value}") });
                    return Ok(value.to_string());
                }
                match default {
                    Some(default) => self.text(default, path, trail, certainty),
                    None => Ok(format!("{{{key}}}")),
                }
            }
            Value::Concat(parts) => {
                let mut out = String::new();
                let mut literal = false;
                for part in parts.iter() {
                    match part {
                        Value::Text(text) => {
                            literal |= text.chars().any(char::is_alphanumeric);
                            out.push_str(text);
                        }
                        // What the configuration leaves empty is no part of the name.
                        Value::Env(key, None) if self.world.settings.is_emptied(key, path) => {}
                        Value::Env(..) => {
                            literal = true;
                            out.push_str(&self.text(part, path, trail, certainty)?);
                        }
                        other => {
                            out.push_str(&placeholder(self, other));
                            *certainty = (*certainty).max(Certainty::Likely);
                        }
                    }
                }
                if literal { Ok(out) } else { Err("every part of the name is decided at run time".into()) }
            }
            Value::Class(class) | Value::This(class) => Ok(self.class_name(*class).to_string()),
            Value::Instance(instance) if instance.constant.is_some() => {
                Ok(instance.constant.as_deref().unwrap_or_default().to_owned())
            }
            Value::Instance(instance) if instance.source.is_none() => Ok(self.class_name(instance.class).to_string()),
            Value::Library(module, names) if !module.is_empty() => {
                // What lies in a package outside the tree goes by its own name; what a constant says is not known.
                *certainty = (*certainty).max(Certainty::Likely);
                let own = names.iter().rev().find(|name| names.len() < 2 || !READERS.contains(&name.as_str()));
                match own {
                    Some(name) if is_constant(name) => Ok(format!("{{{name}}}")),
                    Some(name) => Ok(name.to_string()),
                    None => Err("a module, not a name".into()),
                }
            }
            Value::Choice(options) => {
                let first = options.iter().find_map(|option| self.text(option, path, trail, certainty).ok());
                *certainty = (*certainty).max(Certainty::Likely);
                first.ok_or_else(|| "none of its values is a name".into())
            }
            Value::Param(function, at, _) => Err(self.unbound(*function, *at)),
            Value::Abstract(class, name) => {
                Err(format!("{}.{name} has no value in any subclass weir can see", self.class_name(*class)).into())
            }
            Value::Opaque(why) => Err(why.clone()),
            Value::Null => Err("the value is null".into()),
            Value::Object(_) | Value::List(_) => Err("an object, not a name".into()),
            _ => Err("not a name".into()),
        }
    }

    fn unbound(&self, function: crate::world::FnRef, at: usize) -> SmolStr {
        let name = self.param_name(function, at);
        format!("the parameter `{name}` of {} gets no value that weir can see", self.symbol(function)).into()
    }

    /// The name of a parameter.
    pub(crate) fn param_name(&self, function: crate::world::FnRef, at: usize) -> String {
        let unit = self.world.unit(function.file);
        let pattern =
            unit.and_then(|unit| unit.function(function.id).params.get(at).map(|param| param.pattern.clone()));
        match pattern {
            Some(weir_syntax::Pattern::Name(name)) => name.to_string(),
            None if at >= crate::value::TYPE_PARAMS => "type".to_owned(),
            _ => format!("#{}", at + 1),
        }
    }
}

/// True for a value that the code itself says where nothing else does, and that otherwise is a part of an object that
/// somebody hands in: `job.topic.unwrap_or("jobs")`.
pub(super) fn has_own(value: &Value) -> bool {
    let options = value.alternatives();
    let is_part = |value: &Value| matches!(value, Value::Param(_, _, path) if path.len() > 1);
    options.iter().any(|option| matches!(option, Value::Text(text) if !text.is_empty()))
        && options.iter().filter(|option| option.is_symbolic()).all(is_part)
        && options.iter().any(Value::is_symbolic)
}

/// True for a value that is empty unless an object that somebody hands in says otherwise.
pub(super) fn says_empty(value: &Value) -> bool {
    let is_empty = |value: &Value| matches!(value, Value::Text(text) if text.is_empty());
    let is_part = |value: &Value| matches!(value, Value::Param(_, _, path) if path.len() > 1);
    let options = value.alternatives();
    options.iter().any(is_empty) && options.iter().all(|option| is_empty(option) || is_part(option))
}

/// True for the name of a constant as it is written in capitals.
fn is_constant(name: &str) -> bool {
    name.len() > 1
        && name.starts_with(|letter: char| letter.is_ascii_uppercase())
        && name.chars().all(|letter| letter.is_ascii_uppercase() || letter.is_ascii_digit() || letter == '_')
}

fn placeholder(eval: &Eval<'_, '_>, value: &Value) -> String {
    match value {
        Value::Param(function, at, path) => match path.iter().rev().find_map(|key| match key {
            crate::world::Key::Name(name) if name != "[]" && !name.ends_with("()") => Some(name.to_string()),
            _ => None,
        }) {
            Some(name) => format!("{{{name}}}"),
            None => format!("{{{}}}", eval.param_name(*function, *at)),
        },
        Value::Abstract(_, name) => format!("{{{name}}}"),
        Value::Library(module, names) if !module.is_empty() => match names.last() {
            Some(name) if is_constant(name) => format!("{{{name}}}"),
            _ => "{}".to_owned(),
        },
        _ => "{}".to_owned(),
    }
}
