//! .NET configuration: `appsettings` files, user secrets and launch profiles, flattened to keys such as `Broker:Topic`.

use super::Settings;
use crate::source::{FileId, Source};
use crate::world::modules::{relaxed_json, split};
use serde_json::Value;
use weir_facts::Site;

/// Objects nest no deeper in files that people write.
const MAX_DEPTH: usize = 12;

/// Adds what the files of one name say; other files are none of .NET's.
pub(super) fn read(settings: &mut Settings, source: &dyn Source, file: FileId, path: &str) {
    let (folder, name) = split(path);
    let launches = name == "launchSettings.json";
    let Some(rank) = rank(name).or(launches.then_some(4)) else { return };
    let Some(text) = source.text(file) else { return };
    let Some(json) = relaxed_json(&text) else { return };
    if launches {
        // A launch profile stands in `Properties` and sets environment variables.
        let profiles = json.get("profiles").and_then(Value::as_object);
        let folder = folder.strip_suffix("/Properties").unwrap_or(folder);
        for profile in profiles.into_iter().flat_map(|profiles| profiles.values()) {
            for (name, value) in profile.get("environmentVariables").and_then(Value::as_object).into_iter().flatten() {
                if let Some(value) = value.as_str() {
                    settings.add(name, folder, value, Site::new(path, line_of(&text, name, 0)), rank);
                }
            }
        }
        return;
    }
    let mut open = vec![(String::new(), &json, 0, 0)];
    while let Some((prefix, value, line, depth)) = open.pop() {
        let inner = |key: &str| if prefix.is_empty() { key.to_owned() } else { format!("{prefix}:{key}") };
        match value {
            Value::Object(fields) if depth < MAX_DEPTH => {
                open.extend(fields.iter().map(|(key, value)| {
                    (inner(key), value, line_of(&text, key.rsplit(':').next().unwrap_or(key), line), depth + 1)
                }));
            }
            Value::Array(items) if depth < MAX_DEPTH => {
                open.extend(
                    items.iter().enumerate().map(|(at, value)| (inner(&at.to_string()), value, line, depth + 1)),
                );
            }
            Value::String(value) => settings.add(&prefix, folder, value, Site::new(path, line.max(1)), rank),
            Value::Number(value) => {
                settings.add(&prefix, folder, &value.to_string(), Site::new(path, line.max(1)), rank);
            }
            Value::Bool(value) => {
                settings.add(&prefix, folder, &value.to_string(), Site::new(path, line.max(1)), rank);
            }
            _ => {}
        }
    }
}

/// Lower is closer to what runs.
fn rank(name: &str) -> Option<u8> {
    if name == "appsettings.json" {
        return Some(2);
    }
    if name == "secrets.json" || name == "local.settings.json" {
        return Some(3);
    }
    let environment = name.strip_prefix("appsettings.")?.strip_suffix(".json")?;
    Some(match environment.to_ascii_lowercase().as_str() {
        "production" | "docker" => 1,
        "development" | "local" => 3,
        "test" | "testing" => 6,
        _ => 4,
    })
}

/// The first line behind another that says a key.
fn line_of(text: &str, key: &str, behind: u32) -> u32 {
    let quoted = format!("\"{key}\"");
    let from = usize::try_from(behind.saturating_sub(1)).unwrap_or(0);
    let at = text.lines().skip(from).position(|line| line.contains(&quoted));
    at.and_then(|at| u32::try_from(at + from + 1).ok()).unwrap_or(behind.max(1))
}
