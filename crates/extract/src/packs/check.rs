//! Checks a pack beyond its shape: paths parse, matches name types that exist, words are known words.

use super::path::Path;
use super::schema::{BrokerRule, Condition, Emit, FactRule, Pack, Paths, Transaction};

const KINDS: &[&str] = &["topic", "queue", "exchange", "subject", "stream", "bus"];
const WRITES: &[&str] = &["insert", "update", "relative", "upsert", "delete", "save"];
const EXTERNALS: &[&str] = &["http", "http-read", "rpc", "mail", "payment"];

/// Says what is wrong with a pack, or nothing.
pub(super) fn check(pack: &Pack) -> Result<(), String> {
    for (name, rule) in &pack.types {
        if let Some(entries) = &rule.entries {
            path_of(entries).map_err(|why| format!("type {name}: {why}"))?;
        }
        for path in rule.properties.values() {
            path_of(path).map_err(|why| format!("type {name}: {why}"))?;
        }
        for origin in rule.from.iter().chain(&rule.member) {
            if let Some((ty, _)) = origin.split_once('.') {
                // A dotted origin may also be a nested export; only capitalised heads must be types of this pack.
                if ty.starts_with(char::is_uppercase) && !known(pack, ty) {
                    return Err(format!("type {name}: `{origin}` names no type of this pack"));
                }
            }
        }
    }
    for (index, rule) in pack.facts.iter().enumerate() {
        for name in rule.emit.iter().flat_map(|emit| emit.takes.iter().chain(&emit.reads)) {
            let ty = name.split('.').next().unwrap_or(name);
            if !pack.types.contains_key(ty) {
                return Err(format!("facts[{index}] ({}): `{name}` names no type of this pack", rule.pattern));
            }
        }
        for form in rule.pattern.split('|').map(str::trim) {
            form_of(pack, form).map_err(|why| format!("facts[{index}] ({}): {why}", rule.pattern))?;
        }
        fact(rule).map_err(|why| format!("facts[{index}] ({}): {why}", rule.pattern))?;
    }
    Ok(())
}

/// True for a type of the pack and for an object the library exports.
fn known(pack: &Pack, name: &str) -> bool {
    pack.types.contains_key(name) || pack.exports.iter().any(|exported| exported == name)
}

fn form_of(pack: &Pack, form: &str) -> Result<(), String> {
    if form.is_empty() || form.starts_with('.') {
        return Err(format!("`{form}` names no receiver"));
    }
    if let Some(name) = form.strip_prefix("extends ") {
        return if pack.types.contains_key(name) { Ok(()) } else { Err(format!("`{name}` is no type of this pack")) };
    }
    if form.starts_with('@') || form.starts_with("new ") {
        return Ok(());
    }
    if form.strip_suffix(" =").is_some_and(|name| !name.contains('.')) {
        return Ok(());
    }
    if let Some(name) = form.strip_suffix(" <-") {
        return if pack.types.contains_key(name) { Ok(()) } else { Err(format!("`{name}` is no type of this pack")) };
    }
    match form.split_once('.') {
        Some((head, _)) if head.starts_with(char::is_uppercase) && !known(pack, head) => {
            Err(format!("`{head}` is no type of this pack and none of its exports"))
        }
        _ => Ok(()),
    }
}

fn fact(rule: &FactRule) -> Result<(), String> {
    for (path, condition) in &rule.conditions {
        path_of(path)?;
        if let Condition::Is(word) = condition {
            let word = word.strip_prefix("not ").unwrap_or(word);
            let known = ["text", "object", "list", "function", "number", "type", "present", "missing", "filled"]
                .contains(&word);
            if !known && !word.starts_with('\'') {
                return Err(format!("`{word}` is no condition"));
            }
        }
    }
    if let Some(each) = &rule.each {
        path_of(each)?;
    }
    for (_, of) in rule.join.values().filter_map(|join| join.split_once(" of ")) {
        path_of(of)?;
    }
    match &rule.emit {
        Some(emit) => emission(emit),
        None => Ok(()),
    }
}

fn emission(emit: &Emit) -> Result<(), String> {
    for paths in [&emit.send, &emit.receive, &emit.routing_key, &emit.messages, &emit.runs].into_iter().flatten() {
        paths_of(paths)?;
    }
    for path in [&emit.exchange, &emit.queue, &emit.key, &emit.payload, &emit.group, &emit.handler, &emit.dead_letter]
        .into_iter()
        .flatten()
    {
        path_of(path)?;
    }
    for path in emit.settings.values().chain(&emit.value) {
        path_of(path)?;
    }
    if let Some(BrokerRule::Of { of, .. }) = &emit.broker {
        path_of(of)?;
    }
    if let Some(kind) = &emit.kind {
        word(kind, KINDS)?;
    }
    if let Some(declare) = &emit.declare {
        paths_of(&declare.channel)?;
        word(&declare.kind, KINDS)?;
        declare.dead_letter.iter().chain(declare.settings.values()).try_for_each(|path| path_of(path))?;
    }
    if let Some(bind) = &emit.bind {
        path_of(&bind.source)?;
        path_of(&bind.destination)?;
        bind.key.iter().try_for_each(paths_of)?;
    }
    if let Some(provide) = &emit.provide {
        path_of(&provide.value)?;
        provide.key.iter().try_for_each(|path| path_of(path))?;
    }
    if let Some(Transaction::Word(text)) = &emit.transaction
        && !["begin", "commit", "rollback"].contains(&text.as_str())
    {
        path_of(text)?;
    }
    if let Some(read) = &emit.read {
        read.table.iter().chain(&read.sql).try_for_each(|path| path_of(path))?;
    }
    if let Some(write) = &emit.write {
        word(&write.kind, WRITES)?;
        write.table.iter().chain(&write.keyed).try_for_each(|path| path_of(path))?;
    }
    if let Some(external) = &emit.external {
        word(&external.kind, EXTERNALS)?;
    }
    emit.entity
        .iter()
        .chain(&emit.value)
        .chain(&emit.fields)
        .chain(emit.document.iter().map(|read| &read.path))
        .try_for_each(|path| path_of(path))?;
    if let Some(route) = &emit.route {
        route.path.iter().try_for_each(paths_of)?;
        paths_of(&route.handler)?;
    }
    if let Some(schedule) = &emit.schedule {
        schedule.when.iter().try_for_each(|path| path_of(path))?;
        path_of(&schedule.handler)?;
    }
    Ok(())
}

fn word(given: &str, known: &[&str]) -> Result<(), String> {
    if known.contains(&given) { Ok(()) } else { Err(format!("`{given}` is none of {}", known.join(", "))) }
}

fn paths_of(paths: &Paths) -> Result<(), String> {
    match paths {
        Paths::One(path) => path_of(path),
        Paths::Many(paths) => paths.iter().try_for_each(|path| path_of(path)),
    }
}

fn path_of(path: &str) -> Result<(), String> {
    Path::parse(path)
        .map(drop)
        .map_err(|error| format!("path `{path}`: expected {} at character {}", error.expected, error.at + 1))
}
