//! Where outside events start asynchronous work: routes, timers and messages whose functions lead to a send.

use super::callers::Callers;
use super::emit::Emitter;
use super::guard;
use super::hits::{Hit, Place};
use crate::eval::Eval;
use crate::packs::{Emit, Paths};
use crate::source::Mention;
use crate::value::Value;
use crate::world::{ClassRef, FnRef, Unit};
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Action, BoundaryFact, Fact, Site, TriggerKind};

/// Functions between a trigger and a send.
const MAX_HOPS: usize = 5;

/// What files must say that show who leads to the sends found so far. What stays inside the process starts nothing.
pub(crate) fn mentions(eval: &Eval<'_, '_>, callers: &Callers, emitter: &Emitter<'_, '_, '_>) -> BTreeSet<Mention> {
    let mut mentions = BTreeSet::new();
    for found in emitter.found.iter().filter(|found| found.fact.action == Action::Send && !found.fact.test) {
        if found.fact.broker == "in-process" {
            continue;
        }
        let Some(function) = found.function else {
            continue;
        };
        for function in reach(eval, callers, function) {
            mentions.extend(Callers::mention(eval, function));
        }
    }
    // Words that name half the program would load it all and tell nothing.
    mentions.retain(|mention| {
        let word = mention.word.as_str();
        word.len() > 2 && (!mention.with.is_empty() || !matches!(word, "get" | "run" | "main" | "index"))
    });
    mentions
}

/// The function, what it stands in, and what calls it, up to the bound.
fn reach(eval: &Eval<'_, '_>, callers: &Callers, function: FnRef) -> Vec<FnRef> {
    let mut seen = BTreeSet::new();
    let mut order = Vec::new();
    let mut layer = vec![function];
    for _ in 0..MAX_HOPS {
        let mut next = Vec::new();
        for function in layer {
            let Some(unit) = eval.world.unit(function.file) else {
                continue;
            };
            for enclosing in lexical(&unit, function) {
                if seen.insert(enclosing) {
                    order.push(enclosing);
                    for caller in callers.of(eval, enclosing).iter().filter(|caller| !caller.unit.test) {
                        if let Some(scope) = caller.unit.index.scope[caller.expr.0 as usize] {
                            next.push(FnRef { file: caller.unit.file, id: scope });
                        }
                    }
                }
            }
        }
        layer = next;
    }
    order
}

fn lexical(unit: &Unit, function: FnRef) -> Vec<FnRef> {
    let mut found = vec![function];
    let mut at = unit.index.parent[function.id.0 as usize];
    while let Some(id) = at {
        found.push(FnRef { file: unit.file, id });
        at = unit.index.parent[id.0 as usize];
    }
    found
}

/// What starts a function.
pub(super) struct Trigger {
    pub(super) kind: TriggerKind,
    pub(super) what: String,
    pub(super) site: Site,
    /// The class on whose objects it starts the function, where that is known: others may inherit it as well.
    pub(super) on: Option<ClassRef>,
}

impl Trigger {
    /// True where a way that ends at the function runs on objects of another class that inherits it.
    fn runs_elsewhere(&self, eval: &Eval<'_, '_>, way: &[FnRef]) -> bool {
        let class = |function: &FnRef| eval.world.class_of(&*eval.world.unit(function.file)?, function.id);
        let (Some(on), Some(home)) = (self.on, way.last().and_then(class)) else { return false };
        way.iter().filter_map(class).any(|of| of != home && eval.is_a(of, home) && !eval.is_a(on, of))
    }
}

/// The boundaries of all sends.
pub(super) fn facts(
    eval: &Eval<'_, '_>,
    callers: &Callers,
    emitter: &Emitter<'_, '_, '_>,
    all: &[Hit],
    mut triggers: BTreeMap<FnRef, Vec<Trigger>>,
) -> Vec<Fact> {
    for hit in all {
        triggers_of(eval, hit, &mut triggers);
    }
    for found in emitter.found.iter().filter(|found| found.fact.action == Action::Receive) {
        if let Some(function) = found.business {
            let channel = found.fact.channel.as_ref().map(|name| name.text.clone()).unwrap_or_default();
            let trigger = Trigger { kind: TriggerKind::Queue, what: channel, site: found.fact.site.clone(), on: None };
            triggers.entry(function).or_default().push(trigger);
        }
    }
    let mut boundaries: BTreeMap<(Site, String), BoundaryFact> = BTreeMap::new();
    for found in emitter.found.iter().filter(|found| found.fact.action == Action::Send) {
        let Some(function) = found.function else {
            continue;
        };
        let way = reach(eval, callers, function);
        for (at, reached) in way.iter().copied().enumerate() {
            let started = triggers.get(&reached).into_iter().flatten();
            for trigger in started.filter(|trigger| !trigger.runs_elsewhere(eval, &way[..=at])) {
                let entry =
                    boundaries.entry((trigger.site.clone(), trigger.what.clone())).or_insert_with(|| BoundaryFact {
                        trigger: trigger.kind,
                        what: trigger.what.clone(),
                        symbol: eval.symbol(reached),
                        sends: Vec::new(),
                        program: (trigger.kind != TriggerKind::Queue).then(|| emitter.program_of(reached)),
                        site: trigger.site.clone(),
                        test: found.fact.test,
                    });
                if !entry.sends.contains(&found.fact.site) {
                    entry.sends.push(found.fact.site.clone());
                }
            }
        }
    }
    boundaries
        .into_values()
        .map(|mut boundary| {
            boundary.sends.sort();
            Fact::Boundary(boundary)
        })
        .collect()
}

fn triggers_of(eval: &Eval<'_, '_>, hit: &Hit, triggers: &mut BTreeMap<FnRef, Vec<Trigger>>) {
    let rule = hit.rule(eval.packs);
    let Some(emit) = &rule.emit else { return };
    if emit.route.is_none() && emit.schedule.is_none() {
        return;
    }
    for mut binder in hit.binders(eval, None) {
        if !guard::conditions_hold(eval.packs, rule, &binder) {
            continue;
        }
        let elements = binder.elements(rule);
        for element in elements {
            binder.each = element;
            triggers_of_one(eval, hit, emit, &binder, triggers);
        }
    }
}

fn triggers_of_one(
    eval: &Eval<'_, '_>,
    hit: &Hit,
    emit: &Emit,
    binder: &super::bind::Binder<'_, '_, '_>,
    triggers: &mut BTreeMap<FnRef, Vec<Trigger>>,
) {
    let one = |text: &str| {
        let path = eval.packs.path(text)?;
        let values = binder.values(&path);
        values.first().and_then(|value| eval.one_word(value, &hit.unit.path))
    };
    let (kind, what, handlers) = trigger(eval, emit, &one, binder);
    let mut functions = BTreeSet::new();
    for value in handlers.iter().flat_map(|value| value.alternatives()) {
        match value {
            Value::Closure(closure) => {
                functions.insert(eval.business_of(closure));
            }
            // A method of what callers hand in: `register(service, server)`.
            Value::Param(function, at, path) => {
                let methods = eval.methods_of(*function, *at, path);
                functions.extend(methods.iter().map(|closure| eval.business_of(closure)));
            }
            Value::List(items) => {
                for item in items.iter() {
                    if let Value::Closure(closure) = item {
                        functions.insert(eval.business_of(closure));
                    }
                }
            }
            _ => {}
        }
    }
    if functions.is_empty()
        && let Place::Annotation(annotated) = &hit.place
    {
        functions.extend(annotated.function);
    }
    for function in functions {
        triggers.entry(function).or_default().push(Trigger { kind, what: what.clone(), site: hit.site(), on: None });
    }
}

fn trigger(
    eval: &Eval<'_, '_>,
    emit: &Emit,
    one: &dyn Fn(&str) -> Option<String>,
    binder: &super::bind::Binder<'_, '_, '_>,
) -> (TriggerKind, String, Vec<Value>) {
    let many = |paths: &Paths| -> Vec<Value> {
        let texts: &[SmolStr] = match paths {
            Paths::One(one) => std::slice::from_ref(one),
            Paths::Many(many) => many,
        };
        texts.iter().filter_map(|text| eval.packs.path(text)).flat_map(|path| binder.values(&path)).collect()
    };
    if let Some(route) = &emit.route {
        // A word is the method itself, everything else says where it stands.
        let method = match route.method.chars().all(char::is_alphabetic) {
            true => route.method.to_string(),
            false => one(&route.method).unwrap_or_default(),
        };
        let path = match &route.path {
            Some(Paths::One(text)) => one(text).unwrap_or_default(),
            Some(Paths::Many(texts)) => texts.iter().find_map(|text| one(text)).unwrap_or_default(),
            None => String::new(),
        };
        let path = format!("/{}", path.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"));
        let webhook = path.to_ascii_lowercase().contains("webhook");
        let kind = if webhook { TriggerKind::Webhook } else { TriggerKind::Http };
        return (kind, format!("{} {path}", method.to_ascii_uppercase()), many(&route.handler));
    }
    match &emit.schedule {
        Some(schedule) => {
            let when = schedule.when.as_deref().and_then(one).unwrap_or_else(|| "timer".to_owned());
            (TriggerKind::Schedule, when, many(&Paths::One(schedule.handler.clone())))
        }
        None => (TriggerKind::Cli, String::new(), Vec::new()),
    }
}
