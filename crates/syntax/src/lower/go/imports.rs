//! Imports, and the name by which a package is known in a file that does not say it.

use super::{Lowering, line, named};
use crate::{Import, Imported};
use smol_str::SmolStr;
use tree_sitter::Node;

impl Lowering<'_, '_> {
    pub(super) fn imports(&mut self, node: Node<'_>) {
        for child in named(node) {
            match child.kind() {
                "import_spec" => self.import(child),
                "import_spec_list" => named(child).into_iter().for_each(|spec| self.import(spec)),
                _ => {}
            }
        }
    }

    fn import(&mut self, node: Node<'_>) {
        let Some(path) = node.child_by_field_name("path") else { return };
        let module = self.string(path);
        let (imported, local) = match node.child_by_field_name("name") {
            Some(name) if name.kind() == "dot" => (Imported::All, SmolStr::default()),
            Some(name) if name.kind() == "blank_identifier" => (Imported::Nothing, SmolStr::default()),
            Some(name) => (Imported::Module, self.text(name)),
            None => (Imported::Module, package_name(&module, self.b.source)),
        };
        self.b.import(Import { module, imported, local, line: line(node) });
    }
}

/// The likely package name of an import path: its last segment, without a version, and where that is no name or is
/// not what the file says (`x-go`, `go-x`, `x.go`), the first of its words that the file uses as a qualifier.
fn package_name(path: &str, source: &[u8]) -> SmolStr {
    let mut segments = path.rsplit('/').filter(|segment| !segment.is_empty());
    let mut last = segments.next().unwrap_or(path);
    if is_version(last)
        && let Some(before) = segments.next()
    {
        last = before;
    }
    // gopkg.in style: `name.v3`.
    if let Some((name, version)) = last.rsplit_once('.')
        && is_version(version)
    {
        last = name;
    }
    if is_identifier(last) {
        return last.into();
    }
    let mut candidates: Vec<&str> = Vec::new();
    let stripped = last.strip_prefix("go-").unwrap_or(last);
    let stripped = stripped.strip_suffix("-go").or_else(|| stripped.strip_suffix(".go")).unwrap_or(stripped);
    candidates.push(stripped);
    candidates.extend(last.split(['-', '.']).filter(|word| !matches!(*word, "go" | "golang" | "lib")));
    candidates.retain(|word| is_identifier(word));
    let joined: String = stripped.chars().filter(|c| c.is_alphanumeric() || *c == '_').collect();
    if is_identifier(&joined) {
        candidates.push(&joined);
    }
    let used = candidates.iter().find(|word| is_qualifier(word, source));
    used.or_else(|| candidates.first()).map_or_else(|| SmolStr::new(last), SmolStr::new)
}

fn is_version(segment: &str) -> bool {
    segment.strip_prefix('v').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

fn is_identifier(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(|c| c.is_alphabetic() || c == '_') && chars.all(|c| c.is_alphanumeric() || c == '_')
}

/// True where `word.` followed by a letter stands in the source on its own.
fn is_qualifier(word: &str, source: &[u8]) -> bool {
    let word = word.as_bytes();
    source.windows(word.len() + 2).enumerate().any(|(at, window)| {
        window.starts_with(word)
            && window[word.len()] == b'.'
            && window[word.len() + 1].is_ascii_alphabetic()
            && (at == 0
                || !(source[at - 1].is_ascii_alphanumeric() || matches!(source[at - 1], b'_' | b'.' | b'/' | b'-')))
    })
}

#[cfg(test)]
mod tests {
    use super::package_name;

    #[test]
    fn packages_are_known_by_the_name_the_file_uses() {
        for (path, source, name) in [
            ("fmt", "", "fmt"),
            ("github.com/a/broker-go", "broker.Dial()", "broker"),
            ("github.com/a/go-store/v9", "store.Get()", "store"),
            ("gopkg.in/codec.v3", "codec.Unmarshal()", "codec"),
            ("github.com/a/bus.go", "bus.Connect()", "bus"),
            ("github.com/a/wire091-go", "x", "wire091"),
            ("github.com/a/some.wire.golang", "x := wire.New()", "wire"),
            ("github.com/a/kit/v2/log", "", "log"),
        ] {
            assert_eq!(package_name(path, source.as_bytes()), name, "{path}");
        }
    }
}
