//! Every page of a model: its links lead somewhere, its text is inert, its names are safe.

use super::*;
use crate::markdown::parsed::{Seen, parse};
use crate::sample;
use std::collections::BTreeSet;

/// What does harm in some part of a page: HTML, tables, code, links, fences, lines, diagrams, mentions.
const THORNS: &[&str] = &[
    "<img src=x onerror=alert(1)>",
    "|a`b",
    "](javascript:alert(1))",
    "\n# h\n```\n</code>",
    "\"];end;#x--\n%%{init:{}}%%",
    "/../../x",
    " @org/team #1 $x$",
    "\u{202e}é",
];

fn pages(thorn: &str, links: &Links) -> Vec<(Document, Seen)> {
    let (model, report) = sample::hostile(thorn);
    catalog(&model, &report, links).into_iter().map(|page| (page.clone(), parse(&page.text))).collect()
}

/// The anchor of a heading, as hosts make it.
fn anchor(heading: &str) -> String {
    let lower = heading.trim().to_lowercase();
    lower
        .chars()
        .filter(|c| c.is_alphanumeric() || "- _".contains(*c))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

/// Resolves a relative path against the page it stands on; `None` when it leaves the folder of the catalog.
fn resolve(page: &str, target: &str) -> Option<String> {
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[test]
fn every_link_leads_somewhere() {
    for thorn in THORNS.iter().chain(&[""]) {
        let pages = pages(thorn, &Links::folder("../../src root/"));
        let paths: BTreeSet<&str> = pages.iter().map(|(page, _)| page.path.as_str()).collect();
        let mut between = 0;
        let mut outward = 0;
        for (page, seen) in &pages {
            let up = "../".repeat(page.path.matches('/').count());
            let source = format!("{up}../../src%20root/");
            for link in &seen.links {
                if let Some(file) = link.strip_prefix(&source) {
                    outward += 1;
                    let (file, line) = file.rsplit_once("#L").expect("a line");
                    assert!(line.parse::<u32>().is_ok_and(|line| line > 0), "{link}");
                    assert!(file.bytes().all(|b| b.is_ascii_alphanumeric() || b"/.-_~%".contains(&b)), "{link}");
                    continue;
                }
                between += 1;
                let (path, fragment) = link.split_once('#').unwrap_or((link, ""));
                let target = resolve(&page.path, path).unwrap_or_default();
                assert!(paths.contains(target.as_str()), "{}: {link} leads nowhere with {thorn:?}", page.path);
                let (_, there) = pages.iter().find(|(other, _)| other.path == target).expect("looked up above");
                assert!(
                    fragment.is_empty() || there.headings.iter().any(|heading| anchor(heading) == fragment),
                    "{link}: no such heading"
                );
            }
        }
        assert!(between > 60 && outward > 40, "{between} links between pages, {outward} to the source");
    }
}

#[test]
fn what_the_project_wrote_is_inert() {
    let decent: Vec<Vec<usize>> = pages("", &Links::default()).into_iter().map(|(_, seen)| seen.cells).collect();
    for thorn in THORNS {
        for ((page, seen), cells) in pages(thorn, &Links::default()).into_iter().zip(&decent) {
            assert!(seen.html.is_empty() && seen.other.is_empty(), "{} with {thorn:?}: {seen:#?}", page.path);
            assert!(seen.links.iter().all(|link| !link.contains(':')), "{}: {:?}", page.path, seen.links);
            assert_eq!(&seen.cells, cells, "{} with {thorn:?}: the tables keep their shape", page.path);
            assert!(seen.headings.iter().all(|heading| heading != "h"), "{}", page.path);
            assert!(seen.fences.iter().all(|(language, _)| ["mermaid", "text", "sh"].contains(&language.as_str())));
            assert!(page.text.starts_with(MARK));
        }
    }
}

#[test]
fn pages_stay_in_their_folder() {
    for thorn in THORNS {
        let pages = pages(thorn, &Links::default());
        let folded: BTreeSet<String> = pages.iter().map(|(page, _)| page.path.to_lowercase()).collect();
        assert_eq!(folded.len(), pages.len(), "two pages of one name");
        for (page, _) in &pages {
            let (folder, file) = page.path.rsplit_once('/').unwrap_or(("", &page.path));
            assert!(folder.is_empty() || FOLDERS.contains(&folder), "{}", page.path);
            assert!(file.ends_with(".md") && !file.starts_with('.') && !file.contains(['\\', ':']), "{}", page.path);
        }
    }
}

#[test]
fn every_event_has_its_page() {
    let (model, report) = sample::shop();
    let pages = catalog(&model, &report, &Links::default());
    for message in &model.messages {
        let path = format!("events/{}.md", message.name);
        let page = pages.iter().find(|page| page.path == path);
        assert!(page.is_some_and(|page| page.text.contains(&format!("# `{}`", message.name))), "{path}");
    }
    assert_eq!(pages.iter().filter(|page| page.path.starts_with("flows/")).count(), 3);
}

#[test]
fn the_runbook_sets_the_names_of_the_channel() {
    let (mut model, report) = sample::hostile("'; rm -rf /; '\n");
    let kind = weir_model::broker_kinds().find(|info| !info.local && info.runbook.len() > 1).expect("a known broker");
    for broker in model.operations.iter_mut().map(|operation| &mut operation.broker_id) {
        broker.clone_from(&kind.kind);
    }
    for broker in model.channels.iter_mut().map(|channel| &mut channel.broker_id) {
        broker.clone_from(&kind.kind);
    }
    let pages = catalog(&model, &report, &Links::default());
    let page = pages.iter().find(|page| page.path.starts_with("channels/order-events")).expect("a page");
    let names = "CHANNEL='order-events'\\''; rm -rf /; '\\''\u{fffd}'\n";
    assert!(page.text.contains(names), "{}", page.text);
    for task in &kind.runbook {
        assert!(page.text.contains(&format!("### {}", task.task)), "{}", task.task);
    }
}

#[test]
fn an_empty_project_has_a_first_page() {
    let model = FlowModel::default();
    let report = Report::default();
    let pages = catalog(&model, &report, &Links::default());
    assert_eq!(pages.len(), 2);
    assert!(pages[0].text.contains("No message goes from one service to another"));
}

#[test]
fn absolute_addresses_of_the_source_stay_absolute() {
    let (model, report) = sample::shop();
    let links = Links { source_prefix: "https://host.example/o/r/blob/main/".to_owned() };
    let pages = catalog(&model, &report, &links);
    assert!(pages.iter().all(|page| !page.text.contains("../https:")));
    assert!(pages[0].text.contains("](https://host.example/o/r/blob/main/compose.yaml#L4)"));
}

#[test]
fn the_pages_of_a_small_shop() {
    let (model, report) = sample::shop();
    let all: Vec<String> = catalog(&model, &report, &Links::folder("../.."))
        .into_iter()
        .map(|page| format!("==== {}\n{}", page.path, page.text))
        .collect();
    insta::assert_snapshot!(all.join("\n"));
}
