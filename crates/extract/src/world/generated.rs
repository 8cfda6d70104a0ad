//! Classes that a generated module makes when it is loaded: the messages of a protocol file, of which the module holds
//! nothing but the description in bytes.

use smol_str::SmolStr;
use std::collections::BTreeSet;
use std::sync::Arc;
use weir_syntax::{Language, Stmt, StmtId, Tree, TypeDecl, TypeId, TypeKind};

/// Ending of the modules that the protocol compiler writes for Python.
const ENDING: &str = "_pb2.py";
/// What stands behind the name of a message in capitals, with what stands before it.
const MARKS: &[(&str, &str)] = &[("_globals['_", "']._serialized_start"), ("_", "._serialized_start")];
/// What stands before the name of a message as it is.
const NAMES: &[&str] = &["message_types_by_name['", "GeneratedProtocolMessageType('"];
/// The bytes begin behind it.
const BYTES: &str = "AddSerializedFile(b";
/// Messages of one file.
const MAX_MESSAGES: usize = 256;

/// Adds the classes to the tree of such a module.
pub(super) fn add_messages(tree: &mut Arc<Tree>, path: &str, text: impl FnOnce() -> Option<Arc<str>>) {
    if tree.language != Language::Python || !path.ends_with(ENDING) {
        return;
    }
    let Some(text) = text() else { return };
    let tree = Arc::make_mut(tree);
    for name in messages(&text) {
        if tree.types.iter().any(|known| known.name == name) {
            continue;
        }
        let (Ok(ty), Ok(stmt)) = (u32::try_from(tree.types.len()), u32::try_from(tree.stmts.len())) else { return };
        tree.types.push(class(name));
        tree.stmts.push(Stmt::Type(TypeId(ty)));
        tree.stmt_lines.push(1);
        tree.body.push(StmtId(stmt));
    }
}

fn class(name: SmolStr) -> TypeDecl {
    TypeDecl { name, exported: true, ..TypeDecl::blank(TypeKind::Class, 1, 1) }
}

/// The names of the messages that a generated module describes.
fn messages(text: &str) -> Vec<SmolStr> {
    let mut capitals: BTreeSet<String> = BTreeSet::new();
    let mut found: BTreeSet<SmolStr> = BTreeSet::new();
    for line in text.lines() {
        let line = line.trim_start();
        for (before, behind) in MARKS {
            if let Some((name, _)) = line.strip_prefix(before).and_then(|rest| rest.split_once(behind)) {
                capitals.insert(name.to_owned());
            }
        }
        for before in NAMES {
            if let Some((_, rest)) = line.split_once(before)
                && let Some((name, _)) = rest.split_once('\'')
            {
                found.insert(name.into());
            }
        }
    }
    let bytes = text.lines().find_map(|line| line.split_once(BYTES)).map(|(_, rest)| decoded(rest));
    let words: Vec<&str> = bytes
        .as_deref()
        .unwrap_or_default()
        .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
        .collect();
    for name in capitals {
        // The length of a name stands before it, which may be a letter as well.
        let is_it = |word: &&&str| word.eq_ignore_ascii_case(&name);
        if let Some(word) = words.iter().find(is_it) {
            found.insert((*word).into());
        }
    }
    found.into_iter().take(MAX_MESSAGES).collect()
}

/// A bytes literal without its escapes.
fn decoded(literal: &str) -> String {
    let mut out = String::new();
    let mut letters = literal.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            out.push(letter);
            continue;
        }
        match letters.next() {
            Some('x') => {
                let digits: String = letters.by_ref().take(2).collect();
                let code = u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32);
                out.push(code.unwrap_or(' '));
            }
            Some('n' | 't' | 'r' | 'a' | 'b' | 'f' | 'v') => out.push(' '),
            Some(digit) if digit.is_digit(8) => {
                // Three digits at most.
                for _ in 0..2 {
                    letters.next_if(|next| next.is_digit(8));
                }
                out.push(' ');
            }
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_named_by_the_bytes() {
        let text = "DESCRIPTOR = pool.AddSerializedFile(b'\\n\\nshop.proto\\x12\\x04shop\\\"a\\n\\nOrder_Line\\x12\\x10\\n\\x05\\x65mail\\x18\\x01')\n  _ORDER_LINE._serialized_start=20\n  _globals['_ORDER']._serialized_start=3\n";
        assert_eq!(messages(text), ["Order_Line"]);
        let text = "_ORDER = DESCRIPTOR.message_types_by_name['Order']\n";
        assert_eq!(messages(text), ["Order"]);
    }
}
