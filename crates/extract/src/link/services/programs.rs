//! Go programs: every folder with a `main` is a unit that runs, and so are the packages that only it imports.

use super::{base, within};
use crate::source::{FileId, Source};
use crate::world::{GoModules, go_imports as imports, is_test};
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Evidence, ServiceFact, Site};

/// Folders that say nothing of what runs in them.
const GENERIC: &[&str] = &["cmd", "src", "main", "bin", "app", "server", "service"];

/// The units with the folder each is found by; the first of a unit is where it starts.
pub(super) fn read(source: &dyn Source) -> Vec<ServiceFact> {
    let packages = packages(source);
    let modules = GoModules::read(source);
    let mains: BTreeMap<&str, FileId> =
        packages.iter().filter_map(|(folder, files)| Some((folder.as_str(), starting(source, files)?))).collect();
    if mains.is_empty() {
        return Vec::new();
    }
    let mut units: Vec<(ServiceFact, &str)> = Vec::new();
    for (folder, file) in &mains {
        let (name, path) = name(folder, &mains, &modules);
        let site = Site::new(source.paths()[file.0 as usize].clone(), 1);
        units.push((unit(name, path, Evidence { site, what: "func main".into() }), folder));
    }
    let mut owners: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    for (at, (_, folder)) in units.iter().enumerate() {
        for reached in reach(source, &packages, &modules, folder) {
            owners.entry(reached).or_default().insert(at);
        }
    }
    let mut found: Vec<ServiceFact> = units.iter().map(|(unit, _)| unit.clone()).collect();
    for (at, (unit, _)) in units.iter().enumerate() {
        let own = |folder: &str| owners.get(folder).is_some_and(|by| by.len() == 1 && by.contains(&at));
        for folder in roots(&packages, &own) {
            let known = found.iter().any(|known| known.path == folder || within(&folder, &known.path));
            if !known && !folder.is_empty() {
                found.push(ServiceFact { path: folder, ..unit.clone() });
            }
        }
    }
    found
}

fn unit(name: String, path: String, evidence: Evidence) -> ServiceFact {
    ServiceFact { name, path, frameworks: Vec::new(), aliases: Vec::new(), library: false, evidence }
}

/// Files of Go by folder, tests left out.
pub(super) fn packages(source: &dyn Source) -> BTreeMap<String, Vec<FileId>> {
    let mut packages: BTreeMap<String, Vec<FileId>> = BTreeMap::new();
    for (at, path) in source.paths().iter().enumerate() {
        if path.ends_with(".go") && !is_test(path) {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            packages.entry(folder.to_owned()).or_default().push(FileId(u32::try_from(at).unwrap_or(u32::MAX)));
        }
    }
    packages
}

/// The file of a folder in which a program starts.
fn starting(source: &dyn Source, files: &[FileId]) -> Option<FileId> {
    files.iter().copied().filter(|file| source.says(*file, "main")).find(|file| {
        source.text(*file).is_some_and(|text| {
            let line = |start: &str| text.lines().any(|line| line.trim_end().starts_with(start));
            line("package main") && line("func main()")
        })
    })
}

/// True for folder names that tell nothing: those all projects use, and versions.
fn is_generic(name: &str) -> bool {
    let version =
        name.strip_prefix('v').is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()));
    version || GENERIC.contains(&name)
}

/// What a program is called and the folder that is its own.
fn name(folder: &str, mains: &BTreeMap<&str, FileId>, modules: &GoModules) -> (String, String) {
    let mut path = folder;
    let beside = folder.rsplit_once('/').map_or("", |(up, _)| up);
    // Beside a program that goes by no name of its own, those that have one are its tools: `service/cmd/migrate`.
    let is_tool = |main: &str| {
        is_generic(base(folder))
            && main.rsplit_once('/').map_or("", |(up, _)| up) == beside
            && !is_generic(base(main))
            && base(beside) == "cmd"
    };
    // `service/cmd/server` is the service where nothing else starts below `service`.
    while is_generic(base(path)) || base(path.rsplit_once('/').map_or("", |(up, _)| up)) == "cmd" {
        let up = path.rsplit_once('/').map_or("", |(up, _)| up);
        let below = mains.keys().filter(|main| up.is_empty() || **main == up || within(main, up));
        let alone = below.filter(|main| **main == folder || !is_tool(main) || beside == "cmd").count() == 1;
        if path.is_empty() || !alone {
            break;
        }
        path = up;
    }
    let own = base(folder);
    let name = match base(path) {
        "" if !own.is_empty() && !is_generic(own) => own.to_owned(),
        "" => modules.named(path).map_or_else(|| "app".to_owned(), str::to_owned),
        named => named.to_owned(),
    };
    (name, path.to_owned())
}

/// The folders of the program that a package imports, itself included.
pub(super) fn reach<'p>(
    source: &dyn Source,
    packages: &'p BTreeMap<String, Vec<FileId>>,
    modules: &GoModules,
    from: &str,
) -> BTreeSet<&'p str> {
    let mut seen = BTreeSet::new();
    let mut open = vec![from.to_owned()];
    while let Some(folder) = open.pop() {
        let Some((folder, files)) = packages.get_key_value(&folder) else { continue };
        if !seen.insert(folder.as_str()) {
            continue;
        }
        for text in files.iter().filter_map(|file| source.text(*file)) {
            open.extend(imports(&text).filter_map(|import| modules.folder(import)));
        }
    }
    seen
}

/// The topmost folders below which every package is one's own.
pub(super) fn roots(packages: &BTreeMap<String, Vec<FileId>>, own: &dyn Fn(&str) -> bool) -> Vec<String> {
    let mut roots: Vec<String> = Vec::new();
    for folder in packages.keys().filter(|folder| own(folder)) {
        if roots.iter().any(|root| root == folder || within(folder, root)) {
            continue;
        }
        let mut root = folder.as_str();
        while let Some((up, _)) = root.rsplit_once('/') {
            let all = packages.keys().filter(|other| *other == up || within(other, up)).all(|other| own(other));
            if !all {
                break;
            }
            root = up;
        }
        roots.push(root.to_owned());
    }
    roots
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_stand_before_code() {
        let text =
            "package a\n\nimport (\n\t\"fmt\"\n\tx \"m/b\" // \"no\"\n)\nimport \"m/c\"\n\nfunc f() { g(\"m/d\") }\n";
        assert_eq!(imports(text).collect::<Vec<_>>(), ["fmt", "m/b", "m/c"]);
    }

    #[test]
    fn programs_are_named_by_the_folder_that_tells() {
        let named = |folders: &[&'static str], folder: &str| {
            let mains = folders.iter().map(|folder| (*folder, FileId(0))).collect();
            name(folder, &mains, &GoModules::default())
        };
        let of = |name: &str, path: &str| (name.to_owned(), path.to_owned());
        assert_eq!(named(&["cmd/a", "cmd/b"], "cmd/a"), of("a", "cmd/a"));
        assert_eq!(named(&["a/cmd", "b/cmd"], "a/cmd"), of("a", "a"));
        assert_eq!(named(&["a/cmd/server", "b/src"], "a/cmd/server"), of("a", "a"));
        assert_eq!(named(&["s/a/v1/cmd", "s/b/v2/cmd"], "s/a/v1/cmd"), of("a", "s/a"));
        assert_eq!(named(&["cmd/a"], "cmd/a"), of("a", ""));
        assert_eq!(named(&["s/a/cmd/app", "s/a/cmd/migrate", "s/b/cmd/app"], "s/a/cmd/app"), of("a", "s/a"));
        assert_eq!(
            named(&["s/a/cmd/app", "s/a/cmd/migrate", "s/b/cmd/app"], "s/a/cmd/migrate"),
            of("migrate", "s/a/cmd/migrate")
        );
        assert_eq!(named(&["cmd/server", "cmd/worker"], "cmd/server"), of("server", "cmd/server"));
        assert_eq!(named(&["producer", "consumer"], "producer"), of("producer", "producer"));
    }
}
