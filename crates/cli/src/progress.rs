//! A line that says weir is at work, on a terminal only and only when it takes a while.

use std::io::{IsTerminal, Write};
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// Nothing is shown before this.
const PATIENCE: Duration = Duration::from_millis(400);

/// Ends the line when it is dropped.
pub(crate) struct Progress(Option<(Sender<()>, JoinHandle<()>)>);

/// Starts saying what goes on.
pub(crate) fn start(what: String, quiet: bool) -> Progress {
    if quiet || !std::io::stderr().is_terminal() || crate::output::dumb() {
        return Progress(None);
    }
    let (stop, stopped) = channel::<()>();
    let thread = std::thread::spawn(move || {
        let begun = Instant::now();
        let mut shown = false;
        let mut wait = PATIENCE;
        while stopped.recv_timeout(wait).is_err_and(|error| error == std::sync::mpsc::RecvTimeoutError::Timeout) {
            shown = true;
            wait = Duration::from_millis(120);
            let mut err = std::io::stderr().lock();
            let _ = write!(err, "\r{what} … {:.1} s ", begun.elapsed().as_secs_f32()).and_then(|()| err.flush());
        }
        if shown {
            let mut err = std::io::stderr().lock();
            let _ = write!(err, "\r\u{1b}[2K").and_then(|()| err.flush());
        }
    });
    Progress(Some((stop, thread)))
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.0.take() {
            drop(stop);
            let _ = thread.join();
        }
    }
}
