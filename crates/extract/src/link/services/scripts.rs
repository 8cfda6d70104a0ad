//! Python scripts beside each other that are each a process, as the commands of compose files name them.

use super::within;
use crate::link::infra::Compose;
use crate::source::{FileId, Source};
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Evidence, ServiceFact, Site};

/// Programs that run the script whose path follows.
const INTERPRETERS: &[&str] = &["python", "python2", "python3"];
/// Programs that serve the module that is named as `module:application`.
const SERVERS: &[&str] = &["gunicorn", "uvicorn", "hypercorn", "daphne", "waitress-serve"];

/// The scripts of folders of which commands name several, each a unit of its own.
pub(super) fn read(source: &dyn Source, files: &[(FileId, &str)], compose: &Compose) -> Vec<ServiceFact> {
    let mut named: BTreeMap<&str, (Site, BTreeSet<&str>)> = BTreeMap::new();
    for unit in &compose.units {
        let Some(command) = &unit.command else { continue };
        let context = unit.context.as_deref().unwrap_or("");
        for script in scripts(command) {
            let Some((file, path)) = the_one(files, context, &script.path) else { continue };
            if script.guarded && !super::python::is_program(source, file) {
                continue;
            }
            let known = named.entry(path).or_insert_with(|| (unit.site.clone(), BTreeSet::new()));
            known.1.insert(&unit.name);
        }
    }
    let folder = |path: &str| path.rsplit_once('/').map_or(String::new(), |(folder, _)| folder.to_owned());
    let mut beside: BTreeMap<String, usize> = BTreeMap::new();
    named.keys().for_each(|path| *beside.entry(folder(path)).or_default() += 1);
    let several = named.iter().filter(|(path, _)| beside.get(&folder(path)).is_some_and(|count| *count > 1));
    let unit = |(path, (site, services)): (&&str, &(Site, BTreeSet<&str>))| {
        let stem = super::base(path).trim_end_matches(".py").to_owned();
        // A service of the file that runs other scripts as well is none of one of them.
        let own = services.iter().filter(|name| named.values().filter(|(_, all)| all.contains(*name)).count() == 1);
        let aliases = own.filter(|name| **name != stem).map(|name| (*name).to_owned()).collect();
        let evidence = Evidence { site: site.clone(), what: format!("a command runs {path}") };
        let path = (*path).to_owned();
        ServiceFact { name: stem, path, frameworks: Vec::new(), aliases, library: false, evidence }
    };
    several.map(unit).collect()
}

/// A script as a command names it.
#[derive(Debug, PartialEq)]
struct Script {
    path: String,
    /// True where it runs as the main module, and so says what happens then.
    guarded: bool,
}

/// The scripts that a command runs.
fn scripts(command: &str) -> Vec<Script> {
    let separates = |letter: char| {
        letter.is_whitespace() || matches!(letter, '"' | '\'' | '(' | ')' | '[' | ']' | ',' | ';' | '&' | '|')
    };
    let words = command.split(separates).filter(|word| !word.is_empty());
    let mut found = Vec::new();
    let mut before = "";
    for word in words {
        let program = before.rsplit('/').next().unwrap_or(before);
        if INTERPRETERS.contains(&program) && word.ends_with(".py") {
            found.push(Script { path: word.trim_start_matches("./").to_owned(), guarded: true });
        } else if INTERPRETERS.contains(&program) && word == "-m" {
            // The module follows.
            before = "python";
            continue;
        } else if SERVERS.contains(&program)
            && let Some((module, _)) = word.split_once(':')
        {
            found.push(Script { path: format!("{}.py", module.replace('.', "/")), guarded: false });
        }
        // Options stand between a program and what it runs.
        if !word.starts_with('-') {
            before = word;
        }
    }
    found
}

/// The only file below a folder whose path ends so.
fn the_one<'f>(files: &[(FileId, &'f str)], folder: &str, path: &str) -> Option<(FileId, &'f str)> {
    let path = path.trim_start_matches('/');
    let ends = |known: &str| known == path || known.strip_suffix(path).is_some_and(|rest| rest.ends_with('/'));
    let mut found = files.iter().filter(|(_, known)| (folder.is_empty() || within(known, folder)) && ends(known));
    let first = found.next()?;
    found.next().is_none().then_some(*first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_name_scripts() {
        let paths = |command: &str| scripts(command).into_iter().map(|script| script.path).collect::<Vec<_>>();
        assert_eq!(paths("sh -c python3 a.py x.ini & exec gunicorn 'web:main(\"x\")' --workers 2"), ["a.py", "web.py"]);
        assert_eq!(paths("python -u ./jobs/b.py"), ["jobs/b.py"]);
        assert_eq!(paths("uvicorn app.main:app --host 0.0.0.0"), ["app/main.py"]);
        assert_eq!(paths("python -m http.server"), Vec::<String>::new());
    }
}
