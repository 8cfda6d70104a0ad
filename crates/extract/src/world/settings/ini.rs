//! Files of sections with keys: `[section]`, `key = value`, continued by lines that are indented.

use std::collections::BTreeMap;

/// Larger files hold data.
const MAX_TEXT: usize = 1 << 20;
/// Keys of one file; beyond it lies generated data.
const MAX_KEYS: usize = 5_000;
/// Placeholders in values lead to values with placeholders; the bound ends circles.
const MAX_EXPANSION: usize = 8;
/// The section whose keys every other has as well.
const DEFAULT: &str = "DEFAULT";

/// A section: its name, its keys with their values in the order of the file.
pub(crate) type Section = (String, Vec<(String, String)>);

/// The sections of a text, with what the default section gives to all of them.
pub(crate) fn sections(text: &str) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    if text.len() > MAX_TEXT {
        return sections;
    }
    let mut keys = 0;
    for line in text.lines() {
        let bare = line.trim();
        if bare.is_empty() || bare.starts_with(['#', ';']) {
            continue;
        }
        if let Some(name) = bare.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            match sections.iter().position(|(known, _)| known == name) {
                // What is written twice goes on where it was.
                Some(at) => {
                    let known = sections.remove(at);
                    sections.push(known);
                }
                None => sections.push((name.to_owned(), Vec::new())),
            }
            continue;
        }
        let Some((_, entries)) = sections.last_mut() else { continue };
        if line.starts_with([' ', '\t'])
            && let Some((_, value)) = entries.last_mut()
        {
            value.push('\n');
            value.push_str(bare);
            continue;
        }
        keys += 1;
        if keys > MAX_KEYS {
            break;
        }
        let (key, value) = bare.split_once(['=', ':']).unwrap_or((bare, ""));
        entries.push((key.trim().to_owned(), value.trim().to_owned()));
    }
    with_defaults(sections)
}

fn with_defaults(sections: Vec<Section>) -> Vec<Section> {
    let defaults: Vec<(String, String)> =
        sections.iter().filter(|(name, _)| name == DEFAULT).flat_map(|(_, entries)| entries.clone()).collect();
    let filled = sections.into_iter().map(|(name, mut entries)| {
        for (key, value) in &defaults {
            if !entries.iter().any(|(known, _)| known.eq_ignore_ascii_case(key)) {
                entries.push((key.clone(), value.clone()));
            }
        }
        let known: BTreeMap<String, String> =
            entries.iter().map(|(key, value)| (key.to_lowercase(), value.clone())).collect();
        let entries = entries.into_iter().map(|(key, value)| (key, expanded(&value, &known, 0)));
        (name, entries.collect())
    });
    filled.collect()
}

/// `%(key)s` is the value of another key of the section.
fn expanded(value: &str, known: &BTreeMap<String, String>, depth: usize) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some((before, from)) = rest.split_once("%(") {
        let Some((key, after)) = from.split_once(")s") else { break };
        out.push_str(before);
        match known.get(&key.to_lowercase()).filter(|_| depth < MAX_EXPANSION) {
            Some(value) => out.push_str(&expanded(value, known, depth + 1)),
            None => out.push_str(&format!("{{{key}}}")),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_hold_keys() {
        let found = sections("# none\n[a]\nKey = x\nlong =\n  one\n  two\n[b]\nk: y ; z\n");
        let a = vec![("Key".to_owned(), "x".to_owned()), ("long".to_owned(), "\none\ntwo".to_owned())];
        assert_eq!(found, [("a".to_owned(), a), ("b".to_owned(), vec![("k".to_owned(), "y ; z".to_owned())])]);
    }

    #[test]
    fn defaults_hold_everywhere_and_placeholders_are_filled() {
        let found = sections("[DEFAULT]\nroot = r\n[a]\nk = %(root)s.x\nself = %(self)s\n");
        let a = &found[1].1;
        assert!(a.contains(&("k".to_owned(), "r.x".to_owned())), "{a:?}");
        assert!(a.contains(&("root".to_owned(), "r".to_owned())), "{a:?}");
    }
}
