//! Input that nobody wrote for weir: each costs itself only, and the output says what was left out.

use crate::project::Project;
use crate::runner::{list, say, text, weir};
use std::time::{Duration, Instant};

#[test]
fn an_empty_folder() {
    let project = Project::empty();
    let map = project.map();
    map.skips_nothing();
    assert_eq!(map.channels(), Vec::<&str>::new());
    let run = weir([project.root()]).succeed();
    assert!(run.out.contains("No messaging found."), "{}", run.out);
    assert!(run.out.contains("no source file"), "{}", run.out);
}

#[test]
fn a_binary_file_named_like_source() {
    let project = Project::healthy();
    let mut bytes = b"\x7fELF\x02\x01\0\0 kafkajs".to_vec();
    bytes.extend((0..=u8::MAX).cycle().take(40_000));
    project.file("src/image.ts", bytes);
    project.still_mapped().skips_only("src/image.ts", "binary");
}

#[test]
fn a_generated_file_of_a_hundred_megabytes() {
    let project = Project::healthy();
    let line = "export const kafkajs = 'kafkajs';\n";
    project.file("src/generated.ts", line.repeat((100 << 20) / line.len()));
    let begun = Instant::now();
    project.still_mapped().skips_only("src/generated.ts", "larger than");
    assert!(begun.elapsed() < Duration::from_secs(20), "the file is left out, not read: {:?}", begun.elapsed());
}

#[test]
fn a_minified_bundle() {
    let project = Project::healthy();
    project.file("src/bundle.js", format!("var k=require('kafkajs');{}", "function a(){return 1};".repeat(30_000)));
    project.still_mapped().skips_only("src/bundle.js", "minified");
}

#[test]
fn manifests_and_configuration_that_cannot_be_read() {
    for (path, text, why) in [
        ("lib/package.json", "{ name: lib", "no valid JSON"),
        ("lib/tsconfig.json", "{ \"compilerOptions\": ", "no valid JSON"),
        ("deploy/docker-compose.yml", "services:\n  a: [\n", "no valid YAML"),
    ] {
        let project = Project::healthy();
        project.file(path, text);
        project.still_mapped().skips_only(path, why);
    }
}

#[test]
fn packages_that_are_called_like_the_folders_of_builds() {
    let send = |package: &str, topic: &str| {
        format!(
            "package shop.{package};\nimport org.springframework.kafka.core.KafkaTemplate;\nclass Sender {{\n\
             private KafkaTemplate<String, String> template;\nvoid send() {{ template.send(\"{topic}\", \"\"); }}\n}}\n"
        )
    };
    let project = Project::empty();
    project
        .file(".gitignore", "out/\n")
        .file("pom.xml", "<project/>")
        .file("src/main/java/shop/kafka/out/Sender.java", send("kafka.out", "kept"))
        .file("src/main/java/shop/target/Sender.java", send("target", "kept-too"))
        .file("out/shop/Sender.java", send("built", "built"))
        .file("target/shop/Sender.java", send("built", "built"));
    assert_eq!(project.map().channels(), ["kept", "kept-too"]);
}

#[test]
fn broken_utf8() {
    let project = Project::healthy();
    let source = b"import { Kafka } from 'kafkajs';
// caf\xe9 \xff\xfe \xc3\x28
const producer = new Kafka({}).producer();
export const plain = () => producer.send({ topic: 'plain', messages: [] });
";
    project.file("src/latin1.ts", source);
    let map = project.still_mapped();
    map.skips_nothing();
    assert!(map.channels().contains(&"plain"), "{:?}", map.channels());
}

#[test]
fn syntax_errors() {
    let project = Project::healthy();
    let source = "import { Kafka } from 'kafkajs';
const producer = new Kafka({}).producer();
export const whole = () => producer.send({ topic: 'whole', messages: [] });
export function broken( { { {
  class = ;;; }}}} (((
";
    project.file("src/broken.ts", source);
    let map = project.still_mapped();
    map.skips_nothing();
    assert!(map.channels().contains(&"whole"), "{:?}", map.channels());
    let clean = map.0["coverage"]["languages"]["typescript"]["cleanPermille"].as_u64().expect("a share");
    assert!(clean < 1000, "the broken share is a figure in the output");
}

#[test]
fn an_import_cycle() {
    let project = Project::healthy();
    project.file("src/a.ts", "import { B } from './b';\nexport const A = B;\nexport * from './b';\n");
    project.file(
        "src/b.ts",
        "import { A } from './a';\nexport const B = A;\nexport * from './a';\nexport { Z } from './a';\n",
    );
    let source = "import { Kafka } from 'kafkajs';
import { A, Z } from './a';
const producer = new Kafka({}).producer();
export const first = () => producer.send({ topic: A, messages: [] });
export const second = () => producer.send({ topic: Z, messages: [] });
";
    project.file("src/c.ts", source);
    let map = project.still_mapped();
    let lines: Vec<u64> = list(&map.0, "unresolved").iter().filter_map(|entry| entry["line"].as_u64()).collect();
    assert_eq!(lines, [4, 5], "what cannot be resolved is counted, not dropped");
}

#[test]
fn a_wrapper_that_calls_itself() {
    let project = Project::healthy();
    let source = "import { Kafka } from 'kafkajs';
const producer = new Kafka({}).producer();
export async function publish(topic: string, tries: number): Promise<void> {
  if (tries > 0) return publish(topic, tries - 1);
  await producer.send({ topic, messages: [] });
}
export function ping(name: string): Promise<void> { return name ? pong(name) : publish(`${name}.end`, 0); }
export function pong(name: string): Promise<void> { return ping(name); }
export const go = () => { publish('direct', 3); ping('mutual'); };
";
    project.file("src/wrapper.ts", source);
    let map = project.still_mapped();
    map.skips_nothing();
    for name in ["direct", "mutual.end"] {
        assert!(map.channels().contains(&name), "{name} is not in {:?}", map.channels());
    }
}

#[test]
fn a_tsconfig_that_extends_itself() {
    let project = Project::healthy();
    let tsconfig =
        r#"{ "extends": "./tsconfig.json", "compilerOptions": { "paths": { "@names": ["src/names.ts"] } } }"#;
    project.file("tsconfig.json", tsconfig).file("src/names.ts", "export const NAME = 'mapped';\n");
    let source = "import { Kafka } from 'kafkajs';
import { NAME } from '@names';
const producer = new Kafka({}).producer();
export const send = () => producer.send({ topic: NAME, messages: [] });
";
    project.file("src/mapped.ts", source);
    let map = project.still_mapped();
    assert!(map.channels().contains(&"mapped"), "{:?}", map.channels());
    project.file("tsconfig.json", r#"{ "extends": "./a.json" }"#);
    project.file("a.json", r#"{ "extends": "./b.json" }"#).file("b.json", r#"{ "extends": "./a.json" }"#);
    project.still_mapped();
}

#[test]
fn a_manifest_that_is_no_json() {
    let project = Project::healthy();
    project.file("package.json", "{ \"name\": \"shop\", oops");
    project.still_mapped();
}

#[test]
fn a_compose_file_whose_aliases_multiply() {
    let project = Project::healthy();
    let mut yaml = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for at in 1..12 {
        let aliases = vec![format!("*a{}", at - 1); 9].join(", ");
        yaml.push_str(&format!("a{at}: &a{at} [{aliases}]\n"));
    }
    yaml.push_str("services:\n  kafka:\n    image: confluentinc/cp-kafka:7.6.1\n    environment: *a11\n");
    project.file("docker-compose.yml", yaml);
    let begun = Instant::now();
    project.still_mapped();
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
}

#[test]
fn names_that_drive_a_terminal() {
    let project = Project::healthy();
    let source = "import { Kafka } from 'kafkajs';
const producer = new Kafka({}).producer();
export const send = () => producer.send({ topic: 'a\\u001b[31mb\\u0007c\\r\\nd', messages: [] });
";
    project.file("src/escape.ts", source);
    let run = weir(["discover"]).with(project.root()).succeed();
    let hostile = run.out.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(hostile, None, "{:?}", run.out);
    assert!(run.out.contains("[31mb"), "the name is shown all the same: {}", run.out);
}

#[cfg(unix)]
mod unix {
    use super::*;
    use crate::runner::{Weir, program};
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::process::CommandExt;
    use std::path::Path;

    /// A user that owns nothing.
    const NOBODY: u32 = 65_534;

    fn allow(path: &Path, mode: u32) {
        std::fs::set_permissions(path, PermissionsExt::from_mode(mode)).expect("the mode can be set");
    }

    /// A run that permissions hold for: root reads everything, so root's run is handed to a user who does not.
    /// `None`, with the reason printed, where that user cannot run the program at all.
    fn unprivileged(mut weir: Weir) -> Option<Weir> {
        let probe = Project::empty();
        probe.file("closed", "");
        allow(&probe.path("closed"), 0o000);
        if std::fs::read(probe.path("closed")).is_err() {
            return Some(weir);
        }
        let mut version = std::process::Command::new(program());
        match version.arg("--version").uid(NOBODY).gid(NOBODY).output() {
            Ok(output) if output.status.success() => {
                weir.command.uid(NOBODY).gid(NOBODY).env("XDG_CACHE_HOME", "/nonexistent").current_dir("/");
                Some(weir)
            }
            other => {
                say(&format!("skipped: this is root, and another user cannot run {}: {other:?}", program().display()));
                None
            }
        }
    }

    fn discover(root: &Path) -> Weir {
        weir(["discover", "--format", "json", "--no-cache"]).with(root)
    }

    #[test]
    fn a_file_without_permission() {
        let project = Project::healthy();
        project.file("src/secret.ts", "import { Kafka } from 'kafkajs';\n");
        allow(project.root(), 0o755);
        allow(&project.path("src/secret.ts"), 0o000);
        let Some(weir) = unprivileged(discover(project.root())) else { return };
        let map = crate::project::Map(weir.succeed().json());
        assert!(map.channels().contains(&"orders"), "{:?}", map.channels());
        map.skips_only("src/secret.ts", "ermission denied");
    }

    #[test]
    fn a_folder_without_permission() {
        let project = Project::healthy();
        project.file("closed/inner.ts", "import { Kafka } from 'kafkajs';\n");
        allow(project.root(), 0o755);
        allow(&project.path("closed"), 0o000);
        let run = unprivileged(discover(project.root())).map(Weir::succeed);
        let closed = unprivileged(weir(["discover"]).with(project.path("closed"))).map(Weir::run);
        allow(&project.path("closed"), 0o755);
        let (Some(run), Some(closed)) = (run, closed) else { return };
        let map = crate::project::Map(run.json());
        assert!(map.channels().contains(&"orders"), "{:?}", map.channels());
        map.skips_only("closed", "ermission denied");
        assert_eq!(closed.code, 3, "a root that is closed: {}{}", closed.out, closed.err);
        assert!(closed.err.contains("closed") && closed.err.contains("ermission denied"), "{}", closed.err);
    }

    #[test]
    fn a_link_that_leads_nowhere() {
        let project = Project::healthy();
        project.link("src/gone.ts", "nowhere.ts");
        project.still_mapped().skips_only("src/gone.ts", "leads nowhere");
    }

    #[test]
    fn links_that_run_in_a_circle() {
        let project = Project::healthy();
        project.link("src/up", "..").link("src/self.ts", "self.ts");
        let map = project.still_mapped();
        map.skips_only("src/self.ts", "leads nowhere");
        let orders = map.channels().into_iter().filter(|channel| *channel == "orders").count();
        assert_eq!(orders, 1, "no file is read twice");
    }

    #[test]
    fn links_out_of_the_root() {
        let outside = Project::healthy();
        let source = std::fs::read_to_string(outside.path("src/orders.ts")).expect("the source");
        outside.file("src/orders.ts", source.replace("'orders'", "'outside'"));
        let project = Project::healthy();
        project.link("src/other", outside.root()).link("src/other.ts", outside.path("src/orders.ts"));
        project.link("node_modules", outside.root());
        let map = project.still_mapped();
        assert!(!map.channels().contains(&"outside"), "{:?}", map.channels());
        for link in ["src/other", "src/other.ts"] {
            assert!(map.skipped(link).is_some_and(|why| why.contains("out of the project")), "{link}");
        }
        assert_eq!(map.skipped("node_modules"), None, "dependencies are left out anyway");
    }

    #[test]
    fn a_root_that_is_a_link() {
        let project = Project::healthy();
        let other = Project::empty();
        other.link("shop", project.root());
        let map = crate::project::Map(discover(&other.path("shop")).succeed().json());
        assert_eq!(map.channels(), ["orders"]);
        map.skips_nothing();
    }

    #[test]
    fn a_pipe_named_like_source() {
        let project = Project::healthy();
        let made = std::process::Command::new("mkfifo").arg(project.path("src/pipe.ts")).status();
        assert!(made.expect("mkfifo runs").success());
        // Opening it would wait for ever; the runner's limit would tell.
        project.still_mapped().skips_nothing();
    }

    #[test]
    fn names_that_are_not_utf8() {
        use std::os::unix::ffi::OsStrExt;
        let project = Project::healthy();
        let name = std::ffi::OsStr::from_bytes(b"caf\xe9.ts");
        let source =
            "import { Kafka } from 'kafkajs';\nnew Kafka({}).producer().send({ topic: 'odd', messages: [] });\n";
        std::fs::write(project.path("src").join(name), source).expect("the file can be written");
        let map = project.still_mapped();
        let told = map.channels().contains(&"odd")
            || list(&map.0["coverage"], "skipped").iter().any(|entry| text(entry, "file").contains("caf"));
        assert!(told, "read or left out, but not lost: {:?}", map.0["coverage"]);
    }
}
