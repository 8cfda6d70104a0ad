//! Which folders are deployable units: packages, framework projects, compose services.

mod cargo;
mod commands;
mod dotnet;
mod functions;
mod jvm;
mod node;
mod programs;
mod python;
mod scripts;

use super::infra::Compose;
use super::templates::Templates;
use crate::source::{FileId, Source};
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Evidence, ServiceFact};

/// The services of the program, by folder.
#[derive(Debug, Default)]
pub(crate) struct Services {
    /// Sorted by folder, deepest first for look-ups.
    pub(crate) services: Vec<ServiceFact>,
    /// Folders that are part of a service elsewhere, with its folder.
    homes: BTreeMap<String, String>,
    /// Folders of code that several services use, with the folders of those.
    users: BTreeMap<String, Vec<String>>,
}

impl Services {
    pub(crate) fn read(source: &dyn Source, compose: &Compose, templates: &Templates) -> Services {
        let mut found: BTreeMap<String, ServiceFact> = BTreeMap::new();
        let docker: BTreeSet<&str> = source
            .paths()
            .iter()
            .filter(|path| {
                path.rsplit('/').next().is_some_and(|name| name == "Dockerfile" || name.starts_with("Dockerfile."))
            })
            .map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder))
            .collect();
        for (at, path) in source.paths().iter().enumerate() {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
            match name {
                "Cargo.toml" => cargo::package(source, file, folder, &mut found),
                "package.json" => node::package(source, file, folder, &docker, &mut found),
                "nest-cli.json" | "angular.json" | "workspace.json" => {
                    node::projects(source, file, folder, &mut found);
                }
                "project.json" => node::project(source, file, folder, &mut found),
                _ => {}
            }
        }
        node::applications(source, &mut found);
        let (mut homes, mut users) = (BTreeMap::new(), BTreeMap::new());
        for (folder, unit) in dotnet::units(source) {
            homes.extend(unit.home.map(|home| (folder.clone(), home)));
            if !unit.users.is_empty() {
                users.insert(folder.clone(), unit.users);
            }
            found.entry(folder).or_insert(unit.fact);
        }
        let programs = programs::read(source);
        for program in &programs {
            found.entry(program.path.clone()).or_insert_with(|| program.clone()).library = false;
        }
        for unit in commands::read(source, compose) {
            found.entry(unit.path.clone()).or_insert(unit);
        }
        for unit in python::read(source, &docker, compose) {
            found.entry(unit.path.clone()).or_insert(unit);
        }
        jvm::read(source, &docker, &mut found);
        functions::read(templates, &mut found);
        for unit in &compose.units {
            let Some(folder) = unit.context.as_deref() else {
                continue;
            };
            // The root as build context is shared by all services of a monorepo; its dockerfile path tells which is meant.
            let own = found.keys().filter(|known| !known.is_empty()).find(|known| {
                *known == folder
                    || unit
                        .dockerfile
                        .as_deref()
                        .is_some_and(|file| file.strip_prefix(known.as_str()).is_some_and(|rest| rest.starts_with('/')))
            });
            let target = own.cloned().unwrap_or_else(|| folder.to_owned());
            if let Some(service) = found.get_mut(&target) {
                service.library = false;
                if service.name != unit.name && !service.aliases.contains(&unit.name) && !target.is_empty() {
                    service.aliases.push(unit.name.clone());
                }
            } else if !target.is_empty() && source.paths().iter().any(|path| path.starts_with(&format!("{target}/"))) {
                let evidence = Evidence { site: unit.site.clone(), what: format!("compose service {}", unit.name) };
                found.insert(
                    target.clone(),
                    ServiceFact {
                        name: base(&target).to_owned(),
                        path: target.clone(),
                        frameworks: Vec::new(),
                        aliases: vec![unit.name.clone()],
                        library: false,
                        evidence,
                    },
                );
            }
        }
        // A root that only holds the others is no service of its own.
        let nested = found.iter().any(|(path, service)| !path.is_empty() && !service.library);
        if nested
            && let Some(root) = found.get("")
            && !has_code(source, root, &found)
        {
            found.remove("");
        }
        // Code of the root's own package belongs to no unit beside it.
        if found.values().any(|unit| !unit.library)
            && !found.contains_key("")
            && let Some(unit) = python::root(source, &found)
        {
            found.insert(String::new(), unit);
        }
        let mut services: Vec<ServiceFact> = found.into_values().collect();
        services.sort_by(|a, b| b.path.len().cmp(&a.path.len()).then_with(|| a.path.cmp(&b.path)));
        Services { services, homes, users }
    }

    /// The unit a file belongs to.
    pub(crate) fn of(&self, path: &str) -> Option<&ServiceFact> {
        self.services.iter().find(|service| {
            service.path.is_empty()
                || path.strip_prefix(&service.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    }

    /// Says which folders are configured with that of the service they are part of.
    pub(crate) fn settings(&self, settings: &mut crate::world::Settings) {
        for (folder, home) in &self.homes {
            settings.part(folder, home);
        }
        for (folder, users) in &self.users {
            for user in users {
                settings.part(folder, user);
            }
        }
    }

    /// The folder of the service that a unit is part of.
    fn home<'s>(&'s self, unit: &'s ServiceFact) -> &'s str {
        self.homes.get(&unit.path).map_or(unit.path.as_str(), String::as_str)
    }

    /// True for what lies in a package that others use and that does not run by itself.
    pub(crate) fn is_library(&self, path: &str) -> bool {
        self.of(path).is_some_and(|unit| unit.library)
    }

    /// True for code beside the units that run: a library, or the folder that holds several of them.
    pub(crate) fn is_shared(&self, path: &str) -> bool {
        match self.of(path) {
            None => !self.services.is_empty(),
            Some(unit) => {
                unit.library
                    || self.services.iter().any(|other| {
                        !other.library
                            && other.path != unit.path
                            && (unit.path.is_empty() || within(&other.path, &unit.path))
                    })
            }
        }
    }

    /// True when both files belong to the same unit.
    pub(crate) fn same(&self, a: &str, b: &str) -> bool {
        match (self.of(a), self.of(b)) {
            // A program is found by several folders.
            (Some(a), Some(b)) => self.home(a) == self.home(b) || a.name == b.name && a.evidence == b.evidence,
            (None, None) => true,
            _ => false,
        }
    }
}

fn within(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn base(folder: &str) -> &str {
    folder.rsplit('/').next().unwrap_or(folder)
}

fn has_code(source: &dyn Source, root: &ServiceFact, found: &BTreeMap<String, ServiceFact>) -> bool {
    let _ = root;
    source.paths().iter().any(|path| {
        let inner = found.keys().any(|known| {
            !known.is_empty() && path.strip_prefix(known.as_str()).is_some_and(|rest| rest.starts_with('/'))
        });
        let shared = path.starts_with("libs/") || path.starts_with("packages/") || path.contains("scripts/");
        !inner
            && !shared
            && (path.contains("src/") || path.ends_with(".go"))
            && weir_syntax::Language::of_path(path).is_some()
    })
}

fn join(folder: &str, rest: &str) -> String {
    crate::world::join(folder, rest)
}
