//! Every pack against code as people write it: `tests/fixtures/<language>/<library>` announces each fact on its line.
//!
//! A fixture is a file or a small project in a folder, found at run time. How announcements are written stands in
//! [`announce`].

mod announce;
mod compare;
mod found;
mod shapes;

use crate::runner::repository;
use announce::Announced;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock};
use tempfile::TempDir;
use weir_engine::packs::{PackKind, builtin};
use weir_engine::{Options, analyse};

/// What came of one fixture.
struct Checked {
    language: String,
    /// Libraries that send or receive in it.
    libraries: BTreeSet<String>,
    wrong: Vec<String>,
}

/// The fixtures with their languages, in order.
fn fixtures() -> Vec<(String, PathBuf)> {
    let mut all = Vec::new();
    for language in entries(&repository().join("tests/fixtures")) {
        let name = language.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        all.extend(entries(&language).into_iter().map(|fixture| (name.clone(), fixture)));
    }
    all
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let read = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = read.map(|entry| entry.expect("an entry of the folder").path()).collect();
    paths.sort();
    paths
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let flat = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    entries(folder).into_iter().flat_map(flat).collect()
}

fn announcements(root: &Path) -> Result<Vec<Announced>, String> {
    let mut all = Vec::new();
    for path in files(root) {
        let name = path.strip_prefix(root).unwrap_or(&path).to_string_lossy().replace('\\', "/");
        let text = std::fs::read_to_string(&path).map_err(|error| format!("{name}: {error}"))?;
        all.extend(announce::read(&name, &text)?);
    }
    Ok(all)
}

/// Analyses one fixture. A single file becomes a project of its own.
fn check(language: &str, fixture: &Path) -> Checked {
    let alone = TempDir::new().expect("a folder for the fixture");
    let (root, shown) = if fixture.is_dir() {
        (fixture, fixture)
    } else {
        let name = fixture.file_name().expect("a fixture has a name");
        std::fs::copy(fixture, alone.path().join(name)).expect("the fixture can be copied");
        (alone.path(), fixture.parent().expect("a fixture stands in a folder"))
    };
    let mut wrong = Vec::new();
    let mut libraries = BTreeSet::new();
    match (announcements(root), analyse(&Options::new(root))) {
        (Ok(announced), Ok(analysis)) => {
            let found = found::facts(&analysis);
            wrong.extend(compare::disagreements(&announced, &found));
            if announced.is_empty() {
                wrong.push(": it announces nothing".to_owned());
            }
            libraries.extend(analysis.model.operations.iter().map(|operation| operation.library.clone()));
        }
        (Err(why), _) => wrong.push(why),
        (_, Err(error)) => wrong.push(error.to_string()),
    }
    let repository = repository();
    let shown = shown.strip_prefix(&repository).unwrap_or(shown).display().to_string();
    let wrong = wrong.into_iter().map(|line| format!("{shown}/{line}")).collect();
    Checked { language: language.to_owned(), libraries, wrong }
}

/// Every fixture, each analysed once for all tests.
fn checked() -> &'static [Checked] {
    static ALL: OnceLock<Vec<Checked>> = OnceLock::new();
    ALL.get_or_init(|| {
        let queue = Mutex::new(fixtures().into_iter().enumerate());
        let done = Mutex::new(Vec::new());
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| {
                    loop {
                        let next = queue.lock().expect("no thread fails with the queue").next();
                        let Some((at, (language, fixture))) = next else { return };
                        let one = check(&language, &fixture);
                        done.lock().expect("no thread fails with the list").push((at, one));
                    }
                });
            }
        });
        let mut done = done.into_inner().expect("the threads have ended");
        done.sort_by_key(|(at, _)| *at);
        done.into_iter().map(|(_, one)| one).collect()
    })
}

#[test]
fn every_fact_is_announced_and_every_announcement_met() {
    let wrong: Vec<&str> = checked().iter().flat_map(|one| &one.wrong).map(String::as_str).collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn every_messaging_pack_has_a_fixture() {
    let complete = ["typescript", "javascript", "go", "python"];
    let seen: BTreeSet<&str> = checked()
        .iter()
        .filter(|one| complete.contains(&one.language.as_str()))
        .flat_map(|one| &one.libraries)
        .map(String::as_str)
        .collect();
    let packs = builtin();
    let due = packs.packs.iter().filter(|pack| {
        pack.kind == PackKind::Messaging && pack.languages.iter().any(|language| complete.contains(&language.as_str()))
    });
    let without: Vec<&str> = due.map(|pack| pack.library.as_str()).filter(|library| !seen.contains(library)).collect();
    assert!(without.is_empty(), "no fixture sends or receives with {without:?}");
}

#[test]
fn a_fixture_that_announces_wrongly_fails() {
    let folder = TempDir::new().expect("a folder for the fixture");
    let fixture = folder.path().join("wrong.ts");
    let source = "import { Kafka } from 'kafkajs';\nconst producer = new Kafka({}).producer();\n\
                  export const send = () => producer.send({ topic: 'orders', messages: [] });";
    std::fs::write(&fixture, format!("{source} // sends: orders\n")).expect("the fixture can be written");
    assert_eq!(check("typescript", &fixture).wrong, [""; 0]);
    for wrong in
        [" // sends: order", " // receives: orders", "", " // sends: orders ; unresolved", "\n// sends: orders"]
    {
        std::fs::write(&fixture, format!("{source}{wrong}\n")).expect("the fixture can be written");
        assert!(!check("typescript", &fixture).wrong.is_empty(), "{wrong:?} passes");
    }
}
