//! What the fuzz targets do with their bytes. Each asks one promise: hostile input costs itself only.

use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};
use weir_extract::packs::{self, Packs};
use weir_extract::{FileId, Mention, Source, flowfile};
use weir_syntax::{Language, Tree};

/// Lowers and prints; the tree must own exactly the bytes it was given.
pub fn lower(language: Language, bytes: &[u8]) {
    let tree = weir_syntax::lower(language, bytes);
    assert_eq!(tree.total_bytes as usize, bytes.len());
    weir_syntax::print(&tree);
}

/// Reads a flow file; a refusal must give its reasons.
pub fn flow_file(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Err(errors) = flowfile::read("fuzz.yaml", text) {
        assert!(!errors.is_empty(), "refused without a reason");
    }
}

/// Reads a pack and runs it over a small program, for what the check lets through must also match.
pub fn pack(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(pack) = packs::parse("fuzz.yaml", text) {
        let project = Project::new([("package.json", MANIFEST), ("index.ts", PROGRAM)]);
        weir_extract::extract(&project, &Packs { packs: vec![pack], fingerprint: 0 });
    }
}

/// Gives the bytes to every reader of configuration, beside a program that asks for the values.
pub fn settings(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let mut files = vec![("index.ts", PROGRAM)];
    files.extend(CONFIGURATION.map(|path| (path, text)));
    weir_extract::extract(&Project::new(files), known());
}

/// Extracts from the bytes as a program.
pub fn program(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    weir_extract::extract(&Project::new([("package.json", MANIFEST), ("index.ts", text)]), known());
}

/// The packs of the program, read once.
fn known() -> &'static Packs {
    static PACKS: LazyLock<Packs> = LazyLock::new(packs::builtin);
    &PACKS
}

/// A path for each reader; sorted or not, [`Project::new`] sorts.
const CONFIGURATION: [&str; 9] = [
    ".env",
    "Dockerfile",
    "docker-compose.yml",
    "inner/.env.production",
    "inner/package.json",
    "nest-cli.json",
    "package-lock.json",
    "package.json",
    "tsconfig.json",
];

const MANIFEST: &str = r#"{ "name": "orders", "dependencies": { "kafkajs": "2.2.4", "amqplib": "0.10.4" } }"#;

/// A program that follows names through configuration, defaults and a wrapper.
const PROGRAM: &str = r#"
import { Kafka } from "kafkajs";
import { connect } from "amqplib";
const kafka = new Kafka({ brokers: [process.env.BROKER ?? "localhost:9092"] });
const topic = process.env.TOPIC || "orders";
async function publish(to: string, value: unknown) {
  await kafka.producer().send({ topic: to, messages: [{ value: JSON.stringify(value) }] });
}
export async function main() {
  await publish(topic, { id: 1 });
  await publish(`${process.env.PREFIX}.created`, { id: 2 });
  const channel = await (await connect(process.env.AMQP_URL)).createChannel();
  await channel.assertQueue(process.env.QUEUE, { durable: true });
  channel.consume(process.env.QUEUE, (message) => channel.ack(message));
}
"#;

/// A project in memory.
struct Project {
    paths: Vec<SmolStr>,
    texts: Vec<Arc<str>>,
}

impl Project {
    fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Project {
        let mut files: Vec<_> = files.into_iter().collect();
        files.sort_unstable();
        let paths = files.iter().map(|(path, _)| SmolStr::new(path)).collect();
        Project { paths, texts: files.into_iter().map(|(_, text)| Arc::from(text)).collect() }
    }

    fn sources(&self) -> Vec<FileId> {
        let ids = (0..self.paths.len()).filter(|at| Language::of_path(&self.paths[*at]).is_some());
        ids.filter_map(|at| u32::try_from(at).ok()).map(FileId).collect()
    }
}

impl Source for Project {
    fn paths(&self) -> &[SmolStr] {
        &self.paths
    }

    fn tree(&self, file: FileId) -> Option<Arc<Tree>> {
        let language = Language::of_path(self.paths.get(file.0 as usize)?)?;
        Some(Arc::new(weir_syntax::lower(language, self.texts[file.0 as usize].as_bytes())))
    }

    fn text(&self, file: FileId) -> Option<Arc<str>> {
        self.texts.get(file.0 as usize).cloned()
    }

    fn left_out(&self, _: FileId, _: &str) {}

    fn candidates(&self) -> Vec<FileId> {
        self.sources()
    }

    fn said(&self, words: &BTreeSet<SmolStr>) -> BTreeSet<SmolStr> {
        let said = |word: &&SmolStr| self.texts.iter().any(|text| text.contains(word.as_str()));
        words.iter().filter(said).cloned().collect()
    }

    fn mentioning(&self, mentions: &[Mention]) -> Vec<FileId> {
        let says = |file: FileId, word: &str| self.texts[file.0 as usize].contains(word);
        let meets = |file: FileId, mention: &Mention| {
            says(file, &mention.word) && (mention.with.is_empty() || mention.with.iter().any(|word| says(file, word)))
        };
        let named = |file: &FileId| mentions.iter().any(|mention| meets(*file, mention));
        self.sources().into_iter().filter(named).collect()
    }

    fn may_export(&self, _: FileId, _: &str) -> bool {
        true
    }

    fn namespace(&self, file: FileId) -> Option<&str> {
        Language::of_path(self.paths.get(file.0 as usize)?).map(|_| "")
    }

    fn says(&self, file: FileId, word: &str) -> bool {
        self.texts[file.0 as usize].contains(word)
    }

    fn may_declare_type(&self, _: FileId, _: &str) -> bool {
        true
    }

    fn prefetch(&self, _: &[FileId]) {}
}
