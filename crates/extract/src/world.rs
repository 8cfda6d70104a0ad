//! The program as the link half sees it: lowered files with their indexes, loaded when first asked for.

mod ahead;
mod blocks;
mod calls;
mod closed;
mod exports;
mod fallbacks;
mod generated;
mod impls;
mod index;
mod modules;
mod noted;
mod paths;
mod settings;
mod unreached;

pub(crate) use fallbacks::Holding;
pub(crate) use index::bound_method;
pub(crate) use index::{Arm, CallSite, Def, Index, Key, Scope, Use, last_name};
pub(crate) use modules::{GoModules, PackageId, go_imports, included, join, relaxed_json};
pub(crate) use paths::is_test;
pub(crate) use settings::{APPLICATION_NAMES, Piece, Settings, pieces, properties_of, sections};

use crate::source::{FileId, Source};
use exports::Exports;
use modules::{Modules, Place, Usings};
use paths::common_folders;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;
use weir_facts::Site;
use weir_syntax::{ExprId, Function, FunctionId, Tree, TypeDecl, TypeId};

/// A function anywhere in the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct FnRef {
    pub(crate) file: FileId,
    pub(crate) id: FunctionId,
}

/// A declared type anywhere in the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct ClassRef {
    pub(crate) file: FileId,
    pub(crate) id: TypeId,
}

/// One loaded file.
pub(crate) struct Unit {
    pub(crate) file: FileId,
    pub(crate) path: SmolStr,
    pub(crate) tree: Arc<Tree>,
    pub(crate) index: Index,
    pub(crate) test: bool,
    closed: closed::Closed,
}

impl Unit {
    pub(crate) fn site(&self, expr: ExprId) -> Site {
        Site::new(self.path.clone(), self.line(expr))
    }

    pub(crate) fn line(&self, expr: ExprId) -> u32 {
        self.tree.expr_lines.get(expr.0 as usize).copied().unwrap_or(1)
    }

    pub(crate) fn function(&self, id: FunctionId) -> &Function {
        &self.tree.functions[id.0 as usize]
    }

    pub(crate) fn class(&self, id: TypeId) -> &TypeDecl {
        &self.tree.types[id.0 as usize]
    }

    pub(crate) fn expr(&self, id: ExprId) -> &weir_syntax::Expr {
        &self.tree.exprs[id.0 as usize]
    }
}

/// What an imported or exported name stands for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Target {
    /// A file of the program, as a module.
    Module(FileId),
    /// A package or namespace of the program, over all its files.
    Package(PackageId),
    /// A member of a type at the top level of a file.
    Member(FileId, SmolStr, SmolStr),
    /// A name at the top level of a file.
    Named(FileId, SmolStr),
    /// A value exported without a name.
    Value(FileId, ExprId),
    /// A module outside the program and the path inside it.
    Library(SmolStr, Vec<SmolStr>),
}

/// Exported names that hold an object of a class: who uses the object may say the name instead of the class.
#[derive(Default)]
pub(crate) struct Carriers(RefCell<BTreeMap<ClassRef, BTreeSet<SmolStr>>>);

impl Carriers {
    pub(crate) fn add(&self, class: ClassRef, name: &SmolStr) {
        self.0.borrow_mut().entry(class).or_default().insert(name.clone());
    }

    pub(crate) fn of(&self, class: ClassRef) -> BTreeSet<SmolStr> {
        self.0.borrow().get(&class).cloned().unwrap_or_default()
    }
}

/// The files of a package that declare a name.
type Packaged = FxHashMap<(PackageId, SmolStr), Rc<[FileId]>>;

/// The program.
pub(crate) struct World<'s> {
    pub(crate) source: &'s dyn Source,
    pub(crate) settings: Settings,
    pub(crate) carriers: Carriers,
    modules: Modules,
    usings: Usings,
    units: RefCell<FxHashMap<FileId, Option<Rc<Unit>>>>,
    /// Files that are searched for operations and callers; others are loaded only because a name led there.
    searched: RefCell<BTreeMap<FileId, Rc<Unit>>>,
    /// What the searched files call.
    calls: RefCell<calls::CallIndex>,
    /// Loaded classes by the simple name of what they extend.
    subclasses: RefCell<FxHashMap<SmolStr, BTreeSet<ClassRef>>>,
    /// Functions of loaded files that are called on objects of types they do not stand in, by name.
    extensions: RefCell<FxHashMap<SmolStr, BTreeSet<FnRef>>>,
    impls: impls::Impls,
    /// Resolved modules by importing file: neither the files nor their exports change during a run.
    resolved: RefCell<FxHashMap<FileId, FxHashMap<SmolStr, Target>>>,
    exports: Exports,
    packaged: RefCell<Packaged>,
    /// Loaded files by the methods they declare and by the types of which they make objects with literals.
    by_method: RefCell<FxHashMap<SmolStr, BTreeSet<FileId>>>,
    by_literal: RefCell<FxHashMap<SmolStr, BTreeSet<FileId>>>,
    /// Loaded files by the members they assign.
    by_assigned: RefCell<FxHashMap<SmolStr, BTreeSet<FileId>>>,
    /// How many files say a word.
    said: RefCell<FxHashMap<SmolStr, usize>>,
    /// What names stand for that files see without declaring or importing them.
    seen: RefCell<FxHashMap<FileId, FxHashMap<SmolStr, Option<Target>>>>,
    /// Members of types, over all files that may hold them.
    members: RefCell<FxHashMap<ClassRef, Rc<[FnRef]>>>,
}

impl<'s> World<'s> {
    pub(crate) fn new(source: &'s dyn Source) -> Self {
        World {
            source,
            settings: Settings::read(source),
            carriers: Carriers::default(),
            modules: Modules::read(source),
            usings: Usings::default(),
            units: RefCell::default(),
            searched: RefCell::default(),
            calls: RefCell::default(),
            subclasses: RefCell::default(),
            extensions: RefCell::default(),
            impls: impls::Impls::default(),
            resolved: RefCell::default(),
            exports: Exports::default(),
            packaged: RefCell::default(),
            by_method: RefCell::default(),
            by_literal: RefCell::default(),
            by_assigned: RefCell::default(),
            said: RefCell::default(),
            seen: RefCell::default(),
            members: RefCell::default(),
        }
    }

    /// A package brings a namespace into every project that refers to it.
    pub(crate) fn bring(&mut self, package: &SmolStr, namespace: &SmolStr) {
        self.usings.bring(package, namespace);
    }

    /// The loaded file; `None` when it cannot be read or has no language.
    pub(crate) fn unit(&self, file: FileId) -> Option<Rc<Unit>> {
        if let Some(known) = self.units.borrow().get(&file) {
            return known.clone();
        }
        let unit = self.source.tree(file).map(|mut tree| {
            let path = self.source.paths()[file.0 as usize].clone();
            if tree.language == weir_syntax::Language::CSharp {
                let said: BTreeSet<SmolStr> = tree.imports.iter().map(|import| import.module.clone()).collect();
                let more = self.usings.of(self.source, &path).into_iter();
                Arc::make_mut(&mut tree).imports.extend(more.filter(|import| !said.contains(&import.module)));
            }
            generated::add_messages(&mut tree, &path, || self.source.text(file));
            let index = Index::of(&tree);
            let test = is_test(&path);
            let closed = closed::Closed::new(&tree);
            Rc::new(Unit { file, path, tree, index, test, closed })
        });
        if let Some(unit) = &unit {
            self.note_bases(unit);
            self.note_objects(unit);
            self.note_assigned(unit);
            self.note_extensions(unit);
            self.note_owned(unit);
            self.calls.borrow_mut().aliases(unit);
        }
        self.units.borrow_mut().insert(file, unit.clone());
        if let Some(unit) = &unit {
            self.expect_imported(unit);
        }
        unit
    }

    /// Adds files to those that are searched, lowering them side by side; says how many are new.
    pub(crate) fn search(&self, files: &[FileId]) -> usize {
        let new: Vec<FileId> =
            files.iter().copied().filter(|file| !self.searched.borrow().contains_key(file)).collect();
        self.source.prefetch(&new);
        let units: Vec<Rc<Unit>> =
            new.iter().filter_map(|file| self.unit(*file)).filter(|unit| !self.is_dead(unit)).collect();
        self.lower_imported(&units);
        let count = units.len();
        units.iter().for_each(|unit| self.calls.borrow_mut().add(unit));
        self.searched.borrow_mut().extend(units.into_iter().map(|unit| (unit.file, unit)));
        count
    }

    /// The files that are searched, by id.
    pub(crate) fn searched(&self) -> Vec<Rc<Unit>> {
        self.searched.borrow().values().cloned().collect()
    }

    /// Every file loaded so far, by id.
    pub(crate) fn loaded(&self) -> Vec<Rc<Unit>> {
        let mut units: Vec<_> = self.units.borrow().values().flatten().cloned().collect();
        units.sort_by_key(|unit| unit.file);
        units
    }

    /// What an import of `module` in `unit` names.
    pub(crate) fn module(&self, unit: &Unit, module: &str) -> Target {
        let known = self.resolved.borrow().get(&unit.file).and_then(|modules| modules.get(module)).cloned();
        known.unwrap_or_else(|| {
            let target = match self.modules.resolve(self.source, &unit.tree, &unit.path, module) {
                Some(Place::File(file)) => Target::Module(file),
                Some(Place::Package(package)) => Target::Package(package),
                Some(Place::Type(package, name)) => {
                    // A type inside a type stands in the same file and goes by its own name there.
                    let (outer, inner) = name.split_once('.').unwrap_or((&name, ""));
                    let ty =
                        self.in_package(package, outer, &unit.path).map(|ty| match (ty, inner.rsplit('.').next()) {
                            (Target::Named(file, _), Some(inner)) if !inner.is_empty() => {
                                Target::Named(file, inner.into())
                            }
                            (ty, _) => ty,
                        });
                    ty.unwrap_or_else(|| Target::Library(module.into(), Vec::new()))
                }
                None => {
                    self.declared_module(unit, module).unwrap_or_else(|| Target::Library(module.into(), Vec::new()))
                }
            };
            self.resolved.borrow_mut().entry(unit.file).or_default().insert(module.into(), target.clone());
            target
        })
    }

    /// What a name at the top level of a package stands for.
    /// Programs that lie beside each other often have packages of one name: what lies nearest to the code at `near` counts.
    pub(crate) fn in_package(&self, package: PackageId, name: &str, near: &str) -> Option<Target> {
        let known = self.packaged.borrow().get(&(package, SmolStr::new(name))).cloned();
        let files = known.unwrap_or_else(|| {
            let files = self.modules.declaring(self.source, package, name);
            let stands = |file: &FileId| {
                let defs = self.unit(*file).and_then(|unit| unit.index.defs.get(&(None, name.into())).cloned());
                defs.is_some_and(|defs| !defs.iter().all(|def| matches!(def, Def::Import(_))))
            };
            let found: Rc<[FileId]> = files.into_iter().filter(stands).collect();
            self.packaged.borrow_mut().insert((package, name.into()), found.clone());
            found
        });
        let paths = self.source.paths();
        let nearest =
            files.iter().max_by_key(|file| (common_folders(&paths[file.0 as usize], near), std::cmp::Reverse(file.0)));
        match nearest {
            Some(nearest) => Some(Target::Named(*nearest, name.into())),
            None => self.modules.inside(self.source, package, name).map(Target::Package),
        }
    }

    /// What a name stands for that the file neither declares nor imports by name: what its own package and the packages
    /// around it declare, then what it imports as a whole.
    pub(crate) fn around(&self, unit: &Unit, name: &str) -> Option<Target> {
        if let Some(known) = self.seen.borrow().get(&unit.file).and_then(|names| names.get(name)) {
            return known.clone();
        }
        let target = self.seek_around(unit, name);
        self.seen.borrow_mut().entry(unit.file).or_default().insert(name.into(), target.clone());
        target
    }

    fn seek_around(&self, unit: &Unit, name: &str) -> Option<Target> {
        let around = self.modules.around(self.source, &unit.tree, &unit.path);
        let own = around.into_iter().find_map(|package| self.type_in_package(package, name, &unit.path));
        let found = own.or_else(|| {
            let whole = unit.tree.imports.iter().filter(|import| import.imported == weir_syntax::Imported::All);
            whole.into_iter().find_map(|import| match self.module(unit, &import.module) {
                Target::Module(file) => self.export(file, name),
                Target::Package(package) => self.type_in_package(package, name, &unit.path),
                Target::Named(file, ty) => self.member_of(file, &ty, name),
                _ => None,
            })
        });
        found.or_else(|| self.modules.namespace(self.source, &unit.tree, name).map(Target::Package))
    }

    /// What a package declares under a name; namespaces inside it do not count.
    fn type_in_package(&self, package: PackageId, name: &str, near: &str) -> Option<Target> {
        self.in_package(package, name, near).filter(|target| !matches!(target, Target::Package(_)))
    }

    /// The type on whose objects a function runs. Where members name their owner, it may be declared in another file.
    pub(crate) fn class_of(&self, unit: &Unit, function: FunctionId) -> Option<ClassRef> {
        if let Some(id) = unit.index.class.get(function.0 as usize).copied().flatten() {
            return Some(ClassRef { file: unit.file, id });
        }
        let has_impls = unit.tree.language.has_impls();
        if !unit.tree.language.spreads_members() && !has_impls {
            return None;
        }
        let mut at = Some(function);
        while let Some(id) = at {
            if let Some(owner) = &unit.function(id).owner {
                let imported = if has_impls { self.local(unit, owner, 0) } else { None };
                let Target::Named(file, name) = imported.or_else(|| self.around(unit, owner))? else { return None };
                let other = self.unit(file)?;
                let id = other.tree.types.iter().position(|ty| ty.name == name)?;
                return Some(ClassRef { file, id: TypeId(u32::try_from(id).ok()?) });
            }
            at = unit.index.parent[id.0 as usize];
        }
        None
    }

    /// The functions that a type declares, and those that name it as their owner in the files of its package.
    pub(crate) fn members(&self, class: ClassRef) -> Rc<[FnRef]> {
        if let Some(known) = self.members.borrow().get(&class) {
            return known.clone();
        }
        let Some(unit) = self.unit(class.file) else { return Rc::from([]) };
        let decl = unit.class(class.id);
        let declared = decl.members.iter().map(|id| FnRef { file: class.file, id: *id });
        let mut found: Vec<FnRef> = declared.collect();
        if unit.tree.language.spreads_members() && !decl.name.is_empty() {
            let around = self.modules.around(self.source, &unit.tree, &unit.path);
            let files = around.first().map(|own| self.modules.declaring(self.source, *own, &decl.name));
            for file in files.unwrap_or_default() {
                let Some(other) = self.unit(file).filter(|other| !other.test || unit.test) else { continue };
                for (at, function) in other.tree.functions.iter().enumerate() {
                    let member = FnRef { file, id: FunctionId(u32::try_from(at).unwrap_or(u32::MAX)) };
                    if function.owner.as_ref() == Some(&decl.name) && !found.contains(&member) {
                        found.push(member);
                    }
                }
            }
        }
        if unit.tree.language.has_impls() && !decl.name.is_empty() {
            self.load_impls(&decl.name);
            let is_ours = |member: &FnRef| {
                self.unit(member.file).is_some_and(|other| {
                    (!other.test || unit.test)
                        && !self.is_dead(&other)
                        && self.class_of(&other, member.id) == Some(class)
                })
            };
            found.extend(self.owned_by(&decl.name).into_iter().filter(is_ours));
        }
        let found: Rc<[FnRef]> = found.into();
        self.members.borrow_mut().insert(class, found.clone());
        found
    }

    /// How many files say a word.
    pub(crate) fn files_saying(&self, word: &SmolStr) -> usize {
        if let Some(known) = self.said.borrow().get(word) {
            return *known;
        }
        let count = self.source.mentioning(&[crate::source::Mention::of(word.clone())]).len();
        self.said.borrow_mut().insert(word.clone(), count);
        count
    }

    /// The files that satisfy a mention and are not searched, tests left out.
    pub(crate) fn unsearched(&self, mentions: &std::collections::BTreeSet<crate::source::Mention>) -> Vec<FileId> {
        let mentions: Vec<_> = mentions.iter().filter(|mention| !mention.word.is_empty()).cloned().collect();
        let searched = self.searched.borrow();
        let paths = self.source.paths();
        let files = self.source.mentioning(&mentions).into_iter();
        files.filter(|file| !searched.contains_key(file) && !is_test(&paths[file.0 as usize])).collect()
    }

    /// True where a file that is not searched yet may say a word.
    pub(crate) fn is_said_elsewhere(&self, word: &SmolStr) -> bool {
        let searched = self.searched.borrow();
        let saying = self.source.mentioning(&[crate::source::Mention::of(word.clone())]);
        saying.iter().any(|file| !searched.contains_key(file))
    }

    /// The files of the package that a file belongs to, in languages whose packages span files.
    pub(crate) fn beside(&self, file: FileId) -> Vec<FileId> {
        let Some(unit) = self.unit(file).filter(|unit| unit.tree.language.spreads_members()) else {
            return Vec::new();
        };
        let around = self.modules.around(self.source, &unit.tree, &unit.path);
        around.first().map(|own| self.modules.files(self.source, *own)).unwrap_or_default()
    }

    /// Classes that name `name` as a base, among the loaded files.
    pub(crate) fn named_subclasses(&self, name: &str) -> Vec<ClassRef> {
        self.subclasses.borrow().get(name).map(|classes| classes.iter().copied().collect()).unwrap_or_default()
    }

    /// Extension methods of a name, among the loaded files.
    pub(crate) fn extensions(&self, name: &str) -> Vec<FnRef> {
        self.extensions.borrow().get(name).map(|all| all.iter().copied().collect()).unwrap_or_default()
    }

    /// Loaded files that declare a method of this name, tests left out.
    pub(crate) fn declaring_method(&self, name: &str) -> Vec<Rc<Unit>> {
        self.of_index(&self.by_method, name)
    }

    /// Loaded files that may make objects of a type of this name, tests left out.
    pub(crate) fn making(&self, name: &str) -> Vec<Rc<Unit>> {
        self.of_index(&self.by_literal, name)
    }

    fn of_index(&self, index: &RefCell<FxHashMap<SmolStr, BTreeSet<FileId>>>, name: &str) -> Vec<Rc<Unit>> {
        let files = index.borrow().get(name).cloned().unwrap_or_default();
        files.into_iter().filter_map(|file| self.unit(file)).filter(|unit| !unit.test).collect()
    }

    fn note_objects(&self, unit: &Unit) {
        if !unit.tree.language.is_structural() {
            return;
        }
        let mut methods = self.by_method.borrow_mut();
        for function in unit.tree.functions.iter().filter(|function| function.owner.is_some()) {
            methods.entry(function.name.clone()).or_default().insert(unit.file);
        }
        let mut literals = self.by_literal.borrow_mut();
        for site in &unit.index.all_calls {
            let made = match unit.expr(site.expr) {
                weir_syntax::Expr::New(call) => Some(call),
                // Where a call of a type's name makes an object, every call may.
                weir_syntax::Expr::Call(call) if !unit.tree.language.has_struct_literals() => Some(call),
                _ => None,
            };
            if let Some(name) = made.and_then(|call| last_name(&unit.tree, call.callee)) {
                literals.entry(name).or_default().insert(unit.file);
            }
        }
    }

    fn note_bases(&self, unit: &Unit) {
        let mut subclasses = self.subclasses.borrow_mut();
        for (at, class) in unit.tree.types.iter().enumerate() {
            let id = TypeId(u32::try_from(at).unwrap_or(u32::MAX));
            for base in class.bases.iter().filter_map(|base| base.name()) {
                let name = base.rsplit('.').next().unwrap_or(base);
                subclasses.entry(name.into()).or_default().insert(ClassRef { file: unit.file, id });
            }
        }
    }
}
