//! Whose a send in code that several programs share is: of the only program whose handlers come to it.

use super::emit::Found;
use crate::eval::Eval;
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Action, Arm, Effect, Site, Step};

/// Names the service of sends that stand in shared code and that handlers of one service alone reach.
pub(super) fn name(eval: &Eval<'_, '_>, found: &mut [Found]) {
    let services = &eval.packs.registry.services;
    let mut reached: BTreeMap<Site, BTreeSet<String>> = BTreeMap::new();
    for receive in found.iter().filter(|found| found.fact.action == Action::Receive && !found.fact.test) {
        let path = &receive.fact.site.file;
        let Some(program) = receive.fact.program.as_ref().filter(|_| !services.is_shared(path)) else { continue };
        let service = eval.packs.registry.service_name(path);
        let mut sites = BTreeSet::new();
        publishes(&program.steps, &mut sites);
        sites.into_iter().for_each(|site| {
            reached.entry(site).or_default().insert(service.clone());
        });
    }
    for send in found.iter_mut().filter(|found| found.fact.action == Action::Send) {
        let Some(by) = reached.get(&send.fact.site).filter(|_| services.is_shared(&send.fact.site.file)) else {
            continue;
        };
        let Some(only) = by.first().filter(|_| by.len() == 1) else { continue };
        if !called_elsewhere(eval, send, only) {
            send.fact.service = Some(only.clone());
        }
    }
}

/// True where a program of another name calls the function around a send.
fn called_elsewhere(eval: &Eval<'_, '_>, send: &Found, service: &str) -> bool {
    let Some(function) = send.function else { return true };
    let name = send.unit.function(eval.method_of_scope(&send.unit, function.id)).name.clone();
    let services = &eval.packs.registry.services;
    eval.world.call_sites(&name, send.unit.file).iter().any(|(unit, _)| {
        let outside = !unit.test && unit.file != send.unit.file && !services.is_shared(&unit.path);
        outside && eval.packs.registry.service_name(&unit.path) != service
    })
}

fn publishes(steps: &[Step], found: &mut BTreeSet<Site>) {
    // Steps nest as deep as the code they come from, which is bounded where they are made.
    for step in steps {
        match &step.effect {
            Effect::Publish { .. } => {
                found.insert(step.site.clone());
            }
            Effect::Branch { arms } => arms.iter().for_each(|Arm { steps, .. }| publishes(steps, found)),
            Effect::Transaction { body, .. } | Effect::Loop { body, .. } | Effect::Spawn { body } => {
                publishes(body, found)
            }
            Effect::Try { body, catches, finally } => {
                publishes(body, found);
                catches.iter().for_each(|catch| publishes(&catch.steps, found));
                publishes(finally, found);
            }
            _ => {}
        }
    }
}
