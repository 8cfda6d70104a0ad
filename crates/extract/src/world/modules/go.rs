//! Go: an import path names a folder below the module that `go.mod` declares.

use super::{join, split};
use crate::source::{FileId, Source};

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

fn module_of(text: &str) -> Option<&str> {
    text.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("module")?;
        rest.starts_with([' ', '\t']).then(|| rest.split("//").next().unwrap_or(rest).trim().trim_matches('"'))
    })
}
