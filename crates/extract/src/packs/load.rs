//! Reads packs: the ones that are part of the program, and a project's own.

use super::schema::Pack;
use std::path::Path as FilePath;

include!(concat!(env!("OUT_DIR"), "/embedded_packs.rs"));

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
    Packs::of(EMBEDDED.iter().filter_map(|(file, text)| parse(file, text).ok()).collect())
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

/// The texts of the packs that are part of the program, by file name.
pub fn embedded() -> &'static [(&'static str, &'static str)] {
    EMBEDDED
}

/// Changes with every change of an embedded pack.
pub fn embedded_fingerprint() -> u64 {
    fingerprint(EMBEDDED.iter().map(|(_, text)| *text))
}

/// True unless a pack surely says nothing about a language: told from its text, before it is read.
pub fn may_speak(text: &str, language: &str) -> bool {
    let listed = text.lines().find_map(|line| line.strip_prefix("languages:")).unwrap_or_default();
    // A list over several lines is not looked into.
    listed.trim().is_empty() || listed.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == language)
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
    fn every_embedded_pack_reads() {
        let errors: Vec<_> = EMBEDDED.iter().filter_map(|(file, text)| parse(file, text).err()).collect();
        assert!(errors.is_empty(), "{}", errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"));
    }

    #[test]
    fn what_a_pack_speaks_about_shows_before_it_is_read() {
        for (file, text) in EMBEDDED {
            let pack = parse(file, text).expect("the pack reads");
            for language in &pack.languages {
                assert!(may_speak(text, language), "{file}: {language}");
            }
        }
        assert!(!may_speak("library: a\nlanguages: [javascript]\n", "java"));
        assert!(may_speak("library: a\nlanguages:\n  - java\n", "java"));
    }
}
