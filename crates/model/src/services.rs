//! Which service a file belongs to: the unit whose folder is the longest prefix of its path.

use crate::types::Service;
use std::collections::{BTreeMap, BTreeSet};
use weir_facts::{ServiceFact, Site};

/// Units by folder.
pub(crate) struct Services {
    /// Sorted by the length of the folder, longest first.
    units: Vec<ServiceFact>,
    /// Name of what lies in no unit.
    project: String,
}

impl Services {
    pub(crate) fn new(mut units: Vec<ServiceFact>, project: &str) -> Self {
        for unit in &mut units {
            unit.path = unit.path.trim_matches('/').to_owned();
            if unit.path == "." {
                unit.path.clear();
            }
        }
        // A unit that runs comes before a library of the same folder.
        units.sort_by(|a, b| {
            (b.path.len(), a.library, &a.path, &a.name).cmp(&(a.path.len(), b.library, &b.path, &b.name))
        });
        Services { units, project: project.to_owned() }
    }

    /// The name of the service a place belongs to.
    pub(crate) fn of(&self, site: &Site) -> &str {
        let around = || self.units.iter().filter(|unit| holds(&unit.path, &site.file));
        let Some(nearest) = around().next() else { return self.only().unwrap_or(&self.project) };
        if !nearest.library {
            return &nearest.name;
        }
        // A library inside a service's own folder is that service's; one beside the services is shared.
        if let Some(outer) = around().find(|unit| !unit.library && !unit.path.is_empty()) {
            return &outer.name;
        }
        self.only().unwrap_or(&nearest.name)
    }

    /// The one unit that runs, when there is only one.
    fn only(&self) -> Option<&str> {
        let mut names = self.units.iter().filter(|unit| !unit.library).map(|unit| unit.name.as_str());
        let first = names.next()?;
        names.all(|name| name == first).then_some(first)
    }

    /// The list for the model: units that run, and libraries or the project itself when something lies in them.
    pub(crate) fn list(&self, used: &BTreeMap<String, BTreeSet<String>>) -> Vec<Service> {
        let mut found: BTreeMap<String, Service> = BTreeMap::new();
        for unit in self.units.iter().filter(|unit| !unit.library || used.contains_key(&unit.name)) {
            let service = found.entry(unit.name.clone()).or_insert_with(|| Service {
                name: unit.name.clone(),
                path: unit.path.clone(),
                library: unit.library,
                ..Service::default()
            });
            service.library &= unit.library;
            // A unit that is found by several folders stands where the shortest says.
            if (unit.path.len(), &unit.path) < (service.path.len(), &service.path) {
                service.path.clone_from(&unit.path);
            }
            service.frameworks.extend(unit.frameworks.iter().cloned());
            service.aliases.extend(unit.aliases.iter().cloned());
        }
        for (name, languages) in used {
            let service =
                found.entry(name.clone()).or_insert_with(|| Service { name: name.clone(), ..Service::default() });
            service.languages.extend(languages.iter().cloned());
        }
        let mut list: Vec<Service> = found.into_values().collect();
        for service in &mut list {
            for words in [&mut service.frameworks, &mut service.aliases, &mut service.languages] {
                words.sort();
                words.dedup();
            }
        }
        list
    }
}

fn holds(folder: &str, file: &str) -> bool {
    // A program may be one file of a folder it shares with others.
    folder.is_empty() || file.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use weir_facts::Evidence;

    fn unit(name: &str, path: &str, library: bool) -> ServiceFact {
        ServiceFact {
            name: name.into(),
            path: path.into(),
            frameworks: Vec::new(),
            aliases: Vec::new(),
            library,
            evidence: Evidence { site: Site::new("package.json", 1), what: "package".into() },
        }
    }

    #[test]
    fn the_longest_folder_wins() {
        let services = Services::new(
            vec![
                unit("root", "", false),
                unit("orders", "apps/orders", false),
                unit("common", "libs/common", true),
                unit("inner", "apps/orders/lib", true),
            ],
            "repo",
        );
        for (file, name) in [
            ("apps/orders/src/a.ts", "orders"),
            ("apps/orders-old/src/a.ts", "root"),
            ("libs/common/src/a.ts", "common"),
            ("apps/orders/lib/a.ts", "orders"),
            ("main.ts", "root"),
        ] {
            assert_eq!(services.of(&Site::new(file, 1)), name, "{file}");
        }
    }

    #[test]
    fn without_units_the_project_is_the_service() {
        assert_eq!(Services::new(Vec::new(), "repo").of(&Site::new("a.go", 1)), "repo");
        let one = Services::new(vec![unit("api", "cmd/api", false), unit("pkg", "pkg", true)], "repo");
        assert_eq!(one.of(&Site::new("internal/a.go", 1)), "api");
        assert_eq!(one.of(&Site::new("pkg/a.go", 1)), "api");
    }
}
