//! Functions that templates deploy as units: a stack each where the project has several, a function each where all
//! stand in one.

use super::{base, within};
use crate::link::templates::{Deployed, Templates};
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Evidence, ServiceFact};

/// Folders that say nothing of what is deployed from them.
const GENERIC: &[&str] = &[
    "infra",
    "infrastructure",
    "deploy",
    "deployment",
    "cloudformation",
    "cfn",
    "sam",
    "aws",
    "template",
    "templates",
    "stack",
    "stacks",
    "iac",
];

/// Puts the units of templates in.
pub(super) fn read(templates: &Templates, found: &mut BTreeMap<String, ServiceFact>) {
    let mut stacks: BTreeMap<&str, Vec<&Deployed>> = BTreeMap::new();
    for function in templates.functions.iter().filter(|function| function.code.is_some()) {
        stacks.entry(&function.folder).or_default().push(function);
    }
    let several = stacks.len() > 1;
    for (folder, functions) in &stacks {
        let paths: BTreeSet<&str> = functions.iter().filter_map(|one| path(one)).collect();
        let home = home(folder);
        let inside = !home.is_empty() && paths.iter().all(|path| within(path, home));
        if several && inside {
            // What stands around the code of single functions is no unit beside the stack.
            found.retain(|folder, unit| {
                !within(folder, home) || unit.library || !paths.iter().any(|path| within(path, folder))
            });
            let evidence = Evidence { site: functions[0].site.clone(), what: "a template deploys it".to_owned() };
            let unit = found.entry(home.to_owned()).or_insert_with(|| unit(base(home), home, evidence));
            unit.library = false;
        } else if paths.len() > 1 {
            each(functions, &paths, found);
        }
    }
}

/// A unit for each function: its folder where nothing else starts in it, else its file.
fn each(functions: &[&Deployed], paths: &BTreeSet<&str>, found: &mut BTreeMap<String, ServiceFact>) {
    let alone = |folder: &str| paths.iter().filter(|path| within(path, folder)).count() == 1;
    for function in functions {
        let Some(path) = path(function) else { continue };
        let beside = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        let packed = function.packed.as_deref().filter(|folder| within(path, folder));
        let own = packed.into_iter().chain([beside]).find(|folder| !folder.is_empty() && alone(folder));
        let place = own.unwrap_or(path).to_owned();
        let evidence = Evidence { site: function.site.clone(), what: format!("function {}", function.id) };
        let known = found.entry(place.clone()).or_insert_with(|| unit(&function.name, &place, evidence));
        known.library = false;
        for name in [&function.name, &function.id] {
            if *name != known.name && !known.aliases.contains(name) {
                known.aliases.push(name.clone());
            }
        }
    }
}

fn path<'f>(function: &&'f Deployed) -> Option<&'f str> {
    function.code.as_ref().map(|code| code.path.as_str())
}

/// The folder of the template, or the one above it that has a name.
fn home(folder: &str) -> &str {
    let mut at = folder;
    while GENERIC.contains(&base(at).to_ascii_lowercase().as_str()) {
        at = at.rsplit_once('/').map_or("", |(up, _)| up);
    }
    at
}

fn unit(name: &str, path: &str, evidence: Evidence) -> ServiceFact {
    let (name, path) = (name.to_owned(), path.to_owned());
    ServiceFact { name, path, frameworks: Vec::new(), aliases: Vec::new(), library: false, evidence }
}
