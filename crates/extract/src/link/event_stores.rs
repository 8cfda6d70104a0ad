//! Tables that keep every event for good: their columns say whose event it is, which one in order, of what type, and
//! what it holds. They show in SQL files and in the classes of rows.

use super::hits::{Hit, Place};
use super::tables;
use crate::eval::Eval;
use crate::source::{FileId, Source};
use crate::world::{Unit, is_test};
use std::rc::Rc;
use weir_facts::{Evidence, Fact, PatternFact, Site};
use weir_syntax::{Expr, ExprId};

/// Most SQL files that are read.
const MOST_FILES: usize = 2_000;
/// Most columns of one table.
const MOST_COLUMNS: usize = 200;

/// What each of the four columns may be called, without case and separators.
const COLUMNS: [&[&str]; 4] = [
    &["aggregateid", "streamid", "entityid", "streamname", "aggregaterootid", "sourceid"],
    &[
        "sequence",
        "sequencenumber",
        "seq",
        "version",
        "aggregateversion",
        "streamversion",
        "streamposition",
        "revision",
    ],
    &["eventtype", "type", "eventname"],
    &["payload", "data", "eventdata", "body", "eventpayload"],
];

/// The event stores of the program.
pub(crate) fn facts(eval: &Eval<'_, '_>, source: &dyn Source, units: &[Rc<Unit>]) -> Vec<Fact> {
    let mut found = Vec::new();
    for unit in units.iter().filter(|unit| !unit.test) {
        for (hit, table) in tables::entities(eval, unit) {
            found.extend(entity(&hit, &table));
        }
        // Programs that create their tables themselves hold the statement as text.
        for (at, expr) in unit.tree.exprs.iter().enumerate() {
            let Expr::Text(text) = expr else { continue };
            // A statement that creates a table lists its columns in brackets; most texts are no statements.
            if !text.contains('(') {
                continue;
            }
            let site = || unit.site(ExprId(u32::try_from(at).unwrap_or(u32::MAX)));
            found.extend(created(text).into_iter().filter_map(|table| table.event_store(site())));
        }
    }
    let sql = source.paths().iter().enumerate().filter(|(_, path)| path.to_ascii_lowercase().ends_with(".sql"));
    for (at, path) in sql.filter(|(_, path)| !is_test(path)).take(MOST_FILES) {
        let Some(text) = source.text(FileId(u32::try_from(at).unwrap_or(u32::MAX))) else { continue };
        for table in created(&text) {
            found.extend(table.event_store(Site::new(path.clone(), table.line)));
        }
    }
    found
}

fn entity(hit: &Hit, table: &str) -> Option<Fact> {
    let Place::Annotation(annotated) = &hit.place else { return None };
    let class = hit.unit.class(annotated.class?.id);
    let columns: Vec<String> = class.fields.iter().map(|field| field.name.to_string()).collect();
    event_store(table, &columns, hit.site())
}

/// A pattern when a table has all of the columns. An outbox forgets what it has sent.
fn event_store(table: &str, columns: &[String], site: Site) -> Option<Fact> {
    if is_box(table) {
        return None;
    }
    let named = |names: &[&str]| columns.iter().find(|column| names.contains(&bare(column).as_str()));
    let [whose, which, what, holds] = COLUMNS.map(named);
    let words = format!("{table} keeps every event: {}, {}, {}, {}", whose?, which?, what?, holds?);
    Some(pattern(words, site))
}

/// A table as a statement creates it.
#[derive(Debug, PartialEq)]
struct Created {
    name: String,
    columns: Vec<String>,
    /// The columns of its primary key, where the statement lists them.
    key: Vec<String>,
    line: u32,
}

impl Created {
    /// The pattern when the table keeps every event. A table of events whose key is an id and a number in order needs no
    /// better name for either.
    fn event_store(&self, site: Site) -> Option<Fact> {
        event_store(&self.name, &self.columns, site.clone()).or_else(|| self.numbered(site))
    }

    fn numbered(&self, site: Site) -> Option<Fact> {
        let [whose, which] = self.key.as_slice() else { return None };
        let ends =
            |names: &[&str]| self.columns.iter().find(|column| names.iter().any(|name| bare(column).ends_with(name)));
        let events = bare(&self.name).contains("event") && !is_box(&self.name);
        if !events || !bare(whose).ends_with("id") || !COLUMNS[1].contains(&bare(which).as_str()) {
            return None;
        }
        let (what, holds) = (ends(&["type", "eventname"])?, ends(COLUMNS[3])?);
        Some(pattern(format!("{} keeps every event: {whose}, {which}, {what}, {holds}", self.name), site))
    }
}

/// Without case and separators.
fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// True for tables of messages that are sent or remembered, and forgotten again.
fn is_box(table: &str) -> bool {
    bare(table).contains("outbox") || bare(table).contains("inbox")
}

fn pattern(what: String, site: Site) -> Fact {
    Fact::Pattern(PatternFact { kind: "event-sourcing".to_owned(), evidence: Evidence { site, what } })
}

/// The columns that `PRIMARY KEY (a, b)` lists.
fn primary_key(statement: &str) -> Vec<String> {
    let end = statement.find(';').unwrap_or(statement.len());
    let Some(at) = statement[..end].to_ascii_lowercase().find("primary key") else { return Vec::new() };
    let rest = statement[at + "primary key".len()..end].trim_start();
    let Some((list, _)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) else { return Vec::new() };
    list.split(',').take(8).map(|column| column.trim().trim_matches(QUOTES).to_owned()).collect()
}

/// The tables that the statements of a file create.
fn created(text: &str) -> Vec<Created> {
    let mut found = Vec::new();
    let mut line = 1;
    let mut from = 0;
    // Keywords are ASCII, so the positions of the lowered text are those of the text.
    let lower = text.to_ascii_lowercase();
    while let Some(at) = lower[from..].find("create table") {
        let start = from + at;
        line += newlines(&text[from..start]);
        let body = start + "create table".len();
        if let Some(open) = text[body..].find('(')
            && let Some(name) = text[body..body + open].split_whitespace().next_back()
        {
            let name = name.rsplit('.').next().unwrap_or(name).trim_matches(QUOTES).to_owned();
            let rest = &text[body + open + 1..];
            let next = lower[body + open + 1..].find("create table").unwrap_or(rest.len());
            found.push(Created { name, columns: columns(rest), key: primary_key(&rest[..next]), line });
        }
        line += newlines(&text[start..body]);
        from = body;
    }
    found
}

const QUOTES: [char; 5] = ['"', '`', '\'', '[', ']'];

fn newlines(text: &str) -> u32 {
    u32::try_from(text.matches('\n').count()).unwrap_or(u32::MAX)
}

/// The first words of the definitions up to the closing bracket.
fn columns(text: &str) -> Vec<String> {
    let mut columns = Vec::new();
    let mut depth = 0_u32;
    let mut starts = true;
    let mut word = String::new();
    let mut comment = false;
    let mut before = ' ';
    for c in text.chars() {
        if comment {
            comment = c != '\n';
            continue;
        }
        if c == '-' && before == '-' {
            comment = true;
            word.clear();
            before = ' ';
            continue;
        }
        before = c;
        match c {
            '(' => depth += 1,
            ')' if depth == 0 => break,
            ')' => depth -= 1,
            ',' if depth == 0 => starts = true,
            c if depth == 0 && starts && (c.is_alphanumeric() || c == '_') => {
                word.push(c);
                continue;
            }
            _ => {}
        }
        if !word.is_empty() && columns.len() < MOST_COLUMNS {
            columns.push(std::mem::take(&mut word));
            starts = c == ',';
        }
    }
    if !word.is_empty() {
        columns.push(word);
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_name_tables_and_columns() {
        let sql = "-- events\nCREATE TABLE IF NOT EXISTS shop.\"events\" (\n  aggregate_id uuid NOT NULL, -- whose, really\n  \
                   price numeric(10, 2),\n  \"sequence\" bigint,\n  PRIMARY KEY (aggregate_id, sequence)\n);\n\
                   create table t (a int);";
        let tables = created(sql);
        assert_eq!(tables[0].columns, ["aggregate_id", "price", "sequence", "PRIMARY"]);
        let names: Vec<(&str, u32)> = tables.iter().map(|table| (table.name.as_str(), table.line)).collect();
        assert_eq!(names, [("events", 2), ("t", 8)]);
    }

    #[test]
    fn events_that_are_numbered_under_an_id() {
        let is = |table: &str, key: &str| {
            let sql = format!(
                "CREATE TABLE {table} ([Id] varchar(50) REFERENCES x([Id]), [Version] int, [MessageType] varchar(75), [EventData] text, PRIMARY KEY({key}));"
            );
            created(&sql).iter().any(|table| table.event_store(Site::new("a.cs", 1)).is_some())
        };
        assert!(is("PlanEvent", "[Id], [Version]"));
        assert!(!is("PlanEvent", "[Id]"));
        assert!(!is("Plan", "[Id], [Version]"));
        assert!(!is("OutboxEvent", "[Id], [Version]"));
    }

    #[test]
    fn broken_statements_end() {
        for sql in ["create table", "create table x", "create table (", "create table x (a, (", "create table é(ü int"]
        {
            assert!(created(sql).len() < 2, "{sql}");
        }
    }

    #[test]
    fn all_four_columns_make_an_event_store() {
        let is = |table: &str, columns: &[&str]| {
            let columns: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
            event_store(table, &columns, Site::new("a.sql", 1)).is_some()
        };
        assert!(is("events", &["aggregate_id", "sequence", "event_type", "payload"]));
        assert!(is("journal", &["id", "streamId", "version", "type", "data"]));
        assert!(!is("outbox", &["aggregate_id", "sequence", "event_type", "payload"]));
        assert!(!is("documents", &["id", "version", "type", "data"]));
        assert!(!is("events", &["aggregate_id", "event_type", "payload"]));
    }
}
