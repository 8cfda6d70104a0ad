//! The only place that writes to the terminal; a reader that goes away early is no error.

use crate::Failure;
use crate::args::Shared;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;
use weir_render::terminal::Look;

/// Writes an answer. A closed pipe ends quietly; a full disk does not.
pub(crate) fn answer(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => Err(Failure::Input(format!(
            "cannot write the answer: {error}\n  what arrived is cut short; write it to a place with more room"
        ))),
        _ => Ok(()),
    }
}

/// Writes an error.
pub(crate) fn complain(message: &str) {
    note(&format!("weir: {message}"));
}

/// Writes a line beside the answer.
pub(crate) fn note(line: &str) {
    let mut err = std::io::stderr().lock();
    let _ = writeln!(err, "{line}");
}

/// A terminal that shows escape sequences instead of obeying them.
pub(crate) fn dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// How text is drawn here: colours and links on a terminal only.
pub(crate) fn look(shared: &Shared, path: &Path) -> Look {
    let terminal = std::io::stdout().is_terminal();
    let plain = shared.no_color || std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let color = terminal && !dumb() && !plain;
    // COLUMNS says how wide a pager or a log is, where there is no terminal to ask.
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let window = || terminal_size::terminal_size().filter(|_| terminal).map(|(width, _)| usize::from(width.0));
    let width = columns.or_else(window).unwrap_or(100);
    let links = color
        .then(|| std::fs::canonicalize(path).ok())
        .flatten()
        .filter(|root| root.is_dir())
        .map(|root| root.to_string_lossy().into_owned());
    Look { width: width.clamp(60, 160), color, links, path: path.display().to_string() }
}
