//! What is left out of a project before anything is read: folders of other people's code, files nobody wrote.

use crate::cache::{Look, nanos};
use ignore::WalkState;
use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
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

/// Those that people give to source folders as well.
const AMBIGUOUS: &[&str] = &["bin", "out", "build", "target", "dist", "vendor", "coverage"];

/// Files beside which builds write.
const MANIFESTS: &[&str] = &[
    "package.json",
    "tsconfig.json",
    "pom.xml",
    "build.gradle",
    "build.gradle.kts",
    "Cargo.toml",
    "go.mod",
    "pyproject.toml",
    "Makefile",
];
const MANIFEST_ENDINGS: &[&str] = &[".csproj", ".fsproj", ".sln"];

/// Manifests are written by hand.
const MAX_MANIFEST: u64 = 1 << 20;

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
    /// Folders below the sources of Java and Kotlin modules.
    packages: Vec<SmolStr>,
}

/// Every file below `root` that is not ignored. Links are not followed, so no walk leaves the root or loops.
pub(crate) fn walk(root: &Path) -> Walked {
    let mut walked = Walked::default();
    walk_below(root, root, true, &mut walked);
    for package in ignored_packages(root, &walked) {
        walk_below(root, &package, false, &mut walked);
    }
    walked.files.sort();
    walked.files.dedup();
    walked.skipped.sort_by(|a, b| (&a.path, &a.why).cmp(&(&b.path, &b.why)));
    walked
}

fn walk_below(root: &Path, start: &Path, with_ignore_files: bool, walked: &mut Walked) {
    let real_root = std::fs::canonicalize(root).ok();
    let mut builder = ignore::WalkBuilder::new(start);
    if !with_ignore_files {
        builder.standard_filters(false);
    }
    // Files such as `.env` matter; git's own configuration is not consulted, only the ignore files in the tree.
    builder.hidden(false).follow_links(false).git_global(false).git_exclude(false).parents(false).require_git(false);
    let top = root.to_path_buf();
    builder.filter_entry(move |entry| {
        let folder = entry.file_type().is_some_and(|kind| kind.is_dir());
        let name = entry.file_name().to_string_lossy();
        !(folder
            && entry.depth() > 0
            && FOLDERS.contains(&name.as_ref())
            && !is_source_folder(&top, entry.path(), &name))
    });
    // The order in which threads find things is forgotten by sorting.
    let all = Mutex::new(walked);
    let real_root = real_root.as_deref();
    builder.threads(rayon::current_num_threads()).build_parallel().run(|| {
        let mut found = Found { own: Walked::default(), all: &all };
        Box::new(move |entry| {
            found.own.packages.extend(entry.as_ref().ok().and_then(|entry| package_of(root, entry)));
            match look_at(root, real_root, entry) {
                Some(Ok(look)) => found.own.files.push(look),
                Some(Err(skipped)) => found.own.skipped.push(skipped),
                None => {}
            }
            WalkState::Continue
        })
    });
}

/// What one thread finds; all of it counts once the thread is done.
struct Found<'a, 'w> {
    own: Walked,
    all: &'a Mutex<&'w mut Walked>,
}

impl Drop for Found<'_, '_> {
    fn drop(&mut self) {
        if let Ok(mut all) = self.all.lock() {
            all.files.append(&mut self.own.files);
            all.skipped.append(&mut self.own.skipped);
            all.packages.append(&mut self.own.packages);
        }
    }
}

/// The path of a folder below the sources of a Java or Kotlin module.
fn package_of(root: &Path, entry: &ignore::DirEntry) -> Option<SmolStr> {
    let folder = entry.file_type().filter(std::fs::FileType::is_dir);
    folder.and_then(|_| relative(root, entry.path())).filter(|path| path.contains("src/main/"))
}

/// Packages of Java and Kotlin that an ignore file means for builds: git keeps what was added all the same, and packages
/// called `out` are common (`src/main/kotlin/shop/kafka/out`).
fn ignored_packages(root: &Path, walked: &Walked) -> BTreeSet<PathBuf> {
    let folders: BTreeSet<&str> = walked.packages.iter().map(SmolStr::as_str).collect();
    let mut packages = BTreeSet::new();
    for folder in &folders {
        for name in AMBIGUOUS {
            let package = format!("{folder}/{name}");
            let path = root.join(&package);
            let is_real = || std::fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir());
            if !folders.contains(package.as_str()) && is_real() && is_source_folder(root, &path, name) {
                packages.insert(path);
            }
        }
    }
    packages
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

/// True for a folder that only has the name of a build's: it lies among sources and not beside a manifest, which is where
/// builds write to (`src/main/kotlin/shop/kafka/out`, but not `src/Shop.Orders/bin`).
fn is_source_folder(root: &Path, path: &Path, name: &str) -> bool {
    let Some(parent) = path.parent().filter(|_| AMBIGUOUS.contains(&name)) else { return false };
    if holds_targets(parent, name) {
        return true;
    }
    let among_sources = parent.strip_prefix(root).is_ok_and(|inner| inner.iter().any(|part| part == "src"));
    let Some(entries) = Some(parent).filter(|_| among_sources).and_then(|parent| std::fs::read_dir(parent).ok()) else {
        return false;
    };
    !entries.flatten().any(|entry| {
        let file = entry.file_name();
        let file = file.to_string_lossy();
        MANIFESTS.contains(&file.as_ref()) || MANIFEST_ENDINGS.iter().any(|ending| file.ends_with(ending))
    })
}

/// True where the manifest of a crate says that targets of it are compiled from a folder beside it.
fn holds_targets(parent: &Path, name: &str) -> bool {
    let manifest = parent.join("Cargo.toml");
    let small = std::fs::metadata(&manifest).is_ok_and(|metadata| metadata.is_file() && metadata.len() < MAX_MANIFEST);
    let text = if small { std::fs::read_to_string(&manifest).unwrap_or_default() } else { String::new() };
    text.lines().any(|line| {
        let said = line.trim().strip_prefix("path").and_then(|rest| rest.trim_start().strip_prefix('='));
        let said = said.map(|rest| rest.trim().trim_start_matches(['"', '\'']).trim_start_matches("./"));
        said.and_then(|path| path.strip_prefix(name)).is_some_and(|rest| rest.starts_with('/') && rest.contains(".rs"))
    })
}

fn relative(root: &Path, path: &Path) -> Option<SmolStr> {
    let inner = path.strip_prefix(root).ok()?;
    if cfg!(unix) {
        return Some(SmolStr::new(inner.to_string_lossy()));
    }
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
    if bytes.len() > MAX_LINE && has_long_line(bytes) {
        return Some("minified or generated: a line is longer than 20,000 bytes");
    }
    None
}

fn has_long_line(bytes: &[u8]) -> bool {
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', bytes).chain([bytes.len()]);
    ends.into_iter().any(|end| end - std::mem::replace(&mut start, end + 1) > MAX_LINE)
}
