//! Which frameworks a service is built with: those its code imports, and those its own manifest depends on.

use super::PackIndex;
use super::services::Services;
use crate::source::Source;
use crate::world::{Unit, join};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use weir_facts::ServiceFact;

/// The services with their frameworks.
pub(crate) fn fill(
    services: &Services,
    source: &dyn Source,
    packs: &PackIndex<'_>,
    units: &[Rc<Unit>],
) -> Vec<ServiceFact> {
    let mut found: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for unit in units.iter().filter(|unit| !unit.test) {
        let Some(service) = services.of(&unit.path) else { continue };
        let modules = unit.tree.imports.iter().map(|import| &import.module).filter(|module| !module.is_empty());
        let known = found.entry(&service.path).or_default();
        for module in modules {
            let speaking = packs.speaking(module, unit);
            known.extend(
                speaking.iter().filter_map(|pack| packs.packs[*pack].framework.as_ref()).map(ToString::to_string),
            );
        }
    }
    let mut filled = services.services.clone();
    for service in &mut filled {
        let imported = found.remove(service.path.as_str()).unwrap_or_default();
        let depends = dependencies(source, &service.path);
        let declared = named(packs, &|pack| {
            let pack = &packs.packs[pack];
            let names = if pack.manifest.is_empty() { &pack.when.import } else { &pack.manifest };
            names.iter().any(|name| depends.contains(name.as_str()))
        });
        let all: BTreeSet<String> = service.frameworks.drain(..).chain(imported).chain(declared).collect();
        service.frameworks = all.into_iter().collect();
    }
    filled
}

/// Frameworks of the packs that are used.
fn named(packs: &PackIndex<'_>, used: &dyn Fn(usize) -> bool) -> BTreeSet<String> {
    let packs = packs.packs.iter().enumerate();
    packs
        .filter_map(|(at, pack)| pack.framework.as_ref().filter(|_| used(at)))
        .map(|framework| framework.to_string())
        .collect()
}

/// What the manifest in a folder needs at run time.
fn dependencies(source: &dyn Source, folder: &str) -> BTreeSet<String> {
    let text = source.find(&join(folder, "package.json")).and_then(|file| source.text(file));
    let json: Option<serde_json::Value> = text.and_then(|text| serde_json::from_str(&text).ok());
    let dependencies = json.as_ref().and_then(|json| json.get("dependencies")).and_then(|section| section.as_object());
    dependencies.map(|section| section.keys().cloned().collect()).unwrap_or_default()
}
