//! A small healthy service in a folder of its own, to which a test adds what is wrong.

use crate::runner::{list, text, weir};
use serde_json::Value;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What the healthy part sends to.
const CHANNEL: &str = "orders";

const PACKAGE: &str = r#"{ "name": "shop", "scripts": { "start": "node ." }, "dependencies": { "kafkajs": "2.2.4" } }"#;

const ORDERS: &str = "import { Kafka } from 'kafkajs';
const producer = new Kafka({ brokers: ['localhost:9092'] }).producer();
export async function placed(id: string): Promise<void> {
  await producer.send({ topic: 'orders', messages: [{ key: id, value: JSON.stringify({ type: 'OrderPlaced', id }) }] });
}
";

/// A library of every language, so that a file is read as a tree although nothing known stands in it.
const PACK: &str = "library: deepbus
kind: messaging
languages: [typescript, javascript, python, go, rust, java, kotlin, csharp]
when: { import: [deepbus] }
broker: kafka
facts:
  - match: publish
    emit: { send: $0, kind: topic }
";

/// A project on disk that goes away with the test.
pub(crate) struct Project {
    folder: TempDir,
}

/// What weir says of a project, as JSON.
pub(crate) struct Map(pub(crate) Value);

impl Project {
    /// Nothing at all.
    pub(crate) fn empty() -> Project {
        Project { folder: TempDir::new().expect("a folder for the project") }
    }

    /// One service that sends to `orders`.
    pub(crate) fn healthy() -> Project {
        let project = Project::empty();
        project.file("package.json", PACKAGE).file("src/orders.ts", ORDERS);
        project
    }

    /// The same, with a pack under which every file that imports `deepbus` is read.
    pub(crate) fn with_pack() -> Project {
        let project = Project::healthy();
        project.file(".weir/packs/deepbus.yaml", PACK);
        project
    }

    /// The folder.
    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// A path below the folder.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// Writes a file.
    pub(crate) fn file(&self, path: &str, content: impl AsRef<[u8]>) -> &Project {
        let path = self.path(path);
        let folder = path.parent().expect("a file stands in a folder");
        std::fs::create_dir_all(folder).expect("the folder can be made");
        std::fs::write(&path, content).expect("the file can be written");
        self
    }

    /// Makes a link.
    #[cfg(unix)]
    pub(crate) fn link(&self, path: &str, target: impl AsRef<Path>) -> &Project {
        std::os::unix::fs::symlink(target, self.path(path)).expect("the link can be made");
        self
    }

    /// The map, however it came out.
    pub(crate) fn map(&self) -> Map {
        let args = ["discover", "--format", "json", "--no-cache"].map(std::ffi::OsString::from);
        let run = weir(args.into_iter().chain([self.root().into()])).succeed();
        Map(run.json())
    }

    /// The map; what is healthy must be in it.
    pub(crate) fn still_mapped(&self) -> Map {
        let map = self.map();
        assert!(map.channels().contains(&CHANNEL), "the healthy part is lost: {:?}", map.channels());
        map
    }
}

impl Map {
    /// The channels of all operations.
    pub(crate) fn channels(&self) -> Vec<&str> {
        list(&self.0, "operations").iter().map(|operation| text(operation, "channel")).collect()
    }

    /// Why a file was left out.
    pub(crate) fn skipped(&self, file: &str) -> Option<&str> {
        let skipped = list(&self.0["coverage"], "skipped");
        skipped.iter().find(|entry| text(entry, "file") == file).map(|entry| text(entry, "what"))
    }

    /// That this file and no other was left out, for this reason.
    pub(crate) fn skips_only(&self, file: &str, reason: &str) {
        let skipped = list(&self.0["coverage"], "skipped");
        let why = self.skipped(file).unwrap_or_else(|| panic!("{file} is not left out: {skipped:?}"));
        assert!(why.contains(reason), "{file} is left out because {why}");
        assert_eq!(skipped.len(), 1, "{skipped:?}");
    }

    /// That nothing was left out.
    pub(crate) fn skips_nothing(&self) {
        assert_eq!(list(&self.0["coverage"], "skipped"), &[] as &[Value]);
    }

    /// How many files of a language were read as trees.
    pub(crate) fn parsed(&self, language: &str) -> u64 {
        self.0["coverage"]["languages"][language]["parsed"].as_u64().unwrap_or(0)
    }
}
