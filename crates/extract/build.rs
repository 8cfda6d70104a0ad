//! Embeds every file of `packs/` into the library, so that a release binary needs nothing beside it: as JSON, which is read
//! ten times as fast as what people write.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    // Read when the script runs: a script that another checkout compiled would embed that checkout's files.
    let here = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_default();
    let root = Path::new(&here).join("../../packs");
    assert!(root.is_dir(), "there is no folder {}", root.display());
    println!("cargo:rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    collect(&root, &mut files);
    files.sort();
    let mut code = String::from("/// Every embedded pack.\nstatic EMBEDDED: &[Embedded] = &[\n");
    for file in files {
        println!("cargo:rerun-if-changed={}", file.display());
        let name = file.strip_prefix(&root).unwrap_or(&file).display().to_string();
        let text = std::fs::read_to_string(&file).unwrap_or_else(|error| panic!("cannot read {name}: {error}"));
        let pack: serde_json::Value =
            serde_saphyr::from_str(&text).unwrap_or_else(|error| panic!("packs/{name} is no YAML: {error}"));
        let languages = pack.get("languages").and_then(|languages| languages.as_array()).into_iter().flatten();
        let languages: Vec<&str> = languages.filter_map(|language| language.as_str()).collect();
        let json = pack.to_string();
        let _ = writeln!(code, "    Embedded {{ file: {name:?}, languages: &{languages:?}, json: {json:?} }},");
    }
    code.push_str("];\n");
    let out = std::env::var("OUT_DIR").unwrap_or_default();
    if let Err(error) = std::fs::write(Path::new(&out).join("embedded_packs.rs"), code) {
        panic!("cannot write the embedded packs: {error}");
    }
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    println!("cargo:rerun-if-changed={}", folder.display());
    let Ok(entries) = std::fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            files.push(path);
        }
    }
}
