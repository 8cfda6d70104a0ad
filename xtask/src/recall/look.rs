//! What the send and receive rules of a pack look like as plain text.

use std::collections::BTreeSet;
use weir_engine::packs::{Emit, Pack, PackKind, Packs};

/// A text that could be a messaging call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Look {
    /// `.method(`
    Method(String),
    /// `function(`, not behind a definition's keyword
    Function(String),
    /// `new Type(`, or `Type(` and `Type{` where the language has no `new`
    Construction(String),
    /// `@Name`, `[Name`, `#[name`
    Annotation(String),
    /// A class that extends or implements it
    Base(String),
    /// `.Field <-`
    Channel(String),
}

/// The looks of one pack.
#[derive(Clone, Debug)]
pub(super) struct PackLooks {
    pub(super) library: String,
    pub(super) languages: Vec<String>,
    pub(super) imports: Vec<String>,
    pub(super) looks: BTreeSet<Look>,
}

/// The looks of every messaging pack that is guarded by an import; without one nothing says where to search.
pub(super) fn of(packs: &Packs) -> Vec<PackLooks> {
    let guarded = packs.packs.iter().filter(|pack| pack.kind == PackKind::Messaging && !pack.when.import.is_empty());
    guarded
        .map(|pack| PackLooks {
            library: pack.library.to_string(),
            languages: pack.languages.iter().map(ToString::to_string).collect(),
            imports: of_library(pack),
            looks: looks(pack),
        })
        .collect()
}

fn looks(pack: &Pack) -> BTreeSet<Look> {
    let operates = |emit: &Emit| emit.send.is_some() || emit.receive.is_some();
    let rules = pack.facts.iter().filter(|rule| rule.emit.as_ref().is_some_and(operates));
    let patterns = rules.flat_map(|rule| rule.pattern.split('|').map(str::trim));
    patterns.flat_map(|pattern| look(pack, pattern)).collect()
}

fn look(pack: &Pack, pattern: &str) -> Vec<Look> {
    if let Some(ty) = pattern.strip_prefix("new ") {
        return names(pack, ty).into_iter().map(Look::Construction).collect();
    }
    if let Some(name) = pattern.strip_prefix('@') {
        return names(pack, name).into_iter().map(Look::Annotation).collect();
    }
    if let Some(ty) = pattern.strip_prefix("extends ") {
        return names(pack, ty).into_iter().map(Look::Base).collect();
    }
    if let Some(field) = pattern.strip_suffix("<-") {
        return vec![Look::Channel(last(field.trim()).to_owned())];
    }
    match pattern.rsplit_once('.') {
        // Any member could be meant; there is no word to search for.
        Some((_, "*")) => Vec::new(),
        Some((_, method)) => vec![Look::Method(method.to_owned())],
        None => vec![Look::Function(pattern.to_owned())],
    }
}

/// The names under which code knows a type of the pack; `default` has none of its own.
fn names(pack: &Pack, ty: &str) -> Vec<String> {
    let ty = ty.trim();
    let listed = pack.types.get(ty).map(|rule| rule.names.as_slice()).unwrap_or_default();
    let listed: Vec<String> =
        listed.iter().filter(|name| *name != "default").map(|name| last(name).to_owned()).collect();
    if listed.is_empty() { vec![last(ty).to_owned()] } else { listed }
}

fn last(name: &str) -> &str {
    name.rsplit(['.', ':']).next().unwrap_or(name)
}

/// The modules of the library itself, where it is known which of those that the pack speaks of come with it: the others
/// are imported by files that have nothing to do with messages.
fn of_library(pack: &Pack) -> Vec<String> {
    let modules: Vec<String> = pack.when.import.iter().map(ToString::to_string).collect();
    let named = |module: &&String| pack.manifest.iter().any(|name| name.as_str() == module.as_str());
    let own: Vec<String> = modules.iter().filter(named).cloned().collect();
    if own.is_empty() { modules } else { own }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn send_and_receive_rules_become_texts() {
        let pack = weir_engine::packs::parse(
            "test.yaml",
            "library: test\nkind: messaging\nlanguages: [go]\nwhen: { import: [test] }\nbroker: kafka\ntypes:\n  A: { names: [default, Real, ns.Other] }\nfacts:\n\
             - { match: A.put | A.offer, emit: { send: $0 } }\n- { match: new A, emit: { receive: $0 } }\n\
             - { match: \"@On\", emit: { receive: $0, handler: $fn } }\n- { match: extends A, emit: { receive: $0 } }\n\
             - { match: run, emit: { receive: $0 } }\n- { match: A.ack, emit: { ack: true } }\n",
        )
        .expect("the pack reads");
        let looks: Vec<Look> = looks(&pack).into_iter().collect();
        let text = |name: &str| name.to_owned();
        assert_eq!(
            looks,
            [
                Look::Method(text("offer")),
                Look::Method(text("put")),
                Look::Function(text("run")),
                Look::Construction(text("Other")),
                Look::Construction(text("Real")),
                Look::Annotation(text("On")),
                Look::Base(text("Other")),
                Look::Base(text("Real")),
            ]
        );
    }
}
