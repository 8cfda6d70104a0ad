//! `cargo xtask recall TREE`: does every call that a messaging pack could mean show up in the answer?
//!
//! Weir follows types and names; this search follows nothing. Where the search finds a call and weir says nothing near
//! it, one of the two is wrong, and the line is printed to be judged.

#[cfg(test)]
mod fixtures;
mod look;
mod reach;
mod search;

use crate::output::{say, table};
use look::PackLooks;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use weir_engine::{Analysis, Options};
use weir_facts::{Certainty, Site};
use weir_syntax::Language;

/// A call may begin a few lines above the argument that the answer points to.
const NEAR: u32 = 3;

/// Arguments of `cargo xtask recall`.
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Folder with source code
    tree: PathBuf,
    /// Exit with 1 when a call is not explained
    #[arg(long)]
    strict: bool,
    /// List also the calls that only a line close by explains
    #[arg(long)]
    near: bool,
    /// Only this pack; may be given more than once
    #[arg(long, value_name = "LIBRARY")]
    pack: Vec<String>,
}

/// What the search found, and how weir explains it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recall {
    /// By library; those that are nowhere imported are left out.
    pub packs: BTreeMap<String, Counts>,
    /// Calls whose own line weir says nothing about, but a line close by.
    pub near: Vec<Hit>,
    /// Calls that weir says nothing about.
    pub unexplained: Vec<Hit>,
}

/// Figures of one pack.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Calls the search found.
    pub hits: usize,
    /// Those that are an operation.
    pub operations: usize,
    /// Those that stand in the `via` of one.
    pub via: usize,
    /// Those that are listed as unresolved.
    pub unresolved: usize,
    /// Those within three lines of one of these.
    pub near: usize,
}

impl Counts {
    /// Calls that weir says nothing about.
    pub fn unexplained(&self) -> usize {
        self.hits - self.operations - self.via - self.unresolved - self.near
    }
}

/// A call in the text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hit {
    /// File below the root.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Library of the pack that could mean it.
    pub library: String,
    /// The line as written.
    pub text: String,
}

impl std::fmt::Display for Hit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Hit { file, line, library, text } = self;
        write!(f, "{file}:{line}: {library}: {}", text.chars().take(120).collect::<String>())
    }
}

/// Compares the answer of weir with a plain text search, test code and uncertain answers included.
pub fn compare(root: &Path) -> Result<Recall, String> {
    let options = Options { certainty: Certainty::Possible, ..Options::new(root) };
    let analysis = weir_engine::analyse(&options).map_err(|error| error.to_string())?;
    let (packs, _) = weir_engine::packs_for(root);
    let looks = look::of(&packs);
    let answers = Answers::of(&analysis);
    let skipped: Vec<&str> = analysis.model.coverage.skipped.iter().map(|what| what.site.file.as_str()).collect();
    let mut files = Vec::new();
    for (path, _) in weir_engine::source_files(root) {
        let Some(language) = Language::of_path(&path).filter(|_| !skipped.contains(&path.as_str())) else {
            continue;
        };
        // A file that cannot be read is in the answer's own list of what was skipped.
        let Ok(bytes) = std::fs::read(root.join(&path)) else {
            continue;
        };
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let neighbours = reach::neighbours(&path, &text, language);
        files.push(File { path: path.to_string(), text, language, neighbours });
    }
    let mut recall = Recall::default();
    looks.iter().for_each(|pack| add(&mut recall, &files, pack, &answers));
    recall.near.sort();
    recall.unexplained.sort();
    Ok(recall)
}

/// A file of the tree, and the files it imports.
struct File {
    path: String,
    text: String,
    language: Language,
    neighbours: BTreeSet<String>,
}

fn add(recall: &mut Recall, files: &[File], pack: &PackLooks, answers: &Answers) {
    let files = files.iter().filter(|file| pack.languages.iter().any(|language| language == file.language.name()));
    let (importing, others): (Vec<&File>, Vec<&File>) =
        files.partition(|file| search::imports(&file.text, &pack.imports, file.language));
    if importing.is_empty() {
        return;
    }
    let stems: BTreeSet<&str> = importing.iter().map(|file| reach::stem(&file.path)).collect();
    let beside = |file: &&File| file.neighbours.iter().any(|neighbour| stems.contains(neighbour.as_str()));
    let counts = recall.packs.entry(pack.library.clone()).or_default();
    for File { path, text, language, .. } in importing.into_iter().chain(others.into_iter().filter(beside)) {
        for line in search::lines(text, &pack.looks, *language) {
            let hit = || Hit {
                file: path.clone(),
                line,
                library: pack.library.clone(),
                text: text.lines().nth(line as usize - 1).unwrap_or_default().trim().to_owned(),
            };
            counts.hits += 1;
            match answers.explain(path, line) {
                Some(Answer::Operation) => counts.operations += 1,
                Some(Answer::Via) => counts.via += 1,
                Some(Answer::Unresolved) => counts.unresolved += 1,
                Some(Answer::Near) => {
                    counts.near += 1;
                    recall.near.push(hit());
                }
                None => recall.unexplained.push(hit()),
            }
        }
    }
}

/// How weir speaks of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Answer {
    Operation,
    Via,
    Unresolved,
    Near,
}

/// Every line weir speaks of.
#[derive(Default)]
struct Answers {
    lines: BTreeMap<String, BTreeMap<u32, Answer>>,
}

impl Answers {
    fn of(analysis: &Analysis) -> Answers {
        let mut answers = Answers::default();
        for operation in &analysis.model.operations {
            answers.note(&operation.site, Answer::Operation);
            operation.via.iter().for_each(|site| answers.note(site, Answer::Via));
        }
        for unresolved in &analysis.model.unresolved {
            answers.note(&unresolved.site, Answer::Unresolved);
            unresolved.via.iter().for_each(|site| answers.note(site, Answer::Unresolved));
        }
        answers
    }

    /// The strongest answer for a line counts.
    fn note(&mut self, site: &Site, answer: Answer) {
        let lines = self.lines.entry(site.file.to_string()).or_default();
        let known = lines.entry(site.line).or_insert(answer);
        *known = answer.min(*known);
    }

    fn explain(&self, file: &str, line: u32) -> Option<Answer> {
        let lines = self.lines.get(file)?;
        let near = || lines.range(line.saturating_sub(NEAR)..=line.saturating_add(NEAR)).next().map(|_| Answer::Near);
        lines.get(&line).copied().or_else(near)
    }
}

/// Prints the comparison.
pub(crate) fn run(args: &Args) -> Result<ExitCode, String> {
    let mut recall = compare(&args.tree)?;
    if !args.pack.is_empty() {
        recall.packs.retain(|library, _| args.pack.contains(library));
        recall.near.retain(|hit| args.pack.contains(&hit.library));
        recall.unexplained.retain(|hit| args.pack.contains(&hit.library));
    }
    let rows: Vec<Vec<String>> = recall.packs.iter().map(|(library, counts)| row(library, counts)).collect();
    if rows.is_empty() {
        say("no messaging library is imported here");
        return Ok(ExitCode::SUCCESS);
    }
    let heads = ["library", "calls in text", "operation", "via", "unresolved", "near", "unexplained"];
    say(table(&heads, &rows).trim_end());
    recall.unexplained.iter().for_each(|hit| say(&hit.to_string()));
    if args.near {
        recall.near.iter().for_each(|hit| say(&format!("near: {hit}")));
    }
    let open = args.strict && !recall.unexplained.is_empty();
    Ok(if open { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn row(library: &str, counts: &Counts) -> Vec<String> {
    let figures = [counts.hits, counts.operations, counts.via, counts.unresolved, counts.near, counts.unexplained()];
    [library.to_owned()].into_iter().chain(figures.map(|figure| figure.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROGRAM: &str = "import { Kafka } from 'kafkajs';\nconst producer = new Kafka({}).producer();\n\
        export async function main(res, name) {\n  await producer.send({ topic: 'orders', messages: [] });\n\n\n\n\n\
        await producer.send({ topic: name(), messages: [] });\n\n\n\n\n  res.send('done');\n}\n";

    #[test]
    fn what_weir_says_nothing_about_is_listed() {
        let root = std::env::temp_dir().join(format!("weir-recall-{}", std::process::id()));
        std::fs::create_dir_all(&root).expect("the temporary folder can be written");
        std::fs::write(root.join("main.ts"), PROGRAM).expect("the temporary folder can be written");
        let other = "import { main } from './main';\nproducer.send({});\n";
        std::fs::write(root.join("other.ts"), other).expect("the temporary folder can be written");
        std::fs::write(root.join("third.ts"), "producer.send({});\n").expect("the temporary folder can be written");
        let recall = compare(&root).expect("the folder is there");
        std::fs::remove_dir_all(&root).expect("the folder is there");
        let counts = Counts { hits: 4, operations: 1, unresolved: 1, ..Counts::default() };
        assert_eq!(recall.packs, BTreeMap::from([("kafkajs".to_owned(), counts)]));
        let open: Vec<_> = recall.unexplained.iter().map(|hit| (hit.file.as_str(), hit.line)).collect();
        assert_eq!(open, [("main.ts", 14), ("other.ts", 2)]);
        assert_eq!(recall.unexplained[0].text, "res.send('done');");
    }

    #[test]
    fn the_strongest_answer_counts_and_three_lines_are_near() {
        let mut answers = Answers::default();
        answers.note(&Site::new("a.ts", 10), Answer::Via);
        answers.note(&Site::new("a.ts", 10), Answer::Operation);
        assert_eq!(answers.explain("a.ts", 10), Some(Answer::Operation));
        assert_eq!((answers.explain("a.ts", 7), answers.explain("a.ts", 13)), (Some(Answer::Near), Some(Answer::Near)));
        assert_eq!((answers.explain("a.ts", 6), answers.explain("b.ts", 10)), (None, None));
    }
}
