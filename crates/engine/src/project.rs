//! A project on disk: which files it has, what they say, and their trees, each made once and on demand.

use crate::skip::{self, Skipped};
use aho_corasick::AhoCorasick;
use rayon::prelude::*;
use smol_str::SmolStr;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use weir_extract::packs::Packs;
use weir_extract::{FileId, Source};
use weir_facts::{Coverage, Evidence, LanguageCoverage, Site};
use weir_syntax::{Language, Tree};

/// Source files beyond this size are generated or bundled; their text says nothing a person wrote.
const MAX_SOURCE: u64 = 2 << 20;
/// Configuration beyond this size is data.
const MAX_TEXT: u64 = 8 << 20;

/// One file.
struct Entry {
    language: Option<Language>,
    size: u64,
    tree: OnceLock<Option<Arc<Tree>>>,
}

/// The project.
pub(crate) struct Project {
    root: PathBuf,
    paths: Vec<SmolStr>,
    entries: Vec<Entry>,
    /// What the prefilter looks for; without it every file is a candidate.
    literals: Option<AhoCorasick>,
    candidates: OnceLock<Vec<FileId>>,
    skipped: Mutex<BTreeMap<SmolStr, String>>,
}

impl Project {
    /// Walks the folder; nothing is read yet.
    pub(crate) fn open(root: &Path, packs: &Packs) -> Project {
        let mut found = skip::walk(root);
        found.files.sort();
        let literals = AhoCorasick::new(literals(packs)).ok();
        let entries = found
            .files
            .iter()
            .map(|(path, size)| Entry { language: Language::of_path(path), size: *size, tree: OnceLock::new() })
            .collect();
        let skipped = found.skipped.into_iter().map(|Skipped { path, why }| (path, why)).collect();
        Project {
            root: root.to_path_buf(),
            paths: found.files.into_iter().map(|(path, _)| path).collect(),
            entries,
            literals,
            candidates: OnceLock::new(),
            skipped: Mutex::new(skipped),
        }
    }

    /// How many files were walked.
    pub(crate) fn files(&self) -> usize {
        self.paths.len()
    }

    fn entry(&self, file: FileId) -> Option<&Entry> {
        self.entries.get(file.0 as usize)
    }

    fn skip(&self, file: FileId, why: impl Into<String>) {
        if let (Some(path), Ok(mut skipped)) = (self.paths.get(file.0 as usize), self.skipped.lock()) {
            skipped.insert(path.clone(), why.into());
        }
    }

    fn bytes(&self, file: FileId, limit: u64) -> Option<Vec<u8>> {
        let entry = self.entry(file)?;
        if entry.size > limit {
            self.skip(file, format!("larger than {} MB", limit >> 20));
            return None;
        }
        match std::fs::read(self.root.join(self.paths[file.0 as usize].as_str())) {
            Ok(bytes) => Some(bytes),
            Err(error) => {
                self.skip(file, format!("cannot be read: {error}"));
                None
            }
        }
    }

    /// The bytes of a source file that a person may have written.
    fn source_bytes(&self, file: FileId) -> Option<Vec<u8>> {
        let bytes = self.bytes(file, MAX_SOURCE)?;
        match skip::unfit(&bytes) {
            Some(why) => {
                self.skip(file, why);
                None
            }
            None => Some(bytes),
        }
    }

    fn sources(&self) -> Vec<FileId> {
        let ids = (0..self.entries.len()).filter(|at| self.entries[*at].language.is_some());
        ids.filter_map(|at| u32::try_from(at).ok()).map(FileId).collect()
    }

    fn lower(&self, file: FileId) -> Option<Arc<Tree>> {
        let language = self.entry(file)?.language?;
        let bytes = self.source_bytes(file)?;
        // A panic in a grammar or a lowering is a bug; it costs this file and says so.
        match std::panic::catch_unwind(|| weir_syntax::lower(language, &bytes)) {
            Ok(tree) => Some(Arc::new(tree)),
            Err(_) => {
                self.skip(file, "weir failed on it; please report this file");
                None
            }
        }
    }

    /// What could be seen.
    pub(crate) fn coverage(&self) -> Coverage {
        let mut languages: BTreeMap<String, LanguageCoverage> = BTreeMap::new();
        let mut bytes: BTreeMap<String, (u64, u64)> = BTreeMap::new();
        for entry in &self.entries {
            let Some(language) = entry.language else {
                continue;
            };
            let of = languages.entry(language.name().to_owned()).or_default();
            of.seen += 1;
            if let Some(Some(tree)) = entry.tree.get() {
                of.parsed += 1;
                let sum = bytes.entry(language.name().to_owned()).or_default();
                sum.0 += u64::from(tree.total_bytes);
                sum.1 += u64::from(tree.broken_bytes.min(tree.total_bytes));
            }
        }
        for (name, (total, broken)) in bytes {
            if let Some(of) = languages.get_mut(&name) {
                let clean = if total == 0 { 1000 } else { (total - broken) * 1000 / total };
                of.clean_permille = u32::try_from(clean).unwrap_or(0);
            }
        }
        let skipped = self.skipped.lock().map(|skipped| skipped.clone()).unwrap_or_default();
        let skipped = skipped.into_iter().map(|(path, what)| Evidence { site: Site::new(path, 1), what }).collect();
        Coverage { languages, skipped, messaging_calls: 0, resolved_calls: 0 }
    }
}

/// What the prefilter looks for: the literals of the messaging packs.
pub fn literals(packs: &Packs) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for pack in packs.packs.iter().filter(|pack| pack.kind == weir_extract::packs::PackKind::Messaging) {
        let own = if pack.literals.is_empty() { &pack.when.import } else { &pack.literals };
        words.extend(own.iter().map(ToString::to_string));
    }
    words.sort();
    words.dedup();
    words
}

impl Source for Project {
    fn paths(&self) -> &[SmolStr] {
        &self.paths
    }

    fn tree(&self, file: FileId) -> Option<Arc<Tree>> {
        self.entry(file)?.tree.get_or_init(|| self.lower(file)).clone()
    }

    fn text(&self, file: FileId) -> Option<Arc<str>> {
        let bytes = self.bytes(file, MAX_TEXT)?;
        Some(Arc::from(String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn candidates(&self) -> Vec<FileId> {
        let candidates = self.candidates.get_or_init(|| {
            let hit = |file: &FileId| self.source_bytes(*file).is_some_and(|bytes| self.literals.as_ref().is_none_or(|literals| literals.is_match(&bytes)));
            self.sources().into_par_iter().filter(hit).collect()
        });
        candidates.clone()
    }

    fn mentioning(&self, words: &[SmolStr]) -> Vec<FileId> {
        let Ok(automaton) = AhoCorasick::new(words.iter().map(SmolStr::as_str)) else {
            return Vec::new();
        };
        let hit = |file: &FileId| {
            let Some(bytes) = self.source_bytes(*file) else {
                return false;
            };
            automaton.find_overlapping_iter(&bytes).any(|found| {
                let before = found.start().checked_sub(1).and_then(|at| bytes.get(at));
                let after = bytes.get(found.end());
                !before.is_some_and(|byte| word(*byte)) && !after.is_some_and(|byte| word(*byte))
            })
        };
        self.sources().into_par_iter().filter(hit).collect()
    }

    fn prefetch(&self, files: &[FileId]) {
        files.par_iter().for_each(|file| {
            self.tree(*file);
        });
    }
}

fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
