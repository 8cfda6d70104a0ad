//! Somebody meets weir for the first time, in their own shell: pipes, colours, widths, help.

use crate::project::Project;
use crate::runner::{repository, weir};
use std::process::Stdio;

const ORDERS: &str = "examples/orders-nestjs";

#[test]
fn a_reader_that_goes_away_is_no_error() {
    for args in
        [&["discover", ORDERS, "--format", "json"][..], &[ORDERS], &["validate", ORDERS], &["rules"], &["--help"]]
    {
        let mut command = weir(args).command;
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("weir starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("weir ends");
        let err = String::from_utf8_lossy(&output.stderr);
        assert!(err.is_empty(), "{args:?}: {err}");
        let expected = i32::from(args[0] == "validate");
        assert_eq!(output.status.code(), Some(expected), "{args:?}");
    }
}

#[test]
fn a_broker_that_waits_for_code_is_told() {
    let project = Project::empty();
    project
        .file("docker-compose.yml", "services:\n  queue:\n    image: rabbitmq:3-management\n")
        .file("package.json", r#"{ "name": "app", "dependencies": { "kafkajs": "2.2.4" } }"#)
        .file("src/index.ts", "console.log('hello');\n");
    let screen = weir([project.root()]).succeed().out;
    assert!(screen.contains("RabbitMQ  compose: rabbitmq:3-management · runs here, no code uses it yet"), "{screen}");
    assert!(screen.contains("No code here sends or receives messages yet."), "{screen}");
    assert!(!screen.contains("Kafka"), "a dependency alone is no broker: {screen}");
}

#[test]
fn a_call_that_cannot_be_resolved_is_a_use_of_its_broker() {
    let project = Project::empty();
    project.file("docker-compose.yml", "services:\n  queue:\n    image: rabbitmq:3-management\n").file(
        "src/send.ts",
        "import { connect } from 'amqplib';\n\
         export async function send(queue: string) {\n\
         \x20 const channel = await (await connect('amqp://queue')).createChannel();\n\
         \x20 channel.sendToQueue(queue, Buffer.from(''));\n\
         }\n",
    );
    let screen = weir([project.root()]).succeed().out;
    assert!(screen.contains("1 messaging call here, none resolved."), "{screen}");
    assert!(screen.contains("src/send.ts:4"), "{screen}");
    assert!(!screen.contains("no code uses it yet") && !screen.contains("No code here"), "{screen}");
}

#[test]
fn a_pipe_gets_no_colours_and_no_progress() {
    for args in [&[ORDERS][..], &["discover", ORDERS], &["validate", ORDERS], &["show", "orders", ORDERS]] {
        let run = weir(args).run();
        assert!(!run.out.contains('\u{1b}'), "{args:?}: {:?}", run.out);
        assert_eq!(run.err, "", "{args:?}");
    }
}

/// What is printed to a terminal that `script` plays; without the progress, which comes and goes with the load.
#[cfg(target_os = "linux")]
fn on_a_terminal(env: &[(&str, &str)], args: &str) -> Option<String> {
    let program = crate::runner::program().display();
    let mut command = std::process::Command::new("script");
    let line = format!("stty cols 80 && '{program}' --quiet {args}");
    command.args(["-qec", &line, "/dev/null"]).current_dir(repository()).stdin(Stdio::null());
    for name in ["NO_COLOR", "COLUMNS"] {
        command.env_remove(name);
    }
    let cache = Project::empty();
    command.env("TERM", "xterm-256color").env("XDG_CACHE_HOME", cache.root()).envs(env.iter().copied());
    match command.output() {
        Ok(output) => {
            assert!(output.status.success(), "{output:?}");
            Some(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Err(error) => {
            crate::runner::say(&format!("skipped: there is no `script` to play a terminal: {error}"));
            None
        }
    }
}

#[cfg(target_os = "linux")]
#[test]
fn colours_are_for_terminals_that_want_them() {
    let colour = |text: &str| text.contains("\u{1b}[");
    let Some(plain) = on_a_terminal(&[], ORDERS) else { return };
    assert!(colour(&plain), "a terminal gets colours: {plain}");
    for (env, args) in [
        (&[("NO_COLOR", "1")][..], ORDERS.to_owned()),
        (&[("TERM", "dumb")], ORDERS.to_owned()),
        (&[], format!("{ORDERS} --no-color")),
    ] {
        let text = on_a_terminal(env, &args).expect("it ran before");
        assert!(!text.contains('\u{1b}'), "{env:?} {args}: {text:?}");
    }
    let empty = on_a_terminal(&[("NO_COLOR", "")], ORDERS).expect("it ran before");
    assert!(colour(&empty), "an empty NO_COLOR says nothing");
}

#[cfg(target_os = "linux")]
#[test]
fn colours_take_no_meaning_away() {
    let Some(plain) = on_a_terminal(&[("NO_COLOR", "1")], ORDERS) else { return };
    let coloured = on_a_terminal(&[], ORDERS).expect("it ran before");
    let words = |text: &str| {
        let text = crate::runner::timeless(&strip(text).replace("\r\n", "\n"));
        text.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(words(&plain), words(&coloured));
}

/// The text without colours and links.
#[cfg(target_os = "linux")]
fn strip(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('\u{1b}') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        // A link ends with ESC \, a colour with a letter.
        let end = if rest.starts_with(']') {
            rest.find("\u{1b}\\").map(|at| at + 2)
        } else {
            rest.find('m').map(|at| at + 1)
        };
        rest = &rest[end.unwrap_or(rest.len())..];
    }
    out + rest
}

/// Lines too wide for this many columns. A place in a file is not broken, so that it can be clicked and copied.
fn too_wide(text: &str, columns: usize) -> Vec<String> {
    let place =
        |line: &str| line.split_whitespace().next().is_some_and(|word| word.contains('/') && word.contains(':'));
    let wide = text.lines().filter(|line| line.chars().count() > columns && !place(line));
    wide.map(str::to_owned).collect()
}

#[test]
fn eighty_columns() {
    for args in [&[ORDERS][..], &["discover", ORDERS], &["validate", ORDERS], &["explain", "no-dlq-1", ORDERS]] {
        let run = weir(args).env("COLUMNS", "80").run();
        assert_eq!(too_wide(&run.out, 80), Vec::<String>::new(), "{args:?}");
    }
}

#[test]
fn narrow_columns() {
    let run = weir(["validate", ORDERS]).env("COLUMNS", "60").run();
    let findings = run.out.split_once("\n\n").map(|(_, findings)| findings).unwrap_or_default();
    assert_eq!(too_wide(findings, 60), Vec::<String>::new());
    let wide = weir(["validate", ORDERS]).env("COLUMNS", "140").run();
    assert!(wide.out.lines().count() < run.out.lines().count(), "more room, fewer lines");
    // What is no width is no width.
    let usual = weir(["validate", ORDERS]).run();
    for nonsense in ["", "wide", "-3"] {
        assert_eq!(weir(["validate", ORDERS]).env("COLUMNS", nonsense).run().out, usual.out, "{nonsense:?}");
    }
    for extreme in ["0", "18446744073709551615"] {
        assert_eq!(weir(["validate", ORDERS]).env("COLUMNS", extreme).run().code, 1, "{extreme}");
    }
}

#[test]
fn the_folder_one_stands_in_is_the_project() {
    let named = weir(["discover", "--format", "json"]).with(repository().join(ORDERS)).succeed();
    let here = weir(["discover", "--format", "json"]).dir(&repository().join(ORDERS)).succeed();
    let up = weir(["discover", "--format", "json", "../.."])
        .dir(&repository().join(ORDERS).join("apps/user-service"))
        .succeed();
    assert_eq!(named.out, here.out);
    assert_eq!(named.out, up.out);
    let bare = weir::<&str>([]).dir(&repository().join(ORDERS)).succeed();
    assert!(bare.out.contains("user-events"), "{}", bare.out);
}

#[test]
fn a_folder_with_spaces_and_other_letters() {
    let project = Project::empty();
    for (path, topic) in
        [("my shop/src/a b.ts", "spaces"), ("my shop/src/größe.ts", "umlauts"), ("my shop/src/注文.ts", "ideographs")]
    {
        project.file(path, format!("import {{ Kafka }} from 'kafkajs';\nnew Kafka({{}}).producer().send({{ topic: '{topic}', messages: [] }});\n"));
    }
    let run = weir(["discover"]).with(project.path("my shop")).succeed();
    for topic in ["spaces", "umlauts", "ideographs"] {
        assert!(run.out.contains(topic), "{topic}: {}", run.out);
    }
}

#[test]
fn help_teaches() {
    let help = weir(["--help"]).succeed().out;
    for word in ["discover", "validate", "document", "show", "explain", "rules", "packs", "Examples:", "Exit status:"] {
        assert!(help.contains(word), "{word} is not in the help");
    }
    for command in ["discover", "validate", "document", "show", "explain", "rules", "packs"] {
        let help = weir([command, "--help"]).succeed().out;
        assert!(help.contains("Usage:"), "{command}: {help}");
    }
    let version = weir(["--version"]).succeed().out;
    assert!(version.starts_with("weir ") && version.trim().ends_with(env!("CARGO_PKG_VERSION")), "{version}");
}
