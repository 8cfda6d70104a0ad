//! Python: dotted modules below a source root, or relative to the package of the importing file.

use super::{join, split};
use crate::source::{FileId, Source};

/// The file of a module imported in the file at `from`.
pub(super) fn resolve(source: &dyn Source, from: &str, module: &str) -> Option<FileId> {
    let (folder, _) = split(from);
    let name = module.trim_start_matches('.');
    let dots = module.len() - name.len();
    let below = name.replace('.', "/");
    if dots > 0 {
        let up = "../".repeat(dots - 1);
        return file_at(source, &join(&join(folder, &up), &below));
    }
    // Where the program is started is not known: every folder above that is no package itself may be a source root, the
    // nearest first.
    let mut at = Some(folder);
    while let Some(root) = at {
        let package = source.find(&join(root, "__init__.py")).is_some();
        if !package && let Some(file) = file_at(source, &join(root, &below)) {
            return Some(file);
        }
        if let Some(file) = file_at(source, &join(&join(root, "src"), &below)) {
            return Some(file);
        }
        at = if root.is_empty() { None } else { Some(split(root).0) };
    }
    None
}

fn file_at(source: &dyn Source, path: &str) -> Option<FileId> {
    source.find(&format!("{path}.py")).or_else(|| source.find(&join(path, "__init__.py")))
}
