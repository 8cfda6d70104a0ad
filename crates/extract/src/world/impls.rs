//! Functions in blocks of their own, and modules that declare each other: what is there only because another file says so.

use super::{Def, FnRef, Place, Target, Unit, World};
use crate::source::{FileId, Mention};
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::BTreeSet;
use weir_syntax::FunctionId;

/// What the loaded files say of types and modules elsewhere.
#[derive(Default)]
pub(super) struct Impls {
    /// Functions that stand outside the type they name as their owner, by its simple name.
    owned: RefCell<FxHashMap<SmolStr, BTreeSet<FnRef>>>,
    /// Those of them that implement something, by its simple name.
    implementing: RefCell<FxHashMap<SmolStr, BTreeSet<FnRef>>>,
    /// Files that are never compiled, as far as it was asked.
    dead: RefCell<FxHashMap<FileId, bool>>,
    /// Names of types whose impls were looked for.
    sought: RefCell<BTreeSet<SmolStr>>,
}

impl World<'_> {
    /// A module that is no file of its own, in languages whose types and inline modules are modules too.
    pub(super) fn declared_module(&self, unit: &Unit, module: &str) -> Option<Target> {
        if !unit.tree.language.has_impls() {
            return None;
        }
        // Modules that bring in each other's names lead back here: while it is sought, it is nothing of the program.
        let outside = Target::Library(module.into(), Vec::new());
        self.resolved.borrow_mut().entry(unit.file).or_default().insert(module.into(), outside);
        let Some((outer, last)) = module.rsplit_once("::") else {
            let defs = unit.index.defs.get(&(None, module.into()))?;
            let declares = defs.iter().any(|def| matches!(def, Def::Type(_) | Def::Let { .. }));
            return declares.then(|| Target::Named(unit.file, module.into()));
        };
        match self.module(unit, outer) {
            Target::Module(file) => self.export(file, last),
            Target::Named(file, ty) => Some(Target::Member(file, ty, last.into())),
            Target::Library(..) | Target::Package(_) | Target::Member(..) | Target::Value(..) => None,
        }
    }

    /// True for a file that no module above it declares, in languages whose modules declare each other: it is never
    /// compiled.
    pub(crate) fn is_dead(&self, unit: &Unit) -> bool {
        if let Some(known) = self.impls.dead.borrow().get(&unit.file) {
            return *known;
        }
        let Some(parents) = self.modules.parents(self.source, &unit.tree, &unit.path) else { return false };
        // A module that is asked for while its own parents are sought does not make them live.
        self.impls.dead.borrow_mut().insert(unit.file, true);
        let declares = |parent: &FileId| {
            self.unit(*parent).is_some_and(|parent| {
                let names = |import: &weir_syntax::Import| {
                    import.imported == weir_syntax::Imported::Module
                        && self.modules.resolve(self.source, &parent.tree, &parent.path, &import.module)
                            == Some(Place::File(unit.file))
                };
                parent.tree.imports.iter().any(names) && !self.is_dead(&parent)
            })
        };
        let dead = !parents.iter().any(declares);
        self.impls.dead.borrow_mut().insert(unit.file, dead);
        dead
    }

    /// Notes the functions of a file that stand outside their type.
    pub(super) fn note_owned(&self, unit: &Unit) {
        let (mut owned, mut implementing) = (self.impls.owned.borrow_mut(), self.impls.implementing.borrow_mut());
        for (at, function) in unit.tree.functions.iter().enumerate() {
            let id = FunctionId(u32::try_from(at).unwrap_or(u32::MAX));
            let Some(owner) = &function.owner else { continue };
            let inside = unit.index.class[at].is_some_and(|class| unit.class(class).members.contains(&id));
            if inside {
                continue;
            }
            owned.entry(owner.clone()).or_default().insert(FnRef { file: unit.file, id });
            if let Some(base) = function.implements.as_ref().and_then(|base| base.name()) {
                let name = base.rsplit('.').next().unwrap_or(base);
                implementing.entry(name.into()).or_default().insert(FnRef { file: unit.file, id });
            }
        }
    }

    /// Functions outside the type of this name that name it as their owner, among the loaded files.
    pub(crate) fn owned_by(&self, name: &str) -> Vec<FnRef> {
        self.impls.owned.borrow().get(name).map(|functions| functions.iter().copied().collect()).unwrap_or_default()
    }

    /// Functions outside their type that implement a trait of this name, among the loaded files.
    pub(crate) fn implementing(&self, name: &str) -> Vec<FnRef> {
        self.impls
            .implementing
            .borrow()
            .get(name)
            .map(|functions| functions.iter().copied().collect())
            .unwrap_or_default()
    }

    /// Loads the files that may implement something for or by a type, once for each name.
    pub(crate) fn load_impls(&self, name: &SmolStr) {
        if !self.impls.sought.borrow_mut().insert(name.clone()) {
            return;
        }
        let mention = Mention { word: name.clone(), with: vec!["impl".into()] };
        let files = self.source.mentioning(&[mention]);
        self.source.prefetch(&files);
        for file in files {
            self.unit(file);
        }
    }
}
