//! Rust: paths below a crate, relative to the module of a file, or through another crate of the workspace.

use super::{join, split};
use crate::source::{FileId, Source};
use std::collections::{BTreeMap, BTreeSet};

/// Root files of one package that are asked for modules in unusual places.
const MAX_ROOTS: usize = 32;

/// The crates of the program.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    /// Name in paths (`-` is `_`) to the root file of the library.
    crates: BTreeMap<String, String>,
    /// Folders of manifests, the longest first.
    folders: Vec<String>,
    /// Files that are compiled without a declaration, because a manifest or Cargo's conventions say so.
    roots: BTreeSet<String>,
    /// The root files of each package, by the folder of its manifest.
    of_home: BTreeMap<String, Vec<FileId>>,
}

impl Modules {
    pub(crate) fn read(source: &dyn Source) -> Modules {
        let mut modules = Modules::default();
        for (at, path) in source.paths().iter().enumerate() {
            let (folder, name) = split(path);
            if name != "Cargo.toml" {
                continue;
            }
            let Some(text) = source.text(FileId(u32::try_from(at).unwrap_or(u32::MAX))) else { continue };
            let Ok(manifest) = text.parse::<toml::Table>() else { continue };
            modules.manifest(folder, &manifest);
        }
        modules.folders.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        let mut of_home: BTreeMap<String, Vec<FileId>> = BTreeMap::new();
        for (at, path) in source.paths().iter().enumerate().filter(|(_, path)| path.ends_with(".rs")) {
            let Some(home) = modules.home(path).filter(|_| modules.is_root(path)) else { continue };
            let roots = of_home.entry(home.to_owned()).or_default();
            if roots.len() < MAX_ROOTS {
                roots.push(FileId(u32::try_from(at).unwrap_or(u32::MAX)));
            }
        }
        modules.of_home = of_home;
        modules
    }

    fn manifest(&mut self, folder: &str, manifest: &toml::Table) {
        let text = |table: &toml::Table, key: &str| table.get(key).and_then(|value| value.as_str()).map(str::to_owned);
        let Some(package) = manifest.get("package").and_then(|package| package.as_table()) else { return };
        let Some(name) = text(package, "name") else { return };
        let lib = manifest.get("lib").and_then(|lib| lib.as_table());
        let root = lib.and_then(|lib| text(lib, "path")).unwrap_or_else(|| "src/lib.rs".to_owned());
        let library = lib.and_then(|lib| text(lib, "name")).unwrap_or(name).replace('-', "_");
        self.crates.entry(library).or_insert_with(|| join(folder, &root));
        self.roots.insert(join(folder, &root));
        self.roots.insert(join(folder, "build.rs"));
        for kind in ["bin", "test", "example", "bench"] {
            let targets = manifest.get(kind).and_then(|targets| targets.as_array()).into_iter().flatten();
            let paths = targets.filter_map(|target| text(target.as_table()?, "path"));
            self.roots.extend(paths.map(|path| join(folder, &path)));
        }
        self.folders.push(folder.to_owned());
    }

    /// The folder of the manifest that a file belongs to.
    fn home(&self, path: &str) -> Option<&str> {
        let inside = |folder: &&String| {
            folder.is_empty() || path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
        };
        self.folders.iter().find(inside).map(String::as_str)
    }

    /// True for the root file of a crate, which is where its modules begin.
    fn is_root(&self, path: &str) -> bool {
        if self.roots.contains(path) {
            return true;
        }
        let Some(home) = self.home(path) else { return matches!(split(path).1, "main.rs" | "lib.rs") };
        let below = path.strip_prefix(home).unwrap_or(path).trim_start_matches('/');
        let parts: Vec<&str> = below.split('/').collect();
        matches!(
            parts.as_slice(),
            ["src", "main.rs" | "lib.rs"]
                | ["src", "bin", _]
                | ["src", "bin", _, "main.rs"]
                | ["tests" | "examples" | "benches", _]
                | ["tests" | "examples" | "benches", _, "main.rs"]
        )
    }

    /// The folder in which the child modules of a file lie.
    fn own_folder(&self, path: &str) -> String {
        let (folder, name) = split(path);
        if name == "mod.rs" || self.is_root(path) {
            folder.to_owned()
        } else {
            join(folder, name.trim_end_matches(".rs"))
        }
    }

    /// The files of which one must declare the module at `path`; `None` for the root of a crate and where no manifest
    /// tells what a crate is.
    pub(crate) fn parents(&self, source: &dyn Source, path: &str) -> Option<Vec<FileId>> {
        let home = self.home(path).filter(|_| !self.is_root(path))?;
        let (folder, name) = split(path);
        // A module `mod.rs` is named by its folder, which lies beside the module above it.
        let folder = if name == "mod.rs" { split(folder).0 } else { folder };
        let beside = format!("{folder}/");
        let roots = self.roots.iter().filter(|root| split(root).0 == folder).cloned();
        let named = ["mod.rs", "lib.rs", "main.rs"].iter().map(|name| format!("{beside}{name}"));
        let mut parents: Vec<FileId> = roots.chain(named).filter_map(|path| source.find(&path)).collect();
        parents.extend(source.find(&format!("{folder}.rs")));
        // Every file of a folder of targets is a root, and may declare what lies beside it.
        let targets = ["src/bin", "tests", "examples", "benches"].iter().any(|target| join(home, target) == folder);
        if targets {
            let inside = |path: &&smol_str::SmolStr| split(path).0 == folder && self.is_root(path);
            parents.extend(source.paths().iter().filter(inside).filter_map(|path| source.find(path)));
        }
        // A root may name any file by its path.
        parents.extend(self.of_home.get(home).into_iter().flatten());
        Some(parents)
    }

    /// The file of the module that a path names in the file at `from`; `None` for what lies outside the program and for
    /// what is no module of its own.
    pub(crate) fn resolve(&self, source: &dyn Source, from: &str, module: &str) -> Option<FileId> {
        // `#[path]` is relative to the folder of the file that says it.
        if module.ends_with(".rs") {
            return source.find(&join(split(from).0, module));
        }
        let mut segments: Vec<&str> = module.split("::").collect();
        let first = *segments.first()?;
        match first {
            "crate" => {
                segments.remove(0);
                let root = self.crate_root(source, from)?;
                at(source, &root, &self.own_folder(&root), &segments)
            }
            "self" | "super" => {
                let mut here = from.to_owned();
                while let Some(step) = segments.first().filter(|step| matches!(**step, "self" | "super")) {
                    if *step == "super" {
                        here = self
                            .parents(source, &here)?
                            .first()
                            .map(|file| source.paths()[file.0 as usize].to_string())?;
                    }
                    segments.remove(0);
                }
                at(source, &here, &self.own_folder(&here), &segments)
            }
            _ => {
                // A module below this one comes before a crate of the same name.
                if let Some(file) = at(source, from, &self.own_folder(from), &segments) {
                    return Some(file);
                }
                let root = self.crates.get(first)?;
                segments.remove(0);
                at(source, root, &self.own_folder(root), &segments)
            }
        }
    }

    /// The root file of the crate that a file is compiled into.
    fn crate_root(&self, source: &dyn Source, path: &str) -> Option<String> {
        let mut here = path.to_owned();
        // Modules nest as folders do.
        for _ in 0..32 {
            if self.is_root(&here) {
                return Some(here);
            }
            let Some(parents) = self.parents(source, &here) else { break };
            // A library and a program in one folder share their files; names resolve alike in both.
            let up = parents.first().map(|file| source.paths()[file.0 as usize].to_string());
            match up.filter(|up| *up != here) {
                Some(up) => here = up,
                None => break,
            }
        }
        let home = self.home(path)?;
        let roots = ["src/lib.rs", "src/main.rs"];
        roots.iter().map(|root| join(home, root)).find(|root| source.find(root).is_some())
    }
}

/// The file of a module below another one, whose children lie in `folder`; without segments that one itself.
fn at(source: &dyn Source, own: &str, folder: &str, segments: &[&str]) -> Option<FileId> {
    if segments.is_empty() {
        return source.find(own);
    }
    let path = join(folder, &segments.join("/"));
    source.find(&format!("{path}.rs")).or_else(|| source.find(&join(&path, "mod.rs")))
}
