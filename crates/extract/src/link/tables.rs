//! Tables under the names the database has for them: what code says of a class of rows holds for its table.

use super::PackIndex;
use super::hits::{self, Hit, Place};
use crate::eval::Eval;
use crate::world::Unit;
use smol_str::SmolStr;
use std::rc::Rc;
use weir_facts::{Arm, Effect, Fact, Step};

/// Classes of rows with their tables.
pub(crate) struct Tables<'p> {
    packs: &'p PackIndex<'p>,
    /// Class name, table, file of the class.
    entries: Vec<(SmolStr, String, SmolStr)>,
}

impl<'p> Tables<'p> {
    /// What the annotations in these files say.
    pub(crate) fn read(eval: &Eval<'p, '_>, units: &[Rc<Unit>]) -> Tables<'p> {
        let all = units.iter().flat_map(|unit| entities(eval, unit));
        let entries = all.filter_map(|(hit, table)| Some((class(eval, &hit)?, table, hit.unit.path.clone()))).collect();
        Tables { packs: eval.packs, entries }
    }

    /// The table of a class, as a file sees it: the class of its own service, else the only one of that name.
    fn of(&self, class: &str, file: &str) -> Option<&str> {
        let named = || self.entries.iter().filter(|(name, ..)| name == class);
        let own = named().find(|(_, _, path)| self.packs.registry.services.same(path, file));
        let found = own.or_else(|| {
            let mut all = named();
            let first = all.next()?;
            all.all(|(_, table, _)| *table == first.1).then_some(first)
        });
        found.map(|(_, table, _)| table.as_str())
    }

    /// Puts tables in the place of classes.
    pub(crate) fn name(&self, facts: &mut [Fact]) {
        if self.entries.is_empty() {
            return;
        }
        for fact in facts {
            match fact {
                Fact::Operation(fact) => {
                    let program = fact.program.as_mut();
                    program.into_iter().for_each(|program| self.steps(&mut program.steps));
                }
                Fact::Boundary(fact) => {
                    let program = fact.program.as_mut();
                    program.into_iter().for_each(|program| self.steps(&mut program.steps));
                }
                Fact::Store(fact) => {
                    if let Some(table) = self.of(&fact.name, &fact.evidence.site.file) {
                        fact.name = table.to_owned();
                    }
                }
                _ => {}
            }
        }
    }

    fn steps(&self, steps: &mut [Step]) {
        for step in steps {
            match &mut step.effect {
                Effect::Read { table: Some(table), .. } | Effect::Write { table: Some(table), .. } => {
                    if let Some(known) = self.of(table, &step.site.file) {
                        *table = known.to_owned();
                    }
                }
                Effect::Guard { store: Some(store), .. } => {
                    if let Some(known) = self.of(store, &step.site.file) {
                        *store = known.to_owned();
                    }
                }
                Effect::Transaction { body, .. } | Effect::Loop { body, .. } | Effect::Spawn { body } => {
                    self.steps(body);
                }
                Effect::Branch { arms } => self.arms(arms),
                Effect::Try { body, catches, finally } => {
                    self.steps(body);
                    self.arms(catches);
                    self.steps(finally);
                }
                _ => {}
            }
        }
    }

    fn arms(&self, arms: &mut [Arm]) {
        arms.iter_mut().for_each(|arm| self.steps(&mut arm.steps));
    }
}

/// The classes of rows in a file with their tables.
pub(crate) fn entities(eval: &Eval<'_, '_>, unit: &Rc<Unit>) -> Vec<(Hit, String)> {
    let hits = hits::on_classes(eval, unit);
    hits.into_iter().filter_map(|hit| table(eval, &hit).map(|table| (hit, table))).collect()
}

fn class(eval: &Eval<'_, '_>, hit: &Hit) -> Option<SmolStr> {
    match &hit.place {
        Place::Annotation(annotated) => annotated.class.map(|class| eval.class_name(class)),
        Place::Extends(class) => Some(eval.class_name(*class)),
        _ => None,
    }
}

fn table(eval: &Eval<'_, '_>, hit: &Hit) -> Option<String> {
    let rule = hit.rule(eval.packs);
    let path = eval.packs.path(rule.emit.as_ref()?.entity.as_ref()?)?;
    let mut binders = hit.binders(eval, None).into_iter();
    let binder = binders.find(|binder| super::guard::conditions_hold(eval.packs, rule, binder))?;
    let table = binder.value(&path).and_then(|value| eval.one_name(&value, &hit.unit.path))?;
    (!table.contains('{')).then_some(table)
}
