//! What weir hands to the shell: 0 fine, 1 findings, 2 a wrong command line, 3 what cannot be read or written.

use crate::project::Project;
use crate::runner::{Run, Weir, weir};

const ORDERS: &str = "examples/orders-nestjs";

fn code<const N: usize>(args: [&str; N]) -> i32 {
    weir(args).run().code
}

/// A run that fails: nothing on the output, and an error that names what it is about.
fn fails(weir: Weir, code: i32, names: &[&str]) -> Run {
    let what = format!("{:?}", weir.command);
    let run = weir.run();
    assert_eq!(run.code, code, "{what}\n{}{}", run.out, run.err);
    assert_eq!(run.out, "", "{what}");
    for name in names {
        assert!(run.err.contains(name), "{what} does not name {name}: {}", run.err);
    }
    run
}

#[test]
fn answers_are_fine() {
    assert_eq!(code([ORDERS]), 0, "findings alone do not fail the overview");
    assert_eq!(code(["discover", ORDERS]), 0);
    assert_eq!(code(["discover", ORDERS, "--format", "json"]), 0);
    assert_eq!(code(["show", "user-events", ORDERS]), 0);
    assert_eq!(code(["explain", "dual-write-1", ORDERS]), 0);
    assert_eq!(code(["rules"]), 0);
    assert_eq!(code(["packs"]), 0);
    assert_eq!(code(["--help"]), 0);
    assert_eq!(code(["--version"]), 0);
}

#[test]
fn findings_fail_at_the_level_that_is_asked_for() {
    assert_eq!(code(["validate", ORDERS]), 1, "gates fail by default");
    assert_eq!(code(["validate", ORDERS, "--fail-on", "gate"]), 1);
    assert_eq!(code(["validate", ORDERS, "--fail-on", "warn"]), 1);
    assert_eq!(code(["validate", ORDERS, "--fail-on", "info"]), 1);
    assert_eq!(code(["validate", ORDERS, "--fail-on", "critical"]), 0, "it has none");
    assert_eq!(code(["validate", ORDERS, "--fail-on", "never"]), 0);
    assert_eq!(code([ORDERS, "--fail-on", "warn"]), 1);
    assert_eq!(code([ORDERS, "--fail-on", "critical"]), 0);
}

#[test]
fn every_format_fails_alike() {
    for format in ["text", "json", "sarif", "github", "markdown"] {
        assert_eq!(code(["validate", ORDERS, "--format", format]), 1, "{format}");
    }
}

#[test]
fn accepted_findings_do_not_fail() {
    let project = Project::empty();
    let report = weir(["validate", ORDERS, "--format", "json"]).run();
    project.file("baseline.json", &report.out);
    let baseline = project.path("baseline.json");
    let run = weir(["validate", ORDERS, "--fail-on", "warn", "--baseline"]).with(baseline).run();
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

#[test]
fn a_healthy_project_has_nothing_to_fail_on() {
    let project = Project::healthy();
    let run = weir(["validate", "--fail-on", "warn"]).with(project.root()).run();
    assert_eq!(run.code, 0, "{}{}", run.out, run.err);
}

#[test]
fn a_wrong_command_line_is_told_with_what_would_be_right() {
    fails(weir(["discover", ORDERS, "--nonsense"]), 2, &["--nonsense"]);
    fails(weir(["discover", ORDERS, "--format", "xml"]), 2, &["xml", "json"]);
    fails(weir(["discover", ORDERS, "--jobs", "many"]), 2, &["many"]);
    fails(weir(["discover", ORDERS, "--certainty", "maybe"]), 2, &["maybe", "likely"]);
    fails(weir(["discover", ORDERS, "--broker", "pigeon"]), 2, &["pigeon", "kafka", "rabbitmq"]);
    fails(weir(["discover", ORDERS, "--pattern", "chaos"]), 2, &["chaos", "saga"]);
    fails(weir(["validate", ORDERS, "--rule", "dual"]), 2, &["dual", "dual-write"]);
    fails(weir(["validate", ORDERS, "--fail-on", "always"]), 2, &["always", "gate"]);
    fails(weir(["show", "user", ORDERS]), 2, &["user", "user-events"]);
    fails(weir(["explain", "dual-write-99", ORDERS]), 2, &["dual-write-99"]);
    fails(weir(["rules", "dual"]), 2, &["dual-write"]);
}

#[test]
fn a_path_that_does_not_exist() {
    for command in ["discover", "validate", "document"] {
        fails(weir([command, "no/such/path"]), 3, &["no/such/path", "check the path"]);
    }
    fails(weir(["no/such/path"]), 3, &["no/such/path"]);
    fails(weir(["show", "orders", "no/such/path"]), 3, &["no/such/path"]);
}

#[test]
fn a_file_that_is_no_design() {
    let project = Project::healthy();
    project.file("broken.yaml", "weir: 1\nsystem: s\nsend: []\n").file("other.yaml", "services: {}\n");
    project.file("noise.yaml", [0xff, 0xfe, 0x00, 0x80]);
    fails(weir(["validate"]).with(project.path("src/orders.ts")), 3, &["src/orders.ts", "flow file"]);
    fails(weir(["validate"]).with(project.path("broken.yaml")), 3, &["broken.yaml:3:", "send"]);
    fails(weir(["validate"]).with(project.path("other.yaml")), 3, &["other.yaml"]);
    fails(weir(["validate"]).with(project.path("noise.yaml")), 3, &["noise.yaml", "UTF-8"]);
}

#[test]
fn a_baseline_that_cannot_be_read() {
    let project = Project::empty();
    project.file("baseline.json", "{ oops");
    fails(weir(["validate", ORDERS, "--baseline", "no/baseline.json"]), 3, &["no/baseline.json"]);
    fails(weir(["validate", ORDERS, "--baseline"]).with(project.path("baseline.json")), 3, &["baseline.json"]);
}

#[test]
fn a_pack_that_is_wrong() {
    let project = Project::with_pack();
    project.file("bad.yaml", "library: x\nkind: nonsense\n");
    let good = weir(["packs", "check"]).with(project.path(".weir/packs/deepbus.yaml")).succeed();
    assert!(good.out.contains("deepbus"), "{}", good.out);
    fails(weir(["packs", "check"]).with(project.path("bad.yaml")), 3, &["bad.yaml", "nonsense"]);
    fails(weir(["packs", "check", "no/pack.yaml"]), 3, &["no/pack.yaml"]);
}

#[test]
fn a_folder_for_documents_that_cannot_be_made() {
    let project = Project::healthy();
    let out = project.path("package.json").join("docs");
    fails(weir(["document"]).with(project.root()).with("--out").with(out), 3, &["cannot write"]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk() {
    let full = || std::fs::OpenOptions::new().write(true).open("/dev/full").expect("Linux has /dev/full");
    for args in
        [&["discover", ORDERS, "--format", "json"][..], &[ORDERS], &["validate", ORDERS], &["rules"], &["packs"]]
    {
        let mut command = weir(args).command;
        let output = command.stdout(full()).output().expect("weir runs");
        let err = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{args:?} {err}");
        assert!(err.contains("cannot write the answer"), "{args:?} {err}");
    }
}
