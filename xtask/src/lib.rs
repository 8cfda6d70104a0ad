//! What keeps the house in order: `cargo xtask tidy | bench | recall | survey | docs`.
//!
//! A library, so that integration tests can ask the same questions ([`recall::compare`], [`tidy::check`],
//! [`docs::generate`]).

pub mod bench;
pub mod docs;
mod output;
pub mod recall;
pub mod survey;
pub mod tidy;

use clap::{Parser, Subcommand};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Keeps the house in order.
#[derive(Debug, Parser)]
#[command(
    bin_name = "cargo xtask",
    after_help = "When to run what:\n  \
tidy            before a commit\n  \
docs            after a change of arguments, rules or the JSON\n  \
bench ../some   after a change that may cost time\n  \
recall ../some  after a change of a pack or of the way names are followed\n  \
survey ../many  before and after such a change: what many trees nobody labelled lose or gain\n\n\
Exit status: 0 fine · 1 something is to fix · 2 the command line is wrong"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// What a compiler cannot see: crate arrows, headers, library names, long files, leftovers
    ///
    /// Fails on, with file:line and what to do:
    ///   · a crate that sees another one against the arrows of the design; an async runtime in the core
    ///   · a .rs file that does not begin with `//!` and a sentence saying why it exists
    ///   · the name of a library (taken from packs/) inside crates/; what is known of it belongs there
    ///   · a .rs file above 500 lines without a reason in xtask/src/tidy/sizes.rs
    ///   · todo!, unimplemented!, dbg! and #[ignore]
    #[command(verbatim_doc_comment)]
    Tidy,
    /// How fast `weir discover` is on a tree, as a ratio to ripgrep on the same tree
    ///
    /// Each round runs weir with an empty cache (cold), weir with the cache of that run (warm), and ripgrep counting
    /// what the packs look for; rounds follow each other, so that all three see the same load of the machine. Medians
    /// are printed; compare ratios between machines, never seconds.
    Bench(bench::Args),
    /// Which messaging calls a plain text search finds that weir says nothing about
    ///
    /// Every call that a messaging pack could mean must be an operation, stand in the `via` of one, or be listed as
    /// unresolved. The search is plain text: methods of the packs' send and receive rules in files that import the
    /// library. What it finds and weir does not explain is either a gap of weir or another object's method of the same
    /// name; the lines are printed to be judged.
    Recall(recall::Args),
    /// What weir finds in many trees that nobody labelled, and what changed since the last time
    ///
    /// Counts the operations that leave the process, those of which a part of the name is not known, the flows, the
    /// unresolved calls and the services of every folder in a folder. `--save counts.json` before a change and
    /// `--against counts.json` after it show what the change did to code that no label holds.
    Survey(survey::Args),
    /// Write what is derived from the program: schemas, rule pages, command line reference, manual, completions
    ///
    /// Writes below docs/. Two runs write the same bytes; commit what changes.
    Docs(docs::Args),
    /// What one run of a program costs; `bench` calls it
    #[command(hide = true)]
    Measure {
        /// The program and its arguments
        #[arg(last = true, required = true)]
        program: Vec<OsString>,
    },
}

/// Runs the command line.
pub fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Tidy => tidy::run(&root()),
        Command::Bench(args) => bench::run(&root(), &args),
        Command::Recall(args) => recall::run(&args),
        Command::Survey(args) => survey::run(&args),
        Command::Docs(args) => docs::run(&root(), &args),
        Command::Measure { program } => bench::one(&program),
    };
    match result {
        Ok(code) => code,
        Err(message) => {
            output::complain(&message);
            ExitCode::FAILURE
        }
    }
}

/// Root of this repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new(".")).to_path_buf()
}
