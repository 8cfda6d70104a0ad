//! TypeScript and JavaScript: relative paths, index files, path aliases, workspace packages.

use crate::source::{FileId, Source};
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};

const EXTENSIONS: &[&str] = &["ts", "tsx", "js", "jsx", "mts", "cts", "mjs", "cjs"];

/// A path alias: pattern with at most one `*`, and what it stands for, relative to the root.
#[derive(Clone, Debug)]
struct Alias {
    prefix: String,
    suffix: String,
    wildcard: bool,
    targets: Vec<String>,
}

/// The module system of the program.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    /// Aliases by the folder they apply below, longest folder first.
    aliases: Vec<(String, Vec<Alias>)>,
    /// Base folders for bare imports, by the folder they apply below.
    bases: Vec<(String, String)>,
    /// Packages of the workspace: name to folder and entry files.
    packages: BTreeMap<String, (String, Vec<String>)>,
    /// Paths without their endings as the tree spells them, by the same in small letters; `None` where several are spelled so.
    spellings: OnceCell<BTreeMap<String, Option<String>>>,
}

impl Modules {
    pub(crate) fn read(source: &dyn Source) -> Modules {
        let mut modules = Modules::default();
        for (at, path) in source.paths().iter().enumerate() {
            let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
            let (folder, name) = split(path);
            if (name.starts_with("tsconfig") || name == "jsconfig.json") && name.ends_with(".json") {
                modules.tsconfig(source, folder, path);
            } else if name == "package.json" {
                modules.package(source, file, folder);
            }
        }
        modules.aliases.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        modules.bases.sort_by(|a, b| b.0.len().cmp(&a.0.len()).then_with(|| a.0.cmp(&b.0)));
        modules
    }

    /// A path as the tree spells its folders and its file, where one spelling fits: on many machines of developers letters
    /// may be large or small, and an import that is spelled otherwise works.
    fn spelled(&self, source: &dyn Source, path: &str) -> Option<String> {
        let spellings = self.spellings.get_or_init(|| {
            let mut spellings: BTreeMap<String, Option<String>> = BTreeMap::new();
            for path in source.paths() {
                let stem = split(path).1.rsplit_once('.').map_or(0, |(_, ending)| ending.len() + 1);
                let whole = &path[..path.len() - stem];
                let known = spellings.entry(whole.to_lowercase()).or_insert_with(|| Some(whole.to_owned()));
                if known.as_deref() != Some(whole) {
                    *known = None;
                }
            }
            spellings
        });
        let known = |path: &str| spellings.get(&path.to_lowercase()).cloned().flatten();
        let found = known(path).or_else(|| known(&format!("{path}/index")))?;
        (found != path).then_some(found)
    }

    fn package(&mut self, source: &dyn Source, file: FileId, folder: &str) {
        let Some(text) = source.text(file) else {
            return;
        };
        let json = match serde_json::from_str::<serde_json::Value>(&text) {
            Ok(json) => json,
            Err(error) => return source.left_out(file, &format!("no valid JSON: {error}")),
        };
        let Some(name) = json.get("name").and_then(|name| name.as_str()) else {
            return;
        };
        let mut entries = Vec::new();
        for key in ["source", "types", "module", "main"] {
            if let Some(entry) = json.get(key).and_then(|entry| entry.as_str()) {
                entries.push(join(folder, entry));
            }
        }
        self.packages.entry(name.to_owned()).or_insert_with(|| (folder.to_owned(), entries));
    }

    fn tsconfig(&mut self, source: &dyn Source, folder: &str, path: &str) {
        let mut seen = BTreeSet::new();
        let mut at = path.to_owned();
        // `extends` chains end at a cycle, at a package, or after a depth no real project has.
        while seen.len() < 8 && seen.insert(at.clone()) {
            let Some((file, text)) = source.find(&at).and_then(|file| Some((file, source.text(file)?))) else {
                return;
            };
            let Some(json) = relaxed_json(&text) else {
                return source.left_out(file, "no valid JSON, not even with comments and trailing commas");
            };
            let (here, _) = split(&at);
            let here = here.to_owned();
            let options = json.get("compilerOptions");
            let base = options
                .and_then(|options| options.get("baseUrl"))
                .and_then(|base| base.as_str())
                .map(|base| join(&here, base));
            if let Some(base) = &base {
                self.bases.push((folder.to_owned(), base.clone()));
            }
            if let Some(paths) = options.and_then(|options| options.get("paths")).and_then(|paths| paths.as_object()) {
                let from = base.unwrap_or(here.clone());
                let mut aliases = Vec::new();
                for (pattern, targets) in paths {
                    let targets = targets
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(|target| target.as_str())
                        .map(|target| join(&from, target))
                        .collect();
                    let (prefix, suffix) = pattern.split_once('*').unwrap_or((pattern, ""));
                    aliases.push(Alias {
                        prefix: prefix.to_owned(),
                        suffix: suffix.to_owned(),
                        wildcard: pattern.contains('*'),
                        targets,
                    });
                }
                self.aliases.push((folder.to_owned(), aliases));
                return;
            }
            match json.get("extends").and_then(|extends| extends.as_str()) {
                Some(extends) if extends.starts_with('.') => {
                    let next = join(&here, extends);
                    at = if next.ends_with(".json") { next } else { format!("{next}.json") };
                }
                _ => return,
            }
        }
    }

    /// The file that `module`, imported in the file at `from`, names; `None` for what lies outside the program.
    pub(crate) fn resolve(&self, source: &dyn Source, from: &str, module: &str) -> Option<FileId> {
        let (folder, _) = split(from);
        if module.starts_with('.') {
            let path = join(folder, module);
            return file_at(source, &path).or_else(|| file_at(source, &self.spelled(source, &path)?));
        }
        for (below, aliases) in &self.aliases {
            if !inside(folder, below) {
                continue;
            }
            for alias in aliases {
                let hit = if alias.wildcard {
                    module.strip_prefix(alias.prefix.as_str()).and_then(|rest| rest.strip_suffix(alias.suffix.as_str()))
                } else {
                    (module == alias.prefix).then_some("")
                };
                let Some(rest) = hit else { continue };
                for target in &alias.targets {
                    let target = normal(&target.replacen('*', rest, 1));
                    if let Some(file) = file_at(source, &target) {
                        return Some(file);
                    }
                }
            }
        }
        if let Some(file) = self.workspace(source, module) {
            return Some(file);
        }
        for (below, base) in &self.bases {
            if inside(folder, below)
                && let Some(file) = file_at(source, &join(base, module))
            {
                return Some(file);
            }
        }
        None
    }

    fn workspace(&self, source: &dyn Source, module: &str) -> Option<FileId> {
        let mut name = module;
        loop {
            if let Some((folder, entries)) = self.packages.get(name) {
                let rest = module[name.len()..].trim_start_matches('/');
                if !rest.is_empty() {
                    return file_at(source, &join(folder, rest))
                        .or_else(|| file_at(source, &join(&join(folder, "src"), rest)));
                }
                for entry in entries {
                    if let Some(file) = file_at(source, entry) {
                        return Some(file);
                    }
                    // Built output names its source: dist/index.js stands for src/index.ts.
                    for built in ["dist", "build", "lib", "out"] {
                        let prefix = join(folder, built);
                        if let Some(inner) = entry.strip_prefix(&format!("{prefix}/")) {
                            let stem = inner.trim_end_matches(".d.ts").rsplit_once('.').map_or(inner, |(stem, _)| stem);
                            if let Some(file) = file_at(source, &join(&join(folder, "src"), stem)) {
                                return Some(file);
                            }
                        }
                    }
                }
                return ["src/index", "index", "src/main", "lib/index"]
                    .iter()
                    .find_map(|entry| file_at(source, &join(folder, entry)));
            }
            name = name.rsplit_once('/')?.0;
        }
    }
}

fn file_at(source: &dyn Source, path: &str) -> Option<FileId> {
    let exact = source.find(path).filter(|_| weir_syntax::Language::of_path(path).is_some());
    if exact.is_some() {
        return exact;
    }
    for extension in EXTENSIONS {
        if let Some(file) = source.find(&format!("{path}.{extension}")) {
            return Some(file);
        }
    }
    // TypeScript sources import each other by the name of the built file.
    if let Some((stem, "js" | "jsx" | "mjs" | "cjs")) = path.rsplit_once('.') {
        for extension in EXTENSIONS {
            if let Some(file) = source.find(&format!("{stem}.{extension}")) {
                return Some(file);
            }
        }
    }
    EXTENSIONS.iter().find_map(|extension| {
        source.find(&if path.is_empty() { format!("index.{extension}") } else { format!("{path}/index.{extension}") })
    })
}

pub(crate) fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

fn inside(folder: &str, below: &str) -> bool {
    below.is_empty() || folder == below || folder.strip_prefix(below).is_some_and(|rest| rest.starts_with('/'))
}

/// `folder` and a relative path, normalised; what leaves the root stays at the root.
pub(crate) fn join(folder: &str, relative: &str) -> String {
    normal(&format!("{folder}/{relative}"))
}

fn normal(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// JSON with comments and trailing commas, as tsconfig files have them.
pub(crate) fn relaxed_json(text: &str) -> Option<serde_json::Value> {
    if let Ok(json) = serde_json::from_str(text) {
        return Some(json);
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    let mut quoted = false;
    while let Some(c) = chars.next() {
        if quoted {
            out.push(c);
            if c == '\\' {
                out.extend(chars.next());
            } else if c == '"' {
                quoted = false;
            }
            continue;
        }
        match c {
            '"' => {
                quoted = true;
                out.push(c);
            }
            '/' if chars.peek() == Some(&'/') => {
                for next in chars.by_ref() {
                    if next == '\n' {
                        out.push('\n');
                        break;
                    }
                }
            }
            '/' if chars.peek() == Some(&'*') => {
                let mut last = ' ';
                for next in chars.by_ref() {
                    if last == '*' && next == '/' {
                        break;
                    }
                    last = next;
                }
            }
            '}' | ']' => {
                let kept = out.trim_end().len();
                if out[..kept].ends_with(',') {
                    out.truncate(kept - 1);
                }
                out.push(c);
            }
            _ => out.push(c),
        }
    }
    serde_json::from_str(out.trim_start_matches('\u{feff}')).ok()
}
