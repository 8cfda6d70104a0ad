//! The commands: each asks the engine, hands the answer to the renderer, and chooses the exit status.

mod document;
mod knowledge;

use crate::args::{
    All, Cli, Command, Discover, Explain, FailOn, Input, MapFormat, ReportFormat, Shared, Show, Validate,
};
use crate::hosting::Hosting;
use crate::output::{answer, look, note};
use crate::{Failure, baseline, progress};
use std::process::ExitCode;
use std::time::Duration;
use weir_engine::{Analysis, EngineError, Options};
use weir_model::{GateStatus, Report, Severity};
use weir_render::{github, json, markdown, sarif, terminal};

/// Runs what the command line asks for.
pub(crate) fn run(cli: &Cli) -> Result<ExitCode, Failure> {
    match &cli.command {
        None => all(&cli.all),
        Some(Command::Discover(args)) => discover(args),
        Some(Command::Validate(args)) => validate(args),
        Some(Command::Document(args)) => document::run(args),
        Some(Command::Show(args)) => show(args),
        Some(Command::Explain(args)) => explain(args),
        Some(Command::Rules(args)) => knowledge::rules(args),
        Some(Command::Packs(args)) => knowledge::packs(args),
        Some(Command::Completions(args)) => knowledge::completions(args),
        Some(Command::Man) => knowledge::man(),
    }
}

fn options(input: &Input, shared: &Shared) -> Result<Options, Failure> {
    if let Some(kind) = &shared.broker
        && !weir_model::broker_kinds().any(|info| info.kind == *kind)
    {
        let known: Vec<&str> = weir_model::broker_kinds().map(|info| info.kind.as_str()).collect();
        return Err(Failure::Usage(format!("no broker is called `{kind}`; weir knows {}", known.join(", "))));
    }
    let mut options = Options::new(&input.path);
    options.jobs = shared.jobs;
    options.broker.clone_from(&shared.broker);
    options.certainty = shared.certainty.into();
    if !shared.no_cache {
        options.cache = shared.cache_dir.clone().or_else(weir_engine::cache_folder);
    }
    Ok(options)
}

/// Reads the input, with progress and with what went wrong on the way.
pub(crate) fn analyse(input: &Input, shared: &Shared, rules: Option<Vec<String>>) -> Result<Analysis, Failure> {
    let mut options = options(input, shared)?;
    options.rules = rules;
    let working = progress::start(format!("reading {}", input.path.display()), shared.quiet);
    let result = weir_engine::analyse(&options);
    drop(working);
    let mut analysis = result.map_err(|error| match error {
        EngineError::Threads(_) => Failure::Usage(error.to_string()),
        _ => Failure::Input(error.to_string()),
    })?;
    if let Some(focus) = shared.pattern {
        analysis.model.patterns.retain(|pattern| focus.covers(&pattern.kind));
    }
    if !shared.quiet {
        for error in &analysis.pack_errors {
            note(&format!("weir: a pack of this project is left out: {error}"));
        }
    }
    Ok(analysis)
}

/// What was written as JSON; a model that cannot be written is a bug, and half an answer is none.
fn written(json: serde_json::Result<String>) -> Result<String, Failure> {
    json.map_err(|error| Failure::Input(format!("cannot write the answer as JSON: {error}; this is a bug in weir")))
}

fn took(duration: Duration) -> String {
    let millis = duration.as_millis();
    if millis < 1000 { format!("{millis} ms") } else { format!("{:.1} s", duration.as_secs_f32()) }
}

fn all(args: &All) -> Result<ExitCode, Failure> {
    let analysis = analyse(&args.input, &args.shared, None)?;
    let look = look(&args.shared, &args.input.path);
    answer(&terminal::everything(&analysis.model, &analysis.report, analysis.files, &took(analysis.took), &look))?;
    if let Some(out) = &args.out {
        document::write(&analysis, &args.input.path, out, args.shared.quiet)?;
    }
    Ok(status(&analysis.report, args.fail_on.unwrap_or(FailOn::Never)))
}

fn discover(args: &Discover) -> Result<ExitCode, Failure> {
    // The map needs no judgement.
    let analysis = analyse(&args.input, &args.shared, Some(Vec::new()))?;
    match args.format {
        MapFormat::Json => answer(&written(json::flow_model(&analysis.model))?)?,
        MapFormat::Text => {
            let look = look(&args.shared, &args.input.path);
            answer(&terminal::map(&analysis.model, analysis.files, &took(analysis.took), &look))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn validate(args: &Validate) -> Result<ExitCode, Failure> {
    for name in &args.rule {
        knowledge::known_rule(name)?;
    }
    let rules = (!args.rule.is_empty()).then(|| args.rule.clone());
    let mut analysis = analyse(&args.input, &args.shared, rules)?;
    if let Some(file) = &args.baseline {
        baseline::accept(&mut analysis.report, file)?;
    }
    let report = &analysis.report;
    let hosting = Hosting::of(&args.input.path);
    match args.format {
        ReportFormat::Text => answer(&terminal::findings(report, &look(&args.shared, &args.input.path)))?,
        ReportFormat::Json => answer(&written(json::report(report))?)?,
        ReportFormat::Sarif => answer(&written(sarif::report(report, &knowledge::rule_help(), &hosting.base))?)?,
        ReportFormat::Github => answer(&github::report(report, &hosting.base))?,
        ReportFormat::Markdown => answer(&markdown::report(report, &analysis.model, &hosting.links))?,
    }
    Ok(match args.fail_on {
        Some(level) => status(report, level),
        None if fails(report, FailOn::Gate) => ExitCode::from(1),
        None => status(report, FailOn::Critical),
    })
}

fn fails(report: &Report, level: FailOn) -> bool {
    let worst = |limit: Severity| report.findings.iter().any(|finding| finding.severity <= limit);
    match level {
        FailOn::Never => false,
        FailOn::Gate => report.gates.iter().any(|gate| gate.status == GateStatus::Fail),
        FailOn::Critical => worst(Severity::Critical),
        FailOn::Warn => worst(Severity::Warn),
        FailOn::Info => worst(Severity::Info),
    }
}

fn status(report: &Report, level: FailOn) -> ExitCode {
    if fails(report, level) { ExitCode::from(1) } else { ExitCode::SUCCESS }
}

fn show(args: &Show) -> Result<ExitCode, Failure> {
    let analysis = analyse(&args.input, &args.shared, None)?;
    let look = look(&args.shared, &args.input.path);
    match terminal::show(&args.name, &analysis.model, &analysis.report, &look) {
        Some(card) => {
            answer(&card)?;
            Ok(ExitCode::SUCCESS)
        }
        None => {
            let mut names: Vec<&str> =
                analysis.model.live().filter_map(|operation| operation.channel.as_deref()).collect();
            names.extend(analysis.model.messages.iter().map(|message| message.name.as_str()));
            Err(Failure::Usage(unknown("channel, event, handler or group", &args.name, names)))
        }
    }
}

fn explain(args: &Explain) -> Result<ExitCode, Failure> {
    let analysis = analyse(&args.input, &args.shared, None)?;
    let look = look(&args.shared, &args.input.path);
    match terminal::explain(&args.id, &analysis.model, &analysis.report, &look) {
        Some(text) => {
            answer(&text)?;
            Ok(ExitCode::SUCCESS)
        }
        None => {
            let names: Vec<&str> = analysis.report.findings.iter().map(|finding| finding.id.as_str()).collect();
            Err(Failure::Usage(unknown("finding or operation", &args.id, names)))
        }
    }
}

/// Says that a name is not known and what comes near.
pub(crate) fn unknown(what: &str, name: &str, mut known: Vec<&str>) -> String {
    known.sort_unstable();
    known.dedup();
    let wanted = name.to_ascii_lowercase();
    let near: Vec<&str> = known
        .iter()
        .copied()
        .filter(|other| other.to_ascii_lowercase().contains(&wanted) || wanted.contains(&other.to_ascii_lowercase()))
        .collect();
    let shown: Vec<&str> = if near.is_empty() { known } else { near };
    let rest = shown.len().saturating_sub(12);
    let list: Vec<&str> = shown.into_iter().take(12).collect();
    match (list.is_empty(), rest) {
        (true, _) => format!("there is no {what} called `{name}` here; there is none at all"),
        (false, 0) => format!("there is no {what} called `{name}` here; there are {}", list.join(", ")),
        (false, rest) => {
            format!("there is no {what} called `{name}` here; there are {} and {rest} more", list.join(", "))
        }
    }
}
