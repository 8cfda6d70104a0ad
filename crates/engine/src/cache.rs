//! What a run leaves behind for the next one: local halves by file, and the facts of a project in which nothing changed.
//!
//! A file counts as unchanged when its size and its time of change are the same, as git does it; a file that changed
//! while the run began is not kept, because its time could stay the same. The cache is only ever a shortcut: whatever
//! cannot be read, is cut off, or comes from another weir is as if it were not there.

use crate::local::Local;
use rustc_hash::FxHasher;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;
use std::hash::{Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use weir_extract::Extraction;
use weir_facts::Coverage;

/// Changes with the layout of the files below.
const FORMAT: u32 = 5;
const MAGIC: &[u8; 8] = b"weir\x00loc";
const FACTS: &[u8; 8] = b"weir\x00fct";
/// The kind of the file, what made it, the sum and the length of its body.
const HEAD: usize = 32;
/// Clocks of file systems are coarse: a change this close to the start of a run may not show in a file's time.
const COARSE: Duration = Duration::from_millis(100);
/// Folders of projects that were not looked at for this long are removed.
const STALE: Duration = Duration::from_secs(60 * 24 * 3600);

/// How a file looked when it was walked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Look {
    pub(crate) path: SmolStr,
    pub(crate) size: u64,
    /// Nanoseconds since 1970; 0 when the system does not tell.
    pub(crate) changed: u64,
}

/// One file of the local halves.
#[derive(Serialize, Deserialize)]
struct Stored {
    look: Look,
    local: Local,
    /// Where its lowered tree lies behind the table, how long it is, and its sum.
    tree: Option<(u64, u64, u64)>,
}

/// A file handed to [`Cache::keep`].
pub(crate) struct Kept {
    pub(crate) look: Look,
    pub(crate) local: Local,
    pub(crate) tree: Option<Vec<u8>>,
}

/// The facts of a whole project.
#[derive(Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) extraction: Extraction,
    pub(crate) coverage: Coverage,
}

/// The folder of one project in the user's cache.
pub(crate) struct Cache {
    folder: PathBuf,
    stamp: u64,
    begun: u64,
}

/// The local halves of an earlier run.
#[derive(Default)]
pub(crate) struct Halves {
    bytes: Vec<u8>,
    /// Where the trees begin.
    trees: usize,
    files: Vec<Stored>,
}

impl Halves {
    /// What is known of a file that still looks like this.
    pub(crate) fn get(&self, look: &Look) -> Option<(&Local, Option<&[u8]>)> {
        let at = self.files.binary_search_by(|stored| stored.look.path.cmp(&look.path)).ok()?;
        let stored = &self.files[at];
        if stored.look != *look || look.changed == 0 {
            return None;
        }
        let tree = stored.tree.and_then(|(start, length, known)| {
            let start = self.trees.checked_add(usize::try_from(start).ok()?)?;
            let bytes = self.bytes.get(start..start.checked_add(usize::try_from(length).ok()?)?)?;
            (sum(bytes) == known).then_some(bytes)
        });
        Some((&stored.local, tree))
    }
}

impl Cache {
    /// The cache of the project at `root` below `folder`; `packs` stands for the knowledge the run uses.
    pub(crate) fn open(folder: &Path, root: &Path, packs: &impl Hash) -> Option<Cache> {
        let root = std::fs::canonicalize(root).ok()?;
        let name = hash_of(&root.as_os_str().as_encoded_bytes());
        let program = std::env::current_exe().ok().and_then(|path| std::fs::metadata(path).ok());
        let program = program.map(|metadata| (metadata.len(), nanos(metadata.modified().ok())));
        let stamp = hash_of(&(FORMAT, env!("CARGO_PKG_VERSION"), program, packs));
        let begun = nanos(Some(SystemTime::now()));
        Some(Cache { folder: folder.join(format!("{name:016x}")), stamp, begun })
    }

    /// True when a change of the file during this run would show in its time.
    pub(crate) fn settled(&self, look: &Look) -> bool {
        let coarse = u64::try_from(COARSE.as_nanos()).unwrap_or(u64::MAX);
        look.changed != 0 && look.changed.saturating_add(coarse) < self.begun
    }

    /// The local halves of the last run.
    pub(crate) fn halves(&self) -> Halves {
        let halves = self.read("local.bin", MAGIC).and_then(|(bytes, trees)| {
            let files = postcard::from_bytes(&bytes[HEAD..trees]).ok()?;
            Some(Halves { bytes, trees, files })
        });
        halves.unwrap_or_default()
    }

    /// Keeps local halves; `kept` is sorted by path. Fails in silence: the next run is slower and nothing else.
    pub(crate) fn keep(&self, kept: Vec<Kept>) {
        let mut trees = Vec::new();
        let mut files = Vec::with_capacity(kept.len());
        let mut end = 0;
        for file in kept {
            let tree = file.tree.map(|bytes| {
                let (start, length, sum) = (end, bytes.len() as u64, sum(&bytes));
                end += length;
                trees.push(bytes);
                (start, length, sum)
            });
            files.push(Stored { look: file.look, local: file.local, tree });
        }
        let Ok(table) = postcard::to_stdvec(&files) else { return };
        self.write("local.bin", MAGIC, &table, &trees);
    }

    /// The facts of a run over exactly these files.
    pub(crate) fn answer(&self, project: u64) -> Option<Answer> {
        let (bytes, end) = self.read("facts.bin", FACTS)?;
        let (known, json) = bytes[HEAD..end].split_first_chunk::<8>()?;
        if u64::from_le_bytes(*known) != project {
            return None;
        }
        serde_json::from_slice(json).ok()
    }

    /// Keeps the facts of a run over exactly these files.
    pub(crate) fn keep_answer(&self, project: u64, answer: &Answer) {
        // Facts are tagged by name, which only a self-describing format can hold.
        let Ok(json) = serde_json::to_vec(answer) else { return };
        self.write("facts.bin", FACTS, &[&project.to_le_bytes(), json.as_slice()].concat(), &[]);
    }

    /// A file and where its body ends, when the head fits this weir and the body is whole.
    fn read(&self, name: &str, magic: &[u8; 8]) -> Option<(Vec<u8>, usize)> {
        let bytes = std::fs::read(self.folder.join(name)).ok()?;
        let head = bytes.get(..HEAD)?;
        let number = |at: usize| head.get(at..at + 8).and_then(|part| part.try_into().ok()).map(u64::from_le_bytes);
        let end = HEAD.checked_add(usize::try_from(number(24)?).ok()?)?;
        let fits = &head[..8] == magic && number(8)? == self.stamp && number(16)? == sum(bytes.get(HEAD..end)?);
        fits.then_some((bytes, end))
    }

    /// Writes a file: the head, the body that the head vouches for, and what lies behind it and vouches for itself.
    fn write(&self, name: &str, magic: &[u8; 8], body: &[u8], behind: &[Vec<u8>]) {
        let length = body.len() as u64;
        let head =
            [magic.as_slice(), &self.stamp.to_le_bytes(), &sum(body).to_le_bytes(), &length.to_le_bytes()].concat();
        let temporary = self.folder.join(format!("{name}.{}", std::process::id()));
        let put = || -> std::io::Result<()> {
            std::fs::create_dir_all(&self.folder)?;
            // Piece by piece: put together first, it would stand in memory twice.
            let mut file = std::io::BufWriter::new(std::fs::File::create(&temporary)?);
            file.write_all(&head)?;
            file.write_all(body)?;
            behind.iter().try_for_each(|piece| file.write_all(piece))?;
            file.into_inner()?;
            std::fs::rename(&temporary, self.folder.join(name))
        };
        if put().is_err() {
            let _ = std::fs::remove_file(&temporary);
        }
        self.sweep();
    }

    /// Removes the folders of projects nobody looks at any more.
    fn sweep(&self) {
        let Some(entries) = self.folder.parent().and_then(|parent| std::fs::read_dir(parent).ok()) else { return };
        for entry in entries.flatten().filter(|entry| entry.path() != self.folder) {
            let name = entry.file_name();
            let ours = name.len() == 16 && name.as_encoded_bytes().iter().all(u8::is_ascii_hexdigit);
            let used = entry.metadata().and_then(|metadata| metadata.modified()).ok();
            let stale = used.and_then(|used| used.elapsed().ok()).is_some_and(|age| age > STALE);
            if ours && stale {
                let _ = std::fs::remove_dir_all(entry.path());
            }
        }
    }
}

/// A number that stands for the whole project: every file and how it looks.
pub(crate) fn project_key<'l>(looks: impl Iterator<Item = &'l Look>, skipped: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    looks.for_each(|look| look.hash(&mut hasher));
    skipped.hash(&mut hasher);
    hasher.finish()
}

/// When a file was changed last.
pub(crate) fn nanos(time: Option<SystemTime>) -> u64 {
    let since = time.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| u64::try_from(since.as_nanos()).ok()).unwrap_or(0)
}

fn hash_of(value: &impl Hash) -> u64 {
    let mut hasher = FxHasher::default();
    value.hash(&mut hasher);
    hasher.finish()
}

fn sum(bytes: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(bytes);
    hasher.write_usize(bytes.len());
    hasher.finish()
}
