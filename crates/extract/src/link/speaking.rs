//! Which packs speak about a module: asked for every import and every name of a library, so looked up and not searched.

use super::pack_index::PackIndex;
use crate::packs::{Pack, PackKind};
use crate::world::Unit;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::rc::Rc;
use weir_syntax::Language;

/// What parts a module's path.
const SEPARATORS: [&str; 3] = ["/", ".", "::"];

/// The packs by what they speak about.
pub(super) struct Speaking {
    /// Those that speak of a module and what lies below it.
    by_import: FxHashMap<SmolStr, Vec<usize>>,
    /// Those that speak of names that come from nowhere.
    anywhere: Vec<usize>,
    /// The languages of each pack, by their numbers.
    languages: Vec<u32>,
    known: RefCell<Known>,
}

/// Packs by language and module, as far as it was asked.
type Known = FxHashMap<(Language, SmolStr), Rc<[usize]>>;

impl Speaking {
    pub(super) fn new(packs: &[Pack]) -> Speaking {
        let mut by_import: FxHashMap<SmolStr, Vec<usize>> = FxHashMap::default();
        let mut anywhere = Vec::new();
        for (at, pack) in packs.iter().enumerate() {
            for import in &pack.when.import {
                by_import.entry(import.clone()).or_default().push(at);
            }
            if pack.when.import.is_empty() {
                anywhere.push(at);
            }
        }
        let bits = |pack: &Pack| {
            let spoken = |language: &&Language| pack.languages.iter().any(|name| name == language.name());
            Language::ALL.iter().filter(spoken).fold(0, |bits, language| bits | bit(*language))
        };
        Speaking { by_import, anywhere, languages: packs.iter().map(bits).collect(), known: RefCell::default() }
    }

    /// The packs that speak about a module in any language, in order.
    fn covering(&self, module: &str) -> Vec<usize> {
        let module = module.strip_prefix("node:").unwrap_or(module);
        if module.is_empty() {
            return self.anywhere.clone();
        }
        let ends = SEPARATORS.iter().flat_map(|separator| module.match_indices(separator)).map(|(at, _)| at);
        let known = ends.chain([module.len()]).filter_map(|end| self.by_import.get(&module[..end]));
        let mut covering: Vec<usize> = known.flatten().copied().collect();
        covering.sort_unstable();
        covering.dedup();
        covering
    }
}

fn bit(language: Language) -> u32 {
    1 << language as u32
}

impl<'p> PackIndex<'p> {
    /// The packs that speak about this module in the language of a file, in order.
    pub(super) fn speaking(&self, module: &str, unit: &Unit) -> Rc<[usize]> {
        let key = (unit.tree.language, SmolStr::new(module));
        if let Some(known) = self.speaking.known.borrow().get(&key) {
            return known.clone();
        }
        let mut speaking = self.speaking.covering(module);
        speaking.retain(|pack| self.speaking.languages[*pack] & bit(unit.tree.language) != 0);
        let speaking: Rc<[usize]> = speaking.into();
        self.speaking.known.borrow_mut().insert(key, speaking.clone());
        speaking
    }

    /// The packs that speak about this module in any language, in order.
    pub(super) fn covering(&self, module: &str) -> impl Iterator<Item = &'p Pack> {
        let covering = if module.is_empty() { Vec::new() } else { self.speaking.covering(module) };
        covering.into_iter().map(|pack| &self.packs[pack])
    }

    /// True where a pack speaks about this module in this language.
    pub(crate) fn speaks(&self, pack: usize, module: &str, unit: &Unit) -> bool {
        self.speaking.languages[pack] & bit(unit.tree.language) != 0
            && self.speaking(module, unit).binary_search(&pack).is_ok()
    }

    /// True where a file imports, by itself or by what holds for its project, a library that a pack speaks about.
    pub(crate) fn imported(&self, pack: usize, unit: &Unit) -> bool {
        if let Some(known) = self.imported.borrow().get(&(unit.file, pack)) {
            return *known;
        }
        let imported = unit.tree.imports.iter().any(|import| self.speaks(pack, &import.module, unit));
        self.imported.borrow_mut().insert((unit.file, pack), imported);
        imported
    }

    /// True where some pack of messaging speaks about this module.
    pub(crate) fn messaging_speaks(&self, module: &str, unit: &Unit) -> bool {
        self.speaking(module, unit).iter().any(|pack| self.packs[*pack].kind == PackKind::Messaging)
    }
}
