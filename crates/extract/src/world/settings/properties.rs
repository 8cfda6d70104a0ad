//! Properties of JVM applications: `application.yml` and `.properties` files with their profiles, the files that a
//! configuration server keeps for each application, and the placeholders in their values.

mod imports;

use super::Settings;
use crate::source::{FileId, Source};
use crate::world::modules::split;
use crate::yaml::{line, load, text_of};
use saphyr::{MarkedYaml, YamlData};
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::Site;

/// Keys under which an application says its name.
pub(crate) const NAMES: &[&str] =
    &["spring.application.name", "micronaut.application.name", "quarkus.application.name"];
/// Keys that say which profiles of a document or of a program count.
const ACTIVE: &[&str] = &["spring.profiles.active", "micronaut.environments", "quarkus.profile"];
const DOCUMENT: &[&str] = &["spring.config.activate.onprofile", "spring.profiles"];
/// Configuration is flat; deeper nesting is data.
const MAX_DEPTH: usize = 24;
/// Keys of one file; beyond it lies generated data.
const MAX_KEYS: usize = 5_000;
/// Files whose base name says that they configure whatever program they belong to.
const OWN: &[&str] = &["application", "bootstrap", "microprofile-config"];

/// One key of one file.
struct Property {
    key: String,
    value: String,
    line: u32,
    profile: Option<String>,
}

/// A file of properties: where it lies, whom it is for.
struct File<'p> {
    path: &'p str,
    folder: &'p str,
    /// `application`, or the name of an application.
    base: &'p str,
    properties: Vec<Property>,
}

/// Reads all of them.
pub(super) fn read(source: &dyn Source, settings: &mut Settings) {
    let mut files: Vec<File<'_>> = Vec::new();
    let mut others: Vec<(usize, &str, &str)> = Vec::new();
    for (at, path) in source.paths().iter().enumerate() {
        let (folder, name) = split(path);
        let Some(stem) = stem(name) else { continue };
        match OWN.iter().find(|own| is_for(stem, own).is_some()) {
            Some(base) => files.extend(file(source, at, path, folder, base, stem)),
            None => others.push((at, folder, stem)),
        }
    }
    if files.is_empty() {
        return;
    }
    // Applications by the name they give themselves, with the folders of their modules.
    let mut applications: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in &files {
        let module = module(file.folder);
        let named = file.properties.iter().filter(|property| NAMES.contains(&property.key.as_str()));
        let own = module.rsplit('/').next().unwrap_or(module).to_owned();
        for name in named.map(|property| property.value.clone()).chain([own]) {
            applications.entry(name).or_default().insert(module.to_owned());
        }
    }
    let mut served: BTreeSet<&str> = BTreeSet::new();
    for (at, folder, stem) in others {
        // The longest name counts: `orders-api.yml` is for `orders-api`, not for `orders` in a profile `api`.
        let whom = applications.keys().filter(|name| is_for(stem, name).is_some()).max_by_key(|name| name.len());
        let Some(name) = whom else { continue };
        let path = &source.paths()[at];
        let Some(file) = file(source, at, path, folder, name, stem) else { continue };
        served.insert(folder);
        for module in &applications[name] {
            file.say(settings, module, 1, None);
        }
    }
    for file in &files {
        let active = files.iter().filter(|other| module(other.folder) == module(file.folder));
        let active = active.flat_map(|other| &other.properties);
        let active: BTreeSet<String> = active
            .filter(|property| ACTIVE.contains(&property.key.as_str()) && property.profile.is_none())
            .flat_map(|property| property.value.split(',').map(|profile| profile.trim().to_owned()))
            .collect();
        // Beside files for single applications it is what a configuration server gives to all of them.
        if served.contains(file.folder) && module(file.folder) == file.folder {
            file.say(settings, "", 3, None);
        } else {
            file.say(settings, &scope(file.folder), 2, Some(&active));
        }
        imports::follow(source, settings, file, &active);
    }
}

impl File<'_> {
    fn say(&self, settings: &mut Settings, folder: &str, rank: u8, active: Option<&BTreeSet<String>>) {
        for property in &self.properties {
            let rank = match &property.profile {
                None => rank,
                Some(profile) if active.is_some_and(|active| active.contains(profile)) => 0,
                Some(profile) => rank + profile_rank(profile),
            };
            let site = Site::new(self.path, property.line);
            settings.property(&property.key, folder, &property.value, site, rank);
        }
    }
}

fn file<'p>(
    source: &dyn Source,
    at: usize,
    path: &'p str,
    folder: &'p str,
    base: &'p str,
    stem: &str,
) -> Option<File<'p>> {
    let text = source.text(FileId(u32::try_from(at).ok()?))?;
    let profile = is_for(stem, base).filter(|profile| !profile.is_empty()).map(str::to_owned);
    let mut properties = Vec::new();
    if path.ends_with(".properties") {
        lines(&text, &mut properties);
    } else {
        documents(&text, &mut properties);
    }
    for property in &mut properties {
        property.profile = property.profile.take().or_else(|| profile.clone());
        // `%dev.key` is the key in one profile.
        if let Some((word, key)) = property.key.strip_prefix('%').and_then(|rest| rest.split_once('.')) {
            (property.profile, property.key) = (Some(word.to_owned()), key.to_owned());
        }
    }
    properties.truncate(MAX_KEYS);
    Some(File { path, folder, base, properties }).filter(|file| !file.base.is_empty())
}

/// The properties of one file that count in every profile, in their order.
pub(crate) fn of_file(path: &str, text: &str) -> Vec<(String, String)> {
    let mut properties = Vec::new();
    if path.ends_with(".properties") {
        lines(text, &mut properties);
    } else {
        documents(text, &mut properties);
    }
    let every = properties.into_iter().filter(|property| property.profile.is_none());
    every.map(|property| (property.key, property.value)).collect()
}

/// The name of a file without the ending of a file of properties.
fn stem(name: &str) -> Option<&str> {
    [".yml", ".yaml", ".properties"].iter().find_map(|ending| name.strip_suffix(ending))
}

/// The profile a file name carries when it is one for `base`; empty for none.
fn is_for<'n>(stem: &'n str, base: &str) -> Option<&'n str> {
    let rest = stem.strip_prefix(base)?;
    if rest.is_empty() { Some("") } else { rest.strip_prefix('-') }
}

/// The folder of the module that holds a folder of resources.
fn module(folder: &str) -> &str {
    match folder.find("src/main/resources").or_else(|| folder.find("src/test/resources")) {
        Some(0) => "",
        Some(at) => folder[..at].trim_end_matches('/'),
        None => folder.strip_suffix("/config").or_else(|| (folder == "config").then_some("")).unwrap_or(folder),
    }
}

/// The folder of the code that the resources in a folder configure: tests have their own.
fn scope(folder: &str) -> String {
    let module = module(folder);
    if folder.contains("src/test/resources") {
        return if module.is_empty() { "src/test".to_owned() } else { format!("{module}/src/test") };
    }
    module.to_owned()
}

/// Lower is closer to what runs.
fn profile_rank(profile: &str) -> u8 {
    match profile {
        "default" => 1,
        "local" | "dev" | "development" => 2,
        "docker" | "prod" | "production" | "kubernetes" | "k8s" => 3,
        "test" | "testing" | "it" => 5,
        _ => 4,
    }
}

/// `key=value` or `key: value`; a backslash at the end of a line continues it.
fn lines(text: &str, into: &mut Vec<Property>) {
    let mut pending = String::new();
    let mut start = 0;
    let mut profile = None;
    let mut from = into.len();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim();
        if pending.is_empty() {
            start = at;
            if line == "#---" || line == "!---" {
                mark(&mut into[from..], &mut profile);
                from = into.len();
            }
            if line.is_empty() || line.starts_with(['#', '!']) {
                continue;
            }
        }
        if let Some(open) = line.strip_suffix('\\') {
            pending.push_str(open);
            continue;
        }
        pending.push_str(line);
        let whole = std::mem::take(&mut pending);
        let Some(end) = whole.find(['=', ':']) else { continue };
        let (key, value) = (whole[..end].trim(), whole[end + 1..].trim());
        // Keys may hold quoted segments whose dots belong to a name.
        into.push(Property {
            key: canonical(key),
            value: value.to_owned(),
            line: u32::try_from(start).unwrap_or(0) + 1,
            profile: None,
        });
    }
    mark(&mut into[from..], &mut profile);
}

/// Gives the properties of a document the profile it is for.
fn mark(properties: &mut [Property], profile: &mut Option<String>) {
    let stated = properties.iter().find(|property| DOCUMENT.contains(&property.key.as_str()));
    *profile = stated.map(|property| property.value.trim_start_matches('!').to_owned());
    for property in properties {
        property.profile.clone_from(profile);
    }
}

fn documents(text: &str, into: &mut Vec<Property>) {
    let Ok(documents) = load(text) else { return };
    for document in &documents {
        let from = into.len();
        flatten(document, String::new(), 0, into);
        mark(&mut into[from..], &mut None);
    }
}

fn flatten(node: &MarkedYaml<'_>, key: String, depth: usize, into: &mut Vec<Property>) {
    if depth > MAX_DEPTH || into.len() > MAX_KEYS {
        return;
    }
    match &node.data {
        YamlData::Mapping(entries) => {
            for (name, value) in entries {
                let Some(name) = text_of(name) else { continue };
                let name = canonical(&name);
                let key = if key.is_empty() { name } else { format!("{key}.{name}") };
                flatten(value, key, depth + 1, into);
            }
        }
        YamlData::Sequence(items) => {
            let texts: Vec<String> = items.iter().filter_map(text_of).collect();
            if texts.len() == items.len() && !texts.is_empty() {
                into.push(Property { key: key.clone(), value: texts.join(","), line: line(node), profile: None });
            }
            for (at, item) in items.iter().enumerate() {
                flatten(item, format!("{key}[{at}]"), depth + 1, into);
            }
        }
        _ => {
            if let Some(value) = text_of(node) {
                into.push(Property { key, value, line: line(node), profile: None });
            }
        }
    }
}

/// A key as all its spellings become one: case, dashes, underscores and the brackets and quotes around names do not
/// matter.
pub(super) fn canonical(key: &str) -> String {
    let mut out = String::with_capacity(key.len());
    let mut letters = key.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '-' | '_' | '"' | '\'' => {}
            // `[0]` is a place in a list, `[a.b]` a name.
            '[' if letters.peek().is_some_and(char::is_ascii_digit) => out.push('['),
            ']' if out.rfind('[').is_some_and(|open| out[open + 1..].chars().all(|c| c.is_ascii_digit())) => {
                out.push(']')
            }
            '[' => {
                if !out.is_empty() && !out.ends_with('.') {
                    out.push('.');
                }
            }
            ']' => {}
            letter => out.extend(letter.to_lowercase()),
        }
    }
    out
}

/// A text with its placeholders `${key:default}` taken apart.
pub(crate) enum Piece<'t> {
    /// Fixed text.
    Text(&'t str),
    /// A key and the default it has.
    Key(&'t str, Option<&'t str>),
}

/// The pieces of a text; a placeholder that is never closed is text.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("${") {
        let Some(length) = closing(&rest[start + 2..]) else { break };
        if start > 0 {
            found.push(Piece::Text(&rest[..start]));
        }
        let inner = &rest[start + 2..start + 2 + length];
        // A colon inside a nested placeholder belongs to that.
        let end = inner.find("${").unwrap_or(inner.len());
        match inner[..end].find(':') {
            Some(colon) => found.push(Piece::Key(inner[..colon].trim(), Some(&inner[colon + 1..]))),
            None => found.push(Piece::Key(inner.trim(), None)),
        }
        rest = &rest[start + 2 + length + 1..];
    }
    if !rest.is_empty() {
        found.push(Piece::Text(rest));
    }
    found
}

/// Where the brace that is open closes.
fn closing(text: &str) -> Option<usize> {
    let mut open = 1;
    for (at, letter) in text.char_indices() {
        match letter {
            '{' => open += 1,
            '}' => open -= 1,
            _ => {}
        }
        if open == 0 {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_one_in_all_their_spellings() {
        for spelling in ["app.order-topic", "app.orderTopic", "app.order_topic", "APP.ORDER_TOPIC"] {
            assert_eq!(canonical(spelling), "app.ordertopic");
        }
        assert_eq!(canonical("app.topics[0].name"), "app.topics[0].name");
        assert_eq!(canonical("app.topics.\"[orders.v1]\""), "app.topics.orders.v1");
        assert_eq!(canonical("app[orders.v1]"), "app.orders.v1");
    }

    #[test]
    fn files_say_whom_they_are_for() {
        assert_eq!(is_for("application-dev", "application"), Some("dev"));
        assert_eq!(is_for("applications", "application"), None);
        assert_eq!(module("orders/src/main/resources/config"), "orders");
        assert_eq!(module("src/main/resources"), "");
        assert_eq!(scope("orders/src/test/resources"), "orders/src/test");
    }

    #[test]
    fn documents_have_profiles() {
        let mut found = Vec::new();
        documents("a.b: 1\nc: [x, y]\n---\nspring.config.activate.on-profile: dev\na: { b: 2 }\n", &mut found);
        let shown: Vec<String> = found
            .iter()
            .map(|property| format!("{}={} {:?}", property.key, property.value, property.profile.as_deref()))
            .collect();
        assert_eq!(shown[..2], ["a.b=1 None", "c=x,y None"]);
        assert!(shown.contains(&"a.b=2 Some(\"dev\")".to_owned()), "{shown:?}");
    }

    #[test]
    fn placeholders_nest() {
        let shown = |text| -> Vec<String> {
            let show = |piece: &Piece<'_>| match piece {
                Piece::Text(text) => (*text).to_owned(),
                Piece::Key(key, default) => format!("<{key}|{}>", default.unwrap_or("-")),
            };
            pieces(text).iter().map(show).collect()
        };
        assert_eq!(shown("a-${b:c}-d"), ["a-", "<b|c>", "-d"]);
        assert_eq!(shown("${a:${b:c}}"), ["<a|${b:c}>"]);
        assert_eq!(shown("${open"), ["${open"]);
    }
}
