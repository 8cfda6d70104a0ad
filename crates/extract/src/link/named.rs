//! Which packs can matter in a program: a library that no file names is not used, and its rules need not be tried.

use crate::packs::Pack;
use crate::source::Source;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// What every file of a language sees of its own library without naming it.
const UNNAMED: [&str; 5] = ["java", "kotlin", "std", "core", "alloc"];
/// Projects of this language bring namespaces into all of their files.
const BRINGS: &str = "csharp";

/// For each pack, whether the program may use its library.
pub(super) fn named(source: &dyn Source, packs: &[Pack]) -> Vec<bool> {
    let imports = packs.iter().flat_map(|pack| &pack.when.import);
    let asked: BTreeSet<SmolStr> = imports.flat_map(|import| words(import)).map(SmolStr::new).collect();
    let said = source.said(&asked);
    let may = |import: &SmolStr| words(import).all(|word| said.contains(word));
    let unnamed = |import: &SmolStr| words(import).next().is_some_and(|first| UNNAMED.contains(&first));
    let used = |pack: &Pack| {
        pack.when.import.is_empty()
            || !pack.brings.is_empty()
            || pack.languages.iter().any(|language| language == BRINGS)
            || pack.when.import.iter().any(|import| unnamed(import) || may(import))
    };
    packs.iter().map(used).collect()
}

/// The words that a file which imports a module says.
fn words(module: &str) -> impl Iterator<Item = &str> {
    module.split(|c: char| c.is_ascii() && !c.is_ascii_alphanumeric() && c != '_').filter(|word| !word.is_empty())
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
