//! What weir itself knows: rules, packs, completions, the manual page.

use crate::Failure;
use crate::args::{Completions, PackCommand, Packs, Rules, command};
use crate::commands::unknown;
use crate::output::answer;
use std::collections::BTreeMap;
use std::process::ExitCode;
use weir_engine::{Rule, packs as engine_packs};
use weir_render::sarif::RuleHelp;

/// The rule of this name, or what rules there are.
pub(crate) fn known_rule(name: &str) -> Result<&'static Rule, Failure> {
    weir_engine::rule(name).ok_or_else(|| {
        let names = weir_engine::rules().iter().map(|rule| rule.name).collect();
        Failure::Usage(unknown("rule", name, names))
    })
}

pub(crate) fn rules(args: &Rules) -> Result<ExitCode, Failure> {
    match &args.rule {
        Some(name) => answer(&known_rule(name)?.page().markdown)?,
        None => {
            let mut text = String::new();
            for rule in weir_engine::rules() {
                let title = rule.page().title;
                let title = title.split_once(": ").map_or(title.as_str(), |(_, rest)| rest);
                let gate = rule.gate.unwrap_or("");
                text.push_str(&format!("{:<22} {:<9} {gate:<3} {title}\n", rule.name, rule.level.word()));
            }
            text.push_str("\nweir rules RULE prints the page of one.\n");
            answer(&text)?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The rule pages as SARIF wants them.
pub(crate) fn rule_help() -> Vec<RuleHelp> {
    let help = |rule: &Rule| {
        let page = rule.page();
        RuleHelp { name: rule.name.to_owned(), title: page.title, markdown: page.markdown, severity: rule.level }
    };
    weir_engine::rules().iter().map(help).collect()
}

pub(crate) fn packs(args: &Packs) -> Result<ExitCode, Failure> {
    match &args.command {
        Some(PackCommand::Check { file }) => {
            let name = file.display().to_string();
            let text = std::fs::read_to_string(file)
                .map_err(|error| Failure::Input(format!("cannot read {name}: {error}")))?;
            match engine_packs::parse(&name, &text) {
                Ok(pack) => {
                    answer(&format!(
                        "{name}: fine. {} ({}), {} types, {} rules; put it into .weir/packs/ of the project\n",
                        pack.library,
                        pack.languages.join(", "),
                        pack.types.len(),
                        pack.facts.len()
                    ))?;
                    Ok(ExitCode::SUCCESS)
                }
                Err(error) => Err(Failure::Input(error.to_string())),
            }
        }
        None => {
            let mut kinds: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for pack in engine_packs::builtin().packs {
                let kind = format!("{:?}", pack.kind).to_lowercase();
                kinds.entry(kind).or_default().push(format!("{:<36} {}", pack.library, pack.languages.join(", ")));
            }
            let mut text = String::new();
            for (kind, libraries) in kinds {
                text.push_str(&format!("{kind}\n"));
                for library in libraries {
                    text.push_str(&format!("  {library}\n"));
                }
            }
            text.push_str("\nA library of your own: write a pack (packs/README.md), test it with `weir packs check FILE`, put it into .weir/packs/.\n");
            answer(&text)?;
            Ok(ExitCode::SUCCESS)
        }
    }
}

pub(crate) fn completions(args: &Completions) -> Result<ExitCode, Failure> {
    let mut out = Vec::new();
    clap_complete::generate(args.shell, &mut command(), "weir", &mut out);
    answer(&String::from_utf8_lossy(&out))?;
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn man() -> Result<ExitCode, Failure> {
    let mut out = Vec::new();
    clap_mangen::Man::new(command()).render(&mut out).map_err(|error| Failure::Input(error.to_string()))?;
    answer(&String::from_utf8_lossy(&out))?;
    Ok(ExitCode::SUCCESS)
}
