//! Follows what files import and hand out to what it stands for, through files that hand on what others export.

use super::{Def, Target, Unit, World};
use crate::source::FileId;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::rc::Rc;

/// Files that hand a name on, one after the other: chains of real programs are short.
const MAX_CHAIN: u32 = 12;

/// What files were found to hand out; neither the files nor their exports change during a run.
#[derive(Default)]
pub(super) struct Exports {
    known: RefCell<FxHashMap<FileId, FxHashMap<SmolStr, Option<Target>>>>,
    /// Names being sought.
    open: RefCell<Vec<(FileId, SmolStr)>>,
}

impl World<'_> {
    /// What a file hands out under `name` (`default`, or a name).
    pub(crate) fn export(&self, file: FileId, name: &str) -> Option<Target> {
        self.export_within(file, name, 0)
    }

    fn export_within(&self, file: FileId, name: &str, depth: u32) -> Option<Target> {
        if let Some(known) = self.exports.known.borrow().get(&file).and_then(|names| names.get(name)) {
            return known.clone();
        }
        let asked = (file, SmolStr::new(name));
        // Files that hand on what the other hands out: the way back adds nothing.
        if depth > MAX_CHAIN || self.exports.open.borrow().contains(&asked) {
            return None;
        }
        self.exports.open.borrow_mut().push(asked);
        let target = self.seek_export(file, name, depth);
        self.exports.open.borrow_mut().pop();
        // That nothing was found may be due to where the question came from, unless it was the first.
        if target.is_some() || self.exports.open.borrow().is_empty() {
            self.exports.known.borrow_mut().entry(file).or_default().insert(name.into(), target.clone());
        }
        target
    }

    fn seek_export(&self, file: FileId, name: &str, depth: u32) -> Option<Target> {
        use weir_syntax::ExportTarget;
        let unit = self.unit(file)?;
        if let Some(export) = unit.tree.exports.iter().find(|export| export.name == name) {
            return match &export.target {
                ExportTarget::Local(local) => self.local(&unit, local, depth),
                ExportTarget::Value(value) => Some(Target::Value(file, *value)),
                ExportTarget::From { module, name } => match self.module(&unit, module) {
                    Target::Module(other) if name == "*" => Some(Target::Module(other)),
                    Target::Module(other) => self.export_within(other, name, depth + 1),
                    Target::Library(module, _) if name == "*" => Some(Target::Library(module, Vec::new())),
                    Target::Library(module, _) => Some(Target::Library(module, vec![name.clone()])),
                    other => Some(other),
                },
            };
        }
        if !unit.tree.language.has_exports() {
            return self.handed_out(&unit, name, depth);
        }
        let mut outside = None;
        for export in unit.tree.exports.iter().filter(|export| export.name == "*") {
            if let ExportTarget::From { module, .. } = &export.target {
                match self.module(&unit, module) {
                    Target::Module(other) if !self.source.may_export(other, name) => {}
                    Target::Module(other) => {
                        if let Some(found) = self.export_within(other, name, depth + 1) {
                            return Some(found);
                        }
                    }
                    Target::Library(module, _) => {
                        outside = outside.or(Some(Target::Library(module, vec![name.into()])))
                    }
                    _ => {}
                }
            }
        }
        outside
    }

    /// What a module of a language without export declarations hands out: what it declares or imports, and the modules
    /// below it.
    fn handed_out(&self, unit: &Rc<Unit>, name: &str, depth: u32) -> Option<Target> {
        if let Some(found) = self.local(unit, name, depth) {
            return Some(found);
        }
        if let Target::Module(inner) = self.module(unit, &unit.tree.language.submodule(name))
            && inner != unit.file
        {
            return Some(Target::Module(inner));
        }
        let whole = unit.tree.imports.iter().filter(|import| import.imported == weir_syntax::Imported::All);
        whole.into_iter().find_map(|import| match self.module(unit, &import.module) {
            Target::Module(other) => self.export_within(other, name, depth + 1),
            _ => None,
        })
    }

    /// What a top-level name of a file stands for, imports followed.
    pub(crate) fn local(&self, unit: &Unit, name: &str, depth: u32) -> Option<Target> {
        match unit.index.defs.get(&(None, name.into()))?.first()? {
            Def::Import(at) => self.import(unit, *at, depth + 1),
            _ => Some(Target::Named(unit.file, name.into())),
        }
    }

    /// What one import brings in.
    pub(crate) fn import(&self, unit: &Unit, at: usize, depth: u32) -> Option<Target> {
        use weir_syntax::Imported;
        let import = unit.tree.imports.get(at)?;
        let target = self.module(unit, &import.module);
        Some(match (target, &import.imported) {
            (Target::Module(file), Imported::Name(name)) => self.export_within(file, name, depth + 1)?,
            (Target::Module(file), Imported::Default) => self
                .export_within(file, "default", depth + 1)
                .or_else(|| self.export_within(file, "=", depth + 1))
                .unwrap_or(Target::Module(file)),
            (Target::Package(package), Imported::Name(name)) => self.in_package(package, name, &unit.path)?,
            (Target::Named(file, ty), Imported::Name(name)) => Target::Member(file, ty, name.clone()),
            (Target::Library(module, path), Imported::Name(name)) => {
                // `from folder import module` where the folder itself is no module.
                let inner = unit.tree.language.module_of(&module, name);
                match self.module(unit, &inner) {
                    Target::Module(file) if inner != module => Target::Module(file),
                    _ => Target::Library(module, path.into_iter().chain([name.clone()]).collect()),
                }
            }
            (other, _) => other,
        })
    }

    /// The files of a file's own package that may declare a type of this name.
    pub(crate) fn declaring_beside(&self, unit: &Unit, name: &str) -> Vec<FileId> {
        let around = self.modules.around(self.source, &unit.tree, &unit.path);
        around.first().map(|own| self.modules.declaring(self.source, *own, name)).unwrap_or_default()
    }

    /// The full name of the module that a file is, where modules have names of their own.
    pub(crate) fn module_name(&self, unit: &Unit) -> Option<String> {
        self.modules.name(self.source, &unit.tree, &unit.path)
    }

    /// A member of a type, when the type declares it.
    pub(super) fn member_of(&self, file: FileId, ty: &str, name: &str) -> Option<Target> {
        let unit = self.unit(file)?;
        let Some(decl) = unit.tree.types.iter().find(|decl| decl.name == ty) else {
            // The names of an inline module stand flat in its file.
            let flat = unit.tree.language.has_impls() && unit.index.defs.contains_key(&(None, name.into()));
            return flat.then(|| Target::Named(file, name.into()));
        };
        let declares = decl.fields.iter().any(|field| field.name == name)
            || decl.variants.iter().any(|variant| variant.name == name)
            || decl.members.iter().any(|member| unit.function(*member).name == name)
            || unit.tree.types.iter().any(|inner| inner.name == name && inner.owner.as_deref() == Some(ty));
        declares.then(|| Target::Member(file, ty.into(), name.into()))
    }
}
