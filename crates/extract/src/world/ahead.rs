//! Lowers files ahead of being asked for, side by side: asked for one by one they would be lowered one by one.

use super::{Target, Unit, World};
use crate::source::FileId;
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::rc::Rc;
use weir_syntax::{ExportTarget, Imported};

/// Files that hand a name on, one after the other, before the one that declares it.
const LEVELS: usize = 4;

/// A file that may be asked for what it exports: one name, or whatever there is.
type Asked = (FileId, Option<SmolStr>);

impl World<'_> {
    /// Lowers what these files import: level by level the files that their imports lead to. Where lowering is quick it is
    /// left to those who ask, and to [`World::expect_imported`].
    pub(super) fn lower_imported(&self, units: &[Rc<Unit>]) {
        let mut open: BTreeSet<Asked> = BTreeSet::new();
        for unit in units.iter().filter(|unit| !unit.tree.language.has_exports()) {
            for import in &unit.tree.imports {
                let name = match &import.imported {
                    Imported::Name(name) => Some(name.clone()),
                    _ => None,
                };
                open.extend(self.leads_to(unit, &import.module, name));
            }
        }
        let mut known = open.clone();
        for level in 1..=LEVELS {
            let mut files: Vec<FileId> = open.iter().map(|(file, _)| *file).collect();
            files.dedup();
            files.retain(|file| !self.units.borrow().contains_key(file));
            self.source.prefetch(&files);
            if level < LEVELS {
                open = open.iter().flat_map(|asked| self.handed_on(asked)).collect();
                open.retain(|asked| known.insert(asked.clone()));
            }
        }
    }

    /// Says that what a file imports may be asked for next: most of it will be, and lowering it need not wait for that.
    /// Only where names of modules lead to files without reading any.
    pub(super) fn expect_imported(&self, unit: &Unit) {
        if !unit.tree.language.has_exports() || unit.test {
            return;
        }
        let named = unit.tree.imports.iter().filter_map(|import| match &import.imported {
            Imported::Name(name) => self.leads_to(unit, &import.module, Some(name.clone())),
            _ => None,
        });
        let mut files: Vec<FileId> = named.map(|(file, _)| file).collect();
        files.sort_unstable();
        files.dedup();
        files.retain(|file| !self.units.borrow().contains_key(file));
        self.source.expect(&files);
    }

    /// The files from which a file hands on what it is asked for.
    fn handed_on(&self, (file, name): &Asked) -> Vec<Asked> {
        let Some(tree) = self.source.tree(*file) else { return Vec::new() };
        let hands_on = tree.exports.iter().any(|export| matches!(export.target, ExportTarget::From { .. }));
        let Some(unit) = hands_on.then(|| self.unit(*file)).flatten() else { return Vec::new() };
        let from = unit.tree.exports.iter().filter_map(|export| match &export.target {
            ExportTarget::From { module, .. } if export.name == "*" => self.leads_to(&unit, module, name.clone()),
            ExportTarget::From { module, name: inner } if name.as_ref().is_none_or(|name| export.name == *name) => {
                self.leads_to(&unit, module, Some(inner.clone()))
            }
            _ => None,
        });
        from.collect()
    }

    /// The file that a module named in a file is, unless it surely does not export what is asked for.
    fn leads_to(&self, unit: &Unit, module: &str, name: Option<SmolStr>) -> Option<Asked> {
        let Target::Module(file) = self.module(unit, module) else { return None };
        let may =
            name.as_ref().is_none_or(|name| !unit.tree.language.has_exports() || self.source.may_export(file, name));
        may.then_some((file, name))
    }
}
