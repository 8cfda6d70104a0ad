//! A project on disk: which files it has, what they say, and their trees, each made once and on demand.

use crate::cache::{self, Answer, Cache, Halves, Kept, Look};
use crate::libraries::Libraries;
use crate::local::{Local, Sought, word_hash};
use crate::skip::{self, Skipped};
use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::string::FromUtf8Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Mutex, OnceLock};
use weir_extract::packs::Packs;
use weir_extract::{FileId, Mention, Source};
use weir_facts::{Coverage, Evidence, LanguageCoverage, Site};
use weir_syntax::{Language, Tree};

/// Source files beyond this size are generated or bundled; their text says nothing a person wrote.
const MAX_SOURCE: u64 = 2 << 20;
/// Configuration beyond this size is data.
const MAX_TEXT: u64 = 8 << 20;
/// Configuration up to this size is kept while a run lasts.
const KEPT_TEXT: u64 = 128 << 10;

thread_local! {
    /// What files are read into that are only looked at.
    static BYTES: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// One file.
struct Entry {
    language: Option<Language>,
    look: Look,
    local: OnceLock<Local>,
    /// The lowered tree, or why there is none.
    tree: OnceLock<Result<Arc<Tree>, String>>,
    /// True once somebody asked for the tree; what is lowered ahead and never asked for counts nowhere.
    asked: AtomicBool,
    /// The text of a configuration file that was asked for.
    text: OnceLock<Option<Arc<str>>>,
}

/// The project.
pub(crate) struct Project {
    root: PathBuf,
    paths: Vec<SmolStr>,
    entries: Vec<Entry>,
    /// Files by their paths, once one was asked for.
    by_path: OnceLock<FxHashMap<SmolStr, FileId>>,
    languages: BTreeSet<Language>,
    /// What the prefilter looks for; without it every file is a candidate.
    sought: OnceLock<Sought>,
    skipped: Mutex<BTreeMap<SmolStr, String>>,
    /// True once a file could not be read; the next run may find it otherwise although nothing changes.
    unread: AtomicBool,
    cache: Option<Cache>,
    /// Stands for the project as it was walked.
    key: u64,
    /// What an earlier run knew of the files.
    halves: OnceLock<Halves>,
    /// Where files go that may be asked for soon, while there is somebody to lower them.
    ahead: Mutex<Option<Sender<FileId>>>,
}

impl Project {
    /// Walks the folder; nothing is read yet.
    pub(crate) fn open(root: &Path, libraries: &Libraries, cache: Option<&Path>) -> Project {
        let mut found = skip::walk(root);
        found.files.sort();
        let languages: BTreeSet<Language> =
            found.files.iter().filter_map(|look| Language::of_path(&look.path)).collect();
        let cache = cache.and_then(|folder| Cache::open(folder, root, &libraries.fingerprint(&languages)));
        let skipped: BTreeMap<SmolStr, String> =
            found.skipped.into_iter().map(|Skipped { path, why }| (path, why)).collect();
        let key = cache::project_key(found.files.iter(), &skipped);
        let paths = found.files.iter().map(|look| look.path.clone()).collect();
        let entry = |look: Look| Entry {
            language: Language::of_path(&look.path),
            look,
            local: OnceLock::new(),
            tree: OnceLock::new(),
            asked: AtomicBool::new(false),
            text: OnceLock::new(),
        };
        Project {
            root: root.to_path_buf(),
            paths,
            entries: found.files.into_iter().map(entry).collect(),
            by_path: OnceLock::new(),
            languages,
            sought: OnceLock::new(),
            skipped: Mutex::new(skipped),
            unread: AtomicBool::new(false),
            cache,
            key,
            halves: OnceLock::new(),
            ahead: Mutex::new(None),
        }
    }

    /// Does some work while a thread of its own looks at every file and lowers those that the work is expected to ask for.
    pub(crate) fn with_ahead<T>(&self, work: impl FnOnce() -> T) -> T {
        let (sender, files) = std::sync::mpsc::channel();
        let done = AtomicBool::new(false);
        let put = |sender| self.ahead.lock().map(|mut ahead| *ahead = sender).is_ok();
        if !put(Some(sender)) {
            return work();
        }
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let looked_at = |file: FileId| !done.load(Ordering::Relaxed) && self.local(file).is_some();
                self.sources().into_iter().take_while(|file| looked_at(*file)).for_each(drop);
                for file in files {
                    if done.load(Ordering::Relaxed) {
                        break;
                    }
                    self.lowered(file);
                }
            });
            let result = work();
            done.store(true, Ordering::Relaxed);
            put(None);
            result
        })
    }

    /// The languages it is written in.
    pub(crate) fn languages(&self) -> &BTreeSet<Language> {
        &self.languages
    }

    /// Says what makes a file a candidate; asked for before the first file is read.
    pub(crate) fn look_for(&self, literals: &[String]) {
        self.sought.get_or_init(|| Sought::new(literals));
    }

    /// The facts of an earlier run, when nothing has changed since.
    pub(crate) fn known(&self) -> Option<Answer> {
        self.cache.as_ref()?.answer(self.key)
    }

    /// Keeps what this run found for the next one.
    pub(crate) fn keep(&self, answer: &Answer) {
        let Some(cache) = &self.cache else { return };
        let passing = |entry: &Entry| entry.local.get().is_some_and(|local| local.passing);
        let settled = |entry: &&Entry| cache.settled(&entry.look) && !passing(entry);
        if !self.unread.load(Ordering::Relaxed) && self.entries.iter().all(|entry| settled(&entry)) {
            cache.keep_answer(self.key, answer);
        }
        let kept = self.entries.par_iter().filter(settled).filter_map(|entry| {
            let local = entry.local.get()?.clone();
            let known = self.halves().get(&entry.look).and_then(|(_, tree)| tree);
            let tree = match (known, entry.tree.get()) {
                (Some(known), _) => Some(known.to_vec()),
                (None, Some(Ok(tree))) => postcard::to_stdvec(tree.as_ref()).ok(),
                (None, _) => None,
            };
            Some(Kept { look: entry.look.clone(), local, tree })
        });
        cache.keep(kept.collect());
    }

    fn halves(&self) -> &Halves {
        self.halves.get_or_init(|| self.cache.as_ref().map(Cache::halves).unwrap_or_default())
    }

    /// What a source file says about itself, from the last run or from its bytes.
    fn local(&self, file: FileId) -> Option<&Local> {
        let entry = self.entry(file)?;
        let local = entry.local.get_or_init(|| match self.halves().get(&entry.look) {
            Some((known, _)) => known.clone(),
            None => BYTES.with_borrow_mut(|bytes| match self.read_into(entry, MAX_SOURCE, bytes) {
                Ok(()) => Local::of(bytes, self.sought.get(), entry.language),
                Err(why) => Local::unreadable(why, entry.look.size <= MAX_SOURCE),
            }),
        });
        if let Some(why) = &local.unfit {
            self.skip(file, why.clone());
        }
        Some(local)
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

    fn read(&self, entry: &Entry, limit: u64) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        self.read_into(entry, limit, &mut bytes).map(|()| bytes)
    }

    fn read_into(&self, entry: &Entry, limit: u64, bytes: &mut Vec<u8>) -> Result<(), String> {
        let size = entry.look.size;
        if size > limit {
            return Err(format!("larger than {} MB", limit >> 20));
        }
        bytes.clear();
        // A byte more shows that a file has grown since it was walked; what lies behind that is read as well.
        bytes.reserve(usize::try_from(size).unwrap_or(0) + 1);
        let file = std::fs::File::open(self.root.join(entry.look.path.as_str()));
        let read = file.and_then(|mut file| file.read_to_end(bytes));
        read.map(drop).map_err(|error| {
            self.unread.store(true, Ordering::Relaxed);
            format!("cannot be read: {error}")
        })
    }

    fn sources(&self) -> Vec<FileId> {
        let ids = (0..self.entries.len()).filter(|at| self.entries[*at].language.is_some());
        ids.filter_map(|at| u32::try_from(at).ok()).map(FileId).collect()
    }

    /// The tree of a source file, made on first demand; `None` for other files.
    fn lowered(&self, file: FileId) -> Option<&Result<Arc<Tree>, String>> {
        let entry = self.entry(file)?;
        let language = entry.language?;
        Some(entry.tree.get_or_init(|| self.lower(file, entry, language)))
    }

    fn lower(&self, file: FileId, entry: &Entry, language: Language) -> Result<Arc<Tree>, String> {
        if let Some(why) = self.local(file).and_then(|local| local.unfit.clone()) {
            return Err(why);
        }
        if let Some((_, Some(tree))) = self.halves().get(&entry.look)
            && let Ok(tree) = postcard::from_bytes(tree)
        {
            return Ok(Arc::new(tree));
        }
        let bytes = self.read(entry, MAX_SOURCE)?;
        // A panic in a grammar or a lowering is a bug; it costs this file and says so.
        std::panic::catch_unwind(|| weir_syntax::lower(language, &bytes))
            .map(Arc::new)
            .map_err(|_| "weir failed on it; please report this file".to_owned())
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
            if let (Some(Ok(tree)), true) = (entry.tree.get(), entry.asked.load(Ordering::Relaxed)) {
                of.parsed += 1;
                let sum = bytes.entry(language.name().to_owned()).or_default();
                sum.0 += u64::from(tree.total_bytes);
                sum.1 += u64::from(tree.broken_bytes.min(tree.total_bytes));
            }
        }
        for (name, (total, broken)) in bytes {
            if let Some(of) = languages.get_mut(&name) {
                let clean = ((total - broken) * 1000).checked_div(total).unwrap_or(1000);
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

    fn find(&self, path: &str) -> Option<FileId> {
        let by_path = self.by_path.get_or_init(|| {
            let ids = (0..).map(FileId);
            self.paths.iter().cloned().zip(ids).collect()
        });
        by_path.get(path).copied()
    }

    fn tree(&self, file: FileId) -> Option<Arc<Tree>> {
        let tree = self.lowered(file)?;
        if !self.entries[file.0 as usize].asked.swap(true, Ordering::Relaxed)
            && let Err(why) = tree
        {
            self.skip(file, why.clone());
        }
        tree.as_ref().ok().cloned()
    }

    fn text(&self, file: FileId) -> Option<Arc<str>> {
        let entry = self.entry(file)?;
        let read = || {
            let bytes = self.read(entry, MAX_TEXT).map_err(|why| self.skip(file, why)).ok()?;
            let lossy = |error: FromUtf8Error| String::from_utf8_lossy(error.as_bytes()).into_owned();
            Some(Arc::from(String::from_utf8(bytes).unwrap_or_else(lossy)))
        };
        // Manifests and settings are asked for by many who look for different things in them.
        if entry.look.size > KEPT_TEXT { read() } else { entry.text.get_or_init(read).clone() }
    }

    fn left_out(&self, file: FileId, why: &str) {
        self.skip(file, why);
    }

    fn candidates(&self) -> Vec<FileId> {
        let hit = |file: &FileId| self.local(*file).is_some_and(|local| local.candidate);
        self.sources().into_par_iter().filter(hit).collect()
    }

    fn said(&self, words: &BTreeSet<SmolStr>) -> BTreeSet<SmolStr> {
        let asked: FxHashSet<u32> = words.iter().map(|word| word_hash(word)).collect();
        let add = |mut said: FxHashSet<u32>, file: FileId| {
            let all = self.local(file).map(Local::words).unwrap_or_default();
            said.extend(all.iter().filter(|word| asked.contains(word)));
            said
        };
        let join = |mut said: FxHashSet<u32>, more: FxHashSet<u32>| {
            said.extend(more);
            said
        };
        let said = self.sources().into_par_iter().fold(FxHashSet::default, add).reduce(FxHashSet::default, join);
        words.iter().filter(|word| said.contains(&word_hash(word))).cloned().collect()
    }

    fn mentioning(&self, mentions: &[Mention]) -> Vec<FileId> {
        let hashes = |words: &[SmolStr]| words.iter().map(|word| word_hash(word)).collect::<Vec<_>>();
        let asked: Vec<(u32, Vec<u32>)> =
            mentions.iter().map(|mention| (word_hash(&mention.word), hashes(&mention.with))).collect();
        let hit = |file: &FileId| {
            self.local(*file).is_some_and(|local| {
                asked.iter().any(|(word, with)| {
                    local.says(*word) && (with.is_empty() || with.iter().any(|other| local.says(*other)))
                })
            })
        };
        self.sources().into_par_iter().filter(hit).collect()
    }

    fn may_export(&self, file: FileId, name: &str) -> bool {
        self.local(file).is_some_and(|local| local.may_export(word_hash(name)))
    }

    fn namespace(&self, file: FileId) -> Option<&str> {
        self.entry(file)?.language?;
        self.local(file).map(|local| local.namespace.as_str())
    }

    fn says(&self, file: FileId, word: &str) -> bool {
        self.local(file).is_some_and(|local| local.says(word_hash(word)))
    }

    fn may_declare_type(&self, file: FileId, name: &str) -> bool {
        self.local(file).is_some_and(|local| local.may_declare_type(word_hash(name)))
    }

    fn prefetch(&self, files: &[FileId]) {
        files.par_iter().for_each(|file| {
            self.tree(*file);
        });
    }

    fn expect(&self, files: &[FileId]) {
        let Ok(ahead) = self.ahead.lock() else { return };
        if let Some(ahead) = ahead.as_ref() {
            // Whoever listens is gone only when nothing is asked for any more.
            files.iter().take_while(|file| ahead.send(**file).is_ok()).for_each(drop);
        }
    }
}
