//! What some rules provide under a token and others look up, each visible in its own service.

use crate::value::Value;
use smol_str::SmolStr;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

/// Tables of provided values.
#[derive(Default)]
pub(crate) struct Registry {
    tables: RefCell<BTreeMap<SmolStr, Vec<Entry>>>,
    pub(crate) services: Rc<super::services::Services>,
}

/// The tables at one moment.
pub(crate) struct Tables(BTreeMap<SmolStr, Vec<Entry>>);

#[derive(Clone, PartialEq)]
struct Entry {
    key: Option<Value>,
    value: Value,
    path: SmolStr,
}

impl Registry {
    pub(crate) fn new(services: Rc<super::services::Services>) -> Self {
        Registry { tables: RefCell::default(), services }
    }

    /// Adds a value; the same value twice is one.
    pub(crate) fn add(&self, table: &SmolStr, key: Option<Value>, value: Value, path: &SmolStr) {
        let mut tables = self.tables.borrow_mut();
        let entries = tables.entry(table.clone()).or_default();
        if !entries.iter().any(|entry| entry.key == key && entry.value == value && entry.path == *path) {
            entries.push(Entry { key, value, path: path.clone() });
        }
    }

    /// Empties the tables and hands out what they held.
    pub(crate) fn take(&self) -> Tables {
        Tables(self.tables.take())
    }

    /// True when the tables hold something else than before.
    pub(crate) fn differs(&self, before: &Tables) -> bool {
        *self.tables.borrow() != before.0
    }

    /// The service a file belongs to, by name.
    pub(crate) fn service_name(&self, path: &str) -> String {
        self.services.of(path).map(|service| service.name.clone()).unwrap_or_default()
    }

    /// Values under a key: of the same service; else of libraries the service may share; else the one there is.
    pub(crate) fn lookup(&self, table: &str, key: &Value, path: &str) -> Vec<Value> {
        let tables = self.tables.borrow();
        let Some(entries) = tables.get(table) else {
            return Vec::new();
        };
        let keyed: Vec<&Entry> =
            entries.iter().filter(|entry| entry.key.as_ref().is_some_and(|known| same_key(known, key))).collect();
        let own: Vec<&Entry> = keyed.iter().copied().filter(|entry| self.services.same(&entry.path, path)).collect();
        let chosen = if own.is_empty() { keyed } else { own };
        let mut values: Vec<Value> = Vec::new();
        for entry in chosen {
            if !values.contains(&entry.value) {
                values.push(entry.value.clone());
            }
        }
        if values.len() > 1 { vec![Value::choice(values)] } else { values }
    }

    /// The first value under a key whose letters may be large or small.
    pub(crate) fn spelled(&self, table: &str, key: &str, path: &str) -> Option<Value> {
        let is_it = |known: &Value| known.as_text().is_some_and(|known| known.eq_ignore_ascii_case(key));
        let known = {
            let tables = self.tables.borrow();
            tables.get(table)?.iter().find_map(|entry| entry.key.clone().filter(is_it))?
        };
        self.lookup(table, &known, path).into_iter().next()
    }

    /// The value under a key in the same service, or in code that services share; what another service says is its own.
    pub(crate) fn ours(&self, table: &str, key: &Value, path: &str) -> Option<Value> {
        let tables = self.tables.borrow();
        let keyed = || {
            let entries = tables.get(table).into_iter().flatten();
            entries.filter(|entry| entry.key.as_ref().is_some_and(|known| same_key(known, key)))
        };
        let own = keyed().find(|entry| self.services.same(&entry.path, path));
        let found = own.or_else(|| keyed().find(|entry| self.services.is_shared(&entry.path)));
        found.map(|entry| entry.value.clone())
    }

    /// True where something is in a table.
    pub(crate) fn has(&self, table: &str) -> bool {
        self.tables.borrow().get(table).is_some_and(|entries| !entries.is_empty())
    }

    /// The keys and values of a table, of all services.
    pub(crate) fn entries(&self, table: &str) -> Vec<(Option<Value>, Value)> {
        let tables = self.tables.borrow();
        tables.get(table).into_iter().flatten().map(|entry| (entry.key.clone(), entry.value.clone())).collect()
    }

    /// Every value of a table that belongs to the same service.
    pub(crate) fn all(&self, table: &str, path: &str) -> Vec<Value> {
        let tables = self.tables.borrow();
        let entries = tables.get(table).into_iter().flatten();
        let mut values: Vec<Value> = Vec::new();
        for entry in entries.filter(|entry| self.services.same(&entry.path, path)) {
            for value in entry.value.alternatives() {
                if !values.contains(value) {
                    values.push(value.clone());
                }
            }
        }
        values
    }
}

fn same_key(known: &Value, wanted: &Value) -> bool {
    let fits = |known: &Value, wanted: &Value| match (known, wanted) {
        (Value::Text(pattern), Value::Text(name)) if pattern.contains('*') => matches_pattern(pattern, name),
        _ => known == wanted,
    };
    known.alternatives().iter().any(|known| wanted.alternatives().iter().any(|wanted| fits(known, wanted)))
}

/// True where a name has the pieces of a pattern in order, with anything where it says `*`.
fn matches_pattern(pattern: &str, name: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = pieces.next().and_then(|first| name.strip_prefix(first)) else { return false };
    let mut last = "";
    for piece in pieces {
        last = piece;
        match rest.find(piece) {
            Some(at) => rest = &rest[at + piece.len()..],
            None => return false,
        }
    }
    rest.is_empty() || last.is_empty() || name.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_stand_for_many_names() {
        for (pattern, name, fits) in [
            ("shop.reports.*", "shop.reports.nightly", true),
            ("*.nightly", "shop.reports.nightly", true),
            ("shop.*.nightly", "shop.reports.daily", false),
            ("shop.mail.*", "shop.reports.nightly", false),
            ("*", "anything", true),
        ] {
            assert_eq!(matches_pattern(pattern, name), fits, "{pattern} {name}");
        }
    }
}
