//! Whether the conditions of a rule hold for a match, and what it depends on when that cannot be said yet.

use super::bind::Binder;
use super::pack_index::PackIndex;
use crate::packs::{Condition, FactRule, Path, Root, Term};
use crate::value::Value;
use crate::world::FnRef;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// What the conditions of a rule say about one match.
pub(crate) enum Guard {
    /// All hold.
    Holds,
    /// At least one does not.
    Fails,
    /// It depends on the callers of these functions; on the object at hand when there are none.
    Open(BTreeSet<FnRef>),
    /// Something they ask about is not visible.
    Unseen,
}

/// True when every condition of a rule holds for a match.
pub(crate) fn conditions_hold(packs: &PackIndex<'_>, rule: &FactRule, binder: &Binder<'_, '_, '_>) -> bool {
    matches!(guard(packs, rule, binder), Guard::Holds)
}

/// What the conditions of a rule say.
pub(crate) fn guard(packs: &PackIndex<'_>, rule: &FactRule, binder: &Binder<'_, '_, '_>) -> Guard {
    let mut open: Option<BTreeSet<FnRef>> = None;
    let mut unseen = false;
    for (text, condition) in &rule.conditions {
        let Some(path) = packs.path(text) else { return Guard::Fails };
        let value = binder.value(&path);
        let open_word = matches!(condition, Condition::Is(word) if word == "filled")
            && value
                .as_ref()
                .is_some_and(|value| value.is_symbolic() && !value.alternatives().iter().any(says_something));
        if !open_word && holds(binder, condition, value.as_ref()) {
            continue;
        }
        match value {
            // What the call itself does not say is not said.
            None if !asks_elsewhere(&path) || says_all(packs, binder) => return Guard::Fails,
            None => match receiver_source(binder) {
                Some(functions) => open.get_or_insert_default().extend(functions),
                None => unseen = true,
            },
            Some(value) if value.is_symbolic() && rules_out(condition, &value) => return Guard::Fails,
            Some(value) if value.is_symbolic() => {
                functions_of(&value, open.get_or_insert_default());
            }
            Some(Value::Opaque(_)) if asks_elsewhere(&path) => unseen = true,
            Some(_) => return Guard::Fails,
        }
    }
    match (open, unseen) {
        (Some(functions), _) => Guard::Open(functions),
        (None, true) => Guard::Unseen,
        (None, false) => Guard::Holds,
    }
}

/// True where the receiver was put together step by step before everybody's eyes: what it does not say is not said.
fn says_all(packs: &PackIndex<'_>, binder: &Binder<'_, '_, '_>) -> bool {
    matches!(&binder.this, Some(Value::Typed(typed)) if packs.is_fluent(typed) && typed.source.is_none())
}

/// True for paths that ask about registrations or about how the receiver was made.
fn asks_elsewhere(path: &Path) -> bool {
    path.alternatives.iter().any(|(term, _)| match term {
        Term::Apply(name, ..) => name == "lookup" || name == "all" || name == "ours",
        Term::Walk(root, _) => *root == Root::This,
        Term::Text(_) => false,
    })
}

/// The parameter a receiver was declared as; the object at hand may tell more about it.
fn receiver_source(binder: &Binder<'_, '_, '_>) -> Option<BTreeSet<FnRef>> {
    let Some(Value::Typed(typed)) = &binder.this else { return None };
    let source = typed.source.as_ref()?;
    let mut functions = BTreeSet::new();
    functions_of(source, &mut functions);
    Some(functions)
}

/// The functions whose parameters appear in a value.
pub(crate) fn functions_of(value: &Value, functions: &mut BTreeSet<FnRef>) -> bool {
    match value {
        Value::Param(function, ..) => {
            functions.insert(*function);
            true
        }
        Value::Abstract(..) => true,
        Value::Concat(parts) | Value::Choice(parts) => {
            // Every part is asked: each may name another function.
            parts.iter().filter(|part| functions_of(part, functions)).count() > 0
        }
        Value::Env(_, Some(default)) => functions_of(default, functions),
        _ => false,
    }
}

fn holds(binder: &Binder<'_, '_, '_>, condition: &Condition, value: Option<&Value>) -> bool {
    let any = |test: &dyn Fn(&Value) -> bool| value.is_some_and(|value| value.alternatives().iter().any(test));
    match condition {
        Condition::OneOf(words) => any(&|value| is_word(value, words)),
        Condition::Is(word) if word.starts_with("not ") => {
            let excluded = Condition::Is(word.trim_start_matches("not ").into());
            value.is_some() && !holds(binder, &excluded, value)
        }
        Condition::Is(word) => match word.as_str() {
            "missing" => value.is_none(),
            "present" => value.is_some(),
            // Anything but an empty text; what is not known may be filled.
            "filled" => any(&|value| !matches!(value, Value::Null) && value.as_text() != Some("")),
            "text" => any(&|value| {
                matches!(value, Value::Text(_) | Value::Concat(_) | Value::Env(..))
                    || matches!(value, Value::Param(function, at, _) if declared_text(binder, *function, *at))
            }),
            "object" => any(&|value| matches!(value, Value::Object(_) | Value::Instance(_))),
            "list" => any(&|value| matches!(value, Value::List(_))),
            "function" => any(&|value| matches!(value, Value::Closure(_))),
            "number" => any(&|value| matches!(value, Value::Number(_))),
            "type" => any(&|value| matches!(value, Value::Class(_))),
            quoted => any(&|value| is_word(value, &[quoted.trim_matches('\'').into()])),
        },
    }
}

/// A parameter declared as text.
fn declared_text(binder: &Binder<'_, '_, '_>, function: FnRef, at: usize) -> bool {
    let unit = binder.eval.world.unit(function.file);
    let ty = unit.and_then(|unit| unit.function(function.id).params.get(at).and_then(|param| param.ty.clone()));
    match ty {
        Some(ty) => {
            matches!(ty.name(), Some("string" | "String" | "str" | "&str"))
                || matches!(ty, weir_syntax::TypeRef::Text(_))
        }
        None => false,
    }
}

/// True for text of which a part is known.
fn says_something(value: &Value) -> bool {
    let letters = |part: &Value| matches!(part, Value::Text(text) if !text.is_empty());
    match value {
        Value::Concat(parts) => parts.iter().any(letters),
        value => letters(value),
    }
}

/// True for a text whose known parts are not those of the words that a condition asks for.
fn rules_out(condition: &Condition, value: &Value) -> bool {
    let words: Vec<&str> = match condition {
        Condition::OneOf(words) => words.iter().map(SmolStr::as_str).collect(),
        Condition::Is(word) if word.starts_with('\'') => vec![word.trim_matches('\'')],
        Condition::Is(_) => return false,
    };
    let fits = |value: &Value, word: &str| match value {
        Value::Concat(parts) => parts.iter().all(|part| match part {
            Value::Text(text) => word.contains(text.as_str()),
            _ => true,
        }),
        Value::Text(text) => text == word,
        _ => true,
    };
    !value.alternatives().iter().any(|value| words.iter().any(|word| fits(value, word)))
}

fn is_word(value: &Value, words: &[SmolStr]) -> bool {
    let text = match value {
        Value::Text(text) | Value::Number(text) => text.clone(),
        Value::Bool(flag) => SmolStr::new(flag.to_string()),
        Value::Library(_, path) => path.last().cloned().unwrap_or_default(),
        _ => return false,
    };
    words.contains(&text)
}
