//! Infrastructure files: compose services and their images and environments, package manifests and lock files.

use super::PackIndex;
use crate::packs::PackKind;
use crate::source::{FileId, Source};
use crate::world::{Settings, join};
use crate::yaml::{get, line, load, text_of};
use saphyr::YamlData;
use std::collections::BTreeMap;
use std::sync::Arc;
use weir_facts::{BrokerFact, Evidence, Fact, Site, StoreFact};

/// Container images by what runs in them: image name part to kind, and whether it is a broker or a store.
const IMAGES: &[(&str, &str, bool)] = &[
    ("cp-kafka", "kafka", true),
    ("cp-server", "kafka", true),
    ("kafka", "kafka", true),
    ("redpanda", "kafka", true),
    ("rabbitmq", "rabbitmq", true),
    ("elasticmq", "sqs", true),
    ("nats-streaming", "nats", true),
    ("nats", "nats", true),
    ("pulsar", "pulsar", true),
    ("postgres", "postgres", false),
    ("mysql", "mysql", false),
    ("mariadb", "mysql", false),
    ("mongo", "mongodb", false),
    ("redis", "redis", false),
];

/// Image names that only look at a broker.
const TOOLS: &[&str] = &[
    "ui",
    "akhq",
    "kafdrop",
    "exporter",
    "connect",
    "schema-registry",
    "rest",
    "box",
    "cli",
    "init",
    "manager",
    "express",
    "commander",
    "control-center",
    "kowl",
    "console",
    "surveyor",
];

/// The entry point of a compose service with its arguments.
fn command(service: &saphyr::MarkedYaml<'_>) -> Option<String> {
    let words =
        ["entrypoint", "command"].into_iter().filter_map(|key| get(service, key)).flat_map(|node| match &node.data {
            YamlData::Sequence(words) => words.iter().filter_map(text_of).collect(),
            _ => text_of(node).into_iter().collect::<Vec<_>>(),
        });
    let words: Vec<String> = words.collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// What the compose files say.
#[derive(Debug, Default)]
pub(crate) struct Compose {
    pub(crate) units: Vec<ComposeUnit>,
}

/// One compose service.
#[derive(Debug)]
pub(crate) struct ComposeUnit {
    pub(crate) name: String,
    pub(crate) image: Option<String>,
    /// Build context as a folder of the program.
    pub(crate) context: Option<String>,
    pub(crate) dockerfile: Option<String>,
    pub(crate) environment: Vec<(String, String, Site)>,
    /// What it runs, its words one after the other.
    pub(crate) command: Option<String>,
    pub(crate) site: Site,
}

impl Compose {
    pub(crate) fn read(source: &dyn Source) -> Compose {
        let mut compose = Compose::default();
        for (at, path) in source.paths().iter().enumerate() {
            let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
            let lower = name.to_ascii_lowercase();
            let yaml = lower.ends_with(".yml") || lower.ends_with(".yaml");
            if !yaml || !(lower.contains("compose") || lower.starts_with("docker")) {
                continue;
            }
            let file = FileId(u32::try_from(at).unwrap_or(u32::MAX));
            if let Some(text) = source.text(file)
                && let Err(why) = compose.file(path, folder, &text)
            {
                source.left_out(file, &why);
            }
        }
        compose
    }

    fn file(&mut self, path: &str, folder: &str, text: &str) -> Result<(), String> {
        let documents = load(text)?;
        for document in &documents {
            let Some(services) = get(document, "services") else {
                continue;
            };
            let YamlData::Mapping(services) = &services.data else {
                continue;
            };
            for (key, service) in services {
                let Some(name) = text_of(key) else { continue };
                let site = Site::new(path, line(key));
                let build = get(service, "build");
                let context =
                    build.and_then(|build| text_of(build).or_else(|| get(build, "context").and_then(text_of)));
                let dockerfile = build.and_then(|build| get(build, "dockerfile")).and_then(text_of);
                let context = context.map(|context| join(folder, &context));
                let dockerfile = dockerfile.map(|file| join(context.as_deref().unwrap_or(folder), &file));
                let mut environment = Vec::new();
                match get(service, "environment").map(|node| &node.data) {
                    Some(YamlData::Mapping(entries)) => {
                        for (key, value) in entries {
                            if let (Some(name), Some(value)) = (text_of(key), text_of(value)) {
                                environment.push((name, value, Site::new(path, line(key))));
                            }
                        }
                    }
                    Some(YamlData::Sequence(entries)) => {
                        for entry in entries {
                            if let Some((name, value)) =
                                text_of(entry).as_deref().and_then(|entry| entry.split_once('='))
                            {
                                environment.push((name.to_owned(), value.to_owned(), Site::new(path, line(entry))));
                            }
                        }
                    }
                    _ => {}
                }
                let image = get(service, "image").and_then(text_of);
                self.units.push(ComposeUnit {
                    name,
                    image,
                    context,
                    dockerfile,
                    environment,
                    command: command(service),
                    site,
                });
            }
        }
        Ok(())
    }

    /// Hands the environments to the settings of the folders that the services are built from.
    pub(crate) fn settings(&self, settings: &mut Settings) {
        for unit in &self.units {
            let Some(folder) = &unit.context else {
                continue;
            };
            for (name, value, site) in &unit.environment {
                let value = substituted(value);
                settings.add(name, folder, &value, site.clone(), 2);
            }
        }
    }

    /// Brokers and stores that run as containers.
    pub(crate) fn facts(&self, facts: &mut Vec<Fact>) {
        for unit in &self.units {
            let Some(image) = unit.image.as_deref().map(with_defaults) else { continue };
            let (path, tag) = image.rsplit_once(':').filter(|(_, tag)| !tag.contains('/')).unwrap_or((&image, ""));
            let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
            if TOOLS.iter().any(|tool| name.contains(tool)) && !name.starts_with("rabbitmq") {
                continue;
            }
            let Some((_, kind, broker)) = IMAGES.iter().find(|(part, ..)| name.contains(part)) else {
                continue;
            };
            let evidence = Evidence { site: unit.site.clone(), what: format!("compose: {image}") };
            let version: Option<String> = Some(tag.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect())
                .filter(|version: &String| !version.is_empty());
            facts.push(if *broker {
                Fact::Broker(BrokerFact { kind: (*kind).to_owned(), version, evidence, proves: true })
            } else {
                Fact::Store(StoreFact { name: unit.name.clone(), kind: (*kind).to_owned(), evidence })
            });
        }
    }
}

/// `${NAME:-default}` as compose fills it in.
fn substituted(value: &str) -> String {
    match value.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')) {
        Some(inner) => inner
            .split_once(":-")
            .or_else(|| inner.split_once('-'))
            .map_or(String::new(), |(_, default)| default.to_owned()),
        None => value.to_owned(),
    }
}

/// A text in which compose fills in variables, each at its default.
fn with_defaults(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(from) = rest.find("${") {
        let Some(length) = rest[from..].find('}') else { break };
        out.push_str(&rest[..from]);
        out.push_str(&substituted(&rest[from..=from + length]));
        rest = &rest[from + length + 1..];
    }
    out + rest
}

/// Messaging libraries named in package manifests, with the version that a lock file fixes.
pub(crate) fn manifests(source: &dyn Source, packs: &PackIndex<'_>, facts: &mut Vec<Fact>) {
    let mut libraries: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    for pack in packs.packs.iter().filter(|pack| pack.kind == PackKind::Messaging) {
        let Some(broker) = &pack.broker else { continue };
        let names = if pack.manifest.is_empty() { &pack.when.import } else { &pack.manifest };
        for name in names {
            libraries.entry(name).or_insert((broker, &pack.library));
        }
    }
    let mut locks = Locks::default();
    for (at, path) in source.paths().iter().enumerate() {
        if path.rsplit('/').next() != Some("package.json") {
            continue;
        }
        let Some(text) = source.text(FileId(u32::try_from(at).unwrap_or(u32::MAX))) else {
            continue;
        };
        let Ok(json) = serde_json::from_str::<serde_json::Value>(&text) else {
            continue;
        };
        for section in ["dependencies", "devDependencies", "peerDependencies"] {
            let Some(dependencies) = json.get(section).and_then(|section| section.as_object()) else {
                continue;
            };
            for (name, range) in dependencies {
                let Some((broker, library)) = libraries.get(name.as_str()) else {
                    continue;
                };
                let needle = format!("\"{name}\"");
                let line = text.lines().position(|line| line.contains(&needle)).map_or(1, |at| at + 1);
                let range = range.as_str().unwrap_or_default();
                let version = locked(source, &mut locks, path, name)
                    .unwrap_or_else(|| range.trim_start_matches(['^', '~', '=', '>', 'v', ' ']).to_owned());
                facts.push(Fact::Broker(BrokerFact {
                    kind: (*broker).to_owned(),
                    version: None,
                    evidence: Evidence {
                        site: Site::new(path.clone(), u32::try_from(line).unwrap_or(1)),
                        what: format!("{library} {version}"),
                    },
                    proves: false,
                }));
            }
        }
    }
}

/// Lock files by path, which many manifests ask.
type Locks = BTreeMap<String, Option<Arc<str>>>;

/// The version that the nearest lock file fixes.
fn locked(source: &dyn Source, locks: &mut Locks, manifest: &str, name: &str) -> Option<String> {
    let mut folder = manifest.rsplit_once('/').map_or("", |(folder, _)| folder);
    loop {
        let at = if folder.is_empty() { "package-lock.json".to_owned() } else { format!("{folder}/package-lock.json") };
        let text = locks.entry(at).or_insert_with_key(|at| source.find(at).and_then(|file| source.text(file)));
        if let Some(text) = text {
            // Lock files are long and regular: the entry's own `version` line follows its key.
            for key in [format!("\"node_modules/{name}\": {{"), format!("\"{name}\": {{")] {
                if let Some(found) = text.find(&key) {
                    let rest: String = text[found..].chars().take(400).collect();
                    let version = rest.split("\"version\": \"").nth(1).and_then(|rest| rest.split('"').next());
                    if let Some(version) = version {
                        return Some(version.to_owned());
                    }
                }
            }
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder.rsplit_once('/').map_or("", |(folder, _)| folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What compose files with these images say, as `kind version` and whether it is a broker that runs.
    fn running(images: &[&str]) -> Vec<(String, bool)> {
        let services: String =
            images.iter().enumerate().map(|(at, image)| format!("  s{at}:\n    image: {image}\n")).collect();
        let mut compose = Compose::default();
        compose.file("compose.yml", "", &format!("services:\n{services}")).expect("compose is read");
        let mut facts = Vec::new();
        compose.facts(&mut facts);
        facts
            .into_iter()
            .filter_map(|fact| match fact {
                Fact::Broker(fact) => {
                    Some((format!("{} {}", fact.kind, fact.version.unwrap_or_default()), fact.proves))
                }
                Fact::Store(fact) => Some((fact.kind, false)),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_container_proves_its_broker() {
        for (image, said) in [
            ("rabbitmq:3-management", "rabbitmq 3"),
            ("confluentinc/cp-kafka:7.6.1", "kafka 7.6.1"),
            ("nats:2.10-alpine", "nats 2.10"),
            ("registry:5000/team/rabbitmq", "rabbitmq "),
            ("\"confluentinc/cp-kafka:${TAG:-7.6.0}\"", "kafka 7.6.0"),
            ("\"${REGISTRY:-docker.io}/nats:${NATS_VERSION}\"", "nats "),
        ] {
            assert_eq!(running(&[image]), [(said.to_owned(), true)], "{image}");
        }
    }

    #[test]
    fn stores_and_tools_are_no_brokers() {
        assert_eq!(running(&["redis:7", "postgres:16"]), [("redis".to_owned(), false), ("postgres".to_owned(), false)]);
        assert_eq!(
            running(&["provectuslabs/kafka-ui:latest", "natsio/nats-box", "${BROKEN", "bitnami/kafka-exporter"]),
            []
        );
    }
}
