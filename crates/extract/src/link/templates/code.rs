//! Which file of the project, and what in it, the handler of a function names.

use crate::source::{FileId, Source};
use crate::world::{is_test, join};

/// Endings of files that a handler's module may be written in.
const ENDINGS: &[&str] = &["ts", "js", "mts", "mjs", "cts", "cjs", "tsx", "py"];
/// Folders of what a build makes of the sources; the sources themselves stand elsewhere under the rest of the path.
const BUILT: &[&str] = &["dist", "build", "out", "lib", ".build", ".aws-sam", ".esbuild", ".webpack", "target", "src"];

/// Where a function starts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Code {
    pub(crate) file: FileId,
    pub(crate) path: String,
    pub(crate) entry: Entry,
}

/// What is called there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Entry {
    /// What a module hands out under a name.
    Exported(String),
    /// A method of a class.
    Method(String, String),
    /// The program itself.
    Main,
}

/// What a template says of where the code of a function is.
#[derive(Debug, Default)]
pub(super) struct Named<'t> {
    /// The folder of the template.
    pub(super) folder: &'t str,
    /// The folder with the code, as written there.
    pub(super) code: Option<&'t str>,
    pub(super) handler: Option<&'t str>,
    pub(super) runtime: &'t str,
    /// Files that a build begins with.
    pub(super) entries: Vec<&'t str>,
}

/// Finds the code; nothing where it could be several files.
pub(super) fn find(source: &dyn Source, named: &Named<'_>) -> Option<Code> {
    let folder = join(named.folder, named.code.unwrap_or("."));
    let at = |path: &str| source.find(path).filter(|_| !is_test(path)).map(|file| (file, path.to_owned()));
    if ["go", "provided", "rust"].iter().any(|word| named.runtime.starts_with(word)) {
        return program(source, &folder, named.handler.unwrap_or_default());
    }
    let handler = named.handler?;
    if named.runtime.starts_with("java") || named.runtime.starts_with("dotnet") || handler.contains("::") {
        return method(source, &folder, handler);
    }
    let (module, symbol) = handler.rsplit_once('.')?;
    let module = module.trim_start_matches("./");
    let spelled = [module.to_owned(), module.replace('.', "/")];
    let entry = Entry::Exported(symbol.to_owned());
    let exists = |base: &str| {
        let path = |ending: &&str| at(&format!("{base}.{ending}"));
        ENDINGS.iter().find_map(path)
    };
    let direct = spelled.iter().find_map(|module| exists(&join(&folder, module)));
    let built = || {
        let stem = base(module);
        let mut entries = named.entries.iter().filter(|entry| stem_of(entry) == stem);
        let only = entries.next().filter(|_| entries.next().is_none())?;
        at(&join(&folder, only)).or_else(|| at(&join(named.folder, only)))
    };
    let found =
        direct.or_else(built).or_else(|| spelled.iter().find_map(|module| the_one(source, named.folder, module)));
    found.map(|(file, path)| Code { file, path, entry })
}

/// The only source file below the template whose path ends as the handler's does, folders of builds left out.
fn the_one(source: &dyn Source, folder: &str, module: &str) -> Option<(FileId, String)> {
    let mut rest = module;
    while let Some((first, more)) = rest.split_once('/') {
        if !BUILT.contains(&first) && !first.starts_with("dist") {
            break;
        }
        rest = more;
    }
    // A bare word would be found anywhere.
    if !rest.contains('/') {
        return None;
    }
    let mut found = source.paths().iter().enumerate().filter(|(_, path)| {
        let Some((stem, ending)) = path.rsplit_once('.') else { return false };
        let ends = stem == rest || stem.strip_suffix(rest).is_some_and(|before| before.ends_with('/'));
        let below = folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        ends && below && ENDINGS.contains(&ending) && !is_test(path)
    });
    let (at, path) = found.next()?;
    found.next().is_none().then(|| (FileId(u32::try_from(at).unwrap_or(u32::MAX)), path.to_string()))
}

/// `package.Class::method`, `Assembly::Namespace.Class::Method`, or the class alone.
fn method(source: &dyn Source, folder: &str, handler: &str) -> Option<Code> {
    let parts: Vec<&str> = handler.split("::").collect();
    let (class, method) = match parts.as_slice() {
        [class] => (*class, "handleRequest"),
        [class, method] => (*class, *method),
        [_, class, method] => (*class, *method),
        _ => return None,
    };
    let class = class.rsplit(['.', '+', '$']).next().unwrap_or(class);
    let names = [format!("{class}.java"), format!("{class}.kt"), format!("{class}.cs")];
    let mut found = source.paths().iter().enumerate().filter(|(_, path)| {
        let below = folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
        below && names.iter().any(|name| name == base(path)) && !is_test(path)
    });
    let (at, path) = found.next()?;
    let entry = Entry::Method(class.to_owned(), method.to_owned());
    let code = Code { file: FileId(u32::try_from(at).unwrap_or(u32::MAX)), path: path.to_string(), entry };
    found.next().is_none().then_some(code)
}

/// The file of a folder in which a program starts.
fn program(source: &dyn Source, folder: &str, handler: &str) -> Option<Code> {
    let folders = [folder.to_owned(), join(folder, handler), join(folder, &format!("cmd/{handler}"))];
    let names = ["main.go", "src/main.rs", "main.rs"];
    let paths = folders.iter().flat_map(|folder| names.iter().map(move |name| join(folder, name)));
    let (file, path) = paths.filter_map(|path| Some((source.find(&path)?, path))).next()?;
    Some(Code { file, path, entry: Entry::Main })
}

fn base(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn stem_of(path: &str) -> &str {
    let file = base(path);
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}
