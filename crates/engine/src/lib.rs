//! Project or design in, [`Analysis`] out: the one boundary that commands and servers call.

mod cache;
mod design;
mod libraries;
mod local;
mod project;
mod skip;

pub use libraries::packs_for;
pub use project::literals;
pub use weir_extract::flowfile::{FlowFileError, json_schema as flow_file_schema};
pub use weir_extract::packs;
pub use weir_rules::{Example, Page, Rule, rule, rules};

use cache::Answer;
use libraries::Libraries;
use project::Project;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use weir_facts::Certainty;
use weir_model::{Context, FlowModel, Report};

/// What to analyse and how.
#[derive(Clone, Debug)]
pub struct Options {
    /// Folder of the project, or a flow file.
    pub root: PathBuf,
    /// Threads; `None` uses every core.
    pub jobs: Option<usize>,
    /// Only operations of this broker kind.
    pub broker: Option<String>,
    /// Least sure operations that are kept.
    pub certainty: Certainty,
    /// Only these rules; `None` asks all.
    pub rules: Option<Vec<String>>,
    /// Folder of the cache; `None` reads everything anew.
    pub cache: Option<PathBuf>,
}

impl Options {
    /// The defaults for a folder.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Options { root: root.into(), jobs: None, broker: None, certainty: Certainty::Likely, rules: None, cache: None }
    }
}

/// Why an analysis could not start.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The path does not exist or cannot be opened.
    #[error(
        "cannot read {path}: {why}\n  weir needs a folder with source code or a flow file; check the path and its permissions"
    )]
    Unreadable {
        /// The path as given.
        path: String,
        /// The system's reason.
        why: String,
    },
    /// A flow file has errors.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    FlowFile(Vec<FlowFileError>),
    /// The thread pool could not be made.
    #[error("cannot start {0} threads; try a smaller --jobs")]
    Threads(usize),
}

/// What an analysis yields.
#[derive(Clone, Debug)]
pub struct Analysis {
    /// The flow model.
    pub model: FlowModel,
    /// What the rules say of it.
    pub report: Report,
    /// Packs of the project that could not be read.
    pub pack_errors: Vec<String>,
    /// Files that were walked.
    pub files: usize,
    /// How long it took.
    pub took: Duration,
}

/// Analyses a project or a flow file.
pub fn analyse(options: &Options) -> Result<Analysis, EngineError> {
    let start = Instant::now();
    let root = &options.root;
    let unreadable = |why: String| EngineError::Unreadable { path: root.display().to_string(), why };
    let metadata = std::fs::metadata(root).map_err(|error| unreadable(error.to_string()))?;
    if metadata.is_file() {
        return design::analyse(options, start);
    }
    std::fs::read_dir(root).map_err(|error| unreadable(error.to_string()))?;
    let jobs = options.jobs.unwrap_or(0);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(jobs).build().map_err(|_| EngineError::Threads(jobs))?;
    pool.install(|| {
        let libraries = Libraries::of(root);
        let project = Project::open(root, &libraries, options.cache.as_deref());
        let known = project.known();
        let fresh = known.is_none();
        let answer = known.unwrap_or_else(|| {
            let packs = libraries.packs(project.languages());
            project.look_for(&literals(&packs));
            let extract = || weir_extract::extract(&project, &packs);
            let extraction = if pool.current_num_threads() > 1 { project.with_ahead(extract) } else { extract() };
            let mut coverage = project.coverage();
            coverage.messaging_calls = extraction.messaging_calls;
            coverage.resolved_calls = extraction.resolved_calls;
            Answer { extraction, coverage }
        });
        let judge = || {
            let facts = answer.extraction.facts.clone();
            let model = weir_model::build(context(options, answer.coverage.clone()), facts);
            let report = weir_rules::check(&model, options.rules.as_deref());
            (model, report)
        };
        // What the next run can reuse is written while this one goes on.
        let ((model, report), ()) = rayon::join(judge, || {
            if fresh {
                project.keep(&answer);
            }
        });
        let files = project.files();
        // Letting go of every tree takes a while, and nobody waits for it.
        rayon::spawn(move || drop(project));
        Ok(Analysis { model, report, pack_errors: libraries.errors, files, took: start.elapsed() })
    })
}

/// The source files below a folder that weir looks at, sorted, with their sizes; what is ignored is left out.
pub fn source_files(root: &Path) -> Vec<(String, u64)> {
    let mut files = skip::walk(root).files;
    files.retain(|look| weir_syntax::Language::of_path(&look.path).is_some());
    files.sort();
    files.into_iter().map(|look| (look.path.to_string(), look.size)).collect()
}

/// Where weir keeps what it can reuse, outside every project: `$XDG_CACHE_HOME/weir` or its like on this system.
pub fn cache_folder() -> Option<PathBuf> {
    let of = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = of("XDG_CACHE_HOME").filter(|path| path.is_absolute());
    let base = base.or_else(|| of("LOCALAPPDATA")).or_else(|| of("HOME").map(|home| home.join(".cache")))?;
    Some(base.join("weir"))
}

fn context(options: &Options, coverage: weir_facts::Coverage) -> Context {
    Context { root: root_name(&options.root), coverage, certainty: options.certainty, broker: options.broker.clone() }
}

fn root_name(root: &Path) -> String {
    let absolute = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_path_buf());
    absolute.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_else(|| "project".to_owned())
}
