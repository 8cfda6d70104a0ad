//! Reads packs: the ones that are part of the program, and a project's own.

use super::schema::Pack;
use std::path::Path as FilePath;

include!(concat!(env!("OUT_DIR"), "/embedded_packs.rs"));

/// All packs that apply to a run, sorted by library.
#[derive(Clone, Debug, Default)]
pub struct Packs {
    /// The packs.
    pub packs: Vec<Pack>,
    /// Fingerprint of their texts; part of every cache key.
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
    collect(EMBEDDED.iter().map(|(file, text)| (*file, *text))).0
}

/// The texts of the packs that are part of the program, by file name.
pub fn embedded() -> &'static [(&'static str, &'static str)] {
    EMBEDDED
}

/// Reads every `*.yaml` below a folder in addition to `base`; what cannot be read is returned beside the rest.
pub fn load_dir(base: &Packs, folder: &FilePath) -> (Packs, Vec<PackError>) {
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
    let (own, more) = collect(texts.iter().map(|(file, text)| (file.as_str(), text.as_str())));
    errors.extend(more);
    let mut packs = base.packs.clone();
    packs.retain(|pack| !own.packs.iter().any(|mine| mine.library == pack.library));
    packs.extend(own.packs);
    packs.sort_by(|a, b| a.library.cmp(&b.library));
    (Packs { packs, fingerprint: base.fingerprint.rotate_left(1) ^ own.fingerprint }, errors)
}

fn collect<'a>(texts: impl Iterator<Item = (&'a str, &'a str)>) -> (Packs, Vec<PackError>) {
    use std::hash::Hasher;
    let mut hasher = rustc_hash::FxHasher::default();
    let mut packs = Vec::new();
    let mut errors = Vec::new();
    for (file, text) in texts {
        hasher.write(text.as_bytes());
        match parse(file, text) {
            Ok(pack) => packs.push(pack),
            Err(error) => errors.push(error),
        }
    }
    packs.sort_by(|a, b| a.library.cmp(&b.library));
    (Packs { packs, fingerprint: hasher.finish() }, errors)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_embedded_pack_reads() {
        let errors: Vec<_> = EMBEDDED.iter().filter_map(|(file, text)| parse(file, text).err()).collect();
        assert!(errors.is_empty(), "{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    }
}
