//! The order of the link half: load, demand, provide, lift, emit.

use super::boundaries;
use super::callers::{Caller, Callers};
use super::chain::{Chain, On, hands_on, is_constructor};
use super::deployed::{self, Started};
use super::emit::Emitter;
use super::event_stores;
use super::first;
use super::frameworks;
use super::handed_on;
use super::hits::{self, Hit, Place};
use super::infra::{self, Compose};
use super::pack_index::PackIndex;
use super::preview::Preview;
use super::registry::Registry;
use super::rows::Stored;
use super::services::Services;
use super::tables::Tables;
use super::templates::Templates;
use super::topology;
use super::used;
use crate::Extraction;
use crate::eval::{Eval, TypeTarget};
use crate::packs::{FactRule, Pack, PackKind, Packs};
use crate::source::{FileId, Mention, Source};
use crate::value::Value;
use crate::world::{ClassRef, Def, FnRef, World};
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::rc::Rc;
use weir_facts::{Fact, Site, UnresolvedFact};
use weir_syntax::{Expr, FunctionKind, Language};

/// Wrappers nest a few layers; the bound ends what a company cannot have written by hand.
const MAX_LIFT: usize = 24;
/// Rounds of demand before the link half is content with what it has.
const MAX_ROUNDS: usize = 24;
/// Expressions that may be touched to learn which classes hold library objects, over all classes.
const EXPORTED: u64 = 100_000;
/// Classes below a base that are told apart.
const MAX_BELOW: usize = 32;
/// Calls below which the callers in tests are asked as well.
const DEEP: usize = 2;
/// Call paths followed for one match.
const MAX_CHAINS: usize = 400;

/// Runs the link half.
pub(crate) fn run(source: &dyn Source, packs: &Packs) -> Extraction {
    let compose = Compose::read(source);
    let mut world = World::new(source);
    compose.settings(&mut world.settings);
    let templates = Templates::read(source);
    templates.settings(&mut world.settings);
    let services = Rc::new(Services::read(source, &compose, &templates));
    services.settings(&mut world.settings);
    for pack in &packs.packs {
        for (package, namespace) in pack.manifest.iter().flat_map(|name| pack.brings.iter().map(move |ns| (name, ns))) {
            world.bring(package, namespace);
        }
    }
    let world = world;
    let used = used::used(source, &packs.packs);
    let index = PackIndex::new(packs, &used, Registry::new(services.clone()));
    let eval = Eval::new(&world, &index);
    let callers = Callers::default();

    world.search(&first::importing(source, &world, &index));
    world.search(&source.mentioning(&index.registrations(&used)));
    let (exported, demands) = (BTreeSet::new(), BTreeSet::new());
    let mut linker = Linker { eval: &eval, callers: &callers, exported, demands, stored: Stored::default() };
    let mut facts = Vec::new();
    let mut emitter = Emitter::new(&eval);
    // Files that come in add callers and subclasses, so what was found before may lack something. It is good enough to
    // say which files to ask for next; what is told in the end is sought anew once no file is missing.
    let mut stale = false;
    for round in 1..=MAX_ROUNDS {
        let last = round == MAX_ROUNDS;
        if last && stale {
            eval.forget();
            callers.forget();
        }
        linker.stored.forget();
        linker.exported();
        // Names need few kinds of packs; the rest is matched once, in the last round.
        let names = |pack: &Pack| matches!(pack.kind, PackKind::Messaging | PackKind::Config | PackKind::Di);
        let mut hits = linker.hits(&names);
        linker.settle(&hits);
        let mut chains: Vec<Chain> = Vec::new();
        let mut lost: Vec<Hit> = Vec::new();
        for hit in hits.iter().filter(|hit| is_operation(&index, hit)) {
            let ways = linker.lift(hit);
            if ways.is_empty() {
                lost.push(hit.clone());
            }
            chains.extend(ways);
        }
        let mut next = Emitter::new(&eval);
        next.operations(&chains, &lost);
        let mut demands = std::mem::take(&mut linker.demands);
        demands.extend(eval.wanted());
        demands.extend(boundaries::mentions(&eval, &callers, &next));
        // Where what is asked gets less already, further files would be read for answers that are cut short.
        let tired = eval.is_tired();
        if tired {
            facts.extend(unread(source, &world.unsearched(&demands)));
        }
        let grown = !tired && callers.demand(&eval, demands);
        if !grown && stale && !last && !tired {
            eval.forget();
            callers.forget();
            stale = false;
            continue;
        }
        stale |= grown;
        if !grown || last {
            let told = |pack: &Pack| !names(pack) && pack.facts.iter().any(|rule| is_told_where_it_matches(pack, rule));
            hits.extend(linker.hits(&told));
            next.declarations(&hits);
            let started = Started::all(&eval, &templates);
            next.deployed(&started);
            next.programs();
            let triggers = deployed::triggers(&eval, &started);
            facts.extend(boundaries::facts(&eval, &callers, &next, &hits, triggers));
            emitter = next;
            break;
        }
    }
    let (messaging_calls, resolved_calls) = emitter.counts();
    facts.extend(emitter.finish());
    Tables::read(&eval, &world.loaded()).name(&mut facts);
    facts.extend(event_stores::facts(&eval, source, &world.loaded()));
    facts.extend(frameworks::fill(&services, source, &index, &world.loaded()).into_iter().map(Fact::Service));
    compose.facts(&mut facts);
    infra::manifests(source, &index, &mut facts);
    topology::facts(source, &mut facts);
    templates.facts(&mut facts);
    Extraction { facts, messaging_calls, resolved_calls }
}

/// What is said of files that may hold more and are not searched.
fn unread(source: &dyn Source, files: &[FileId]) -> Option<Fact> {
    let first = source.paths().get(files.first()?.0 as usize)?;
    let count = files.len();
    Some(Fact::Unresolved(UnresolvedFact {
        what: "calls of wrappers".to_owned(),
        site: Site::new(first.clone(), 1),
        via: Vec::new(),
        why: format!(
            "following this program costs more than one run may; {count} files that may call were not searched"
        ),
        hint: "run weir on one service of the tree at a time".to_owned(),
        broker: String::new(),
    }))
}

/// True for rules that say something of the place they match, whatever leads there; what others match is part of the
/// programs that run it.
fn is_told_where_it_matches(pack: &Pack, rule: &FactRule) -> bool {
    rule.emit.as_ref().is_some_and(|emit| {
        let stores = pack.kind == PackKind::Storage && (emit.read.is_some() || emit.write.is_some());
        let starts = emit.route.is_some() || emit.schedule.is_some();
        stores || starts || emit.pattern.is_some() || emit.declare.is_some() || emit.bind.is_some()
    })
}

fn is_operation(packs: &PackIndex<'_>, hit: &Hit) -> bool {
    hit.rule(packs).emit.as_ref().is_some_and(|emit| emit.send.is_some() || emit.receive.is_some())
}

pub(super) struct Linker<'a, 'w, 's> {
    pub(super) eval: &'a Eval<'w, 's>,
    pub(super) callers: &'a Callers,
    /// Files whose exports were looked at.
    exported: BTreeSet<FileId>,
    pub(super) demands: BTreeSet<Mention>,
    /// Which classes are rows of a store.
    stored: Stored,
}

impl Linker<'_, '_, '_> {
    /// Matches of some packs.
    fn hits(&self, packs: &dyn Fn(&Pack) -> bool) -> Vec<Hit> {
        let wanted: Vec<bool> = self.eval.packs.packs.iter().map(packs).collect();
        let wanted = |pack: usize| wanted[pack];
        self.eval.world.searched().iter().flat_map(|unit| hits::in_unit(self.eval, unit, &wanted)).collect()
    }

    /// Names that carry library objects out of their file: whoever mentions them may call the library.
    fn exported(&mut self) {
        for unit in self.eval.world.searched() {
            if !self.exported.insert(unit.file) {
                continue;
            }
            for (at, class) in unit.tree.types.iter().enumerate() {
                let id = weir_syntax::TypeId(u32::try_from(at).unwrap_or(u32::MAX));
                let class_ref = ClassRef { file: unit.file, id };
                // What nobody else says leads to no further file. Elsewhere an object may go by the name of a variable.
                let by_name = matches!(unit.tree.language, Language::Java | Language::CSharp);
                if class.name.is_empty() || by_name && !self.eval.world.is_said_elsewhere(&class.name) {
                    continue;
                }
                let inherited = match class.bases.is_empty() {
                    true => Vec::new(),
                    false => self.eval.packs.inherited(self.eval, class_ref),
                };
                let library = inherited.iter().any(|(pack, _)| self.reaches(*pack));
                // What stays in the process is only worth a look where the file says what the library can do as well.
                let inside = inherited.iter().filter(|(pack, _)| !self.reaches(*pack));
                let methods = inside.map(|(pack, _)| self.eval.packs.methods_of(*pack)).filter(|with| !with.is_empty());
                let users: Vec<Mention> = methods.map(|with| Mention { word: class.name.clone(), with }).collect();
                let holds = |field: &SmolStr| self.carries(&self.eval.member(&Value::This(class_ref), field));
                let fields = class.fields.iter().map(|field| field.name.clone());
                let fields: BTreeSet<SmolStr> = fields.chain(unit.index.own_fields(&unit.tree, id)).collect();
                // Where too much was looked at already, a class is taken to hold one: more files are read, never fewer.
                let holding = || match self.eval.limited(EXPORTED, || fields.iter().any(holds)) {
                    Some(holding) => holding,
                    None => !fields.is_empty(),
                };
                if library || holding() {
                    self.demands.insert(Mention::of(class.name.clone()));
                }
                self.demands.extend(users);
            }
            for (name, object) in unit.index.put(&unit.tree) {
                let values = unit.index.assigned[&name].iter().map(|(_, value)| self.eval.expr(&unit, *value, None));
                if values.into_iter().any(|value| self.carries(&value)) {
                    self.demands.insert(Mention { word: name, with: vec![object] });
                }
            }
            self.handed(&unit);
            for (class, local) in self.renamed(&unit) {
                self.eval.world.carriers.add(class, &local);
                if self.demands.contains(&Mention::of(self.eval.class_name(class))) {
                    self.demands.insert(Mention::of(local));
                }
            }
            for name in handed_on::names(&unit) {
                if matches!(name.as_str(), "*" | "default" | "=") {
                    continue;
                }
                let Some(target) = self.eval.world.export(unit.file, &name) else {
                    continue;
                };
                let value = match self.eval.packs.as_object(self.eval, &self.eval.target(&target)) {
                    Value::Closure(closure) => self.eval.inline(&closure, Vec::new(), false),
                    value => value,
                };
                if self.carries(&value) {
                    self.demands.insert(Mention::of(name.clone()));
                }
                for value in value.alternatives() {
                    if let Value::Instance(instance) = value {
                        self.eval.world.carriers.add(instance.class, &name);
                        let class = self.eval.class_name(instance.class);
                        if self.demands.contains(&Mention::of(class)) {
                            self.demands.insert(Mention::of(name.clone()));
                        }
                    }
                }
            }
        }
    }

    /// True for packs of libraries that reach a broker.
    fn reaches(&self, pack: usize) -> bool {
        let pack = &self.eval.packs.packs[pack];
        pack.kind == PackKind::Messaging && pack.broker.as_deref() != Some("in-process")
    }

    pub(super) fn carries(&self, value: &Value) -> bool {
        value.alternatives().iter().any(|value| matches!(value, Value::Typed(typed) if self.reaches(typed.pack)))
    }

    /// Every way from business code to a match: wrappers are climbed until the names no longer depend on the caller.
    fn lift(&mut self, hit: &Hit) -> Vec<Chain> {
        let mut open = vec![Chain::of(hit)];
        // What tests call comes last, so that it takes no room from what runs.
        let mut tests: Vec<Chain> = Vec::new();
        let mut done = Vec::new();
        while let Some(chain) = open.pop().or_else(|| tests.pop()) {
            if open.len() + done.len() > MAX_CHAINS {
                done.push(chain);
                continue;
            }
            let open_name = self.depends_on(&chain);
            let row = open_name.filter(|name| name.1).map(|(constructor, _)| constructor);
            let open_name = open_name.map(|(function, _)| function);
            let passes = if open_name.is_none() { self.passing_on(&chain) } else { None };
            let passes = passes.or_else(|| if open_name.is_none() { self.declared_send(&chain) } else { None });
            let target = open_name.or(passes).or_else(|| self.shared(&chain)).filter(|_| chain.calls.len() < MAX_LIFT);
            let Some(target) = target else {
                done.extend(self.on_elements(chain));
                continue;
            };
            // Files are read for what leaves the process only.
            let leaves = self.reaches(hit.pack);
            if leaves {
                self.demands.extend(Callers::mention(self.eval, target));
                self.demands.extend(self.class_of(target).map(|class| Mention::of(self.eval.class_name(class))));
            }
            let mut callers: Vec<Caller> = self.callers.of(self.eval, target).to_vec();
            if passes.is_some() {
                callers.retain(|caller| !caller.unit.test);
            }
            // What only the object at hand can tell is told for each class of objects where the message is made.
            if open_name.is_some() && !chain.calls.is_empty() && !hands_on(&chain) {
                let ways = self.on_subclasses(chain.clone(), target);
                if ways.iter().all(|way| way.on.is_some()) {
                    done.extend(ways);
                    continue;
                }
            }
            let makers = open_name.filter(|_| row.is_none() && chain.carried.is_none());
            let makers = makers.and_then(|target| super::carried::makers(self.eval, &chain, target, &callers));
            let carried = chain.carried.or_else(|| makers.as_ref().map(|_| chain.calls.len()));
            if let Some(makers) = makers {
                callers = makers.callers;
                self.demands.extend(makers.mentions.into_iter().filter(|_| leaves));
            }
            if open_name.is_none() && passes.is_none() && !self.called_from_outside(&chain, &callers) {
                done.extend(self.on_elements(chain));
                continue;
            }
            // What the function's own callers hand in is not told by who makes its object.
            let own = open_name.is_some() && self.asks_callers_of(&chain, target);
            // That tests call it as well says nothing of what runs.
            let unnamed = callers.iter().all(|caller| caller.unit.test && !chain.hit.unit.test);
            if unnamed
                && !own
                && passes.is_none()
                && let Some(class) = self.class_of(target)
                && self.may_be_called(target)
            {
                // Nobody calls it by name (a framework does): every object of the class is one way.
                let mut makers = Vec::new();
                super::callers::constructions(self.eval, class, &mut makers);
                // What tests make says nothing of what runs.
                makers.retain(|caller| !caller.unit.test || chain.hit.unit.test);
                callers.extend(makers);
            }
            callers.retain(|caller| {
                // A wrapper that calls itself is no way into it.
                let within = caller.unit.index.scope[caller.expr.0 as usize]
                    .map(|scope| FnRef { file: caller.unit.file, id: self.eval.method_of_scope(&caller.unit, scope) });
                within != Some(target)
                    && !chain
                        .calls
                        .iter()
                        .any(|(known, _)| known.unit.file == caller.unit.file && known.expr == caller.expr)
            });
            // Deep below what runs, tests say nothing that it does not.
            if chain.calls.len() >= DEEP && !chain.outermost().0.test && callers.iter().any(|caller| !caller.unit.test)
            {
                callers.retain(|caller| !caller.unit.test);
            }
            // In code that several services share it is their business all the same.
            let business =
                |this: &Self| this.shared(&chain) == Some(target) && this.called_from_outside(&chain, &callers);
            if open_name.is_some()
                && super::carried::nobody_tells(self.eval, &chain, target, &callers)
                && !business(self)
            {
                done.push(chain);
                continue;
            }
            if callers.is_empty() {
                let chain = self.with_defaults(chain);
                done.extend(self.on_subclasses(chain, target));
                continue;
            }
            if unnamed && !own && callers.iter().all(|caller| caller.unit.test) {
                done.extend(self.on_subclasses(chain.clone(), target).into_iter().filter(|way| way.on.is_some()));
            }
            for caller in callers.into_iter().rev() {
                let mut longer = Chain { carried, ..chain.clone() };
                if row.is_some() {
                    longer.made = Some(longer.calls.len());
                }
                longer.calls.push((caller, target));
                if !longer.leads_elsewhere(self.eval) && !longer.contradicts(self.eval) {
                    if longer.outermost().0.test { &mut tests } else { &mut open }.push(longer);
                }
            }
        }
        let mut ways: Vec<Chain> = Vec::new();
        for chain in done {
            let chain = self.placed(self.without_bystanders(self.without_idle(chain)));
            if !ways.iter().any(|known| known.is(&chain)) {
                ways.push(chain);
            }
        }
        ways
    }

    /// A way without the outermost calls that were followed for names they did not give: whoever makes them does not know
    /// of the message, and the call that sends it stands further in.
    fn without_idle(&self, mut chain: Chain) -> Chain {
        if chain.calls.is_empty() || chain.made.is_some() || chain.carried.is_some() {
            return chain;
        }
        let told = Preview::of(self.eval, &chain);
        if told.symbolic.is_none() && !told.has_gap() {
            return chain;
        }
        while !chain.calls.is_empty() {
            let mut shorter = chain.clone();
            shorter.calls.pop();
            // Business code of a service is not told at the code that several share.
            let services = &self.eval.packs.registry.services;
            let (outer, inner) = (chain.outermost().0, shorter.outermost().0);
            let shared = services.is_shared(&inner.path) && !services.same(&outer.path, &inner.path) && !outer.test;
            let before = Preview::of(self.eval, &shorter);
            // Where nothing was open before this call either, it was not followed for a name.
            let for_a_name = told.symbolic.is_some() || before.symbolic.is_some();
            if shared || !for_a_name || !told.is_told_by(&before) {
                break;
            }
            chain = shorter;
        }
        chain
    }

    /// Code of a base class that a container runs on objects of the classes below: one way for each of them.
    fn on_subclasses(&self, chain: Chain, target: FnRef) -> Vec<Chain> {
        let (Some(class), None) = (self.class_of(target), chain.on) else { return vec![chain] };
        // Of code further out the open names must be those of its own object.
        if !chain.calls.is_empty()
            && (chain.made.is_some() || chain.carried.is_some() || !self.asks_object(&chain, class))
        {
            return vec![chain];
        }
        let mut below = self.eval.subclasses(class);
        below.retain(|class| {
            let unit = self.eval.world.unit(class.file);
            unit.is_some_and(|unit| {
                unit.tree.language.has_implicit_receiver() && !unit.test && !unit.class(class.id).is_abstract
            })
        });
        if below.is_empty() || below.len() > MAX_BELOW {
            return vec![chain];
        }
        below.into_iter().map(|class| Chain { on: Some(On { class, walk: None }), ..chain.clone() }).collect()
    }

    /// What a walk over the objects that a container hands in does with each of them: one way for each class.
    fn on_elements(&self, chain: Chain) -> Vec<Chain> {
        let receives = chain.hit.rule(self.eval.packs).emit.as_ref().is_some_and(|emit| emit.receive.is_some());
        let (unit, expr) = chain.outermost();
        if !receives || chain.on.is_some() || chain.made.is_some() || chain.carried.is_some() {
            return vec![chain];
        }
        let Some(scope) = expr.and_then(|expr| unit.index.scope[expr.0 as usize]) else { return vec![chain] };
        let classes = self.eval.injected_into(&unit, scope);
        if classes.is_empty() || classes.len() > MAX_BELOW {
            return vec![chain];
        }
        let walk = Some(FnRef { file: unit.file, id: scope });
        classes.into_iter().map(|class| Chain { on: Some(On { class, walk }), ..chain.clone() }).collect()
    }

    /// True where the names of a way are left open by what the object at its outer end was made with, and by nothing else.
    fn asks_object(&self, chain: &Chain, class: ClassRef) -> bool {
        let functions = Preview::of(self.eval, chain).symbolic.unwrap_or_default();
        let own = self.eval.chain(class);
        functions.iter().all(|function| {
            is_constructor(self.eval, *function) && self.class_of(*function).is_some_and(|made| own.contains(&made))
        })
    }

    /// The method of a client that is only declared: its annotation says what a call of it sends.
    fn declared_send(&self, chain: &Chain) -> Option<FnRef> {
        let Place::Annotation(annotated) = &chain.hit.place else { return None };
        let sends = chain.hit.rule(self.eval.packs).emit.as_ref().is_some_and(|emit| emit.send.is_some());
        let function = annotated.function.filter(|_| sends && chain.calls.is_empty())?;
        let unit = self.eval.world.unit(function.file)?;
        unit.function(function.id).body.is_none().then_some(function)
    }

    /// The method around a send that does nothing but pass its own parameters on to another object: the business is
    /// with who calls it.
    fn passing_on(&self, chain: &Chain) -> Option<FnRef> {
        let (unit, expr) = chain.outermost();
        let expr = expr.filter(|_| unit.tree.language.has_struct_literals())?;
        let scope = unit.index.scope[expr.0 as usize]?;
        let declared = unit.function(scope);
        let Expr::Call(call) = unit.expr(expr) else { return None };
        let bare = |value: weir_syntax::ExprId| match unit.expr(value) {
            Expr::Spread(value) | Expr::Cast { value, .. } => *value,
            _ => value,
        };
        let is_param = |value: weir_syntax::ExprId| {
            matches!(unit.expr(bare(value)), Expr::Name(name) if declared.params.iter().any(|param| {
                matches!(&param.pattern, weir_syntax::Pattern::Name(own) if own == name)
            }))
        };
        // A parameter may be written down first; what the object itself keeps tells nobody what is sent.
        let written = |name: &SmolStr| {
            let defs = unit.index.defs.get(&(Some(scope), name.clone())).map(Vec::as_slice).unwrap_or_default();
            let [Def::Let { value: Some(value), .. }] = defs else { return false };
            let Expr::Call(call) = unit.expr(*value) else { return false };
            let outside = matches!(self.eval.expr(&unit, call.callee, None), Value::Library(..));
            outside && call.args.iter().all(|arg| is_param(arg.value))
        };
        let given = |value: weir_syntax::ExprId| match unit.expr(bare(value)) {
            Expr::Name(name) => is_param(value) || written(name),
            Expr::Member { object, .. } => {
                matches!(unit.expr(*object), Expr::Name(name) if declared.receiver.as_ref() == Some(name))
            }
            _ => false,
        };
        let others = unit.index.all_calls.iter().filter(|site| site.function == Some(scope) && site.expr != expr);
        let alone = others.into_iter().all(|site| match unit.expr(site.expr) {
            // Telling of an error is no business.
            Expr::Call(call) => matches!(self.eval.expr(&unit, call.callee, None), Value::Library(..)),
            _ => false,
        });
        let passes = declared.owner.is_some()
            && call.args.len() > 1
            && call.args.iter().all(|arg| given(arg.value))
            && call.args.iter().any(|arg| is_param(arg.value));
        // Where the library itself is called, something of the wrapper's own shows that it is one.
        let keeps = call.args.iter().any(|arg| !is_param(arg.value));
        let own = !chain.calls.is_empty() || keeps || declared.params.iter().any(|param| {
            let target = param.ty.as_ref().and_then(|ty| self.eval.type_name(&unit, ty.name()?));
            matches!(target, Some(TypeTarget::Library(module, _)) if self.eval.packs.messaging_speaks(&module, &unit))
        });
        (passes && alone && own).then_some(FnRef { file: unit.file, id: scope })
    }

    /// True where what is open is decided by methods of other objects: no caller of the function around can tell it.
    fn is_told_elsewhere(&self, functions: &BTreeSet<FnRef>, around: FnRef) -> bool {
        let typed = self.eval.world.unit(around.file).is_some_and(|unit| unit.tree.language.has_implicit_receiver());
        let own = self.class_of(around).map(|class| self.eval.chain(class)).unwrap_or_default();
        typed
            && !functions.is_empty()
            && functions.iter().all(|function| {
                let Some(unit) = self.eval.world.unit(function.file) else { return false };
                unit.function(function.id).kind == FunctionKind::Method
                    && self.class_of(*function).is_some_and(|class| !own.contains(&class))
            })
    }

    /// The function around an operation in code that several services share; business code is where they call it.
    fn shared(&self, chain: &Chain) -> Option<FnRef> {
        let (unit, expr) = chain.outermost();
        if !self.eval.packs.registry.services.is_shared(&unit.path) {
            return None;
        }
        let scope = unit.index.scope[expr?.0 as usize]?;
        Some(FnRef { file: unit.file, id: self.eval.method_of_scope(&unit, scope) })
    }

    /// True where somebody may call a function that no call names. Where an object is what its literal says, that takes
    /// somebody who got the function as a value.
    fn may_be_called(&self, function: FnRef) -> bool {
        let unit = self.eval.world.unit(function.file);
        !unit.is_some_and(|unit| unit.tree.language.has_struct_literals())
            || super::callers::is_handed_over(self.eval, function)
    }

    fn called_from_outside(&self, chain: &Chain, callers: &[Caller]) -> bool {
        let (unit, _) = chain.outermost();
        let services = &self.eval.packs.registry.services;
        callers.iter().any(|caller| !caller.unit.test && !services.same(&caller.unit.path, &unit.path))
    }

    pub(super) fn class_of(&self, function: FnRef) -> Option<ClassRef> {
        let unit = self.eval.world.unit(function.file)?;
        self.eval.world.class_of(&unit, function.id)
    }

    /// True where only the arguments of calls of this very function can tell a name.
    fn asks_callers_of(&self, chain: &Chain, target: FnRef) -> bool {
        let functions = Preview::of(self.eval, chain).symbolic.unwrap_or_default();
        functions.len() == 1 && functions.contains(&target)
    }

    /// The function whose callers decide the names of this operation, and whether it is the constructor of an object
    /// that is read back; `None` when nothing depends on a caller.
    fn depends_on(&self, chain: &Chain) -> Option<(FnRef, bool)> {
        let preview = Preview::of(self.eval, chain);
        let functions = preview.symbolic.clone()?;
        let (unit, expr) = chain.outermost();
        let scope = match expr {
            Some(expr) => unit.index.scope[expr.0 as usize],
            None => chain.hit.scope(),
        };
        let mut at = scope;
        let mut outermost = None;
        while let Some(id) = at {
            let function = FnRef { file: unit.file, id };
            if functions.contains(&function) {
                return Some((function, false));
            }
            outermost = Some(function);
            at = unit.index.parent[id.0 as usize];
        }
        if preview.is_placed && outermost.is_some_and(|around| self.is_told_elsewhere(&functions, around)) {
            return None;
        }
        let row = functions.into_iter().find(|function| chain.reads_back(self.eval, &self.stored, *function));
        row.map(|constructor| (constructor, true))
            .or(outermost.filter(|_| !preview.is_business).map(|function| (function, false)))
    }
}
