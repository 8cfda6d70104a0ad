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
        let package = source.find(&join(root, "__init__.py")).is_some() && !is_started(source, root);
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

/// True for a folder from which a program is started, package or not.
fn is_started(source: &dyn Source, folder: &str) -> bool {
    const STARTS: &[&str] = &["main.py", "manage.py", "requirements.txt", "pyproject.toml", "Pipfile", "Dockerfile"];
    STARTS.iter().any(|name| source.find(&join(folder, name)).is_some())
}

fn file_at(source: &dyn Source, path: &str) -> Option<FileId> {
    source.find(&format!("{path}.py")).or_else(|| source.find(&join(path, "__init__.py")))
}

/// The dotted name of the module in a file: below the folder above its outermost package.
pub(super) fn name(source: &dyn Source, path: &str) -> Option<String> {
    let (folder, file) = split(path);
    let stem = file.strip_suffix(".py")?;
    let mut segments: Vec<&str> = if stem == "__init__" { Vec::new() } else { vec![stem] };
    let mut at = folder;
    while !at.is_empty() && source.find(&join(at, "__init__.py")).is_some() {
        let (above, package) = split(at);
        segments.push(package);
        at = above;
    }
    segments.reverse();
    (!segments.is_empty()).then(|| segments.join("."))
}
