//! Reads packs: the ones that are part of the program, and a project's own.

use super::schema::Pack;
use std::path::Path as FilePath;

include!(concat!(env!("OUT_DIR"), "/embedded_packs.rs"));

/// A pack that is part of the program.
#[derive(Debug)]
pub struct Embedded {
    /// Its file below `packs/`.
    pub file: &'static str,
    /// The languages it speaks about, which are told before it is read.
    pub languages: &'static [&'static str],
    json: &'static str,
}

impl Embedded {
    /// Reads it. A broken one is a bug that a test catches.
    pub fn pack(&self) -> Result<Pack, PackError> {
        serde_json::from_str(self.json)
            .map_err(|error| PackError { file: self.file.to_owned(), message: error.to_string() })
    }
}

/// All packs that apply to a run, sorted by library.
#[derive(Clone, Debug, Default)]
pub struct Packs {
    /// The packs.
    pub packs: Vec<Pack>,
    /// Fingerprint of the texts of a project's own packs; part of every cache key.
    pub fingerprint: u64,
}

/// Why a pack could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackError {
    /// File of the pack.
    pub file: String,
    /// What is wrong, with line and column where known.
    pub message: String,
}

impl std::fmt::Display for PackError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.file, self.message)
    }
}

/// Reads one pack from its text.
pub fn parse(file: &str, text: &str) -> Result<Pack, PackError> {
    let pack: Pack = serde_saphyr::from_str(text)
        .map_err(|error| PackError { file: file.to_owned(), message: error.to_string() })?;
    super::check::check(&pack).map_err(|message| PackError { file: file.to_owned(), message })?;
    Ok(pack)
}

/// The packs that are part of the program. A broken one is a bug that a test catches; it is left out here.
pub fn builtin() -> Packs {
    Packs::of(EMBEDDED.iter().filter_map(|embedded| embedded.pack().ok()).collect())
}

impl Packs {
    /// Packs in the order in which they are asked.
    pub fn of(mut packs: Vec<Pack>) -> Packs {
        packs.sort_by(|a, b| a.library.cmp(&b.library));
        Packs { packs, fingerprint: 0 }
    }

    /// These and the packs of a project, which replace those about the same library.
    pub fn with(mut self, own: &Packs) -> Packs {
        self.packs.retain(|pack| !own.packs.iter().any(|mine| mine.library == pack.library));
        self.packs.extend(own.packs.iter().cloned());
        Packs { fingerprint: own.fingerprint, ..Packs::of(self.packs) }
    }
}

/// The packs that are part of the program, unread.
pub fn embedded() -> &'static [Embedded] {
    EMBEDDED
}

/// Changes with every change of an embedded pack.
pub fn embedded_fingerprint() -> u64 {
    fingerprint(EMBEDDED.iter().map(|embedded| embedded.json))
}

fn fingerprint<'a>(texts: impl Iterator<Item = &'a str>) -> u64 {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    texts.for_each(|text| hasher.write(text.as_bytes()));
    hasher.finish()
}

/// Reads every `*.yaml` below a folder; what cannot be read is returned beside the rest.
pub fn load_dir(folder: &FilePath) -> (Packs, Vec<PackError>) {
    let mut texts = Vec::new();
    let mut errors = Vec::new();
    let mut stack = vec![(folder.to_path_buf(), 0)];
    while let Some((folder, depth)) = stack.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        let mut entries: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        for path in entries {
            if path.is_symlink() {
                continue;
            }
            if path.is_dir() && depth < 4 {
                stack.push((path, depth + 1));
            } else if path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml") {
                let file = path.display().to_string();
                match std::fs::read_to_string(&path) {
                    Ok(text) => texts.push((file, text)),
                    Err(error) => errors.push(PackError { file, message: error.to_string() }),
                }
            }
        }
    }
    let mut packs = Vec::new();
    for (file, text) in &texts {
        match parse(file, text) {
            Ok(pack) => packs.push(pack),
            Err(error) => errors.push(error),
        }
    }
    let fingerprint = fingerprint(texts.iter().map(|(_, text)| text.as_str()));
    (Packs { fingerprint, ..Packs::of(packs) }, errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_pack_reads_as_it_is_written() {
        let folder = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
        for embedded in EMBEDDED {
            let text = std::fs::read_to_string(folder.join(embedded.file)).expect("the pack lies in its folder");
            let written = parse(embedded.file, &text).unwrap_or_else(|error| panic!("{error}"));
            let pack = embedded.pack().unwrap_or_else(|error| panic!("{error}"));
            assert_eq!(format!("{pack:?}"), format!("{written:?}"), "{}", embedded.file);
            assert_eq!(pack.languages, embedded.languages, "{}", embedded.file);
        }
    }
}
