//! Files of properties that another file of properties brings in: `classpath:shared.properties` of a library's resources,
//! `optional:file:./config/topics.yml`.

use super::{File, file, is_for, module, profile_rank, scope, stem};
use crate::source::Source;
use crate::world::Settings;
use crate::world::modules::split;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// The key that names the files, and those of the frameworks that call it otherwise.
const KEYS: &[&str] = &["spring.config.import", "quarkus.config.locations", "micronaut.config.files"];
/// Files that bring in files that bring in files; the bound ends circles.
const MAX_DEPTH: usize = 4;

/// Reads what a file brings in, for the code that the file is for.
pub(super) fn follow(source: &dyn Source, settings: &mut Settings, from: &File<'_>, active: &BTreeSet<String>) {
    let mut open: Vec<(String, String, u8, usize)> = Vec::new();
    let mut read: BTreeSet<String> = BTreeSet::new();
    open.extend(named(from, active, 0));
    while let Some((location, beside, rank, depth)) = open.pop() {
        let Some(path) = find(source, &location, from.folder, &beside) else { continue };
        let (folder, name) = split(path);
        let Some(base) = stem(name) else { continue };
        if !read.insert(path.to_owned()) || depth > MAX_DEPTH {
            continue;
        }
        for (at, other) in source.paths().iter().enumerate() {
            let (its, name) = split(other);
            let Some(variant) = stem(name).filter(|stem| its == folder && is_for(stem, base).is_some()) else {
                continue;
            };
            let Some(found) = file(source, at, other, folder, base, variant) else { continue };
            // What is brought in counts before what stands in the file that brings it in.
            found.say(settings, &scope(from.folder), rank, Some(active));
            // A library's code runs in the programs that bring in its file.
            if module(folder) != module(from.folder) {
                found.say(settings, &scope(folder), rank, Some(active));
            }
            open.extend(named(&found, active, depth + 1));
        }
    }
}

/// The locations that a file names, each with the folder of the file, the rank of what it holds and its depth.
fn named(file: &File<'_>, active: &BTreeSet<String>, depth: usize) -> Vec<(String, String, u8, usize)> {
    let mut found = Vec::new();
    for property in &file.properties {
        if !KEYS.contains(&property.key.as_str()) {
            continue;
        }
        let rank = match &property.profile {
            None => 1,
            Some(profile) if active.contains(profile) => 0,
            Some(profile) => 1 + profile_rank(profile),
        };
        let locations = property.value.split([',', ';']).map(|location| location.trim().trim_matches(['"', '\'']));
        found.extend(locations.map(|location| (location.to_owned(), file.folder.to_owned(), rank, depth)));
    }
    found
}

/// The file of the tree that a location means: below the resources of the own module or of the one module that has it,
/// or from the folder the program runs in.
fn find<'s>(source: &'s dyn Source, location: &str, folder: &str, beside: &str) -> Option<&'s str> {
    let location = location.strip_prefix("optional:").unwrap_or(location);
    let (on_disk, rest) = match location.split_once(':') {
        Some(("classpath" | "classpath*", rest)) => (false, rest),
        Some(("file", rest)) => (true, rest),
        // A server, a bucket, an environment variable.
        Some(_) => return None,
        None => (false, location),
    };
    // `topics[.yaml]` says the format of a file that has no ending.
    let rest = rest.trim_start_matches("./").trim_start_matches('/').split('[').next().unwrap_or_default();
    if rest.is_empty() || rest.contains("..") || stem(rest).is_none() {
        return None;
    }
    let paths = source.paths();
    let join = |folder: &str| if folder.is_empty() { rest.to_owned() } else { format!("{folder}/{rest}") };
    let exact = |folder: &str| paths.iter().find(|path| **path == join(folder)).map(SmolStr::as_str);
    if on_disk {
        return exact(module(folder)).or_else(|| exact(""));
    }
    exact(folder).or_else(|| exact(beside)).or_else(|| {
        let home = |path: &&SmolStr| {
            let above = path.strip_suffix(rest).map(|above| above.trim_end_matches('/'));
            above.is_some_and(|above| above == "src/main/resources" || above.ends_with("/src/main/resources"))
        };
        let mut found = paths.iter().filter(home);
        found.next().filter(|_| found.next().is_none()).map(SmolStr::as_str)
    })
}
