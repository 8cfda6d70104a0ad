//! Runs weir as a shell would and takes down everything it says.

use serde_json::Value;
use std::ffi::OsStr;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Nothing weir is asked here takes longer, on a slow machine and without optimisation.
const LIMIT: Duration = Duration::from_secs(120);

/// The folder of the repository; the examples are named from there.
pub(crate) fn repository() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("the tests are a folder of the repository").to_path_buf()
}

/// The program.
pub(crate) fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_weir-under-test"))
}

/// A run of weir to be.
pub(crate) struct Weir {
    pub(crate) command: Command,
    /// A cache of its own, so that no run helps another.
    _cache: TempDir,
}

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A run with these arguments, in the folder of the repository.
pub(crate) fn weir<I: AsRef<OsStr>>(args: impl IntoIterator<Item = I>) -> Weir {
    let cache = TempDir::new().expect("a folder for the cache");
    let mut command = Command::new(program());
    command.args(args).current_dir(repository()).env("XDG_CACHE_HOME", cache.path());
    for name in ["NO_COLOR", "COLUMNS", "TERM", "RUST_BACKTRACE"] {
        command.env_remove(name);
    }
    Weir { command, _cache: cache }
}

impl Weir {
    /// A variable of its environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Weir {
        self.command.env(name, value);
        self
    }

    /// One more argument.
    pub(crate) fn with(mut self, arg: impl AsRef<OsStr>) -> Weir {
        self.command.arg(arg);
        self
    }

    /// Another folder to run in.
    pub(crate) fn dir(mut self, dir: &Path) -> Weir {
        self.command.current_dir(dir);
        self
    }

    /// Runs to the end. A run that hangs, dies by a signal or panics fails the test whatever was asked.
    pub(crate) fn run(mut self) -> Run {
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self.command.spawn().expect("weir starts");
        let out = drain(child.stdout.take());
        let err = drain(child.stderr.take());
        let begun = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().expect("weir can be waited for") {
                break status;
            }
            if begun.elapsed() > LIMIT {
                let _ = child.kill();
                panic!("weir does not end: {:?}", self.command);
            }
            std::thread::sleep(Duration::from_millis(5));
        };
        let text = |reader: std::thread::JoinHandle<Vec<u8>>| {
            String::from_utf8(reader.join().expect("the output is read")).expect("weir writes UTF-8")
        };
        let (out, err) = (text(out), text(err));
        let code = status.code().unwrap_or_else(|| panic!("weir died, {status}: {:?}\n{err}", self.command));
        assert!(!err.contains("panicked"), "{:?}\n{err}", self.command);
        Run { code, out, err }
    }

    /// Runs to the end, which must be a good one.
    pub(crate) fn succeed(self) -> Run {
        let what = format!("{:?}", self.command);
        let run = self.run();
        assert_eq!(run.code, 0, "{what}\n{}{}", run.out, run.err);
        run
    }
}

impl Run {
    /// The output as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}\n{}{}", self.out, self.err))
    }

    /// The output without the time it took.
    pub(crate) fn timeless(&self) -> String {
        timeless(&self.out)
    }
}

/// Puts a word where the head line says how long it took.
pub(crate) fn timeless(text: &str) -> String {
    let (head, rest) = text.split_once('\n').unwrap_or((text, ""));
    match head.rsplit_once(" · ") {
        Some((before, took)) if took.ends_with(" ms") || took.ends_with(" s") => format!("{before} · [time]\n{rest}"),
        _ => text.to_owned(),
    }
}

fn drain(stream: Option<impl Read + Send + 'static>) -> std::thread::JoinHandle<Vec<u8>> {
    let mut stream = stream.expect("a pipe");
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("the pipe can be read");
        bytes
    })
}

/// A string of the JSON, or an empty one.
pub(crate) fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or_default()
}

/// The elements of a list of the JSON.
pub(crate) fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// Says why a test is not run here, or where it stands; shown when it fails.
#[expect(clippy::print_stderr, reason = "the harness keeps it for those who ask")]
pub(crate) fn say(line: &str) {
    eprintln!("{line}");
}
