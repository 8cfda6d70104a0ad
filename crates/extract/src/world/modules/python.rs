//! Python: dotted modules below a source root, or relative to the package of the importing file.

use super::{join, split};
use crate::source::{FileId, Source};
use std::collections::BTreeMap;

/// Files that say that a folder is installed as a library.
const INSTALLED: &[&str] = &["setup.py", "setup.cfg", "pyproject.toml"];

/// Packages of the project's own libraries, which other programs of it import by their names.
pub(super) struct Modules {
    /// Top-level package to the folder it stands in; `None` where several libraries have one of the name.
    packages: BTreeMap<String, Option<String>>,
}

impl Modules {
    pub(super) fn read(source: &dyn Source) -> Modules {
        let mut packages: BTreeMap<String, Option<String>> = BTreeMap::new();
        for path in source.paths() {
            let Some(package) = path.strip_suffix("/__init__.py") else { continue };
            let (folder, name) = split(package);
            let library = folder.strip_suffix("/src").unwrap_or(folder);
            let installed = INSTALLED.iter().any(|file| source.find(&join(library, file)).is_some());
            if installed && !crate::world::is_test(path) {
                let known = packages.entry(name.to_owned());
                known.and_modify(|known| *known = None).or_insert_with(|| Some(folder.to_owned()));
            }
        }
        Modules { packages }
    }

    /// The file of a module imported in the file at `from`.
    pub(super) fn resolve(&self, source: &dyn Source, from: &str, module: &str) -> Option<FileId> {
        if let Some(file) = resolve(source, from, module) {
            return Some(file);
        }
        let folder = self.packages.get(module.split('.').next()?)?.as_deref()?;
        file_at(source, &join(folder, &module.replace('.', "/"))).filter(|file| !is_namesake(source, *file, module))
    }
}

/// The file of a module of the program itself.
fn resolve(source: &dyn Source, from: &str, module: &str) -> Option<FileId> {
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
        let own = file_at(source, &join(root, &below)).filter(|_| !package);
        let found = own.or_else(|| file_at(source, &join(&join(root, "src"), &below)));
        if let Some(file) = found
            && !is_namesake(source, file, name)
        {
            return Some(file);
        }
        at = if root.is_empty() { None } else { Some(split(root).0) };
    }
    None
}

/// True for a file that has the name of a library it imports itself: what others import by that name is the library.
fn is_namesake(source: &dyn Source, file: FileId, module: &str) -> bool {
    let first = module.split('.').next().unwrap_or(module);
    if !source.says(file, first) {
        return false;
    }
    let itself = |import: &weir_syntax::Import| {
        import.module == first || import.module.strip_prefix(first).is_some_and(|rest| rest.starts_with('.'))
    };
    let path = &source.paths()[file.0 as usize];
    let stem = split(path).1.strip_suffix(".py").unwrap_or_default();
    stem == first && source.tree(file).is_some_and(|tree| tree.imports.iter().any(itself))
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
