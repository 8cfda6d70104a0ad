//! Go: an import path names a folder below the module that `go.mod` declares.

use super::{join, split};
use crate::source::{FileId, Source};
use std::collections::{BTreeMap, BTreeSet};

/// Files that are asked what they import; the first tell enough.
const MAX_FILES: usize = 400;

/// The modules of the program.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    /// Module path and the folder of its `go.mod`, the longest path first.
    modules: Vec<(String, String)>,
}

impl Modules {
    pub(crate) fn read(source: &dyn Source) -> Modules {
        let mut modules = Vec::new();
        for (at, path) in source.paths().iter().enumerate() {
            let (folder, name) = split(path);
            if name != "go.mod" {
                continue;
            }
            let text = source.text(FileId(u32::try_from(at).unwrap_or(u32::MAX)));
            let stated = text.as_deref().and_then(module_of);
            modules.extend(stated.map(|module| (module.to_owned(), folder.to_owned())));
        }
        if modules.is_empty() {
            modules.extend(unsaid(source).map(|module| (module, String::new())));
        }
        modules.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.cmp(b)));
        Modules { modules }
    }

    /// The last segment of the module in a folder.
    pub(crate) fn named(&self, folder: &str) -> Option<&str> {
        let (module, _) = self.modules.iter().find(|(_, known)| known == folder)?;
        module.rsplit('/').find(|segment| !(segment.starts_with('v') && segment[1..].parse::<u32>().is_ok()))
    }

    /// The folder that an import path names; `None` for what lies outside the program.
    pub(crate) fn folder(&self, module: &str) -> Option<String> {
        self.modules.iter().find_map(|(known, folder)| {
            let rest = module.strip_prefix(known.as_str())?;
            (rest.is_empty() || rest.starts_with('/')).then(|| join(folder, rest))
        })
    }
}

/// The path of the root where no `go.mod` says it: what stands before the folders that its files import.
fn unsaid(source: &dyn Source) -> Option<String> {
    let files: Vec<(usize, &str)> = source
        .paths()
        .iter()
        .enumerate()
        .filter(|(_, path)| path.ends_with(".go"))
        .map(|(at, path)| (at, path.as_str()))
        .collect();
    let folders: BTreeSet<&str> =
        files.iter().map(|(_, path)| split(path).0).filter(|folder| !folder.is_empty()).collect();
    let mut said: BTreeMap<String, usize> = BTreeMap::new();
    for (at, _) in files.iter().take(MAX_FILES) {
        let Some(text) = source.text(FileId(u32::try_from(*at).unwrap_or(u32::MAX))) else { continue };
        for import in imports(&text) {
            let cuts = import.match_indices('/').map(|(at, _)| at);
            if let Some(cut) = cuts.into_iter().find(|cut| folders.contains(&import[cut + 1..])) {
                *said.entry(import[..cut].to_owned()).or_default() += 1;
            }
        }
    }
    let most = said.iter().max_by_key(|(prefix, count)| (**count, std::cmp::Reverse(prefix.len())))?;
    // Once may be by chance: a library's folder that is called like one of the project's.
    (*most.1 > 1).then(|| most.0.clone())
}

/// The import paths of a file, by its text: imports come before everything else.
pub(crate) fn imports(text: &str) -> impl Iterator<Item = &str> {
    let ends =
        |line: &&str| ["func ", "type ", "var ", "const ", "var(", "const("].iter().any(|word| line.starts_with(word));
    text.lines().take_while(move |line| !ends(line)).filter_map(|line| {
        let mut quoted = line.split('"');
        quoted.next().filter(|before| !before.contains("//"))?;
        quoted.next()
    })
}

fn module_of(text: &str) -> Option<&str> {
    text.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("module")?;
        rest.starts_with([' ', '\t']).then(|| rest.split("//").next().unwrap_or(rest).trim().trim_matches('"'))
    })
}
