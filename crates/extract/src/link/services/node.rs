//! Packages of JavaScript and TypeScript as deployable units, and the applications that share the package of a repository.

use super::{base, join, within};
use crate::source::{FileId, Source};
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Evidence, ServiceFact, Site};

/// Files whose presence says that a folder starts a process.
const ENTRIES: &[&str] =
    &["main", "index", "server", "app", "src/main", "src/index", "src/server", "src/app", "bin/www"];

/// Folders whose folders are applications by convention.
const APPLICATIONS: &[&str] = &["apps", "services", "microservices", "applications"];

/// The unit of a folder with a manifest.
pub(super) fn package(
    source: &dyn Source,
    file: FileId,
    folder: &str,
    docker: &BTreeSet<&str>,
    found: &mut BTreeMap<String, ServiceFact>,
) {
    let Some(text) = source.text(file) else {
        return;
    };
    let Ok(json) = serde_json::from_str::<serde_json::Value>(&text) else {
        return;
    };
    let full = json.get("name").and_then(|name| name.as_str()).unwrap_or_default();
    let bare = full.rsplit('/').next().unwrap_or(full);
    let scripts = json.get("scripts").and_then(|scripts| scripts.as_object());
    let starts = scripts.is_some_and(|scripts| {
        scripts.keys().any(|key| key == "start" || key.starts_with("start:") || key == "dev" || key == "serve")
    });
    let exists = |entry: &str| {
        let file = |extension: &&str| source.find(&join(folder, &format!("{entry}.{extension}"))).is_some();
        ["ts", "js", "mjs", "cjs"].iter().any(file)
    };
    let entry = ENTRIES.iter().any(|entry| exists(entry));
    // What others import starts at an index as well; that it can be watched makes it no process.
    let process = || ENTRIES.iter().filter(|entry| !entry.ends_with("index")).any(|entry| exists(entry));
    let shared =
        folder.split('/').any(|part| matches!(part, "libs" | "lib" | "packages" | "shared" | "common" | "pkg"));
    let library = if docker.contains(folder) {
        false
    } else if shared {
        !(starts && (process() || folder.split('/').any(|part| part == "packages")))
    } else {
        !(starts || entry)
    };
    let workspaces = json.get("workspaces").is_some()
        || source.find(&join(folder, "pnpm-workspace.yaml")).is_some()
        || source.find(&join(folder, "lerna.json")).is_some();
    if workspaces && !docker.contains(folder) && !entry {
        return;
    }
    let name = if folder.is_empty() { if bare.is_empty() { "app" } else { bare } } else { base(folder) };
    let mut aliases = Vec::new();
    if !bare.is_empty() && bare != name {
        aliases.push(bare.to_owned());
    }
    let evidence =
        Evidence { site: Site::new(source.paths()[file.0 as usize].clone(), 1), what: format!("package {full}") };
    found.insert(
        folder.to_owned(),
        ServiceFact {
            name: name.to_owned(),
            path: folder.to_owned(),
            frameworks: Vec::new(),
            aliases,
            library,
            evidence,
        },
    );
}

/// Projects of a monorepo description: name, kind, folder.
pub(super) fn projects(source: &dyn Source, file: FileId, folder: &str, found: &mut BTreeMap<String, ServiceFact>) {
    let Some(text) = source.text(file) else {
        return;
    };
    let Some(json) = crate::world::relaxed_json(&text) else {
        return;
    };
    let Some(projects) = json.get("projects").and_then(|projects| projects.as_object()) else {
        return;
    };
    for (name, project) in projects {
        let root = project.get("root").and_then(|root| root.as_str()).or_else(|| project.as_str()).unwrap_or_default();
        let kind = project
            .get("type")
            .or_else(|| project.get("projectType"))
            .and_then(|kind| kind.as_str())
            .unwrap_or("application");
        let path = join(folder, root);
        if path.is_empty() {
            continue;
        }
        let evidence =
            Evidence { site: Site::new(source.paths()[file.0 as usize].clone(), 1), what: format!("{kind} {name}") };
        found.entry(path.clone()).or_insert_with(|| ServiceFact {
            name: name.rsplit('/').next().unwrap_or(name).to_owned(),
            path,
            frameworks: Vec::new(),
            aliases: Vec::new(),
            library: kind != "application",
            evidence,
        });
    }
}

/// The project of a monorepo that is described in its own folder and has no manifest of its own.
pub(super) fn project(source: &dyn Source, file: FileId, folder: &str, found: &mut BTreeMap<String, ServiceFact>) {
    let described = source.text(file).and_then(|text| crate::world::relaxed_json(&text));
    let Some(json) = described.filter(|json| json.get("targets").is_some() || json.get("sourceRoot").is_some()) else {
        return;
    };
    let text = |key: &str| json.get(key).and_then(|value| value.as_str());
    let name = text("name").map_or_else(|| base(folder), |name| name.rsplit('/').next().unwrap_or(name));
    if folder.is_empty() || name.ends_with("-e2e") {
        return;
    }
    let kind = text("projectType").unwrap_or("application");
    let evidence =
        Evidence { site: Site::new(source.paths()[file.0 as usize].clone(), 1), what: format!("{kind} {name}") };
    found.entry(folder.to_owned()).or_insert_with(|| ServiceFact {
        name: name.to_owned(),
        path: folder.to_owned(),
        frameworks: Vec::new(),
        aliases: Vec::new(),
        library: kind != "application",
        evidence,
    });
}

/// Folders beside each other that each start a process of their own and share the manifest above them.
pub(super) fn applications(source: &dyn Source, found: &mut BTreeMap<String, ServiceFact>) {
    let mut starts: BTreeMap<&str, BTreeMap<&str, FileId>> = BTreeMap::new();
    for (at, path) in source.paths().iter().enumerate() {
        let Some(stem) = path.rsplit_once('.').filter(|(_, end)| matches!(*end, "ts" | "js")).map(|(stem, _)| stem)
        else {
            continue;
        };
        let Some(folder) = stem.strip_suffix("/src/main").or_else(|| stem.strip_suffix("/main")) else { continue };
        let Some((parent, _)) = folder.rsplit_once('/') else { continue };
        if APPLICATIONS.contains(&base(parent)) {
            let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
            starts.entry(parent).or_default().entry(folder).or_insert(file);
        }
    }
    for (parent, folders) in starts {
        let manifest = |folder: &str| source.find(&join(folder, "package.json")).is_some();
        let known = |folder: &str| found.keys().any(|known| known == folder || within(known, folder));
        // One alone is what the manifest above it stands for.
        if folders.len() < 2 || manifest(parent) {
            continue;
        }
        let new: Vec<_> = folders.into_iter().filter(|(folder, _)| !known(folder)).collect();
        for (folder, file) in new {
            let site = Site::new(source.paths()[file.0 as usize].clone(), 1);
            let unit = ServiceFact {
                name: base(folder).to_owned(),
                path: folder.to_owned(),
                frameworks: Vec::new(),
                aliases: Vec::new(),
                library: false,
                evidence: Evidence { site, what: "application of the package above it".to_owned() },
            };
            found.insert(folder.to_owned(), unit);
        }
    }
}
