//! Channels, bindings and stores that code declares.

use super::bind::Binder;
use super::emit::{Emitter, broker_of, channel_kind, path, paths};
use super::guard::{self};
use super::hits::Hit;
use super::names::Named;
use crate::packs::{Emit, PackKind};
use crate::world::FnRef;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use weir_facts::{
    BindingFact, Certainty, ChannelFact, ChannelKind, Evidence, Fact, Origin, PatternFact, Site, StoreFact,
};
use weir_syntax::Expr;

impl Emitter<'_, '_, '_> {
    /// Channels, bindings and stores that code declares.
    pub(crate) fn declarations(&mut self, hits: &[Hit]) {
        let eval = self.eval;
        let mut stores: BTreeSet<(String, String, String)> = BTreeSet::new();
        for hit in hits {
            let rule = hit.rule(eval.packs);
            let Some(emit) = &rule.emit else { continue };
            let pack = hit.pack(eval.packs);
            if (emit.read.is_some() || emit.write.is_some()) && pack.kind == PackKind::Storage && !hit.unit.test {
                let kind = pack.store.clone().unwrap_or_else(|| pack.library.clone()).to_string();
                let table = emit.write.as_ref().map_or_else(
                    || emit.read.as_ref().and_then(|read| read.table.as_ref()),
                    |write| write.table.as_ref(),
                );
                let named = hit.binders(eval, None).iter().find_map(|binder| self.text(binder, table, &hit.site()));
                let name = named.filter(|name| !name.contains('{')).unwrap_or_else(|| kind.clone());
                if stores.insert((kind.clone(), name.clone(), eval.packs.registry.service_name(&hit.unit.path))) {
                    let evidence = Evidence { site: hit.site(), what: format!("{} call", pack.library) };
                    self.facts.push(Fact::Store(StoreFact { name, kind, evidence }));
                }
            }
            if let Some(kind) = &emit.pattern
                && !hit.unit.test
                && hit.binders(eval, None).iter().any(|binder| guard::conditions_hold(eval.packs, rule, binder))
            {
                let evidence =
                    Evidence { site: hit.site(), what: format!("{} by {}", kind.replace('-', " "), pack.library) };
                self.facts.push(Fact::Pattern(PatternFact { kind: kind.to_string(), evidence }));
            }
            if emit.declare.is_none() && emit.bind.is_none() || hit.unit.test {
                continue;
            }
            let chains = self.declared_chains(hit);
            for (frame, site) in chains {
                for mut binder in hit.binders(eval, frame.as_ref()) {
                    if !guard::conditions_hold(eval.packs, rule, &binder) {
                        continue;
                    }
                    let elements = binder.elements(rule);
                    for element in elements {
                        binder.each = element;
                        self.declare(hit, emit, &binder, &site);
                    }
                }
            }
        }
    }

    /// A declaration inside a wrapper is made once for each call of it.
    fn declared_chains(&self, hit: &Hit) -> Vec<(Option<Rc<crate::value::Frame>>, Site)> {
        let mut frames = vec![(None, hit.site())];
        if hit.unit.tree.language.has_struct_literals()
            && let Some(scope) = hit.scope()
        {
            let id = self.eval.method_of_scope(&hit.unit, scope);
            let entered = self.eval.entered(FnRef { file: hit.unit.file, id });
            return entered.into_iter().map(|frame| (Some(frame), hit.site())).collect();
        }
        if hit.unit.tree.language.has_impls()
            && let Some(scope) = hit.scope()
            && self.is_open(hit)
        {
            let id = self.eval.method_of_scope(&hit.unit, scope);
            let called = self.eval.called(FnRef { file: hit.unit.file, id });
            if !called.is_empty() {
                return called.into_iter().map(|(frame, site)| (Some(frame), site)).collect();
            }
        }
        // On the way to an operation of the same method it is known what the method is called with.
        if hit.unit.tree.language == weir_syntax::Language::CSharp
            && let Some(scope) = hit.scope()
        {
            let here = FnRef { file: hit.unit.file, id: self.eval.method_of_scope(&hit.unit, scope) };
            let inner = self.found.iter().filter_map(|found| {
                let (method, frame) = found.inner.as_ref().filter(|_| !found.fact.via.is_empty())?;
                (*method == here).then(|| (Some(frame.clone()), found.fact.site.clone()))
            });
            let mut entered: Vec<(Option<Rc<crate::value::Frame>>, Site)> = inner.collect();
            entered.dedup();
            if !entered.is_empty() {
                return entered;
            }
        }
        for found in &self.found {
            let via = found.fact.via.first().is_some_and(|via| via.file == hit.unit.path);
            if via && let Some(expr) = found.expr {
                let Expr::Call(call) = found.unit.expr(expr) else {
                    continue;
                };
                let here = hit.scope().map(|scope| self.eval.method_of_scope(&hit.unit, scope));
                for closure in self.eval.callees(&found.unit, call, None) {
                    if Some(closure.function.id) == here && closure.function.file == hit.unit.file {
                        let (args, complete) = self.eval.args_for(&found.unit, call, None, closure.function);
                        frames.push((Some(self.eval.frame(&closure, args, complete)), found.fact.site.clone()));
                    }
                }
            }
        }
        frames
    }

    /// True where who calls decides what is declared.
    fn is_open(&self, hit: &Hit) -> bool {
        let Some(emit) = &hit.rule(self.eval.packs).emit else { return false };
        let declared = emit.declare.iter().map(|declare| &declare.channel);
        hit.binders(self.eval, None).iter().any(|binder| {
            let names = declared.clone().flat_map(|names| paths(self.eval, binder, Some(names)));
            let bound = emit.bind.iter().flat_map(|bind| {
                let ends = path(self.eval, binder, Some(&bind.source)).into_iter();
                ends.chain(path(self.eval, binder, Some(&bind.destination)))
            });
            names.chain(bound).any(|name| name.is_symbolic())
        })
    }

    /// Every name that values may mean.
    fn every(&self, values: &[crate::value::Value], site: &Site) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for value in values {
            for named in self.eval.names(value, &site.file, &[], Certainty::Certain) {
                if let Named::Known(name) = named
                    && !names.contains(&name.text)
                {
                    names.push(name.text);
                }
            }
        }
        names
    }

    fn declare(&mut self, hit: &Hit, emit: &Emit, binder: &Binder<'_, '_, '_>, site: &Site) {
        let eval = self.eval;
        let Some(broker) = broker_of(eval, emit, hit.pack(eval.packs), binder) else {
            return;
        };
        if let Some(declare) = &emit.declare {
            for value in paths(eval, binder, Some(&declare.channel)) {
                for named in eval.names(&value, &site.file, &[], Certainty::Certain) {
                    let Named::Known(name) = named else { continue };
                    let mut settings = BTreeMap::new();
                    for (key, text) in &declare.settings {
                        if let Some(value) = self.setting(binder, text, site) {
                            settings.insert(key.to_string(), value);
                        }
                    }
                    self.facts.push(Fact::Channel(ChannelFact {
                        origin: Origin::Observed,
                        broker: broker.to_string(),
                        kind: channel_kind(&declare.kind).unwrap_or(ChannelKind::Queue),
                        name,
                        dead_letter: self.text(binder, declare.dead_letter.as_ref(), site),
                        settings,
                        site: site.clone(),
                    }));
                }
            }
        }
        if let Some(bind) = &emit.bind {
            let source = self.text(binder, Some(&bind.source), site);
            let mut destinations = self.every(&path(eval, binder, Some(&bind.destination)), site);
            destinations.dedup();
            if destinations.len() < 2 {
                destinations = self.text(binder, Some(&bind.destination), site).into_iter().collect();
            }
            let several = destinations.len() > 1;
            let every_key = self.every(&paths(eval, binder, bind.key.as_ref()), site);
            // Of several queues each is bound under a key of its own, where there are as many.
            let paired = several && every_key.len() == destinations.len();
            let keys: Vec<Option<String>> = match (several, every_key.is_empty()) {
                (true, true) => vec![None],
                (true, false) => every_key.into_iter().map(Some).collect(),
                (false, _) => {
                    let keys = paths(eval, binder, bind.key.as_ref());
                    let keys: Vec<_> = keys.iter().map(|value| eval.one_name(value, &site.file)).collect();
                    if keys.is_empty() { vec![None] } else { keys }
                }
            };
            let Some(source) = source else { return };
            for (at, destination) in destinations.iter().enumerate() {
                for key in if paired { &keys[at..=at] } else { keys.as_slice() } {
                    self.facts.push(Fact::Binding(BindingFact {
                        broker: broker.to_string(),
                        source: source.clone(),
                        destination: destination.clone(),
                        key: key.clone(),
                        site: site.clone(),
                    }));
                }
            }
        }
    }
}
