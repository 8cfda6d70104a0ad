//! The command line of weir: arguments, progress, output, exit codes.
//!
//! A library so that the manual page and the completions can be generated from the same description.

mod args;
mod baseline;
mod commands;
mod hosting;
mod output;
mod progress;

pub use args::command;

use args::Cli;
use clap::Parser;
use std::process::ExitCode;

/// The command line is wrong.
const USAGE: u8 = 2;
/// The input could not be read.
const UNREADABLE: u8 = 3;

/// Why a command ended without an answer.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The command line asks for something that does not exist.
    Usage(String),
    /// The input could not be read, or the output not written.
    Input(String),
}

/// Runs the command line; 0 fine, 1 findings at or above `--fail-on`, 2 wrong command line, 3 unreadable input.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => {
            let code = u8::try_from(error.exit_code()).unwrap_or(USAGE);
            // Nothing is left to do when even the error cannot be shown.
            let _ = error.print();
            return ExitCode::from(code);
        }
    };
    match commands::run(&cli) {
        Ok(code) => code,
        Err(Failure::Usage(message)) => {
            output::complain(&message);
            ExitCode::from(USAGE)
        }
        Err(Failure::Input(message)) => {
            output::complain(&message);
            ExitCode::from(UNREADABLE)
        }
    }
}
