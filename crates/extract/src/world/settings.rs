//! Values that configuration gives to environment variables and properties: `.env` files, compose environments,
//! properties of applications.

mod properties;

pub(crate) use properties::{NAMES as APPLICATION_NAMES, Piece, of_file as properties_of, pieces};

mod connectors;
mod documents;
mod dotnet;
mod ini;

pub(crate) use ini::sections;

use super::modules::split;
use crate::source::{FileId, Source};
use smol_str::SmolStr;
use std::collections::BTreeMap;
use weir_facts::Site;

/// Environment variables as the project's own files set them.
#[derive(Debug, Default)]
pub(crate) struct Settings {
    /// Variable to `(folder it applies below, value, where, rank)`.
    variables: BTreeMap<SmolStr, Vec<Setting>>,
    /// Folders of code that is configured with the folder of another: a library that is part of one service.
    parts: Vec<(String, String)>,
    /// The same for properties, whose keys are spelled in many ways and mean one.
    properties: BTreeMap<SmolStr, Vec<Setting>>,
    /// Values of configuration files.
    documents: documents::Documents,
}

/// Placeholders in values lead to values with placeholders; the bound ends circles.
const MAX_EXPANSION: usize = 8;
/// Placeholders filled in for one value; more multiply.
const MAX_FILLED: usize = 64;

#[derive(Debug, Clone)]
struct Setting {
    folder: String,
    value: SmolStr,
    site: Site,
    rank: u8,
}

impl Settings {
    pub(crate) fn read(source: &dyn Source) -> Settings {
        let mut settings = Settings { documents: documents::Documents::read(source), ..Settings::default() };
        for (at, path) in source.paths().iter().enumerate() {
            let (folder, name) = split(path);
            if name.ends_with(".json") {
                dotnet::read(&mut settings, source, FileId(u32::try_from(at).unwrap_or(u32::MAX)), path);
                continue;
            }
            let Some(rank) = env_rank(name) else { continue };
            let Some(text) = source.text(FileId(u32::try_from(at).unwrap_or(u32::MAX))) else {
                continue;
            };
            settings.dotenv(path, folder, rank, &text);
        }
        connectors::read(&mut settings, source);
        properties::read(source, &mut settings);
        settings
    }

    fn dotenv(&mut self, path: &str, folder: &str, rank: u8, text: &str) {
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            let line = line.strip_prefix("export ").unwrap_or(line);
            if line.starts_with('#') {
                continue;
            }
            let Some((name, value)) = line.split_once('=') else {
                continue;
            };
            let (name, value) = (name.trim(), unquote(value.trim()));
            if name.is_empty() || name.contains(' ') {
                continue;
            }
            self.add(name, folder, value, Site::new(path, u32::try_from(at).unwrap_or(0) + 1), rank);
        }
    }

    /// Adds a variable that a compose file or another manifest sets for the code below `folder`.
    pub(crate) fn add(&mut self, name: &str, folder: &str, value: &str, site: Site, rank: u8) {
        let setting = Setting { folder: folder.to_owned(), value: value.into(), site, rank };
        // Keys with sections are told apart by their letters only, and an environment cannot say a colon.
        let section = SmolStr::new(name.replace("__", ":").to_lowercase());
        if section.contains(':') && section != name {
            // Only an environment writes sections so, and it overrides files.
            let rank = if name.contains("__") { 0 } else { rank };
            self.variables.entry(section).or_default().push(Setting { rank, ..setting.clone() });
        }
        self.variables.entry(name.into()).or_default().push(setting);
    }

    /// Says that what lies below `folder` is configured as what lies below `home`, one of several perhaps.
    pub(crate) fn part(&mut self, folder: &str, home: &str) {
        self.parts.push((folder.to_owned(), home.to_owned()));
    }

    /// The value of a variable that says a dotted key: `APP__KAFKA__TOPIC`, `KAFKA_TOPIC`.
    pub(crate) fn spelled(&self, key: &str, path: &str) -> Option<(SmolStr, Site)> {
        let key = key.to_lowercase();
        let flat = key.replace('.', "_");
        let says = |name: &str| {
            let name = name.to_lowercase();
            let nested = name.replace("__", ".");
            nested == key || nested.strip_suffix(&key).is_some_and(|rest| rest.ends_with('.')) || name == flat
        };
        self.variables.keys().filter(|name| says(name)).find_map(|name| self.get(name, path))
    }

    /// Adds a property of the programs below `folder`.
    fn property(&mut self, key: &str, folder: &str, value: &str, site: Site, rank: u8) {
        let folder = folder.to_owned();
        self.properties.entry(key.into()).or_default().push(Setting { folder, value: value.into(), site, rank });
    }

    /// The value a key has in the configuration files of the unit of the code at `path`.
    pub(crate) fn configured(
        &self,
        key: &str,
        path: &str,
        same: &dyn Fn(&str, &str) -> bool,
    ) -> Option<(SmolStr, Site)> {
        self.documents.get(key, path, same).map(|(value, site)| (value.into(), site))
    }

    /// The same, of files that something may run with.
    pub(crate) fn really_configured(
        &self,
        key: &str,
        path: &str,
        same: &dyn Fn(&str, &str) -> bool,
    ) -> Option<(SmolStr, Site)> {
        self.documents.real(key, path, same).map(|(value, site)| (value.into(), site))
    }

    /// The value a variable or property has for the code at `path`: the nearest folder that sets it, real files before
    /// examples.
    pub(crate) fn get(&self, name: &str, path: &str) -> Option<(SmolStr, Site)> {
        // Keys with sections are told apart by their letters only; the environment says them so alone.
        let lower = name.to_lowercase();
        let by_letters = name.contains(':').then(|| self.get_within(&lower, path, 0, &mut 0)).flatten();
        let found = by_letters.or_else(|| self.get_within(name, path, 0, &mut 0));
        found.or_else(|| {
            let inside = |folder: &str| path.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/'));
            let homes = self.parts.iter().filter(|(folder, home)| inside(folder) && !inside(home));
            // Code that several services use is configured where all of them that say anything say the same.
            let mut said = homes.filter_map(|(_, home)| self.get(name, &format!("{home}/")));
            let first = said.next()?;
            said.all(|(value, _)| value == first.0).then_some(first)
        })
    }

    fn get_within(&self, name: &str, path: &str, depth: usize, filled: &mut usize) -> Option<(SmolStr, Site)> {
        if let Some(best) = best(&self.variables, name, path) {
            return Some((best.value.clone(), best.site.clone()));
        }
        if self.properties.is_empty() || depth > MAX_EXPANSION {
            return None;
        }
        // The environment overrides files: `orders.topic-name` is `ORDERS_TOPICNAME` there, or `ORDERS_TOPIC_NAME`.
        let letter = |letter: char| if letter.is_alphanumeric() { letter.to_ascii_uppercase() } else { '_' };
        let bare: String = name.chars().filter(|letter| *letter != '-').map(letter).collect();
        for variable in [bare, name.chars().map(letter).collect()] {
            if variable != name
                && let Some(best) = best(&self.variables, &variable, path)
            {
                return Some((best.value.clone(), best.site.clone()));
            }
        }
        let best = best(&self.properties, &properties::canonical(name), path)?;
        Some((self.expanded(&best.value, path, depth + 1, filled), best.site.clone()))
    }

    /// True where the properties of the programs at `path` say that a key has an empty value.
    pub(crate) fn is_emptied(&self, name: &str, path: &str) -> bool {
        let set = self.properties.get(properties::canonical(name).as_str());
        let mut here = set.into_iter().flatten().filter(|setting| is_below(&setting.folder, path)).peekable();
        here.peek().is_some() && here.all(|setting| setting.value.is_empty()) && self.get(name, path).is_none()
    }

    /// A value with its placeholders filled in; one that nothing sets stays visible as `{key}`.
    fn expanded(&self, value: &str, path: &str, depth: usize, filled: &mut usize) -> SmolStr {
        let mut out = String::new();
        for piece in pieces(value) {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Key(key, default) => {
                    *filled += 1;
                    let open = depth <= MAX_EXPANSION && *filled <= MAX_FILLED;
                    let set = if open { self.get_within(key, path, depth, filled) } else { None };
                    match (set, default) {
                        (Some((value, _)), _) => out.push_str(&value),
                        (None, Some(default)) if open => {
                            out.push_str(&self.expanded(default, path, depth + 1, filled));
                        }
                        _ => {
                            out.push('{');
                            out.push_str(key);
                            out.push('}');
                        }
                    }
                }
            }
        }
        out.into()
    }
}

fn best<'s>(settings: &'s BTreeMap<SmolStr, Vec<Setting>>, name: &str, path: &str) -> Option<&'s Setting> {
    let candidates = settings.get(name)?.iter();
    let candidates = candidates.filter(|setting| is_below(&setting.folder, path) && !setting.value.is_empty());
    candidates.min_by_key(|setting| (usize::MAX - setting.folder.len(), setting.rank, setting.site.clone()))
}

fn is_below(folder: &str, path: &str) -> bool {
    // What is configured may be one file beside others.
    folder.is_empty() || path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Lower is closer to what runs; `None` for files that hold no environment.
fn env_rank(name: &str) -> Option<u8> {
    if name == ".env" {
        return Some(0);
    }
    let kind =
        name.strip_prefix(".env.").or_else(|| name.strip_suffix(".env")).or_else(|| name.strip_prefix(".env-"))?;
    Some(match kind {
        "local" | "development" | "dev" | "" => 1,
        "production" | "prod" | "docker" => 2,
        "example" | "sample" | "template" | "dist" | "defaults" => 4,
        "test" | "testing" | "ci" => 5,
        _ => 3,
    })
}

fn unquote(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = value.strip_prefix(quote) {
            return inner.find(quote).map_or(inner, |end| &inner[..end]);
        }
    }
    value.split(" #").next().unwrap_or(value).trim_end()
}
