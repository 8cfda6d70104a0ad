//! What weir says of the example projects: the facts that must hold, and every screen as a snapshot.
//!
//! `INSTA_UPDATE=always cargo test -p weir-tests` accepts new screens; look at the difference before you commit it.

use crate::runner::{list, repository, text, timeless, weir};
use insta::assert_snapshot;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const ORDERS: &str = "examples/orders-nestjs";
const MAIL: &str = "examples/mail-express";

fn map(example: &str) -> Value {
    weir(["discover", example, "--format", "json"]).succeed().json()
}

fn report(example: &str) -> Value {
    weir(["validate", example, "--format", "json", "--fail-on", "never"]).succeed().json()
}

/// `service action channel messages` of every operation that is no test.
fn operations(map: &Value) -> Vec<String> {
    let line = |operation: &Value| {
        let messages: Vec<&str> = list(operation, "messages").iter().map(|message| text(message, "name")).collect();
        let [service, action, channel] = ["service", "action", "channel"].map(|key| text(operation, key));
        format!("{service} {action} {channel} {}", messages.join(",")).trim_end().to_owned()
    };
    let mut lines: Vec<String> =
        list(map, "operations").iter().filter(|operation| operation["test"] != true).map(line).collect();
    lines.sort();
    lines
}

/// The line of an example's file on which a text stands.
fn line_of(file: &str, needle: &str) -> u64 {
    let source = std::fs::read_to_string(repository().join(file)).expect("the example is there");
    let at = source.lines().position(|line| line.contains(needle));
    at.unwrap_or_else(|| panic!("{file} has no line with {needle}")) as u64 + 1
}

#[test]
fn orders_who_sends_what_where() {
    let map = map(ORDERS);
    assert_eq!(
        operations(&map),
        [
            "notification-service receive user-events",
            "order-service send orders OrderCreated",
            "user-service send user-events UserCreated",
            "user-service send user-events UserUpdated",
        ]
    );
    let services: Vec<&str> = list(&map, "services").iter().map(|service| text(service, "name")).collect();
    assert_eq!(services, ["notification-service", "order-service", "user-service"], "libraries are no services");
    let receive =
        list(&map, "operations").iter().find(|operation| operation["action"] == "receive").expect("a receive");
    assert_eq!(receive["consumerGroup"], "notification-service-group");
    assert_eq!(receive["guarantee"]["value"], "at-least-once");
    assert!(list(receive, "effects").iter().any(|effect| text(effect, "what").contains("mail")), "{receive}");
    let broker = &list(&map, "brokers")[0];
    let whats: Vec<&str> = list(broker, "evidence").iter().map(|evidence| text(evidence, "what")).collect();
    assert!(whats.iter().any(|what| what.contains("cp-kafka:7.6")) && whats.contains(&"kafkajs 2.2.4"), "{whats:?}");
    assert_eq!(list(&map, "unresolved"), &[] as &[Value]);
}

/// `name: frameworks` of every service.
fn frameworks(map: &Value) -> Vec<String> {
    let line = |service: &Value| {
        let names: Vec<&str> = list(service, "frameworks").iter().filter_map(Value::as_str).collect();
        format!("{}: {}", text(service, "name"), names.join(", "))
    };
    list(map, "services").iter().map(line).collect()
}

#[test]
fn frameworks_are_told_by_service() {
    assert_eq!(
        frameworks(&map(ORDERS)),
        ["notification-service: nestjs", "order-service: nestjs", "user-service: nestjs"]
    );
    assert_eq!(frameworks(&map(MAIL)), ["mail-express: express"]);
}

/// `service table` of every datastore that has tables.
fn tables(map: &Value) -> BTreeSet<String> {
    let line = |store: &Value| format!("{} {}", text(store, "service"), text(store, "name"));
    list(map, "stores").iter().map(line).collect()
}

#[test]
fn tables_have_the_names_of_the_database() {
    let orders = map(ORDERS);
    let stores = tables(&orders);
    for store in ["order-service orders", "user-service users"] {
        assert!(stores.contains(store), "{stores:?}");
    }
    assert!(!stores.iter().any(|store| store.ends_with(" sql")), "{stores:?}");
    let effects: BTreeSet<&str> = list(&orders, "operations")
        .iter()
        .flat_map(|operation| list(operation, "effects"))
        .map(|effect| text(effect, "what"))
        .collect();
    assert!(effects.contains("save orders") && !effects.contains("save Order"), "{effects:?}");
    let mail = tables(&map(MAIL));
    assert!(mail.contains("mail-express images") && mail.contains("mail-express reports"), "{mail:?}");
}

#[test]
fn orders_where_it_becomes_asynchronous() {
    let map = map(ORDERS);
    let boundary = |boundary: &Value| {
        let downstream: Vec<&str> =
            list(boundary, "downstream").iter().map(|service| text(service, "service")).collect();
        format!("{} {} -> {}", text(boundary, "service"), text(&boundary["trigger"], "what"), downstream.join(","))
    };
    let found: Vec<String> = list(&map, "boundaries").iter().map(boundary).collect();
    assert_eq!(
        found,
        [
            "order-service POST /orders -> ",
            "user-service POST /users -> notification-service",
            "user-service PUT /users/:id -> notification-service",
        ]
    );
}

#[test]
fn orders_can_be_lost_between_two_lines() {
    let report = report(ORDERS);
    let file = "apps/order-service/src/orders/orders.service.ts";
    let finding =
        list(&report, "findings").iter().find(|finding| finding["rule"] == "dual-write" && finding["file"] == file);
    let finding = finding.expect("the order is saved, then published");
    let path = format!("{ORDERS}/{file}");
    assert_eq!(finding["line"], line_of(&path, "this.kafka.publish("));
    let write = &list(finding, "related")[0];
    assert_eq!((text(write, "file"), &write["line"]), (file, &Value::from(line_of(&path, "this.orders.save("))));
    assert_eq!(finding["severity"], "warn");
    assert!(text(finding, "remedy").contains("outbox"), "{finding}");
    let gates: Vec<(&str, &str)> =
        list(&report, "gates").iter().map(|gate| (text(gate, "gate"), text(gate, "status"))).collect();
    assert_eq!(gates, [("G1", "fail"), ("G2", "fail"), ("G3", "fail"), ("G4", "n/a")]);
}

#[test]
fn mails_run_on_bull_alone() {
    let map = map(MAIL);
    let channels: BTreeSet<String> =
        operations(&map).iter().map(|line| line.split(' ').take(3).collect::<Vec<_>>().join(" ")).collect();
    let expected = ["receive report-export", "receive thumbnails", "send report-export", "send thumbnails"];
    assert_eq!(channels, expected.iter().map(|what| format!("mail-express {what}")).collect());
    let kinds: BTreeSet<&str> = list(&map, "operations").iter().map(|operation| text(operation, "broker")).collect();
    assert_eq!(kinds, BTreeSet::from(["bull"]), "no code uses RabbitMQ yet");
    let brokers: Vec<(&str, Option<&str>)> =
        list(&map, "brokers").iter().map(|broker| (text(broker, "kind"), broker["version"].as_str())).collect();
    assert_eq!(brokers, [("bull", None), ("rabbitmq", Some("3.13"))], "the container runs all the same");
    assert_eq!(list(&map, "unresolved"), &[] as &[Value]);
}

#[test]
fn every_finding_can_be_explained_and_every_channel_shown() {
    for example in [ORDERS, MAIL] {
        for finding in list(&report(example), "findings") {
            let id = text(finding, "id");
            let run = weir(["explain", id, example]).succeed();
            assert!(
                run.out.contains(id) && run.out.contains(&format!("weir rules {}", text(finding, "rule"))),
                "{}",
                run.out
            );
        }
        let map = map(example);
        for operation in list(&map, "operations") {
            let [id, channel, file] = ["id", "channel", "file"].map(|key| text(operation, key));
            assert!(weir(["explain", id, example]).succeed().out.contains(file), "{id}");
            assert!(weir(["show", channel, example]).succeed().out.contains(channel), "{channel}");
        }
    }
}

#[test]
fn every_span_stands_in_a_file() {
    fn spans(value: &Value, found: &mut Vec<(String, u64)>) {
        match value {
            Value::Object(fields) => {
                if let (Some(Value::String(file)), Some(line)) = (fields.get("file"), fields.get("line")) {
                    found.push((file.clone(), line.as_u64().expect("a line")));
                }
                fields.values().for_each(|value| spans(value, found));
            }
            Value::Array(values) => values.iter().for_each(|value| spans(value, found)),
            _ => {}
        }
    }
    for example in [ORDERS, MAIL] {
        let mut found = Vec::new();
        spans(&map(example), &mut found);
        spans(&report(example), &mut found);
        assert!(found.len() > 20, "{found:?}");
        for (file, line) in found {
            let source = std::fs::read_to_string(repository().join(example).join(&file)).expect("the file is there");
            assert!(line >= 1 && line <= source.lines().count() as u64, "{file}:{line}");
        }
    }
}

#[test]
fn screens_of_orders() {
    assert_snapshot!("orders", weir([ORDERS]).succeed().timeless());
    assert_snapshot!("orders_discover", weir(["discover", ORDERS]).succeed().timeless());
    assert_snapshot!("orders_validate", weir(["validate", ORDERS]).run().out);
    assert_snapshot!("orders_show_channel", weir(["show", "user-events", ORDERS]).succeed().out);
    assert_snapshot!("orders_show_event", weir(["show", "OrderCreated", ORDERS]).succeed().out);
    assert_snapshot!("orders_explain_finding", weir(["explain", "dual-write-1", ORDERS]).succeed().out);
}

/// The first screen of the README is what weir prints, the time aside.
#[test]
fn the_readme_shows_a_real_screen() {
    let readme = std::fs::read_to_string(repository().join("README.md")).expect("the README can be read");
    let shown = readme.split_once("```console\n$ weir examples/orders-nestjs\n").expect("the README shows a screen").1;
    let shown = shown.split_once("```").expect("the screen ends").0;
    let run = weir([ORDERS]).env("COLUMNS", "80").succeed();
    assert_eq!(timeless(shown), run.timeless(), "put what weir prints into the README");
}

#[test]
fn screens_of_mails() {
    assert_snapshot!("mail", weir([MAIL]).succeed().timeless());
    assert_snapshot!("mail_discover", weir(["discover", MAIL]).succeed().timeless());
    assert_snapshot!("mail_validate", weir(["validate", MAIL]).run().out);
    assert_snapshot!("mail_show_channel", weir(["show", "report-export", MAIL]).succeed().out);
    assert_snapshot!("mail_explain_finding", weir(["explain", "dual-write-1", MAIL]).succeed().out);
}

/// Which keys the JSON has and of what type, over both examples; the values are the business of the other tests.
#[test]
fn shape_of_the_json() {
    let both = |of: fn(&str) -> Value| {
        let mut found = BTreeMap::new();
        for example in [ORDERS, MAIL] {
            shape("", &of(example), &mut found);
        }
        let lines: Vec<String> = found
            .into_iter()
            .map(|(path, types)| format!("{path}: {}", types.into_iter().collect::<Vec<_>>().join(" | ")))
            .collect();
        lines.join("\n")
    };
    assert_snapshot!("shape_of_the_flow_model", both(map));
    assert_snapshot!("shape_of_the_report", both(report));
}

fn shape(path: &str, value: &Value, found: &mut BTreeMap<String, BTreeSet<&'static str>>) {
    let name = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(values) => {
            values.iter().for_each(|value| shape(&format!("{path}[]"), value, found));
            "array"
        }
        Value::Object(fields) => {
            for (key, value) in fields {
                shape(format!("{path}.{key}").trim_start_matches('.'), value, found);
            }
            "object"
        }
    };
    if !path.is_empty() {
        found.entry(path.to_owned()).or_default().insert(name);
    }
}

/// The lists grow with every rule and every library; what stays is that each entry leads on.
#[test]
fn every_rule_has_a_page() {
    let rules = weir(["rules"]).succeed().out;
    let names: Vec<&str> =
        rules.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split(' ').next()).collect();
    for name in ["dual-write", "no-dlq", "no-idempotency", "publish-before-write"] {
        assert!(names.contains(&name), "{name}: {rules}");
    }
    for name in names {
        let page = weir(["rules", name]).succeed().out;
        assert!(page.starts_with(&format!("# {name}")), "{name}: {page}");
        assert!(page.contains("```yaml"), "the page of {name} has no example");
    }
}

#[test]
fn every_pack_of_the_repository_is_listed_and_in_order() {
    let listed = weir(["packs"]).succeed().out;
    let mut seen = 0;
    for kind in std::fs::read_dir(repository().join("packs")).expect("the packs are there") {
        let kind = kind.expect("an entry").path();
        for pack in std::fs::read_dir(&kind).into_iter().flatten() {
            let pack = pack.expect("an entry").path();
            if pack.extension().is_some_and(|extension| extension == "yaml") {
                let checked = weir(["packs", "check"]).with(&pack).succeed().out;
                let library =
                    checked.split_once(": fine. ").and_then(|(_, rest)| rest.split(" (").next()).expect("a name");
                assert!(listed.lines().any(|line| line.trim().starts_with(library)), "{library} is not listed");
                seen += 1;
            }
        }
    }
    assert!(seen >= 30, "{seen} packs");
}
