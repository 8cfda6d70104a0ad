//! What is left out of a project before anything is read: folders of other people's code, files nobody wrote.

use crate::cache::{Look, nanos};
use ignore::WalkState;
use smol_str::SmolStr;
use std::path::Path;
use std::sync::Mutex;

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
    let real_root = std::fs::canonicalize(root).ok();
    let mut builder = ignore::WalkBuilder::new(root);
    // Files such as `.env` matter; git's own configuration is not consulted, only the ignore files in the tree.
    builder.hidden(false).follow_links(false).git_global(false).git_exclude(false).parents(false).require_git(false);
    builder.filter_entry(|entry| {
        let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let name = entry.file_name().to_string_lossy();
        // `bin` and `build` are also names of source folders; those hold no package of their own nearby.
        !(folder && entry.depth() > 0 && FOLDERS.contains(&name.as_ref()) && !is_source_folder(entry.path(), &name))
    });
    // The order in which threads find things is forgotten by sorting.
    let found = Mutex::new(Walked::default());
    builder.threads(rayon::current_num_threads()).build_parallel().run(|| {
        Box::new(|entry| {
            let seen = look_at(root, real_root.as_deref(), entry);
            if let Ok(mut found) = found.lock() {
                match seen {
                    Some(Ok(look)) => found.files.push(look),
                    Some(Err(skipped)) => found.skipped.push(skipped),
                    None => {}
                }
            }
            WalkState::Continue
        })
    });
    let mut walked = found.into_inner().unwrap_or_default();
    walked.files.sort();
    walked.skipped.sort_by(|a, b| (&a.path, &a.why).cmp(&(&b.path, &b.why)));
    walked
}

/// One entry of the walk: a file, a thing left out, or nothing of interest.
fn look_at(
    root: &Path,
    real_root: Option<&Path>,
    entry: Result<ignore::DirEntry, ignore::Error>,
) -> Option<Result<Look, Skipped>> {
    let entry = match entry {
        Ok(entry) => entry,
        Err(error) => {
            let path = SmolStr::new(where_of(root, &error));
            return Some(Err(Skipped { path, why: error.to_string() }));
        }
    };
    let path = relative(root, entry.path())?;
    if entry.path_is_symlink() {
        let own = !FOLDERS.contains(&entry.file_name().to_string_lossy().as_ref());
        let why = own.then(|| lost_link(entry.path(), real_root)).flatten()?;
        return Some(Err(Skipped { path, why }));
    }
    if !entry.file_type().is_some_and(|kind| kind.is_file()) {
        return None;
    }
    let metadata = entry.metadata().ok();
    let size = metadata.as_ref().map_or(0, std::fs::Metadata::len);
    let changed = nanos(metadata.and_then(|metadata| metadata.modified().ok()));
    Some(Ok(Look { path, size, changed }))
}

/// What is lost by not following a link; nothing when it leads to what the walk sees anyway.
fn lost_link(link: &Path, root: Option<&Path>) -> Option<String> {
    match std::fs::canonicalize(link) {
        Ok(target) if root.is_some_and(|root| target.starts_with(root)) => None,
        Ok(_) => Some("a link out of the project; weir does not follow it".to_owned()),
        Err(error) => Some(format!("a link that leads nowhere: {error}")),
    }
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
