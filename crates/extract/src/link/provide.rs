//! What some rules provide for others to look up, under the values of whoever calls the function around the registration.

use super::callers::{Caller, Callers};
use super::chain::Chain;
use super::guard;
use super::hits::Hit;
use super::run::Linker;
use crate::packs::ProvideRule;
use crate::source::Mention;
use crate::value::{Frame, Value};
use crate::world::FnRef;
use smol_str::SmolStr;
use std::rc::Rc;

/// Rounds of registrations that depend on registrations.
const MAX_SETTLE: usize = 4;
/// Functions around a registration that hand its names on, one inside the other.
const MAX_LAYERS: usize = 3;
/// Calls of such a function that are told apart.
const MAX_WAYS: usize = 200;

/// Values under which a registration is made, and the file that makes it so.
type Way = (Option<Rc<Frame>>, SmolStr);

impl Linker<'_, '_, '_> {
    /// Provides until what is provided no longer changes what is provided.
    pub(super) fn settle(&mut self, hits: &[Hit]) {
        for _ in 0..MAX_SETTLE {
            let before = self.eval.packs.registry.take();
            self.provide(hits);
            if !self.eval.packs.registry.differs(&before) {
                break;
            }
            self.eval.forget();
            self.callers.forget();
        }
    }

    fn provide(&mut self, hits: &[Hit]) {
        let packs = self.eval.packs;
        for hit in hits {
            let rule = hit.rule(packs);
            let Some(provide) = rule.emit.as_ref().and_then(|emit| emit.provide.as_ref()) else {
                continue;
            };
            for (frame, path) in self.ways(hit, provide) {
                for (key, value) in self.registered(hit, provide, frame.as_ref()) {
                    packs.registry.add(&provide.table, key, value, &path);
                }
            }
        }
    }

    /// Keys and values of a registration under the values of a frame.
    fn registered(&self, hit: &Hit, provide: &ProvideRule, frame: Option<&Rc<Frame>>) -> Vec<(Option<Value>, Value)> {
        let packs = self.eval.packs;
        let rule = hit.rule(packs);
        let mut found = Vec::new();
        for mut binder in hit.binders(self.eval, frame) {
            if !guard::conditions_hold(packs, rule, &binder) {
                continue;
            }
            let elements = binder.elements(rule);
            for element in elements {
                binder.each = element;
                let key = provide.key.as_deref().and_then(|path| packs.path(path)).and_then(|path| binder.value(&path));
                let value = packs.path(&provide.value).and_then(|path| binder.value(&path));
                found.extend(value.filter(|value| !value.is_empty()).map(|value| (key, value)));
            }
        }
        found
    }

    /// Where a function is handed the names that it registers, every call of it registers others.
    fn ways(&mut self, hit: &Hit, provide: &ProvideRule) -> Vec<Way> {
        let own = vec![(None, hit.unit.path.clone())];
        if provide.key.is_none() || hit.unit.test || !self.is_open(hit, provide, None) {
            return own;
        }
        let mut ways = Vec::new();
        let mut open = vec![Chain::of(hit)];
        while let Some(chain) = open.pop() {
            let Some(target) = self.around(&chain).filter(|_| chain.calls.len() < MAX_LAYERS) else { continue };
            self.demands.extend(Callers::mention(self.eval, target));
            self.demands.extend(self.class_of(target).map(|class| Mention::of(self.eval.class_name(class))));
            for caller in self.callers.of(self.eval, target).iter().filter(|caller| !caller.unit.test) {
                if ways.len() + open.len() >= MAX_WAYS || self.within(caller) == Some(target) {
                    continue;
                }
                let mut longer = chain.clone();
                longer.calls.push((caller.clone(), target));
                let frame = longer.frame(self.eval);
                if self.is_open(hit, provide, frame.as_ref()) {
                    open.push(longer);
                } else {
                    ways.push((frame, caller.unit.path.clone()));
                }
            }
        }
        if ways.is_empty() { own } else { ways }
    }

    /// True where a key is not told, or no element of what should be several is.
    fn is_open(&self, hit: &Hit, provide: &ProvideRule, frame: Option<&Rc<Frame>>) -> bool {
        let registered = self.registered(hit, provide, frame);
        let told = |key: &Option<Value>| {
            key.as_ref().is_none_or(|key| {
                key.alternatives().iter().all(|key| !key.is_symbolic() && !matches!(key, Value::Opaque(_)))
            })
        };
        registered.is_empty() && hit.rule(self.eval.packs).each.is_some()
            || !registered.iter().all(|(key, _)| told(key))
    }

    /// The function with parameters in which the code of a chain stands.
    fn around(&self, chain: &Chain) -> Option<FnRef> {
        let (unit, expr) = chain.outermost();
        let scope = unit.index.scope[expr?.0 as usize]?;
        let id = self.eval.method_of_scope(&unit, scope);
        (!unit.function(id).params.is_empty()).then_some(FnRef { file: unit.file, id })
    }

    fn within(&self, caller: &Caller) -> Option<FnRef> {
        let scope = caller.unit.index.scope[caller.expr.0 as usize]?;
        Some(FnRef { file: caller.unit.file, id: self.eval.method_of_scope(&caller.unit, scope) })
    }
}
