//! Values of nested configuration files by dotted key: what programs read into structs or ask for by key.

use crate::source::{FileId, Source};
use crate::world::modules::split;
use serde_json::Value;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::sync::Arc;
use weir_facts::Site;
use weir_syntax::Language;

/// Larger files hold data.
const MAX_TEXT: usize = 1 << 20;
/// Configuration is flat; deeper nesting is data.
const MAX_DEPTH: usize = 24;
/// Keys of one file; beyond it lies generated data.
const MAX_KEYS: usize = 5_000;
/// Files that may hold a program's configuration, by the beginning of their name.
const NAMES: &[&str] = &["config", "conf", "app", "settings", "default", "local", "dev", "prod", "service", "server"];
/// Folders whose files hold a program's configuration.
const FOLDERS: &[&str] = &["config", "configs", "conf", "etc", "configuration"];
/// Files of tools.
const TOOLS: &[&str] = &["docker", "compose", "codecov", "golangci", "tsconfig", "package", "appspec", "buf", "sqlc"];

/// A value in a configuration file.
#[derive(Debug, Clone)]
struct Entry {
    folder: String,
    key: String,
    value: String,
    file: SmolStr,
    /// The file's text; the line of a value is looked up when somebody asks for it.
    text: Arc<str>,
    rank: u8,
}

/// Every value, by its key in lower case.
#[derive(Debug, Default)]
pub(super) struct Documents(BTreeMap<String, Vec<Entry>>);

impl Documents {
    pub(super) fn read(source: &dyn Source) -> Documents {
        let mut documents = Documents::default();
        // The programs that read such files by key; those of ECMAScript import or evaluate them, but for what stands in
        // the one folder that they ask by key as well.
        let asks = |path: &SmolStr| Language::of_path(path).is_some_and(|language| !language.has_exports());
        let asked = |path: &SmolStr| {
            let (folder, name) = split(path);
            split(folder).1 == "config" && name.starts_with("default.")
        };
        if !source.paths().iter().any(|path| asks(path) || asked(path)) {
            return documents;
        }
        for (at, path) in source.paths().iter().enumerate() {
            let (folder, name) = split(path);
            let Some((stem, ending)) = name.rsplit_once('.') else { continue };
            if !matches!(ending, "yaml" | "yml" | "json" | "toml") || !may_configure(folder, stem) {
                continue;
            }
            let text = source.text(FileId(u32::try_from(at).unwrap_or(u32::MAX)));
            let Some(text) = text.filter(|text| text.len() <= MAX_TEXT) else { continue };
            let parsed: Option<Value> = match ending {
                "json" => serde_json::from_str(&text).ok(),
                "toml" => toml::from_str(&text).ok(),
                _ => serde_saphyr::from_str(&text).ok(),
            };
            if let Some(value @ Value::Object(_)) = parsed {
                let mut keys = Vec::new();
                flatten(&value, String::new(), 0, &mut keys);
                documents.add(path, folder, rank(stem), &text, keys);
            }
        }
        documents
    }

    fn add(&mut self, path: &str, folder: &str, rank: u8, text: &Arc<str>, keys: Vec<(String, String)>) {
        let file = SmolStr::new(path);
        for (key, value) in keys {
            let lower = key.to_ascii_lowercase();
            let (file, text) = (file.clone(), text.clone());
            let entry = Entry { folder: folder.to_owned(), key, value, file, text, rank };
            // Members of a type are written together what a file writes with signs between.
            let together = squashed(&lower);
            if together != lower {
                self.0.entry(together).or_default().push(entry.clone());
            }
            self.0.entry(lower).or_default().push(entry);
        }
    }

    /// The value a key has for the code at `path`: of a file of the same unit, else of one that lies above or beside
    /// all units; the one that lies nearest, a plain name before one of an environment.
    pub(super) fn get(&self, key: &str, path: &str, same: &dyn Fn(&str, &str) -> bool) -> Option<(&str, Site)> {
        self.up_to(u8::MAX, key, path, same)
    }

    /// The same, of files that something may run with: examples are for people to copy.
    pub(super) fn real(&self, key: &str, path: &str, same: &dyn Fn(&str, &str) -> bool) -> Option<(&str, Site)> {
        self.up_to(EXAMPLE - 1, key, path, same)
    }

    fn up_to(&self, worst: u8, key: &str, path: &str, same: &dyn Fn(&str, &str) -> bool) -> Option<(&str, Site)> {
        let lower = key.to_ascii_lowercase();
        let known = self.0.get(&lower).or_else(|| self.0.get(&squashed(&lower)))?;
        let entries: Vec<&Entry> = known.iter().filter(|entry| entry.rank <= worst).collect();
        let entries = || entries.iter().copied();
        let nearest = |entry: &&Entry| (usize::MAX - common(&entry.folder, path), entry.rank, entry.file.clone());
        let own = entries().filter(|entry| same(&entry.file, path)).min_by_key(nearest);
        let shared = || {
            let above = |entry: &&Entry| !entry.folder.contains('/') || below(path, split(&entry.folder).0);
            entries().filter(above).min_by_key(nearest)
        };
        // A folder of none of the units holds what is handed to them; several files that disagree are for several.
        let loose = || {
            let mut files = entries().filter(|entry| same(&entry.file, ""));
            let first = files.next()?;
            files.all(|other| other.value == first.value).then_some(first)
        };
        let found = own.or_else(shared).or_else(loose)?;
        let line = line_of(&found.text, &found.key, &found.value);
        Some((&found.value, Site::new(found.file.clone(), line)))
    }
}

fn may_configure(folder: &str, stem: &str) -> bool {
    let lower = stem.trim_start_matches('.').to_ascii_lowercase();
    let named = NAMES.iter().any(|known| lower.starts_with(known)) || FOLDERS.contains(&split(folder).1);
    named && !TOOLS.iter().any(|tool| lower.starts_with(tool))
}

fn below(path: &str, folder: &str) -> bool {
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'))
}

fn squashed(key: &str) -> String {
    key.chars().filter(|letter| !matches!(letter, '_' | '-')).collect()
}

/// Folders that both paths go through.
fn common(folder: &str, path: &str) -> usize {
    folder.split('/').zip(path.split('/')).take_while(|(a, b)| a == b).count()
}

/// The rank of files that only show what a file may say.
const EXAMPLE: u8 = 3;

/// Lower is closer to what runs everywhere.
fn rank(stem: &str) -> u8 {
    let lower = stem.to_ascii_lowercase();
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(word));
    if says(&["test", "ci"]) {
        4
    } else if says(&["example", "sample", "template"]) {
        EXAMPLE
    } else if says(&["prod", "stag", "docker"]) {
        2
    } else {
        u8::from(says(&["local", "dev"]))
    }
}

fn flatten(value: &Value, key: String, depth: usize, keys: &mut Vec<(String, String)>) {
    if depth > MAX_DEPTH || keys.len() > MAX_KEYS {
        return;
    }
    let below = |name: &str| if key.is_empty() { name.to_owned() } else { format!("{key}.{name}") };
    match value {
        Value::Object(fields) => fields.iter().for_each(|(name, value)| flatten(value, below(name), depth + 1, keys)),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                flatten(item, below(&at.to_string()), depth + 1, keys);
            }
        }
        Value::String(text) => keys.push((key, text.clone())),
        Value::Number(number) => keys.push((key, number.to_string())),
        Value::Bool(flag) => keys.push((key, flag.to_string())),
        Value::Null => {}
    }
}

/// The first line that says the last word of the key and the value; near enough to be looked up.
fn line_of(text: &str, key: &str, value: &str) -> u32 {
    let word = key.rsplit('.').find(|word| word.parse::<usize>().is_err()).unwrap_or(key);
    let both = text.lines().position(|line| line.contains(word) && line.contains(value));
    let at = both.or_else(|| text.lines().position(|line| line.contains(value))).unwrap_or(0);
    u32::try_from(at + 1).unwrap_or(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(files: &[(&str, &str)]) -> Documents {
        let mut documents = Documents::default();
        for (path, text) in files {
            let value: Value = serde_saphyr::from_str(text).expect("well written");
            let mut keys = Vec::new();
            flatten(&value, String::new(), 0, &mut keys);
            let (folder, name) = split(path);
            documents.add(path, folder, rank(name), &Arc::from(*text), keys);
        }
        documents
    }

    #[test]
    fn keys_are_found_whatever_their_case() {
        let known = documents(&[("a/config/config.yaml", "kafka:\n  groupID: x\n  topics: [b, c]\n")]);
        let get = |key| known.get(key, "a/main.go", &|_, _| true).map(|(value, site)| (value, site.line));
        assert_eq!(get("Kafka.GroupId"), Some(("x", 2)));
        assert_eq!(get("kafka.topics.1"), Some(("c", 3)));
        assert_eq!(get("kafka"), None);
    }

    #[test]
    fn every_unit_has_its_own() {
        let known = documents(&[("a/config.yaml", "topic: a"), ("b/config.yaml", "topic: b")]);
        let same = |left: &str, right: &str| left.split('/').next() == right.split('/').next();
        let get = |path| known.get("topic", path, &same).map(|(value, _)| value);
        assert_eq!(get("b/internal/x.go"), Some("b"));
        assert_eq!(get("a/x.go"), Some("a"));
    }

    #[test]
    fn a_file_of_another_unit_says_nothing() {
        let known = documents(&[("services/a/config/config.yaml", "topic: a")]);
        assert!(known.get("topic", "services/b/x.go", &|_, _| false).is_none());
    }

    #[test]
    fn plain_names_come_before_environments() {
        let known = documents(&[("config/config.prod.yaml", "topic: p"), ("config/config.yaml", "topic: d")]);
        assert_eq!(known.get("topic", "x.go", &|_, _| true).map(|(value, _)| value), Some("d"));
    }

    #[test]
    fn an_example_is_not_what_runs() {
        let known = documents(&[("config/config.example.yaml", "topic: e")]);
        assert_eq!(known.get("topic", "x.go", &|_, _| true).map(|(value, _)| value), Some("e"));
        assert!(known.real("topic", "x.go", &|_, _| true).is_none());
    }
}
