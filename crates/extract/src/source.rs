//! What the link half needs of a project; the engine answers from disk, cache or memory.

use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::sync::Arc;
use weir_syntax::Tree;

/// A file of the project: its index in [`Source::paths`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileId(pub u32);

/// True for a byte of a word: what a [`Source`] tells of words and what is asked of it mean the same.
pub const fn is_word(byte: u8) -> bool {
    byte >= 0x80 || byte.is_ascii_alphanumeric() || byte == b'_'
}

/// What a file must say to be of interest: a word, and with it one of some others unless there are none.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mention {
    /// The word.
    pub word: SmolStr,
    /// One of these must stand in the file as well; empty asks for nothing more.
    pub with: Vec<SmolStr>,
}

impl Mention {
    /// The word alone.
    pub fn of(word: impl Into<SmolStr>) -> Self {
        Mention { word: word.into(), with: Vec::new() }
    }
}

/// A project as the extractor sees it. All answers are deterministic; file ids follow the sorted paths.
pub trait Source: Sync {
    /// Every file below the root that is not ignored, sorted, `/`-separated; a [`FileId`] is an index into it.
    fn paths(&self) -> &[SmolStr];

    /// The file at a path.
    fn find(&self, path: &str) -> Option<FileId> {
        let at = self.paths().binary_search_by(|known| known.as_str().cmp(path)).ok()?;
        u32::try_from(at).ok().map(FileId)
    }

    /// The lowered tree of a source file; `None` for other files and unreadable ones. Lowers on first demand.
    fn tree(&self, file: FileId) -> Option<Arc<Tree>>;

    /// The text of a configuration or manifest file, at most a few megabytes; `None` when unreadable or not text.
    fn text(&self, file: FileId) -> Option<Arc<str>>;

    /// Says that a file was left out, and why: it stands in the coverage.
    fn left_out(&self, file: FileId, why: &str);

    /// Source files that contain at least one of the literals the packs look for, as whole words.
    fn candidates(&self) -> Vec<FileId>;

    /// Which of these words at least one source file may say.
    fn said(&self, words: &BTreeSet<SmolStr>) -> BTreeSet<SmolStr>;

    /// Source files that satisfy at least one of these, in order; words count as whole identifiers only.
    fn mentioning(&self, mentions: &[Mention]) -> Vec<FileId>;

    /// True when a source file may export a name: it says it, or hands on what others export. False only when it surely
    /// does not.
    fn may_export(&self, file: FileId, name: &str) -> bool;

    /// The package or namespace a source file says it belongs to, in languages whose names are found by it; empty
    /// elsewhere, `None` for what is no source file.
    fn namespace(&self, file: FileId) -> Option<&str>;

    /// True when a source file may say a word as a whole identifier; false only when it surely does not.
    fn says(&self, file: FileId, word: &str) -> bool;

    /// True when a file of a language with namespaces may declare a type of this name; false only when it surely does
    /// not.
    fn may_declare_type(&self, file: FileId, name: &str) -> bool;

    /// Lowers these files in parallel, so that later calls of [`Source::tree`] are cheap.
    fn prefetch(&self, files: &[FileId]);

    /// Says that these files may be asked for soon; a source with an idle core lowers them meanwhile. Changes no answer.
    fn expect(&self, _files: &[FileId]) {}
}
