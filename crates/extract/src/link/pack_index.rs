//! The packs, arranged so that a name met in code leads straight to the rules and types it may mean.

use super::bind::Binder;
use super::guard::conditions_hold;
use super::speaking::Speaking;
use crate::eval::Eval;
use crate::packs::{Document, Pack, PackKind, Packs, Path};
use crate::source::FileId;
use crate::value::{Frame, Typed, Value};
use crate::world::Unit;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use weir_facts::Site;
use weir_syntax::{Annotation, Call, ExprId, TypeRef};

/// The table that holds what a program registers as configuration.
const CONFIG: &str = "config";
/// The table of defaults that a program registers for keys of its configuration.
const CONFIG_DEFAULT: &str = "config-default";

/// A rule of a pack and the form of its pattern that a name led to.
#[derive(Clone, Debug)]
pub(crate) struct RuleRef {
    pub(crate) pack: usize,
    pub(crate) rule: usize,
    /// Receiver type for methods; empty otherwise.
    pub(crate) ty: SmolStr,
    /// What the method's name begins with, in patterns that end in `*`.
    pub(crate) prefix: SmolStr,
}

/// A type that a function gets by an annotation.
pub(super) struct Decorator {
    pub(super) pack: usize,
    pub(super) ty: SmolStr,
    /// Type of the object that the annotation is a method of; empty where the library exports it.
    pub(super) on: SmolStr,
}

/// Pack types by the language, the module and the path that name them.
type Named = FxHashMap<(weir_syntax::Language, SmolStr, SmolStr), Vec<(usize, SmolStr)>>;

/// All packs of a run.
pub(crate) struct PackIndex<'p> {
    pub(crate) packs: &'p [Pack],
    pub(crate) methods: FxHashMap<SmolStr, Vec<RuleRef>>,
    any_method: Vec<RuleRef>,
    /// Methods that a library adds to types of others, by name.
    pub(crate) added: FxHashMap<SmolStr, Vec<RuleRef>>,
    /// What such methods yield.
    added_types: FxHashMap<SmolStr, Vec<(usize, SmolStr)>>,
    pub(crate) functions: FxHashMap<SmolStr, Vec<RuleRef>>,
    /// The same by their last segment, which is what a call says.
    pub(crate) functions_by_end: FxHashMap<SmolStr, Vec<RuleRef>>,
    /// Functions of objects a library exports that type a callback, by their last segment.
    pub(super) calling_back: FxHashMap<SmolStr, Vec<RuleRef>>,
    pub(crate) constructions: FxHashMap<SmolStr, Vec<RuleRef>>,
    pub(crate) annotations: FxHashMap<SmolStr, Vec<RuleRef>>,
    pub(crate) extended: Vec<RuleRef>,
    /// Rules about loops over objects of a type.
    pub(crate) walks: Vec<RuleRef>,
    /// Rules about assignments to members, and to names of a file where there is no type.
    pub(crate) assignments: BTreeMap<SmolStr, Vec<RuleRef>>,
    /// Rules about sends to a channel of a type.
    pub(crate) channels: Vec<RuleRef>,
    /// Annotations that make an object of the function they stand on, by their last segment.
    pub(super) decorators: FxHashMap<SmolStr, Vec<Decorator>>,
    /// Types that an annotation injects, by its name: of each pack the first.
    pub(super) injecting: FxHashMap<SmolStr, Vec<(usize, SmolStr)>>,
    /// Types that stand for base classes outside the tree.
    pub(super) absent: Vec<(usize, SmolStr)>,
    /// Names of members that hold library objects.
    pub(super) held: BTreeSet<SmolStr>,
    results: FxHashMap<SmolStr, Vec<(usize, SmolStr, SmolStr)>>,
    result_functions: FxHashMap<SmolStr, Vec<(usize, SmolStr)>>,
    paths: RefCell<FxHashMap<SmolStr, Option<Rc<Path>>>>,
    /// Which library brings a name into a file, and which packs a file imports, as far as it was asked: neither changes.
    brought: RefCell<FxHashMap<FileId, FxHashMap<SmolStr, Option<SmolStr>>>>,
    pub(super) imported: RefCell<FxHashMap<(FileId, usize), bool>>,
    pub(super) speaking: Speaking,
    /// Fields that hold methods of library objects.
    pub(super) kept: RefCell<Option<Rc<super::method_values::Kept>>>,
    /// Types by the language, the module and the path that name them.
    named: RefCell<Named>,
    pub(crate) registry: super::registry::Registry,
}

impl<'p> PackIndex<'p> {
    /// Arranges the rules of the packs that may be used; of the others only the names are known.
    pub(crate) fn new(packs: &'p Packs, used: &[bool], registry: super::registry::Registry) -> Self {
        let mut index = PackIndex {
            packs: &packs.packs,
            methods: FxHashMap::default(),
            any_method: Vec::new(),
            added: FxHashMap::default(),
            added_types: FxHashMap::default(),
            functions: FxHashMap::default(),
            functions_by_end: FxHashMap::default(),
            calling_back: FxHashMap::default(),
            constructions: FxHashMap::default(),
            annotations: FxHashMap::default(),
            extended: Vec::new(),
            walks: Vec::new(),
            assignments: BTreeMap::new(),
            channels: Vec::new(),
            decorators: FxHashMap::default(),
            injecting: FxHashMap::default(),
            absent: Vec::new(),
            held: BTreeSet::new(),
            results: FxHashMap::default(),
            result_functions: FxHashMap::default(),
            paths: RefCell::default(),
            brought: RefCell::default(),
            imported: RefCell::default(),
            speaking: Speaking::new(&packs.packs),
            kept: RefCell::default(),
            named: RefCell::default(),
            registry,
        };
        for (at, pack) in packs.packs.iter().enumerate().filter(|(at, _)| used[*at]) {
            for (rule, fact) in pack.facts.iter().enumerate() {
                for form in fact.pattern.split('|') {
                    index.form(at, pack, rule, form.trim());
                }
            }
            for (ty, rule) in &pack.types {
                if rule.absent {
                    index.absent.push((at, ty.clone()));
                }
                for name in &rule.inject {
                    let injecting = index.injecting.entry(name.clone()).or_default();
                    if injecting.last().is_none_or(|(pack, _)| *pack != at) {
                        injecting.push((at, ty.clone()));
                    }
                }
                let fields = rule.member.iter().filter_map(|member| member.rsplit_once('.'));
                index.held.extend(fields.map(|(_, field)| SmolStr::new(field)));
                for name in &rule.decorates {
                    let (on, last) = annotation_parts(pack, name.trim_start_matches('@'));
                    let decorator = Decorator { pack: at, ty: ty.clone(), on: on.into() };
                    index.decorators.entry(last.into()).or_default().push(decorator);
                }
                for origin in &rule.from {
                    // `Type::function()` where the type itself is what the library exports.
                    if origin.split_once('.').is_some_and(|(head, _)| pack.exports.iter().any(|export| export == head))
                    {
                        index.result_functions.entry(origin.clone()).or_default().push((at, ty.clone()));
                    }
                    match origin.rsplit_once('.') {
                        Some(("*", method)) => {
                            index.added_types.entry(method.into()).or_default().push((at, ty.clone()))
                        }
                        Some((receiver, method)) if pack.types.contains_key(receiver) => {
                            index.results.entry(method.into()).or_default().push((at, receiver.into(), ty.clone()));
                        }
                        _ => {
                            let functions = index.result_functions.entry(origin.clone()).or_default();
                            if !functions.contains(&(at, ty.clone())) {
                                functions.push((at, ty.clone()));
                            }
                        }
                    }
                }
            }
        }
        index
    }

    fn form(&mut self, pack: usize, of: &Pack, rule: usize, form: &str) {
        let entry = |ty: &str| RuleRef { pack, rule, ty: ty.into(), prefix: SmolStr::default() };
        if let Some(name) = form.strip_prefix("new ") {
            for exported in names_of(of, name) {
                self.constructions.entry(exported).or_default().push(entry(name));
            }
        } else if let Some(name) = form.strip_prefix('@').filter(|name| name.ends_with(MEMBERS)) {
            self.annotations.entry(name.into()).or_default().push(entry(""));
        } else if let Some(name) = form.strip_prefix('@') {
            let (on, last) = annotation_parts(of, name);
            self.annotations.entry(last.into()).or_default().push(entry(on));
        } else if let Some(name) = form.strip_prefix("extends ") {
            self.extended.push(entry(name));
        } else if let Some(name) = form.strip_suffix(" =") {
            let (on, field) = name.rsplit_once('.').unwrap_or(("", name));
            self.assignments.entry(field.into()).or_default().push(entry(on));
        } else if let Some(name) = form.strip_suffix(".[]") {
            self.walks.push(entry(name));
        } else if let Some(name) = form.strip_suffix(" <-") {
            self.channels.push(entry(name));
        } else {
            match form.rsplit_once('.') {
                Some(("*", method)) => self.added.entry(method.into()).or_default().push(entry("*")),
                Some((ty, method)) if method.ends_with('*') && of.types.contains_key(ty) => {
                    self.any_method.push(RuleRef { prefix: method.trim_end_matches('*').into(), ..entry(ty) });
                }
                Some((ty, method)) if of.types.contains_key(ty) => {
                    self.methods.entry(method.into()).or_default().push(entry(ty))
                }
                parts => {
                    if let (Some((_, last)), false) = (parts, of.facts[rule].callback.is_empty()) {
                        self.calling_back.entry(last.into()).or_default().push(entry(""));
                    }
                    let end = form.rsplit('.').next().unwrap_or(form);
                    self.functions_by_end.entry(end.into()).or_default().push(entry(""));
                    self.functions.entry(form.into()).or_default().push(entry(""));
                }
            }
        }
    }

    /// The methods that a pack of messaging has rules about; none of other packs.
    pub(super) fn methods_of(&self, pack: usize) -> Vec<SmolStr> {
        let pack = &self.packs[pack];
        let forms = pack.facts.iter().filter(|_| pack.kind == PackKind::Messaging);
        let forms = forms.flat_map(|rule| rule.pattern.split('|')).filter_map(|form| form.trim().rsplit_once('.'));
        let methods: BTreeSet<SmolStr> = forms.map(|(_, method)| method.into()).collect();
        methods.into_iter().collect()
    }

    /// Rules about all methods that begin as this one does.
    pub(super) fn begun<'s>(&'s self, method: &'s str) -> impl Iterator<Item = &'s RuleRef> {
        self.any_method.iter().filter(move |rule| method.starts_with(rule.prefix.as_str()))
    }

    /// The names under which sources know a type of a pack.
    pub(crate) fn type_names(&self, pack: usize, ty: &str) -> Vec<SmolStr> {
        names_of(&self.packs[pack], ty)
    }

    /// The parsed path of a pack; paths were checked when the pack was read.
    pub(crate) fn path(&self, text: &str) -> Option<Rc<Path>> {
        if let Some(known) = self.paths.borrow().get(text) {
            return known.clone();
        }
        let parsed = Path::parse(text).ok().map(Rc::new);
        self.paths.borrow_mut().insert(text.into(), parsed.clone());
        parsed
    }

    /// True for rules that say a fact where they match; others only tell what a call yields or types a callback. What is
    /// registered is said, whatever the call yields besides.
    pub(crate) fn says(&self, rule: &RuleRef) -> bool {
        let emit = self.packs[rule.pack].facts[rule.rule].emit.as_ref();
        let only_yields =
            |emit: &crate::packs::Emit| emit.config.is_some() || emit.value.is_some() || emit.document.is_some();
        emit.is_some_and(|emit| emit.provide.is_some() || !only_yields(emit))
    }

    /// True where `ty` of a pack is `base` or has its members.
    pub(crate) fn is_a(&self, pack: usize, ty: &str, base: &str) -> bool {
        self.is_a_within(pack, ty, base, 0)
    }

    fn is_a_within(&self, pack: usize, ty: &str, base: &str, depth: u32) -> bool {
        ty == base
            || depth < 6
                && self.packs[pack]
                    .types
                    .get(ty)
                    .is_some_and(|rule| rule.bases.iter().any(|up| self.is_a_within(pack, up, base, depth + 1)))
    }

    /// The library that brings in a name which the file does not say to come from anywhere: one it imports as a whole and
    /// of which a pack knows the name.
    pub(crate) fn brought_in(&self, eval: &Eval<'_, '_>, unit: &Unit, name: &str) -> Option<SmolStr> {
        if let Some(known) = self.brought.borrow().get(&unit.file).and_then(|names| names.get(name)) {
            return known.clone();
        }
        let found = self.find_brought(eval, unit, name);
        self.brought.borrow_mut().entry(unit.file).or_default().insert(name.into(), found.clone());
        found
    }

    fn find_brought(&self, eval: &Eval<'_, '_>, unit: &Unit, name: &str) -> Option<SmolStr> {
        let whole = unit.tree.imports.iter().filter(|import| import.imported == weir_syntax::Imported::All);
        let outside = whole.filter_map(|import| match eval.world.module(unit, &import.module) {
            crate::world::Target::Library(module, _) => Some(module),
            _ => None,
        });
        outside.into_iter().find(|module| self.knows(module, name, unit))
    }

    /// True where a pack that speaks about the module knows the name as a type, function or annotation.
    fn knows(&self, module: &str, name: &str, unit: &Unit) -> bool {
        let ruled = |rules: &FxHashMap<SmolStr, Vec<RuleRef>>| {
            rules.get(name).into_iter().flatten().any(|rule| self.speaks(rule.pack, module, unit))
        };
        ruled(&self.functions)
            || ruled(&self.annotations)
            || ruled(&self.constructions)
            || self
                .speaking(module, unit)
                .iter()
                .any(|at| self.packs[*at].exports.iter().any(|exported| exported == name))
            || self.extended.iter().any(|rule| rule.ty == name && self.speaks(rule.pack, module, unit))
            || self.result_functions.get(name).into_iter().flatten().any(|(pack, _)| self.speaks(*pack, module, unit))
            || !self.types_named(module, &[name.into()], unit).is_empty()
    }

    /// The types that a name of a library denotes, over all packs that speak about it.
    pub(crate) fn types_named(&self, module: &str, path: &[SmolStr], unit: &Unit) -> Vec<(usize, SmolStr)> {
        let key = (unit.tree.language, SmolStr::new(module), SmolStr::new(path.join(".")));
        if let Some(known) = self.named.borrow().get(&key) {
            return known.clone();
        }
        let found = self.seek_types(module, path, unit);
        self.named.borrow_mut().insert(key, found.clone());
        found
    }

    fn seek_types(&self, module: &str, path: &[SmolStr], unit: &Unit) -> Vec<(usize, SmolStr)> {
        let joined = if path.is_empty() { "default".to_owned() } else { path.join(".") };
        let last = path.last().map_or("default", SmolStr::as_str);
        let mut found = Vec::new();
        for at in self.speaking(module, unit).iter().copied() {
            let pack = &self.packs[at];
            for wanted in [joined.as_str(), last] {
                let hit = pack.types.iter().find(|(key, rule)| {
                    if rule.names.is_empty() {
                        key.as_str() == wanted
                    } else {
                        rule.names.iter().any(|name| name == wanted)
                    }
                });
                if let Some((ty, _)) = hit {
                    found.push((at, ty.clone()));
                    break;
                }
            }
        }
        found
    }

    pub(super) fn make(
        &self,
        pack: usize,
        ty: &SmolStr,
        binder: &Binder<'_, '_, '_>,
        origin: Site,
        source: Option<Value>,
    ) -> Value {
        let rule = &self.packs[pack].types[ty];
        let mut properties = Vec::new();
        for (name, path) in &rule.properties {
            if let Some(path) = self.path(path)
                && let Some(value) = binder.value(&path)
            {
                properties.push((name.clone(), value));
            }
        }
        if rule.bag {
            properties.extend(binder.given_by_name());
        }
        Value::Typed(Rc::new(Typed { pack, ty: ty.clone(), properties, origin, source }))
    }

    /// The result of a method of a library object.
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn result(
        &self,
        eval: &Eval<'_, '_>,
        unit: &Rc<Unit>,
        id: ExprId,
        receiver: &Value,
        name: &str,
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        let receiver = &self.as_object(eval, receiver);
        let types = self.receiver_types(eval, receiver);
        if types.is_empty() {
            return None;
        }
        for (pack, on, result) in self.results.get(name).into_iter().flatten() {
            if types.iter().any(|(at, ty)| at == pack && self.is_a(*at, ty, on)) {
                let binder = Binder::call(eval, unit, call, frame).on(receiver.clone());
                return Some(self.make(*pack, result, &binder, unit.site(id), None));
            }
        }
        for (pack, on, result) in self.results.get("*").into_iter().flatten() {
            if types.iter().any(|(at, ty)| at == pack && self.is_a(*at, ty, on)) {
                let binder = Binder::call(eval, unit, call, frame).on(receiver.clone());
                return Some(self.make(*pack, result, &binder, unit.site(id), None));
            }
        }
        for entry in self.methods.get(name).into_iter().flatten() {
            let Some(emit) = &self.packs[entry.pack].facts[entry.rule].emit else {
                continue;
            };
            let said = emit.config.is_some() || emit.value.is_some();
            if !said || !types.iter().any(|(at, ty)| *at == entry.pack && self.is_a(*at, ty, &entry.ty)) {
                continue;
            }
            let mut binder = Binder::call(eval, unit, call, frame).on(receiver.clone());
            binder.function = unit.index.scope[id.0 as usize].map(|id| crate::world::FnRef { file: unit.file, id });
            if !conditions_hold(self, &self.packs[entry.pack].facts[entry.rule], &binder) {
                continue;
            }
            if let Some(key) = &emit.config {
                return self.configured(&binder, key, emit.default.as_deref());
            }
            if let Some(value) = emit.value.as_deref().and_then(|path| self.path(path)) {
                return binder.value(&value);
            }
        }
        match receiver {
            Value::Typed(typed) if self.is_fluent(typed) => {
                Some(Value::Typed(Rc::new(self.step(eval, unit, typed, name, call, frame))))
            }
            _ => None,
        }
    }

    /// The methods that make an object read files, with what they say of them.
    pub(crate) fn reading(&self, typed: &Typed) -> Vec<(&SmolStr, &Document)> {
        let pack = &self.packs[typed.pack];
        if pack.kind != PackKind::Config
            || pack.facts.iter().all(|fact| fact.emit.as_ref().is_none_or(|emit| emit.document.is_none()))
        {
            return Vec::new();
        }
        let mut found: Vec<(&SmolStr, &Document)> = Vec::new();
        for fact in &pack.facts {
            let Some(document) = fact.emit.as_ref().and_then(|emit| emit.document.as_ref()) else { continue };
            let forms = fact.pattern.split('|').filter_map(|form| form.trim().rsplit_once('.'));
            for (_, method) in forms.filter(|(ty, _)| self.is_a(typed.pack, &typed.ty, ty)) {
                found.extend(self.methods.get_key_value(method).map(|(name, _)| (name, document)));
            }
        }
        found
    }

    /// True for a value of a type whose methods fill it.
    pub(crate) fn is_fluent(&self, typed: &Typed) -> bool {
        self.packs[typed.pack].types.get(&typed.ty).is_some_and(|rule| rule.fluent)
    }

    /// A fluent object after one more step.
    pub(crate) fn step(
        &self,
        eval: &Eval<'_, '_>,
        unit: &Rc<Unit>,
        typed: &Typed,
        name: &str,
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Typed {
        let mut stepped = typed.clone();
        crate::eval::set(&mut stepped.properties, name, eval.args(unit, call, frame).0);
        stepped
    }

    /// What a method yields that a library adds to types of others.
    pub(crate) fn added_result(
        &self,
        eval: &Eval<'_, '_>,
        unit: &Rc<Unit>,
        id: ExprId,
        name: &str,
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        for (pack, ty) in self.added_types.get(name).into_iter().flatten() {
            if self.imported(*pack, unit) {
                let mut binder = Binder::call(eval, unit, call, frame);
                binder.function = unit.index.scope[id.0 as usize].map(|id| crate::world::FnRef { file: unit.file, id });
                return Some(self.make(*pack, ty, &binder, unit.site(id), None));
            }
        }
        for entry in self.added.get(name).into_iter().flatten() {
            let emit = self.packs[entry.pack].facts[entry.rule].emit.as_ref();
            if let Some(yields) = emit.and_then(|emit| emit.value.as_ref()).and_then(|path| self.path(path))
                && self.imported(entry.pack, unit)
            {
                let mut binder = Binder::call(eval, unit, call, frame);
                binder.function = unit.index.scope[id.0 as usize].map(|id| crate::world::FnRef { file: unit.file, id });
                if let Some(value) = binder.value(&yields) {
                    return Some(value);
                }
            }
        }
        None
    }

    fn configured(&self, binder: &Binder<'_, '_, '_>, key: &str, default: Option<&str>) -> Option<Value> {
        let key = binder.value(self.path(key)?.as_ref())?;
        let default = default.and_then(|path| self.path(path)).and_then(|path| binder.value(&path));
        match key {
            Value::Text(key) => Some(self.provided_config(binder, &key).unwrap_or_else(|| {
                let known = || {
                    let key = Value::Text(key.clone());
                    self.registry.lookup(CONFIG_DEFAULT, &key, &binder.unit.path).into_iter().next()
                };
                let default = default.or_else(known);
                Value::Env(key, default.map(Rc::new))
            })),
            _ => default,
        }
    }

    /// The value of a dotted key in the configuration objects that the service registers.
    pub(super) fn provided_config(&self, binder: &Binder<'_, '_, '_>, key: &str) -> Option<Value> {
        let walk = |value: Value, path: &str| {
            let found = path.split('.').fold(value, |value, name| binder.eval.member(&value, name));
            if found.is_empty() { None } else { Some(found) }
        };
        let whole = self.registry.all(CONFIG, &binder.unit.path).into_iter().find_map(|value| walk(value, key));
        whole.or_else(|| {
            let (space, rest) = key.split_once('.')?;
            let spaces = self.registry.lookup(CONFIG, &Value::Text(space.into()), &binder.unit.path);
            spaces.into_iter().find_map(|value| walk(value, rest))
        })
    }

    /// The result of a function a library exports.
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn function_result(
        &self,
        eval: &Eval<'_, '_>,
        unit: &Rc<Unit>,
        id: ExprId,
        module: &str,
        path: &[SmolStr],
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        let joined = if path.is_empty() { "default".to_owned() } else { path.join(".") };
        let last = path.last().map_or("default", SmolStr::as_str);
        for name in [joined.as_str(), last] {
            for (pack, ty) in self.result_functions.get(name).into_iter().flatten() {
                if self.speaks(*pack, module, unit) {
                    let binder = Binder::call(eval, unit, call, frame);
                    return Some(self.make(*pack, ty, &binder, unit.site(id), None));
                }
            }
            for entry in self.functions.get(name).into_iter().flatten() {
                let Some(emit) = &self.packs[entry.pack].facts[entry.rule].emit else { continue };
                let said = emit.config.is_some() || emit.value.is_some() || emit.document.is_some();
                if !said || !self.speaks(entry.pack, module, unit) {
                    continue;
                }
                if let Some(document) = &emit.document {
                    return eval.document(unit, call, document, frame);
                }
                let binder = Binder::call(eval, unit, call, frame);
                let configured =
                    emit.config.as_ref().and_then(|key| self.configured(&binder, key, emit.default.as_deref()));
                if configured.is_some() {
                    return configured;
                }
                if let Some(value) = emit.value.as_deref().and_then(|path| self.path(path)) {
                    return binder.value(&value);
                }
            }
        }
        // Factories that are classes in other versions: `Queue("x")` for `new Queue("x")`.
        self.constructed(eval, unit, id, module, path, call, frame)
    }

    /// A library object made with `new`.
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn constructed(
        &self,
        eval: &Eval<'_, '_>,
        unit: &Rc<Unit>,
        id: ExprId,
        module: &str,
        path: &[SmolStr],
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        let mut values = Vec::new();
        for (pack, ty) in self.types_named(module, path, unit) {
            let binder = Binder::call(eval, unit, call, frame);
            values.push(self.make(pack, &ty, &binder, unit.site(id), None));
        }
        if values.is_empty() { None } else { Some(Value::choice(values)) }
    }

    /// A value made by `new` on a library object (`new model()`).
    pub(crate) fn instance(
        &self,
        eval: &Eval<'_, '_>,
        unit: &Rc<Unit>,
        id: ExprId,
        typed: &Rc<Typed>,
        call: &Call,
        frame: Option<&Rc<Frame>>,
    ) -> Option<Value> {
        let pack = &self.packs[typed.pack];
        let (ty, _) =
            pack.types.iter().find(|(_, rule)| rule.instance.iter().any(|of| self.is_a(typed.pack, &typed.ty, of)))?;
        let binder = Binder::call(eval, unit, call, frame).on(Value::Typed(typed.clone()));
        Some(self.make(typed.pack, ty, &binder, unit.site(id), None))
    }

    /// A value of which only the declared type is known.
    #[allow(clippy::too_many_arguments)]
    pub(crate) fn declared(
        &self,
        eval: &Eval<'_, '_>,
        unit: &Rc<Unit>,
        module: &str,
        path: &[SmolStr],
        args: &[TypeRef],
        annotations: &[Annotation],
        site: Site,
        source: Option<Value>,
        name: Option<&str>,
    ) -> Option<Value> {
        let mut values = Vec::new();
        for (pack, ty) in self.types_named(module, path, unit) {
            let mut binder = Binder::declaration(eval, unit, args, annotations);
            binder.member = name.map(SmolStr::new);
            values.push(self.make(pack, &ty, &binder, site.clone(), source.clone()));
        }
        if values.is_empty() { None } else { Some(Value::choice(values)) }
    }

    /// A member of a library object that holds another one.
    pub(crate) fn member(&self, eval: &Eval<'_, '_>, typed: &Rc<Typed>, whole: &Value, name: &str) -> Option<Value> {
        let pack = &self.packs[typed.pack];
        for (ty, rule) in &pack.types {
            for member in &rule.member {
                let Some((on, field)) = member.rsplit_once('.') else {
                    continue;
                };
                if (field == name || field == "*") && self.is_a(typed.pack, &typed.ty, on) {
                    // A wildcard member must not swallow the methods that rules know by name.
                    if field == "*" && (name.starts_with('$') || self.has_method(typed.pack, &typed.ty, name)) {
                        continue;
                    }
                    let unit = eval.world.source.find(&typed.origin.file).and_then(|file| eval.world.unit(file))?;
                    let mut binder = Binder::declaration(eval, &unit, &[], &[]).on(whole.clone());
                    binder.member = Some(name.into());
                    let made = self.make(typed.pack, ty, &binder, typed.origin.clone(), None);
                    return Some(made);
                }
            }
        }
        None
    }

    pub(crate) fn has_method(&self, pack: usize, ty: &str, name: &str) -> bool {
        let by_rule = self
            .methods
            .get(name)
            .into_iter()
            .flatten()
            .any(|entry| entry.pack == pack && self.is_a(pack, ty, &entry.ty));
        by_rule
            || self.results.get(name).into_iter().flatten().any(|(at, on, _)| *at == pack && self.is_a(pack, ty, on))
    }

    /// The name of a pack's library.
    pub(crate) fn library(&self, pack: usize) -> &str {
        &self.packs[pack].library
    }
}

/// The end of forms about the methods that a class with an annotation declares: `@Client *`.
pub(super) const MEMBERS: &str = " *";

/// The receiver's type, where an annotation is a method of one, and the last segment.
fn annotation_parts<'n>(pack: &Pack, name: &'n str) -> (&'n str, &'n str) {
    match name.rsplit_once('.') {
        Some((on, last)) if pack.types.contains_key(on) => (on, last),
        Some((_, last)) => ("", last),
        None => ("", name),
    }
}

/// The names that a library exports for a type of its pack.
fn names_of(pack: &Pack, ty: &str) -> Vec<SmolStr> {
    let names = pack.types.get(ty).map(|rule| rule.names.clone()).filter(|names| !names.is_empty());
    names.unwrap_or_else(|| vec![SmolStr::new(ty)])
}
