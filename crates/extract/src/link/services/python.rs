//! Python units: folders with requirements of their own, and the folders of a project in which programs start.

use super::{base, within};
use crate::link::infra::Compose;
use crate::source::{FileId, Source};
use crate::world::is_test;
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Evidence, ServiceFact, Site};

/// Files that say what a unit needs.
const MANIFESTS: &[&str] = &["pyproject.toml", "setup.py", "setup.cfg", "Pipfile"];
/// Names of files in which programs start, without their endings.
const ENTRIES: &[&str] =
    &["main", "app", "manage", "run", "server", "worker", "consumer", "asgi", "wsgi", "__main__", "celery"];
/// Folders whose programs are tools of the developers.
const TOOLS: &[&str] = &["scripts", "tools", "examples", "docs", "migrations", "alembic", "benchmarks", "notebooks"];
/// Folders of code that others use.
const SHARED: &[&str] = &["libs", "lib", "packages", "shared", "common", "pkg"];

/// The units, each with its folder.
pub(super) fn read(source: &dyn Source, docker: &BTreeSet<&str>, compose: &Compose) -> Vec<ServiceFact> {
    let files: Vec<(FileId, &str)> = source
        .paths()
        .iter()
        .enumerate()
        .filter(|(_, path)| path.ends_with(".py") && !is_test(path))
        .map(|(at, path)| (FileId(u32::try_from(at).unwrap_or(u32::MAX)), path.as_str()))
        .collect();
    if files.is_empty() {
        return Vec::new();
    }
    let starts = starts(source, &files);
    let mut units: BTreeMap<String, ServiceFact> = BTreeMap::new();
    for (folder, manifest) in manifests(source, &files, docker) {
        let inside = |path: &str| within(path, &folder);
        let entry = files.iter().any(|(_, path)| inside(path) && is_entry(path, &folder))
            || starts.keys().any(|start| *start == folder || within(start, &folder));
        let shared = folder.split('/').any(|part| SHARED.contains(&part));
        let library = !docker.contains(folder.as_str()) && (shared || !entry);
        let evidence = Evidence { site: Site::new(manifest.clone(), 1), what: "requirements of its own".into() };
        units.insert(folder.clone(), unit(&folder, library, evidence));
    }
    for (folder, file) in several(&starts, &units) {
        let evidence = Evidence { site: Site::new(file, 1), what: "a program starts here".into() };
        units.entry(folder.to_owned()).or_insert_with(|| unit(folder, false, evidence));
    }
    for script in super::scripts::read(source, &files, compose) {
        units.entry(script.path.clone()).or_insert(script);
    }
    units.into_values().collect()
}

/// The project at the root, where its manifest names it and packages of it stand outside of all units.
pub(super) fn root(source: &dyn Source, found: &BTreeMap<String, ServiceFact>) -> Option<ServiceFact> {
    let file = source.find("pyproject.toml")?;
    let text = source.text(file)?;
    let mut section = "";
    let name = text.lines().find_map(|line| {
        let line = line.trim();
        if line.starts_with('[') {
            section = line;
        }
        let value = line.strip_prefix("name")?.trim_start().strip_prefix('=')?.trim();
        let name = value.trim_matches(['"', '\'']);
        (matches!(section, "[project]" | "[tool.poetry]") && !name.is_empty()).then(|| name.to_owned())
    })?;
    let own = source.paths().iter().any(|path| {
        let Some(package) = path.strip_suffix("/__init__.py").filter(|_| !is_test(path)) else { return false };
        let first = package.strip_prefix("src/").unwrap_or(package);
        let apart = first.contains('/') || TOOLS.contains(&first) || SHARED.contains(&first);
        !apart && !found.keys().any(|folder| folder == package || within(package, folder) || within(folder, package))
    });
    let evidence = Evidence { site: Site::new("pyproject.toml", 1), what: format!("project {name}") };
    own.then(|| ServiceFact {
        name,
        path: String::new(),
        frameworks: Vec::new(),
        aliases: Vec::new(),
        library: false,
        evidence,
    })
}

fn unit(folder: &str, library: bool, evidence: Evidence) -> ServiceFact {
    ServiceFact {
        name: base(folder).to_owned(),
        path: folder.to_owned(),
        frameworks: Vec::new(),
        aliases: Vec::new(),
        library,
        evidence,
    }
}

/// Folders below the root that hold Python and say by themselves what they need, or how they are built.
fn manifests(source: &dyn Source, files: &[(FileId, &str)], docker: &BTreeSet<&str>) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for path in source.paths() {
        let Some((folder, name)) = path.rsplit_once('/') else { continue };
        let requirements = name.starts_with("requirement") && name.ends_with(".txt");
        let image = docker.contains(folder) && name.starts_with("Dockerfile");
        // `service/requirements/base.txt` speaks of the service.
        let folder = folder.strip_suffix("/requirements").filter(|_| name.ends_with(".txt")).unwrap_or(folder);
        let holds = || files.iter().any(|(_, path)| within(path, folder));
        let other = || source.find(&format!("{folder}/package.json")).is_some();
        if (requirements || image || MANIFESTS.contains(&name)) && holds() && !other() {
            found.entry(folder.to_owned()).or_insert_with(|| path.to_string());
        }
    }
    found
}

/// A file by its name: in the folder itself, or one package below it.
fn is_entry(path: &str, folder: &str) -> bool {
    let Some(rest) = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')) else { return false };
    let stem = rest.rsplit('/').next().and_then(|name| name.strip_suffix(".py")).unwrap_or_default();
    rest.matches('/').count() <= 2 && ENTRIES.contains(&stem)
}

/// Folders with a file that is a program when it is run, each with the file.
fn starts(source: &dyn Source, files: &[(FileId, &str)]) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for (file, path) in files {
        let Some((folder, _)) = path.rsplit_once('/') else { continue };
        if folder.split('/').any(|part| TOOLS.contains(&part)) || !source.says(*file, "__name__") {
            continue;
        }
        if is_program(source, *file) {
            found.entry(folder.to_owned()).or_insert_with(|| (*path).to_owned());
        }
    }
    found
}

/// True for a file that does something when it is run.
pub(super) fn is_program(source: &dyn Source, file: FileId) -> bool {
    let guarded = |text: &str| {
        let mut lines = text.lines();
        lines.any(|line| line.starts_with("if __name__ ==") && line.contains("__main__"))
    };
    source.text(file).is_some_and(|text| guarded(&text))
}

/// Programs of one project that start beside each other; a single one is the project itself.
fn several<'s>(
    starts: &'s BTreeMap<String, String>,
    units: &BTreeMap<String, ServiceFact>,
) -> Vec<(&'s str, &'s String)> {
    let owner = |folder: &str| {
        let around = units.keys().filter(|unit| *unit == folder || within(folder, unit));
        around.max_by_key(|unit| unit.len()).cloned().unwrap_or_default()
    };
    let mut by_owner: BTreeMap<String, Vec<(&str, &String)>> = BTreeMap::new();
    for (folder, file) in starts {
        // A program inside another one's folder belongs to it.
        if !starts.keys().any(|other| within(folder, other)) {
            by_owner.entry(owner(folder)).or_default().push((folder, file));
        }
    }
    let beside = |(owner, programs): (String, Vec<(&'s str, &'s String)>)| {
        let alone = programs.len() < 2 || programs.iter().any(|(folder, _)| *folder == owner);
        if alone { Vec::new() } else { programs }
    };
    by_owner.into_iter().flat_map(beside).collect()
}
