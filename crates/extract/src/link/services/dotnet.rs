//! .NET project files: what runs is a service, and a library that one service alone refers to is part of it.

use crate::source::{FileId, Source};
use crate::world::{included, join};
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Evidence, ServiceFact, Site};

/// SDKs whose projects run.
const RUNNING: &[&str] = &["Microsoft.NET.Sdk.Web", "Microsoft.NET.Sdk.Worker", "Microsoft.NET.Sdk.Functions"];

/// Names and folders that say nothing of what a project is.
const GENERIC: &[&str] = &[
    "api",
    "app",
    "apps",
    "application",
    "backend",
    "domains",
    "host",
    "microservices",
    "presentation",
    "project",
    "projects",
    "server",
    "service",
    "services",
    "source",
    "src",
    "web",
    "webapi",
    "webapp",
    "worker",
];

/// Folders of programs that people run by hand beside a system: what such a program shares with the system is the system's.
const TOOLS: &[&str] = &["benchmarks", "examples", "playground", "samples", "scripts", "tool", "tools", "utilities"];

/// A project file.
struct Project {
    folder: String,
    name: String,
    path: String,
    runs: bool,
    /// Paths of the project files it refers to.
    refers: Vec<String>,
}

/// A service or library, and the folder of the service it is part of.
pub(super) struct Unit {
    pub(super) fact: ServiceFact,
    pub(super) home: Option<String>,
    /// The folders of all services that use a library which several use.
    pub(super) users: Vec<String>,
}

/// The units that the project files of a program describe, by folder.
pub(super) fn units(source: &dyn Source) -> BTreeMap<String, Unit> {
    let projects: BTreeMap<String, Project> =
        source.paths().iter().enumerate().filter_map(|(at, path)| project(source, at, path)).collect();
    let reached = reached(&projects);
    let owners = owners(&reached);
    let running: Vec<&str> = projects.values().filter(|one| one.runs).map(|one| one.name.as_str()).collect();
    let several = |name: &str| running.iter().filter(|known| **known == name).count() > 1;
    let mut units = BTreeMap::new();
    for project in projects.values() {
        let owner = owners.get(project.path.as_str()).copied().and_then(|owner| projects.get(owner));
        let (name, library) = match owner {
            Some(owner) => (shown(owner, &several), false),
            None => (shown(project, &several), !project.runs),
        };
        let evidence =
            Evidence { site: Site::new(project.path.as_str(), 1), what: format!("project {}", project.name) };
        let fact = ServiceFact {
            name,
            path: project.folder.clone(),
            frameworks: Vec::new(),
            aliases: Vec::new(),
            library,
            evidence,
        };
        let home = owner.map(|owner| owner.folder.clone());
        let by = reached.get(project.path.as_str()).filter(|_| home.is_none()).into_iter().flatten();
        let users = by.filter_map(|user| projects.get(*user)).map(|user| user.folder.clone()).collect();
        // Of several projects in one folder the one that runs counts.
        let known = units.get(&project.folder).is_some_and(|known: &Unit| !known.fact.library);
        if !known {
            units.insert(project.folder.clone(), Unit { fact, home, users });
        }
    }
    units
}

/// What a project is called: by its own name, or by the folder around it where the name tells nothing or goes by several.
fn shown(project: &Project, several: &dyn Fn(&str) -> bool) -> String {
    let generic = |name: &str| GENERIC.contains(&name.to_ascii_lowercase().as_str());
    if !project.runs || !(generic(&project.name) || several(&project.name)) {
        return project.name.clone();
    }
    let mut folders = project.folder.rsplit('/').filter(|folder| !folder.is_empty() && *folder != project.name);
    folders.find(|folder| !generic(folder)).map_or_else(|| project.name.clone(), str::to_owned)
}

fn project(source: &dyn Source, at: usize, path: &str) -> Option<(String, Project)> {
    let (folder, file) = path.rsplit_once('/').unwrap_or(("", path));
    let name = file.strip_suffix(".csproj")?;
    let text = source.text(FileId(u32::try_from(at).unwrap_or(u32::MAX)))?;
    // Tests and the programs that start a whole system on a developer's machine are no part of it.
    let has = |word: &str| text.contains(word);
    if has("Microsoft.NET.Test.Sdk") || has("<IsTestProject>true") || has("Aspire.AppHost") || has("<IsAspireHost>true")
    {
        return None;
    }
    let runs = RUNNING.iter().any(|sdk| has(&format!("\"{sdk}\"")))
        || has("<OutputType>Exe<")
        || has("<OutputType>exe<")
        || has("<AzureFunctionsVersion>")
        || has("<AWSProjectType>Lambda<");
    let refers = included(&text, "ProjectReference").map(|to| join(folder, &to.replace('\\', "/"))).collect();
    let project = Project { folder: folder.to_owned(), name: name.to_owned(), path: path.to_owned(), runs, refers };
    Some((path.to_owned(), project))
}

/// The projects that run and reach a library. Those of tools count where no other does.
fn reached(projects: &BTreeMap<String, Project>) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut reached: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for project in projects.values().filter(|project| project.runs) {
        let mut open = vec![project];
        let mut seen = BTreeSet::from([project.path.as_str()]);
        while let Some(at) = open.pop() {
            for next in at.refers.iter().filter_map(|to| projects.get(to)).filter(|next| !next.runs) {
                if seen.insert(next.path.as_str()) {
                    reached.entry(next.path.as_str()).or_default().insert(project.path.as_str());
                    open.push(next);
                }
            }
        }
    }
    let is_tool = |path: &&str| path.split('/').any(|folder| TOOLS.contains(&folder.to_ascii_lowercase().as_str()));
    for by in reached.values_mut().filter(|by| !by.iter().all(is_tool)) {
        by.retain(|path| !is_tool(path));
    }
    reached
}

/// The one project that runs and reaches a library, where there is one only.
fn owners<'p>(reached: &BTreeMap<&'p str, BTreeSet<&'p str>>) -> BTreeMap<&'p str, &'p str> {
    let only = reached.iter().filter(|(_, by)| by.len() == 1);
    only.filter_map(|(library, by)| Some((*library, *by.first()?))).collect()
}
