//! Commands of one program of Go that run as services of their own: the compose file starts the same image several times,
//! each time with another word, and the program has a command of that name.

use super::super::infra::{Compose, ComposeUnit};
use super::programs::{packages, reach, roots};
use crate::source::{FileId, Source};
use crate::world::{GoModules, go_imports};
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{Evidence, ServiceFact};

/// Functions between a command and what it starts.
const MAX_CALLS: usize = 400;

/// A place in a program: the folder of its package, and the text that runs there.
type Body = (String, FileId, String);

/// What is started several times, with its words.
type Group<'c> = BTreeMap<&'c str, &'c ComposeUnit>;

/// The units that commands are, each with a folder that is its own.
pub(super) fn read(source: &dyn Source, compose: &Compose) -> Vec<ServiceFact> {
    let groups: Vec<Group<'_>> = groups(compose).into_iter().filter(|group| group.len() > 1).collect();
    if groups.is_empty() {
        return Vec::new();
    }
    let packages = packages(source);
    let modules = GoModules::read(source);
    let mut found: Vec<ServiceFact> = Vec::new();
    for group in groups {
        let mut commands: Vec<(&str, &ComposeUnit, BTreeSet<&str>)> = Vec::new();
        for (word, unit) in group {
            // A word that two commands go by means neither for sure.
            if let [body] = commanded(source, &packages, word).as_slice() {
                commands.push((word, unit, used(source, &packages, &modules, body)));
            }
        }
        if commands.len() < 2 {
            continue;
        }
        // What several commands use puts things together for each of them; what it imports tells of none.
        let shared: BTreeSet<&str> = commands
            .iter()
            .flat_map(|(.., used)| used.iter().copied())
            .filter(|folder| commands.iter().filter(|(.., used)| used.contains(folder)).count() > 1)
            .collect();
        let direct: BTreeSet<&str> = commands
            .iter()
            .flat_map(|(.., used)| used.iter().copied())
            .filter(|folder| !shared.contains(folder))
            .collect();
        for (.., used) in &mut commands {
            let own: BTreeSet<&str> = used.iter().copied().filter(|folder| !shared.contains(folder)).collect();
            // A package that another command starts is imported for its types.
            let reached = own.iter().flat_map(|folder| reach(source, &packages, &modules, folder));
            *used = reached.filter(|folder| own.contains(folder) || !direct.contains(folder)).collect();
        }
        for (word, unit, reached) in &commands {
            let others = commands.iter().filter(|(other, ..)| other != word);
            let foreign: BTreeSet<&str> = others.flat_map(|(.., reached)| reached.iter().copied()).collect();
            let own = |folder: &str| reached.contains(folder) && !foreign.contains(folder) && !shared.contains(folder);
            for folder in roots(&packages, &own) {
                let evidence = Evidence {
                    site: unit.site.clone(),
                    what: format!("compose service {} runs the command {word}", unit.name),
                };
                let aliases = if unit.name == *word { Vec::new() } else { vec![unit.name.clone()] };
                let name = (*word).to_owned();
                found.push(ServiceFact {
                    name,
                    path: folder,
                    frameworks: Vec::new(),
                    aliases,
                    library: false,
                    evidence,
                });
            }
        }
    }
    found.retain(|unit| !unit.path.is_empty());
    found
}

/// The words with which one image, or what is built from one folder, is started.
fn groups(compose: &Compose) -> Vec<Group<'_>> {
    let mut groups: BTreeMap<String, Group<'_>> = BTreeMap::new();
    for unit in &compose.units {
        let image = unit.image.as_deref().map(|image| match image.rsplit_once(':') {
            Some((name, tag)) if !tag.contains('/') => name,
            _ => image,
        });
        let built = unit.context.as_ref().map(|context| format!("{context} {:?}", unit.dockerfile));
        let Some(of) = built.or_else(|| image.map(str::to_owned)) else { continue };
        let words = unit.command.iter().flat_map(|command| command.split_whitespace());
        let named =
            words.filter(|word| word.len() > 1 && word.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_'));
        for word in named {
            groups.entry(of.clone()).or_default().entry(word).or_insert(unit);
        }
    }
    groups.into_values().collect()
}

/// What runs under a command of this name: a literal that names it beside a function, or the case of a switch.
fn commanded(source: &dyn Source, packages: &BTreeMap<String, Vec<FileId>>, word: &str) -> Vec<Body> {
    let mut bodies = Vec::new();
    for (folder, files) in packages {
        for file in files {
            let Some(text) = source.text(*file).filter(|text| text.contains(&format!("\"{word}"))) else { continue };
            for (at, _) in text.match_indices(&format!("\"{word}")) {
                let after = &text[at + word.len() + 1..];
                if !after.starts_with(['"', ' ']) {
                    continue;
                }
                let body = literal_around(&text, at).or_else(|| case_behind(&text, at));
                bodies.extend(body.map(|body| (folder.clone(), *file, body.to_owned())));
            }
        }
    }
    bodies
}

/// The literal that names a command, as far as a function stands in it.
fn literal_around(text: &str, at: usize) -> Option<&str> {
    let before = &text[..at];
    let named = before.trim_end().strip_suffix(':')?;
    let field = named.rsplit(|c: char| !c.is_alphanumeric()).next()?;
    if !matches!(field, "Use" | "Name") {
        return None;
    }
    let mut depth = 0;
    let open = before.char_indices().rev().find(|(_, c)| {
        match c {
            '}' => depth += 1,
            '{' => depth -= 1,
            _ => {}
        }
        depth < 0
    })?;
    let body = block(&text[open.0..])?;
    (body.contains("func(") || body.contains("Run") || body.contains("Action")).then_some(body)
}

/// The statements of a case that tests a word of the command line.
fn case_behind(text: &str, at: usize) -> Option<&str> {
    let line = text[..at].rsplit('\n').next()?;
    if !line.trim_start().starts_with("case ") {
        return None;
    }
    let switch = text[..at].rfind("switch ")?;
    if !text[switch..].lines().next()?.contains("Args") {
        return None;
    }
    let rest = &text[at..];
    let ends = rest.match_indices('\n').map(|(at, _)| at).find(|at| {
        let next = rest[at + 1..].trim_start();
        next.starts_with("case ") || next.starts_with("default:") || next.starts_with('}')
    });
    Some(&rest[..ends.unwrap_or(rest.len())])
}

/// A text up to the brace that closes the one it begins with.
fn block(text: &str) -> Option<&str> {
    let mut depth = 0;
    let end = text.char_indices().find(|(_, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        depth == 0
    })?;
    Some(&text[..=end.0])
}

/// The folders of the packages that a text uses, through the functions it calls.
fn used<'p>(
    source: &dyn Source,
    packages: &'p BTreeMap<String, Vec<FileId>>,
    modules: &GoModules,
    from: &Body,
) -> BTreeSet<&'p str> {
    let mut used = BTreeSet::new();
    let mut seen: BTreeSet<(String, String)> = BTreeSet::new();
    let mut open: Vec<Body> = vec![from.clone()];
    while let Some((folder, file, body)) = open.pop() {
        let Some(text) = source.text(file) else { continue };
        let imported: BTreeMap<String, String> = imports(&text, modules);
        for (qualifier, name) in names(&body) {
            let home = match qualifier {
                Some(qualifier) => match imported.get(qualifier) {
                    Some(home) => home.clone(),
                    None => continue,
                },
                None => folder.clone(),
            };
            if seen.len() >= MAX_CALLS || !seen.insert((home.clone(), name.to_owned())) {
                continue;
            }
            let Some((home, files)) = packages.get_key_value(&home) else { continue };
            let declared = files.iter().find_map(|file| {
                let text = source.text(*file)?;
                let at = text.find(&format!("\nfunc {name}("))?;
                // The body begins where the line of the declaration ends.
                let line = text[at + 1..].find("{\n")?;
                Some((*file, block(&text[at + 1 + line..])?.to_owned()))
            });
            match (declared, qualifier) {
                (Some((file, body)), _) => {
                    if home != &from.0 {
                        used.insert(home.as_str());
                    }
                    open.push((home.clone(), file, body));
                }
                (None, Some(_)) => {
                    used.insert(home.as_str());
                }
                (None, None) => {}
            }
        }
    }
    used
}

/// The packages of the program that a file imports, by the names it calls them.
fn imports(text: &str, modules: &GoModules) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for import in go_imports(text) {
        let Some(folder) = modules.folder(import) else { continue };
        let named = text.lines().find_map(|line| {
            let line = line.trim().strip_prefix("import ").unwrap_or(line.trim());
            let name = line.strip_suffix(&format!("\"{import}\""))?.trim();
            (!name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_')).then(|| name.to_owned())
        });
        let last = import.rsplit('/').next().unwrap_or(import).to_owned();
        found.insert(named.unwrap_or(last), folder);
    }
    found
}

/// The names in a text that may be functions, each with what stands before its dot.
fn names(body: &str) -> Vec<(Option<&str>, &str)> {
    let mut found = Vec::new();
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut words = body.split(|c: char| !is_name(c) && c != '.').filter(|word| !word.is_empty());
    words.by_ref().for_each(|word| {
        let mut parts = word.split('.');
        match (parts.next(), parts.next()) {
            (Some(qualifier), Some(name)) if !qualifier.is_empty() && name.starts_with(char::is_uppercase) => {
                found.push((Some(qualifier), name));
            }
            (Some(name), None) if name.starts_with(char::is_alphabetic) => found.push((None, name)),
            _ => {}
        }
    });
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_a_literal_with_a_function_or_a_case() {
        let text = "var run = &cli.Command{\n\tUse: \"match\",\n\tRun: func() { wire.Match() },\n}\n";
        let at = text.find("\"match").unwrap_or_default();
        assert!(literal_around(text, at).is_some_and(|body| body.contains("wire.Match")));
        let text = "switch os.Args[1] {\n\tcase \"web\":\n\t\tweb.Serve()\n\tcase \"mail\":\n\t\tmail.Run()\n\t}\n";
        let at = text.find("\"web").unwrap_or_default();
        assert!(case_behind(text, at).is_some_and(|body| body.contains("web.Serve") && !body.contains("mail")));
        assert_eq!(literal_around("other{Title: \"match\", Run: f}", 13), None);
    }

    #[test]
    fn names_know_their_package() {
        assert_eq!(names("wire.Match(name)"), [(Some("wire"), "Match"), (None, "name")]);
    }
}
