//! Modules of Maven and Gradle builds as units: those that start a program are services, the others libraries.

use super::base;
use crate::source::{FileId, Source};
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Evidence, ServiceFact, Site};

const BUILDS: &[&str] = &["pom.xml", "build.gradle", "build.gradle.kts"];
/// Plugins and lines of a build file that make a program of a module.
const STARTS: &[&str] = &[
    "spring-boot-maven-plugin",
    "quarkus-maven-plugin",
    "micronaut-maven-plugin",
    "org.springframework.boot\"",
    "org.springframework.boot'",
    "io.quarkus\"",
    "io.quarkus'",
    "io.micronaut.application",
    "<mainClass>",
    "mainClass",
    "'application'",
    "\"application\"",
    "jib-maven-plugin",
    "cloud.tools.jib",
];

/// Adds the modules to what was found.
pub(super) fn read(source: &dyn Source, docker: &BTreeSet<&str>, found: &mut BTreeMap<String, ServiceFact>) {
    let mut modules: BTreeMap<&str, (FileId, &str)> = BTreeMap::new();
    for (at, path) in source.paths().iter().enumerate() {
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
        if BUILDS.contains(&name) {
            modules.entry(folder).or_insert((FileId(u32::try_from(at).unwrap_or(u32::MAX)), name));
        }
    }
    let mut own: BTreeMap<String, ServiceFact> = BTreeMap::new();
    for (folder, (file, kind)) in &modules {
        let code = has_code(source, folder);
        // A build that only holds other modules starts nothing.
        if !code || found.contains_key(*folder) {
            continue;
        }
        let Some(text) = source.text(*file) else { continue };
        let properties = application_files(source, folder);
        let starts = !properties.is_empty()
            || docker.contains(folder)
            || STARTS.iter().any(|word| text.contains(word))
            || has_main(source, folder);
        let artifact = if *kind == "pom.xml" { artifact(&text) } else { project(source, folder) };
        let name = if folder.is_empty() {
            artifact.clone().unwrap_or_else(|| "app".to_owned())
        } else {
            base(folder).to_owned()
        };
        let mut aliases: Vec<String> =
            artifact.into_iter().chain(properties.iter().filter_map(|file| application(source, *file))).collect();
        aliases.retain(|alias| *alias != name);
        aliases.dedup();
        let site = Site::new(source.paths()[file.0 as usize].clone(), 1);
        own.insert(
            (*folder).to_owned(),
            ServiceFact {
                name,
                path: (*folder).to_owned(),
                frameworks: Vec::new(),
                aliases,
                library: !starts,
                evidence: Evidence { site, what: format!("module in {kind}") },
            },
        );
    }
    gather(&mut own, found.is_empty());
    for (folder, service) in own {
        found.entry(folder).or_insert(service);
    }
}

/// A program may be made of several modules: those beside the only one that starts in a folder belong to it.
fn gather(modules: &mut BTreeMap<String, ServiceFact>, alone: bool) {
    let starting: Vec<String> =
        modules.iter().filter(|(_, module)| !module.library).map(|(folder, _)| folder.clone()).collect();
    for folder in &starting {
        let mut whole = None;
        let mut at = folder.as_str();
        while let Some((parent, _)) = at.rsplit_once('/').or_else(|| (!at.is_empty()).then_some(("", at))) {
            let within = |other: &str| below(other, parent).is_some();
            let only = starting.iter().filter(|other| within(other)).count() == 1;
            if !only || (parent.is_empty() && !alone) {
                break;
            }
            if modules.iter().any(|(other, module)| module.library && within(other)) {
                whole = Some(parent.to_owned());
            }
            at = parent;
        }
        let Some(whole) = whole else { continue };
        let Some(mut service) = modules.remove(folder) else { continue };
        modules.retain(|other, module| !(module.library && below(other, &whole).is_some()));
        let outer = base(&whole);
        if !outer.is_empty() && service.name.starts_with(outer) && service.name != outer {
            let inner = std::mem::replace(&mut service.name, outer.to_owned());
            service.aliases.insert(0, inner);
        }
        service.path.clone_from(&whole);
        modules.insert(whole, service);
    }
}

fn below<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() { Some(path) } else { path.strip_prefix(folder)?.strip_prefix('/') }
}

fn has_code(source: &dyn Source, folder: &str) -> bool {
    source.paths().iter().any(|path| {
        below(path, folder).is_some_and(|rest| {
            (rest.starts_with("src/main/") || rest.starts_with("src/") && !rest.starts_with("src/test/"))
                && matches!(rest.rsplit_once('.'), Some((_, "java" | "kt")))
        })
    })
}

/// The files that configure the program of a module.
fn application_files(source: &dyn Source, folder: &str) -> Vec<FileId> {
    let is_one = |path: &str| {
        below(path, folder).and_then(|rest| rest.strip_prefix("src/main/resources/")).is_some_and(|name| {
            ["application.", "bootstrap.", "application-", "bootstrap-"].iter().any(|word| name.starts_with(word))
                && [".yml", ".yaml", ".properties"].iter().any(|ending| name.ends_with(ending))
        })
    };
    let files = source.paths().iter().enumerate().filter(|(_, path)| is_one(path));
    files.map(|(at, _)| FileId(u32::try_from(at).unwrap_or(u32::MAX))).collect()
}

/// The name the program gives itself, where it is written out.
fn application(source: &dyn Source, file: FileId) -> Option<String> {
    let text = source.text(file)?;
    let properties = crate::world::properties_of(&source.paths()[file.0 as usize], &text);
    let name = properties.into_iter().find(|(key, _)| crate::world::APPLICATION_NAMES.contains(&key.as_str()));
    name.map(|(_, value)| value).filter(|name| !name.contains("${"))
}

/// True where a file of the module holds a program's entry: frameworks mark it, else its name ends by convention.
fn has_main(source: &dyn Source, folder: &str) -> bool {
    source.paths().iter().enumerate().any(|(at, path)| {
        let Some(rest) = below(path, folder).filter(|rest| rest.starts_with("src/main/")) else { return false };
        let stem = rest.rsplit('/').next().and_then(|name| name.rsplit_once('.'));
        let Some((stem, "java" | "kt")) = stem else { return false };
        let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
        let named = ["Application", "App", "Main", "ApplicationKt"].iter().any(|ending| stem.ends_with(ending));
        source.says(file, "SpringApplication")
            || source.says(file, "runApplication")
            || (named && source.says(file, "main"))
    })
}

/// The `artifactId` of the project itself, which stands outside `parent` and `dependencies`.
fn artifact(text: &str) -> Option<String> {
    let start = text.find("</parent>").map_or(0, |at| at + "</parent>".len());
    let end = text[start..].find("<dependencies>").map_or(text.len(), |at| start + at);
    let own = &text[start..end];
    let own = own.split("<artifactId>").nth(1)?;
    let name = own.split("</artifactId>").next()?.trim();
    (!name.is_empty() && !name.contains(['$', '<'])).then(|| name.to_owned())
}

/// The name that the settings of a Gradle build give to its root.
fn project(source: &dyn Source, folder: &str) -> Option<String> {
    ["settings.gradle", "settings.gradle.kts"].iter().find_map(|name| {
        let path = if folder.is_empty() { (*name).to_owned() } else { format!("{folder}/{name}") };
        let text = source.text(source.find(&path)?)?;
        let line = text.lines().find(|line| line.trim_start().starts_with("rootProject.name"))?;
        let name = line.split_once('=')?.1.trim().trim_matches(['"', '\'']);
        (!name.is_empty()).then(|| name.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_artifact_is_that_of_the_project() {
        let pom = "<project><parent><artifactId>parent</artifactId></parent>\n<artifactId>orders</artifactId>\n\
                   <dependencies><dependency><artifactId>x</artifactId></dependency></dependencies></project>";
        assert_eq!(artifact(pom).as_deref(), Some("orders"));
        assert_eq!(artifact("<project><dependencies/></project>"), None);
    }

    fn module(folder: &str, library: bool) -> (String, ServiceFact) {
        let service = ServiceFact {
            name: base(folder).to_owned(),
            path: folder.to_owned(),
            frameworks: Vec::new(),
            aliases: Vec::new(),
            library,
            evidence: Evidence { site: Site::default(), what: String::new() },
        };
        (folder.to_owned(), service)
    }

    #[test]
    fn modules_beside_the_one_that_starts_belong_to_it() {
        let mut modules: BTreeMap<String, ServiceFact> =
            [("orders/orders-main", false), ("orders/orders-domain", true), ("billing", false), ("events", true)]
                .map(|(folder, library)| module(folder, library))
                .into();
        gather(&mut modules, true);
        let shown: Vec<String> =
            modules.values().map(|module| format!("{} {} {}", module.path, module.name, module.library)).collect();
        assert_eq!(shown, ["billing billing false", "events events true", "orders orders false"]);
    }

    #[test]
    fn paths_below_a_folder() {
        assert_eq!(below("a/src/x", "a"), Some("src/x"));
        assert_eq!(below("ab/src/x", "a"), None);
        assert_eq!(below("src/x", ""), Some("src/x"));
    }
}
