//! Which packs apply to a project: those built in that speak about a language it has, and its own under `.weir/packs`.

use rayon::prelude::*;
use std::collections::BTreeSet;
use std::path::Path;
use weir_extract::packs::{self, Embedded, Pack, Packs};
use weir_syntax::Language;

/// A project's own packs, and what is known of all packs before any built-in one is read.
pub(crate) struct Libraries {
    own: Packs,
    /// Packs of the project that could not be read.
    pub(crate) errors: Vec<String>,
}

impl Libraries {
    /// Reads the project's own packs; the built-in ones wait until a language is known to need them.
    pub(crate) fn of(root: &Path) -> Libraries {
        let folder = root.join(".weir/packs");
        // A link could lead out of the root; it is not followed, here as everywhere.
        let real = |path: &Path| std::fs::symlink_metadata(path).is_ok_and(|metadata| metadata.is_dir());
        if !real(&root.join(".weir")) || !real(&folder) {
            return Libraries { own: Packs::default(), errors: Vec::new() };
        }
        let (own, errors) = packs::load_dir(&folder);
        Libraries { own, errors: errors.iter().map(ToString::to_string).collect() }
    }

    /// Stands for everything the packs say, without reading the built-in ones.
    pub(crate) fn fingerprint(&self, languages: &BTreeSet<Language>) -> (u64, u64, Vec<&'static str>) {
        let names: BTreeSet<&str> = languages.iter().map(|language| language.name()).collect();
        (packs::embedded_fingerprint(), self.own.fingerprint, names.into_iter().collect())
    }

    /// The packs that speak about one of the languages.
    pub(crate) fn packs(&self, languages: &BTreeSet<Language>) -> Packs {
        let spoken =
            |embedded: &&Embedded| languages.iter().any(|language| embedded.languages.contains(&language.name()));
        // A broken one is a bug that a test catches; it is left out here.
        let builtin = packs::embedded().par_iter().filter(spoken).filter_map(|embedded| embedded.pack().ok());
        let builtin: Vec<Pack> = builtin.collect();
        Packs::of(builtin).with(&self.own)
    }
}

/// The packs that apply to a project in any language: built in, and its own under `.weir/packs`.
pub fn packs_for(root: &Path) -> (Packs, Vec<String>) {
    let libraries = Libraries::of(root);
    (libraries.packs(&Language::ALL.into_iter().collect()), libraries.errors)
}
