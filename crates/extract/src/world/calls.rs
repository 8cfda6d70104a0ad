//! Where the searched files call a name, so that the callers of a function are found without looking at every file.

use super::{CallSite, Target, Unit, World};
use crate::source::FileId;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::rc::Rc;
use weir_syntax::{ExportTarget, Imported};

/// Names by the files that call them.
#[derive(Default)]
pub(super) struct CallIndex {
    called: FxHashMap<SmolStr, BTreeSet<FileId>>,
    /// Imported or exported name to the files that call it by another and that other name.
    renamed: FxHashMap<SmolStr, BTreeSet<(FileId, SmolStr)>>,
    /// Calls of default imports, which every file may name as it likes: the file, the name, the import.
    defaults: BTreeSet<(FileId, SmolStr, usize)>,
    /// Names under which a file hands on what it calls otherwise.
    handed_on: FxHashMap<SmolStr, BTreeSet<SmolStr>>,
}

impl CallIndex {
    /// Notes what a searched file calls.
    pub(super) fn add(&mut self, unit: &Unit) {
        // The order does not show: each name has a set of its own.
        #[allow(clippy::iter_over_hash_type)]
        for name in unit.index.calls.keys() {
            self.called.entry(name.clone()).or_default().insert(unit.file);
        }
        for (at, import) in unit.tree.imports.iter().enumerate() {
            if !unit.index.calls.contains_key(&import.local) {
                continue;
            }
            match &import.imported {
                Imported::Default => {
                    self.defaults.insert((unit.file, import.local.clone(), at));
                }
                Imported::Name(name) if *name != import.local => {
                    self.renamed.entry(name.clone()).or_default().insert((unit.file, import.local.clone()));
                }
                _ => {}
            }
        }
    }

    /// Notes under which other names a file hands on what it has.
    pub(super) fn aliases(&mut self, unit: &Unit) {
        for export in &unit.tree.exports {
            let (ExportTarget::Local(name) | ExportTarget::From { name, .. }) = &export.target else { continue };
            if *name != export.name && !matches!(export.name.as_str(), "*" | "default" | "=") && name != "*" {
                self.handed_on.entry(name.clone()).or_default().insert(export.name.clone());
            }
        }
    }

    /// The name and what it is handed on as.
    fn names(&self, name: &str) -> BTreeSet<SmolStr> {
        let mut names = BTreeSet::from([SmolStr::new(name)]);
        let mut open = vec![SmolStr::new(name)];
        while let Some(name) = open.pop() {
            for other in self.handed_on.get(&name).into_iter().flatten() {
                if names.insert(other.clone()) {
                    open.push(other.clone());
                }
            }
        }
        names
    }
}

impl World<'_> {
    /// Calls and constructions in the searched files that may mean what `declared_in` calls `name`, in source order.
    pub(crate) fn call_sites(&self, name: &str, declared_in: FileId) -> Vec<(Rc<Unit>, CallSite)> {
        let mut words: BTreeSet<(FileId, SmolStr)> = BTreeSet::new();
        let defaults: Vec<(FileId, SmolStr, usize)> = {
            let calls = self.calls.borrow();
            for name in calls.names(name) {
                words.extend(calls.called.get(&name).into_iter().flatten().map(|file| (*file, name.clone())));
                words.extend(calls.renamed.get(&name).into_iter().flatten().cloned());
            }
            calls.defaults.iter().cloned().collect()
        };
        for (file, local, at) in defaults {
            let Some(unit) = self.unit(file) else { continue };
            if let Some(Target::Module(to) | Target::Named(to, _) | Target::Value(to, _)) = self.import(&unit, at, 0)
                && to == declared_in
            {
                words.insert((file, local));
            }
        }
        let mut sites = Vec::new();
        for (file, word) in words {
            let Some(unit) = self.unit(file) else { continue };
            for site in unit.index.calls.get(&word).into_iter().flatten() {
                sites.push((unit.clone(), *site));
            }
        }
        sites.sort_by_key(|(unit, site)| (unit.file, site.expr));
        sites.dedup_by_key(|(unit, site)| (unit.file, site.expr));
        sites
    }
}
