//! `cargo xtask docs`: everything under `docs/` that is derived from the program, so that it cannot lie.

mod reference;

use crate::output::say;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

/// Arguments of `cargo xtask docs`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Write nothing; exit with 1 when a file differs from what would be written
    #[arg(long)]
    check: bool,
}

/// Writes the files that differ, or says which do.
pub(crate) fn run(root: &Path, args: &Args) -> Result<ExitCode, String> {
    let files = generate()?;
    let mut differing: Vec<(&String, Option<&String>)> = Vec::new();
    for (path, text) in &files {
        if std::fs::read_to_string(root.join(path)).ok().as_ref() != Some(text) {
            differing.push((path, Some(text)));
        }
    }
    let stale = stale_pages(root, &files);
    differing.extend(stale.iter().map(|path| (path, None)));
    for (path, text) in &differing {
        say(&match (args.check, text) {
            (true, Some(_)) => format!("{path}:1: differs from the program; run `cargo xtask docs` and commit it"),
            (true, None) => format!("{path}:1: there is no such rule any more; run `cargo xtask docs` and commit it"),
            (false, Some(_)) => format!("wrote {path}"),
            (false, None) => format!("removed {path}"),
        });
        if !args.check {
            apply(&root.join(path), text.map(String::as_str))
                .map_err(|error| format!("cannot write {path}: {error}"))?;
        }
    }
    if differing.is_empty() {
        say(&format!("{} files are up to date", files.len()));
    }
    Ok(if args.check && !differing.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn apply(path: &Path, text: Option<&str>) -> std::io::Result<()> {
    let Some(text) = text else {
        return std::fs::remove_file(path);
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, text)
}

/// Rule pages on disk whose rule is gone.
fn stale_pages(root: &Path, files: &BTreeMap<String, String>) -> Vec<String> {
    let entries = std::fs::read_dir(root.join("docs/rules")).into_iter().flatten().flatten();
    let paths = entries.map(|entry| format!("docs/rules/{}", entry.file_name().to_string_lossy()));
    let mut stale: Vec<String> = paths.filter(|path| path.ends_with(".md") && !files.contains_key(path)).collect();
    stale.sort();
    stale
}

/// Every generated file: path below the root of the repository, and its text.
pub fn generate() -> Result<BTreeMap<String, String>, String> {
    let mut files = BTreeMap::new();
    for (name, schema) in [
        ("flow-model", weir_model::json_schema()),
        ("findings", weir_model::report_json_schema()),
        ("flow-file", weir_engine::flow_file_schema()),
    ] {
        let text = serde_json::to_string_pretty(&schema).map_err(|error| format!("{name}: {error}"))?;
        files.insert(format!("docs/{name}.schema.json"), text + "\n");
    }
    for rule in weir_engine::rules() {
        files.insert(format!("docs/rules/{}.md", rule.name), rule.page().markdown);
    }
    files.insert("docs/rules/README.md".to_owned(), rule_index());
    files.insert("docs/cli.md".to_owned(), reference::markdown(weir_cli::command()));
    files.insert("docs/weir.1".to_owned(), reference::manual(weir_cli::command())?);
    for (file, shell) in [
        ("weir.bash", clap_complete::Shell::Bash),
        ("_weir", clap_complete::Shell::Zsh),
        ("weir.fish", clap_complete::Shell::Fish),
    ] {
        files.insert(format!("docs/completions/{file}"), reference::completions(weir_cli::command(), shell));
    }
    Ok(files)
}

fn rule_index() -> String {
    let mut text =
        "# Rules\n\n`weir rules RULE` prints the same pages.\n\n| rule | level | gate | says |\n|---|---|---|---|\n"
            .to_owned();
    for rule in weir_engine::rules() {
        let title = rule.page().title;
        let says = title.split_once(": ").map_or(title.as_str(), |(_, says)| says);
        let (name, level, gate) = (rule.name, rule.level.word(), rule.gate.unwrap_or(""));
        text.push_str(&format!("| [{name}]({name}.md) | {level} | {gate} | {says} |\n"));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_runs_give_the_same_bytes() {
        let files = generate().expect("everything generates");
        assert_eq!(files, generate().expect("everything generates"));
        for (path, text) in &files {
            assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{path} ends in one line break");
        }
    }

    #[test]
    fn every_rule_and_command_has_its_place() {
        let files = generate().expect("everything generates");
        for rule in weir_engine::rules() {
            assert!(files[&format!("docs/rules/{}.md", rule.name)].contains(rule.name));
            assert!(files["docs/rules/README.md"].contains(&format!("[{0}]({0}.md)", rule.name)));
        }
        for command in weir_cli::command().get_subcommands().filter(|command| !command.is_hide_set()) {
            let name = command.get_name();
            assert!(files["docs/cli.md"].contains(&format!("## weir {name}")), "{name}");
            assert!(files["docs/weir.1"].contains(&format!("weir {name}")), "{name}");
            assert!(files["docs/completions/weir.fish"].contains(name), "{name}");
        }
    }
}
