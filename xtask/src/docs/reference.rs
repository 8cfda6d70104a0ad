//! The command line in three shapes: a page, a manual, completions. One description, `weir_cli::command`, gives all.

use clap::{Arg, Command};
use clap_complete::Shell;
use clap_mangen::Man;
use clap_mangen::roff::{Roff, roman};

/// Width at which help is written; the same everywhere, whatever terminal runs this.
const WIDTH: usize = 100;

/// The long help of every command as one Markdown page.
pub(super) fn markdown(command: Command) -> String {
    let mut text = "# The command line of weir\n\nAs `weir COMMAND --help` prints it.\n".to_owned();
    for (path, mut command) in commands(command) {
        let help = command.render_long_help().to_string();
        let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
        text.push_str(&format!("\n## {path}\n\n```text\n{}\n```\n", lines.join("\n").trim_end()));
    }
    text
}

/// The manual page: weir itself, then each of its commands on the same page.
pub(super) fn manual(command: Command) -> Result<String, String> {
    let all = commands(command.override_usage("weir [OPTIONS] [PATH]\n       weir COMMAND [OPTIONS] …"));
    let mut out = Vec::new();
    pages(&all, &mut out).map_err(|error| format!("the manual page: {error}"))?;
    let text = String::from_utf8_lossy(&out);
    // Every rendered section repeats how apostrophes become portable; the first time is enough.
    let preamble = |line: &str| line.starts_with(".ie \\n(.g") || line.starts_with(".el .ds Aq");
    let lines = text.lines().enumerate().filter(|(at, line)| *at < 2 || !preamble(line));
    Ok(lines.map(|(_, line)| line.trim_end().to_owned() + "\n").collect())
}

fn pages(all: &[(String, Command)], out: &mut Vec<u8>) -> std::io::Result<()> {
    let Some(((_, whole), parts)) = all.split_first() else {
        return Ok(());
    };
    let page = Man::new(whole.clone());
    page.render_title(out)?;
    page.render_name_section(out)?;
    page.render_synopsis_section(out)?;
    page.render_description_section(out)?;
    page.render_options_section(out)?;
    let shared = roman("The options above hold for every command that reads a project.");
    Roff::new().control("SH", ["COMMANDS"]).text([shared]).to_writer(out)?;
    for (_, command) in parts {
        let usage = command.clone().render_usage().to_string();
        Roff::new().control("SS", [usage.trim_start_matches("Usage: ")]).to_writer(out)?;
        let own = command.clone().mut_args(|arg| if is_shared(&arg, whole) { arg.hide(true) } else { arg });
        let mut section = Vec::new();
        let page = Man::new(own);
        page.render_description_section(&mut section)?;
        page.render_options_section(&mut section)?;
        // The heading of the command is enough; those of its sections would be longer than what they hold.
        for line in String::from_utf8_lossy(&section).lines().filter(|line| !line.starts_with(".SH ")) {
            out.extend_from_slice(line.as_bytes());
            out.push(b'\n');
        }
    }
    if let Some(notes) = whole.get_after_help() {
        Roff::new().control("SH", ["NOTES"]).control("nf", [""]).to_writer(out)?;
        notes.to_string().lines().try_for_each(|line| Roff::new().text([roman(line)]).to_writer(out))?;
        Roff::new().control("fi", [""]).to_writer(out)?;
    }
    Ok(())
}

/// An option that the whole program has under the same name with the same meaning.
fn is_shared(arg: &Arg, whole: &Command) -> bool {
    let same = |other: &Arg| {
        other.get_id() == arg.get_id()
            && other.get_help().map(ToString::to_string) == arg.get_help().map(ToString::to_string)
    };
    matches!(arg.get_id().as_str(), "help" | "version") || whole.get_arguments().any(same)
}

/// The completions for one shell.
pub(super) fn completions(mut command: Command, shell: Shell) -> String {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut command, "weir", &mut out);
    String::from_utf8_lossy(&out).trim_end().to_owned() + "\n"
}

/// The command and all below it that are shown, each with its full name, in the order of the help.
fn commands(command: Command) -> Vec<(String, Command)> {
    let mut command = command.term_width(WIDTH);
    command.build();
    let mut all = Vec::new();
    collect("", &command, &mut all);
    all
}

fn collect(above: &str, command: &Command, all: &mut Vec<(String, Command)>) {
    let path = format!("{above} {}", command.get_name()).trim().to_owned();
    all.push((path.clone(), command.clone().term_width(WIDTH)));
    for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set() && inner.get_name() != "help") {
        collect(&path, inner, all);
    }
}
