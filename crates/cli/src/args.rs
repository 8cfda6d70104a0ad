//! What can be said on the command line; its help teaches.

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;
use weir_facts::Certainty;

/// Reads the code of a system of services and says which events flow where, and what can get lost on the way.
#[derive(Debug, Parser)]
#[command(
    name = "weir",
    version,
    about,
    long_about = "weir reads the code of a system of services and says which events flow from where to where, what can get lost \
when a process dies between two lines, and writes the catalog.\n\nIt reads Kafka, RabbitMQ, SQS/SNS/EventBridge, NATS, Redis and \
job queues from source, configuration and compose files. It runs nothing of the project and opens no network.",
    after_help = "Examples:\n  weir .                                  the map of this repository, and what is wrong\n  weir discover . --format json           the flow model, for other programs\n  weir validate . --fail-on warn          for CI: exit 1 when something is to fix\n  weir show user-events .                 everything about one channel, event or handler\n  weir explain dual-write-1 .             how a finding came about, hop by hop\n  weir document . --out docs/events       the catalog and the flow diagrams\n\nExit status: 0 fine · 1 findings at or above --fail-on · 2 the command line is wrong · 3 the input could not be read",
    args_conflicts_with_subcommands = true,
    subcommand_precedence_over_arg = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) all: All,
}

/// The command line as clap describes it, for the manual page and the completions.
pub fn command() -> clap::Command {
    Cli::command()
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// The flow map: who sends what where, and who receives it
    Discover(Discover),
    /// What can go wrong: findings with the way they hurt, and the four gates
    Validate(Validate),
    /// The catalog: every event, channel and flow as pages with diagrams
    Document(Document),
    /// The card of one channel, event or handler, for 3 am
    Show(Show),
    /// How a finding or an operation came about, hop by hop
    Explain(Explain),
    /// The rules, or the page of one rule
    Rules(Rules),
    /// The libraries weir recognises; `packs check FILE` tests one of your own
    Packs(Packs),
    /// Completions for a shell
    Completions(Completions),
    /// The manual page, as roff
    #[command(hide = true)]
    Man,
}

#[derive(Debug, Args, Default)]
pub(crate) struct Input {
    /// Folder of the project, or a flow file
    #[arg(default_value = ".", value_name = "PATH")]
    pub(crate) path: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct Shared {
    /// Only this broker: kafka, rabbitmq, sqs, sns, eventbridge, nats, redis-streams, redis-pubsub, bull, …
    #[arg(long, value_name = "KIND")]
    pub(crate) broker: Option<String>,
    /// Only this pattern: pub-sub, event-sourcing, cqrs, saga
    #[arg(long, value_name = "KIND")]
    pub(crate) pattern: Option<Focus>,
    /// How sure an answer must be: certain, likely, or even possible
    #[arg(long, value_name = "LEVEL", default_value = "likely")]
    pub(crate) certainty: Sureness,
    /// Threads; all cores when left out
    #[arg(long, short, value_name = "N")]
    pub(crate) jobs: Option<usize>,
    /// Folder for what can be reused in the next run; in your cache folder when left out
    #[arg(long, value_name = "DIR")]
    pub(crate) cache_dir: Option<PathBuf>,
    /// Read everything anew and keep nothing
    #[arg(long)]
    pub(crate) no_cache: bool,
    /// No progress and no notes
    #[arg(long, short)]
    pub(crate) quiet: bool,
    /// No colours and no links
    #[arg(long)]
    pub(crate) no_color: bool,
}

/// `weir PATH`.
#[derive(Debug, Args)]
pub(crate) struct All {
    #[command(flatten)]
    pub(crate) input: Input,
    /// Also write the documents here
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,
    /// Exit with 1 when there is something at this level or above
    #[arg(long, value_name = "LEVEL")]
    pub(crate) fail_on: Option<FailOn>,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct Discover {
    #[command(flatten)]
    pub(crate) input: Input,
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: MapFormat,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct Validate {
    #[command(flatten)]
    pub(crate) input: Input,
    /// How the answer is written
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(crate) format: ReportFormat,
    /// Exit with 1 when there is something at this level or above; critical findings and failed gates when left out
    #[arg(long, value_name = "LEVEL")]
    pub(crate) fail_on: Option<FailOn>,
    /// Findings that are accepted: the JSON of an earlier `weir validate`
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
    /// Only this rule; may be given more than once
    #[arg(long, value_name = "RULE")]
    pub(crate) rule: Vec<String>,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct Document {
    #[command(flatten)]
    pub(crate) input: Input,
    /// Folder for the pages; made when it is not there
    #[arg(long, value_name = "DIR", default_value = "docs/events")]
    pub(crate) out: PathBuf,
    /// How the pages are written
    #[arg(long, value_name = "FORMAT", default_value = "md")]
    pub(crate) format: PageFormat,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// A channel, an event, a handler, a consumer group
    pub(crate) name: String,
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    /// A finding (`dual-write-1`) or an operation's id
    pub(crate) id: String,
    #[command(flatten)]
    pub(crate) input: Input,
    #[command(flatten)]
    pub(crate) shared: Shared,
}

#[derive(Debug, Args)]
pub(crate) struct Rules {
    /// The rule whose page is wanted
    pub(crate) rule: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Packs {
    #[command(subcommand)]
    pub(crate) command: Option<PackCommand>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum PackCommand {
    /// Say what is wrong with a pack of your own
    Check {
        /// The pack
        file: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Completions {
    /// bash, zsh, fish, powershell, elvish
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Focus {
    PubSub,
    EventSourcing,
    Cqrs,
    Saga,
}

impl Focus {
    /// True for the pattern kinds of this focus.
    pub(crate) fn covers(self, kind: &str) -> bool {
        match self {
            Focus::PubSub => kind == "pub-sub",
            Focus::EventSourcing => kind == "event-sourcing",
            Focus::Cqrs => kind == "cqrs",
            Focus::Saga => kind.starts_with("saga-"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Sureness {
    Certain,
    Likely,
    Possible,
}

impl From<Sureness> for Certainty {
    fn from(sureness: Sureness) -> Certainty {
        match sureness {
            Sureness::Certain => Certainty::Certain,
            Sureness::Likely => Certainty::Likely,
            Sureness::Possible => Certainty::Possible,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum MapFormat {
    Text,
    Json,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    Text,
    Json,
    Sarif,
    Github,
    Markdown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PageFormat {
    Md,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// A failed gate
    Gate,
    /// A critical finding
    Critical,
    /// A warning or worse
    Warn,
    /// Anything
    Info,
    /// Nothing
    Never,
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_command_line_is_sound() {
        super::command().debug_assert();
    }
}
