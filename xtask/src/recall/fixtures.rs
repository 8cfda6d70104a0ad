//! The examples and the TypeScript fixtures: every call the search finds there is explained by its own line, or listed
//! here with the reason why not.

use super::{Counts, Hit, compare};
use std::path::{Path, PathBuf};

/// Place below `tests/fixtures/typescript`, text of the call, and why its line says nothing. A line that is explained one
/// day must leave this list.
const SILENT: [(&str, &str, &str); 14] = [
    ("fastify.ts", "return reply.code(202).send();", "an answer of the web server, beside a producer"),
    ("nestjs-bullmq.ts", "abstract class BaseProcessor extends WorkerHost {", "the class below names the queue"),
    ("outside.ts", "await resend.emails.send(", "a mail, beside a producer"),
    ("pg-boss.ts", "await boss.subscribe(", "it binds a queue to an event; what works on the queue is another call"),
    ("rascal.ts", ".on('error', console.error);", "errors of the library, not messages"),
    ("nestjs-microservices-redis/src/main.ts", "this.tcp.emit(", "a client over TCP, where no broker is between"),
    ("dead-code/src/main.ts", "nc.publish('kiosk.never');", "code that never runs"),
    ("dead-code/src/main.ts", "nc.publish('kiosk.noted');", "a comment"),
    ("dead-code/src/main.ts", "const text = `nc.publish('kiosk.text')`;", "a text"),
    ("dead-code/src/main.ts", "nc.publish('kiosk.late');", "code that never runs"),
    (
        "company-wrapper/src/main.ts",
        "await parcels.send(",
        "a method of the program's own; what it sends is told inside it",
    ),
    ("google-cloud-pubsub.ts", "billing.on('error',", "errors of the library, not messages"),
    ("moleculer.ts", "this.parseServiceSchema({", "a service that listens to no event"),
    (
        "pulsar-client.ts",
        "const consumer = await client.subscribe(",
        "messages are received where the consumer is read",
    ),
];

fn tree(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(below)
}

/// The calls whose own line weir says nothing about, one a line.
fn listed(hits: &[&Hit]) -> String {
    hits.iter().map(|hit| format!("\n  {hit}")).collect()
}

#[test]
fn every_call_of_the_examples_is_explained() {
    for (example, least) in [("examples/orders-nestjs", 2), ("examples/mail-express", 4)] {
        let recall = compare(&tree(example)).expect("the example is there");
        let silent: Vec<&Hit> = recall.near.iter().chain(&recall.unexplained).collect();
        assert!(silent.is_empty(), "{example} says nothing of{}", listed(&silent));
        let hits: usize = recall.packs.values().map(|counts| counts.hits).sum();
        assert!(hits >= least, "the search finds {hits} calls in {example}, which has {least} or more");
    }
}

#[test]
fn every_call_of_the_fixtures_is_explained_or_listed() {
    let recall = compare(&tree("tests/fixtures/typescript")).expect("the fixtures are there");
    let silent = || recall.near.iter().chain(&recall.unexplained);
    let is = |hit: &Hit, file: &str, text: &str| hit.file == file && hit.text.starts_with(text);
    let fresh: Vec<&Hit> = silent().filter(|hit| !SILENT.iter().any(|(file, text, _)| is(hit, file, text))).collect();
    assert!(fresh.is_empty(), "weir says nothing of{}", listed(&fresh));
    for (file, text, reason) in SILENT {
        assert!(silent().any(|hit| is(hit, file, text)), "{file}: {text} is explained now; unlist it ({reason})");
    }
    let none: Vec<_> = recall.packs.iter().filter(|(_, counts)| **counts == Counts::default()).collect();
    assert!(none.is_empty(), "the search finds no call of {none:?}");
}
