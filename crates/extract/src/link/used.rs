//! Which packs can matter in a program: a library that no file names is not used, and its rules need not be tried.

use crate::packs::Pack;
use crate::source::{Source, is_word};
use smol_str::SmolStr;
use std::collections::BTreeSet;
use weir_syntax::Language;

/// For each pack, whether the program may use its library.
pub(super) fn used(source: &dyn Source, packs: &[Pack]) -> Vec<bool> {
    let imports = packs.iter().flat_map(|pack| &pack.when.import);
    let asked: BTreeSet<SmolStr> = imports.flat_map(|import| words(import)).map(SmolStr::new).collect();
    let said = source.said(&asked);
    let may = |import: &SmolStr| words(import).all(|word| said.contains(word));
    let used = |pack: &Pack| {
        let languages = Language::ALL.iter().filter(|one| pack.languages.iter().any(|name| name == one.name()));
        let unnamed = |import: &SmolStr| languages.clone().any(|language| language.is_seen_unnamed(import));
        pack.when.import.is_empty()
            || !pack.brings.is_empty()
            || pack.when.import.iter().any(|import| may(import) || unnamed(import))
    };
    packs.iter().map(used).collect()
}

/// The words that a file which imports a module says.
fn words(module: &str) -> impl Iterator<Item = &str> {
    module.split(|c: char| u8::try_from(c).is_ok_and(|byte| !is_word(byte))).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    #[test]
    fn words_are_those_of_identifiers() {
        let words = |module| super::words(module).collect::<Vec<_>>();
        assert_eq!(words("@shop/bus-client"), ["shop", "bus", "client"]);
        assert_eq!(words("example.com/shop/v2"), ["example", "com", "shop", "v2"]);
        assert_eq!(words("shop_bus::client"), ["shop_bus", "client"]);
    }
}
