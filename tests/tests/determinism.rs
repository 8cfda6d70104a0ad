//! The same input gives the same bytes: whatever the threads, the cache, the place on disk.

use crate::project::Project;
use crate::runner::{list, repository, text, timeless, weir};
use std::path::Path;

const EXAMPLES: [&str; 2] = ["examples/orders-nestjs", "examples/mail-express"];

/// Everything weir can say of a path, without the time it took. The example has findings, so 1 is as good as 0.
fn answers(path: &Path, extra: &[&str]) -> Vec<String> {
    let commands: [&[&str]; 6] = [
        &[],
        &["discover"],
        &["discover", "--format", "json"],
        &["validate"],
        &["validate", "--format", "json"],
        &["validate", "--format", "sarif"],
    ];
    let answer = |command: &[&str]| {
        let run = weir(command.iter().chain(extra)).with(path.file_name().expect("a name"));
        let run = run.dir(path.parent().expect("a folder")).run();
        assert!(run.code <= 1, "{command:?} {}", run.err);
        timeless(&run.out)
    };
    commands.iter().map(|command| answer(command)).collect()
}

fn same(expected: &[String], actual: &[String], what: &str) {
    for (expected, actual) in expected.iter().zip(actual) {
        // Not assert_eq: two screens of JSON help nobody.
        let differs = expected.lines().zip(actual.lines()).enumerate().find(|(_, (a, b))| a != b);
        assert!(expected == actual, "{what}: the output differs, first at {differs:?}");
    }
}

#[test]
fn the_number_of_threads_does_not_matter() {
    for example in EXAMPLES.map(|example| repository().join(example)) {
        let expected = answers(&example, &["--no-cache"]);
        same(&expected, &answers(&example, &["--no-cache"]), "a second run");
        for jobs in ["1", "2", "7"] {
            same(&expected, &answers(&example, &["--no-cache", "--jobs", jobs]), &format!("--jobs {jobs}"));
        }
    }
}

#[test]
fn the_state_of_the_cache_does_not_matter() {
    for example in EXAMPLES.map(|example| repository().join(example)) {
        let expected = answers(&example, &["--no-cache"]);
        let cache = Project::empty();
        let folder = cache.root().to_string_lossy().into_owned();
        let with = ["--cache-dir", folder.as_str()];
        same(&expected, &answers(&example, &with), "a cold cache");
        same(&expected, &answers(&example, &with), "a warm cache");
        // The cache of one project in the hands of another.
        let other = Project::healthy();
        let expected = answers(other.root(), &["--no-cache"]);
        same(&expected, &answers(other.root(), &with), "a cache that others filled");
    }
}

#[test]
fn a_broken_cache_does_not_matter() {
    let project = Project::healthy();
    let cache = Project::empty();
    let folder = cache.root().to_string_lossy().into_owned();
    let with = ["--cache-dir", folder.as_str()];
    let expected = answers(project.root(), &["--no-cache"]);
    answers(project.root(), &with);
    spoil(cache.root());
    same(&expected, &answers(project.root(), &with), "a cache full of noise");
    let source = project.path("src/orders.ts");
    for left in [1, 2, 3] {
        answers(project.root(), &with);
        cut_off(cache.root(), left);
        // What is asked must be asked again, so that the halves are read and not only the answer.
        let text = std::fs::read_to_string(&source).expect("the source");
        project.file("src/orders.ts", format!("{text}\n"));
        same(&answers(project.root(), &["--no-cache"]), &answers(project.root(), &with), "a cache that is cut off");
    }
    let file = cache.path("file");
    std::fs::write(&file, "in the way").expect("the file can be written");
    let file = file.to_string_lossy().into_owned();
    same(&expected, &answers(project.root(), &["--cache-dir", &file]), "a file where the cache should be");
}

/// Leaves so many quarters of every file below a folder.
fn cut_off(folder: &Path, quarters: usize) {
    for entry in std::fs::read_dir(folder).expect("the cache can be listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            cut_off(&path, quarters);
        } else {
            let whole = std::fs::read(&path).expect("the cache can be read");
            std::fs::write(&path, &whole[..whole.len() * quarters / 4]).expect("the cache can be written");
        }
    }
}

/// Overwrites every file below a folder.
fn spoil(folder: &Path) {
    for entry in std::fs::read_dir(folder).expect("the cache can be listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            spoil(&path);
        } else {
            std::fs::write(&path, [0xff; 999]).expect("the cache can be written");
        }
    }
}

#[test]
fn a_change_is_seen_through_the_cache() {
    let project = Project::healthy();
    let cache = Project::empty();
    let folder = cache.root().to_string_lossy().into_owned();
    let with = ["--cache-dir", folder.as_str()];
    answers(project.root(), &with);
    let source = std::fs::read_to_string(project.path("src/orders.ts")).expect("the source");
    project.file("src/orders.ts", source.replace("'orders'", "'parcel'"));
    let after = answers(project.root(), &with);
    assert!(after[2].contains("\"parcel\"") && !after[2].contains("\"orders\""), "{}", after[2]);
    same(&answers(project.root(), &["--no-cache"]), &after, "a changed file");
}

#[test]
fn the_place_on_disk_does_not_matter() {
    for example in EXAMPLES.map(|example| repository().join(example)) {
        let elsewhere = Project::empty();
        let name = example.file_name().expect("a name").to_string_lossy().into_owned();
        copy(&example, &elsewhere.path(&name));
        same(&answers(&example, &["--no-cache"]), &answers(&elsewhere.path(&name), &["--no-cache"]), "a copy");
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("the folder can be made");
    for entry in std::fs::read_dir(from).expect("the example can be listed") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("the file can be copied");
        }
    }
}

#[test]
fn the_project_is_left_as_it_was() {
    let project = Project::healthy();
    let list = || {
        let mut paths = Vec::new();
        walk(project.root(), &mut paths);
        paths.sort();
        paths
    };
    let before = list();
    for command in [&[][..], &["discover"], &["validate"]] {
        weir(command).with(project.root()).run();
    }
    assert_eq!(before, list());
}

fn walk(folder: &Path, paths: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the project can be listed") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            walk(&path, paths);
        }
        paths.push(path);
    }
}

/// Ids of facts and fingerprints of findings, each list in the order it came.
fn identities(path: &Path) -> Vec<Vec<String>> {
    let of = |command: &str, parts: &[(&str, &str)]| -> Vec<Vec<String>> {
        let run = weir([command, "--format", "json", "--no-cache"]).with(path).run();
        assert!(run.code <= 1, "{command}: {}", run.err);
        let json = run.json();
        let ids = |(part, key): &(&str, &str)| list(&json, part).iter().map(|it| text(it, key).to_owned()).collect();
        parts.iter().map(ids).collect()
    };
    let mut all = of("discover", &[("operations", "id"), ("channels", "id")]);
    all.extend(of("validate", &[("findings", "fingerprint")]));
    all
}

#[test]
fn moved_code_keeps_its_ids_and_fingerprints() {
    for example in EXAMPLES.map(|example| repository().join(example)) {
        let expected = identities(&example);
        assert!(expected.iter().all(|ids| !ids.is_empty()), "the example has operations, channels and findings");
        let moved = Project::empty();
        copy_moved(&example, &moved.path(""), Path::new("moved"));
        assert_eq!(expected, identities(&moved.path("moved")), "{}", example.display());
    }
}

/// Copies a folder; every program text in it begins seven lines further down.
fn copy_moved(from: &Path, to: &Path, name: &Path) {
    let target = to.join(name);
    if from.is_dir() {
        std::fs::create_dir_all(&target).expect("the folder can be made");
        for entry in std::fs::read_dir(from).expect("the example can be listed") {
            let entry = entry.expect("the example can be listed");
            let skip = entry.file_name() == "node_modules";
            if !skip {
                copy_moved(&entry.path(), &target, Path::new(&entry.file_name()));
            }
        }
        return;
    }
    let mut content = std::fs::read(from).expect("the example can be read");
    if from.extension().is_some_and(|extension| extension == "ts" || extension == "js") {
        content.splice(0..0, b"// moved\n".repeat(7));
    }
    std::fs::write(&target, content).expect("the copy can be written");
}
