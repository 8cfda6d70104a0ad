//! File names for what a project names: safe on every file system, one for each thing, never outside the folder.

use std::collections::BTreeSet;

/// Longest file name without its ending.
const LONGEST: usize = 80;

/// Names that some systems keep for devices, with any ending.
const RESERVED: &[&str] = &["con", "prn", "aux", "nul"];

/// The names of one folder.
#[derive(Debug, Default)]
pub(super) struct Slugs {
    taken: BTreeSet<String>,
}

impl Slugs {
    /// A file name for `name` that no other in this folder equals, letter case aside.
    pub(super) fn take(&mut self, name: &str) -> String {
        let base = slug(name);
        let mut found = base.clone();
        let mut number = 1;
        while !self.taken.insert(found.to_ascii_lowercase()) {
            number += 1;
            found = format!("{base}-{number}");
        }
        found
    }
}

/// A name of letters, digits, dots, dashes and underscores that begins with a letter or digit.
fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if out.len() >= LONGEST {
            break;
        }
        if c.is_ascii_alphanumeric() || c == '_' {
            out.push(c);
        } else if c == '.' && !out.ends_with(['.', '-']) {
            out.push('.');
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    let out = out.trim_matches(['-', '.', '_']);
    let stem = out.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let port =
        |word: &str| stem.strip_prefix(word).is_some_and(|rest| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit());
    match out {
        "" => "unnamed".to_owned(),
        _ if RESERVED.contains(&stem.as_str()) || port("com") || port("lpt") => format!("name-{out}"),
        // `README` is what hosts show for a folder.
        _ if stem == "readme" || stem == "index" => format!("name-{out}"),
        _ => out.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_stay_recognisable() {
        let mut slugs = Slugs::default();
        let taken: Vec<String> = [
            "order-events",
            "Order-Events",
            "orders.created",
            "POST /orders/:id",
            "../../etc/passwd",
            "con",
            "COM1.x",
            "",
            "ü",
            "stream:{id}",
            "README",
            "..",
        ]
        .map(|name| slugs.take(name))
        .to_vec();
        assert_eq!(
            taken,
            [
                "order-events",
                "Order-Events-2",
                "orders.created",
                "POST-orders-id",
                "etc-passwd",
                "name-con",
                "name-COM1.x",
                "unnamed",
                "unnamed-2",
                "stream-id",
                "name-README",
                "unnamed-3"
            ]
        );
    }

    /// Any names, and names that are close to each other.
    fn names() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec(prop_oneof![any::<String>(), "[a-bA-B./-]{0,4}(-2)?"], 0..30)
    }

    proptest! {
        #[test]
        fn names_are_safe_and_unique(names in names()) {
            let mut slugs = Slugs::default();
            let mut seen = BTreeSet::new();
            for name in &names {
                let slug = slugs.take(name);
                prop_assert!(slug.starts_with(|c: char| c.is_ascii_alphanumeric()), "{slug}");
                prop_assert!(slug.chars().all(|c| c.is_ascii_alphanumeric() || "._-".contains(c)), "{slug}");
                prop_assert!(!slug.ends_with('.') && !slug.contains("..") && slug.len() < 100, "{slug}");
                prop_assert!(seen.insert(slug.to_lowercase()), "{slug} twice");
            }
        }
    }
}
