//! What the standard and the hosts require of the output.

use super::*;
use crate::sample;
use serde_json::Value;

fn help() -> Vec<RuleHelp> {
    ["dual-write", "no-dlq", "orphan-producer", "no-idempotency"]
        .map(|name| RuleHelp {
            name: name.to_owned(),
            title: format!("{name}: a sentence about it"),
            markdown: format!("# {name}: a sentence about it\n\nWhat it looks\nfor.\n\n## Found\n"),
            severity: Severity::Warn,
        })
        .to_vec()
}

fn written(source: &Report) -> Value {
    serde_json::from_str(&report(source, &help(), "apps/").expect("can be written")).expect("is JSON")
}

/// Every value under a key, anywhere.
fn all<'v>(value: &'v Value, key: &str, found: &mut Vec<&'v Value>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                if name == key {
                    found.push(value);
                }
                all(value, key, found);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| all(value, key, found)),
        _ => {}
    }
}

#[test]
fn required_properties_are_there() {
    let log = written(&sample::shop().1);
    assert_eq!(log["version"], "2.1.0");
    assert!(log["$schema"].as_str().is_some_and(|schema| schema.ends_with("sarif-schema-2.1.0.json")));
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "weir");
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for rule in rules {
        assert!(rule["shortDescription"]["text"].is_string() && rule["help"]["markdown"].is_string());
        // Where there is help in Markdown, plain text is required as well.
        assert!(rule["help"]["text"].is_string());
        assert_eq!(rule["fullDescription"]["text"], "What it looks for.");
        assert_eq!(rule["defaultConfiguration"]["level"], "warning");
    }
    assert_eq!(rules[0]["name"], "DualWrite");
    for result in run["results"].as_array().expect("results") {
        assert!(result["message"]["text"].is_string());
        let index = usize::try_from(result["ruleIndex"].as_u64().expect("an index")).expect("small");
        assert_eq!(rules[index]["id"], result["ruleId"], "the index points at the rule");
        assert!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].is_string());
        assert!(result["partialFingerprints"]["weir/v1"].is_string());
    }
}

#[test]
fn only_problems_are_results() {
    let log = written(&sample::shop().1);
    let levels: Vec<&str> =
        log["runs"][0]["results"].as_array().expect("results").iter().filter_map(|r| r["level"].as_str()).collect();
    assert_eq!(levels, ["error", "warning", "note"]);
    let notifications = log["runs"][0]["invocations"][0]["toolExecutionNotifications"].as_array().expect("some");
    assert_eq!(notifications.len(), 2, "the note on the whole and what could not be seen");
    assert_eq!(notifications[1]["associatedRule"]["id"], "no-idempotency");
}

#[test]
fn every_step_of_the_story_has_a_place() {
    let log = written(&sample::shop().1);
    let steps = log["runs"][0]["results"][0]["codeFlows"][0]["threadFlows"][0]["locations"].as_array().expect("steps");
    let lines: Vec<u64> =
        steps.iter().filter_map(|step| step["location"]["physicalLocation"]["region"]["startLine"].as_u64()).collect();
    assert_eq!(lines, [28, 28, 31]);
    assert_eq!(steps[1]["location"]["message"]["text"], "the process dies");
}

#[test]
fn addresses_are_relative_references() {
    let log = written(&sample::hostile(" :#?%[é\n").1);
    let mut addresses = Vec::new();
    all(&log, "uri", &mut addresses);
    assert!(addresses.len() > 5);
    for address in addresses {
        let address = address.as_str().expect("text");
        assert!(address.starts_with("apps/"), "{address}");
        assert!(address.bytes().all(|b| b.is_ascii_alphanumeric() || b"/.-_~%".contains(&b)), "{address}");
    }
    let mut lines = Vec::new();
    all(&log, "startLine", &mut lines);
    assert!(lines.iter().all(|line| line.as_u64().is_some_and(|line| line >= 1)));
}

#[test]
fn text_is_not_read_as_syntax() {
    assert_eq!(text("a [b](http://c) d").text, "a \\[b\\](http://c) d");
    assert_eq!(text("list[0] of {id}").text, "list[0] of {id}");
    assert_eq!(text("see {0}").text, "see {{0}}");
}

#[test]
fn the_whole_file() {
    insta::assert_snapshot!(report(&sample::shop().1, &help()[..1], "").expect("can be written"));
}
