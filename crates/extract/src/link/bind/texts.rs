//! What functions in the paths of packs make of texts: parts, base names, letter cases. Pieces that are not known stay.

use crate::value::Value;
use smol_str::SmolStr;
use std::rc::Rc;

/// A text with every known piece of it changed.
pub(super) fn map_pieces(value: Value, map: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::Concat(pieces) => Value::concat(pieces.iter().map(|piece| map_text(piece.clone(), map)).collect()),
        value => map_text(value, map),
    }
}

pub(in crate::link) fn map_text(value: Value, map: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::Text(text) => Value::Text(map(&text).into()),
        Value::Choice(options) => Value::choice(options.iter().map(|option| map_text(option.clone(), map)).collect()),
        Value::Env(name, Some(default)) => Value::Env(name, Some(Rc::new(map_text(default.as_ref().clone(), map)))),
        other => other,
    }
}

/// The part of a value at a place between separators, of which pieces may not be known: `${topic}:created`.
pub(super) fn part_of(value: Value, by: &str, at: usize) -> Value {
    match value {
        Value::Concat(pieces) => {
            let mut parts: Vec<Vec<Value>> = vec![Vec::new()];
            for piece in pieces.iter() {
                let Value::Text(text) = piece else {
                    parts.last_mut().into_iter().for_each(|part| part.push(piece.clone()));
                    continue;
                };
                for (index, text) in text.split(by).enumerate() {
                    if index > 0 {
                        parts.push(Vec::new());
                    }
                    if let Some(part) = parts.last_mut().filter(|_| !text.is_empty()) {
                        part.push(Value::Text(text.into()));
                    }
                }
            }
            parts.into_iter().nth(at).map_or_else(|| Value::Text(SmolStr::default()), Value::concat)
        }
        Value::Choice(options) => Value::choice(options.iter().map(|option| part_of(option.clone(), by, at)).collect()),
        value => map_text(value, &|text| text.split(by).nth(at).unwrap_or_default().to_owned()),
    }
}

/// The base name of a value, of which pieces may not be known: `${account}/orders`, `queue:${name}?durable=true`.
pub(super) fn basename_of(value: Value) -> Value {
    match value {
        Value::Concat(parts) => {
            let mut kept: Vec<Value> = Vec::new();
            for part in parts.iter() {
                let Value::Text(text) = part else {
                    kept.push(part.clone());
                    continue;
                };
                let (path, query) = text.split_once('?').map_or((text.as_str(), false), |(path, _)| (path, true));
                let name = path.rsplit(['/', ':']).next().unwrap_or(path);
                if name.len() < path.len() {
                    kept.clear();
                }
                if !name.is_empty() {
                    kept.push(Value::Text(name.into()));
                }
                if query {
                    break;
                }
            }
            Value::concat(kept)
        }
        Value::Choice(options) => Value::choice(options.iter().cloned().map(basename_of).collect()),
        Value::Env(name, Some(default)) => Value::Env(name, Some(Rc::new(basename_of(default.as_ref().clone())))),
        other => map_text(other, &basename),
    }
}

/// The last segment of a URL or ARN, without its query.
fn basename(text: &str) -> String {
    let path = text.split_once('?').map_or(text, |(path, _)| path);
    path.trim_end_matches('/').rsplit(['/', ':']).next().unwrap_or(path).to_owned()
}

pub(crate) fn separated(text: &str, by: char) -> String {
    let mut out = String::new();
    let mut previous = ' ';
    for c in text.chars() {
        if c.is_uppercase() && (previous.is_lowercase() || previous.is_ascii_digit()) {
            out.push(by);
        }
        out.extend(if c == '_' || c == '-' || c == ' ' { vec![by] } else { c.to_lowercase().collect() });
        previous = c;
    }
    out
}

/// The words of a name in small letters with a sign between; numbers and runs of capitals are words of their own:
/// `HTTPOrderV2` is `http_order_v_2`.
pub(super) fn delimited(text: &str, by: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let mut out = String::new();
    for (at, c) in letters.iter().enumerate() {
        if matches!(c, '_' | '-' | ' ' | '.') {
            out.push_str(by);
            continue;
        }
        let previous = at.checked_sub(1).map_or(' ', |before| letters[before]);
        let next = letters.get(at + 1).copied().unwrap_or(' ');
        let begins = c.is_uppercase() && (previous.is_lowercase() || previous.is_uppercase() && next.is_lowercase());
        let number = c.is_ascii_digit() != previous.is_ascii_digit();
        if previous.is_alphanumeric() && (begins || number) {
            out.push_str(by);
        }
        out.extend(c.to_lowercase());
    }
    out
}

pub(super) fn sorted_json(value: &Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut fields: Vec<_> = object.fields.iter().collect();
            fields.sort_by(|a, b| a.0.cmp(&b.0));
            let parts = fields.iter().map(|(key, value)| match value {
                Value::Text(text) => format!("\"{key}\":\"{text}\""),
                Value::Number(number) => format!("\"{key}\":{number}"),
                _ => format!("\"{key}\":{{}}"),
            });
            Value::Text(format!("{{{}}}", parts.collect::<Vec<_>>().join(",")).into())
        }
        Value::Choice(options) => Value::choice(options.iter().map(sorted_json).collect()),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn words_of_a_name_are_told_apart() {
        for (name, words) in [
            ("ProductCreatedV1", "product_created_v_1"),
            ("HTTPOrderPlaced", "http_order_placed"),
            ("order-placed", "order_placed"),
            ("placed", "placed"),
            ("", ""),
        ] {
            assert_eq!(super::delimited(name, "_"), words);
        }
    }
}
