//! Embeds every file of `brokers/` into the library, so that a release binary needs nothing beside it: as JSON,
//! which is read ten times as fast as what people write.

use std::fmt::Write as _;
use std::path::Path;

fn main() {
    // Read when the script runs: a script that another checkout compiled would embed that checkout's files.
    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let root = Path::new(&here).join("../../brokers");
    assert!(root.is_dir(), "there is no folder {}", root.display());
    println!("cargo:rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&root).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(path);
        }
    }
    files.sort();
    let mut code = String::from(
        "/// File name of every embedded broker, and what it says as JSON.\nstatic EMBEDDED: &[(&str, &str)] = &[\n",
    );
    for file in files {
        println!("cargo:rerun-if-changed={}", file.display());
        let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("cannot read {name}: {error}"));
        let broker: serde_json::Value =
            serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("brokers/{name} is no YAML: {error}"));
        let _ = writeln!(code, "    ({name:?}, {:?}),", broker.to_string());
    }
    code.push_str("];\n");
    let out = std::env::var("OUT_DIR").unwrap_or_default();
    if let Err(error) = std::fs::write(Path::new(&out).join("embedded_brokers.rs"), code) {
        panic!("cannot write the embedded brokers: {error}");
    }
}
