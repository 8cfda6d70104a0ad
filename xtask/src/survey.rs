//! `cargo xtask survey FOLDER`: how much weir finds in many trees that nobody labelled, and what changed since.
//!
//! Labels tell what is right in few trees; counts of many tell when a change costs a shape that no label holds.

use crate::output::{say, table};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use weir_engine::Options;

/// Arguments of `cargo xtask survey`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder whose folders are trees of source code
    folder: PathBuf,
    /// Only trees whose name holds this; may be given more than once
    #[arg(long, value_name = "PART")]
    only: Vec<String>,
    /// Write the counts to this file
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// Print what differs from the counts in this file; exit with 1 where operations went or calls became unresolved
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
}

/// What weir found in one tree; the order of the columns is that of [`HEADS`].
type Counts = [usize; 5];

const HEADS: [&str; 6] = ["tree", "operations", "with gaps", "flows", "unresolved", "services"];
/// The column of which less is worse.
const MORE: usize = 0;
/// The column of which more is worse.
const LESS: usize = 3;

/// Runs the command.
pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    let before = args.against.as_deref().map(read).transpose()?;
    let mut now: BTreeMap<String, Counts> = BTreeMap::new();
    for tree in trees(&args.folder)? {
        let name = tree.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if args.only.is_empty() || args.only.iter().any(|part| name.contains(part.as_str())) {
            now.insert(name, count(&tree)?);
        }
    }
    if let Some(path) = &args.save {
        let text = serde_json::to_string_pretty(&now).map_err(|error| error.to_string())?;
        std::fs::write(path, text + "\n").map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    let Some(before) = before else {
        let row = |(name, counts): (&String, &Counts)| {
            std::iter::once(name.clone()).chain(counts.iter().map(ToString::to_string)).collect()
        };
        say(table(&HEADS, &now.iter().map(row).collect::<Vec<_>>()).trim_end());
        return Ok(ExitCode::SUCCESS);
    };
    let (rows, worse) = differences(&before, &now);
    match rows.is_empty() {
        true => say(&format!("{} trees, nothing changed", now.len())),
        false => say(table(&HEADS, &rows).trim_end()),
    }
    Ok(if worse { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// A row for every tree whose counts differ, and whether one of them became worse.
fn differences(before: &BTreeMap<String, Counts>, now: &BTreeMap<String, Counts>) -> (Vec<Vec<String>>, bool) {
    let mut rows = Vec::new();
    let mut worse = false;
    for (name, now) in now {
        let Some(before) = before.get(name).filter(|before| *before != now) else { continue };
        worse |= now[MORE] < before[MORE] || now[LESS] > before[LESS];
        let cell = |(before, now): (&usize, &usize)| match before == now {
            true => now.to_string(),
            false => format!("{before} -> {now}"),
        };
        rows.push(std::iter::once(name.clone()).chain(before.iter().zip(now).map(cell)).collect());
    }
    (rows, worse)
}

fn trees(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let unreadable = |error: std::io::Error| format!("cannot read {}: {error}", folder.display());
    let entries = std::fs::read_dir(folder).map_err(unreadable)?;
    let mut trees: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    trees.sort();
    Ok(trees)
}

fn read(path: &Path) -> Result<BTreeMap<String, Counts>, String> {
    let text = std::fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    serde_json::from_str(&text).map_err(|error| format!("{} is no file that --save wrote: {error}", path.display()))
}

fn count(tree: &Path) -> Result<Counts, String> {
    let analysis = weir_engine::analyse(&Options::new(tree)).map_err(|error| error.to_string())?;
    let model = &analysis.model;
    let gap = |channel: &Option<String>| channel.as_ref().is_none_or(|channel| channel.contains('{'));
    let operations: Vec<_> = model.live().collect();
    let gaps = operations.iter().filter(|operation| gap(&operation.channel)).count();
    Ok([operations.len(), gaps, model.flows.len(), model.unresolved.len(), model.services.len()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(of: &[(&str, Counts)]) -> BTreeMap<String, Counts> {
        of.iter().map(|(name, counts)| ((*name).to_owned(), *counts)).collect()
    }

    #[test]
    fn only_what_differs_is_told_and_less_is_worse() {
        let before = counts(&[("gone", [1; 5]), ("less", [9, 0, 4, 0, 2]), ("same", [3; 5])]);
        let now = counts(&[("less", [7, 0, 4, 0, 2]), ("new", [1; 5]), ("same", [3; 5])]);
        let (rows, worse) = differences(&before, &now);
        assert_eq!(rows, [["less", "9 -> 7", "0", "4", "0", "2"]]);
        assert!(worse);
        assert!(!differences(&now, &before).1);
    }

    #[test]
    fn the_examples_are_counted() {
        let counts = count(&crate::root().join("examples/orders-nestjs")).expect("the example can be read");
        assert!(counts[0] > 0 && counts[2] > 0, "{counts:?}");
    }
}
