//! `cargo xtask bench TREE`: what `weir discover` costs, as a ratio to ripgrep on the same tree in the same minute.
//!
//! Seconds differ between machines and with their load; a ratio to a tool that must read the same bytes does not.

mod measure;

use crate::output::{say, table};
use measure::{Cost, median};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// Arguments of `cargo xtask bench`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder with source code
    tree: PathBuf,
    /// Rounds; the median of them is printed
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    runs: u32,
    /// The program to measure; target/release/weir when left out
    #[arg(long, value_name = "PATH")]
    bin: Option<PathBuf>,
    /// Further arguments for `weir discover`, such as `-- --jobs 1`
    #[arg(last = true)]
    more: Vec<String>,
}

/// Measures one program from this process and writes the figures for [`run`] of the process above.
pub(crate) fn one(program: &[OsString]) -> Result<ExitCode, String> {
    let (name, arguments) = program.split_first().ok_or("measure what?")?;
    say(&measure::here(Command::new(name).args(arguments))?.to_string());
    Ok(ExitCode::SUCCESS)
}

/// Runs the rounds and prints the table.
pub(crate) fn run(root: &Path, args: &Args) -> Result<ExitCode, String> {
    let bin = binary(root, args)?;
    let (packs, _) = weir_engine::packs_for(&args.tree);
    let literals = weir_engine::literals(&packs);
    let sources = weir_engine::source_files(&args.tree);
    if sources.is_empty() {
        return Err(format!("no source files below {}", args.tree.display()));
    }
    let bytes: u64 = sources.iter().map(|(_, size)| size).sum();
    let searcher = Searcher::new(&args.tree, &literals, &sources);
    say(&header(args, sources.len(), bytes, &searcher));

    let cache = Cache::new()?;
    let (mut cold, mut warm, mut base) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..args.runs {
        cache.clear()?;
        cold.push(measure::run(&discover(&bin, args, &cache.0))?);
        if let Some(searcher) = &searcher {
            base.push(searcher.measure()?);
        }
        warm.push(measure::run(&discover(&bin, args, &cache.0))?);
        if let Some(searcher) = &searcher {
            base.push(searcher.measure()?);
        }
    }
    let base = median(&base);
    let mut rows = Vec::new();
    for (name, costs) in [("weir, cold", &cold), ("weir, warm", &warm)] {
        rows.extend(median(costs).map(|cost| row(name, &cost, bytes, base.as_ref())));
    }
    rows.extend(base.map(|cost| row("rg -c", &cost, bytes, Some(&cost))));
    say(table(&["", "wall ms", "cpu ms", "peak MB", "MB/s", "× rg wall", "× rg cpu"], &rows).trim_end());
    if searcher.is_none() {
        say("\nno ratio: `rg` is not installed here");
    }
    Ok(ExitCode::SUCCESS)
}

fn binary(root: &Path, args: &Args) -> Result<PathBuf, String> {
    if let Some(bin) = &args.bin {
        return if bin.is_file() { Ok(bin.clone()) } else { Err(format!("{} does not exist", bin.display())) };
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let bin = target.join("release").join(format!("weir{}", std::env::consts::EXE_SUFFIX));
    if bin.is_file() {
        Ok(bin)
    } else {
        Err(format!("{} does not exist; build it with\n  cargo build --release -p weir-cli", bin.display()))
    }
}

fn header(args: &Args, files: usize, bytes: u64, searcher: &Option<Searcher>) -> String {
    let mut text = format!("{}: {files} source files, {:.1} MB", args.tree.display(), megabytes(bytes));
    if let Some(searcher) = searcher {
        text.push_str(&format!("; rg counts {} literals in {} files", searcher.literals, searcher.files));
    }
    text.push_str(&format!("; median of {} rounds\n", args.runs));
    text
}

fn discover(bin: &Path, args: &Args, cache: &Path) -> Command {
    let mut command = Command::new(bin);
    command.arg("discover").arg(&args.tree).args(["--format", "json", "--quiet", "--cache-dir"]).arg(cache);
    command.args(&args.more);
    command
}

/// Ripgrep with what the packs look for, over the files weir reads.
struct Searcher {
    arguments: Vec<String>,
    tree: PathBuf,
    literals: usize,
    files: usize,
}

impl Searcher {
    /// `None` when there is no `rg` here.
    fn new(tree: &Path, literals: &[String], sources: &[(String, u64)]) -> Option<Searcher> {
        let extensions: BTreeSet<&str> =
            sources.iter().filter_map(|(path, _)| path.rsplit_once('.')).map(|(_, extension)| extension).collect();
        // The user's own configuration would change what is measured; ignore files count without a git folder, as in weir.
        let mut arguments: Vec<String> = ["--no-config", "--no-require-git", "--no-messages"].map(str::to_owned).into();
        for extension in extensions {
            arguments.extend(["-g".to_owned(), format!("*.{extension}")]);
        }
        for folder in ["node_modules", "vendor"] {
            arguments.extend(["-g".to_owned(), format!("!{folder}")]);
        }
        let listed = Command::new("rg").args(&arguments).arg("--files").arg(tree).output().ok()?;
        let files = listed.stdout.iter().filter(|byte| **byte == b'\n').count();
        arguments.extend(["-c".to_owned(), "-F".to_owned()]);
        for literal in literals {
            arguments.extend(["-e".to_owned(), literal.clone()]);
        }
        Some(Searcher { arguments, tree: tree.to_path_buf(), literals: literals.len(), files })
    }

    /// Status 1 says that nothing was found, which costs the same.
    fn measure(&self) -> Result<Cost, String> {
        measure::run(Command::new("rg").args(&self.arguments).arg(&self.tree))
    }
}

fn row(name: &str, cost: &Cost, bytes: u64, base: Option<&Cost>) -> Vec<String> {
    let millis = |seconds: f64| format!("{:.1}", seconds * 1000.0);
    let ratio = |own: f64, base: Option<f64>| match base {
        Some(base) if base > 0.0 => format!("{:.2}", own / base),
        _ => "–".to_owned(),
    };
    vec![
        name.to_owned(),
        millis(cost.wall),
        millis(cost.cpu),
        if cost.peak > 0 { format!("{:.1}", megabytes(cost.peak)) } else { "–".to_owned() },
        format!("{:.0}", megabytes(bytes) / cost.wall.max(1e-9)),
        ratio(cost.wall, base.map(|base| base.wall)),
        ratio(cost.cpu, base.map(|base| base.cpu)),
    ]
}

#[allow(clippy::cast_precision_loss)]
fn megabytes(bytes: u64) -> f64 {
    bytes as f64 / 1e6
}

/// A folder of its own for the cache, gone when the bench ends.
struct Cache(PathBuf);

impl Cache {
    fn new() -> Result<Cache, String> {
        let cache = Cache(std::env::temp_dir().join(format!("weir-bench-{}", std::process::id())));
        cache.clear()?;
        Ok(cache)
    }

    fn clear(&self) -> Result<(), String> {
        let done = std::fs::remove_dir_all(&self.0).or_else(|error| match error.kind() {
            std::io::ErrorKind::NotFound => Ok(()),
            _ => Err(error),
        });
        let done = done.and_then(|()| std::fs::create_dir_all(&self.0));
        done.map_err(|error| format!("cannot empty {}: {error}", self.0.display()))
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        // What stays behind in the temporary folder hurts nobody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_shows_ratios_to_the_base() {
        let base = Cost { wall: 0.1, cpu: 0.2, peak: 10_000_000 };
        let cost = Cost { wall: 0.25, cpu: 0.3, peak: 0 };
        let cells = row("weir", &cost, 50_000_000, Some(&base));
        assert_eq!(cells, ["weir", "250.0", "300.0", "–", "200", "2.50", "1.50"]);
        assert_eq!(row("weir", &cost, 50_000_000, None)[5..], ["–", "–"]);
    }

    #[test]
    fn the_cache_is_empty_at_first_and_gone_at_last() {
        let cache = Cache::new().expect("the temporary folder can be written");
        let folder = cache.0.clone();
        std::fs::write(folder.join("x"), "x").expect("the cache can be written");
        cache.clear().expect("the cache can be emptied");
        assert_eq!(std::fs::read_dir(&folder).expect("it is there").count(), 0);
        drop(cache);
        assert!(!folder.exists());
    }
}
