//! Project in, [`Analysis`] out: the one boundary that commands and servers call.

mod project;
mod skip;

use project::Project;
use std::path::{Path, PathBuf};
use weir_extract::packs::{self, Packs};
use weir_facts::Certainty;
use weir_model::{Context, FlowModel};

/// What to analyse and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Folder of the project.
    pub root: PathBuf,
    /// Threads; `None` uses every core.
    pub jobs: Option<usize>,
    /// Only operations of this broker kind.
    pub broker: Option<String>,
    /// Least sure operations that are kept.
    pub certainty: Certainty,
}

impl Options {
    /// The defaults for a folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Options { root: root.into(), jobs: None, broker: None, certainty: Certainty::Likely }
    }
}

/// Why an analysis could not start.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The path does not exist or cannot be opened.
    #[error("cannot read {path}: {why}\n  weir needs a folder with source code; check the path and its permissions")]
    Unreadable {
        /// The path as given.
        path: String,
        /// The system's reason.
        why: String,
    },
    /// The thread pool could not be made.
    #[error("cannot start {0} threads; try a smaller --jobs")]
    Threads(usize),
}

/// What an analysis yields.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The flow model.
    pub model: FlowModel,
    /// Packs of the project that could not be read.
    pub pack_errors: Vec<String>,
}

/// Analyses a project.
pub fn analyse(options: &Options) -> Result<Analysis, EngineError> {
    let root = &options.root;
    let unreadable = |why: String| EngineError::Unreadable { path: root.display().to_string(), why };
    let metadata = std::fs::metadata(root).map_err(|error| unreadable(error.to_string()))?;
    if !metadata.is_dir() {
        return Err(unreadable("it is a file, not a folder".to_owned()));
    }
    std::fs::read_dir(root).map_err(|error| unreadable(error.to_string()))?;
    let jobs = options.jobs.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build().map_err(|_| EngineError::Threads(jobs))?;
    pool.install(|| {
        let (packs, pack_errors) = packs_for(root);
        let project = Project::open(root, &packs);
        let extraction = weir_extract::extract(&project, &packs);
        let mut coverage = project.coverage();
        coverage.messaging_calls = extraction.messaging_calls;
        coverage.resolved_calls = extraction.resolved_calls;
        let context = Context {
            root: root_name(root),
            coverage,
            certainty: options.certainty,
            broker: options.broker.clone(),
        };
        let model = weir_model::build(context, extraction.facts);
        Ok(Analysis { model, pack_errors })
    })
}

/// The packs that apply to a project: built in, and its own under `.weir/packs`.
pub fn packs_for(root: &Path) -> (Packs, Vec<String>) {
    let builtin = packs::builtin();
    let own = root.join(".weir/packs");
    if !own.is_dir() {
        return (builtin, Vec::new());
    }
    let (packs, errors) = packs::load_dir(&builtin, &own);
    (packs, errors.iter().map(ToString::to_string).collect())
}

fn root_name(root: &Path) -> String {
    let absolute = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
    absolute.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_else(|| "project".to_owned())
}
