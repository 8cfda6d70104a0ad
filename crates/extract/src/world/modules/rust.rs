//! Rust: paths below a crate, relative to the module of a file, or through another crate of the workspace.

use super::{join, split};
use crate::source::{FileId, Source};
use std::collections::BTreeMap;

/// The crates of the program.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    /// Name in paths (`-` is `_`) to the folder of the manifest.
    crates: BTreeMap<String, String>,
    /// Folders of manifests, the longest first.
    folders: Vec<String>,
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
            let Some(name) = package_name(&text) else { continue };
            modules.crates.entry(name.replace('-', "_")).or_insert_with(|| folder.to_owned());
            modules.folders.push(folder.to_owned());
        }
        modules.folders.sort_by(|a, b| b.len().cmp(&a.len()).then_with(|| a.cmp(b)));
        modules
    }

    /// The file of the module that a path names in the file at `from`; `None` for what lies outside the program and for
    /// what is no module of its own.
    pub(crate) fn resolve(&self, source: &dyn Source, from: &str, module: &str) -> Option<FileId> {
        let mut segments: Vec<&str> = module.split("::").collect();
        let home = self.folders.iter().find(|folder| {
            folder.is_empty() || from.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/'))
        })?;
        let first = *segments.first()?;
        match first {
            "crate" => {
                segments.remove(0);
                at(source, &join(home, "src"), &segments, Some(from))
            }
            "self" | "super" => {
                let mut here = own_folder(from);
                let mut ups = 0;
                while let Some(step) = segments.first().filter(|step| matches!(**step, "self" | "super")) {
                    ups += usize::from(*step == "super");
                    segments.remove(0);
                }
                for _ in 0..ups {
                    here = split(&here).0.to_owned();
                }
                at(source, &here, &segments, Some(from))
            }
            _ => {
                // A module beside or below this one comes before a crate of the same name.
                if let Some(file) = at(source, &own_folder(from), &segments, None) {
                    return Some(file);
                }
                let folder = self.crates.get(first)?;
                segments.remove(0);
                at(source, &join(folder, "src"), &segments, None)
            }
        }
    }
}

/// The folder in which the child modules of a file lie.
fn own_folder(path: &str) -> String {
    let (folder, name) = split(path);
    match name {
        "mod.rs" | "lib.rs" | "main.rs" => folder.to_owned(),
        _ => join(folder, name.trim_end_matches(".rs")),
    }
}

/// The file of a module below a folder; the folder itself stands for its root file.
fn at(source: &dyn Source, folder: &str, segments: &[&str], from: Option<&str>) -> Option<FileId> {
    if segments.is_empty() {
        let own = from.filter(|from| split(from).0 == folder && split(from).1 == "main.rs");
        let roots = ["mod.rs", "lib.rs", "main.rs"];
        return own
            .and_then(|own| source.find(own))
            .or_else(|| roots.iter().find_map(|root| source.find(&join(folder, root))))
            .or_else(|| source.find(&format!("{folder}.rs")));
    }
    let path = join(folder, &segments.join("/"));
    source.find(&format!("{path}.rs")).or_else(|| source.find(&join(&path, "mod.rs")))
}

/// The name that `[package]` gives.
fn package_name(text: &str) -> Option<String> {
    let manifest: toml::Table = text.parse().ok()?;
    Some(manifest.get("package")?.get("name")?.as_str()?.to_owned())
}
