//! Connectors that read the log of a database: how they route the rows of an outbox, by the files they are registered with.

use super::Settings;
use crate::source::{FileId, Source};
use crate::world::modules::{relaxed_json, split};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use weir_facts::Site;

/// Larger files hold data.
const MAX_TEXT: usize = 1 << 16;
/// What the names of such files say: there are too many others to read all.
const NAMES: &[&str] = &["connect", "register", "outbox", "cdc", "source"];
/// The name under which packs ask for the rule that makes a topic of a row.
const ROUTE: &str = "transforms.route.topic.replacement";
/// Set where several connectors stand beside each other and say different things: none of them is surely the one.
const SEVERAL: &str = "transforms.route.several";

/// The rules found below a folder, each with where it was said first; empty for a connector that keeps to the default.
type Rules = BTreeMap<String, Site>;

/// Adds the routes of all connectors, for the code below the folder of their file. Those that lie beside it count where
/// none lies at the root.
pub(super) fn read(settings: &mut Settings, source: &dyn Source) {
    let mut folders: BTreeMap<String, Rules> = BTreeMap::new();
    let mut all = Rules::new();
    for (at, path) in source.paths().iter().enumerate() {
        let (folder, name) = split(path);
        let lower = name.to_ascii_lowercase();
        if !lower.ends_with(".json") || !NAMES.iter().any(|known| lower.contains(known)) {
            continue;
        }
        let text = source.text(FileId(u32::try_from(at).unwrap_or(u32::MAX)));
        let Some(text) = text.filter(|text| text.len() <= MAX_TEXT && text.contains("connector.class")) else {
            continue;
        };
        let Some(json) = relaxed_json(&text) else { continue };
        let Some(config) = json.get("config").unwrap_or(&json).as_object() else { continue };
        for rule in routes(config) {
            let line = text.lines().position(|line| line.contains("route.topic.replacement")).unwrap_or(0);
            let site = Site::new(path.clone(), u32::try_from(line).unwrap_or(0) + 1);
            all.entry(rule.clone()).or_insert_with(|| site.clone());
            folders.entry(folder.to_owned()).or_default().entry(rule).or_insert(site);
        }
    }
    folders.entry(String::new()).or_insert(all);
    for (folder, rules) in &folders {
        match rules.iter().next() {
            Some((rule, site)) if rules.len() == 1 => settings.add(ROUTE, folder, rule, site.clone(), 0),
            Some((_, site)) => settings.add(SEVERAL, folder, "true", site.clone(), 0),
            None => {}
        }
    }
}

/// What the transformations of a connector that route an outbox say of the topic.
fn routes(config: &Map<String, Value>) -> Vec<String> {
    let text = |key: &str| config.get(key).and_then(Value::as_str);
    let names = text("transforms").unwrap_or_default().split(',').map(str::trim);
    let outbox = names.filter(|name| {
        text(&format!("transforms.{name}.type")).is_some_and(|class| class.to_ascii_lowercase().contains(".outbox."))
    });
    let rule = |name| text(&format!("transforms.{name}.route.topic.replacement")).unwrap_or_default().to_owned();
    outbox.map(rule).collect()
}
