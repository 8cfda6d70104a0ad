//! What is left out of a project before anything is read: folders of other people's code, files nobody wrote.

use crate::cache::{Look, nanos};
use smol_str::SmolStr;
use std::path::Path;

/// Folders that hold dependencies, builds or reports.
const FOLDERS: &[&str] = &[
    ".git",
    ".hg",
    ".svn",
    "node_modules",
    "vendor",
    "dist",
    "build",
    "out",
    "target",
    "bin",
    "obj",
    "__pycache__",
    ".next",
    ".nuxt",
    ".venv",
    "venv",
    ".tox",
    ".gradle",
    ".idea",
    ".vscode",
    ".mvn",
    "coverage",
    ".nx",
    ".turbo",
    ".yarn",
    ".terraform",
    "bower_components",
];

/// A line longer than this is a bundle's.
const MAX_LINE: usize = 20_000;

/// A file that is left out.
pub(crate) struct Skipped {
    pub(crate) path: SmolStr,
    pub(crate) why: String,
}

/// What a walk found.
#[derive(Default)]
pub(crate) struct Walked {
    pub(crate) files: Vec<Look>,
    pub(crate) skipped: Vec<Skipped>,
}

/// Every file below `root` that is not ignored. Links are not followed, so no walk leaves the root or loops.
pub(crate) fn walk(root: &Path) -> Walked {
    let mut walked = Walked::default();
    let mut builder = ignore::WalkBuilder::new(root);
    // Files such as `.env` matter; git's own configuration is not consulted, only the ignore files in the tree.
    builder.hidden(false).follow_links(false).git_global(false).git_exclude(false).parents(false).require_git(false);
    builder.filter_entry(|entry| {
        let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let name = entry.file_name().to_string_lossy();
        // `bin` and `build` are also names of source folders; those hold no package of their own nearby.
        !(folder && entry.depth() > 0 && FOLDERS.contains(&name.as_ref()) && !is_source_folder(entry.path(), &name))
    });
    for entry in builder.build() {
        match entry {
            Ok(entry) => {
                let regular = entry.file_type().is_some_and(|kind| kind.is_file());
                if !regular {
                    continue;
                }
                let Some(path) = relative(root, entry.path()) else {
                    continue;
                };
                let metadata = entry.metadata().ok();
                let size = metadata.as_ref().map_or(0, std::fs::Metadata::len);
                let changed = nanos(metadata.and_then(|metadata| metadata.modified().ok()));
                walked.files.push(Look { path, size, changed });
            }
            Err(error) => {
                let text = error.to_string();
                walked.skipped.push(Skipped { path: SmolStr::new(where_of(root, &error)), why: text });
            }
        }
    }
    walked
}

fn is_source_folder(path: &Path, name: &str) -> bool {
    matches!(name, "bin" | "out" | "build")
        && path.parent().and_then(Path::file_name).is_some_and(|parent| parent == "src")
}

fn relative(root: &Path, path: &Path) -> Option<SmolStr> {
    let inner = path.strip_prefix(root).ok()?;
    let parts: Vec<_> = inner.components().map(|part| part.as_os_str().to_string_lossy()).collect();
    Some(SmolStr::new(parts.join("/")))
}

fn where_of(root: &Path, error: &ignore::Error) -> String {
    match error {
        ignore::Error::WithPath { path, .. } => relative(root, path).map(|path| path.to_string()).unwrap_or_default(),
        ignore::Error::WithDepth { err, .. } => where_of(root, err),
        _ => String::new(),
    }
}

/// Why a source file is not worth reading; `None` when it is.
pub(crate) fn unfit(bytes: &[u8]) -> Option<&'static str> {
    if bytes[..bytes.len().min(8192)].contains(&0) {
        return Some("binary");
    }
    if bytes.len() > MAX_LINE && bytes.split(|byte| *byte == b'\n').any(|line| line.len() > MAX_LINE) {
        return Some("minified or generated: a line is longer than 20,000 bytes");
    }
    None
}
