//! Which files are searched before anything is known: those that import a library of messaging, and those that register
//! what others look up.

use super::pack_index::PackIndex;
use crate::packs::{FactRule, PackKind};
use crate::source::{FileId, Mention, Source};
use crate::world::{Unit, World};
use smol_str::SmolStr;
use std::collections::BTreeSet;
use weir_syntax::{ExportTarget, Expr};

/// The candidates that really import a library of messaging: most words it goes by are parts of other words, too.
pub(super) fn importing(source: &dyn Source, world: &World<'_>, packs: &PackIndex<'_>) -> Vec<FileId> {
    let candidates = source.candidates();
    source.prefetch(&candidates);
    let speaks = |unit: &Unit| {
        let imports = unit.tree.imports.iter().map(|import| &import.module);
        let required = unit.tree.exprs.iter().filter_map(|expr| match expr {
            Expr::Module(module) => Some(module),
            _ => None,
        });
        let handed_on = unit.tree.exports.iter().filter_map(|export| match &export.target {
            ExportTarget::From { module, .. } => Some(module),
            _ => None,
        });
        imports.chain(required).chain(handed_on).any(|module| packs.messaging_speaks(module, unit))
    };
    candidates.into_iter().filter(|file| world.unit(*file).is_some_and(|unit| speaks(&unit))).collect()
}

impl PackIndex<'_> {
    /// What files say that register something others look up; they often import nothing of messaging themselves.
    pub(crate) fn registrations(&self, used: &[bool]) -> Vec<Mention> {
        let mut mentions = BTreeSet::new();
        for (pack, _) in self.packs.iter().zip(used).filter(|(_, used)| **used) {
            // What a database is for shows where it is used, which may be far from any broker.
            let shows = |rule: &&FactRule| rule.emit.as_ref().is_some_and(|emit| emit.pattern.is_some());
            if pack.kind == PackKind::Storage {
                let with: Vec<SmolStr> = pack.types.values().flat_map(|ty| ty.names.iter().cloned()).collect();
                let forms = pack.facts.iter().filter(shows).flat_map(|rule| rule.pattern.split('|'));
                let methods = forms.filter_map(|form| form.trim().rsplit_once('.'));
                mentions.extend(methods.map(|(_, method)| Mention { word: method.into(), with: with.clone() }));
            }
            let registers = |rule: &&FactRule| rule.emit.as_ref().is_some_and(|emit| emit.provide.is_some());
            for form in pack.facts.iter().filter(registers).flat_map(|rule| rule.pattern.split('|')) {
                match form.trim().rsplit_once('.') {
                    Some((object, method)) if pack.exports.iter().any(|export| export == object) => {
                        mentions.insert(Mention { word: method.into(), with: vec![object.into()] });
                    }
                    // A method on whatever a library extends: containers and configuration, which files of messaging use and
                    // others fill. What else the file must say stands in the literals.
                    Some((_, method)) if matches!(pack.kind, PackKind::Di | PackKind::Config) => {
                        let plain = pack.literals.is_empty() && !form.trim().starts_with('*');
                        if !plain {
                            mentions.insert(Mention { word: method.into(), with: pack.literals.clone() });
                        }
                    }
                    // Annotations stand where the library of messaging is imported as well.
                    Some(_) => {}
                    None if form.trim().starts_with('@') => {}
                    None if form.trim().ends_with(" =") => {
                        mentions.insert(Mention::of(form.trim().trim_end_matches(" =")));
                    }
                    // A library that is known by the name of its package stands beside what it is asked for.
                    None if !pack.exports.is_empty() => {
                        mentions.insert(Mention { word: form.trim().into(), with: pack.exports.clone() });
                    }
                    None => {
                        mentions.insert(Mention::of(form.trim()));
                    }
                }
            }
        }
        mentions.into_iter().collect()
    }
}
