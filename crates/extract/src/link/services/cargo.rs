//! Crates as deployable units: a package with a program is a service, one with several programs is one for each.

use super::join;
use crate::source::{FileId, Source};
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Evidence, ServiceFact, Site};

/// A program of a package: its name, and the file or folder that holds it alone.
struct Program {
    name: String,
    path: String,
}

/// The services of the package whose manifest this is.
pub(super) fn package(source: &dyn Source, file: FileId, folder: &str, found: &mut BTreeMap<String, ServiceFact>) {
    let Some(manifest) = source.text(file).and_then(|text| text.parse::<toml::Table>().ok()) else { return };
    let Some(package) = manifest.get("package").and_then(|package| package.as_table()) else { return };
    let Some(name) = package.get("name").and_then(|name| name.as_str()) else { return };
    let main = source.find(&join(folder, "src/main.rs")).is_some();
    let programs = programs(source, folder, &manifest);
    let site = Site::new(source.paths()[file.0 as usize].clone(), 1);
    let service = |name: &str, path: &str, library: bool, what: String| ServiceFact {
        name: name.to_owned(),
        path: path.to_owned(),
        frameworks: Vec::new(),
        aliases: Vec::new(),
        library,
        evidence: Evidence { site: site.clone(), what },
    };
    let alone = programs.len() + usize::from(main) < 2;
    let shown = if folder.is_empty() { name } else { super::base(folder) };
    let runs = main || alone && !programs.is_empty();
    let mut own = service(shown, folder, !runs, format!("crate {name}"));
    if shown != name {
        own.aliases.push(name.to_owned());
    }
    found.entry(folder.to_owned()).or_insert(own);
    if !alone {
        for program in programs {
            let what = format!("program {} of crate {name}", program.name);
            for path in modules(source, &program.path).into_iter().chain([program.path.clone()]) {
                found.entry(path.clone()).or_insert(service(&program.name, &path, false, what.clone()));
            }
        }
    }
}

/// The files and folders of the modules that the root file of a program declares beside itself; modules that several
/// programs declare belong to the first.
fn modules(source: &dyn Source, program: &str) -> Vec<String> {
    let Some((folder, _)) = program.rsplit_once('/').filter(|(_, name)| name.ends_with(".rs")) else {
        return Vec::new();
    };
    let text = source.find(program).and_then(|file| source.text(file)).unwrap_or_default();
    let declared = text.lines().filter_map(|line| {
        let line = line.trim_start().trim_start_matches("pub ");
        line.strip_prefix("mod ").and_then(|rest| rest.trim_end().strip_suffix(';')).map(str::trim)
    });
    let mut found = Vec::new();
    for module in declared {
        let file = join(folder, &format!("{module}.rs"));
        let inner = join(folder, module);
        if source.find(&file).is_some() {
            found.push(file);
        }
        if source.paths().iter().any(|path| super::within(path, &inner)) {
            found.push(inner);
        }
    }
    found
}

/// The programs of a package beside `src/main.rs`.
fn programs(source: &dyn Source, folder: &str, manifest: &toml::Table) -> Vec<Program> {
    let mut programs: Vec<Program> = Vec::new();
    let mut known = BTreeSet::from([join(folder, "src/main.rs"), join(folder, "src/lib.rs")]);
    let text = |table: &toml::Table, key: &str| table.get(key).and_then(|value| value.as_str()).map(str::to_owned);
    for target in manifest.get("bin").and_then(|bins| bins.as_array()).into_iter().flatten() {
        let Some(target) = target.as_table() else { continue };
        if let (Some(name), Some(path)) = (text(target, "name"), text(target, "path")) {
            let path = join(folder, &path);
            if source.find(&path).is_some() && known.insert(path.clone()) {
                programs.push(Program { name, path });
            }
        }
    }
    let bins = format!("{}/", join(folder, "src/bin"));
    for path in source.paths() {
        let Some(rest) = path.strip_prefix(bins.as_str()).filter(|_| known.insert(path.to_string())) else { continue };
        match rest.split_once('/') {
            None => {
                if let Some(name) = rest.strip_suffix(".rs") {
                    programs.push(Program { name: name.to_owned(), path: path.to_string() });
                }
            }
            Some((name, "main.rs")) => {
                programs.push(Program { name: name.to_owned(), path: format!("{bins}{name}") });
            }
            Some(_) => {}
        }
    }
    programs
}
